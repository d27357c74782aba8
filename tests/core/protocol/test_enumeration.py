"""Enumerations: the name of a number, the number of a name, and the order of provenances."""

import pytest

from sniffer.core.protocol.enumeration import FIRM, Enumeration, Provenance

COLORS = Enumeration("color", {0: "Black", 7: "White"}, {}, {})


@pytest.mark.parametrize(("number", "name"), [(0, "Black"), (7, "White"), (8, "8 (unknown)")])
def test_a_number_has_a_name_and_the_name_has_the_number(number: int, name: str) -> None:
    assert COLORS.name_of(number) == name
    assert COLORS.number_of(name) == number


@pytest.mark.parametrize(("name", "number"), [("white", 7), ("BLACK", 0), ("Red", None), ("7", None), ("", None)])
def test_the_case_of_a_name_does_not_matter(name: str, number: int | None) -> None:
    assert COLORS.number_of(name) == number


@pytest.mark.parametrize(("digits", "found"), [(20, True), (21, False)])
def test_a_number_of_more_than_twenty_digits_is_no_unknown_number(digits: int, found: bool) -> None:
    assert (COLORS.number_of("9" * digits + " (unknown)") is not None) == found


@pytest.mark.parametrize("name", ["x8 (unknown)", "8 (unknown) ", "8 unknown"])
def test_an_unknown_number_is_written_exactly_so(name: str) -> None:
    assert COLORS.number_of(name) is None


def test_provenances_are_ordered_from_strong_to_weak() -> None:
    assert [*Provenance] == ["verified", "documented", "inferred", "assumed", "user"]
    assert FIRM == ("verified", "documented", "user")
