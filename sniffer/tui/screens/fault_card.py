"""The dialog with the card of one fault.

In: a fault, active or ended. Out: nothing; the dialog is closed by the same keys as the help. It shows the received
codes, what was measured, and for each row of the error table that these codes can mean the text that `explain` prints:
what is dangerous, what to measure, all codes of the row, and similar faults. On a terminal of 80 by 24 it shows the
safety line and the first step without scrolling.
"""

from collections.abc import Iterator

from textual.content import Content

from sniffer.base.sanitize import printable
from sniffer.core.charger.events import Fault
from sniffer.core.charger.faults import FaultHistory
from sniffer.core.protocol.definition import Definition
from sniffer.text import describe
from sniffer.text.fault_card import DANGER, build_fault_card, format_at_fault, format_card, wrap_lines
from sniffer.tui.screens.modal import Modal

UNKNOWN = "No row of the error table has these codes: what this fault means is not known."


class FaultCardScreen(Modal):
    """The card of one fault. It shows several rows of the error table if the codes fit more than one."""

    DEFAULT_CSS = """
    FaultCardScreen #sheet { max-height: 100%; padding: 0 2; }
    """

    def __init__(self, where: str, fault: Fault | FaultHistory, definition: Definition) -> None:
        diagnosis = fault.diagnosis
        super().__init__(printable(f"{' or '.join(diagnosis.meanings) or describe.UNKNOWN_FAULT}, {where}"))
        self._codes = fault.codes
        self._diagnosis = diagnosis
        self._measured = fault.measured
        self._definition = definition

    def lines(self, width: int) -> list[Content]:
        """Return the received codes, then a card for each row."""
        text = [*self._received_codes(width), *map(Content, format_at_fault(self._measured, width))]
        for row in self._diagnosis.rows:
            title, *card = format_card(build_fault_card(row, self._definition), width)
            text += [Content(""), Content.assemble((title, "bold $primary")), *_style_lines(card)]
        if not self._diagnosis.rows:
            text += [Content(""), *(Content.assemble((line, "$warning")) for line in wrap_lines(UNKNOWN, width=width))]
        return text

    def _received_codes(self, width: int) -> list[Content]:
        """Return the received codes of the fault, the codes of the error table, and contradictions between them."""
        received = describe.codes_text(self._codes, self._definition) or "no code"
        text = [Content(line) for line in wrap_lines(f"seen here: {received}", width=width)]
        if implied := describe.codes_text(self._diagnosis.implied, self._definition):
            by_table = wrap_lines(f"by the error table: {implied}", width=width)
            text += [Content.assemble((line, "$quiet")) for line in by_table]
        for doubt in describe.doubts_text(self._diagnosis, self._definition):
            text += [Content.assemble((line, "bold $warning")) for line in wrap_lines(f"≠ {doubt}", width=width)]
        if len(self._diagnosis.rows) > 1 and self._diagnosis.agree is not False:
            several = f"These codes are those of {len(self._diagnosis.rows)} rows: it can be any of them."
            text += [Content.assemble((line, "$warning")) for line in wrap_lines(several, width=width)]
        return text


def _style_lines(lines: list[str]) -> Iterator[Content]:
    """Yield the lines of the card in their style. Lines with a deeper indent go on with the line before them."""
    is_danger = False
    for line in lines:
        is_deeper = line.startswith("    ")
        is_danger = line.startswith(f"  {DANGER}") or (is_danger and is_deeper)
        yield Content.assemble((line, "bold $fault" if is_danger else "$secondary" if is_deeper else ""))
