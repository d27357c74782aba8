"""Bytes on a line without an end, and texts in any other form, are read alike however they are cut."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.core.wire.items import Chunks
from sniffer.formats.text_files.hex_flow import HexFlow
from sniffer.formats.text_files.text_reader import TextReader
from sniffer.formats.text_files.text_shape import TextShape, find_text_shape

FRAME = bytes.fromhex("BBDDDD3206592A596859AD6BBC")
HEADS = ["", FRAME.hex(" ") + " ", FRAME.hex(), "".join(f"[{byte:02x}]" for byte in FRAME)]
PARTS = ["x", "\r", "\n", "\r\n", "B", "[", "0x", "  ", "-", ":", "2023", "10:00:01 ", " Rx ", "\0", "\x1b[0m", "G1"]
DAMAGED = st.lists(st.sampled_from([*PARTS, "(13)", " |..2.Y|", "'", "{", "}", HEADS[1], HEADS[2]]), max_size=12)


def read(text: str, shape: TextShape, size: int) -> list[object]:
    """Return the items of a text that is read in pieces of this size, with the bytes of each tap and time joined."""
    reader, data = TextReader(shape), text.encode()
    items = [item for at in range(0, len(data), size) for item in reader.feed(data[at : at + size])]
    found: list[object] = []
    for item in [*items, *reader.finish()]:
        if not isinstance(item, Chunks):
            found.append(item)
            continue
        for piece, time in item.pieces:
            last = found[-1] if found else None
            if isinstance(last, tuple) and last[:2] == (item.tap, time):
                found[-1] = (*last[:2], last[2] + piece)
            else:
                found.append((item.tap, time, piece))
    return found


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(HEADS), DAMAGED, st.booleans(), st.sampled_from([1, 3, 7]))
def test_what_a_damaged_text_holds_does_not_depend_on_the_cuts(
    head: str, damaged: list[str], is_known: bool, size: int
) -> None:
    text = 3 * head + "".join(damaged)
    # A source finds the shape from the first bytes.
    shape = find_text_shape((3 * head if head and is_known else text).encode())
    if shape:
        assert read(text, shape, size) == read(text, shape, 1 << 16)


@pytest.mark.parametrize("size", [1, 2, 100])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("BB DD D", [b"\xbb\xdd", "D"]),
        ("[bb][dd][d", [b"\xbb\xdd", "d"]),
        ("0xBB,0xDD,0", [b"\xbb\xdd", "0"]),
        ("bbdddd3206592a59685", [FRAME[:9], "5"]),
        ("0xbbdddd3206592a5968", [FRAME[:9]]),
        ("bad news bb", ["bad", "news", b"\xbb"]),
        (f"{FRAME.hex()}xx{FRAME.hex()}", [FRAME, "xx", FRAME]),
        (f"{FRAME.hex()}{'x' * 20}{FRAME.hex()}", [FRAME, "x" * 16, "xxxx", FRAME]),
        ("", []),
    ],
)
def test_words_that_hold_no_bytes_are_kept(text: str, found: list[bytes | str], size: int) -> None:
    flow = HexFlow()
    read = [one for at in range(0, len(text), size) for one in flow.feed(text[at : at + size])]
    joined: list[bytes | str] = []
    for one in [*read, *flow.finish()]:
        if joined and isinstance(one, bytes) and isinstance(joined[-1], bytes):
            joined[-1] += one
        else:
            joined.append(one)
    assert joined == found


def test_bytes_are_returned_as_soon_as_they_are_whole() -> None:
    flow = HexFlow()
    assert flow.feed("BB DD D") == [b"\xbb\xdd"]
    assert flow.feed("D 3") == [b"\xdd"]
    assert flow.feed("2065") == []
    assert flow.feed("92a596859ad6bbc") == [bytes.fromhex("32065" + "92a596859ad6bbc")]
