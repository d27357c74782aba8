"""Each conversion both ways, at its edges: no number is changed by being shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.base.errors import EncodeError
from sniffer.core.protocol.conversions import Ascii, ErrorNumber, Hex, Named, Number, Plain
from sniffer.core.protocol.enumeration import Enumeration, Provenance

COLOURS = Enumeration("colour", {1: "Red", 2: "Green"}, {1: "", 2: ""}, dict.fromkeys((1, 2), Provenance.ASSUMED))


@pytest.mark.parametrize(
    ("conversion", "raw", "value", "text"),
    [
        (Number(), 0, 0, "0"),
        (Number(unit="V"), 9, 9, "9 V"),
        (Number(divisor=100, unit="V"), 22826, 228.26, "228.26 V"),
        (Number(divisor=100, unit="V"), 1, 0.01, "0.01 V"),
        (Number(divisor=10), 10, 1.0, "1.0"),
        (Number(divisor=2, unit="A"), 13, 6.5, "6.50 A"),
        (Number(divisor=4), 1, 0.25, "0.25"),
        (Number(divisor=20), 1, 0.05, "0.050"),
        (Number(), b"\x01\x00\x00", 65536, "65536"),
        (Number(), 123456789012345678, 123456789012345678, "123456789012345678"),
        (Named(COLOURS), 2, "Green", "Green"),
        (Named(COLOURS), 3, "3 (unknown)", "colour 3 (unknown)"),
        (Hex(6), 0x200208, "0x200208", "0x200208"),
        (Hex(6), b"\x10\x02\x0f", "0x10020F", "0x10020F"),
        (Hex(6), 5, "0x000005", "0x000005"),
        (Ascii(8), b"A1\0\0\0\0\0\0", "A1", "A1"),
        (Ascii(8), b"\0A\0\n\\\xe9\0\0", r"\x00A\x00\n\\\xe9", r"\x00A\x00\n\\\xe9"),
        (Ascii(2), bytes(2), "", ""),
        (Plain(), b"\x0a\xbc", "0abc", "0A BC"),
        (Plain(), b"", "", ""),
    ],
)
def test_a_raw_value_is_read_and_shown(conversion, raw, value, text):
    assert (conversion.value(raw), conversion.text(raw)) == (value, text)


@pytest.mark.parametrize("value", [1.7e308, -1.7e308, float("inf"), float("nan"), "12"])
def test_what_no_number_of_steps_can_hold_is_refused(value):
    with pytest.raises(EncodeError, match="number"):
        Number(100, "V").raw(value)


def test_names_convert_both_ways():
    assert [COLOURS.name_of(number) for number in (1, 2, 3)] == ["Red", "Green", "3 (unknown)"]
    assert [COLOURS.number_of(name) for name in ("Red", "gREEN", "3 (unknown)", "Blue", "3", "")] == [
        *[1, 2, 3],
        *[None, None, None],
    ]


@given(st.text("0123456789", min_size=1, max_size=18).map(int))
def test_a_whole_number_is_shown_to_its_last_digit(number):
    assert Number().text(number) == str(number)


@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 10, 100, 1000]))
def test_a_number_survives_its_value(number, divisor):
    conversion = Number(divisor)
    assert conversion.raw(conversion.value(number)) == number


@given(st.integers(0, 2**16 - 1))
def test_steps_of_a_hundredth_are_shown_exactly(number):
    assert Number(100).text(number) == f"{number // 100}.{number % 100:02}"


@given(st.binary(max_size=30))
def test_any_text_survives_its_value_and_is_printable(data):
    conversion = Ascii(30)
    shown = conversion.value(data.ljust(30, b"\0"))
    assert conversion.raw(shown) == data.ljust(30, b"\0")
    assert str(shown).isascii()
    assert str(shown).isprintable()


@given(st.integers(0, 2**24 - 1))
def test_any_code_survives_its_value(number):
    assert Hex(6).raw(Hex(6).value(number)) == number
    assert Hex(6).value(number.to_bytes(3, "big")) == Hex(6).value(number)


@given(st.integers(0, 2**64))
def test_any_number_survives_its_name(number):
    assert Named(COLOURS).raw(Named(COLOURS).value(number)) == number


@pytest.mark.parametrize(("raw", "text"), [(0, "none"), (3, "Door open"), (9, "9")])
def test_the_code_of_a_fault_is_shown_by_its_meaning_and_stays_a_number(raw: int, text: str) -> None:
    code = ErrorNumber(meanings={3: "Door open"})
    assert (code.text(raw), code.value(raw), code.raw(raw)) == (text, raw, raw)
