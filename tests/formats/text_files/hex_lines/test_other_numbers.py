"""Numbers before bytes that are none."""

import pytest

from sniffer.formats.text_files.hex_lines.other_numbers import find_count, find_other_number

HEX = "BB DD DD "


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("13): BB", "13):"),
        ("0x20001000): BB", "0x20001000):"),
        ("[3] BB DD DD", "3] "),
        ("[8..16]", "8..16"),
        (f"[0x00007f1e3c7fe700] [debug] rx: {HEX * 3}", "0x00007f1e3c7fe700"),
    ],
)
def test_a_count_or_a_place_is_found(line: str, number: str) -> None:
    found = find_count(line, int(line.startswith("[")), may_be_counter=False)
    assert found
    assert found[0] == number


def test_a_count_in_brackets_is_that_of_the_bytes_after_it() -> None:
    assert find_count(f"[4] {HEX}", 1, may_be_counter=False) is None
    assert find_count("[0xaaeeee040101bf44] sent", 1, may_be_counter=False) is None


def test_the_number_of_a_message_stands_after_a_direction_only() -> None:
    assert find_count(f"000031-{HEX}", 0, may_be_counter=True)
    assert find_count(f"000031-{HEX}", 0, may_be_counter=False) is None


@pytest.mark.parametrize(
    ("line", "at", "is_other"),
    [
        ("0000fff1-0000-1000-8000-00805f9b34fb", 0, True),
        ("#aabbcc;", 1, True),
        ("RSSI: -60", 7, True),
        ("fe80::1", 0, True),
        ("AA:BB:CC:DD:EE:FF", 0, True),
        ("AA:BB:CC:DD:EE:FF:00", 0, False),
        (HEX, 0, False),
    ],
)
def test_an_identifier_an_address_and_a_colour_are_no_bytes(line: str, at: int, is_other: bool) -> None:
    assert (find_other_number(line, at, may_be_address=True) is not None) is is_other


def test_an_address_may_be_bytes_where_nothing_stands_before_it() -> None:
    assert find_other_number("AA:BB:CC:DD:EE:FF", 0, may_be_address=False) is None
