"""The connector panel: the state machine with the current state, its duration, the moves before it, and the pilot.

In: a `View`; one connector of it is shown at a time. Out: `JumpToRecord` for the report of a move.
"""

from textual.content import Content

from sniffer.base.phrasing import format_count
from sniffer.base.sanitize import printable
from sniffer.base.times import format_seconds
from sniffer.core.charger.connector import Connector
from sniffer.core.charger.consistency_rules import NO_ERROR, STATION, STATION_STATUSES
from sniffer.core.charger.events import Contradicted, StatusChanged, Warned
from sniffer.core.charger.health.freshness import find_stale_age
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.enumeration import MEANING_UNKNOWN
from sniffer.text import describe
from sniffer.text.mended_text import RESTS_ON_MENDED
from sniffer.text.ranks import Rank, rank_of_status
from sniffer.tui.content import flow, wrap_hanging
from sniffer.tui.panels.panel import Line, format_pair
from sniffer.tui.panels.selectable import Block, BlockPanel
from sniffer.tui.panels.state_diagram import BOXED_LINES, BOXED_WIDTH, StateDiagram, draw_diagram
from sniffer.tui.state.time_formatter import TimeFormatter
from sniffer.tui.state.view_state import View, elapsed_since
from sniffer.tui.theme import RANK_STYLES, filled_style

FACTS_LINES = 4
"""The lines of facts that must stay visible under the diagram."""

DIAGRAM_CACHE_SIZE = 128
"""The number of drawings that are kept: one for each move that the packaged table could have."""

NO_STATES = "states are not known: no field of this definition tells one"
"""The text in place of a state machine where the definition says nothing of states."""

MOVES_SHOWN = 40
"""The number of latest moves that are listed."""


def format_pilot(definition: Definition, voltage: float) -> str:
    """Return the voltage of the control pilot with its state by IEC 61851-1."""
    state = definition.pilot_state(voltage)
    return f"{voltage:g} V {state.state} {state.meaning}" if state else f"{voltage:g} V in no state's window"


def format_pilot_window(definition: Definition, voltage: float) -> str:
    """Return the range of voltages of the pilot's state in the definition, or an empty text if no source gives one."""
    state = definition.pilot_state(voltage)
    return f"{state.state} is {state.window[0]:.2f} to {state.window[1]:.2f} V" if state and state.window else ""


def find_pilot_provenance(definition: Definition) -> str:
    """Return the provenance of the field that carries the pilot voltage in a status report."""
    for command in definition.commands:
        if command.role == "status" and "cp_voltage" in command.positions:
            return command.fields[command.positions["cp_voltage"]].provenance or MEANING_UNKNOWN
    return MEANING_UNKNOWN


class ConnectorPanel(BlockPanel):
    """The panel of one connector."""

    def __init__(self, definition: Definition) -> None:
        super().__init__("connector")
        self._definition = definition
        own = definition.states if definition.states != definition.statuses else None
        self._is_own = own is not None
        self._transitions = own.transitions if own else definition.transitions
        self._states = [*dict.fromkeys([*(own or definition.statuses).names.values(), *self._transitions])]
        self._view = View()
        self._number: int | None = None
        self._diagrams: dict[object, list[Content]] = {}
        self._moves: dict[object, Block] = {}

    @property
    def chosen(self) -> Connector | None:
        """The connector that is shown: the chosen one, else the first that is not the station; None if none exists."""
        return choose_connector(self._view, self._number)

    def show(self, view: View) -> None:
        """Show the session as it is now."""
        self._view = view
        self.draw()

    def cycle(self) -> None:
        """Show the next connector."""
        numbers = [connector.number for connector in self._view.snapshot.connectors]
        if self.chosen:
            self._number = numbers[(numbers.index(self.chosen.number) + 1) % len(numbers)]
        self.choose(None)
        self.draw()

    def draw(self) -> None:
        """Draw the diagram, then the facts about the connector."""
        chosen, width, height = self.chosen, self.room, self.size.height
        if chosen is None and self._definition.states is None:
            self.write(wrap_hanging("◌ ", NO_STATES, RANK_STYLES[Rank.QUIET], width))
            self._update_title(chosen)
            return
        machine = self._build_diagram(chosen)
        boxed = width >= BOXED_WIDTH and height >= BOXED_LINES + FACTS_LINES
        items: list[Line | Block] = [*self._draw_diagram(machine, width, boxed=boxed)]
        if not machine.legal:
            items += wrap_hanging(
                "↛ ", printable(f"{machine.before} → {machine.now} not allowed"), machine.move_style, width
            )
        items += (
            self._format_facts(chosen)
            if chosen
            else ["", Content.assemble(("no status report was seen yet", "$quiet"))]
        )
        self.write(items)
        self._update_title(chosen)

    def _draw_diagram(self, machine: StateDiagram, width: int, *, boxed: bool) -> list[Content]:
        """Return the drawing of the state machine, from the cache if it was drawn before."""
        key = machine.now, machine.allowed, machine.before, machine.legal, width, boxed
        drawn = self._diagrams.get(key)
        if drawn is None:
            if len(self._diagrams) >= DIAGRAM_CACHE_SIZE:
                self._diagrams.clear()
            drawn = self._diagrams[key] = draw_diagram(machine, self._states, width, boxed=boxed)
        return drawn

    def _build_diagram(self, chosen: Connector | None) -> StateDiagram:
        """Return the state machine with the place of the connector in it."""
        if chosen is None:
            return StateDiagram(self._transitions)
        move = chosen.path[-1]
        allowed = STATION_STATUSES if chosen.number == STATION and not self._is_own else None
        return StateDiagram(self._transitions, chosen.status, allowed, move.before, move.legal is not False)

    def _update_title(self, chosen: Connector | None) -> None:
        name = (
            "connector" if chosen is None else "station" if chosen.number == STATION else f"connector {chosen.number}"
        )
        count = len(self._view.snapshot.connectors)
        self.set_panel_title(f"{name} (c: next of {count})" if count > 1 else name)

    def _format_facts(self, connector: Connector) -> list[Line | Block]:
        clock, now, width = self._view.clock, self._view.now, self.room
        age = find_stale_age(connector.last, ("status",), self._view.snapshot, self._definition, now)
        filled = RANK_STYLES[Rank.QUIET] if age is not None else filled_style(rank_of_status(connector.status))
        status = Content.assemble(
            (f" {printable(connector.status)} ", filled),
            f"  for {format_seconds(elapsed_since(connector.since, now))}"
            if age is None
            else (f" {format_seconds(age)} ago, unknown since", "$warning"),
        )
        return [
            format_pair("now", status, width=6),
            *(() if self._is_own else self._format_ocpp_facts(connector)),
            *([format_pair("≈", (RESTS_ON_MENDED, "bold $warning"), width=6)] if connector.is_mended else ()),
            *self._format_others(connector),
            *(line for found in connector.contradictions for line in _format_finding(found, width)),
            *(line for found in connector.warnings for line in _format_finding(found, width)),
            *self._format_path(connector, clock),
        ]

    def _format_path(self, connector: Connector, clock: TimeFormatter) -> list[Line | Block]:
        """Return the latest moves, the newest first. Those that were shown before are not formatted again."""
        before, self._moves = self._moves, {}
        items: list[Line | Block] = []
        for move in reversed(connector.path[-MOVES_SHOWN:]):
            key = connector.number, move.seen.number, move.before, move.after, clock
            block = self._moves[key] = before.get(key) or _format_move(move, connector.number, clock, self._definition)
            items.append(block)
        if connector.moves > MOVES_SHOWN:
            earlier = format_count(connector.moves - MOVES_SHOWN, "move")
            items.append(Content.assemble((f"and {earlier} before", "$quiet")))
        return items

    def _format_ocpp_facts(self, connector: Connector) -> list[Line]:
        """Return the pilot and the error code, which a board with states of its own does not report."""
        return [
            format_pair("CP", *self._format_pilot(connector), width=6),
            format_pair("error", self._format_error(connector), width=6),
        ]

    def _format_others(self, shown: Connector) -> list[Line]:
        """Return the statuses of the other connectors."""
        others = [other for other in self._view.snapshot.connectors if other.number != shown.number]
        statuses = [f"{_format_short_name(other.number)} {printable(other.status)}" for other in others]
        return [format_pair("other", line, width=6) for line in flow(statuses, self.room - 6, "")]

    def _format_pilot(self, connector: Connector) -> list[str | tuple[str, str]]:
        if connector.cp_voltage is None:
            return [("not reported yet", "$quiet")]
        text = format_pilot(self._definition, connector.cp_voltage)
        window = format_pilot_window(self._definition, connector.cp_voltage)
        return [text, (f" {find_pilot_provenance(self._definition)}", "$quiet italic"), (f"  {window}", "$faint")]

    def _format_error(self, connector: Connector) -> Content:
        if connector.ocpp_error is None:
            return Content.assemble(("not reported yet", "$quiet"))
        name = self._definition.ocpp_errors.name_of(connector.ocpp_error)
        # A number without a name is its own name.
        number = f"  OCPP {connector.ocpp_error}" if connector.ocpp_error in self._definition.ocpp_errors.names else ""
        return Content.assemble((name, "$quiet" if name == NO_ERROR else "bold"), number)


def _format_short_name(number: int) -> str:
    return "station" if number == STATION else f"C{number}"


def choose_connector(view: View, number: int | None) -> Connector | None:
    """Return the connector of this number, else the first that is not the station, or None if none was reported."""
    connectors = view.snapshot.connectors
    matching = [connector for connector in connectors if connector.number == number]
    outlets = [connector for connector in connectors if connector.number != STATION]
    return next(iter([*matching, *outlets, *connectors]), None)


def _format_finding(found: Contradicted | Warned, width: int) -> list[Line]:
    """Return the rule that the last report breaks, and its provenance."""
    about = Content(found.about).wrap(max(8, width - 6))
    marks = ["≟" if isinstance(found, Warned) else "≠", *[""] * (len(about) - 1)]
    return [
        *(format_pair(mark, line.stylize("bold $warning"), width=6) for mark, line in zip(marks, about, strict=True)),
        format_pair("", (f"{found.rule}, {found.provenance}", "$quiet"), width=6),
    ]


def _format_move(move: StatusChanged, connector: int, clock: TimeFormatter, definition: Definition) -> Block:
    """Return the line of a move of this connector, with the time spent before it.

    A move that the table does not have is marked; one that has a name is shown with it.
    """
    before = printable(move.before) if move.before else "first report"
    arrow: str | tuple[str, str] = " → " if move.legal is not False else (" ↛ ", "bold $warning")
    dwell = "" if move.dwell is None else f"  after {format_seconds(move.dwell)}"
    when = clock.format(move.time)
    seen = f"  {describe.format_place(move.seen)}"
    name = printable(definition.name_of_move(move.before, move.after))
    after = f"{printable(move.after)}{f' ({name})' if name else ''}"
    line = Content.assemble((f"{when}  ", "$quiet"), before, arrow, after, (dwell + seen, "$quiet"))
    return Block((connector, move.seen.number), (line,), move.seen.number)
