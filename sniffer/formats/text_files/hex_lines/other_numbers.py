"""Numbers before the bytes of a line that are no bytes: counts, places, addresses, identifiers and colours.

In: a line and a place in it. Out: the number that stands there; None without one.
"""

import re

from sniffer.base.late_pattern import compile_late
from sniffer.formats.text_files.hex_lines.hex_bytes import parse_bytes

_COUNTED = compile_late(r"\d{1,6}\):|0[xX][0-9A-Fa-f]{6,16}\):")
"""The count of the bytes after it or their address, in parentheses."""

_COUNT_IN_BRACKETS = compile_late(r"(?<=\[)(?P<count>\d{1,4})\]\s{1,4}(?=[0-9A-Fa-f]{2}(?:\s|$))")
_RANGE = compile_late(r"(?<=\[)\d{1,7}\.{2,3}=?\d{1,7}(?=\])")
"""The places of bytes in a buffer, as in `rx [8..16]: ..`."""

_HANDLE = compile_late(
    r"(?<=\[)0[xX](?:[0-9A-Fa-f]{8}){1,2}(?=\]\s.*[^0-9A-Za-z](?:[0-9A-Fa-f]{2}[ ,:-]?){6}[0-9A-Fa-f]{2})"
)
"""The number of a thread or of a connection, before the bytes."""

_COUNTER = compile_late(r"\d{3,6}(?:-|: ?)(?=[0-9A-Fa-f]{2} )")
"""The number of a message after its direction, in the log of Modbus Poll, or that of its bytes."""

_ADDRESS = compile_late(r"[0-9A-Fa-f]{2}(?P<sep>[:-])(?:[0-9A-Fa-f]{2}(?P=sep)){4}[0-9A-Fa-f]{2}(?![:0-9A-Fa-f-])")
"""The address of a device, as of Bluetooth."""

_IPV6 = compile_late(r"(?=[0-9A-Fa-f:]{2,39}::)(?:[0-9A-Fa-f]{1,4}::?){1,7}(?:[0-9A-Fa-f]{1,4}(?![:0-9A-Fa-f]))?")

_UUID = compile_late(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Fa-f-])")
_NEGATIVE = compile_late(r"(?<=[:=]\s-|\s[:=]-)[0-9]{1,6}(?=\s*(?:$|[A-Za-z%]))")
"""A negative number after its name."""

_SOURCE_LINE = compile_late(r"\d{1,5}(?=\s-\s)")
_SOURCE = compile_late(r"[A-Za-z_][\w.]*:[\w.<>]+:\Z")
"""The module and the function before the number of a line of source code, as in `uart:read:88 - BB DD`."""

_LONGEST_SOURCE = 80
_COLOR = compile_late(r"(?<=#)(?:[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})(?![0-9A-Za-z])")


def find_count(line: str, at: int, *, may_be_counter: bool) -> re.Match[str] | None:
    """Return the number at this place that counts the bytes after it or says their place; None if there is none.

    After a direction, it may be that of the message (`may_be_counter`).
    """
    if counted := _COUNTED.match(line, at) or (_COUNTER.match(line, at) if may_be_counter else None):
        return counted
    return _find_bracketed(line, at) if at and line.startswith("[", at - 1) else None


def _find_bracketed(line: str, at: int) -> re.Match[str] | None:
    """Return the number of the bytes after a bracket, their places in a buffer, or a number that is none of them; None
    if it is anything else.
    """
    number = _COUNT_IN_BRACKETS.match(line, at)
    found = parse_bytes(line, number.end()) if number else None
    is_count = found is not None and number is not None and len(found.data) == int(number["count"])
    return number if is_count else _RANGE.match(line, at) or _HANDLE.match(line, at)


def find_other_number(line: str, at: int, *, may_be_address: bool) -> re.Match[str] | None:
    """Return the identifier, the address or the colour at this place; None if there is none."""
    if line.startswith("-", at + 8) and (uuid := _UUID.match(line, at)):
        return uuid
    if line.startswith("#", at - 1) and at and (color := _COLOR.match(line, at)):
        return color
    if line.startswith("-", at - 1) and (negative := _NEGATIVE.match(line, at)):
        return negative
    if "::" in line and (address := _IPV6.match(line, at)):
        return address
    return _ADDRESS.match(line, at) if may_be_address else None


def find_source_line(line: str, at: int) -> re.Match[str] | None:
    """Return the number of a line of source code at this place, after its module and function; None without one."""
    if not (at and line.startswith(":", at - 1) and _SOURCE.search(line, max(0, at - _LONGEST_SOURCE), at)):
        return None
    return _SOURCE_LINE.match(line, at)
