"""The base of the panels: lines of text that are replaced as a whole and scrolled with the keys of the list.

Lines are `Content`, never markup; text from the wire must be escaped before. They are drawn as they are, without a
layout step, so that a panel never shows only half of a change.
"""

from collections.abc import Iterable
from itertools import zip_longest
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from sniffer.tui.content import ContentPart
from sniffer.tui.line_strips import LineStrips

Line = Content | str

TABS = {"connector": "1", "faults": "2", "link": "3", "timeline": "4"}
"""The panels, and the keys that show them."""


def set_border_title(widget: Widget, title: Content) -> None:
    """Set the title of a border if it differs: setting it redraws the widget."""
    if widget.border_title != title.markup:
        widget.border_title = title


def format_pair(label: str, *value: str | tuple[str, str] | Content, width: int = 10) -> Content:
    """Return a quiet label of `width` cells and its value."""
    return Content.assemble((f"{label:<{width}}", "$quiet"), *value)


class Panel(ScrollView, can_focus=True):
    """One region of the screen that shows lines. `shares` is True if it takes turns with other panels in one place."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k,up", "scroll_up", "up", show=False, tooltip="Scroll up"),
        Binding("j,down", "scroll_down", "down", show=False, tooltip="Scroll down"),
        Binding("g,home", "scroll_home", "top", show=False, tooltip="Scroll to the top"),
        Binding("G,end", "scroll_end", "bottom", show=False, tooltip="Scroll to the bottom"),
    ]

    virtual_size = Reactive(Size(0, 0), repaint=False)

    def __init__(self, name: str) -> None:
        super().__init__(id=name)
        self.shares = False
        self._tabs: dict[str, ContentPart] = {name: (name, "$quiet") for name in TABS}
        self._lines: list[Content] = []
        self._strips = LineStrips(self)

    def set_panel_title(self, title: str, style: str = "bold") -> None:
        """Set the title after the key of the panel; if panels share a place, name the others as well."""
        own = self.id or ""
        others: list[ContentPart] = []
        if self.shares:
            for name, key in TABS.items():
                others += [(f"  {key} ", "$quiet"), self._tabs[name]] if name != own else []
        set_border_title(
            self, Content.assemble((f" {TABS[own]}", "bold $primary"), (f" {title} ", style), *others, " ")
        )

    def set_tab(self, name: str, shown: ContentPart) -> None:
        """Set the name of another panel in the title of this one; it is drawn with the next title."""
        self._tabs[name] = shown

    @property
    def line_count(self) -> int:
        """The number of lines, in sight or not."""
        return len(self._lines)

    def write(self, lines: Iterable[Line]) -> None:
        """Show these lines; only visible lines that differ are redrawn."""
        new = [line if isinstance(line, Content) else Content(line) for line in lines]
        before, self._lines = self._lines, new
        self.virtual_size = Size(self.size.width, len(new))
        top = self.scroll_offset.y
        seen = slice(top, top + self.size.height)
        for at, (line, other) in enumerate(zip_longest(new[seen], before[seen]), top):
            if line is None or other is None or not line.is_same(other):
                self.refresh_line(at)

    def draw(self) -> None:
        """Write the lines again for the current size; the base class has nothing to write."""

    def on_resize(self, _event: events.Resize) -> None:
        """Draw the lines for the new size."""
        self.draw()

    def watch_virtual_size(self, size: Size) -> None:
        """Update the scroll bar; only one that appears or disappears needs a new layout."""
        if not self.size:
            return
        self.scroll_y = min(self.scroll_y, self.max_scroll_y)
        if (size.height > self.size.height) != self.show_vertical_scrollbar:
            self.refresh(layout=True)
        elif self.show_vertical_scrollbar:
            self.vertical_scrollbar.window_virtual_size = size.height

    def render_line(self, y: int) -> Strip:
        """Return one visible line."""
        at = self.scroll_offset.y + y
        width = self.scrollable_content_region.width
        if at >= len(self._lines) or not width:
            return Strip.blank(width, self.rich_style)
        return self.draw_line(self._lines[at], width)

    def draw_line(self, line: Content, width: int) -> Strip:
        """Return a line drawn in this width."""
        return self._strips.draw(line, width)
