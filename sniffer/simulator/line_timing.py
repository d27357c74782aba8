"""The simulated line: what goes over it, and how long that takes.

A `Step` is one piece of traffic without a date: how long the line was silent before it, and its bytes. Both directions
share the line, as they share the tap's wire. Times are integer nanoseconds, so that they add up exactly for ever.

MERGED:
Keep a timeline in step with a clock: the one place where the simulator waits.

Waiting is for a moment, not for a span, so that what the machine does in between adds no drift. Where the whole
program stood still, the simulated charger stood still too: it goes on from there and does not rush after the clock.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from sniffer.base.errors import SourceError
from sniffer.core.wire.framer import BITS_PER_BYTE, NANOSECONDS

MILLISECOND = NANOSECONDS // 1000


@dataclass(frozen=True, slots=True)
class Step:
    """Silence in nanoseconds since the last byte before it, then bytes without a pause between them."""

    silence: int
    data: bytes


def byte_time(baud: int) -> int:
    """How long one byte takes on the line, in nanoseconds, at `baud` bits a second.

    Raises `SourceError` for a rate that no line can have.
    """
    if not 0 < baud <= NANOSECONDS:
        raise SourceError(f"{baud} is no baud rate: give the bits per second of a line, such as 9600 or 115200")
    return BITS_PER_BYTE * NANOSECONDS // baud


STANDSTILL = NANOSECONDS
"""Lateness, in nanoseconds, from which on the program is taken to have stood still."""


class Pacer:
    """The pace of one timeline. `now` gives nanoseconds on the clock that its times are of."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._stood = 0

    async def until(self, time: int) -> int:
        """Sleep until this moment of the timeline; return when it is on the clock.

        Gives the loop a turn even where the moment has passed. The moment is never in the future.
        """
        due = time + self._stood
        await asyncio.sleep(max(0, due - self._now()) / NANOSECONDS)
        late = self._now() - due
        if late > STANDSTILL:
            self._stood += late
        return time + self._stood
