"""The detail pane: the bytes of one record, and what each of them means.

In: a record (`show`). Out: nothing. Fields are chosen with the keys, and the bytes of the chosen one are marked; where
a record has no fields, the keys go through its bytes. Bytes, fields and what the chosen field is about share the pane
so that the chosen one is in sight in all three, whatever the pane's height.
"""

from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from sniffer.pipeline import Record
from sniffer.protocol.definition import Definition
from sniffer.tui.fit import fit
from sniffer.tui.hexdump import bytes_a_line, dump
from sniffer.tui.panel import retitle
from sniffer.tui.sheet import NO_MEANING, PROVENANCES, Part, Sheet, sheet

CURSOR = "▌"
LONGEST_NOTE = 3
"""How many lines one note takes at most."""

WIDEST_VALUE = 40
"""How many cells a value takes at most, so that what stands behind it does not drift away from it."""

WITH_BYTES = 87
"""From this width on, a field's own bytes stand beside its value."""

ROOMY = 14
"""From this height on there are blank lines between the parts."""


class Detail(Widget, can_focus=True):
    """One record, taken apart."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k,up", "move(-1)", "field up", show=False, tooltip="Choose the field before: its bytes are marked"),
        Binding("j,down", "move(1)", "field down", show=False, tooltip="Choose the field after"),
        Binding("pageup", "move(-8)", "fields up", show=False, tooltip="Eight fields up"),
        Binding("pagedown", "move(8)", "fields down", show=False, tooltip="Eight fields down"),
        Binding("g,home", "move(-100000)", "first field", show=False, tooltip="Choose the first field"),
        Binding("G,end", "move(100000)", "last field", show=False, tooltip="Choose the last field"),
    ]

    def __init__(self, definition: Definition) -> None:
        super().__init__(id="detail")
        self._definition = definition
        self._record: Record | None = None
        self._sheet = Sheet("")
        self._chosen = 0

    @property
    def chosen(self) -> Part | None:
        """The chosen field."""
        parts = self._sheet.parts
        return parts[min(self._chosen, len(parts) - 1)] if parts else None

    def show(self, record: Record | None) -> None:
        """Take this record; one of the same shape keeps the chosen field."""
        if record is self._record and record is not None:
            return
        before = [part.name for part in self._sheet.parts]
        self._record = record
        self._sheet = Sheet("") if record is None else sheet(record, self._definition)
        if [part.name for part in self._sheet.parts] != before:
            self._chosen = self._first_choice()
        retitle(self, Content.assemble((" detail ", "bold")))
        self.refresh()

    def action_move(self, step: int) -> None:
        """Choose another field, or another line of bytes where there are no fields."""
        self._chosen = max(0, min(self._chosen + step, self._steps() - 1))
        self.refresh()

    def render(self) -> Content:
        """All lines, as many as the pane is high."""
        width, height = self.size
        if self._record is None:
            return Content.assemble(("nothing was read yet", "$quiet"))
        found = self._sheet
        head = [Content.assemble((f"{found.number} ", "$quiet"), (found.name, "bold"), "  ", (found.facts, "$quiet"))]
        for note in found.notes:
            most = max(1, min(LONGEST_NOTE, height // 3 // len(found.notes)))
            head += [line.stylize(note.style) for line in wrapped(note.text, width, most)]
        blank = [Content("")] if height >= ROOMY else []
        about = self._about(width, 2 if height >= ROOMY else 1)
        room = max(0, height - len(head) - len(about) - 2 * len(blank))
        hexes, at = self._hexes(width)
        fields = [self._field(part, width) for part in found.parts]
        for_bytes = min(len(hexes), max(2, room * 2 // 5, room - len(fields)))
        lines = [*head, *blank, *_window(hexes, at, for_bytes)]
        lines += [*(blank if hexes and fields else []), *_window(fields, self._chosen, room - for_bytes), *about]
        return Content("\n").join(lines[: max(1, height)])

    def _first_choice(self) -> int:
        """The first field of the payload: what stands around it is the same in every frame."""
        names = [part.name for part in self._sheet.parts]
        framing = ("head", "sequence", "command", "length", "crc")
        return next((index for index, name in enumerate(names) if name not in framing), 0)

    def _steps(self) -> int:
        count = bytes_a_line(self.size.width, len(self._sheet.raw))
        return len(self._sheet.parts) or max(1, -(-len(self._sheet.raw) // count))

    def _hexes(self, width: int) -> tuple[list[Content], int]:
        """The lines of bytes, and which of them must be in sight."""
        raw, chosen = self._sheet.raw, self.chosen
        count = bytes_a_line(width, len(raw))
        start, end = (chosen.start, chosen.end) if chosen else (0, 0)
        return dump(raw, start, end, count), start // count if chosen else self._chosen

    def _field(self, part: Part, width: int) -> Content:
        is_chosen = part is self.chosen
        names = max(cell_len(other.name) for other in self._sheet.parts)
        name_width = min(names, max(8, width // 3))
        word = part.provenance if width >= 50 else part.provenance.removeprefix("meaning ")
        words = len(NO_MEANING) if width >= 50 else len("documented")
        bytes_text = self._sheet.raw[part.start : part.end].hex(" ").upper()
        for_bytes = min(26, width - 75) if self._sheet.raw and width >= WITH_BYTES else 0
        room = width - 1 - name_width - words - 2 - (for_bytes + 1 if for_bytes else 0)
        value_width = max(1, min(WIDEST_VALUE, room))
        cursor = CURSOR if is_chosen else " "
        line = Content.assemble(
            (cursor, "$accent"),
            (fit(part.name, name_width), "bold" if is_chosen else "$secondary"),
            " ",
            (fit(part.text, value_width), "bold" if is_chosen else ""),
            " ",
            (f"{fit(bytes_text, for_bytes)} " if for_bytes else "", "$quiet"),
            (fit(word, words), _LOUDNESS.get(part.provenance, "$faint")),
        )
        return line.extend_right(max(0, width - line.cell_length)).stylize("on $chosen") if is_chosen else line

    def _about(self, width: int, most: int) -> list[Content]:
        """What the chosen field is about, in a fixed number of lines, so that nothing jumps from field to field."""
        chosen = self.chosen
        if chosen is None or not self._sheet.raw:
            return []
        text = chosen.about or PROVENANCES.get(chosen.provenance, "what it means is not known")
        lines = [line.stylize("italic $quiet") for line in wrapped(text, width, most)]
        return [*lines, *[Content("")] * (most - len(lines))]


_LOUDNESS = {
    "verified": "$success",
    "documented": "$success",
    "inferred": "$quiet",
    "assumed": "$warning",
    "user": "$accent",
}


def wrapped(text: str, width: int, most: int) -> list[Content]:
    """The text in at most so many lines; an ellipsis stands for what does not fit."""
    lines = Content(text).wrap(max(1, width))
    if len(lines) <= most:
        return lines
    rest = " ".join(line.plain.strip() for line in lines[most - 1 :])
    return [*lines[: most - 1], Content(fit(rest, width))]


def _window(lines: list[Content], at: int, height: int) -> list[Content]:
    """As many lines as there is room for, with line `at` among them."""
    top = max(0, min(at - height // 2, len(lines) - height))
    return lines[top : top + max(0, height)]
