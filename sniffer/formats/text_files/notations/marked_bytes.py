"""Pairs of digits that have dots, bars or underscores between them, or their number before them.

In: a line. Out: the line with nothing but the pairs, separated by spaces. Dots are those of ESPHome (`55.AA.03 (3)`). A
number before the bytes, as in `RX 13 BB DD ..`, looks like one of them, so the whole text decides whether it counts.
"""

import re
from collections.abc import Sequence

from sniffer.base.late_pattern import compile_late
from sniffer.core.wire.links import PWRBOARD, ROUTES_IN_BYTES

_DOTTED = compile_late(
    r"(?<![\w.:-])(?:[0-9A-Fa-f]{2}(?:\.[0-9A-Fa-f]{2}){4,}|[0-9A-Fa-f]{2}(?:\.[0-9A-Fa-f]{2}){0,3}(?=\s\((?P<count>[1-5])\)))(?![\w.])"
)
"""Five pairs or more, as four may be an address, or fewer before their number."""

_GROUPED = compile_late(
    r"(?<!\w)(?:[0-9A-Fa-f]{2}){1,8}(?:_(?:[0-9A-Fa-f]{2}){1,8}){3,}(?!\w)|(?<![\w|])[0-9A-Fa-f]{2}(?:\|[0-9A-Fa-f]{2}){4,}(?![\w|])"
)
_SIGN = compile_late(r"[_|]")
_LETTER = compile_late(r"[A-Fa-f]")
_COUNTED = compile_late(
    r"(?P<before>.{0,70}?[A-Za-z>\]|](?:\s{1,8}\|?\s{0,8}|[,;]))"
    r"(?P<count>[0-9]{1,4})(?:(?P<bar>\s\||:)?\s{1,4}|[,;])(?P<bytes>[0-9A-Fa-f]{2}(?:\s?[0-9A-Fa-f]{2})*+)\s*+(?P<after>(?<=\s)[A-Za-z]{3,20}\s?[=:].*)?"
)


def find_dotted(line: str) -> bytes:
    """Return the bytes of a line with dots or bars between them, or underscores between groups of them; none if there
    are too few, or if they may be a number.
    """
    found = (_bytes_of(one) for one in _DOTTED.finditer(line) if _LETTER.search(one[0]))
    others = (bytes.fromhex(_SIGN.sub("", one[0])) for one in _GROUPED.finditer(line))
    return max(*found, *others, b"", b"", key=len)


def rewrite_dotted(line: str) -> str:
    """Return a line with spaces in place of the signs between its bytes."""
    line = _GROUPED.sub(lambda found: _SIGN.sub("", found[0]), line)
    return _DOTTED.sub(lambda found: _bytes_of(found).hex(" ") or found[0], line)


def are_counted(lines: Sequence[str]) -> bool:
    """Return True if each line that ends in bytes has their number before them.

    The numbers differ, or a frame of the charger begins after one.
    """
    found = [one for line in lines if (one := _COUNTED.fullmatch(line))]
    if not found or not all(map(_is_count, found)):
        return False
    data = [bytes.fromhex(one["bytes"]) for one in found]
    begins_frame = any(one.startswith(route.head) for one in data for route in ROUTES_IN_BYTES)
    is_long = max(map(len, data)) >= PWRBOARD.overhead
    return is_long and (len({len(one) for one in data}) > 1 or begins_frame)


def rewrite_counted(line: str) -> str:
    """Return a line without the number before its bytes."""
    found = _COUNTED.fullmatch(line)
    return f"{found['before']}{found['bytes']}  {found['after'] or ''}".rstrip() if found and _is_count(found) else line


def _is_count(found: re.Match[str]) -> bool:
    """Return True if the number is that of the bytes after it."""
    return int(found["count"]) == len("".join(found["bytes"].split())) // 2


def _bytes_of(found: re.Match[str]) -> bytes:
    """Return the bytes of pairs with dots; none if another number of them is printed after them."""
    data = bytes.fromhex(found[0].replace(".", " "))
    return data if found["count"] is None or len(data) == int(found["count"]) else b""
