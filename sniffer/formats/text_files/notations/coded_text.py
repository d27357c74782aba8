r"""Bytes as characters without quotation marks, among which codes of two digits stand for those that are not shown.

In: a line. Out: the line with its bytes as pairs of hexadecimal digits. Each program has a sign of its own: `$BB$00Y`,
`<BB><NUL>Y`, `[BB][00]Y`, `{BB}{00}Y`, `%BB%00Y`, `\BB\00Y` or `\xBB\x00Y`. As any character may be a byte, nothing but
valid frames proves that a text is printed so.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from sniffer.base.late_pattern import compile_late

_NAMES = (
    "NUL,SOH,STX,ETX,EOT,ENQ,ACK,BEL,BS,HT,LF,VT,FF,CR,SO,SI,"
    "DLE,DC1,DC2,DC3,DC4,NAK,SYN,ETB,CAN,EM,SUB,ESC,FS,GS,RS,US,SP"
)
"""The names of the first characters of ASCII, in their order."""

BYTE_BY_NAME = {name: byte for byte, name in enumerate(_NAMES.split(","))} | {"TAB": 9, "DEL": 127}
_NAME = r"(?P<name>[A-Z][A-Z0-9]{1,2})"
_HEX = r"(?P<hex>[0-9A-Fa-f]{2})"
_LETTERS = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "e": 27, "s": 32, "0": 0}

_FORMS = (
    compile_late(rf"\\{{1,2}}(?:(?:x|u00){_HEX}|(?P<letter>[abefnrtv0\\\"']))"),
    compile_late(rf"\${_HEX}"),
    compile_late(rf"<(?:0x)?(?:{_HEX}|{_NAME})>"),
    compile_late(rf"\[(?:0x)?(?:{_HEX}|{_NAME})\]"),
    compile_late(rf"\{{(?:0x)?(?:{_HEX}|{_NAME})\}}"),
    compile_late(rf"%{_HEX}"),
    compile_late(r"\\(?:(?P<hex>[0-9A-F]{2})|(?P<letter>[snrtbf\\]))"),
)
"""The codes of each program."""

_CODE = compile_late(r"(?:\\(?:x|u00)?|\$|%|[<\[{](?:0x)?)[0-9A-Fa-f]{2}|[<\[{][A-Z][A-Z0-9]{1,2}[>\]}]")
_SHUTS = {'"': '"', "'": "'", "[": "]", "(": ")"}
_QUOTES = ('"', "'")
_WORD = compile_late(r"[^\x00-\x7f]\S{0,40}\Z")
_COUNT = compile_late(r"(?<!\s)\s{1,8}\(\d{1,5}(?: bytes)?\)\s{0,8}\Z")
_COUNT_BEFORE = compile_late(r"(?<=\s)\d{1,5}(?=\s{1,8}\Z)")
_FEWEST_CODES = 2


class CodedBytes(NamedTuple):
    """The bytes of a line, and where they begin and end in it."""

    data: bytes
    begin: int
    end: int


def find_coded(line: str) -> CodedBytes | None:
    """Return the bytes of a line that are characters and codes; None if it has not two codes, or one in quotes."""
    if not _CODE.search(line):
        return None
    found = max((list(form.finditer(line)) for form in _FORMS), key=_count_numbers)
    if not found:
        return None
    begin = found[0].start()
    if word := _WORD.search(line, 0, begin):
        # The first bytes are characters beyond ASCII.
        begin = word.start()
    shut = _SHUTS.get(line[begin - 1 : begin])
    if _count_numbers(found) < (1 if shut in _QUOTES else _FEWEST_CODES):
        return None
    count = _COUNT.search(line, found[-1].end())
    end = line.rfind(shut, found[-1].end()) if shut else -1
    end = end if end >= 0 else count.start() if count else len(line)
    data = _read(line, begin, end, found)
    return None if data is None else CodedBytes(data, begin, end)


def rewrite_coded(line: str) -> str:
    """Return a line with its characters and codes as pairs of digits; as it is if it has none."""
    found = find_coded(line)
    if found is None:
        return line
    return f"{without_count(line[: found.begin], len(found.data))}{found.data.hex(' ')}  {line[found.end :]}"


def without_count(before: str, count: int) -> str:
    """Return the text before bytes without the number at its end, if it is how many these are."""
    number = _COUNT_BEFORE.search(before)
    return before[: number.start()] if number and int(number[0]) == count else before


def _count_numbers(found: Sequence[re.Match[str]]) -> int:
    """Return how many codes are digits or the name of a character."""
    return sum(one.lastgroup == "hex" or BYTE_BY_NAME.get(one[0][1:-1]) is not None for one in found)


def _read(line: str, begin: int, end: int, codes: Sequence[re.Match[str]]) -> bytes | None:
    """Return the bytes between these places; None if a character is no byte."""
    data, at = bytearray(), begin
    try:
        for code in codes:
            data += _encode(line[at : code.start()])
            kind, text = code.lastgroup, code[code.lastgroup or 0]
            byte = int(text, 16) if kind == "hex" else _LETTERS.get(text, ord(text[0]))
            data.append(BYTE_BY_NAME[text] if kind == "name" else byte)
            at = code.end()
        return bytes(data + _encode(line[at:end]))
    except (KeyError, UnicodeEncodeError):
        return None


def _encode(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        # The characters that Windows has in place of control characters.
        return text.encode("cp1252")
