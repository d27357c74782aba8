"""The timeline pane: the whole session on one axis of time, with a cursor that moves the list.

In: the session's timeline and a `View` (`show`), and the record under the cursor of the list (`point`). Out:
`JumpToRecord` when the user moves the cursor of the timeline. The axis covers all of the session that was read, so that
it stands still during a replay. The part behind the moment that is shown stays empty, and the cursor may go there.
"""

from collections import deque
from operator import itemgetter
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType

from sniffer.base import times
from sniffer.base.phrasing import format_count
from sniffer.base.times import SECOND
from sniffer.history.timeline.session_timeline import SessionTimeline
from sniffer.history.timeline.tracks import Track, TrackEntry
from sniffer.tui.messages import JumpToRecord
from sniffer.tui.panels.panel import Panel
from sniffer.tui.state.view_state import View
from sniffer.tui.timeline.lanes import Viewport
from sniffer.tui.timeline.legend import MARK_STYLES
from sniffer.tui.timeline.readout import format_readout
from sniffer.tui.timeline.render import NAME_WIDTH, count_columns, draw_timeline
from sniffer.tui.timeline.scale import Scale, fit_scale, move_scale, zoom_scale

LIVE_SPAN = 60 * SECOND
"""The shortest live axis in nanoseconds: a shorter one would change its scale all the time."""

REDRAW_INTERVAL = SECOND // 4
"""Nanoseconds until a live timeline is redrawn: its columns are far wider than one refresh."""

PENDING_JUMPS_KEPT = 64
"""The largest number of jumps that wait until the list confirms them."""


_place = itemgetter(0, 1)


class TimelinePane(Panel):
    """The pane and its cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", "left", show=False, tooltip="Move the cursor and the list back by a column"),
        Binding("right", "move(1)", "right", show=False, tooltip="Move the cursor and the list on by a column"),
        Binding("left_square_bracket,shift+left", "seek(-1)", "event before", show=False,
                tooltip="Go to the previous event: a fault, a boot, a contradiction"),
        Binding("right_square_bracket,shift+right", "seek(1)", "event after", show=False,
                tooltip="Go to the next event"),
        Binding("g,home", "begin", "begin", show=False, tooltip="Go to the beginning of the session"),
        Binding("G,end", "finish", "end", show=False, tooltip="Go to the end of the session"),
        Binding("plus", "zoom(1)", "zoom in", show=False, key_display="+", tooltip="Show less time, around the cursor"),
        Binding("minus", "zoom(-1)", "zoom out", show=False, key_display="-", tooltip="Show more time"),
        Binding("0", "whole", "whole session", show=False, tooltip="Show the whole session"),
    ]  # fmt: skip

    def __init__(self, timeline: SessionTimeline) -> None:
        super().__init__("timeline")
        self._timeline = timeline
        self._view: View | None = None
        self._until = 0
        self._ends = self._axis_end = 0
        self._drawn: int | None = None
        self._is_stale = False
        self._cursor: TrackEntry[Any] | None = None
        self._zoom: Scale | None = None
        self._sent: deque[int] = deque(maxlen=PENDING_JUMPS_KEPT)

    def show(self, timeline: SessionTimeline, view: View) -> None:
        """Show the session as it was known at the last record of the view."""
        until = view.until
        if view is self._view and until == self._until:
            if self._is_stale:
                self.draw()
            return
        self._timeline, self._view, self._until = timeline, view, until
        self._ends = timeline.moment_of(until) if until < timeline.count else timeline.latest
        self._axis_end = timeline.latest
        if view.rate is not None and timeline.is_timed:
            if view.now is not None and until >= timeline.count:
                self._ends = max(self._ends, view.now)
            self._axis_end = max(self._axis_end, self._ends, timeline.began + LIVE_SPAN)
        if self._is_due(view):
            self.draw()

    def point(self, number: int) -> None:
        """Move the cursor to the record under the cursor of the list.

        If the list only confirms a jump of this pane, the cursor stays.
        """
        if number in self._sent:
            while self._sent.popleft() != number:
                pass
            return
        self._sent.clear()
        self._cursor = TrackEntry(self._timeline.moment_of(number), number, None)
        # A list that follows a live session moves with each refresh, so the next `show` draws this.
        self._is_stale = True
        if self._view is None or self._view.rate is None:
            self.draw()

    def on_show(self, _event: events.Show) -> None:
        """Draw the pane: it is not drawn while it is hidden."""
        self.draw()

    def on_click(self, event: events.Click) -> None:
        """Go to the column under the mouse."""
        at = event.get_content_offset(self)
        column = at.x - NAME_WIDTH if at else -1
        if 0 <= column < self._scale.columns:
            self._go_to_column(column)

    def action_move(self, step: int) -> None:
        """Move the cursor by some columns."""
        self._go_to_column(self._scale.column(self._at) + step)

    def action_seek(self, direction: int) -> None:
        """Go to the nearest event in a column before or after the cursor; noise is not an event."""
        scale, column = self._scale, self._scale.column(self._at)
        tracks = [self._timeline.marks[mark.kind] for mark in MARK_STYLES if mark.kind != "noise"]
        if direction > 0:
            found = [track.after(scale.moment(column + 1), self._until) for track in tracks]
            self._go_to(min((entry for entry in found if entry), default=None, key=_place))
        else:
            found = [track.at(scale.moment(column) - 1, self._until) for track in tracks]
            self._go_to(max((entry for entry in found if entry), default=None, key=_place))

    def action_begin(self) -> None:
        """Go to the first column."""
        self._go_to_column(self._scale.column(self._timeline.began))

    def action_finish(self) -> None:
        """Go to the last column that has a record."""
        self._go_to_column(self._scale.column(self._timeline.latest))

    def action_zoom(self, direction: int) -> None:
        """Show half the time around the cursor, or twice the time if `direction` is -1."""
        scale, grid, cursor = self._scale, self._timeline.series.grid, self._at
        closer = zoom_scale(scale, grid, cursor, scale.step // 2 if direction > 0 else scale.step * 2)
        everything = fit_scale(grid, self._axis_end, scale.columns)
        # Columns are whole buckets, so twice one half can be a little less than the whole.
        self._zoom = closer if 4 * closer.step < 3 * everything.step else None
        self.draw()

    def action_whole(self) -> None:
        """Show the whole session."""
        self._zoom = None
        self.draw()

    @property
    def _at(self) -> int:
        """The moment of the cursor: where the user put it, else the newest moment."""
        # The axis may have restarted since then, at the first record with a time.
        return self._ends if self._cursor is None else max(self._timeline.began, self._cursor.moment)

    @property
    def _scale(self) -> Scale:
        grid, columns = self._timeline.series.grid, count_columns(self.scrollable_content_region.width)
        if self._zoom is None:
            return fit_scale(grid, max(self._axis_end, self._at), columns)
        self._zoom = move_scale(self._zoom, grid, columns, self._at)
        return self._zoom

    def _go_to_column(self, column: int) -> None:
        """Put the cursor on a column: on its first event, if there is one."""
        scale, timeline = self._scale, self._timeline
        first, last = scale.column(timeline.began), scale.column(self._axis_end)
        start = scale.moment(max(first, min(column, last)))
        end = start + scale.step
        tracks: list[Track[Any]] = [*(timeline.marks[mark.kind] for mark in MARK_STYLES), *timeline.statuses.values()]
        happened = (track.between(start, end, self._until) for track in tracks)
        entry = next((entries[0] for entries in happened if entries), None)
        if entry is None:
            (buckets,) = timeline.slice_columns((start, end))
            number = buckets[0].first if buckets else timeline.number_at(start)
            entry = TrackEntry(buckets[0].begins if buckets else start, number, None)
        self._go_to(entry)

    def _go_to(self, entry: TrackEntry[Any] | None) -> None:
        """Put the cursor on a record, and send a message by which the list does the same."""
        if entry is None or not self._timeline.count:
            return
        self._cursor = entry
        self._sent.append(entry.number)
        self.post_message(JumpToRecord(entry.number))
        self.draw()

    def _is_due(self, view: View) -> bool:
        """Return True if it is time to draw what is new."""
        if view.rate is None or view.now is None or self._drawn is None:
            return True
        return not 0 <= view.now - self._drawn < REDRAW_INTERVAL

    def draw(self) -> None:
        """Draw the timeline, unless the pane is hidden."""
        if self._view is None or not self.size or not self.is_on_screen:
            return
        self._drawn, self._is_stale = self._view.now, False
        region, scale = self.scrollable_content_region, self._scale
        number = self._cursor.number if self._cursor else self._until
        viewport = Viewport(scale, self._until, self._ends, self._view.clock, self._at, number)
        words = format_readout(self._timeline, viewport)
        self.write(draw_timeline(self._timeline, viewport, words, region.width, region.height))
        each = times.format_duration(scale.step) if self._timeline.is_timed else format_count(scale.step, "record")
        span = "whole session" if self._zoom is None else "zoomed, 0: whole session"
        self.set_panel_title(f"timeline  {each} a column, {span}")
