"""The faults panel: what is wrong now, by meaning and by code; calm where nothing is.

In: a `View`. Out: nothing. A code that nobody sent but that the error table gives is marked "by table".
"""

from datetime import tzinfo

from textual.content import Content

from sniffer import times, wording
from sniffer.charger.events import Fault
from sniffer.protocol.definition import Definition
from sniffer.tui.panel import Line, Panel
from sniffer.tui.view import View, counted, lasting, since

WITH_AGE = 38
"""From this width on, a fault's line has room for its age too."""


class FaultsPanel(Panel):
    """The active faults."""

    def __init__(self, definition: Definition) -> None:
        super().__init__("faults")
        self._definition = definition

    def show(self, view: View) -> None:
        """Take the session as it is now."""
        faults = view.snapshot.faults
        if faults:
            self.entitle(f"▲ {counted(len(faults), 'FAULT')}", "bold $background on $error")
        else:
            self.entitle("faults")
        lines: list[Line] = []
        for fault in faults:
            lines += [*([""] if lines else []), *self._fault(fault, view.now, view.zone)]
        self.write(lines or [Content.assemble(("✓ ", "$success"), ("no active fault", "$quiet"))])

    def _fault(self, fault: Fault, now: int | None, zone: tzinfo | None) -> list[Line]:
        where = "connector not told" if fault.connector is None else f"connector {fault.connector}"
        codes = [(code, "") for code in wording.codes_text(fault.codes, self._definition).split(", ") if code]
        implied = wording.codes_text(fault.diagnosis.implied, self._definition)
        codes += [(code, "by table") for code in implied.split(", ") if code]
        age = f", {lasting(since(fault.since, now))}" if self.size.width >= WITH_AGE else ""
        return [
            Content.assemble((f"▲ {wording.meaning_text(fault)}", "bold $error"), (f"  {where}", "$quiet")),
            *(Content.assemble(f"  {code}", (f"  {origin}", "$quiet italic")) for code, origin in codes),
            Content.assemble(
                ("  since ", "$quiet"),
                times.clock(fault.since, zone),
                (f", {counted(fault.reports, 'report')}{age}", "$quiet"),
            ),
        ]
