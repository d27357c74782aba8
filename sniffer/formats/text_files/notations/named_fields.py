"""Frames as fields with names, and bytes with their places: `head=0xBB seq=0x0000 len=6 ..`, `rx[0]=0xBB`.

In: a line. Out: its bytes as pairs of hexadecimal digits. Other numbers have names as well, so fields are bytes only
where they make one frame of the charger, of which the check may be wrong. Bytes with places must count up.
"""

import re

from sniffer.base.late_pattern import compile_late
from sniffer.core.wire.frame import Frame, Noise, Reason
from sniffer.core.wire.links import ROUTES_IN_BYTES

_FIELD = r"[A-Za-z_]\w{0,31}\s?[:=]\s?(?:0[xX])?(?:[0-9A-Fa-f]{2}(?:[ -]?[0-9A-Fa-f]{2})*|[0-9])"
_FIELDS = compile_late(rf"(?<![\w:=]){_FIELD}(?:[\s,;|]{{1,3}}{_FIELD}){{2,}}(?![\w:=])")
_VALUE = compile_late(r"[:=]\s?(0[xX])?([0-9A-Fa-f]{2}(?:[ -]?[0-9A-Fa-f]{2})*|[0-9])(?!\w)")
_CHECK = compile_late(
    r"[\s,;|(\[]{1,4}(?:crc(?:16)?|fcs|checksum|check|chk)\s?[:=]?\s?(?:0x)?(?P<check>[0-9A-Fa-f]{4})(?!\w)",
    re.IGNORECASE,
)
"""The check of a frame after its name."""

_BEFORE_CHECK = compile_late(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{2}(?:[ ,:-]?[0-9A-Fa-f]{2}){4,}\Z")
_LONGEST = 2048
"""Characters of the bytes before a check."""

_NO_DIGIT = compile_late(r"[^0-9A-Fa-f]+")
_PLACED = compile_late(
    r"\[(?P<start>\d{1,4})\] = 0x[0-9A-F]{1,2}(?:, \[\d{1,4}\] = 0x[0-9A-F]{1,2}){3,}(?!\w)"
    r"|(?<!\w)(?P<name>[A-Za-z_]\w{0,15}?|)\[?(?P<first>\d{1,4})\]?\s?[=:]\s?(?:0[xX])?(?P<byte>[0-9A-Fa-f]{2})"
    r"(?:[\s,;]{1,3}(?P=name)\[?\d{1,4}\]?\s?[=:]\s?(?:0[xX])?[0-9A-Fa-f]{2}){3,}(?!\w)"
)
_PLACE = compile_late(r"(\d{1,4})\]?\s?[=:]\s?(?:0[xX])?([0-9A-Fa-f]{1,2})(?=\W|$)")


def find_fields(line: str) -> bytes:
    """Return the frame that the fields of a line make; none if they make no whole one."""
    if checked := _find_checked(line):
        return checked[0]
    found = _FIELDS.search(line)
    return _join(found) if found else b""


def rewrite_fields(line: str) -> str:
    """Return a line with the frame that its fields make as pairs of digits; as it is if they make none."""
    if checked := _find_checked(line):
        data, begin, end = checked
        return f"{line[:begin]}{data.hex(' ')}  {line[end:]}"
    found = _FIELDS.search(line)
    data = _join(found) if found else b""
    return f"{line[: found.start()]}{data.hex(' ')}  {line[found.end() :]}" if found and data else line


def find_placed(line: str) -> bytes:
    """Return the bytes of a line that have their places before them; none if the places do not count up."""
    found = _PLACED.search(line)
    return _order_bytes(found) if found else b""


def rewrite_placed(line: str) -> str:
    """Return a line with its bytes without their places, after the name of their buffer."""
    return _PLACED.sub(lambda found: _drop_places(found), line)


def _drop_places(found: re.Match[str]) -> str:
    data = _order_bytes(found)
    name = f"{found['name']}: " if found["name"] else ""
    return f"{name}{data.hex(' ')}" if data else found[0]


def _order_bytes(found: re.Match[str]) -> bytes:
    """Return bytes whose places are consecutive; none for others."""
    pairs = _PLACE.findall(found[0])
    first = int(found["first"] or found["start"])
    is_counted = [int(place) for place, _ in pairs] == [*range(first, first + len(pairs))]
    return bytes.fromhex("".join(digits.zfill(2) for _, digits in pairs)) if is_counted else b""


def _find_checked(line: str) -> tuple[bytes, int, int] | None:
    """Return the bytes and the check that stands after them as a field, and where both begin and end; None unless they
    make one valid frame.
    """
    check = _CHECK.search(line)
    found = _BEFORE_CHECK.search(line, max(0, check.start() - _LONGEST), check.start()) if check else None
    if check is None or found is None:
        return None
    data = bytes.fromhex(_NO_DIGIT.sub("", found[0]) + check["check"])
    return (data, found.start(), check.end()) if _kind_of(data) else None


def _join(found: re.Match[str]) -> bytes:
    """Return the values of fields one after the other if they make one frame; none for others.

    A length without a sign may be decimal.
    """
    values = _VALUE.findall(found[0])
    readings = [b"".join(_read(*value, is_decimal=is_decimal) for value in values) for is_decimal in (False, True)]
    kinds = [_kind_of(data) for data in readings]
    return next((readings[kinds.index(kind)] for kind in (True, False) if kind in kinds), b"")


def _read(sign: str, digits: str, *, is_decimal: bool) -> bytes:
    if is_decimal and not sign and digits.isdecimal() and len(digits) <= 2:
        return bytes([int(digits)])
    return bytes.fromhex(digits.replace("-", " ") if len(digits) > 1 else f"0{digits}")


def _kind_of(data: bytes) -> bool | None:
    """Return True if bytes are one frame of the charger, and False if its check is wrong; None for others."""
    from sniffer.core.wire.framer import Framer

    framer = Framer(ROUTES_IN_BYTES)
    first, *others = [*framer.feed(data), *framer.flush()]
    if others or (isinstance(first, Noise) and first.reason is not Reason.CRC):
        return None
    return isinstance(first, Frame)
