"""What the panels have in common: lines of text that are replaced as a whole, scrolled by the keys of the list.

Lines come as `Content`, never as markup; what the wire put into them is escaped before.
"""

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

Line = Content | str


def retitle(widget: Widget, title: Content) -> None:
    """Set a border's title where it is another one: setting it draws the widget anew."""
    if widget.border_title != title.markup:
        widget.border_title = title


def pair(label: str, *value: str | tuple[str, str] | Content, width: int = 10) -> Content:
    """A quiet label and its value."""
    return Content.assemble((f"{label:<{width}}", "$quiet"), *value)


class Panel(VerticalScroll, can_focus=True):
    """One region of the screen that shows lines."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k,up", "scroll_up", "up", show=False, tooltip="Scroll up"),
        Binding("j,down", "scroll_down", "down", show=False, tooltip="Scroll down"),
        Binding("g,home", "scroll_home", "top", show=False, tooltip="Scroll to the top"),
        Binding("G,end", "scroll_end", "bottom", show=False, tooltip="Scroll to the bottom"),
    ]

    def __init__(self, name: str) -> None:
        super().__init__(id=name)
        self._body = Static(markup=False)
        self._shown: Content | None = None

    def compose(self) -> ComposeResult:
        """The text."""
        yield self._body

    def write(self, lines: Iterable[Line]) -> None:
        """Show these lines; nothing is drawn where they stand already."""
        content = Content("\n").join(lines)
        if self._shown is None or not self._shown.is_same(content):
            self._shown = content
            self._body.update(content)
