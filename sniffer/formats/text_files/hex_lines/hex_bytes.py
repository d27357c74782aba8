r"""Bytes in hexadecimal at a place of a line: pairs of digits in any of their forms, and source code.

In: a line and a place. Out: the bytes that stand there, and the place after them; None if there are none. What may be
the bytes once more as characters is left out.
"""

from typing import NamedTuple

from sniffer.base.late_pattern import compile_late
from sniffer.core.wire.links import PWRBOARD

PAIR = r"(?:0[xX]|\\x)?[0-9A-Fa-f]{2}[hHuU]?"
_BYTES = compile_late(rf"{PAIR}(?:(?:\s?[,;:]\s?|[ \t-])?{PAIR})*+(?![0-9A-Za-z_])[,;:]?")
PLAIN = compile_late(r"[ \t]*([0-9A-Fa-f]{2}(?: ?[0-9A-Fa-f]{2})*)[ \t]*")
"""The most frequent form, which `bytes.fromhex` reads as it is."""

_NO_DIGIT = compile_late(r"0[xX]|[^0-9A-Fa-f]+")
_MORE = r"(?<=\s)-\s(?=[0-9A-Fa-f]{2}(?:\s|$))"
_TAIL = compile_late(
    rf"\s*(?:$|{_MORE}|[ \t]{{2,}}.|\t|#(?![0-9A-Fa-f]{{2}})|[|>'\"`*\\(){{}}\[\]<]|/(?!\w)|(?<=\s)/(?!\d)|;|\.\.\."
    r"|(?:0x {2},? ?)+$)"
)
"""The text that may stand after the bytes: nothing, a comment, a count, or after two spaces the bytes as characters.

`hexdump -e` fills its last row with items that have no digits.
"""

_BRACKETED = compile_late(
    r" ?\[[0-9A-Fa-f]{2}(?: [0-9A-Fa-f]{2})+\](?: [0-9A-Fa-f]{2}(?![0-9A-Za-z]))*+(?=\s*(?:$|\[))"
)
"""A part of the bytes in brackets, as of the command or the check of a frame, and the bytes after it."""

_ELEMENT = compile_late(r"\s*[(\[{<\"']")
"""The next of a list whose elements are not all plain bytes."""

_GAP = compile_late(r"[ \t]{2,}|\s*\|\s*| - ")
_WIDE = compile_late(rf"{PAIR}(?P<gap>[ ]{{2,3}}){PAIR}(?:(?P=gap){PAIR})+\s*\Z")
"""Pairs of digits with the same spaces between them up to the end of the line, as QModMaster prints them."""


_WORD = compile_late(r"[\s,;:-]+[0-9A-Fa-f]*[G-Zg-z]")
_COMMENT = compile_late(r"/\*.*?(?:\*/|$)|//.*$")
_WORDS = compile_late(r"(?:0[xX](?:[0-9A-Fa-f]{8}|[0-9A-Fa-f]{4})\s*(?:,\s*|$)){2}")
"""Numbers of two or four bytes, which do not show the order of these."""

_QUOTED = compile_late(r"[\"']((?:\\x[0-9A-Fa-f]{2})+)[\"']")

FEWEST = PWRBOARD.overhead
"""The bytes of the shortest frame. Fewer may be words or numbers."""

_FIRST = frozenset("0123456789abcdefABCDEF\\ \t")
"""The first characters of bytes, or blanks before them."""

_SPACE, _DELETE = 0x20, 0x7F
_SIGNS = compile_late(r"\s*\|([^\w|]+)\|\s*|\s+([^\w\s])\2*\s*")
_HALF = 8
"""Bytes of one half of a usual row."""

_ROW_WIDTH = 4
"""Characters of a row for each byte: two digits, a space, and the byte as a character."""


class HexBytes(NamedTuple):
    """Bytes of a line, and the place after them."""

    data: bytes
    end: int


def parse_bytes(line: str, at: int) -> HexBytes | None:
    """Return the bytes at this place; None if they do not reach to the end of the line, to a comment, or to their
    characters.

    Bytes after a gap are part of the line, unless they are as many characters as bytes stand before them.
    """
    if line[at : at + 1] not in _FIRST:
        return None
    if row := _split_characters(line, at):
        return HexBytes(row, len(line))
    if wide := _WIDE.match(line, at):
        return HexBytes(_digits_of(wide[0]), wide.end())
    found = _BYTES.match(line, at)
    if found is None or not _TAIL.match(line, found.end()) or _WORDS.match(line, at):
        return None
    if found[0].endswith(",") and _ELEMENT.match(line, found.end()):
        return None
    data, end = _digits_of(found[0]), found.end()
    while gap := _GAP.match(line, end):
        found = _BYTES.match(line, gap.end())
        if found is None or not _TAIL.match(line, found.end()) or _are_characters(line, gap.end(), data):
            break
        data, end = data + _digits_of(found[0]), found.end()
    while bracketed := _BRACKETED.match(line, end):
        more = _digits_of(bracketed[0])
        if data.endswith(more):
            # A check is shown once more.
            break
        data, end = data + more, bracketed.end()
    return HexBytes(data, end)


def take_bytes(line: str, at: int, end: int) -> HexBytes | None:
    """Return the bytes at this place, whatever stands after them; None if there are none.

    Up to `end` there are pairs of digits. A word that begins like a byte may stand after them.
    """
    found = _BYTES.match(line, at)
    if found is None and not _WORD.match(line, end):
        return None
    end = found.end() if found else end
    return parse_bytes(line, at) or HexBytes(_digits_of(line[at:end]), end)


def shows_characters(line: str, at: int, data: bytes) -> bool:
    """Return True if what stands from this place on may be the characters of bytes before it."""
    shown = line[at:].lstrip(" \t|>*")
    # A bar or a blank may stand between their halves.
    texts = [shown[: len(data)], shown.replace("|", "")[: len(data)]]
    if shown[_HALF : _HALF + 1] == " ":
        texts.append((shown[:_HALF] + shown[_HALF + 1 :])[: len(data)])
    return any(_agree(text, data) and _hides_others(text, data) for text in texts) or _are_signs(line[at:], data)


def _are_signs(text: str, data: bytes) -> bool:
    """Return True if a text is as many signs as there are bytes, none of which has a character."""
    found = _SIGNS.fullmatch(text)
    if found is None or any(_SPACE <= byte < _DELETE for byte in data):
        return False
    return len((found[1] or found[0]).replace(" ", "")) == len(data)


def _hides_others(text: str, data: bytes) -> bool:
    """Return True if no letter or digit of ASCII stands for a byte that is not printable."""
    zero = _zero_of(text)
    others = ((one, byte) for one, byte in zip(text, data, strict=True) if not _SPACE <= byte < _DELETE)
    return not any(one.isascii() and one.isalnum() and (byte or one != zero) for one, byte in others)


def _zero_of(text: str) -> str:
    """Return the digit that stands for a zero byte: that of `hexyl`, which has signs beyond ASCII for others."""
    return "" if text.isascii() else "0"


def _are_characters(line: str, at: int, data: bytes) -> bool:
    """Return True if what stands after bytes may be their characters: as many, or with spaces the printable ones."""
    size = len(line.rstrip("|\t ")) - at
    may_have_spaces = len(data) < size <= 2 * len(data)
    text = line[at : at + size]
    # Pairs of digits with spaces between them are more bytes.
    is_other = " " in text and PLAIN.fullmatch(text) is not None and not _agree(text, data)
    return (size == len(data) and not is_other) or (
        may_have_spaces and _agree(line[at : at + size].replace(" ", ""), data)
    )


def _agree(text: str, data: bytes) -> bool:
    """Return True if these are the characters of these bytes: each that is printable, and a sign for the rest."""
    pairs = [*zip(text, data, strict=False)]
    shown = [one == chr(byte) for one, byte in pairs if _SPACE < byte < _DELETE]
    # A letter or digit in place of a sign is one of the next bytes, unless a program leaves out the eighth bit.
    zero = _zero_of(text)
    others = [(one, byte) for one, byte in pairs if one.isascii() and one.isalnum() and (byte or one != zero)]
    rest = [one == chr(byte & 0x7F) for one, byte in others]
    return len(text) == len(data) and bool(shown) and all(shown) and all(rest)


def _split_characters(line: str, at: int) -> bytes | None:
    """Return the bytes of a row whose characters follow after one space; None for other lines."""
    count, rest = divmod(len(line.rstrip()) - at, _ROW_WIDTH)
    begin = at + (_ROW_WIDTH - 1) * count
    if rest or count < FEWEST or (found := PLAIN.fullmatch(line, at, begin)) is None:
        return None
    data = bytes.fromhex(found[1])
    return data if len(data) == count and _agree(line[begin:].rstrip(), data) else None


def _digits_of(text: str) -> bytes:
    return bytes.fromhex(_NO_DIGIT.sub("", text))


def parse_code(line: str) -> tuple[int, HexBytes] | None:
    """Return where the bytes of a line of source code begin, and the bytes; None if it is none."""
    if "\\x" in line:
        parts = list(_QUOTED.finditer(line))
        data = b"".join(_digits_of(part[1]) for part in parts)
        return (parts[0].start(), HexBytes(data, parts[-1].end())) if parts else None
    if ("0x" not in line and "0X" not in line) or not ("{" in line or "[" in line or "," in line or "/" in line):
        return None
    body = _COMMENT.sub("", line).replace("(byte)", "")
    begin = max(body.rfind("{"), body.rfind("[")) + 1
    body = body[begin:].partition("}")[0].partition("]")[0].strip()
    found = _BYTES.fullmatch(body) if body[:2] in ("0x", "0X") and not _WORDS.match(body) else None
    return (begin, HexBytes(_digits_of(found[0]), len(line))) if found else None
