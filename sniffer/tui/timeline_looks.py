"""How the timeline shows what there is: the letters of statuses and the characters of marks, in one table each.

Both tell by a character; colour only helps. Styles name the theme's colours.
"""

from typing import NamedTuple

from sniffer.charger.contradictions import FAULTED
from sniffer.charger.events import (
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
from sniffer.chronicle.chronicle import Kind
from sniffer.tui.columns import EVENT_MARKS, NOISE


class Look(NamedTuple):
    """A state: the letter where its name has no room, the pattern behind it, and the style of both."""

    letter: str
    fill: str
    style: str


STATUSES = {
    "Available": Look("A", "·", "$secondary on $panel"),
    "Preparing": Look("P", "░", "$primary on $primary 15%"),
    "Charging": Look("C", "━", "$success on $success 20%"),
    "SuspendedEVSE": Look("E", "┅", "$accent on $accent 15%"),
    "SuspendedEV": Look("V", "┄", "$accent on $accent 15%"),
    "Finishing": Look("N", "▒", "$primary on $primary 15%"),
    "Reserved": Look("R", ":", "$secondary on $panel"),
    "Unavailable": Look("U", "┈", "$quiet on $panel"),
    FAULTED: Look("!", "╱", "bold $error on $error 25%"),  # noqa: RUF001
}

UNKNOWN = Look("?", "?", "bold $warning on $warning 15%")
"""A status that has no letter: no name, or one from the user's definition."""

SEVERAL = "≈"
"""More than one status in one column, none of them Faulted."""

GAP = "╌"
"""Nobody said anything; a state under it is the last one that was told."""

QUIET = "$faint"


class MarkLook(NamedTuple):
    """A kind of mark: its character, its style and its name in the legend."""

    kind: Kind
    char: str
    style: str
    name: str


MARKS = (
    MarkLook(FaultRaised, EVENT_MARKS[FaultRaised], "bold $error", "fault"),
    MarkLook(SourceLost, EVENT_MARKS[SourceLost], "bold $error", "source lost"),
    MarkLook(SourceBack, EVENT_MARKS[SourceBack], "$success", "source back"),
    MarkLook(BootLoop, EVENT_MARKS[BootLoop], "bold $error", "boot loop"),
    MarkLook(FaultChanged, EVENT_MARKS[FaultChanged], "bold $error", "fault changed"),
    MarkLook(FaultCleared, EVENT_MARKS[FaultCleared], "$success", "cleared"),
    MarkLook(BootLoopEnded, EVENT_MARKS[BootLoopEnded], "$success", "loop ended"),
    MarkLook(Contradicted, EVENT_MARKS[Contradicted], "bold $warning", "contradiction"),
    MarkLook(Disagreed, EVENT_MARKS[Disagreed], "$warning", "relay differs"),
    MarkLook(StatusChanged, "↛", "bold $warning", "illegal move"),
    MarkLook(Booted, EVENT_MARKS[Booted], "$accent", "boot"),
    MarkLook("noise", NOISE, "$warning", "noise"),
)
"""Of several marks in one column, the first one of this table is drawn."""
