"""The help dialog: all keys, by what they are for and by the pane in which they work, and the meaning of the marks.

In: sections of bindings, from which the list of keys is made. Out: nothing. What the user types is searched for in all
lines: only those that contain it stay, with their headings.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.keys import key_to_character

from sniffer.text.marks import MARKS
from sniffer.tui.content import LEAST_WIDTH
from sniffer.tui.detail.record_view import PROVENANCES
from sniffer.tui.screens.modal import Modal

KEY_WIDTH = 16
"""The width in cells of the column of keys."""

LONGEST_SEARCH = 40
"""The most characters that are searched for."""

_NAMES = {
    "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "PgUp", "pagedown": "PgDn", "home": "Home",
    "end": "End", "enter": "Enter", "escape": "Esc", "space": "Space", "tab": "Tab", "slash": "/", "backslash": "\\",
    "plus": "+",
}  # fmt: skip

_CLOSING = ("question_mark", "q")
"""The keys that close the dialog, unless a text is typed already."""

BindingSection = tuple[str, Sequence[BindingType]]
_Pair = tuple[str, str]


class Help(Modal):
    """The dialog with all keys and marks. Printable keys are searched for; Esc first clears the text, then closes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape", "leave", "close", show=False, tooltip="Clear the text that is searched for, or close the help"
        ),
    ]

    def __init__(self, sections: Sequence[BindingSection], provenances: Mapping[str, str] = PROVENANCES) -> None:
        super().__init__("keys")
        self._sections = sections
        self._provenances = provenances
        self._typed = ""

    def on_mount(self) -> None:
        """Say how to search and to leave."""
        self._show_typed()

    def on_key(self, event: events.Key) -> None:
        """Add a printable key to the text that is searched for, and remove its last character with Backspace."""
        if event.key in _CLOSING and not self._typed:
            event.stop()
            self.dismiss()
            return
        if event.key == "backspace":
            typed = self._typed[:-1]
        elif event.is_printable and event.character and (self._typed or event.key != "space"):
            typed = (self._typed + event.character)[:LONGEST_SEARCH]
        else:
            return
        event.stop()
        event.prevent_default()
        self._set_typed(typed)

    def action_leave(self) -> None:
        """Clear the text that is searched for; if there is none, close the dialog."""
        if self._typed:
            self._set_typed("")
        else:
            self.dismiss()

    def lines(self, width: int) -> list[Content]:
        """Return the keys, marks and provenance words that contain the typed text, under their headings."""
        found: list[Content] = []
        for name, pairs in self._list_sections():
            is_heading = self._matches(name)
            selected = [pair for pair in pairs if is_heading or self._matches(" ".join(pair))]
            shown = [line for pair in selected for line in _format_pair(*pair, width)]
            if shown:
                found += [*([Content("")] if found else []), Content.assemble((name, "bold $primary")), *shown]
        return found or [Content.assemble((f"no line here has {self._typed!r}", "$quiet"))]

    def _list_sections(self) -> Iterator[tuple[str, list[_Pair]]]:
        for name, bindings in self._sections:
            yield name, [_describe(binding) for binding in bindings if isinstance(binding, Binding)]
        yield "Marks", [*MARKS.items()]
        yield "How well a fact is known", [*self._provenances.items()]

    def _matches(self, text: str) -> bool:
        return self._typed.casefold() in text.casefold()

    def _set_typed(self, typed: str) -> None:
        self._typed = typed
        self.on_resize()
        self.action_end(-1)
        self._show_typed()

    def _show_typed(self) -> None:
        text = f"search: {self._typed}▏ Esc clears" if self._typed else "type to search  ↑ ↓ PgDn scroll  Esc closes"
        self.show_hint(text)


def _format_pair(left: str, right: str, width: int) -> Iterator[Content]:
    """Yield the lines of a key and its effect in this width in cells. Further lines stand under the effect."""
    head = f"  {left:<{KEY_WIDTH}}"
    for line in Content(right).wrap(max(LEAST_WIDTH, width - len(head))):
        yield Content.assemble((head, "bold"), (line.plain.rstrip(), "$secondary"))
        head = " " * len(head)


def _describe(binding: Binding) -> _Pair:
    """Return the keys of a binding, and their effect."""
    return " ".join(format_key(key) for key in binding.key.split(",")), binding.tooltip or binding.description


def format_key(key: str) -> str:
    """Return a key as it is printed on the keyboard: `Ctrl+S`, `Shift+Tab`, `?`."""
    *held, last = key.split("+")
    return "+".join([*(name.capitalize() for name in held), _NAMES.get(last) or _format_character(last, held)])


def _format_character(key: str, held: list[str]) -> str:
    char = key_to_character(key) or key
    if len(char) > 1:
        return char.capitalize()
    return char.upper() if held else char
