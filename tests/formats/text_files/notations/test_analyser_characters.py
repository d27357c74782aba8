"""Bytes that the decoder of a logic analyser prints as characters."""

import pytest

from sniffer.formats.text_files.notations.analyser_characters import are_characters, rewrite_character

FRAME = bytes.fromhex("BBDDDD3206592A596859AD6BBC")
LINES = [f"uart-1: {chr(byte) if 32 <= byte < 127 else f'[{byte:02X}]'}" for byte in FRAME]


def test_lines_with_a_frame_are_characters() -> None:
    assert are_characters(LINES)
    assert not are_characters(LINES[:-1])
    assert not are_characters([*LINES, "hello"])
    assert not are_characters([f"uart-1: {byte:02X}" for byte in FRAME])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("uart-1: Y", "uart-1: 59"),
        ("uart-1: [BB]", "uart-1: BB"),
        ("10-20 uart-1: 2", "10-20 uart-1: 32"),
        ("uart-1:  ", "uart-1: 20"),
        ("uart-1:", "uart-1: 20"),
        ("uart-1: [", "uart-1: 5B"),
        ("uart-1: BB", "uart-1: BB"),
    ],
)
def test_a_line_has_one_byte(line: str, expected: str) -> None:
    assert rewrite_character(line) == expected
