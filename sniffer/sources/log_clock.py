"""The clock of a text log, which may be set while the log is written.

In: the items of a log. Out: the same items, with a note before each line at which the clock was set: back, or out of
the time before the charger knew the date. Durations across such a line mean nothing. Other jumps forward are pauses,
as nobody knows whether a log lacks lines.
"""

from collections.abc import Iterator, Sequence

from sniffer.base.times import SECOND, format_duration
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Note
from sniffer.sources.source import Item

LEAST_STEP = 60 * SECOND
"""The smallest step back in nanoseconds that is noted. Lines of several processes may be out of order by less."""

KNOWN_FROM = 1_262_304_000 * SECOND
"""The beginning of 2010. A charger whose lines are older than that does not know the date yet."""


class LogClock:
    """The clock of one log."""

    def __init__(self) -> None:
        self._last: int | None = None

    def note_steps(self, items: Sequence[Item]) -> Sequence[Item]:
        """Return the items with a note before each line at which the clock was set."""
        times = [item.time for item in items if isinstance(item, LogLine) and item.time is not None]
        if not times:
            return items
        before = times[0] if self._last is None else self._last
        self._last = times[-1]
        # Most logs are in order: then no line is looked at by itself.
        if before <= times[0] and times == sorted(times) and not before < KNOWN_FROM <= times[-1]:
            return items
        return [*_note_steps(items, before)]


def _note_steps(items: Sequence[Item], before: int) -> Iterator[Item]:
    """Yield the items with their notes. `before` is the time of the line before them."""
    for item in items:
        time = item.time if isinstance(item, LogLine) else None
        if time is not None:
            is_set_back = before - time >= LEAST_STEP
            if is_set_back or before < KNOWN_FROM <= time:
                way = "back" if is_set_back else "forward"
                step = format_duration(abs(time - before))
                yield Note(f"the clock of the log was set {way} by {step}: durations across this line mean nothing")
            before = time
        yield item
