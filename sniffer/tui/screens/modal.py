"""The base of dialogs that show a scrolling text: the help and the fault cards.

In: a title, and the lines for a width (`lines`), which a subclass implements. Out: nothing. The keys that scroll are
those of the traffic list; several keys close the dialog.
"""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from sniffer.tui.bars.key_bar import KEY, TEXT

MAX_WIDTH = 80
"""The greatest width of the text in cells."""

MARGIN = 7
"""The cells beside the text: the border, the padding and the scroll bar."""


KEYS = (("↑↓", "scroll"), ("Esc", "close"))
"""The keys that every dialog names in its lower border, each with what it does."""


class Modal(ModalScreen[None]):
    """A dialog with a scrolling text. `keys` are named in its lower border."""

    keys: ClassVar[Sequence[tuple[str, str]]] = KEYS

    DEFAULT_CSS = """
    Modal { align: center middle; background: $background 70%; }
    Modal #sheet { width: 87; max-width: 100%; height: auto; max-height: 95%; padding: 1 2; background: $panel;
        border: round $primary; border-title-color: $primary; scrollbar-size: 1 1; scrollbar-gutter: stable; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "dismiss", "close", tooltip="Close"),
        Binding("k,up", "scroll(-1)", "up", show=False, tooltip="Scroll up"),
        Binding("j,down", "scroll(1)", "down", show=False, tooltip="Scroll down"),
        Binding("pageup", "page(-1)", "page up", show=False, tooltip="Scroll a page up"),
        Binding("pagedown,space", "page(1)", "page down", show=False, tooltip="Scroll a page down"),
        Binding("g,home", "end(-1)", "top", show=False, tooltip="Go to the top"),
        Binding("G,end", "end(1)", "bottom", show=False, tooltip="Go to the bottom"),
    ]

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title_text = title

    def compose(self) -> ComposeResult:
        """Return the scrolling container; its text is set when the width is known."""
        with VerticalScroll(id="sheet") as sheet:
            sheet.border_title = Content(f" {self._title_text} ")
            sheet.border_subtitle = Content.assemble(
                *(part for key, does in self.keys for part in ((f" {key}", KEY), (f" {does} ", TEXT)))
            )
            yield Static(markup=False)

    def lines(self, width: int) -> Sequence[Content]:
        """Return the text in lines of at most this width in cells, safe to show. Each dialog implements this."""
        raise NotImplementedError

    def on_resize(self) -> None:
        """Set the text for the current width."""
        width = max(1, min(MAX_WIDTH, self.app.size.width - MARGIN))
        self.query_one(Static).update(Content("\n").join(self.lines(width)))

    def show_hint(self, text: str) -> None:
        """Show which keys help in the lower border."""
        self._sheet.border_subtitle = Content(f" {text} ")

    def action_scroll(self, direction: int) -> None:
        """Scroll by one line, up if `direction` is -1."""
        self._sheet.scroll_relative(y=direction, animate=False)

    def action_page(self, direction: int) -> None:
        """Scroll by the visible height less one line, up if `direction` is -1."""
        self._sheet.scroll_relative(y=direction * max(1, self._sheet.size.height - 1), animate=False)

    def action_end(self, direction: int) -> None:
        """Scroll to the last line, or to the first if `direction` is -1."""
        self._sheet.scroll_to(y=0 if direction < 0 else self._sheet.max_scroll_y, animate=False)

    @property
    def _sheet(self) -> VerticalScroll:
        """The widget that scrolls the text."""
        return self.query_one("#sheet", VerticalScroll)
