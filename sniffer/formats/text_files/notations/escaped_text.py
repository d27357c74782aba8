r"""Bytes that are printed as characters: strings of source code, and characters with their numbers after them.

In: a line. Out: the line with its bytes as pairs of hexadecimal digits. Strings are those of `strace` (`"\273\0Y"`) and
of loggers (`"\xBB\x00Y"`); `slsnif` prints characters with their numbers (`Y (089) <NUL> (000)`).
"""

import re

from sniffer.base.late_pattern import compile_late
from sniffer.formats.text_files.notations.coded_text import BYTE_BY_NAME

_STRING = compile_late(
    r"(?<![\w\\])(?P<quote>[\"'])(?=(?:[^\"'\\]++|(?!(?P=quote))[\"']|\\[^0-7x])*+\\[0-7x])"
    r"(?P<text>(?:[^\"'\\]++|(?!(?P=quote))[\"']|\\.)*+)(?P=quote)(?:\.\.\.)?"
)
"""A string of source code, as `strace` prints bytes: those that are no characters are escapes."""

_SHORT_CODE = compile_late(r"\\x([0-9A-Fa-f])(?![0-9A-Fa-f])")
_JOINT = compile_late(r"(?<=\\x[0-9A-Fa-f]{2})\"\"(?=[0-9A-Fa-f])")
"""The quotes that Qt prints between a code and a character that might be a digit of it."""

_REPEATED = compile_late(r"(?:\"?, )?'([^'\\]|\\[0-7]{1,3}|\\.)' <repeats (\d{1,6}) times>(?:, \"?)?")
"""A character that `gdb` prints once for many, beside the strings before and after it."""

_MOST_REPEATED = 1 << 16
_RETURNED = compile_late(r"\)\s+= ([1-9]\d{0,8})(?=\s|$)")
_ONLY_CODES = compile_late(r"(?:\\x[0-9A-Fa-f]{2})+")
_PART = compile_late(r"\\x([0-9A-Fa-f]{2})|\\([0-7]{1,3})|\\(.)|([^\\])")
_LETTERS = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "e": 27}
_MOST_BYTE = 255
_SPACE, _DELETE = 0x20, 0x7F

_ONE_NUMBERED = r"(?:\\x[0-9a-f]{2}|<[A-Z][A-Z0-9]{1,4}>|[^\s()]|[()]) ?\((?:[0-2][0-9]{2}|[0-9a-f]{2})\)\s*"
_NUMBERED = compile_late(rf"(?:{_ONE_NUMBERED}){{2,}}|(?<=--> ){_ONE_NUMBERED}\Z")
"""Characters with their numbers after them. One alone is such after the arrow of `slsnif`."""

_BRACKETED = compile_late(r"(?:(?<=Recv: )|(?<=Send: ))(?:[ -~] \[[0-9a-f]{2}\] ?)+\s*\Z")
"""Characters with their numbers in brackets after them, as `avrdude` prints them."""

_TWICE = compile_late(r"\s{1,3}(?P<decimal>[0-9]{1,3}) \(0[xX](?P<hex>[0-9A-Fa-f]{1,2})\)")
_IN_BRACKETS = compile_late(r"([ -~]) \[([0-9a-f]{2})\]")

_MIXED = compile_late(r"(?<!\w)(?:0[xX][0-9A-Fa-f]{2}|'[ -~]')(?:[ ,]{1,2}(?:0[xX][0-9A-Fa-f]{2}|'[ -~]'))+(?!\w)")
"""Numbers and characters in quotes, as in `0xBB 0x00 '2' 0x06`."""

_MIXED_PART = compile_late(r"0[xX]([0-9A-Fa-f]{2})|'([ -~])'")
_ONE_SHOWN = r"(?:0[xX])?([0-9A-Fa-f]{2}) ?(?:\('?([^\t])'?\)|'([^\t])'|\[([^\t])\])"
_SHOWN = compile_late(rf"(?<![0-9A-Za-z])(?:{_ONE_SHOWN}[\s,]{{0,3}}){{2,}}")
"""Bytes with their characters after them: `BB(.) 32(2)`, `0x32('2')`."""

_SHOWN_BYTE = compile_late(_ONE_SHOWN)
_DECIMAL_CODES = compile_late(r"(?:\\[0-9]{3})+")
_DECIMAL_STRING = compile_late(r'"((?:[^"\\]|\\[0-9]{1,3}|\\[^0-9x])*)"')
_NAME = "|".join(sorted(BYTE_BY_NAME, key=len, reverse=True))
_DECIMAL_PART = compile_late(rf"\\([0-9]{{1,3}})|\\(?:({_NAME})|&)|\\(.)|([^\\])")
"""A number, the name of a control character, or a character. `\\&` ends a number in Haskell."""

_NUMBER = compile_late(r"\(([0-2][0-9]{2}|[0-9a-f]{2})\)")
_DECIMAL_DIGITS = 3


def find_string(line: str) -> re.Match[str] | None:
    r"""Return the string of a line that holds bytes; None without one.

    One that holds nothing but codes such as `\xBB` is read as such.
    """
    found = _STRING.search(_join_parts(line))
    return None if found is None or _ONLY_CODES.fullmatch(found["text"]) else found


def read_string(found: re.Match[str]) -> bytes:
    """Return the bytes of a string; none if it holds what is no byte."""
    numbers = []
    for code, octal, letter, character in _PART.findall(found["text"]):
        if letter:
            numbers.append(_LETTERS.get(letter, ord(letter)))
        else:
            numbers.append(int(code, 16) if code else int(octal, 8) if octal else ord(character))
    return bytes(numbers) if max(numbers, default=0) <= _MOST_BYTE else b""


def rewrite_strings(line: str) -> str:
    """Return a line with its strings as pairs of digits. Two spaces end them, as one more byte may seem to follow.

    A trace of calls may print a zero after the bytes, of which it returns the number.
    """
    call = _RETURNED.search(line)
    most = int(call[1]) if call else None
    return _STRING.sub(lambda found: f"{read_string(found)[:most].hex(' ') or found[0]}  ", _join_parts(line))


def _join_parts(line: str) -> str:
    """Return a line with two digits in each code, and without the quotation marks that Qt prints after some."""
    if "<repeats" in line:
        line = _REPEATED.sub(lambda found: found[1] * min(int(found[2]), _MOST_REPEATED), line)
    if '"' not in line or "\\x" not in line:
        return line
    return _JOINT.sub("", _SHORT_CODE.sub(r"\\x0\1", line))


def find_numbered(line: str) -> bytes:
    """Return the characters of a line that have their numbers after or before them; none if it has no such."""
    if "'" in line and (mixed := _MIXED.search(line)):
        return _parse_mixed(mixed[0])
    if ("(" in line or "'" in line or "[" in line) and (shown := _SHOWN.search(line)):
        return _parse_shown(shown[0])
    if found := _BRACKETED.search(line):
        return _parse_bracketed(found[0])
    if twice := _TWICE.search(line):
        return _parse_twice(twice)
    found = _NUMBERED.search(line)
    return _parse_numbered(found[0]) if found and not line[found.end() :].strip() else b""


def rewrite_numbered(line: str) -> str:
    """Return a line with its characters that have their numbers after or before them as pairs of digits."""
    if "'" in line:
        line = _MIXED.sub(lambda found: _parse_mixed(found[0]).hex(" ") or found[0], line)
    line = _SHOWN.sub(lambda found: f"{_parse_shown(found[0]).hex(' ') or found[0]} ", line)
    if found := _BRACKETED.search(line):
        return f"{line[: found.start()]}{_parse_bracketed(found[0]).hex(' ') or found[0]}"
    line = _TWICE.sub(lambda found: f": {_parse_twice(found).hex()}" if _parse_twice(found) else found[0], line)
    return _NUMBERED.sub(lambda found: _parse_numbered(found[0]).hex(" "), line)


def read_decimal(line: str) -> bytes:
    """Return the bytes of a line that are decimal numbers after backslashes, alone or in a string; none if they may be
    octal.
    """
    found = _DECIMAL_STRING.search(line)
    data = _parse_decimal_string(found) if found and _has_decimal(found[1]) else b""
    found = None if data else _DECIMAL_CODES.search(line)
    return _parse_decimal_codes(found) if found and _has_decimal(found[0]) else data


def rewrite_decimal(line: str) -> str:
    """Return a line with decimal numbers after backslashes, or strings with them, as pairs of digits."""
    line = _DECIMAL_STRING.sub(lambda found: f"{_parse_decimal_string(found).hex(' ') or found[0]}  ", line)
    return _DECIMAL_CODES.sub(lambda found: _parse_decimal_codes(found).hex(" ") or found[0], line)


def _has_decimal(text: str) -> bool:
    """Return True if a number of three digits after a backslash has one that no octal number has."""
    codes = (code for code, *_ in _DECIMAL_PART.findall(text) if len(code) == _DECIMAL_DIGITS)
    return any("8" in code or "9" in code for code in codes)


def _parse_decimal_string(found: re.Match[str]) -> bytes:
    """Return the bytes of a string with decimal numbers after backslashes; none if it has no such number, or a
    character that is no byte.
    """
    parts = _DECIMAL_PART.findall(found[1])
    numbers = [
        int(code) if code else BYTE_BY_NAME[name] if name else _LETTERS.get(letter) or ord(character or letter)
        for code, name, letter, character in parts
        if code or name or letter or character
    ]
    is_all_bytes = max(numbers, default=0) <= _MOST_BYTE
    return bytes(numbers) if is_all_bytes and any(code for code, *_ in parts) else b""


def _parse_decimal_codes(found: re.Match[str]) -> bytes:
    """Return the bytes of decimal numbers after backslashes; none if one of them is no byte."""
    numbers = [int(one) for one in found[0].split("\\")[1:]]
    return bytes(numbers) if max(numbers) <= _MOST_BYTE else b""


def _parse_bracketed(text: str) -> bytes:
    """Return the numbers after the characters of a text; none if a character has another number."""
    pairs = _IN_BRACKETS.findall(text)
    data = bytes.fromhex("".join(digits for _, digits in pairs))
    shown = (chr(byte) if _SPACE <= byte < _DELETE else "." for byte in data)
    return data if all(one == character for one, (character, _) in zip(shown, pairs, strict=True)) else b""


def _parse_mixed(text: str) -> bytes:
    """Return the bytes of characters in quotes among numbers; none if there are only characters or numbers."""
    parts = _MIXED_PART.findall(text)
    data = bytes(ord(character) if character else int(digits, 16) for digits, character in parts)
    return data if any(character for _, character in parts) and any(digits for digits, _ in parts) else b""


def _parse_shown(text: str) -> bytes:
    """Return the bytes that have their characters after them; none if one has another character."""
    pairs = [(int(digits, 16), "".join(shown)) for digits, *shown in _SHOWN_BYTE.findall(text)]
    is_shown = all(one == chr(byte) for byte, one in pairs if _SPACE <= byte < _DELETE)
    is_hidden = all(not one.isalnum() for byte, one in pairs if not _SPACE <= byte < _DELETE)
    return bytes(byte for byte, _ in pairs) if is_shown and is_hidden else b""


def _parse_twice(found: re.Match[str]) -> bytes:
    """Return the byte that is printed as a decimal number and after it in hexadecimal; none if they differ."""
    number = int(found["hex"], 16)
    return bytes([number]) if number == int(found["decimal"]) else b""


def _parse_numbered(text: str) -> bytes:
    """Return the bytes of numbers beside their characters: decimal with three digits; none if one is no byte."""
    numbers = [int(one, 10 if len(one) == _DECIMAL_DIGITS else 16) for one in _NUMBER.findall(text)]
    return bytes(numbers) if max(numbers) <= _MOST_BYTE else b""
