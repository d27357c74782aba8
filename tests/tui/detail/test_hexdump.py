"""Bytes as people read them."""

import pytest

from sniffer.tui.detail.hexdump import AROUND, bytes_per_line, draw_hexdump, find_byte

RAW = bytes(range(0x41, 0x41 + 20))


def plain(start: int, end: int, count: int = 8) -> list[str]:
    return [line.plain for line in draw_hexdump(RAW, start, end, count)]


def test_a_line_has_offset_hex_and_ascii() -> None:
    assert plain(0, 0) == [
        "00  41 42 43 44 45 46 47 48  ABCDEFGH",
        "08  49 4A 4B 4C 4D 4E 4F 50  IJKLMNOP",
        "10  51 52 53 54              QRST",
    ]


@pytest.mark.parametrize(("start", "end"), [(0, 1), (3, 5), (6, 8), (8, 9), (19, 20), (0, 8), (12, 16)])
def test_mark_within_a_line(start: int, end: int) -> None:
    shown = "\n".join(plain(start, end))
    assert shown[shown.index("[") + 1 : shown.index("]")].split() == [f"{byte:02X}" for byte in RAW[start:end]]


def test_mark_over_lines_is_open_until_its_end() -> None:
    first, second, third = plain(6, 18)
    assert "[47 48" in first
    assert "]" not in first
    assert not set("[]") & set(second)
    assert "51 52]53" in third


def test_mark_at_the_end_of_a_short_line_closes_once() -> None:
    assert plain(18, 20)[2] == "10  51 52[53 54]             QRST"
    assert plain(14, 16)[1] == "08  49 4A 4B 4C 4D 4E[4F 50] IJKLMNOP"


def test_marked_bytes_are_coloured_in_both_halves() -> None:
    (line,) = draw_hexdump(b"ABCD", 1, 2, 8)
    marked = [line.plain[span.start : span.end] for span in line.spans if "reverse" in str(span.style)]
    assert marked == ["42", "B"]


def test_control_bytes_are_dots() -> None:
    (line,) = draw_hexdump(b"\x1b\x9b\x07A", 0, 0, 4)
    assert line.plain.endswith("···A")


@pytest.mark.parametrize(("width", "count"), [(10, 4), (36, 4), (37, 8), (68, 8), (69, 16), (200, 32)])
def test_as_many_bytes_as_fit(width: int, count: int) -> None:
    assert bytes_per_line(width, 100) == count


@pytest.mark.parametrize("size", [1, 256, 257, 5000])
@pytest.mark.parametrize("width", [37, 40, 69, 71, 133])
def test_lines_keep_to_the_width(width: int, size: int) -> None:
    count = bytes_per_line(width, size)
    assert count == 4 or all(line.cell_length <= width for line in draw_hexdump(bytes(size), 0, 2, count))


@pytest.mark.parametrize("count", [4, 8, 16, 32])
def test_every_byte_is_found_in_hex_and_in_ascii(count: int) -> None:
    for first in range(0, len(RAW), count):
        line = draw_hexdump(RAW, 0, 0, count)[first // count].plain
        hits: dict[int, list[str]] = {}
        for x in range(len(line) + 3):
            at = find_byte(x, first, count, len(RAW))
            if at is not None:
                hits.setdefault(at, []).append(line[x])
        assert list(hits) == [*range(first, min(first + count, len(RAW)))]
        for at, shown in hits.items():
            assert "".join(shown) == f" {RAW[at]:02X}{chr(RAW[at])}"


def test_changed_bytes_have_a_sign_and_a_line_under_them() -> None:
    (line,) = draw_hexdump(b"ABCD", 0, 0, 8, changed={1, 3})
    assert line.plain.startswith("00  41Δ42 43Δ44")
    underlined = [line.plain[span.start : span.end] for span in line.spans if "underline" in str(span.style)]
    assert underlined == ["42", "44", "B", "D"]


def test_brackets_go_before_the_sign_of_a_change() -> None:
    (line,) = draw_hexdump(b"ABCD", 1, 2, 8, changed={1, 2, 3})
    assert line.plain.startswith("00  41[42]43Δ44")


def test_bytes_around_the_chosen_one_are_marked_less() -> None:
    (line,) = draw_hexdump(b"ABCD", 1, 2, 8, around=range(3))
    assert line.plain.startswith("00  41[42]43 44")
    lit = [line.plain[span.start : span.end] for span in line.spans if str(span.style) == AROUND]
    assert lit == ["41", "43", "A", "C"]
