"""Symbols of a report: letters, line patterns and signs, in one table each.

The letters of states are those of the timeline on the screen. The colours stand in `page.css`, under the names of the
ranks (`sniffer.text.ranks`) and of the states.
"""

from collections.abc import Mapping
from itertools import cycle
from typing import NamedTuple

from sniffer.commands.report.findings import Level
from sniffer.core.charger.consistency_rules import FAULTED
from sniffer.core.charger.events import EVENT_NAMES, Contradicted, Disagreed, Overdue, StatusChanged, Warned
from sniffer.core.charger.measurements.measurement import ImplausibleMeasurement
from sniffer.core.charger.ocpp.events import ClockOffset, OcppFailed
from sniffer.core.charger.startup.registration_events import Booted, Restarted
from sniffer.core.protocol.definition import Definition
from sniffer.text.ranks import EVENT_RANKS, Rank
from sniffer.text.state_letters import choose_letters


class StateSymbol(NamedTuple):
    """The symbol of a state: the letter for narrow spans, and the dash pattern of the line under it."""

    letter: str
    dashes: str


STATES: Mapping[str, StateSymbol] = {
    "Available": StateSymbol("A", "1 7"),
    "Preparing": StateSymbol("P", "6 4"),
    "Charging": StateSymbol("C", "none"),
    "SuspendedEVSE": StateSymbol("E", "9 3 2 3"),
    "SuspendedEV": StateSymbol("V", "9 3 2 3 2 3"),
    "Finishing": StateSymbol("N", "3 3"),
    "Reserved": StateSymbol("R", "1 3"),
    "Unavailable": StateSymbol("U", "1 12"),
    FAULTED: StateSymbol("!", "2 2"),
}

OTHER_STATE = StateSymbol("?", "12 6")
"""The symbol of any other status: one without a name."""

_OWN_DASHES = ("2 5", "5 5", "8 2", "11 4", "4 2 1 2", "7 2 1 2 1 2", "1 2", "12 2 2 2")


def find_state_symbols(definition: Definition) -> Mapping[str, StateSymbol]:
    """Return the symbol of each state by its name: those of the charger, then those of other boards."""
    dashes = cycle(_OWN_DASHES)
    own = choose_letters(definition, STATES)
    return {**STATES, **{state: StateSymbol(letter, next(dashes)) for state, letter in own.items()}}


class MarkSymbol(NamedTuple):
    """The symbol of a kind of mark: its sign, the name of its row, and its rank."""

    sign: str
    name: str
    rank: Rank = Rank.WARNING


MARK_SYMBOLS: Mapping[str, MarkSymbol] = {
    EVENT_NAMES[Booted]: MarkSymbol("▲", "announcements", EVENT_RANKS[Booted]),
    EVENT_NAMES[Restarted]: MarkSymbol("↯", "restarts"),
    EVENT_NAMES[StatusChanged]: MarkSymbol("↛", "illegal moves"),
    EVENT_NAMES[Contradicted]: MarkSymbol("!", "contradictions"),
    EVENT_NAMES[Warned]: MarkSymbol("≟", "warnings"),
    EVENT_NAMES[Disagreed]: MarkSymbol("≠", "relay differs"),
    EVENT_NAMES[Overdue]: MarkSymbol("◌", "overdue commands"),
    EVENT_NAMES[OcppFailed]: MarkSymbol("✗", "OCPP errors"),
    EVENT_NAMES[ClockOffset]: MarkSymbol("◷", "wrong clock"),
    EVENT_NAMES[ImplausibleMeasurement]: MarkSymbol("≉", "implausible values"),
}

LEVEL_RANKS: Mapping[Level, Rank] = {
    Level.FAULT: Rank.FAULT,
    Level.WARNING: Rank.WARNING,
    Level.NOTE: Rank.STATE,
    Level.FINE: Rank.GOOD,
}

LEVEL_SIGNS: Mapping[Level, str] = {Level.FAULT: "✕", Level.WARNING: "!", Level.NOTE: "·", Level.FINE: "✓"}

PHASE_DASHES = ("none", "7 3", "2 3")
PHASE_SIGNS = ("●", "■", "◆")
