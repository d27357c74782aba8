"""Lines without bytes, and lines that hold several."""

import pytest

from sniffer.formats.text_files.line_parts import divide_line, is_beside_rows, is_mail_field, says_nothing


@pytest.mark.parametrize("line", ["uart-1: Start bit", "5-9 uart-1: 1", "const uint8_t f[] = {", "};", "// x", ""])
def test_bits_and_source_code_say_nothing(line: str) -> None:
    assert says_nothing(line)


@pytest.mark.parametrize("line", ["hello", "uart-1: BB", "x = 5"])
def test_other_lines_are_kept(line: str) -> None:
    assert not says_nothing(line)


def test_the_head_of_a_mail_has_times_of_its_own() -> None:
    assert is_mail_field("> Date: Thu, 15 Jan 2026 11:02:11 +0100")
    assert is_mail_field("Sent: Thursday, January 15, 2026 9:02:11 AM")
    assert is_mail_field("Gesendet: Donnerstag, 15. Januar 2026 11:02:11")
    assert not is_mail_field("Sent: 11:02:11 BB DD DD 32")


def test_columns_and_second_lines_are_beside_the_rows_of_a_dump() -> None:
    assert is_beside_rows("Offset(h) 00 01 02 03 04 05")
    assert is_beside_rows("        273 335 335")
    assert is_beside_rows("87654321  0011 2233 4455 6677 8899 aabb ccdd eeff  0123456789abcdef")
    assert not is_beside_rows("0000  bb dd")


def test_a_line_is_divided_at_codes_and_times() -> None:
    assert divide_line(r"RX: BB\nTX: DD\r\n", has_end_codes=True) == ["RX: BB", "TX: DD"]
    assert divide_line(r"RX: BB\nTX: DD", has_end_codes=False) == (r"RX: BB\nTX: DD",)
    assert divide_line("[00:00:01] BB [00:00:02] DD", has_end_codes=False) == ["[00:00:01] BB ", "[00:00:02] DD"]
