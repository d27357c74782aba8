"""Symbols of a report: letters, line patterns and signs, in one table each.

The letters of states and the signs of events are those of the screen (`sniffer.text.state_letters`,
`sniffer.text.marks`). The colours stand in `page.css`, under the names of the ranks (`sniffer.text.ranks`) and of the
states.
"""

from collections.abc import Mapping
from itertools import cycle
from typing import NamedTuple

from sniffer.commands.report.findings import Level
from sniffer.core.charger.consistency_rules import FAULTED
from sniffer.core.charger.events import (
    EVENT_NAMES,
    Booted,
    ClockOffset,
    Contradicted,
    Disagreed,
    Event,
    ImplausibleMeasurement,
    OcppFailed,
    Overdue,
    Restarted,
    StatusChanged,
    Warned,
)
from sniffer.core.protocol.definition import Definition
from sniffer.text.marks import EVENT_MARKS, ILLEGAL_MOVE
from sniffer.text.ranks import EVENT_RANKS, Rank
from sniffer.text.state_letters import STATUS_LETTERS, UNKNOWN_LETTER, choose_letters


class StateSymbol(NamedTuple):
    """The symbol of a state: the letter for narrow spans, and the dash pattern of the line under it."""

    letter: str
    dashes: str


_DASHES = {
    "Available": "1 7",
    "Preparing": "6 4",
    "Charging": "none",
    "SuspendedEVSE": "9 3 2 3",
    "SuspendedEV": "9 3 2 3 2 3",
    "Finishing": "3 3",
    "Reserved": "1 3",
    "Unavailable": "1 12",
    FAULTED: "2 2",
}

STATES: Mapping[str, StateSymbol] = {
    status: StateSymbol(STATUS_LETTERS[status], dashes) for status, dashes in _DASHES.items()
}
"""The symbol of each status of the charger."""

OTHER_STATE = StateSymbol(UNKNOWN_LETTER, "12 6")
"""The symbol of any other status: one without a name."""

_OWN_DASHES = ("2 5", "5 5", "8 2", "11 4", "4 2 1 2", "7 2 1 2 1 2", "1 2", "12 2 2 2")


def find_state_symbols(definition: Definition) -> Mapping[str, StateSymbol]:
    """Return the symbol of each state by its name: those of the charger, then those of other boards."""
    dashes = cycle(_OWN_DASHES)
    own = choose_letters(definition)
    return {**STATES, **{state: StateSymbol(letter, next(dashes)) for state, letter in own.items()}}


class MarkSymbol(NamedTuple):
    """The symbol of a kind of mark: its sign, the name of its row, and its rank."""

    sign: str
    name: str
    rank: Rank


def _build_mark_symbol(event: type[Event], name: str, rank: Rank = Rank.WARNING) -> tuple[str, MarkSymbol]:
    """Return the name of an event in JSON, and its symbol with the sign that it has on the screen."""
    return EVENT_NAMES[event], MarkSymbol(EVENT_MARKS[event], name, rank)


MARK_SYMBOLS: Mapping[str, MarkSymbol] = dict(
    [
        _build_mark_symbol(Booted, "announcements", EVENT_RANKS[Booted]),
        _build_mark_symbol(Restarted, "restarts"),
        (EVENT_NAMES[StatusChanged], MarkSymbol(ILLEGAL_MOVE, "illegal moves", Rank.WARNING)),
        _build_mark_symbol(Contradicted, "contradictions"),
        _build_mark_symbol(Warned, "warnings"),
        _build_mark_symbol(Disagreed, "relay differs"),
        _build_mark_symbol(Overdue, "overdue commands"),
        _build_mark_symbol(OcppFailed, "OCPP errors"),
        _build_mark_symbol(ClockOffset, "wrong clock"),
        _build_mark_symbol(ImplausibleMeasurement, "implausible values"),
    ]
)

LEVEL_RANKS: Mapping[Level, Rank] = {
    Level.FAULT: Rank.FAULT,
    Level.WARNING: Rank.WARNING,
    Level.NOTE: Rank.STATE,
    Level.FINE: Rank.GOOD,
}

LEVEL_SIGNS: Mapping[Level, str] = {Level.FAULT: "✕", Level.WARNING: "!", Level.NOTE: "·", Level.FINE: "✓"}

PHASE_DASHES = ("none", "7 3", "2 3")
PHASE_SIGNS = ("●", "■", "◆")
