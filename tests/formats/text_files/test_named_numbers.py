"""Numbers after names beside the bytes of frames."""

from sniffer.formats.text_files.hex_lines.hex_line import parse_hex_line
from sniffer.formats.text_files.named_numbers import find_data_names, find_name, may_be_number

FRAME = "AA EE EE 04 01 01 BF 44"


def names_of(*lines: str) -> tuple[str, ...]:
    return find_data_names(lines, [parse_hex_line(line) for line in lines])


def test_the_names_of_bytes_are_those_after_which_frames_stand() -> None:
    assert names_of("data: AA EE EE 04 01", "data: 01 BF 44", "source: 7f14fe9f") == ("data",)
    assert names_of(FRAME, "baud: 9600") == ("",)
    assert names_of(f"data: {FRAME}") == ()


def test_without_a_frame_every_name_may_be_that_of_bytes() -> None:
    assert names_of("data: AA EE", "source: 7f14fe9f") == ()


def test_a_name_is_the_word_before_the_last_colon() -> None:
    assert [find_name(text) for text in ("dataLen:  0006", "10:00:01 baud = 9600", "AA:BB", "7 data")] == [
        "dataLen",
        "baud",
        "",
        "",
    ]


def test_a_few_bytes_of_a_direction_are_no_number() -> None:
    found = [parse_hex_line(line) for line in ("source: 0006", "rx: 06", FRAME, '<trace port="COM3" baud="9600">')]
    assert [one is not None and may_be_number(one) for one in found] == [True, False, False, True]
