"""Texts in several encodings and times, both ways, whatever the bytes are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.base.errors import EncodeError
from sniffer.base.sanitize import printable
from sniffer.core.protocol.text_conversions import ENCODINGS, TIME_PARTS, EncodedText, EpochTime, PartsTime

usual = settings(max_examples=60, deadline=None)

PARTS = st.permutations([*TIME_PARTS]).flatmap(
    lambda letters: st.integers(1, len(letters)).map(lambda count: "".join(letters[:count]))
)


@usual
@given(st.sampled_from(ENCODINGS), st.sampled_from([b"\0", b" "]), st.binary(max_size=12), st.booleans())
def test_a_text_of_any_bytes_is_encoded_to_the_same_bytes(
    encoding: str, padding: bytes, data: bytes, is_sized: bool
) -> None:
    conversion = EncodedText(len(data) if is_sized else None, encoding, padding)
    shown = conversion.text(data)
    assert conversion.raw(shown) == data
    assert printable(shown) == shown


@usual
@given(PARTS, st.integers(0, 4000), st.booleans(), st.binary(min_size=12, max_size=12))
def test_a_time_of_any_bytes_is_encoded_to_the_same_bytes(
    parts: str, base_year: int, is_bcd: bool, data: bytes
) -> None:
    for letters in (parts, parts.replace("Y", "YY")):
        conversion = PartsTime(letters, base_year, is_bcd)
        assert conversion.raw(conversion.value(data[: conversion.size])) == data[: conversion.size]


@usual
@given(st.integers(1, 8), st.sampled_from(["big", "little"]), st.binary(min_size=8, max_size=8))
def test_seconds_of_any_bytes_are_encoded_to_the_same_bytes(size: int, order: str, data: bytes) -> None:
    conversion = EpochTime(size, "big" if order == "big" else "little")
    assert conversion.raw(conversion.value(data[:size])) == data[:size]


def test_a_character_with_two_codes_keeps_its_bytes() -> None:
    two_codes = bytes.fromhex("a2e3")
    assert EncodedText(2, "gbk").raw(EncodedText(2, "gbk").value(two_codes)) == two_codes


@pytest.mark.parametrize(
    ("conversion", "value", "message"),
    [
        (EncodedText(4, "latin-1"), "華", r"'華' is no text in latin-1"),
        (EncodedText(4, "utf-8"), r"\q", r"is no text in utf-8"),
        (EpochTime(4, "big"), "1 May", "'1 May' is no time as in 2024-05-01T12:30:00Z"),
        (EpochTime(1, "big"), "256", "'256' is no time"),
        (PartsTime("YM"), "2024-13", "'2024-13' is no time of year, month"),
        (PartsTime("YM"), "1999-12", "'1999-12' is no time of year, month"),
        (PartsTime("hm"), "noon", "'noon' is no time of hour, minute"),
    ],
)
def test_what_is_no_such_text_or_time_is_refused(
    conversion: EncodedText | EpochTime | PartsTime, value: str, message: str
) -> None:
    with pytest.raises(EncodeError) as caught:
        conversion.raw(value)
    assert message in str(caught.value)


def test_several_encoded_texts_fit_without_padding() -> None:
    assert EncodedText(None, "utf-8").raw("é") == b"\xc3\xa9"
    assert EncodedText(3, "gbk", b" ").raw("华") == b"\xbb\xaa "
