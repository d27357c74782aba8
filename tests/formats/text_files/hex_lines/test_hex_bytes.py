"""Bytes in hexadecimal at a place of a line, and what stands after them."""

from sniffer.formats.text_files.hex_lines.hex_bytes import (
    HexBytes,
    parse_bytes,
    parse_code,
    shows_characters,
    take_bytes,
)


def test_bytes_reach_to_the_end_or_to_what_may_stand_after_them() -> None:
    assert parse_bytes("RX BB DD", 3) == HexBytes(b"\xbb\xdd", 8)
    assert parse_bytes("BB DD  (2)", 0) == HexBytes(b"\xbb\xdd", 5)
    assert parse_bytes("BB DD deadlock", 0) is None
    assert take_bytes("BB DD were sent", 0, 5) == HexBytes(b"\xbb\xdd", 5)
    assert take_bytes("BB, DEFAULT", 0, 2) == HexBytes(b"\xbb", 2)


def test_bytes_of_source_code_begin_at_their_quotation_mark() -> None:
    assert parse_code(r'puts("\xbb\xdd");') == (5, HexBytes(b"\xbb\xdd", 15))
    assert parse_code("{ 0xBB, 0xDD };") == (1, HexBytes(b"\xbb\xdd", 15))
    assert parse_code("BB DD") is None


def test_characters_are_known_by_the_bytes() -> None:
    assert shows_characters("61 62 00  |ab.|", 8, b"ab\0")
    assert shows_characters("61 62 63 64 65 66 67 68  69 00  |abcdefgh i. |", 30, b"abcdefghi\0")
    assert shows_characters("01 02  |..|", 7, b"\1\2")
    assert shows_characters("01 02    ..", 6, b"\1\2")
    assert not shows_characters("01 02    .:", 6, b"\1\2")
    assert not shows_characters("01 02  |...|", 7, b"\1\2")
    assert not shows_characters("61 62 00  |xy.|", 8, b"ab\0")
    assert shows_characters("61 01 00  |a\u25cf0|", 8, b"a\1\0")
    assert not shows_characters("61 01 00  |a.0|", 8, b"a\1\0")
    assert parse_bytes("00 00 00 00 00 00 35 00 00 ......5..", 0) == HexBytes(bytes.fromhex("000000000000350000"), 36)
    assert parse_bytes("00 00 00 00 00 00 35 00 00 00 00 50", 0) == HexBytes(
        bytes.fromhex("000000000000350000000050"), 35
    )
