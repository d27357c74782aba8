"""The legend of the timeline: one table of the letters of statuses, and one of the characters of marks.

Every status and mark has its own character; colour only helps. The colours are those of the ranks
(`sniffer.text.ranks`).
"""

from collections.abc import Mapping
from itertools import cycle
from typing import NamedTuple

from sniffer.core.charger.consistency_rules import FAULTED
from sniffer.core.charger.events import (
    CardReaderFault,
    CardReaderFaultEnded,
    Contradicted,
    Disagreed,
    Event,
    FaultChanged,
    FaultCleared,
    FaultRaised,
    Overdue,
    StatusChanged,
    Warned,
)
from sniffer.core.charger.measurements.measurement import ImplausibleMeasurement
from sniffer.core.charger.ocpp.events import ClockOffset, OcppFailed
from sniffer.core.charger.startup.registration_events import (
    Booted,
    BootLoop,
    BootLoopEnded,
    RegistrationChanged,
    Restarted,
)
from sniffer.core.charger.tap_events import SourceBack, SourceLost
from sniffer.core.protocol.definition import Definition
from sniffer.history.session_timeline import MarkKind
from sniffer.text.ranks import EVENT_RANKS, Rank, rank_of_status
from sniffer.text.state_letters import choose_letters
from sniffer.tui.theme import RANK_STYLES
from sniffer.tui.traffic.columns import EVENT_MARKS, NOISE


class StateStyle(NamedTuple):
    """How a status is drawn: its letter if the name does not fit, the pattern behind it, and the style of both."""

    letter: str
    fill: str
    style: str


def _build_state_style(letter: str, fill: str, status: str, filling: int) -> StateStyle:
    """Return the style of a status in the colour of its rank, on a background of that colour in percent."""
    rank = rank_of_status(status)
    return StateStyle(letter, fill, f"{RANK_STYLES[rank]} on ${rank} {filling}%")


STATUS_STYLES = {
    "Available": StateStyle("A", "·", "$secondary on $panel"),
    "Preparing": _build_state_style("P", "░", "Preparing", 12),
    "Charging": _build_state_style("C", "━", "Charging", 28),
    "SuspendedEVSE": _build_state_style("E", "┅", "SuspendedEVSE", 12),
    "SuspendedEV": _build_state_style("V", "┄", "SuspendedEV", 12),
    "Finishing": _build_state_style("N", "▒", "Finishing", 12),
    "Reserved": StateStyle("R", ":", "$secondary on $panel"),
    "Unavailable": StateStyle("U", "┈", "$quiet on $panel"),
    FAULTED: _build_state_style("!", "╱", FAULTED, 25),  # noqa: RUF001 - no slash: it fills the cell
}
"""How each status is drawn. Those of a connector that nobody uses are grey."""

UNKNOWN_STATUS = StateStyle("?", "?", "bold $warning on $warning 15%")
"""The style of a status without a letter: one without a name."""

_OWN_FILLS = "░━▒┄·┅:┈"


def find_state_styles(definition: Definition) -> Mapping[str, StateStyle]:
    """Return how each state is drawn by its name: those of the charger, then those of other boards."""
    fills = cycle(_OWN_FILLS)
    own = choose_letters(definition, STATUS_STYLES)
    return {
        **STATUS_STYLES,
        **{state: _build_state_style(letter, next(fills), state, 12) for state, letter in own.items()},
    }


SEVERAL = "≈"
"""Several statuses in one column, none of them Faulted."""

GAP = "╌"
"""Silence on the bus; a state below it is the last one that was reported."""

GAP_STYLE = "$faint"


class MarkStyle(NamedTuple):
    """A kind of mark: its character, its style and its name in the legend."""

    kind: MarkKind
    char: str
    style: str
    name: str


def _build_mark_style(event: type[Event], name: str) -> MarkStyle:
    """Return the mark of an event, with its character in the list and the style of its rank."""
    return MarkStyle(event, EVENT_MARKS[event], RANK_STYLES[EVENT_RANKS[event]], name)


MARK_STYLES = (
    _build_mark_style(FaultRaised, "fault"),
    _build_mark_style(SourceLost, "source lost"),
    _build_mark_style(SourceBack, "source back"),
    _build_mark_style(BootLoop, "boot loop"),
    _build_mark_style(FaultChanged, "fault changed"),
    _build_mark_style(FaultCleared, "cleared"),
    _build_mark_style(BootLoopEnded, "loop ended"),
    _build_mark_style(Contradicted, "contradiction"),
    _build_mark_style(Warned, "warning"),
    _build_mark_style(Disagreed, "relay differs"),
    _build_mark_style(ImplausibleMeasurement, "implausible"),
    MarkStyle(StatusChanged, "↛", RANK_STYLES[Rank.WARNING], "illegal move"),
    _build_mark_style(Restarted, "restart"),
    _build_mark_style(Overdue, "overdue"),
    _build_mark_style(OcppFailed, "OCPP error"),
    _build_mark_style(ClockOffset, "clock"),
    _build_mark_style(CardReaderFault, "card reader"),
    _build_mark_style(CardReaderFaultEnded, "card reader fault over"),
    _build_mark_style(Booted, "announcement"),
    _build_mark_style(RegistrationChanged, "registration"),
    MarkStyle("noise", NOISE, RANK_STYLES[Rank.WARNING], "noise"),
)
"""All kinds of marks. Of several marks in one column, the first one of this table is drawn."""
