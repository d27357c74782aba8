"""The evidence for the index of M4 codes: the row of each code, what confirms the assumption, what contradicts it."""

import pytest
from msgspec.structs import replace

from sniffer.commands.learn.code_cooccurrence import IndexedCode
from sniffer.commands.learn.index_evidence import MOST_CODES_SHOWN, IndexEvidence
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.protocol.loader import find_indexed_row
from tests.core.protocol.helpers import DEFINITION

RELAY = 0x100208
UNDER_VOLTAGE = 0x200208


def evidence_of(*counts: tuple[int, int, int | None, int]) -> IndexEvidence:
    """Return the evidence of these combinations: M4 code, index, vendor code, how often."""
    return IndexEvidence({IndexedCode(m4, place, vendor): count for m4, place, vendor, count in counts}, DEFINITION)


@pytest.mark.parametrize(
    ("codes", "fits", "against", "idle"),
    [
        ((4, 3, UNDER_VOLTAGE), 1, 0, 0),
        ((7, 12, RELAY), 1, 0, 0),
        ((7, 12, UNDER_VOLTAGE), 0, 1, 0),
        ((4, 3, None), 1, 0, 0),
        ((4, 12, None), 0, 1, 0),
        ((7, 12, None), 0, 0, 0),
        ((7, 22, None), 0, 1, 0),
        ((7, 0, None), 0, 1, 0),
        ((0, 3, None), 0, 1, 0),
        ((0, 0, None), 0, 0, 1),
    ],
)
def test_each_pair_counts_for_or_against_the_assumption_or_for_neither(
    codes: tuple[int, int, int | None], fits: int, against: int, idle: int
) -> None:
    evidence = evidence_of((*codes, 5))
    assert (evidence.fits, evidence.against, evidence.idle) == (5 * fits, 5 * against, 5 * idle)


def test_a_code_has_the_row_that_its_index_names() -> None:
    for index, row in enumerate(DEFINITION.errors, 1):
        assert evidence_of((77, index, None, 1)).find_row(77) == row
    assert evidence_of((77, 12, None, 1)).codes == [77]


def test_a_code_without_an_index_has_no_row() -> None:
    assert evidence_of().find_row(7) is None
    assert evidence_of().format_code(7) == ""
    assert [*evidence_of().format_lines()] == []


@pytest.mark.parametrize(("others", "has_row"), [(2, True), (3, False)])
def test_a_row_must_be_clearly_the_most_frequent(others: int, has_row: bool) -> None:
    by_index = evidence_of((7, 12, None, 8), (7, 3, None, others))
    by_vendor = evidence_of((7, 12, None, 8), (7, 3, 0x100206, others), (4, 3, None, 20))
    for evidence in (by_index, by_vendor):
        assert (evidence.find_row(7) is not None) is has_row


@pytest.mark.parametrize(("against", "holds"), [(2, True), (3, False)])
def test_the_assumption_must_hold_clearly(against: int, holds: bool) -> None:
    evidence = evidence_of((4, 3, None, 8), (5, 3, RELAY, against), (7, 12, None, 1))
    assert evidence.holds is holds
    assert (evidence.find_row(7) is not None) is holds
    assert ("The assumption does not hold here" in " ".join(evidence.format_lines())) is not holds


def test_a_row_that_is_known_by_assumption_confirms_nothing() -> None:
    rows = tuple(replace(row, m4={7: Provenance.ASSUMED}) if row.vendor == RELAY else row for row in DEFINITION.errors)
    evidence = IndexEvidence({IndexedCode(7, 12, None): 3}, replace(DEFINITION, errors=rows))
    assert (evidence.fits, evidence.against) == (0, 0)


def test_the_index_counts_the_rows_of_the_package_whatever_the_definition_has() -> None:
    reordered = replace(DEFINITION, errors=(replace(DEFINITION.errors[0], vendor=0x999), *DEFINITION.errors[::-1]))
    row = IndexEvidence({IndexedCode(7, 12, None): 3}, reordered).find_row(7)
    assert row is not None
    assert row.vendor == RELAY
    assert row == find_indexed_row(12)


def test_the_lines_say_how_often() -> None:
    evidence = evidence_of((7, 12, RELAY, 8), (7, 3, 0x100206, 1), (0, 0, None, 2))
    assert [*evidence.format_lines()] == [
        "The index beside an M4 code, as the row of the packaged error table counted from 1 (assumed):",
        "  confirmed by a vendor code or the table: 8 times; against: once",
        "  code 0 with index 0, no fault: 2 times",
        "  code 7 with index 12 (Relay fault): 8 times, an index that contradicts other codes: once",
    ]


def test_only_so_many_codes_are_listed() -> None:
    evidence = evidence_of(*[(code, 12, None, 1) for code in range(10, 15 + MOST_CODES_SHOWN)])
    lines = [*evidence.format_lines()]
    assert len(lines) == 2 + MOST_CODES_SHOWN + 1
    assert lines[-1] == "  and 5 further codes"


def test_as_many_codes_as_are_listed_at_most_leave_no_rest() -> None:
    lines = [*evidence_of(*[(10 + code, 12, None, 1) for code in range(MOST_CODES_SHOWN)]).format_lines()]
    assert lines[-1].startswith(f"  code {9 + MOST_CODES_SHOWN} with")
