"""The legend of the timeline: one table of the letters of statuses, and one of the characters of marks.

Every status and mark has its own character; colour only helps. The colours are those of the ranks
(`sniffer.text.ranks`).
"""

from collections.abc import Mapping
from itertools import cycle
from typing import NamedTuple

from sniffer.core.charger import events
from sniffer.core.charger.consistency_rules import FAULTED
from sniffer.core.protocol.definition import Definition
from sniffer.history.timeline.session_timeline import MarkKind
from sniffer.text.marks import EVENT_MARKS, ILLEGAL_MOVE, NOISE
from sniffer.text.ranks import EVENT_RANKS, Rank, rank_of_status
from sniffer.text.state_letters import STATUS_LETTERS, UNKNOWN_LETTER, choose_letters
from sniffer.tui.theme import RANK_STYLES


class StateStyle(NamedTuple):
    """The appearance of a status: its letter if the name does not fit, the pattern behind it, and the style of both."""

    letter: str
    fill: str
    style: str


def _color_state(status: str, filling: int) -> str:
    """Return the colour of the rank of a status, on a background of that colour in percent."""
    rank = rank_of_status(status)
    return f"{RANK_STYLES[rank]} on ${rank} {filling}%"


_FILLS_AND_STYLES = {
    "Available": ("·", "$secondary on $panel"),
    "Preparing": ("░", _color_state("Preparing", 12)),
    "Charging": ("━", _color_state("Charging", 28)),
    "SuspendedEVSE": ("┅", _color_state("SuspendedEVSE", 12)),
    "SuspendedEV": ("┄", _color_state("SuspendedEV", 12)),
    "Finishing": ("▒", _color_state("Finishing", 12)),
    "Reserved": (":", "$secondary on $panel"),
    "Unavailable": ("┈", "$quiet on $panel"),
    FAULTED: ("╱", _color_state(FAULTED, 25)),  # noqa: RUF001 - no slash: it fills the cell
}

STATUS_STYLES = {
    status: StateStyle(STATUS_LETTERS[status], *fill_and_style) for status, fill_and_style in _FILLS_AND_STYLES.items()
}
"""The appearance of each status. Those of a connector that nobody uses are grey."""

UNKNOWN_STATUS = StateStyle(UNKNOWN_LETTER, "?", "bold $warning on $warning 15%")
"""The style of a status without a letter: one without a name."""

_OWN_FILLS = "░━▒┄·┅:┈"


def find_state_styles(definition: Definition) -> Mapping[str, StateStyle]:
    """Return the appearance of each state by its name: those of the charger, then those of other boards."""
    fills = cycle(_OWN_FILLS)
    own = choose_letters(definition)
    return {
        **STATUS_STYLES,
        **{state: StateStyle(letter, next(fills), _color_state(state, 12)) for state, letter in own.items()},
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


def _build_mark_style(event: type[events.Event], name: str) -> MarkStyle:
    """Return the mark of an event, with its character in the list and the style of its rank."""
    return MarkStyle(event, EVENT_MARKS[event], RANK_STYLES[EVENT_RANKS[event]], name)


MARK_STYLES = (
    _build_mark_style(events.FaultRaised, "fault"),
    _build_mark_style(events.SourceLost, "source lost"),
    _build_mark_style(events.SourceBack, "source back"),
    _build_mark_style(events.BootLoop, "boot loop"),
    _build_mark_style(events.FaultChanged, "fault changed"),
    _build_mark_style(events.FaultCleared, "cleared"),
    _build_mark_style(events.BootLoopEnded, "loop ended"),
    _build_mark_style(events.Contradicted, "contradiction"),
    _build_mark_style(events.Warned, "warning"),
    _build_mark_style(events.Disagreed, "relay differs"),
    _build_mark_style(events.ImplausibleMeasurement, "implausible"),
    MarkStyle(events.StatusChanged, ILLEGAL_MOVE, RANK_STYLES[Rank.WARNING], "illegal move"),
    _build_mark_style(events.Restarted, "restart"),
    _build_mark_style(events.Overdue, "overdue"),
    _build_mark_style(events.OcppFailed, "OCPP error"),
    _build_mark_style(events.ClockOffset, "clock"),
    _build_mark_style(events.CardReaderFault, "card reader"),
    _build_mark_style(events.CardReaderFaultEnded, "card reader fault over"),
    _build_mark_style(events.Booted, "announcement"),
    _build_mark_style(events.RegistrationChanged, "registration"),
    MarkStyle("noise", NOISE, RANK_STYLES[Rank.WARNING], "noise"),
)
"""All kinds of marks. Of several marks in one column, the first one of this table is drawn."""
