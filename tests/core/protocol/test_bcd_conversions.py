"""Numbers in BCD: their values, names and meanings, both ways, and what is no decimal digit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.base.errors import EncodeError
from sniffer.core.protocol.bcd_conversions import Bcd, BcdDigits, BcdErrorNumber, BcdNamed, read_digits
from sniffer.core.protocol.enumeration import Enumeration

PLACES = Enumeration("place", {0: "free", 12: "taken"}, {}, {})


@pytest.mark.parametrize(
    ("raw", "text"), [(0x00123478, "00123478"), (0, "00000000"), (0x1A, "0x0000001A"), (0x99999999, "99999999")]
)
def test_digits_of_bcd_keep_the_zeros_in_front_both_ways(raw: int, text: str) -> None:
    digits = BcdDigits(8)
    assert digits.value(raw) == text
    assert digits.raw(text) == raw


@pytest.mark.parametrize("value", ["123456789", "-1", "12.5", "", "\u0663"])
def test_what_is_no_row_of_digits_is_refused(value: str) -> None:
    with pytest.raises(EncodeError, match="no text of up to 8 digits"):
        BcdDigits(8).raw(value)


@pytest.mark.parametrize(
    ("raw", "number"), [(0x12, 12), (0x0007, 7), (b"\x99\x01", 9901), (0x1A, None), (0xF000, None)]
)
def test_digits_are_read_as_a_number_if_all_are_decimal(raw: int | bytes, number: int | None) -> None:
    assert read_digits(raw, 4) == number


@given(st.integers(0, 0xFFFF))
def test_every_raw_value_survives_each_conversion(raw: int) -> None:
    for conversion in (Bcd(digits=4), BcdNamed(PLACES, 4), BcdErrorNumber(digits=4)):
        assert conversion.raw(conversion.value(raw)) == raw


@pytest.mark.parametrize(
    ("raw", "value", "text"),
    [(0x12, "taken", "taken"), (0x13, "13 (unknown)", "place 13 (unknown)"), (0x1A, "0x1A", "0x1A (no BCD)")],
)
def test_a_number_in_bcd_has_the_name_of_its_decimal_number(raw: int, value: str, text: str) -> None:
    assert (BcdNamed(PLACES, 2).value(raw), BcdNamed(PLACES, 2).text(raw)) == (value, text)


def test_a_name_whose_number_has_too_many_digits_is_refused() -> None:
    many = Enumeration("place", {100: "far"}, {}, {})
    with pytest.raises(EncodeError, match="no number of 2 digits"):
        BcdNamed(many, 2).raw("far")


@pytest.mark.parametrize(("raw", "text"), [(0, "none"), (0x12, "Door open"), (0x09, "9"), (0x1A, "0x1A (no BCD)")])
def test_the_code_of_a_fault_in_bcd_is_shown_by_its_meaning(raw: int, text: str) -> None:
    assert BcdErrorNumber(meanings={12: "Door open"}).text(raw) == text
