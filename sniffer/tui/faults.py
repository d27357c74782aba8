"""The faults panel: what is wrong now, by meaning and by code, what told of it and what came before; and what is over.

In: a `View`. Out: nothing. A code that nobody sent but that the error table gives is marked "by table".
"""

from datetime import tzinfo

from textual.content import Content

from sniffer import times, wording
from sniffer.charger.events import Fault
from sniffer.charger.faults import FaultHistory
from sniffer.printable import printable
from sniffer.protocol.definition import Definition
from sniffer.tui.panel import Line, Panel
from sniffer.tui.view import View, counted, lasting, since

WITH_AGE = 38
"""From this width on, a fault's line has room for its age too."""


BEFORE_SHOWN = 6
"""How many of the events before a fault are listed."""


class FaultsPanel(Panel):
    """The active faults."""

    def __init__(self, definition: Definition) -> None:
        super().__init__("faults")
        self._definition = definition

    def show(self, view: View) -> None:
        """Take the session as it is now."""
        snapshot = view.snapshot
        faults, past = snapshot.faults, snapshot.past_faults
        if faults:
            self.entitle(f"▲ {counted(len(faults), 'FAULT')}", "bold $background on $error")
        else:
            self.entitle("faults")
        lines: list[Line] = []
        for fault in faults:
            lines += [*([""] if lines else []), *self._fault(fault, view.now, view.zone)]
        lines = lines or [Content.assemble(("✓ ", "$success"), ("no active fault", "$quiet"))]
        if past:
            lines += ["", Content.assemble(("over", "$quiet"))]
            lines += [line for history in reversed(past) for line in self._past(history, view.zone)]
        self.write(lines)

    def _fault(self, fault: Fault, now: int | None, zone: tzinfo | None) -> list[Line]:
        where = "connector not told" if fault.connector is None else f"connector {fault.connector}"
        age = f", {lasting(since(fault.since, now))}" if self.size.width >= WITH_AGE else ""
        times_now = f", {fault.earlier + 1} times so far" if fault.earlier else ""
        return [
            Content.assemble(
                (f"▲ {printable(wording.meaning_text(fault))}", "bold $error"), (f"  {where}{times_now}", "$quiet")
            ),
            *self._codes(fault),
            *(Content.assemble((f"  ≠ {printable(doubt)}", "bold $warning")) for doubt in self._doubts(fault)),
            Content.assemble(
                ("  since ", "$quiet"),
                times.clock(fault.since, zone),
                (f", {counted(fault.reports, 'report')}{age}", "$quiet"),
            ),
            Content.assemble(("  told by ", "$quiet"), ", ".join(wording.where(seen) for seen in fault.evidence)),
            *self._before(fault, zone),
        ]

    def _codes(self, fault: Fault) -> list[Line]:
        codes = [(code, "") for code in wording.codes_text(fault.codes, self._definition).split(", ") if code]
        implied = wording.codes_text(fault.diagnosis.implied, self._definition)
        codes += [(code, "by table") for code in implied.split(", ") if code]
        return [Content.assemble(f"  {code}", (f"  {origin}", "$quiet italic")) for code, origin in codes]

    def _doubts(self, fault: Fault) -> list[str]:
        return wording.doubts_text(fault.diagnosis, self._definition)

    def _before(self, fault: Fault, zone: tzinfo | None) -> list[Line]:
        """What happened in the ten seconds before, the latest first."""
        if not fault.before:
            return []
        shown: list[Line] = [Content.assemble(("  in the ten seconds before", "$quiet"))]
        for told in reversed(fault.before[-BEFORE_SHOWN:]):
            clock = times.clock(told.seen.time, zone)
            text = wording.event_text(told.event, self._definition)
            shown.append(Content.assemble((f"    {clock}  ", "$quiet"), text))
        return shown

    def _past(self, history: FaultHistory, zone: tzinfo | None) -> list[Line]:
        where = "" if history.connector is None else f"  connector {history.connector}"
        total = "" if history.total is None else f", {lasting(history.total)} in all"
        meaning = " or ".join(history.diagnosis.meanings) or "unknown fault"
        codes = wording.codes_text(history.codes, self._definition) or "no code"
        last = "" if history.last is None else f", until {times.clock(history.last, zone)}"
        return [
            Content.assemble(f"▽ {printable(meaning)}", (where, "$quiet")),
            Content.assemble((f"  {codes}", "$quiet")),
            Content.assemble((f"  {counted(history.count, 'time')}{total}{last}", "$quiet")),
        ]
