"""The dialog with the card of one fault.

In: a fault, active or ended. Out: nothing; the dialog is closed by the same keys as the help, and `o` also goes to the
record that raised the fault. It shows, in this order:

- what does not fit among the codes;
- each row of the error table that these codes can mean: what it is, what was measured at the fault, what is dangerous,
  and what to measure;
- the received codes, all codes of the row, and similar faults.

On a terminal of 80 by 24 it shows the safety line and the first steps without scrolling.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from sniffer.base.sanitize import printable
from sniffer.core.charger.events import Fault
from sniffer.core.charger.faults import FaultHistory
from sniffer.core.protocol.definition import Definition, ErrorRow
from sniffer.text import describe
from sniffer.text.faults.fault_card import DANGER, build_fault_card, format_card, wrap_lines
from sniffer.text.faults.fault_values import format_fault_values
from sniffer.tui.screens.modal import KEYS, Modal

UNKNOWN = "No row of the error table has these codes: what this fault means is not known."

INDENT = 2
"""The indent of a card below its title, which a card without a title does not need."""


class FaultCardScreen(Modal):
    """The card of one fault. It shows several rows of the error table if the codes fit more than one.

    `jump` goes to the record that raised the fault.
    """

    DEFAULT_CSS = """
    FaultCardScreen #sheet { max-height: 100%; padding: 0 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "jump", "its frame", tooltip="Go to the frame that raised the fault"),
    ]
    keys = (*KEYS, ("o", "its frame"))

    def __init__(
        self, where: str, fault: Fault | FaultHistory, definition: Definition, jump: Callable[[], None]
    ) -> None:
        diagnosis = fault.diagnosis
        name = " or ".join(diagnosis.meanings) or describe.UNKNOWN_FAULT
        provenance = f" ({diagnosis.rows[0].provenance})" if len(diagnosis.rows) == 1 else ""
        super().__init__(printable(f"{name}{provenance}, {where}"))
        self._fault = fault
        self._diagnosis = diagnosis
        self._definition = definition
        self._jump = jump

    def lines(self, width: int) -> list[Content]:
        """Return the doubts, then a card for each row; with several rows, the values and codes stand before them."""
        rows = self._diagnosis.rows
        text = list(self._list_doubts(width))
        if len(rows) == 1:
            values = format_fault_values(self._fault, self._definition, width)
            return [*text, *self._draw_only_card(rows[0], width, values)]
        values = format_fault_values(self._fault, self._definition, width)
        text += [Content.assemble((line, "bold")) for line in values]
        text += [Content(line) for codes in self._list_codes() for line in wrap_lines(codes, hanging="  ", width=width)]
        for row in rows:
            title, *card = format_card(build_fault_card(row, self._definition), width)
            text += [Content(""), Content.assemble((title, "bold $primary")), *_style_lines(card)]
        if not rows:
            text += [Content(""), *(Content.assemble((line, "$warning")) for line in wrap_lines(UNKNOWN, width=width))]
        return text

    def action_jump(self) -> None:
        """Close the card, and go to the record that raised the fault."""
        self.dismiss()
        self._jump()

    def _draw_only_card(self, row: ErrorRow, width: int, values: Sequence[str]) -> Iterator[Content]:
        """Yield the card of a row without its title, which the border has, and without its indent."""
        card = build_fault_card(row, self._definition)
        _, *lines = format_card(card, width + INDENT, values, self._list_codes())
        yield from (line[INDENT:] for line in _style_lines(lines, {" " * INDENT + value for value in values}))

    def _list_codes(self) -> list[str]:
        """Return the received codes of the fault, and the codes that the error table adds."""
        received = describe.format_fault_codes(self._fault.codes, self._definition) or "no code"
        implied = describe.format_fault_codes(self._diagnosis.implied, self._definition)
        return [f"seen here: {received}", *([f"by the error table: {implied}"] if implied else [])]

    def _list_doubts(self, width: int) -> Iterator[Content]:
        """Yield contradictions between the codes, and that they fit several rows."""
        for doubt in describe.list_doubts(self._diagnosis, self._definition):
            yield from (Content.assemble((line, "bold $warning")) for line in wrap_lines(f"≠ {doubt}", width=width))
        if len(self._diagnosis.rows) > 1 and self._diagnosis.agree is not False:
            several = f"These codes are those of {len(self._diagnosis.rows)} rows: it can be any of them."
            yield from (Content.assemble((line, "$warning")) for line in wrap_lines(several, width=width))


def _style_lines(lines: Sequence[str], values: Collection[str] = ()) -> Iterator[Content]:
    """Yield the lines of the card in their style. Lines with a deeper indent go on with the line before them.

    `values` are the lines on what was measured.
    """
    is_danger = False
    for line in lines:
        is_deeper = line.startswith("    ")
        is_danger = line.startswith(f"  {DANGER}") or (is_danger and is_deeper)
        style = "bold" if line in values else "bold $fault" if is_danger else "$secondary" if is_deeper else ""
        yield Content.assemble((line, style))
