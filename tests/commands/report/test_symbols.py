"""Symbols of states, marks and levels: there is one for each, and no two states share one."""

from importlib import resources

import pytest

from sniffer.commands.report.findings import Level
from sniffer.commands.report.symbols import (
    LEVEL_RANKS,
    LEVEL_SIGNS,
    MARK_SYMBOLS,
    OTHER_STATE,
    PHASE_DASHES,
    PHASE_SIGNS,
    STATES,
)
from sniffer.core.charger.events import EVENT_NAMES, StatusChanged
from sniffer.text.ranks import EVENT_RANKS, Rank
from tests.commands.report.helpers import DEFINITION


def test_every_status_has_a_symbol_of_its_own() -> None:
    assert set(STATES) == set(DEFINITION.statuses.names.values())
    symbols = [*STATES.values(), OTHER_STATE]
    assert len({symbol.letter for symbol in symbols}) == len({symbol.dashes for symbol in symbols}) == len(symbols)


def test_every_level_and_phase_has_a_sign_of_its_own() -> None:
    assert set(LEVEL_SIGNS) == set(Level)
    for signs in (
        [*LEVEL_SIGNS.values()],
        [*PHASE_DASHES],
        [*PHASE_SIGNS],
        [look.sign for look in MARK_SYMBOLS.values()],
    ):
        assert len(set(signs)) == len(signs) >= 3


def test_levels_and_marks_have_the_ranks_of_the_screen() -> None:
    assert LEVEL_RANKS == {
        Level.FAULT: Rank.FAULT,
        Level.WARNING: Rank.WARNING,
        Level.NOTE: Rank.STATE,
        Level.FINE: Rank.GOOD,
    }
    ranks = {EVENT_NAMES[event]: rank for event, rank in EVENT_RANKS.items()}
    # Of the moves, only those that OCPP does not allow are marks.
    ranks[EVENT_NAMES[StatusChanged]] = Rank.WARNING
    assert {name: mark.rank for name, mark in MARK_SYMBOLS.items()} == {name: ranks[name] for name in MARK_SYMBOLS}


@pytest.mark.parametrize("rank", [Rank.FAULT, Rank.WARNING, Rank.GOOD, Rank.STATE])
def test_every_palette_of_the_page_has_the_colour_of_a_rank(rank: Rank) -> None:
    page = (resources.files("sniffer.commands.report") / "page.css").read_text("ascii")
    assert page.count(f"--{rank}:") == page.count("--paper:") == 3
    assert f".{rank}" in page
