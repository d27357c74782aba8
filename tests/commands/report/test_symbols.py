"""Symbols of states, marks and levels: there is one for each, and no two states share one."""

from sniffer.commands.report.findings import Level
from sniffer.commands.report.symbols import LEVEL_SIGNS, MARK_SYMBOLS, OTHER_STATE, PHASE_DASHES, PHASE_SIGNS, STATES
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
