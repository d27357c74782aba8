"""A check after the end of a frame: what one frame is, and where its bytes are."""

import pytest

from sniffer.core.wire.coding.checked_delimiter import CheckedDelimiter

LINE = CheckedDelimiter(b"\3", bytes_after=2)
DLE = CheckedDelimiter(b"\x10\3", 0x10, {0x10: 0x10}, b"\x10\2", bytes_after=1)


@pytest.mark.parametrize(
    ("data", "end"),
    [
        (b"\x02A\3\3\3\3", 5),
        (b"\x02A\3\3", 5),
        (b"\x02A\3", 5),
        (b"\x02A", 3),
        (b"\3\3\3", 0),
    ],
)
def test_the_check_is_waited_for_and_may_equal_the_end(data: bytes, end: int) -> None:
    assert LINE.find_end(data, 0, len(data)) == end


def test_only_the_content_before_the_end_is_escaped() -> None:
    raw = DLE.wrap(b"A\x10\x10\3\x10")
    assert raw == b"\x10\2A\x10\x10\x10\3\x10"
    assert DLE.find_end(raw + b"\2", 0, len(raw) + 1) == len(raw)
    assert DLE.unwrap(raw) == b"A\x10\x10\3\x10"
    assert DLE.locate(raw) == [2, 3, 5, 6, 7, 8]


def test_the_content_has_what_the_check_covers_of_the_end() -> None:
    part = CheckedDelimiter(b"\x10\3", 0x10, {0x10: 0x10}, b"\x10\2", bytes_after=1, uncovered=1)
    assert (part.covered, part.unwrap(part.wrap(b"A\x10\3\3"))) == (b"\3", b"A\x10\3\3")
    assert part.wrap(b"A\x10\3\3") == b"\x10\2A\x10\x10\x10\3\3"
    assert part.locate(part.wrap(b"A\x10\3\3")) == [2, 3, 6, 7, 8]
    none = CheckedDelimiter(b"\3", bytes_after=2, uncovered=1)
    assert (none.unwrap(b"A\3\3\3"), none.wrap(b"A\3\3"), none.locate(b"A\3\3\3")) == (
        b"A\3\3",
        b"A\3\3\3",
        [0, 2, 3, 4],
    )


def test_an_empty_content_is_one_and_a_wrong_escape_is_none() -> None:
    assert DLE.unwrap(b"\x10\2\x10\3A") == b"\x10\3A"
    assert DLE.unwrap(b"\x10\2\x10A\x10\3A") == b""
    assert DLE.unwrap(b"\x10\2A\x10\3") == b""
    assert DLE.has_ends(b"\x10\2A\x10\3A")
    assert not DLE.has_ends(b"\x10\2A\x10\3")


def test_a_run_of_ends_is_none() -> None:
    assert (LINE.opening, LINE.find_run_end(b"\3\3", 0, 2)) == (b"", 0)
    assert DLE.find_run_end(b"\x10\2\x10\2", 0, 4) == 4
