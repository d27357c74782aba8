"""The two lines at the top: the source and the progress of reading, and a summary of the charger.

In: a `View` and a `Status`. Out: nothing. Both lines are shown at every size of the screen. If the second one is too
long, the text of the fault is cut, so that the byte ledger stays complete.
"""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from sniffer.base.phrasing import format_count
from sniffer.base.sanitize import printable
from sniffer.core.charger.connector import Connector
from sniffer.core.charger.consistency_rules import STATION
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.protocol.definition import Definition
from sniffer.text import describe
from sniffer.text.registration_text import waiting_text
from sniffer.tui.content import fit
from sniffer.tui.state.view_state import SourceState, Status, View, elapsed_since, format_elapsed

_STATE_STYLES = {
    SourceState.LIVE: "bold $success",
    SourceState.FILE: "bold $primary",
    SourceState.REPLAY: "bold $primary",
    SourceState.ENDED: "bold $secondary",
    SourceState.AWAY: "bold reverse $warning",
    SourceState.LOST: "bold reverse $error",
}
_SEPARATOR = (" │ ", "$rule")
_MIN_NAME_WIDTH = 8
"""The least width in cells of the source's name. Where there is little room, facts after it are left out instead."""

_FILE_NAME_WIDTH = 110
"""The least width at which the header names the file that is recorded to."""

_CONNECTOR_WORD_WIDTH = 100
"""The least width at which the summary writes "connector"; a narrower one leaves the room to the fault."""


_REGISTRATION_WORD_WIDTH = 120
"""The least width at which the summary writes "registration" before "pending"."""


class _TextBar(Static):
    """One line of text that is drawn again only if it changed."""

    def __init__(self, name: str) -> None:
        super().__init__(id=name, markup=False)
        self._shown: Content | None = None

    def write(self, content: Content) -> None:
        if self._shown is None or not self._shown.is_same(content):
            self._shown = content
            self.update(content, layout=False)


def _format_rates(rates: Sequence[int | None]) -> str:
    """Return the baud rates of the taps, each different one once, and "?" for one that is not known."""
    return " + ".join(str(rate or "?") for rate in dict.fromkeys(rates)) + " baud"


class Header(_TextBar):
    """The line with the source and the progress of reading it."""

    def show(self, view: View, status: Status) -> None:
        """Show the state of the session."""
        state = [(status.state.value, _STATE_STYLES[status.state])]
        if status.paused:
            state.append((f"  ‖ PAUSED +{status.waiting:,} new ", "bold reverse $accent"))
        recording = status.recording
        if recording and not recording.failure:
            name = (
                f"{printable(recording.path.name)} " if recording.path and self.size.width >= _FILE_NAME_WIDTH else ""
            )
            state.append((f"  ● REC {name}{_format_size(recording.size)}", "$success"))
        facts = [_format_rates(status.rates)] if any(status.rates) else []
        facts.append(format_count(status.records, "record"))
        elapsed = elapsed_since(view.began, view.now)
        if elapsed is not None:
            facts.append(format_elapsed(elapsed))
        if status.progress:
            share = "" if status.share is None else f" {status.share:.0%}"
            facts.append(f"reading{share}" if status.progress.is_reading else "all read")
        left = Content.assemble(*state)
        space = self.size.width - left.cell_length - 4
        while facts[1:] and space - cell_len("  ".join(facts)) < _MIN_NAME_WIDTH:
            del facts[0]
        right = Content.assemble(("  ".join(facts), "$quiet"))
        room = max(_MIN_NAME_WIDTH, space - right.cell_length)
        name = printable(status.name)
        self.write(Content.assemble(left, "  ", (fit(name, min(room, cell_len(name))), "bold"), "  ", right))


def _format_size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.1f} kB"


class ChargerSummary(_TextBar):
    """The line with the summary of the charger: connector, fault, byte ledger, registration."""

    def __init__(self, definition: Definition) -> None:
        super().__init__("glance")
        self._definition = definition

    def show(self, view: View, chosen: Connector | None) -> None:
        """Show the charger and the chosen connector; `chosen` is None before the first status report."""
        snapshot = view.snapshot
        state, ledger = self._format_connector(chosen), self._format_ledger(view)
        room = self.size.width - state.cell_length - ledger.cell_length - 2 * len(_SEPARATOR[0])
        fault = _format_fault(snapshot, room)
        self.write(Content.assemble(state, _SEPARATOR, fault, _SEPARATOR, ledger))

    def _format_connector(self, connector: Connector | None) -> Content:
        if connector is None:
            return Content.assemble(("no status report yet", "$quiet"))
        word = "connector " if self.size.width >= _CONNECTOR_WORD_WIDTH else "#"
        name = "station" if connector.number == STATION else f"{word}{connector.number}"
        style = "bold $error" if connector.status == "Faulted" else "bold"
        pilot = ""
        if connector.cp_voltage is not None:
            state = self._definition.pilot_state(connector.cp_voltage)
            pilot = f" {connector.cp_voltage} V{f' {state.state}' if state else ''}"
        return Content.assemble((f"{name} ", "$quiet"), (printable(connector.status), style), pilot)

    def _format_ledger(self, view: View) -> Content:
        """Return the byte ledger, then the registration and the boot loops."""
        ledger = view.snapshot.ledger
        noise = sum(ledger.noise_bytes.values())
        waiting = f" + {ledger.waiting:,} waiting" if ledger.waiting else ""
        style = "$warning" if noise else "$quiet"
        parts: list[str | tuple[str, str]] = [
            f"{ledger.read:,} = {ledger.frame_bytes:,}",
            (f" + {noise:,} noise", style),
            waiting,
        ]
        if registration := self._format_registration(view):
            parts += [_SEPARATOR, registration]
        return Content.assemble(*parts)

    def _format_registration(self, view: View) -> tuple[str, str] | None:
        """Return a boot loop if there is one, or else the state of the registration; None if it is not known."""
        registration, restarts = view.snapshot.registration, view.snapshot.restarts
        if loop := next((part.loop for part in restarts if part.loop), None):
            return f"∞ {format_count(loop.boots, 'restart')}", "bold $background on $error"
        if registration.state == "pending":
            word = "registration pending" if self.size.width >= _REGISTRATION_WORD_WIDTH else "pending"
            waited = waiting_text(registration, view.now) if self.size.width >= _CONNECTOR_WORD_WIDTH else ""
            return word + waited, "bold $warning"
        if restarts:
            return format_count(sum(part.count for part in restarts), "restart"), "$warning"
        return ("registered", "$quiet") if registration.state else None


def _format_fault(snapshot: Snapshot, room: int) -> Content:
    faults = snapshot.faults
    if not faults:
        return Content.assemble(("no fault" if snapshot.connectors else "faults unknown", "$quiet"))
    first = faults[0]
    more = f" +{len(faults) - 1}" if len(faults) > 1 else ""
    m4 = first.codes.m4 if first.codes.m4 is not None else first.diagnosis.implied.m4
    text = f"▲ {describe.meaning_text(first)}{'' if m4 is None else f' (M4 {m4})'}"
    size = max(3, min(cell_len(text), room - len(more)))
    return Content.assemble((fit(text, size) + more, "bold $error"))
