"""How a report shows what there is: letters, line patterns and signs, in one table each.

The letters of states are those of the timeline on the screen. The colours stand in `page.css`, under the same names.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sniffer.charger.contradictions import FAULTED
from sniffer.charger.events import EVENT_NAMES, Booted, Contradicted, Disagreed, StatusChanged
from sniffer.report.findings import Level


class Look(NamedTuple):
    """A state: the letter where its name has no room, and the dashes of the line under it."""

    letter: str
    dashes: str


STATES: Mapping[str, Look] = {
    "Available": Look("A", "1 7"),
    "Preparing": Look("P", "6 4"),
    "Charging": Look("C", "none"),
    "SuspendedEVSE": Look("E", "9 3 2 3"),
    "SuspendedEV": Look("V", "9 3 2 3 2 3"),
    "Finishing": Look("N", "3 3"),
    "Reserved": Look("R", "1 3"),
    "Unavailable": Look("U", "1 12"),
    FAULTED: Look("!", "2 2"),
}

OTHER_STATE = Look("?", "12 6")
"""A status that has no letter: no name, or one from the user's definition."""


class MarkLook(NamedTuple):
    """A kind of mark: its sign and its name."""

    sign: str
    name: str


MARK_LOOKS: Mapping[str, MarkLook] = {
    EVENT_NAMES[Booted]: MarkLook("▲", "boots"),
    EVENT_NAMES[StatusChanged]: MarkLook("↛", "illegal moves"),
    EVENT_NAMES[Contradicted]: MarkLook("!", "contradictions"),
    EVENT_NAMES[Disagreed]: MarkLook("≠", "relay differs"),
}

LEVELS: Mapping[Level, str] = {Level.FAULT: "✕", Level.WARNING: "!", Level.NOTE: "·", Level.FINE: "✓"}

PHASE_DASHES = ("none", "7 3", "2 3")
PHASE_SIGNS = ("●", "■", "◆")
