"""How the timeline shows what there is: the letters of statuses and the characters of marks, in one table each.

Both tell by a character; colour only helps. Styles name the theme's colours.
"""

from typing import NamedTuple

from sniffer.core.charger.consistency_rules import FAULTED
from sniffer.core.charger.events import (
    Booted,
    BootLoop,
    BootLoopEnded,
    Contradicted,
    Disagreed,
    FaultChanged,
    FaultCleared,
    FaultRaised,
    SourceBack,
    SourceLost,
    StatusChanged,
)
from sniffer.history.session_timeline import Kind
from sniffer.tui.traffic.columns import EVENT_MARKS, NOISE


class StateStyle(NamedTuple):
    """A state: the letter where its name has no room, the pattern behind it, and the style of both."""

    letter: str
    fill: str
    style: str


STATUS_STYLES = {
    "Available": StateStyle("A", "·", "$secondary on $panel"),
    "Preparing": StateStyle("P", "░", "$primary on $primary 15%"),
    "Charging": StateStyle("C", "━", "$success on $success 20%"),
    "SuspendedEVSE": StateStyle("E", "┅", "$accent on $accent 15%"),
    "SuspendedEV": StateStyle("V", "┄", "$accent on $accent 15%"),
    "Finishing": StateStyle("N", "▒", "$primary on $primary 15%"),
    "Reserved": StateStyle("R", ":", "$secondary on $panel"),
    "Unavailable": StateStyle("U", "┈", "$quiet on $panel"),
    FAULTED: StateStyle("!", "╱", "bold $error on $error 25%"),  # noqa: RUF001
}

UNKNOWN_STATUS = StateStyle("?", "?", "bold $warning on $warning 15%")
"""A status that has no letter: no name, or one from the user's definition."""

SEVERAL = "≈"
"""More than one status in one column, none of them Faulted."""

GAP = "╌"
"""Nobody said anything; a state under it is the last one that was told."""

GAP_STYLE = "$faint"


class MarkStyle(NamedTuple):
    """A kind of mark: its character, its style and its name in the legend."""

    kind: Kind
    char: str
    style: str
    name: str


MARK_STYLES = (
    MarkStyle(FaultRaised, EVENT_MARKS[FaultRaised], "bold $error", "fault"),
    MarkStyle(SourceLost, EVENT_MARKS[SourceLost], "bold $error", "source lost"),
    MarkStyle(SourceBack, EVENT_MARKS[SourceBack], "$success", "source back"),
    MarkStyle(BootLoop, EVENT_MARKS[BootLoop], "bold $error", "boot loop"),
    MarkStyle(FaultChanged, EVENT_MARKS[FaultChanged], "bold $error", "fault changed"),
    MarkStyle(FaultCleared, EVENT_MARKS[FaultCleared], "$success", "cleared"),
    MarkStyle(BootLoopEnded, EVENT_MARKS[BootLoopEnded], "$success", "loop ended"),
    MarkStyle(Contradicted, EVENT_MARKS[Contradicted], "bold $warning", "contradiction"),
    MarkStyle(Disagreed, EVENT_MARKS[Disagreed], "$warning", "relay differs"),
    MarkStyle(StatusChanged, "↛", "bold $warning", "illegal move"),
    MarkStyle(Booted, EVENT_MARKS[Booted], "$accent", "boot"),
    MarkStyle("noise", NOISE, "$warning", "noise"),
)
"""Of several marks in one column, the first one of this table is drawn."""
