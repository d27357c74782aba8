"""The bytes of one row of a dump that prints numbers, or characters and escapes, as `od` and `hexdump` do.

In: the text after an offset, and how bytes are printed there. Out: the bytes, and the place after them; None if the
text is no such row. A number of more than one byte may have its low byte first, as in memory, or its high byte.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from sniffer.core.wire.checks import ByteOrder

CHARACTERS, BINARY, OCTAL, DECIMAL, HEXADECIMAL = 0, 2, 8, 10, 16
"""The bases of numbers. `CHARACTERS` stands for bytes that are printed as themselves or as escapes, as by `od -c`."""

_DIGITS = {BINARY: {1: 8}, OCTAL: {1: 3, 2: 6, 4: 11, 8: 22}, HEXADECIMAL: {2: 4, 4: 8, 8: 16}}
"""The digits of a number by its base and its size in bytes; decimal ones have no leading zeros."""

_MOST_DECIMAL = {1: 3, 2: 5, 4: 10, 8: 20}
_ESCAPES = {"\\0": 0, "\\a": 7, "\\b": 8, "\\t": 9, "\\n": 10, "\\v": 11, "\\f": 12, "\\r": 13}
_FIELD = 4
"""Characters of a byte of `od -c`: blanks, and the character, its escape or its octal number at the right."""


class NumberForm(NamedTuple):
    """The form of printed numbers: size in bytes, base, and True if the high byte comes first."""

    size: int
    base: int
    is_big: bool = False


class NumberRow(NamedTuple):
    """The bytes of a row, and the place in its text after them."""

    data: bytes
    end: int


def parse_numbers(text: str, form: NumberForm) -> NumberRow | None:
    """Return the bytes of a row of numbers; None if its text is anything else."""
    if form.base == CHARACTERS:
        return _parse_characters(text)
    pattern = _find_pattern(form.size, form.base)
    order: ByteOrder = "big" if form.is_big else "little"
    limit, parts, at = 256**form.size, [], 0
    while found := pattern.match(text, at):
        number = int(found[1], form.base)
        if not -limit // 2 <= number < limit:
            return None
        parts.append((number % limit).to_bytes(form.size, order))
        at = found.end()
    if form.base == HEXADECIMAL and (last := _match_last(text, at, form.size)):
        # `xxd -e` leaves the missing bytes of the last number blank.
        digits, at = last
        parts.append(int(digits, HEXADECIMAL).to_bytes(len(digits) // 2, order))
    data = b"".join(parts)
    rest = text[at:].strip()
    is_row = bool(data) and (not rest or (text[at : at + 2].isspace() and len(rest) <= len(data) + 2))
    return NumberRow(data, at) if is_row else None


@lru_cache(maxsize=32)
def _find_pattern(size: int, base: int) -> re.Pattern[str]:
    """Return the pattern of a number after blanks."""
    if base == DECIMAL:
        return re.compile(rf"\s*(-?[0-9]{{1,{_MOST_DECIMAL[size]}}})(?!\S)")
    digits = "[01]" if base == BINARY else "[0-7]" if base == OCTAL else "[0-9A-Fa-f]"
    return re.compile(rf"\s*(?:0[xX])?({digits}{{{_DIGITS[base][size]}}})(?!\S)")


def _match_last(text: str, at: int, size: int) -> tuple[str, int] | None:
    """Return the digits of a last number that is shorter than the others, and the place after it; None if it is not
    there. It ends where a whole one would.
    """
    end = at + 1 + 2 * size
    digits = text[at:end].strip()
    is_short = 0 < len(digits) < 2 * size and len(digits) % 2 == 0 and text[end : end + 1] in ("", " ")
    is_number = is_short and all(digit in "0123456789abcdefABCDEF" for digit in digits)
    return (digits, end) if is_number and text[at:end] == digits.rjust(end - at) else None


def _parse_characters(text: str) -> NumberRow | None:
    """Return the bytes of a row of `od -c`; None if a field is no character, escape or octal number."""
    data = bytearray()
    for at in range(0, len(text), _FIELD):
        field = text[at : at + _FIELD]
        token = field.lstrip(" ")
        if len(field) < _FIELD or len(token) == _FIELD:
            return None
        if token in _ESCAPES:
            data.append(_ESCAPES[token])
        elif len(token) <= 1 and token.isascii():
            data.append(ord(token or " "))
        elif len(token) == _FIELD - 1 and is_octal_byte(token):
            data.append(int(token, OCTAL))
        else:
            return None
    return NumberRow(bytes(data), len(text)) if data else None


def is_octal_byte(text: str) -> bool:
    """Return True if these three characters are a byte in octal."""
    return text[0] in "0123" and all(digit in "01234567" for digit in text)
