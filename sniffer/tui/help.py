"""The help screen: keys by where they work, made from the bindings themselves, and what the marks mean.

In: the classes whose bindings are listed. Out: nothing; any of its keys closes it.
"""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.keys import key_to_character
from textual.screen import ModalScreen
from textual.widgets import Static

from sniffer.tui.columns import MARKS
from sniffer.tui.sheet import PROVENANCES

KEY_WIDTH = 16

_NAMES = {
    "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "PgUp", "pagedown": "PgDn", "home": "Home",
    "end": "End", "enter": "Enter", "escape": "Esc", "space": "Space", "tab": "Tab", "slash": "/", "backslash": "\\",
    "plus": "+",
}  # fmt: skip

Section = tuple[str, Sequence[BindingType]]


class Help(ModalScreen[None]):
    """All keys and marks."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,escape,q,enter", "dismiss", "close", tooltip="Close the help"),
        Binding("k,up", "scroll(-1)", "up", show=False, tooltip="Scroll up"),
        Binding("j,down", "scroll(1)", "down", show=False, tooltip="Scroll down"),
    ]

    def __init__(self, sections: Sequence[Section]) -> None:
        super().__init__()
        self._sections = sections

    def compose(self) -> ComposeResult:
        """One scrolling sheet."""
        with VerticalScroll(id="sheet") as sheet:
            sheet.border_title = " keys "
            yield Static(Content("\n").join(self._lines()), markup=False)

    def action_scroll(self, direction: int) -> None:
        """Scroll by a line."""
        self.query_one("#sheet").scroll_relative(y=direction, animate=False)

    def _lines(self) -> list[Content]:
        lines: list[Content] = []
        for name, bindings in self._sections:
            lines.append(Content.assemble((name, "bold $primary")))
            lines += [_pair(_keys(binding), _tells(binding)) for binding in bindings if isinstance(binding, Binding)]
            lines.append(Content(""))
        lines.append(Content.assemble(("Marks", "bold $primary")))
        lines += [_pair(mark, meaning) for mark, meaning in MARKS.items()]
        lines += [Content(""), Content.assemble(("How well a fact is known", "bold $primary"))]
        return lines + [_pair(word, meaning) for word, meaning in PROVENANCES.items()]


def _pair(left: str, right: str) -> Content:
    return Content.assemble((f"  {left:<{KEY_WIDTH}}", "bold"), (right, "$secondary"))


def _keys(binding: Binding) -> str:
    return " ".join(key_text(key) for key in binding.key.split(","))


def key_text(key: str) -> str:
    """A key as it is printed on the keyboard: `Ctrl+S`, `Shift+Tab`, `?`."""
    *held, last = key.split("+")
    return "+".join([*(name.capitalize() for name in held), _NAMES.get(last) or _character(last, held)])


def _character(key: str, held: list[str]) -> str:
    char = key_to_character(key) or key
    return char.upper() if held else char


def _tells(binding: Binding) -> str:
    return binding.tooltip or binding.description
