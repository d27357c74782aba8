"""The CRCs that are used most, and the byte orders of a check."""

from sniffer.core.discovery.checks.usual_checks import COMMON_CRCS, USUAL_CRCS, list_orders
from sniffer.core.wire.checks import list_crcs


def test_the_usual_crcs_are_in_the_catalogue_and_come_first() -> None:
    assert {*COMMON_CRCS} <= {*list_crcs()}
    assert COMMON_CRCS[: len(USUAL_CRCS)] == USUAL_CRCS
    assert len({*COMMON_CRCS}) == len(COMMON_CRCS)


def test_only_a_number_of_several_bytes_has_two_orders() -> None:
    assert [list_orders(size) for size in (1, 2, 4)] == [("big",), ("big", "little"), ("big", "little")]
