"""Evidence that numbers of a text are bytes."""

import pytest

from sniffer.formats.text_files.byte_evidence import hold_bytes
from sniffer.formats.text_files.hex_lines.hex_line import parse_hex_line

FRAME = "AA EE EE 04 01 01 BF 44"
LONG = "01 02 03 04 05 06 07 0A"


def holds(*lines: str) -> bool:
    return hold_bytes(lines, lines, [parse_hex_line(line) for line in lines])


@pytest.mark.parametrize(
    "lines",
    [
        (FRAME, "a", "b", "c"),
        (LONG, LONG, "a word", "b", "c", "d"),
        ("BB", "00", "32"),
        ("RX: 06", "TX: 15", "a word"),
        ("byte: 06", "byte: 15", "byte: 0A"),
    ],
    ids=["frame", "long", "half", "directions", "one name"],
)
def test_bytes_are_many_or_alike_or_a_frame(lines: tuple[str, ...]) -> None:
    assert holds(*lines)


@pytest.mark.parametrize(
    "lines",
    [
        ("a word", "another"),
        (LONG, "a word", "b", "c"),
        ("one: 06", "two: 0A", "three: 15"),
        ("12 13 14 15", "19 20 21 22", "26 27 28 29"),
        ("Call Trace:", "AA BB CC DD EE FF 00 11", "AA BB CC DD EE FF 00 22"),
    ],
    ids=["words", "one line", "names", "decimal", "crash"],
)
def test_other_numbers_are_no_bytes(lines: tuple[str, ...]) -> None:
    assert not holds(*lines)
