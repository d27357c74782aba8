"""The characters for the dissector are those that the codecs have and that are safe to show."""

from itertools import pairwise

from sniffer.base.sanitize import printable
from sniffer.commands.wireshark.text_tables import build_gbk_table, list_safe_latin, list_unsafe_limits


def test_limits_divide_safe_characters_from_others() -> None:
    limits = list_unsafe_limits()
    assert limits[:4] == [0x00, 0x20, 0x7F, 0xA1]
    for start, end in [*pairwise([*limits, 0x110000])][:400]:
        is_safe = limits.index(start) % 2 == 1
        for code in {start, end - 1}:
            assert (printable(chr(code)) == chr(code)) is is_safe


def test_latin_letters_are_safe_and_control_characters_are_not() -> None:
    safe = {code + 127 for code in list_safe_latin()}
    assert ord("é") in safe
    assert safe.isdisjoint({*range(128, 161), 0xAD})


def test_gbk_has_a_row_for_each_first_byte() -> None:
    rows = build_gbk_table()
    assert {len(row) for row in rows} == {4 * 191}
    assert len(rows) == 126
    first, second = "华".encode("gbk")
    row, at = rows[first - 0x81], 4 * (second - 0x40)
    assert row[at : at + 4] == f"{ord('华'):04X}"
    assert rows[0xA1 - 0x81][4 * (0xA1 - 0x40) :][:4] == "FFFF"  # the wide space
    assert row[4 * (0x7F - 0x40) :][:4] == "0000"
