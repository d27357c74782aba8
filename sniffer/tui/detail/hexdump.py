"""Bytes as people read them: offset, hex and ASCII, with some of them marked.

In: bytes, a range of them, and which of them changed. Out: lines. The marked bytes stand between brackets, and before
a changed one is a `Δ`, so that they are found without colour as well.
"""

from collections.abc import Collection
from typing import NamedTuple

from textual.content import Content

MARKED = "bold reverse $accent"
AROUND = "bold on $chosen"
CHANGED = "Δ"
_SIZES = (32, 16, 8, 4)


def bytes_per_line(width: int, size: int) -> int:
    """How many bytes a line of this width holds; the offset's width depends on how many there are."""
    for count in _SIZES:
        if _offset_digits(size) + 2 + count * 3 + 1 + count <= width:
            return count
    return _SIZES[-1]


def find_byte(x: int, first: int, count: int, size: int) -> int | None:
    """Which byte stands in this cell of the line that begins with byte `first`, in hex or in ASCII; None: none does."""
    column = x - _offset_digits(size) - 1
    index = column // 3 if 0 <= column < count * 3 else column - count * 3 - 2
    return first + index if 0 <= index < min(count, size - first) else None


def draw_hexdump(
    raw: bytes,
    start: int,
    end: int,
    count: int,
    *,
    around: range = range(0),
    changed: Collection[int] = (),
) -> list[Content]:
    """All lines, `count` bytes in each, with the bytes from `start` up to `end` marked.

    Those `around` them are marked less, as the field that the chosen byte belongs to.
    """
    marks = _Marks(range(start, end), around, changed)
    digits = _offset_digits(len(raw))
    return [_line(raw, at, count, digits, marks) for at in range(0, len(raw), count)]


class _Marks(NamedTuple):
    chosen: range
    around: range
    changed: Collection[int]

    def style(self, index: int, plain: str) -> str:
        style = MARKED if index in self.chosen else AROUND if index in self.around else plain
        return f"{style} underline" if index in self.changed else style

    def gap(self, index: int, *, is_first: bool) -> str | tuple[str, str]:
        """What stands before a byte: a bracket where the mark begins or ended, or a sign that the byte changed."""
        chosen = self.chosen
        if chosen and index == chosen.start:
            return ("[", "bold $accent")
        if chosen and index == chosen.stop and not is_first:
            return ("]", "bold $accent")
        if index in self.changed:
            return (CHANGED, "bold $accent")
        goes_on = chosen and chosen.start < index < chosen.stop and not is_first
        return (" ", MARKED) if goes_on else " "


def _line(raw: bytes, at: int, count: int, digits: int, marks: _Marks) -> Content:
    last = min(at + count, len(raw))
    hexes: list[str | tuple[str, str]] = []
    chars: list[str | tuple[str, str]] = []
    for index in range(at, at + count):
        hexes.append(marks.gap(index, is_first=index == at))
        if index < last:
            hexes.append((f"{raw[index]:02X}", marks.style(index, "")))
            char = chr(raw[index]) if 0x20 <= raw[index] < 0x7F else "·"
            chars.append((char, marks.style(index, "$quiet")))
        else:
            hexes.append("  ")
    closing = "]" if marks.chosen and at < marks.chosen.stop == at + count else " "
    return Content.assemble((f"{at:0{digits}X} ", "$faint"), *hexes, (closing, "bold $accent"), " ", *chars)


def _offset_digits(size: int) -> int:
    return max(2, len(f"{max(0, size - 1):X}"))
