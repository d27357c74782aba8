"""The traffic list: one row for each record, and a row for each of its events below it.

In: a `Window` of the rows and a `View` (`show`). Out: `Chosen`, when the cursor moves to another record. Only visible
rows are drawn. While the list follows, the cursor is on the newest row. Any step away from it makes the list stand
still, and the border then shows how many rows are new. A filter finds the newest rows first: the cursor moves on to the
record that it belongs to as soon as the filter has found it. The partner of the chosen record, such as the answer to a
request, is marked, and Enter goes to it.
"""

from collections.abc import Mapping
from time import monotonic
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message as TextualMessage
from textual.strip import Strip

from sniffer.config.settings import DEFAULTS, Settings
from sniffer.core.protocol.definition import Definition
from sniffer.core.record import Record
from sniffer.tui.panels.panel import set_border_title
from sniffer.tui.state.rows import RowEntry, Window
from sniffer.tui.state.search import Needle, Search
from sniffer.tui.state.view_state import Status, View
from sniffer.tui.traffic import columns
from sniffer.tui.traffic.border_message import BorderMessage
from sniffer.tui.traffic.columns import Column
from sniffer.tui.traffic.growing_list import GrowingListView
from sniffer.tui.traffic.row_renderer import CURSOR, PARTNER, PARTS, RowRenderer
from sniffer.tui.traffic.title import describe_partner, format_title


class TrafficList(GrowingListView, can_focus=True):
    """The list and its cursor."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "partner", "answer", show=False, tooltip="Go to the answer, or back to the request"),
        Binding("d", "screen.open", "open", tooltip="Open the chosen record: its bytes and fields"),
        Binding("enter", "screen.open", "open", show=False, tooltip="Open the record if it has no answer"),
        Binding("k,up", "move(-1)", "up", show=False, tooltip="Move up; the list stands still"),
        Binding("j,down", "move(1)", "down", show=False, tooltip="Move down"),
        Binding("pageup,ctrl+b", "page(-1)", "page up", show=False, tooltip="Move a page up"),
        Binding("pagedown,ctrl+f", "page(1)", "page down", show=False, tooltip="Move a page down"),
        Binding("g,home", "screen.oldest", "oldest", show=False, tooltip="Go to the oldest row"),
        Binding("G,end", "screen.newest", "newest", show=False, tooltip="Show all rows, and follow the newest one"),
        Binding("right", "screen.step(1)", "step", tooltip="File: replay the next record"),
        Binding("left", "screen.step(-1)", "back", show=False, tooltip="File: replay up to the previous record"),
        Binding("equals_sign", "screen.filter_alike", "alike", show=False, tooltip="Filter for records like this one"),
        Binding(
            "y", "screen.copy('content')", "copy", show=False, tooltip="Copy the frame in hex, or the text of the row"
        ),
        Binding("Y", "screen.copy('row')", "copy row", show=False, tooltip="Copy the whole row, as dump prints it"),
        Binding("F", "toggle_follow", "follow", tooltip="Follow the newest row, or stand still"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"traffic--{part}" for part in PARTS}

    class Chosen(TextualMessage):
        """The cursor is on this record now; the record is None if the list is empty."""

        def __init__(self, record: Record | None) -> None:
            super().__init__()
            self.record = record

    def __init__(self, definition: Definition) -> None:
        super().__init__(id="traffic")
        self._renderer = RowRenderer(definition, self._style)
        self._window: Window | None = None
        self._view = View()
        self._status: Status | None = None
        self._columns: tuple[Column, ...] = ()
        self._needed = columns.measure_columns(definition)
        self._cursor = 0
        self._sought: int | None = None
        self._seen = 0
        self._record: Record | None = None
        self._partner: int | None = None
        self._message = BorderMessage()
        self._laid_out_width = 0
        self._settings = DEFAULTS
        self.rows_in_sight = 0

    @property
    def record(self) -> Record | None:
        """The record under the cursor, or None if the list is empty."""
        return self._record

    @property
    def partner(self) -> int | None:
        """The number of the partner of the chosen record, or None if there is none, or none yet."""
        return self._partner

    @property
    def number(self) -> int | None:
        """The number of the record under the cursor, or None if the list is empty."""
        return self._record.number if self._record else None

    @property
    def entry(self) -> RowEntry | None:
        """The row under the cursor, or None if the list is empty."""
        return self._window.at(self._cursor) if self._window else None

    def show(self, window: Window, view: View, status: Status) -> None:
        """Show the session as it is now."""
        before, self._window = self._window, window
        self._view, self._status = view, status
        if before is None or window.selection is not before.selection:
            self._show_new_selection()
        elif (window.first, window.end) != (before.first, before.end):
            self._layout_rows()
            if self.following:
                self._move_cursor(window.end - 1)
            else:
                self.scroll_to_row(self.scroll_offset.y - (window.first - before.first))
                if self._sought is not None and window.first < before.first:
                    self._seek(self._sought)
                else:
                    self._select(self._cursor)
            self.update_scrollbar()
        if self._message.is_outdated(window, monotonic()):
            self.show_message("")
        self._update_title()

    def apply_settings(self, settings: Settings) -> None:
        """Show times and columns as these settings say."""
        self._settings = settings
        self._layout_rows()
        self.refresh()

    def highlight(self, text: str) -> None:
        """Highlight this text in all rows; an empty text highlights nothing."""
        self._renderer.highlight(text)
        self.refresh()

    def set_notes(self, notes: Mapping[int, str]) -> None:
        """Show these notes, by the numbers of their records."""
        self._renderer.set_notes(notes)
        self.refresh()

    def refresh_colours(self) -> None:
        """Draw all rows again in the colours of the current theme."""
        self._renderer.clear_cache()
        self.refresh()

    def go_to(self, number: int) -> None:
        """Put the cursor on a record, or on the oldest row if the number is 0, and stand still."""
        if self._window is not None:
            self.stop_following()
            self._seek(number)

    def go_to_position(self, position: int) -> None:
        """Put the cursor on a row, and stand still."""
        self.stop_following()
        self._move_cursor(position)

    def start_search(self, needle: Needle, notes: Mapping[int, str], step: int, *, from_end: bool = False) -> Search:
        """Return a search through the list as it is now, from the cursor on; with `from_end` from after the last row.

        `step` is 1 to search down and -1 to search up. Raises `ValueError` if nothing was shown yet.
        """
        if self._window is None:
            raise ValueError("there is no list yet")
        return Search(self._window, needle, notes, self._window.end if from_end else self._cursor, step)

    def show_message(self, text: str) -> None:
        """Show a message about the list in the border until another record is chosen or the list has changed.

        Rows that arrive leave it there for some seconds.
        """
        self._message.set(text, self._window, monotonic())
        self._update_title()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Return True unless the action needs a partner and the chosen record has none."""
        return action != "partner" or self._partner is not None

    def action_partner(self) -> None:
        """Go to the partner of the chosen record."""
        if self._partner is not None:
            self.go_to(self._partner)

    def action_move(self, step: int) -> None:
        """Move the cursor by some rows. While the list follows, there is nothing further down."""
        if self.following and step > 0:
            if self._status and self._status.waiting:
                self.show_message(f"{self._status.waiting:,} later records are not shown")
            return
        self.stop_following()
        self._move_cursor(self._cursor + step)

    def action_page(self, direction: int) -> None:
        """Move the cursor by a screenful."""
        self.action_move(direction * max(1, self.size.height - 1))

    def action_toggle_follow(self) -> None:
        """Switch between following the newest row and standing still."""
        self.set_following(not self.following)

    def on_click(self, event: events.Click) -> None:
        """Choose the row under the mouse."""
        at = event.get_content_offset(self)
        if at and self._window is not None:
            position = self._window.first + self.scroll_offset.y + at.y
            if position < self._window.end:
                self.stop_following()
                self._move_cursor(position)

    def on_resize(self) -> None:
        """Choose the columns for the new width."""
        self.rows_in_sight = self.size.height
        self._layout_rows()
        self._show_row(self._cursor)
        self.update_scrollbar()

    def on_focus(self) -> None:
        """Draw the cursor in the style of the focus."""
        self.refresh()

    def on_blur(self) -> None:
        """Draw the cursor in the style without the focus."""
        self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the rows in this region, with columns that fit the current width."""
        if self._laid_out_width != self._row_width:
            self._choose_columns()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Return one visible row; `y` counts from the top of the list's content."""
        window = self._window
        position = 0 if window is None else window.first + round(self.scroll_y) + y
        entry = window.at(position) if window else None
        if window is None or entry is None:
            return Strip.blank(self._laid_out_width, self.visual_style.rich_style)
        gutter, base = "", self.visual_style.rich_style
        if position == self._cursor:
            gutter = CURSOR
            base = self.get_component_rich_style("traffic--cursor" if self.has_focus else "traffic--idle")
        elif entry.record.number == self._partner and entry.event is None:
            gutter, base = PARTNER, self.get_component_rich_style("traffic--partner")
        before = None if entry.record.time is None else window.rows.store.time_before(entry.record.number)
        return self._renderer.draw(position, entry, before, base, gutter=gutter)

    def _style(self, part: str) -> Style:
        """Return the style of a part of the list in the current theme."""
        return self.get_component_rich_style(f"traffic--{part}", partial=True)

    @property
    def _row_width(self) -> int:
        """The width of a row in cells: all but the scroll bar."""
        return self.scrollable_content_region.width

    def _layout_rows(self) -> None:
        """Choose the columns for this width, and set the size of the whole list for the scroll bar."""
        self._choose_columns()
        self.virtual_size = Size(self._row_width, len(self._window) if self._window else 0)

    def _choose_columns(self) -> None:
        """Choose the columns for the current width."""
        self._laid_out_width = self._row_width
        width = max(0, self._row_width - len(CURSOR))
        # The end of a file may be shown long before the file is read up to there.
        last = self._window.number_at(self._window.end - 1) if self._window else None
        kinds = self._window.rows.store.record_kinds if self._window else ()
        has_ocpp = any(kind is not None and kind.kind == "ocpp" for kind in kinds)
        number, wanted = max(self._view.until, last or 0), self._settings.columns
        self._columns = columns.choose_columns(width, number, wanted, self._needed, has_ocpp=has_ocpp)
        self._renderer.set_layout(self._columns, width, self._settings.time_mode, self._view.zone, self._view.began)

    def _show_new_selection(self) -> None:
        """Show rows that a new filter selects; keep the cursor on its record or near it."""
        self._renderer.clear_cache()
        self._layout_rows()
        if self._window is not None:
            self._seen = self._window.end
            number = self.number if self._sought is None else self._sought
            if self.following or number is None:
                self._move_cursor(self._window.end - 1)
            else:
                self._seek(number)
            self.update_scrollbar()

    def _seek(self, number: int) -> None:
        """Put the cursor on a record or near it, and again when a filter has found older rows."""
        if self._window is not None:
            self._sought = number
            self._show_row(self._window.position_of(number))

    def _move_cursor(self, position: int) -> None:
        """Put the cursor on a row, and leave it there."""
        self._sought = None
        self._show_row(position)

    def _show_row(self, position: int) -> None:
        """Put the cursor on a row, and scroll until the row is visible."""
        self._select(position)
        row = self._cursor - (self._window.first if self._window else 0)
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if self.following:
            self.scroll_to_row(self.max_scroll_y)
        elif not top <= row < top + height:
            self.scroll_to_row(row if row < top else row - height + 1)

    def _select(self, position: int) -> None:
        """Put the cursor on a row, and post `Chosen` if its record is another one."""
        if self._window is None:
            return
        self._cursor = self._window.nearest(position)
        self.refresh()
        entry = self._window.at(self._cursor)
        record = entry.record if entry else None
        partner = self._window.rows.store.partner(record.number) if record else None
        self._partner = partner if partner is not None and partner <= self._view.until else None
        if (record.number if record else None) != self.number:
            self._record = record
            if not self.following or not self._message.is_new(monotonic()):
                self.show_message("")
            self.post_message(self.Chosen(record))

    def set_following(self, follow: bool) -> None:
        """Follow with the cursor on the newest row, or stand still and count new rows from now on."""
        end = self._window.end if self._window else 0
        if follow:
            self.following = True
            self._move_cursor(end - 1)
        elif self.following:
            self.following = False
            self._seen = end
        self._update_title()

    def _update_title(self) -> None:
        """Show the status, the message or the partner of the chosen record in the upper border."""
        window, number = self._window, self.number
        partner = ""
        if window and number is not None and self._partner is not None:
            partner = describe_partner(window.rows.store, number, self._partner)
        title = format_title(
            self._status,
            following=self.following,
            new=max(0, window.end - self._seen) if window else 0,
            message=self._message.text,
            partner=partner,
        )
        set_border_title(self, title)
