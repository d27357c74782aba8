"""The faults panel: the active faults, with their meaning, codes, evidence and the events before, and the past faults.

In: a `View`. Out: `JumpToRecord` for the record that raised the chosen fault; Enter opens the card of the fault. A code
that was not sent but follows from the error table is marked "by table". Active faults stand in the order in which they
were raised, so that a new report moves nothing and the first fault, which may be the cause, is on top.
"""

from collections.abc import Hashable
from functools import partial

from textual.content import Content

from sniffer.base.phrasing import format_count
from sniffer.base.sanitize import printable
from sniffer.base.times import duration_between, format_seconds
from sniffer.core.charger.events import Fault
from sniffer.core.charger.faults import FaultHistory
from sniffer.core.charger.health.freshness import find_fault_age
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.protocol.definition import Definition
from sniffer.text import describe
from sniffer.text.event_text import describe_event
from sniffer.text.faults.fault_values import format_fault_values
from sniffer.text.mended_text import RESTS_ON_MENDED
from sniffer.text.ranks import Rank
from sniffer.tui.content import GAP, ContentPart, flow, wrap_hanging
from sniffer.tui.messages import JumpToRecord
from sniffer.tui.panels.panel import Line
from sniffer.tui.panels.selectable import Block, BlockPanel
from sniffer.tui.screens.fault_card import FaultCardScreen
from sniffer.tui.state.time_formatter import TimeFormatter
from sniffer.tui.state.view_state import View, elapsed_since
from sniffer.tui.theme import RANK_STYLES

BEFORE_SHOWN = 6
"""The number of events before a fault that are listed."""

NO_FAULTS = "faults are not known: no field of this definition tells one"
"""The text in place of faults where the definition says nothing of them."""

ADVICE_KEYS = "2 Enter: what to do"
"""The keys that open the card of a fault, from wherever the focus is."""


class FaultsPanel(BlockPanel):
    """The panel of the faults, active ones first."""

    def __init__(self, definition: Definition) -> None:
        super().__init__("faults")
        self._definition = definition
        self._faults: dict[Hashable, Fault | FaultHistory] = {}
        self._view = View()

    def show(self, view: View) -> None:
        """Show the session as it is now."""
        self._view = view
        self.draw()

    def draw(self) -> None:
        """Write the active faults, then the past ones."""
        view = self._view
        active = sorted(view.snapshot.faults, key=lambda fault: fault.evidence[0].number)
        past = view.snapshot.past_faults[::-1]
        if active:
            self.set_panel_title(f"▲ {format_count(len(active), 'FAULT', 'FAULTS')}", "bold $background on $fault")
        else:
            self.set_panel_title(f"faults · {view.snapshot.earlier_faults:,} earlier (a)" if past else "faults")
        selected = self.block
        faults: list[Fault | FaultHistory] = [*active, *past]
        self._faults = {_find_key(fault): fault for fault in faults}
        if selected and selected.key not in self._faults:
            self._follow_over(selected, past)
        items: list[Line | Block] = []
        for fault in active:
            lines = tuple(self._format_fault(fault, view))
            items += [*([""] if items else []), Block(_find_key(fault), lines, fault.evidence[0].number)]
        items = items or [*self._format_no_fault(view)]
        if past:
            items += ["", Content.assemble(("over", "$quiet"))]
            items += [
                Block(_find_key(over), tuple(self._format_past(over, view.clock)), over.raised.number) for over in past
            ]
        self.write(items)

    def _format_no_fault(self, view: View) -> list[Line]:
        """Return the lines in place of active faults. They are green only while reports come that would show one."""
        snapshot = view.snapshot
        if not self._definition.tells_faults and not snapshot.past_faults:
            return [*wrap_hanging("◌ ", NO_FAULTS, RANK_STYLES[Rank.QUIET], self.room)]
        if not snapshot.says_faults and not snapshot.past_faults:
            return [Content.assemble(("faults unknown: no report yet", "$quiet"))]
        age, past = find_fault_age(snapshot, self._definition, view.now), snapshot.earlier_faults
        calm = describe.describe_no_fault(age) + (f" · {past:,} earlier" if past else "")
        if age is not None or not snapshot.says_faults:
            return [*wrap_hanging("◌ ", calm, RANK_STYLES[Rank.QUIET], self.room)]
        return [Content.assemble(("✓ ", "$good"), (calm, "$quiet"))]

    def open_block(self, block: Block) -> None:
        """Open the card of the fault."""
        if fault := self._faults.get(block.key):
            where = _format_place(fault.connector)
            self.app.push_screen(FaultCardScreen(where, fault, self._definition, partial(self._jump, block.number)))

    def _jump(self, number: int) -> None:
        """Ask for a record."""
        self.post_message(JumpToRecord(number))

    def _follow_over(self, selected: Block, past: tuple[FaultHistory, ...]) -> None:
        """Move the cursor with a fault that has ended to its place among the past ones."""
        for over in past:
            if over.raised.number == selected.number:
                self.choose(_find_key(over))

    def _format_fault(self, fault: Fault, view: View) -> list[Line]:
        room = self.room
        return [
            *self._format_head(fault),
            *flow(self._format_codes(fault), room),
            *(wrap_hanging("≈ ", RESTS_ON_MENDED, "bold $warning", room, "  ") if fault.is_mended else ()),
            *(
                line
                for doubt in describe.list_doubts(fault.diagnosis, self._definition)
                for line in wrap_hanging("≠ ", printable(doubt), "bold $warning", room, "  ")
            ),
            *flow(self._format_course(fault, view), room),
            *(Content(f"  {line}") for line in format_fault_values(fault, self._definition, room - 2)),
            *flow([("reported by", "$quiet"), *(describe.format_place(seen) for seen in fault.evidence)], room),
            *self._format_events_before(fault, view.clock),
        ]

    def _format_head(self, fault: Fault) -> list[Line]:
        """Return the meaning of a fault, its connector, on the same line if both fit, and the keys for advice."""
        meaning = wrap_hanging("▲ ", printable(describe.format_meaning(fault)), "bold $fault", self.room)
        where, advice = (_format_place(fault.connector), "$quiet"), (ADVICE_KEYS, "$accent")
        if meaning[-1].cell_length + len(GAP) + len(where[0]) <= self.room:
            meaning[-1] = Content.assemble(meaning[-1], GAP, where)
            return [*meaning, *flow([advice], self.room)]
        return [*meaning, *flow([where, advice], self.room)]

    def _format_codes(self, fault: Fault) -> list[ContentPart]:
        """Return the codes that were sent, and those that follow from the error table."""
        sent = describe.format_fault_codes(fault.codes, self._definition)
        implied = describe.format_fault_codes(fault.diagnosis.implied, self._definition)
        by_table = [Content.assemble(code, (" by table", "$quiet italic")) for code in implied.split(", ") if code]
        return [*sent.split(", "), *by_table]

    def _format_course(self, fault: Fault, view: View) -> list[ContentPart]:
        """Return since when the fault is active, for how long, and how often it was reported and raised."""
        since = view.clock.format(fault.since)
        age = format_seconds(elapsed_since(fault.since, view.now))
        again = (f"{fault.earlier + 1} times so far", "$quiet") if fault.earlier else ""
        reports = (format_count(fault.reports, "report"), "$quiet")
        return [Content.assemble(("since ", "$quiet"), since), (f"for {age}", "$quiet"), reports, again]

    def _format_events_before(self, fault: Fault, clock: TimeFormatter) -> list[Line]:
        """Return the events in the ten seconds before the fault, the latest first."""
        if not fault.before:
            return []
        shown: list[Line] = [Content.assemble(("  in the ten seconds before", "$quiet"))]
        for earlier in reversed(fault.before[-BEFORE_SHOWN:]):
            when = clock.format(earlier.seen.time)
            text = describe_event(earlier.event, self._definition)
            shown.append(Content.assemble((f"    {when}  ", "$quiet"), text))
        return shown

    def _format_past(self, over: FaultHistory, clock: TimeFormatter) -> list[Line]:
        """Return how often a past fault occurred, how long it lasted, and from when to when."""
        meaning = printable(" or ".join(over.diagnosis.meanings) or describe.UNKNOWN_FAULT)
        last = duration_between(over.raised.time, over.last)
        total = "" if over.total is None else f"{format_seconds(over.total)} in all"
        facts = [
            _format_place(over.connector),
            describe.format_fault_codes(over.codes, self._definition) or "no code",
            format_count(over.count, "time"),
            total,
            "" if last is None or over.count == 1 else f"the last {format_seconds(last)}",
            "" if over.last is None else f"{clock.format(over.first)} to {clock.format(over.last)}",
        ]
        return [*wrap_hanging("▽ ", meaning, "", self.room), *flow([(fact, "$quiet") for fact in facts], self.room)]


def _format_place(connector: int | None) -> str:
    return "connector not reported" if connector is None else f"connector {connector}"


def _find_key(fault: Fault | FaultHistory) -> Hashable:
    """Return the identity of a fault, which later reports do not change.

    An active fault is identified by the record that raised it, a past one by its connector and meanings.
    """
    if isinstance(fault, Fault):
        return "active", fault.evidence[0].number
    return "past", (fault.connector, fault.diagnosis.meanings or fault.codes)


def format_faults_tab(snapshot: Snapshot) -> ContentPart:
    """Return the name of this panel in the titles of the others: it says how many faults are active or past."""
    if snapshot.faults:
        return f"▲ {format_count(len(snapshot.faults), 'FAULT', 'FAULTS')}", RANK_STYLES[Rank.FAULT]
    past = snapshot.earlier_faults
    return (f"faults ▽ {past:,}", "$fault") if past else ("faults", "$quiet")
