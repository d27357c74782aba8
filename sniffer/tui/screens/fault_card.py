"""The card of a fault: what it is, what its codes say, and for each row of the error table that it can mean what
`explain` prints: every code, what it is confused with, and what to measure.

In: a fault, active or over, by its codes and their diagnosis. Out: nothing; the keys of the help close it.
"""

from textual.content import Content

from sniffer.base.sanitize import printable
from sniffer.core.charger.fault_codes import Diagnosis, FaultCodes
from sniffer.core.protocol.definition import Definition
from sniffer.text import describe
from sniffer.text.fault_card import build_fault_card, format_card, wrap_lines
from sniffer.tui.screens.modal import Modal

NOT_KNOWN = "No row of the error table has these codes: what this fault means is not known."


class FaultCardScreen(Modal):
    """One fault; of more than one row where its codes do not tell them apart."""

    def __init__(self, where: str, codes: FaultCodes, diagnosis: Diagnosis, definition: Definition) -> None:
        super().__init__(printable(f"{' or '.join(diagnosis.meanings) or describe.UNKNOWN_FAULT}, {where}"))
        self._codes = codes
        self._diagnosis = diagnosis
        self._definition = definition

    def lines(self, width: int) -> list[Content]:
        """The codes that were seen, then a card for each row."""
        told = [*self._seen(width)]
        for row in self._diagnosis.rows:
            title, *card = format_card(build_fault_card(row, self._definition), width)
            told += [Content(""), Content.assemble((title, "bold $primary")), *(_told(line) for line in card)]
        if not self._diagnosis.rows:
            told += [
                Content(""),
                *(Content.assemble((line, "$warning")) for line in wrap_lines(NOT_KNOWN, width=width)),
            ]
        return told

    def _seen(self, width: int) -> list[Content]:
        """What told of the fault, and what does not fit."""
        seen = describe.codes_text(self._codes, self._definition) or "no code"
        found = [Content(line) for line in wrap_lines(f"seen here: {seen}", width=width)]
        if implied := describe.codes_text(self._diagnosis.implied, self._definition):
            by_table = wrap_lines(f"by the error table: {implied}", width=width)
            found += [Content.assemble((line, "$quiet")) for line in by_table]
        for doubt in describe.doubts_text(self._diagnosis, self._definition):
            found += [Content.assemble((line, "bold $warning")) for line in wrap_lines(f"≠ {doubt}", width=width)]
        if len(self._diagnosis.rows) > 1 and self._diagnosis.agree is not False:
            several = f"These codes are those of {len(self._diagnosis.rows)} rows: it can be any of them."
            found += [Content.assemble((line, "$warning")) for line in wrap_lines(several, width=width)]
        return found


def _told(line: str) -> Content:
    """A line of a card: those with further indent explain the one before them."""
    return Content.assemble((line, "$secondary" if line.startswith("    ") else ""))
