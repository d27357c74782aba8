"""The rows of the error table that an explanation names: their lines, and what is remembered for the cards."""

from sniffer.commands.explain.named_rows import NamedRows
from sniffer.core.charger.fault_codes import FaultCodes
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.protocol.fault_rows import list_fault_rows
from tests.core.protocol.helpers import DEFINITION

FIRST, SECOND = list_fault_rows(DEFINITION)[:2]


def test_nothing_is_named_at_first() -> None:
    assert NamedRows(DEFINITION).cards == ()


def test_each_row_that_was_named_has_one_card_in_order() -> None:
    rows = NamedRows(DEFINITION)
    assert rows.remember([SECOND]) == [SECOND]
    assert rows.remember(iter([FIRST, SECOND])) == [FIRST, SECOND]
    assert [card.row for card in rows.cards] == [SECOND, FIRST]


def test_the_lines_of_a_row_are_remembered() -> None:
    rows = NamedRows(DEFINITION)
    assert list(rows.format_rows([FIRST], "    ")) == [f"    error table: {FIRST.meaning}"]
    assert len(rows.cards) == 1


def test_several_rows_of_one_code_leave_it_open_which_it_is() -> None:
    lines = list(NamedRows(DEFINITION).format_rows([FIRST, SECOND], words=["documented", "assumed"]))
    assert lines == [
        f"  error table: {FIRST.meaning}  (documented)",
        f"  error table: {SECOND.meaning}  (assumed)",
        "    the code alone does not show which of the 2 it is",
    ]


def test_provenances_that_differ_stand_at_each_row() -> None:
    documented, assumed = Provenance.DOCUMENTED, Provenance.ASSUMED
    same = list(NamedRows(DEFINITION).format_rows_of_code("M4 error code", [(FIRST, assumed)]))
    assert same == ["  as M4 error code  (assumed)", f"    error table: {FIRST.meaning}"]
    both = list(NamedRows(DEFINITION).format_rows_of_code("M4 error code", [(FIRST, assumed), (SECOND, documented)]))
    assert both[:3] == [
        "  as M4 error code  (documented, assumed)",
        f"    error table: {FIRST.meaning}  (assumed)",
        f"    error table: {SECOND.meaning}  (documented)",
    ]


def test_codes_that_contradict_each_other_name_the_rows_of_each() -> None:
    rows = NamedRows(DEFINITION)
    lines = list(rows.format_rows_of_codes(FaultCodes(vendor=FIRST.vendor, m4=4)))
    meanings = [card.row.meaning for card in rows.cards]
    assert lines[: len(meanings)] == [f"  error table: {meaning}" for meaning in meanings]
    assert lines[len(meanings)].startswith("  the codes disagree: ")
