"""The help dialog: all keys, by the pane in which they work, and the meaning of the marks.

In: sections of bindings, from which the list of keys is made. Out: nothing.
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
"""The width in cells of the column of keys."""

_NAMES = {
    "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "PgUp", "pagedown": "PgDn", "home": "Home",
    "end": "End", "enter": "Enter", "escape": "Esc", "space": "Space", "tab": "Tab", "slash": "/", "backslash": "\\",
    "plus": "+",
}  # fmt: skip

BindingSection = tuple[str, Sequence[BindingType]]


class Help(Modal):
    """The dialog with all keys and marks. The keys of `Modal` and `?` close it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "dismiss", "close", show=False, tooltip="Close the help"),
    ]

    def __init__(self, sections: Sequence[BindingSection]) -> None:
        super().__init__("keys")
        self._sections = sections

    def lines(self, _width: int) -> list[Content]:
        """Return all keys, then the marks and the provenance words; the widget wraps lines that are too long."""
        lines: list[Content] = []
        for name, bindings in self._sections:
            lines.append(Content.assemble((name, "bold $primary")))
            lines += [
                _format_pair(_format_keys(binding), _description_of(binding))
                for binding in bindings
                if isinstance(binding, Binding)
            ]
            lines.append(Content(""))
        lines.append(Content.assemble(("Marks", "bold $primary")))
        lines += [_format_pair(mark, meaning) for mark, meaning in MARKS.items()]
        lines += [Content(""), Content.assemble(("How well a fact is known", "bold $primary"))]
        return lines + [_format_pair(word, meaning) for word, meaning in PROVENANCES.items()]


def _format_pair(left: str, right: str) -> Content:
    return Content.assemble((f"  {left:<{KEY_WIDTH}}", "bold"), (right, "$secondary"))


def _format_keys(binding: Binding) -> str:
    return " ".join(format_key(key) for key in binding.key.split(","))


def format_key(key: str) -> str:
    """Return a key as it is printed on the keyboard: `Ctrl+S`, `Shift+Tab`, `?`."""
    *held, last = key.split("+")
    return "+".join([*(name.capitalize() for name in held), _NAMES.get(last) or _format_character(last, held)])


def _format_character(key: str, held: list[str]) -> str:
    char = key_to_character(key) or key
    return char.upper() if held else char


def _description_of(binding: Binding) -> str:
    return binding.tooltip or binding.description
