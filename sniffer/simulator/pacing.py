"""Keep a timeline in step with a clock: the one place where the simulator waits.

Waiting is for a moment, not for a span, so that what the machine does in between adds no drift. Where the whole
program stood still, the simulated charger stood still too: it goes on from there and does not rush after the clock.
"""

import asyncio
from collections.abc import Callable

from sniffer.wire.framer import NANOSECONDS

STANDSTILL = NANOSECONDS
"""Lateness, in nanoseconds, from which on the program is taken to have stood still."""


class Pace:
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
