"""Find the gaps of a session: spans without records in which something was due, or in which the source was lost.

In: the events of records, and the first record after a silence. Out: a track of gaps. Silence by itself is no gap: a
line may be quiet for half a minute between two reports. It is one if the verdict on the link was that it is silent, or
if a command became overdue in it that would have been received (`sniffer.core.charger.exchanges.periods`). Whether the
whole line was silent follows from the length: a command is overdue 1.5 periods after the silence began, or later.
"""

from collections.abc import Iterable

from sniffer.base.times import SECOND
from sniffer.core.charger.events import Event, Overdue
from sniffer.core.charger.health.link_health import Health, LinkHealthChanged
from sniffer.core.charger.tap_events import SourceLost
from sniffer.history.timeline.tracks import Grid, Track, TrackEntry

SILENT = "silent"
"""The value in the track of gaps while a gap lasts; otherwise the value is empty."""

SHORTEST_LOSS = 5 * SECOND
"""The shortest loss of a source that is a gap, in nanoseconds."""


class SilenceTracker:
    """The gaps of one session. `is_waiting` is true while a gap may end with the next record that has an item."""

    def __init__(self) -> None:
        self.gaps: Track[str] = Track()
        self._is_silent = False
        self._lost_at: int | None = None

    @property
    def is_waiting(self) -> bool:
        """True while the line is silent or a source is lost."""
        return self._is_silent or self._lost_at is not None

    def add_events(self, events: Iterable[Event], before: int, moment: int, number: int, grid: Grid) -> None:
        """Add the events of a record at this moment; `before` is the moment of the record before it."""
        for event in events:
            if isinstance(event, SourceLost) and self._lost_at is None:
                self._lost_at = moment
            elif not self._is_silent and _shows_silence(event, moment - before):
                self.gaps.add(TrackEntry(before, number, SILENT), grid)
                self._is_silent = True

    def end(self, moment: int, number: int, grid: Grid) -> None:
        """End the gap, if there is one, with a record that has an item."""
        if self._lost_at is not None and not self._is_silent and moment - self._lost_at >= SHORTEST_LOSS:
            self.gaps.add(TrackEntry(self._lost_at, number, SILENT), grid)
            self._is_silent = True
        if self._is_silent:
            self.gaps.add(TrackEntry(moment, number, ""), grid)
        self._is_silent, self._lost_at = False, None


def _shows_silence(event: Event, quiet: int) -> bool:
    """Return True if an event shows that the line was silent for the time since the last record."""
    if isinstance(event, LinkHealthChanged):
        return event.link.health is Health.SILENT
    return isinstance(event, Overdue) and 2 * quiet >= 3 * event.period
