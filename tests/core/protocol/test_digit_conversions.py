"""Numbers in BCD and in text: their values, names and meanings, both ways, and what is no number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.base.errors import EncodeError
from sniffer.core.protocol.digit_conversions import (
    Bcd,
    BcdDigits,
    BcdErrorNumber,
    BcdNamed,
    DecimalErrorText,
    DecimalNamed,
    DecimalText,
    read_digits,
)
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


@pytest.mark.parametrize(
    ("raw", "value", "text", "number"),
    [
        (b"12", "taken", "taken", 12),
        (b" 012", "taken", "taken", 12),
        (b"-0", "free", "free", 0),
        (b"13", "13 (unknown)", "place 13 (unknown)", 13),
        (b"-12", "-12 (unknown)", "place -12 (unknown)", -12),
        (b"12.0", 12.0, "12.0", 12),
        (b"on", "on", "on (no number)", None),
        (b"  ", "  ", "-", None),
    ],
)
def test_a_whole_number_in_text_has_a_name(raw: bytes, value: str | float, text: str, number: int | None) -> None:
    named = DecimalNamed(PLACES, DecimalText())
    assert (named.value(raw), named.text(raw), named.whole_part(raw)) == (value, text, number)


@pytest.mark.parametrize(
    ("value", "size", "raw"),
    [
        ("taken", None, b"12"),
        ("taken", 4, b"0012"),
        ("13 (unknown)", None, b"13"),
        ("on", None, b"on"),
        (12.5, 4, b"12.5"),
    ],
)
def test_a_name_is_sent_as_its_number_in_text(value: str | float, size: int | None, raw: bytes) -> None:
    assert DecimalNamed(PLACES, DecimalText(size=size)).raw(value) == raw


@pytest.mark.parametrize(
    ("raw", "value", "text"),
    [
        (b"1F4", 250.0, "250 W"),
        (b" 0x001f4 ", 250.0, "250 W"),
        (b"ffffffffffff", (2**48 - 1) / 2, "140737488355328 W"),
        (b"1000000000000", "1000000000000", "1000000000000 (no number)"),
        (b"-1", "-1", "-1 (no number)"),
        (b"1.5", "1.5", "1.5 (no number)"),
        (b"0x", "0x", "0x (no number)"),
        (b"", "", "-"),
    ],
)
def test_a_number_in_text_may_be_hexadecimal(raw: bytes, value: str | float, text: str) -> None:
    conversion = DecimalText(2, "W", base=16)
    assert (conversion.value(raw), conversion.text(raw)) == (value, text)


def test_a_hexadecimal_number_in_text_is_sent_in_capital_letters() -> None:
    assert DecimalText(base=16).raw(500) == b"1F4"
    assert DecimalText(base=16, size=6).raw(500) == b"0001F4"
    assert DecimalText(2, base=16).raw(250.0) == b"1F4"
    assert DecimalNamed(PLACES, DecimalText(base=16)).raw("taken") == b"C"
    with pytest.raises(EncodeError, match="-1 is below zero"):
        DecimalText(base=16).raw(-1)


def test_a_name_whose_number_has_too_many_digits_is_refused() -> None:
    many = Enumeration("place", {100: "far"}, {}, {})
    with pytest.raises(EncodeError, match="no number of 2 digits"):
        BcdNamed(many, 2).raw("far")


@pytest.mark.parametrize(("raw", "text"), [(0, "none"), (0x12, "Door open"), (0x09, "9"), (0x1A, "0x1A (no BCD)")])
def test_the_code_of_a_fault_in_bcd_is_shown_by_its_meaning(raw: int, text: str) -> None:
    assert BcdErrorNumber(meanings={12: "Door open"}).text(raw) == text


@pytest.mark.parametrize(
    ("raw", "value", "text"),
    [
        (b"232.9", 232.9, "232.9 V"),
        (b"097", 97, "97 V"),
        (b"-12", -12, "-12 V"),
        (b"+00.50", 0.5, "0.50 V"),
        (b"  7 ", 7, "7 V"),
        (b"12.", 12.0, "12 V"),
        (b".5", 0.5, "0.5 V"),
        (b"-0.0", -0.0, "-0.0 V"),
        (b"123456789012345", 123456789012345, "123456789012345 V"),
        (b"1234567890123456", "1234567890123456", "1234567890123456 (no number)"),
        (b"1e5", "1e5", "1e5 (no number)"),
        (b"1.2.3", "1.2.3", "1.2.3 (no number)"),
        (b"\xb2", "\\xb2", "\\xb2 (no number)"),
        (b"-", "-", "- (no number)"),
        (b"", "", "-"),
        (b"   ", "   ", "-"),
    ],
)
def test_a_number_in_text_has_the_digits_that_were_sent(raw: bytes, value: float | str, text: str) -> None:
    conversion = DecimalText(unit="V")
    assert (repr(conversion.value(raw)), conversion.text(raw)) == (repr(value), text)


@pytest.mark.parametrize(
    ("conversion", "value", "raw"),
    [
        (DecimalText(size=5, places=1), 230, b"230.0"),
        (DecimalText(size=5, places=1), -2.25, b"-02.2"),
        (DecimalText(size=3), 97, b"097"),
        (DecimalText(size=3), -7, b"-07"),
        (DecimalText(size=6, padding=" "), 1.5, b"   1.5"),
        (DecimalText(), 230.0, b"230.0"),
        (DecimalText(), 0.1, b"0.1"),
        (DecimalText(multiplier=1000), 1234.0, b"1.234"),
        (DecimalText(divisor=10), 1.2, b"12"),
        (DecimalText(size=4), "N/A", b"N/A\0"),
        (DecimalText(), "0012.50", b"0012.50"),
    ],
)
def test_a_number_is_sent_as_text_of_its_form(conversion: DecimalText, value: float | str, raw: bytes) -> None:
    assert conversion.raw(value) == raw


@pytest.mark.parametrize(("value", "reason"), [(1000, "more than 3 digits"), (float("nan"), "no number"), (1e15, "15")])
def test_a_number_without_room_in_its_text_is_refused(value: float, reason: str) -> None:
    with pytest.raises(EncodeError, match=reason):
        DecimalText(size=3).raw(value)


@given(st.integers(-(10**9), 10**9), st.integers(0, 5), st.integers(12, 15), st.sampled_from("0 "))
def test_a_text_of_the_form_of_its_field_survives(number: int, places: int, size: int, padding: str) -> None:
    digits = f"{abs(number):0{places + 1}d}"
    plain = "-" * (number < 0) + digits[: len(digits) - places] + ("." + digits[-places:] if places else "")
    text = plain.zfill(size) if padding == "0" else plain.rjust(size)
    conversion = DecimalText(size=size, places=places, padding=padding)
    assert conversion.raw(conversion.value(text.encode())) == text.encode()


@given(
    st.from_regex(r"[+-]?[0-9]{1,8}(\.[0-9]{0,7})?", fullmatch=True),
    st.sampled_from([1, 1000]),
    st.sampled_from([1, 3, 10]),
)
def test_any_number_in_text_is_sent_as_an_equal_one(text: str, multiplier: int, divisor: int) -> None:
    conversion = DecimalText(divisor, "", multiplier)
    value = conversion.value(text.encode())
    assert isinstance(value, int | float)
    assert conversion.value(conversion.raw(value)) == value


@given(st.binary(max_size=12))
def test_what_is_no_number_in_text_survives(raw: bytes) -> None:
    conversion = DecimalText(size=12)
    value = conversion.value(raw.ljust(12, b"\0"))
    assert not isinstance(value, str) or conversion.raw(value) == raw.ljust(12, b"\0")


@pytest.mark.parametrize(("raw", "text"), [(b"00", "none"), (b"12", "Door open"), (b"9", "9"), (b"x", "x (no number)")])
def test_the_code_of_a_fault_in_text_is_shown_by_its_meaning(raw: bytes, text: str) -> None:
    assert DecimalErrorText(meanings={12: "Door open"}).text(raw) == text
