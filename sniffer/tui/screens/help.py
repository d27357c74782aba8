"""The help screen: keys by where they work, made from the bindings themselves, and what the marks mean.

In: the classes whose bindings are listed. Out: nothing; any of its keys closes it.
"""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.keys import key_to_character

from sniffer.tui.detail.record_view import PROVENANCES
from sniffer.tui.screens.modal import Modal
from sniffer.tui.traffic.columns import MARKS

KEY_WIDTH = 16

_NAMES = {
    "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "PgUp", "pagedown": "PgDn", "home": "Home",
    "end": "End", "enter": "Enter", "escape": "Esc", "space": "Space", "tab": "Tab", "slash": "/", "backslash": "\\",
    "plus": "+",
}  # fmt: skip

BindingSection = tuple[str, Sequence[BindingType]]


class Help(Modal):
    """All keys and marks."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "dismiss", "close", show=False, tooltip="Close the help"),
    ]

    def __init__(self, sections: Sequence[BindingSection]) -> None:
        super().__init__("keys")
        self._sections = sections

    def lines(self, _width: int) -> list[Content]:
        """All keys, then the marks and the words; what is too long for the width is wrapped."""
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
    return " ".join(format_key(key) for key in binding.key.split(","))


def format_key(key: str) -> str:
    """A key as it is printed on the keyboard: `Ctrl+S`, `Shift+Tab`, `?`."""
    *held, last = key.split("+")
    return "+".join([*(name.capitalize() for name in held), _NAMES.get(last) or _character(last, held)])


def _character(key: str, held: list[str]) -> str:
    char = key_to_character(key) or key
    return char.upper() if held else char


def _tells(binding: Binding) -> str:
    return binding.tooltip or binding.description
