"""The traffic list: one row a record, its events on rows of their own under it.

In: a `Window` of the history (`show`). Out: `Chosen`, when the record under the cursor is another one. Only visible
rows are drawn. While it follows, the cursor is on the newest row; any step away from it makes the list stand still,
and its border then says how many rows are new.
"""

from datetime import tzinfo
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message as TextualMessage
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollTo
from textual.strip import Strip

from sniffer import wording
from sniffer.charger.events import Event
from sniffer.pipeline import Record
from sniffer.protocol.definition import Definition
from sniffer.protocol.logline import TextMessage
from sniffer.protocol.message import Message
from sniffer.tui import columns
from sniffer.tui.columns import Column
from sniffer.tui.fit import fit
from sniffer.tui.history import Window
from sniffer.tui.panel import retitle
from sniffer.tui.view import Status, View, counted

CURSOR = "▌"


class Traffic(ScrollView, can_focus=True):
    """The list and its cursor."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.open", "open", tooltip="Look into the chosen record: its bytes and fields"),
        Binding("k,up", "move(-1)", "up", show=False, tooltip="Move up; the list stands still"),
        Binding("j,down", "move(1)", "down", show=False, tooltip="Move down"),
        Binding("pageup,ctrl+b", "page(-1)", "page up", show=False, tooltip="Move a page up"),
        Binding("pagedown,ctrl+f", "page(1)", "page down", show=False, tooltip="Move a page down"),
        Binding("g,home", "oldest", "oldest", show=False, tooltip="Go to the oldest row"),
        Binding("G,end", "newest", "newest", show=False, tooltip="Go to the newest row and follow again"),
        Binding("F", "toggle_follow", "follow", tooltip="Follow the newest row, or stand still"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"traffic--{part}"
        for part in (
            "number",
            "time",
            "delta",
            "mark",
            "route",
            "sequence",
            "name",
            "summary",
            "noise",
            "log",
            "cursor",
            "idle",
            "alarm",
            "cleared",
            "event",
            "warning",
        )
    }

    class Chosen(TextualMessage):
        """The cursor is on this record now; None where the list is empty."""

        def __init__(self, record: Record | None) -> None:
            super().__init__()
            self.record = record

    def __init__(self, definition: Definition) -> None:
        super().__init__(id="traffic")
        self._definition = definition
        self._window = Window()
        self._zone: tzinfo | None = None
        self._columns: tuple[Column, ...] = ()
        self._cursor = 0
        self._seen = 0
        self._record: Record | None = None
        self._status: Status | None = None
        self.following = True

    def show(self, view: View, status: Status) -> None:
        """Take the session as it is now."""
        window = view.window
        if (window.first, window.end) != (self._window.first, self._window.end) or view.zone != self._zone:
            gone = window.first - self._window.first
            self._window, self._zone = window, view.zone
            self._layout_rows()
            if self.following:
                self._place(window.end - 1)
            else:
                self._scroll(self.scroll_offset.y - gone)
                self._choose(self._cursor)
        self._status = status
        self._title()

    def hold(self) -> None:
        """Stand still: what comes is counted, not shown."""
        self._follow(False)

    def action_move(self, step: int) -> None:
        """Move the cursor by some rows. Following, there is nothing further down."""
        if self.following and step > 0:
            return
        self.hold()
        self._place(self._cursor + step)

    def action_page(self, direction: int) -> None:
        """Move the cursor by a screenful."""
        self.action_move(direction * max(1, self.size.height - 1))

    def action_oldest(self) -> None:
        """Go to the first row that is kept."""
        self.hold()
        self._place(self._window.first)

    def action_newest(self) -> None:
        """Go to the last row and stay on the newest from now on."""
        self._follow(True)

    def action_toggle_follow(self) -> None:
        """Follow, or stand still."""
        self._follow(not self.following)

    def on_click(self, event: events.Click) -> None:
        """Choose the row under the mouse."""
        at = event.get_content_offset(self)
        position = self._window.first + self.scroll_offset.y + (at.y if at else 0)
        if at and self._window.at(position):
            self.hold()
            self._place(position)

    def on_resize(self) -> None:
        """Choose the columns anew."""
        self._layout_rows()
        self._place(self._cursor)

    def on_focus(self) -> None:
        """The cursor is drawn stronger."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor is drawn weaker."""
        self.refresh()

    def on_mouse_scroll_up(self) -> None:
        """The wheel goes up: stand still."""
        self.hold()

    def on_mouse_scroll_down(self) -> None:
        """The wheel goes down: at the end, follow again."""
        self.call_after_refresh(self._follow_at_end)

    def on_scroll_to(self, event: ScrollTo) -> None:
        """The scroll bar is dragged: as the wheel."""
        if event.y is not None:
            self.hold()
            self.call_after_refresh(self._follow_at_end)

    def render_line(self, y: int) -> Strip:
        """One visible row."""
        position = self._window.first + self.scroll_offset.y + y
        entry = self._window.at(position)
        if entry is None:
            return Strip.blank(self._room, self.rich_style)
        is_cursor = position == self._cursor
        parts = self._event_row(entry.event) if entry.event else self._record_row(entry.record, position)
        cursor = "traffic--cursor" if self.has_focus else "traffic--idle"
        base = self.get_component_rich_style(cursor) if is_cursor else self.rich_style
        head = Segment(CURSOR if is_cursor else " ", base + self._style("mark"))
        strip = Strip([head, *(Segment(text, base + style) for text, style in parts)])
        return strip.adjust_cell_length(self._room, base)

    def _record_row(self, record: Record, position: int) -> list[tuple[str, Style]]:
        told = columns.cells(record, self._window.time_before(position), self._zone)
        kind = "" if isinstance(record.item, Message) else "log" if isinstance(record.item, TextMessage) else "noise"
        parts = []
        for column in self._columns:
            is_when = column.name in ("number", "time", "delta")
            style = self._style(column.name if is_when or not kind else kind)
            parts += [(columns.cell(column, told[column.name]), style), (" ", style)]
        return parts[:-1]

    def _event_row(self, event: Event) -> list[tuple[str, Style]]:
        indent = columns.indent(self._columns)
        text = f"{columns.EVENT_MARKS[type(event)]} {wording.event_text(event, self._definition)}"
        return [
            (" " * indent, Style()),
            (fit(text, max(0, self._width - indent)), self._style(columns.loudness(event))),
        ]

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"traffic--{part}", partial=True)

    @property
    def _room(self) -> int:
        """The cells of a row: all but the scroll bar's."""
        return self.scrollable_content_region.width

    @property
    def _width(self) -> int:
        """What the columns share: all but the cursor's cell."""
        return max(0, self._room - len(CURSOR))

    def _layout_rows(self) -> None:
        last = self._window.at(self._window.end - 1)
        self._columns = columns.columns(self._width, last.record.number if last else 0)
        self.virtual_size = Size(self._room, len(self._window))

    def _place(self, position: int) -> None:
        """Put the cursor on a row, and the row on the screen."""
        self._choose(position)
        row = self._cursor - self._window.first
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if self.following:
            self._scroll(self.max_scroll_y)
        elif not top <= row < top + height:
            self._scroll(row if row < top else row - height + 1)

    def _choose(self, position: int) -> None:
        """Put the cursor on a row, and tell whoever wants to know its record."""
        self._cursor = self._window.nearest(position)
        self.refresh()
        entry = self._window.at(self._cursor)
        record = entry.record if entry else None
        if record is not self._record:
            self._record = record
            self.post_message(self.Chosen(record))

    def _scroll(self, y: float) -> None:
        self.scroll_to(y=max(0, min(y, self.max_scroll_y)), animate=False, force=True)

    def _follow_at_end(self) -> None:
        if self.scroll_y >= self.max_scroll_y:
            self._follow(True)

    def _follow(self, follow: bool) -> None:
        if follow:
            self.following = True
            self._place(self._window.end - 1)
        elif self.following:
            self.following = False
            self._seen = self._window.end
        self._title()

    def _title(self) -> None:
        """What the border says of what is not on the screen."""
        status = self._status
        parts: list[tuple[str, str]] = [(" traffic ", "bold")]
        if status and status.paused:
            parts.append((f" PAUSED, {status.waiting:,} new ", "bold reverse"))
        elif self.following:
            parts.append((" following ", "$quiet"))
        else:
            new = self._window.end - self._seen
            parts.append((f" +{new:,} new ", "bold $accent" if new else "$quiet"))
            parts.append(("G follows ", "$quiet"))
        if self._window.first:
            parts.append((f" {counted(self._window.first, 'older row')} left the list ", "$quiet"))
        retitle(self, Content.assemble(*parts))
