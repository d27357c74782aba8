"""The two lines at the top: the source and the progress of reading, and a summary of the charger.

In: a `View` and a `Status`. Out: nothing. Both lines are shown at every size of the screen. If the second one is too
long, the text of the fault is cut, so that the byte ledger stays complete.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from sniffer.base.phrasing import format_count
from sniffer.base.sanitize import printable
from sniffer.base.times import format_seconds
from sniffer.core.charger.connector import Connector
from sniffer.core.charger.consistency_rules import STATION
from sniffer.core.charger.health.freshness import find_fault_age, find_stale_age
from sniffer.core.charger.health.link_health import Health, count_recent_noise
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.protocol.definition import Definition
from sniffer.text import describe
from sniffer.text.link_health import format_health
from sniffer.text.ranks import Rank, rank_of_health, rank_of_status
from sniffer.text.registration_text import format_waiting
from sniffer.tui.content import fit, fit_path
from sniffer.tui.state.view_state import SourceState, Status, View, elapsed_since
from sniffer.tui.theme import RANK_STYLES, filled_style

_MARKS: Mapping[Health, str] = {
    Health.ALIVE: "●",
    Health.ONE_SIDE: "◐",
    Health.SILENT: "◌",
    Health.NOISE_ONLY: "≈",
    Health.WRONG_RATE: "≟",
    Health.NOTHING_HEARD: "○",
    Health.LOST: "✕",
}
"""The mark before each verdict on the link."""

_SEPARATOR = (" │ ", "$rule")
_MIN_NAME_WIDTH = 8
"""The least width in cells of the source's name. Where there is little room, facts after it are left out instead."""

_FILE_NAME_WIDTH = 110
"""The least width at which the header names the file that is recorded to."""

_CONNECTOR_WORD_WIDTH = 100
"""The least width at which the summary writes "connector"; a narrower one leaves the room to the fault."""

_FAULT_WIDTH = 24
"""The width of the text of a fault for which the byte ledger is shortened."""

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
        state = [_format_state(status, view.now)]
        if status.paused:
            state.append((f"  ‖ PAUSED +{status.waiting:,} new ", "bold reverse $accent"))
        recording = status.recording
        if recording and not recording.failure:
            name = (
                f"{printable(recording.path.name)} " if recording.path and self.size.width >= _FILE_NAME_WIDTH else ""
            )
            state.append((f"  ● REC {name}{_format_size(recording.size)}", "$good"))
        if publishing := status.publishing:
            state.append(("  ↑ not published", "$warning") if publishing.failure else ("  ↑ PUB", "$quiet"))
        facts = [_format_rates(status.rates)] if any(status.rates) else []
        facts.append(format_count(status.records, "record"))
        elapsed = elapsed_since(view.began, view.now)
        if elapsed is not None:
            facts.append(format_seconds(elapsed))
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
        self.write(Content.assemble(left, "  ", (fit_path(name, room).rstrip(), "bold"), "  ", right))


def _format_state(status: Status, now: int | None) -> tuple[str, str]:
    """Return the verdict on the link with its style; where the session is not live, after the state of the source."""
    health = status.health
    words = format_health(health, now)
    rank = rank_of_health(health.health)
    if status.state in (SourceState.LIVE, SourceState.AWAY):
        return f"{_MARKS[health.health]} {words}", RANK_STYLES[rank]
    if status.state is SourceState.LOST:
        return status.state.value, filled_style(Rank.WARNING)
    return f"{status.state.value} {words}", RANK_STYLES[Rank.STATE if rank is Rank.GOOD else rank]


def _format_size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.1f} kB"


class ChargerSummary(_TextBar):
    """The line with the summary of the charger: connector, fault, byte ledger, registration."""

    def __init__(self, definition: Definition) -> None:
        super().__init__("glance")
        self._definition = definition

    def show(self, view: View, chosen: Connector | None) -> None:
        """Show the charger and the chosen connector; `chosen` is None before the first status report."""
        state, registration = self._format_connector(view, chosen), self._format_registration(view)
        behinds = [[_SEPARATOR, registration]] if registration else [[]]
        if registration and registration[1] == "$quiet":
            # That all is well with the registration gives way to faults.
            behinds.append([])
        faults = list_fault_texts(view.snapshot, find_fault_age(view.snapshot, self._definition, view.now))
        for behind, ledger in product(behinds, _list_ledger_texts(view)):
            others = state.cell_length + Content.assemble(*ledger, *behind).cell_length
            room = self.size.width - others - 2 * len(_SEPARATOR[0])
            if room >= min(_FAULT_WIDTH, *map(cell_len, faults)):
                break
        fault = next((text for text in faults if cell_len(text) <= room), faults[-1])
        rank = Rank.WARNING if view.snapshot.measurements.implausible else Rank.QUIET
        style = RANK_STYLES[Rank.FAULT if view.snapshot.faults else rank]
        shown = fit(fault, max(3, min(cell_len(fault), room)))
        self.write(Content.assemble(state, _SEPARATOR, (shown, style), _SEPARATOR, *ledger, *behind))

    def _find_age(self, view: View, connector: Connector | None) -> int | None:
        """Return the age of the last report of a connector if it is too old; None if it is fresh or unknown."""
        last = connector.last if connector else None
        return find_stale_age(last, ("status",), view.snapshot, self._definition, view.now)

    def _format_connector(self, view: View, connector: Connector | None) -> Content:
        """Return the status and the control pilot; dimmed and with its age if the report is too old."""
        if connector is None:
            return Content.assemble(("state unknown", "$quiet"))
        word = "connector " if self.size.width >= _CONNECTOR_WORD_WIDTH else "C"
        name = "station" if connector.number == STATION else f"{word}{connector.number}"
        pilot = ""
        if connector.cp_voltage is not None:
            state = self._definition.pilot_state(connector.cp_voltage)
            pilot = f" {connector.cp_voltage} V{f' {state.state}' if state else ''}"
        age = self._find_age(view, connector)
        if age is not None:
            text = f"{name} {printable(connector.status)}{pilot} ({format_seconds(age)} ago)"
            return Content.assemble((text, RANK_STYLES[Rank.QUIET]))
        style = RANK_STYLES[rank_of_status(connector.status)]
        return Content.assemble((f"{name} ", "$quiet"), (printable(connector.status), f"bold {style}"), pilot)

    def _format_registration(self, view: View) -> tuple[str, str] | None:
        """Return a boot loop if there is one, or else the state of the registration; None if it is not known."""
        registration, restarts = view.snapshot.registration, view.snapshot.restarts
        if loop := next((part.loop for part in restarts if part.loop), None):
            return f"∞ {format_count(loop.boots, 'restart')}", filled_style(Rank.FAULT)
        if registration.state == "pending":
            word = "registration pending" if self.size.width >= _REGISTRATION_WORD_WIDTH else "pending"
            waited = format_waiting(registration, view.now) if self.size.width >= _CONNECTOR_WORD_WIDTH else ""
            return word + waited, "bold $warning"
        if restarts:
            return format_count(sum(part.count for part in restarts), "restart"), "$warning"
        return ("registered", "$quiet") if registration.state else None


def _list_ledger_texts(view: View) -> Iterator[list[tuple[str, str]]]:
    """Yield the byte ledger in words, the longest form first; all of them add up and have units."""
    ledger = view.snapshot.ledger
    noise = sum(ledger.noise_bytes.values())
    recent = count_recent_noise(view.snapshot.link, view.now) if noise else 0
    style = RANK_STYLES[Rank.WARNING] if noise else "$quiet"
    waiting = f" + waiting {ledger.waiting:,}" if ledger.waiting else ""
    lately = f" ({recent:,} in the last minute)" if noise and view.now is not None else ""
    read, frames = f"{ledger.read:,}", f"{ledger.frame_bytes:,}"
    for unit, word, late in (
        (" bytes", "frames ", lately),
        (" bytes", "frames ", ""),
        (" B", "frames ", ""),
        (" B", "", ""),
    ):
        yield [(f"{read}{unit} = {word}{frames}", ""), (f" + noise {noise:,}{late}", style), (waiting, "")]


def list_fault_texts(snapshot: Snapshot, age: int | None) -> list[str]:
    """Return the facts on faults, the longest form first.

    `age` is that of the last status report if it is too old: then nobody knows whether there is a fault now.
    """
    ago = "" if age is None else f", {format_seconds(age)} ago"
    if snapshot.faults:
        first = snapshot.faults[0]
        more = f" +{len(snapshot.faults) - 1}" if len(snapshot.faults) > 1 else ""
        m4 = first.codes.m4 if first.codes.m4 is not None else first.diagnosis.implied.m4
        meaning = f"▲ {printable(describe.format_meaning(first))}"
        code = "" if m4 is None else f" (M4 {m4})"
        return [f"{meaning}{code}{more}{ago}", f"{meaning}{more}{ago}", f"{meaning}{more}"]
    if not snapshot.says_faults:
        return ["faults unknown"]
    earlier, implausible = snapshot.earlier_faults, len(snapshot.measurements.implausible)
    past = f" · {earlier:,} earlier (a)" if earlier else ""
    # A current that flows while nothing charges is no fault of the charger's, and yet no all-clear.
    doubt = f" · {implausible:,} implausible" if implausible else ""
    calm = [describe.describe_no_fault(age), "no fault" if age is None else "faults unknown"]
    return [f"{text}{doubt}{past}" for text in calm]
