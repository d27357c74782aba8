"""The timing of the simulated line: how long bytes take, and waiting for the moment of each read.

A `Step` is one piece of traffic without a date: the silence before it, and its bytes. Both directions share the line,
as they share the wire of the tap. Times are integer nanoseconds, so that they add up exactly, however long it runs.

`Pacer` is the only place where the simulator waits. It waits for a moment and not for a span, so the work in between
adds no drift. If the whole program stood still, the simulated charger stood still too: it continues from there and does
not send faster to catch up with the clock.
"""

import asyncio
from collections.abc import Callable

from msgspec import Struct

from sniffer.base.errors import SourceError
from sniffer.base.times import SECOND
from sniffer.core.wire.framer import BITS_PER_BYTE

STANDSTILL = SECOND
"""Nanoseconds of lateness above which the program is assumed to have stood still."""


class Step(Struct, frozen=True):
    """Silence in nanoseconds since the byte before, then bytes without a pause between them."""

    silence: int
    data: bytes


def byte_time(baud: int) -> int:
    """Return the time of one byte on the line in nanoseconds, at `baud` bits per second.

    Raises `SourceError` for a rate that no line can have.
    """
    if not 0 < baud <= SECOND:
        raise SourceError(f"{baud} is no baud rate: give the bits per second of a line, such as 9600 or 115200")
    return BITS_PER_BYTE * SECOND // baud


class Pacer:
    """The pace of one sequence of times. `now` returns the nanoseconds of the clock to which the times belong."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._standstill = 0

    async def until(self, time: int) -> int:
        """Sleep until this time, and return it on the clock: later by all standstills so far, never in the future.

        The loop gets a turn even if the time has passed.
        """
        due = time + self._standstill
        await asyncio.sleep(max(0, due - self._now()) / SECOND)
        late = self._now() - due
        if late > STANDSTILL:
            self._standstill += late
        return time + self._standstill
