"""The two lines on top: what is read and how it goes; and the charger at a glance, at every size of the screen.

In: a `View` and a `Status`. Out: nothing. The second line gives way from its middle: the fault's text is cut before
the ledger is.
"""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from sniffer.base.phrasing import format_count
from sniffer.base.sanitize import printable
from sniffer.core.charger.boots import Boots
from sniffer.core.charger.connector import Connector
from sniffer.core.charger.consistency_rules import STATION
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.protocol.definition import Definition
from sniffer.text import describe
from sniffer.tui.content import fit
from sniffer.tui.state.view_state import SourceState, Status, View, elapsed_since, format_elapsed

_STATE_STYLES = {
    SourceState.LIVE: "bold $success",
    SourceState.REPLAY: "bold $primary",
    SourceState.ENDED: "bold $secondary",
    SourceState.AWAY: "bold reverse $warning",
    SourceState.LOST: "bold reverse $error",
}
_BAR = (" │ ", "$rule")
_SHORTEST_NAME = 8
"""Cells that the source's name has at least; where there is little room, what is told after it gives way."""

_NAMES_FROM = 110
"""From this width on, the header names the file that is recorded to."""

_WORDS_FROM = 100
"""From this width on, the glance line writes "connector"; with less, it saves the room for the fault."""


class _Bar(Static):
    """One line that is drawn where it changed only."""

    def __init__(self, name: str) -> None:
        super().__init__(id=name, markup=False)
        self._shown: Content | None = None

    def write(self, content: Content) -> None:
        if self._shown is None or not self._shown.is_same(content):
            self._shown = content
            self.update(content, layout=False)


def _baud(rates: Sequence[int | None]) -> str:
    """The rate of the line; two taps may have two."""
    return " + ".join(str(rate or "?") for rate in dict.fromkeys(rates)) + " baud"


class Header(_Bar):
    """The source and the reading of it."""

    def show(self, view: View, status: Status) -> None:
        """Take the session as it is now."""
        state = [(status.state.value, _STATE_STYLES[status.state])]
        if status.paused:
            state.append((f"  ‖ PAUSED +{status.waiting:,} new ", "bold reverse $accent"))
        recording = status.recording
        if recording and not recording.failure:
            name = f"{printable(recording.path.name)} " if recording.path and self.size.width >= _NAMES_FROM else ""
            state.append((f"  ● REC {name}{_size(recording.size)}", "$success"))
        facts = [_baud(status.rates)] if any(status.rates) else []
        facts.append(format_count(status.records, "record"))
        elapsed = elapsed_since(view.began, view.now)
        if elapsed is not None:
            facts.append(format_elapsed(elapsed))
        if status.progress:
            share = "" if status.share is None else f" {status.share:.0%}"
            facts.append(f"reading{share}" if status.progress.is_reading else "all read")
        left = Content.assemble(*state)
        space = self.size.width - left.cell_length - 4
        while facts[1:] and space - cell_len("  ".join(facts)) < _SHORTEST_NAME:
            del facts[0]
        right = Content.assemble(("  ".join(facts), "$quiet"))
        room = max(_SHORTEST_NAME, space - right.cell_length)
        name = printable(status.name)
        self.write(Content.assemble(left, "  ", (fit(name, min(room, cell_len(name))), "bold"), "  ", right))


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.1f} kB"


class ChargerSummary(_Bar):
    """The charger in one line: connector, fault, ledger, boots."""

    def __init__(self, definition: Definition) -> None:
        super().__init__("glance")
        self._definition = definition

    def show(self, view: View, chosen: Connector | None) -> None:
        """Take the charger as it is now, with the connector that the screen is about."""
        snapshot = view.snapshot
        state, ledger = self._connector(chosen), _ledger(snapshot)
        room = self.size.width - state.cell_length - ledger.cell_length - 2 * len(_BAR[0])
        fault = _fault(snapshot, room)
        self.write(Content.assemble(state, _BAR, fault, _BAR, ledger))

    def _connector(self, connector: Connector | None) -> Content:
        if connector is None:
            return Content.assemble(("no status report yet", "$quiet"))
        word = "connector " if self.size.width >= _WORDS_FROM else "#"
        name = "station" if connector.number == STATION else f"{word}{connector.number}"
        style = "bold $error" if connector.status == "Faulted" else "bold"
        pilot = ""
        if connector.cp_voltage is not None:
            state = self._definition.pilot_state(connector.cp_voltage)
            pilot = f" {connector.cp_voltage} V{f' {state.state}' if state else ''}"
        return Content.assemble((f"{name} ", "$quiet"), (printable(connector.status), style), pilot)


def _fault(snapshot: Snapshot, room: int) -> Content:
    faults = snapshot.faults
    if not faults:
        return Content.assemble(("no fault", "$quiet"))
    first = faults[0]
    more = f" +{len(faults) - 1}" if len(faults) > 1 else ""
    m4 = first.codes.m4 if first.codes.m4 is not None else first.diagnosis.implied.m4
    text = f"▲ {describe.meaning_text(first)}{'' if m4 is None else f' (M4 {m4})'}"
    size = max(3, min(cell_len(text), room - len(more)))
    return Content.assemble((fit(text, size) + more, "bold $error"))


def _ledger(snapshot: Snapshot) -> Content:
    ledger = snapshot.ledger
    noise = sum(ledger.noise_bytes.values())
    waiting = f" + {ledger.waiting:,} waiting" if ledger.waiting else ""
    style = "$warning" if noise else "$quiet"
    parts: list[str | tuple[str, str]] = [
        f"{ledger.read:,} = {ledger.frame_bytes:,}",
        (f" + {noise:,} noise", style),
        waiting,
    ]
    if snapshot.boots.count:
        parts += [_BAR, _boots(snapshot.boots)]
    return Content.assemble(*parts)


def _boots(boots: Boots) -> tuple[str, str]:
    if boots.loop:
        return f"∞ {format_count(boots.count, 'boot')}", "bold $background on $error"
    return format_count(boots.count, "boot"), "$warning" if boots.pending else "$quiet"
