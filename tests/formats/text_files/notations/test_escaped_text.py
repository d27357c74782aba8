"""Bytes that are printed as characters."""

import pytest

from sniffer.formats.text_files.notations.escaped_text import (
    find_numbered,
    find_string,
    read_decimal,
    read_string,
    rewrite_decimal,
    rewrite_numbered,
    rewrite_strings,
)


@pytest.mark.parametrize(
    ("line", "data"),
    [
        (r'read(3, "\273\0Y\"\n", 5) = 5', b'\xbb\0Y"\n'),
        (r'<<< "\xBB\x00\e2Y"', b"\xbb\0\x1b2Y"),
        (r'"say \"hi\" \0"', b'say "hi" \0'),
        (r'"é\0"', b"\xe9\0"),
    ],
)
def test_a_string_of_source_code_is_read(line: str, data: bytes) -> None:
    found = find_string(line)
    assert found
    assert read_string(found) == data
    assert data.hex(" ") + "  " in rewrite_strings(line)


@pytest.mark.parametrize("line", ["", '"hello"', r'"\xBB\xDD"', r'rb"[^\t\x1b]"', r'"\""'])
def test_other_strings_hold_no_bytes_among_characters(line: str) -> None:
    assert find_string(line) is None


def test_what_is_no_byte_makes_no_string() -> None:
    found = find_string(r'"€\0"')
    assert found
    assert read_string(found) == b""
    assert rewrite_strings(r'"€\0"') == r'"€\0"  '


@pytest.mark.parametrize(
    ("line", "data"),
    [
        ("Device --> H (072) <NUL> (000) ( (040) ) (041) \\xbb (187) ", b"H\0()\xbb"),
        ("Host   --> H (48) <DEL> (7f) \xc4 (c4)", b"H\x7f\xc4"),
        ("H(072)E(069)", b"HE"),
        ("H (999) E (069)", b""),
        ("f (12) or", b""),
        ("H (072)", b""),
        ("Device --> H (072) ", b"H"),
    ],
)
def test_characters_have_their_numbers_after_them(line: str, data: bytes) -> None:
    assert find_numbered(line) == data
    if data:
        assert rewrite_numbered(line).endswith(data.hex(" "))


def test_decimal_numbers_after_backslashes_are_known_by_digits_that_octal_lacks() -> None:
    assert read_decimal(r"RX: \187\000") == b"\xbb\0"
    assert read_decimal(r"RX: \273\000") == b""
    assert read_decimal(r"RX: \999\000") == b""
    assert read_decimal(r'RX: "\187\0002\nY\""') == b'\xbb\x002\nY"'
    assert read_decimal(r'RX: "\187\31\0002\6Y"') == b"\xbb\x1f\x002\x06Y"
    assert read_decimal(r'RX: "\187\NUL\&2\ACK\SOH\SO\&H\n"') == b"\xbb\x002\x06\x01\x0eH\n"
    assert read_decimal(r'RX: "\273\0002Y"') == b""
    assert read_decimal(r'RX: "\273\09Y"') == b""
    assert read_decimal(r'RX: "\273\999"') == b""
    assert rewrite_decimal(r"RX: \187\000 \010") == "RX: bb 00 0a"
    assert rewrite_decimal(r"\999") == r"\999"


def test_a_character_that_stands_for_many_is_repeated() -> None:
    line = r"""$1 = "\273", '\000' <repeats 3 times>, "Y\006" """
    assert rewrite_strings(line).split()[2:] == ["bb", "00", "00", "00", "59", "06"]
