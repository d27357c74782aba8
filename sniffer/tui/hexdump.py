"""Bytes as people read them: offset, hex and ASCII, with some of them marked.

In: bytes and a range of them. Out: lines. The marked bytes stand between brackets, so that they are found without
colour as well.
"""

from textual.content import Content

MARKED = "bold reverse $accent"
_SIZES = (32, 16, 8, 4)


def bytes_a_line(width: int, size: int) -> int:
    """How many bytes a line of this width holds; the offset's width depends on how many there are."""
    for count in _SIZES:
        if _offset_digits(size) + 2 + count * 3 + 1 + count <= width:
            return count
    return _SIZES[-1]


def dump(raw: bytes, start: int, end: int, count: int) -> list[Content]:
    """All lines, `count` bytes in each, with the bytes from `start` up to `end` marked."""
    digits = _offset_digits(len(raw))
    return [_line(raw, at, count, digits, start, end) for at in range(0, len(raw), count)]


def _line(raw: bytes, at: int, count: int, digits: int, start: int, end: int) -> Content:
    last = min(at + count, len(raw))
    hexes: list[str | tuple[str, str]] = []
    chars: list[str | tuple[str, str]] = []
    for index in range(at, at + count):
        is_marked = start <= index < end and index < last
        hexes.append(_gap(index, start, end, is_first=index == at))
        if index < last:
            hexes.append((f"{raw[index]:02X}", MARKED if is_marked else ""))
            char = chr(raw[index]) if 0x20 <= raw[index] < 0x7F else "·"
            chars.append((char, MARKED if is_marked else "$quiet"))
        else:
            hexes.append("  ")
    closing = "]" if start < end and at < end <= last and (end == last) else " "
    return Content.assemble((f"{at:0{digits}X} ", "$faint"), *hexes, (closing, "bold $accent"), " ", *chars)


def _gap(index: int, start: int, end: int, *, is_first: bool) -> str | tuple[str, str]:
    """What stands before a byte: a bracket where the mark begins or ended, or goes on within it."""
    if start >= end:
        return " "
    if index == start:
        return ("[", "bold $accent")
    if index == end and not is_first:
        return ("]", "bold $accent")
    return (" ", MARKED) if start < index < end and not is_first else " "


def _offset_digits(size: int) -> int:
    return max(2, len(f"{max(0, size - 1):X}"))
