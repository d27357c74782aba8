"""The clock of a live source. It never steps, and goes on while the computer is suspended.

It notices a suspension, and that somebody sets the clock of the computer.

In: the clocks of the system, which tests replace. Out: the time (`now`), and items before those of a source (`watch`):
a gap where the computer was suspended, as bytes may have been sent meanwhile that nobody read, and a note where its
clock was set.
"""

import time
from collections.abc import Callable, Iterator
from functools import partial

from sniffer.base.times import SECOND, format_duration
from sniffer.core.wire.items import Note, TapGap, TapRestored
from sniffer.sources.source import Item, Take

Clock = Callable[[], int]
"""Returns nanoseconds."""

# CLOCK_MONOTONIC of Linux stands still while the computer is suspended. Those of other systems go on.
COUNTING: Clock = (
    partial(time.clock_gettime_ns, time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic_ns
)

LEAST = SECOND
"""The shortest suspension, and the smallest step of the clock, that are reported. A clock that follows a time server
differs by less between two items.
"""

CHECK_INTERVAL = SECOND // 10
"""The least time between two checks for changes. A suspension that is reported is longer than this."""

SUSPENDED = "the computer was suspended: what was sent meanwhile is not recorded"
AWAKE = "the computer is awake again"


class SteadyClock:
    """A clock of wall time in nanoseconds that never steps: it is read once, then counted.

    `counting` goes on while the computer is suspended, `running` does not.
    """

    def __init__(
        self, wall: Clock = time.time_ns, counting: Clock = COUNTING, running: Clock = time.monotonic_ns
    ) -> None:
        self._wall = wall
        self._counting = counting
        self._running = running
        self._offset = wall() - counting()
        self._last_offset = self._offset
        self._last_suspension = counting() - running()
        self._next_check = 0

    def now(self) -> int:
        """Return the time in nanoseconds since 1970."""
        return self._offset + self._counting()

    def watch(self, take: Take) -> Take:
        """Return a callback that passes items on to `take`.

        Before them it passes those that say what happened to the computer.
        """

        def take_after_changes(item: Item) -> None:
            if self._counting() >= self._next_check:
                for change in self._find_changes():
                    take(change)
            take(item)

        return take_after_changes

    def _find_changes(self) -> Iterator[Item]:
        """Yield a gap if the computer was suspended since the last call, and a note if its clock was set."""
        counted = self._counting()
        self._next_check = counted + CHECK_INTERVAL
        suspension, offset = counted - self._running(), self._wall() - counted
        slept, step = suspension - self._last_suspension, offset - self._last_offset
        self._last_suspension, self._last_offset = suspension, offset
        if slept >= LEAST:
            yield TapGap(self._offset + counted - slept, SUSPENDED)
            yield TapRestored(self._offset + counted, AWAKE)
        if abs(step) >= LEAST:
            way = "forward" if step > 0 else "back"
            yield Note(
                f"the clock of the computer was set {way} by {format_duration(abs(step))}: times go on as they were"
            )
