"""The bytes of a frame after an arrow of the charger's log."""

import pytest

from sniffer.formats.text_files.printed_frame import drop_count, parse_printed_frame

FRAME = bytes.fromhex("BB00060B020000EF3B")
HEX = FRAME.hex(" ")


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("", HEX),
        ("[", f"9] {HEX}"),
        ("(", f"9 bytes): {HEX}"),
        ("[", str(list(FRAME))[1:]),
        ("['", str([f"{byte:02x}" for byte in FRAME])[2:]),
        (": ", repr(FRAME)),
    ],
)
def test_a_frame_is_read_in_any_form(before: str, text: str) -> None:
    assert parse_printed_frame(text, before) == FRAME


@pytest.mark.parametrize("text", ["", "timeout", f"8] {HEX}", "187, 0, 6]", f"{HEX} and more"])
def test_anything_else_is_none(text: str) -> None:
    assert parse_printed_frame(text, "[") is None


def test_a_count_stands_before_a_frame_of_its_size() -> None:
    assert drop_count(b"\x09" + FRAME) == FRAME
    for data in (b"\x08" + FRAME, FRAME, b"\x01\xcc", bytes([8]) + bytes(8)):
        assert drop_count(data) == data
