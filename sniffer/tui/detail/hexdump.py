"""A hex dump: offset, hex and ASCII, with some of the bytes marked.

In: bytes, a range to mark, and which bytes changed. Out: lines. The marked bytes stand between brackets, and a `Δ`
stands before each changed byte, so that both can be found without colour.
"""

from collections.abc import Collection
from typing import NamedTuple

from textual.content import Content

MARKED = "bold reverse $accent"
AROUND = "bold on $chosen"
CHANGED = "Δ"
_SIZES = (32, 16, 8, 4)


def bytes_per_line(width: int, size: int) -> int:
    """Return the number of bytes in a line of this width; that of offsets depends on `size`, the number of bytes."""
    for count in _SIZES:
        if _count_offset_digits(size) + 2 + count * 3 + 1 + count <= width:
            return count
    return _SIZES[-1]


def find_byte(x: int, first: int, count: int, size: int) -> int | None:
    """Return the index of the byte at cell `x`, in hex or in ASCII, or None if there is no byte.

    The line begins with byte `first` and holds `count` bytes; `size` is the number of all bytes.
    """
    column = x - _count_offset_digits(size) - 1
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
    """Return all lines, `count` bytes in each, with the bytes from `start` up to `end` marked.

    The bytes `around` them, such as the field that holds the chosen byte, are marked less strongly.
    """
    marks = _Marks(range(start, end), around, changed)
    digits = _count_offset_digits(len(raw))
    return [_format_line(raw, at, count, digits, marks) for at in range(0, len(raw), count)]


class _Marks(NamedTuple):
    """The marks in the bytes: the chosen part, the range around it, and the positions of the changed bytes."""

    chosen: range
    around: range
    changed: Collection[int]

    def style(self, index: int, plain: str) -> str:
        style = MARKED if index in self.chosen else AROUND if index in self.around else plain
        return f"{style} underline" if index in self.changed else style

    def gap(self, index: int, *, is_first: bool) -> str | tuple[str, str]:
        """Return the cell before a byte, with its style if it has one.

        The cell is a bracket where the chosen range begins or ends, else the sign of a change, else a space.
        """
        chosen = self.chosen
        if chosen and index == chosen.start:
            return ("[", "bold $accent")
        if chosen and index == chosen.stop and not is_first:
            return ("]", "bold $accent")
        if index in self.changed:
            return (CHANGED, "bold $accent")
        goes_on = chosen and chosen.start < index < chosen.stop and not is_first
        return (" ", MARKED) if goes_on else " "


def _format_line(raw: bytes, at: int, count: int, digits: int, marks: _Marks) -> Content:
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


def _count_offset_digits(size: int) -> int:
    return max(2, len(f"{max(0, size - 1):X}"))
