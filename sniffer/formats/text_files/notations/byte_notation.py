r"""The notation of bytes that a program prints otherwise than as two hexadecimal digits each.

In: the first lines of a text. Out: a `ByteNotation`. `rewrite` returns a line with its bytes as pairs of digits, for
`sniffer.formats.text_files.hex_lines.hex_line`; all else of the line stays.

A number of one digit shows that numbers have no leading zeros, and one of three digits that they are decimal, so the
whole text decides and not one line: `12 34` alone is hexadecimal.
"""

import ast
import binascii
import re
from collections.abc import Callable, Sequence
from enum import Enum, auto
from functools import partial
from itertools import islice

from sniffer.base.late_pattern import compile_late
from sniffer.core.wire.links import PWRBOARD
from sniffer.formats.text_files.dumps.dump_numbers import BINARY, DECIMAL, HEXADECIMAL, OCTAL
from sniffer.formats.text_files.hex_lines.hex_line import parse_hex_line
from sniffer.formats.text_files.hex_lines.line_parser import HexLineParser
from sniffer.formats.text_files.notations.analyser_characters import are_characters, rewrite_character
from sniffer.formats.text_files.notations.coded_text import find_coded, rewrite_coded, without_count
from sniffer.formats.text_files.notations.escaped_text import (
    find_numbered,
    find_string,
    read_decimal,
    read_string,
    rewrite_decimal,
    rewrite_numbered,
    rewrite_strings,
)
from sniffer.formats.text_files.notations.marked_bytes import (
    are_counted,
    find_dotted,
    rewrite_counted,
    rewrite_dotted,
)
from sniffer.formats.text_files.notations.memory_records import (
    is_intel_hex,
    is_s_records,
    read_intel_record,
    read_s_record,
)
from sniffer.formats.text_files.notations.named_fields import (
    find_fields,
    find_placed,
    rewrite_fields,
    rewrite_placed,
)
from sniffer.formats.text_files.notations.number_lists import find_base, rewrite_numbers

_LITERAL = compile_late(r"(?:bytearray\(|(?<!\w))b(?:'(?:[^'\\]|\\.)*+'|\"(?:[^\"\\]|\\.)*+\")\)?")
_BASE64 = compile_late(
    r"(?:^|[\s:=\"'>,(])((?:[A-Za-z0-9+/]{4}){2,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)"
    r"(?=[\"',;)\]}\s]*$|[\"'], ?\d{1,3}\),?\s*$)"
)
_LONG_HEX = compile_late(r"[0-9a-f]{24,}|[0-9A-F]{24,}")
"""A number in hexadecimal, which is no Base64."""

_FEWEST_BASE64 = 24
"""Characters of Base64 that are no word."""

_DIGITS = r"(?:0[xX][0-9A-Fa-f]|(?:0[xX])?[0-9A-Fa-f]{2}(?: ?[0-9A-Fa-f]{2})*+)"
_ENCLOSED = compile_late(
    rf"(?:\b[xX](?=\"))?(?P<open>[\[<({{'\"$]){_DIGITS}(?P<shut>[\]>)}}'\"]?)"
    rf"(?:\s*+(?:,\s*+)?(?:\S(?=\()|[xX](?=\"))?(?P=open){_DIGITS}(?P=shut)(?![0-9A-Za-z]))+"
)
_QUOTED_ALONE = compile_late(r"\s*[\"']([0-9A-Fa-f]{2})[\"']\s*")
"""The last byte of a list, which stands on a line of its own."""

_SIGNED = r"[0-9A-Fa-f]{1,2}(?:#(?!\$))?"
_PREFIXED = compile_late(
    r"(?<![0-9A-Za-z])(?:(?P<code>%|=|\\u00)[0-9A-Fa-f]{2}(?:(?P=code)[0-9A-Fa-f]{2})*+"
    rf"|(?P<sign>&[hH]|h|(?:B#)?16#|#\$|8'h){_SIGNED}(?:[ ,]{{0,2}}(?P=sign){_SIGNED})*+(?:,? _\Z)?"
    r"|(?P<order>DB|db)\s+(?:0?[0-9A-Fa-f]{1,2}[hH]|[0-9](?=\s?,))"
    r"(?:\s*,\s*(?:\d{1,3} dup\()?(?:0?[0-9A-Fa-f]{1,2}[hH]|[0-9])\)?)*+)"
    r"(?![0-9A-Za-z])"
)
"""Pairs of digits after a sign, as in addresses of pages, Visual Basic, JavaScript and controllers, or in assembly."""

_CLEAR_SIGNS = ("&H", "16#", "B#16#", "8'h")
_OPERAND = compile_late(r"(?:(\d{1,3}) dup\()?(?:0?([0-9A-Fa-f]{1,2})[hH]|([0-9]))\)?")

_COUNT_AT_END = compile_late(r"(?<=[0-9A-Fa-f] [0-9A-Fa-f]{2}[\])>}])[\[(<{]((?:[0-9]{2}){1,2})[\])>}]\Z")
_ENCLOSED_DIGITS = compile_late(r"0[xX]([0-9A-Fa-f])(?![0-9A-Fa-f])|(?:0[xX])?((?:[0-9A-Fa-f]{2})+)(?![0-9A-Za-z])")

_FEWEST = PWRBOARD.overhead
"""The bytes of the shortest frame."""

_MOST_LINES = 200
_QUOTED_SHORT = compile_late(r"([\"'])[0-9A-Fa-f]\1\s*,")
_FEWEST_ENCLOSED = 4


class ByteNotation(Enum):
    """The notation in which the bytes of a text are printed."""

    PAIRS = auto()
    """As two hexadecimal digits each."""
    LITERAL = auto()
    r"""As Python prints them: `b'\xbb2\x06'`."""
    ENCLOSED = auto()
    """As two hexadecimal digits each, enclosed or after a sign: `<BB><DD>`, `['0xbb', '0xdd']`, `$BB $DD`."""
    PREFIXED = auto()
    """As two hexadecimal digits each, after a sign: `%BB%DD`, `=BB=DD`, `&HBB, &HDD`, `\\u00bb`."""
    ESCAPED_DECIMAL = auto()
    """As three decimal digits each after a backslash, as Lua prints them."""
    BINARY = auto()
    """As eight binary digits each."""
    DECIMAL = auto()
    """As decimal numbers, with or without a sign."""
    OCTAL = auto()
    """As three octal digits each."""
    SHORT = auto()
    """As hexadecimal numbers without leading zeros: `BB 6 0`."""
    C_STRING = auto()
    r"""As strings of source code with escapes among characters: `"\273\0Y"`, `"\xBB\x00Y"`."""
    BASE64 = auto()
    """As Base64."""
    INTEL_HEX = auto()
    """As records of Intel HEX. Their addresses are left out."""
    S_RECORDS = auto()
    """As S-records of Motorola. Their addresses are left out."""
    NUMBERED = auto()
    """As characters or decimal numbers with their numbers after them: `Y (089) <NUL> (000)`, `187 (0XBB)`."""
    DOTTED = auto()
    """As two hexadecimal digits each, with dots, bars or underscores between: `BB.DD.32`, `BB|DD|32`, `BB_DD32`."""
    CODED = auto()
    """As characters, with codes for those that are not shown, outside of strings: `$BB$00Y`, `<BB><NUL>Y`."""
    COUNTED = auto()
    """As two hexadecimal digits each, after their number, which looks like one of them: `RX 13 BB DD`."""
    PLACED = auto()
    """As two hexadecimal digits each, after their places: `rx[0]=0xBB, rx[1]=0x32`."""
    FIELDS = auto()
    """As fields with names, which make a frame: `head=0xBB seq=0x0000 len=6 ..`."""
    CHARACTERS = auto()
    """As one character a line, or as two hexadecimal digits in brackets: `uart-1: Y`, `uart-1: [BB]`."""


def find_notation(lines: Sequence[str]) -> ByteNotation:
    """Return how the bytes of these lines are printed."""
    if any("\\x" in found[0] for line in lines if (found := _LITERAL.search(line)) and _parse_literal(found)):
        return ByteNotation.LITERAL
    if any(len(read_decimal(line)) >= _FEWEST for line in lines if "\\" in line):
        return ByteNotation.ESCAPED_DECIMAL
    if any(len(read_string(found)) >= _FEWEST for line in lines if (found := find_string(line))):
        return ByteNotation.C_STRING
    if sum(len(find_numbered(line)) for line in lines) >= _FEWEST:
        return ByteNotation.NUMBERED
    prefixed = [found for line in lines for found in _PREFIXED.finditer(line)]
    single = sum(found["sign"] in _CLEAR_SIGNS for found in prefixed)
    if single >= _FEWEST or any(len(_parse_prefixed(found)) >= _FEWEST for found in prefixed):
        return ByteNotation.PREFIXED
    filled = list(islice(filter(str.strip, lines), _MOST_LINES))
    if any(len(find_placed(line)) >= _FEWEST for line in filled):
        return ByteNotation.PLACED
    if are_characters(filled):
        return ByteNotation.CHARACTERS
    has_short = any(map(_QUOTED_SHORT.search, lines))
    enclosed = (_parse_enclosed(found) for line in lines if (found := _ENCLOSED.search(line)))
    if not has_short and any(len(data) >= _FEWEST_ENCLOSED for data in enclosed):
        return ByteNotation.ENCLOSED
    if any(len(find_dotted(line)) >= _FEWEST for line in lines if "." in line or "_" in line or "|" in line):
        return ByteNotation.DOTTED
    if is_intel_hex(filled):
        return ByteNotation.INTEL_HEX
    if is_s_records(filled):
        return ByteNotation.S_RECORDS
    if _holds_base64(filled):
        return ByteNotation.BASE64
    if are_counted(filled):
        return ByteNotation.COUNTED
    if base := find_base(filled):
        return next(notation for notation, one in _BASES.items() if one == base)
    return ByteNotation.FIELDS if any(map(find_fields, filled)) else ByteNotation.PAIRS


def is_coded(lines: Sequence[str], notation: ByteNotation) -> bool:
    """Return True if more frames of the charger are in characters and codes of these lines than in this notation.

    The lines have all their characters as they were printed.
    """
    from sniffer.formats.text_files.dumps.dump_form import count_frames

    coded = b"".join(found.data for line in lines if (found := find_coded(line)))
    if not coded or not (frames := count_frames(coded)):
        return False
    parsed = (one for line in lines for one in HexLineParser().parse_all(rewrite(line, notation)))
    return frames > count_frames(b"".join(one.data for one in parsed))


def rewrite(line: str, notation: ByteNotation) -> str:
    """Return a line with its bytes as pairs of hexadecimal digits; as it is if it has none in this notation."""
    rewrite_line = _REWRITE.get(notation)
    return rewrite_line(line) if rewrite_line else line


def _rewrite_literal(line: str) -> str:
    """Return a line with the bytes of its literals as pairs of digits."""
    first = _LITERAL.search(line)
    if first and (data := _parse_literal(first)):
        line = f"{without_count(line[: first.start()], len(data))}{line[first.start() :]}"
    return _LITERAL.sub(lambda found: (_parse_literal(found) or b"").hex(" ") or found[0], line)


def _rewrite_prefixed(line: str) -> str:
    """Return a line with its bytes after signs as pairs of digits. A colon says that one alone is a byte."""
    return _PREFIXED.sub(
        lambda found: f"{': ' if found['sign'] else ''}{_parse_prefixed(found).hex(' ')}",
        line,
    )


def _rewrite_enclosed(line: str) -> str:
    """Return a line with its enclosed bytes as pairs of digits."""
    alone = _QUOTED_ALONE.fullmatch(line)
    return alone[1] if alone else _ENCLOSED.sub(lambda found: _parse_enclosed(found).hex(" "), line)


def _rewrite_base64(line: str) -> str:
    """Return a line with the Base64 at its end as pairs of digits."""
    word = _BASE64.search(line)
    decoded = _decode_base64(word) if word else b""
    return f"{line[: word.start(1)]}{decoded.hex(' ')}" if word and decoded else line


def _rewrite_record(line: str, read_record: Callable[[str], bytes | None]) -> str:
    """Return the data of a record of memory as pairs of digits; the line as it is if it is no record."""
    record = read_record(line)
    return line if record is None else record.hex(" ")


def _parse_prefixed(found: re.Match[str]) -> bytes:
    """Return the bytes after signs, or the operands of an order of assembly."""
    if found["order"]:
        operands = _OPERAND.findall(found[0][len(found["order"]) :])
        return b"".join(bytes([int(number or digit, 16)]) * int(count or 1) for count, number, digit in operands)
    digits = (
        found[0].rstrip("_ ").replace(found["code"] or found["sign"], " ").replace("#", " ").replace(",", " ").split()
    )
    return bytes.fromhex("".join(one.zfill(2) for one in digits))


def _parse_enclosed(found: re.Match[str]) -> bytes:
    """Return the bytes of enclosed digits; a single digit is a byte too. The last item may be the number of bytes."""
    data = bytes.fromhex("".join(pairs or f"0{digit}" for digit, pairs in _ENCLOSED_DIGITS.findall(found[0])))
    count = _COUNT_AT_END.search(found[0])
    rest = data[: -(len(count[1]) // 2)] if count else b""
    return rest if count and len(rest) == int(count[1]) >= _FEWEST else data


def _holds_base64(lines: Sequence[str]) -> bool:
    """Return True if a frame of the charger is in what these lines hold as Base64, and none in them as they are."""
    from sniffer.formats.text_files.dumps.dump_form import count_frames

    data = b"".join(_decode_base64(found) for line in lines if (found := _BASE64.search(line)))
    if len(data) < _FEWEST or not count_frames(data):
        return False
    return not count_frames(b"".join(parsed.data for line in lines if (parsed := parse_hex_line(line))))


def _decode_base64(found: re.Match[str]) -> bytes:
    """Return the bytes of a word of Base64; none if it is an ordinary word."""
    word = found[1]
    if _LONG_HEX.fullmatch(word):
        return b""
    if len(word) < _FEWEST_BASE64 and word.isalpha() and word != found.string.strip(" \t\"',"):
        return b""
    try:
        return binascii.a2b_base64(word)
    except ValueError:
        return b""


def _parse_literal(found: re.Match[str]) -> bytes | None:
    """Return the bytes of a literal; None if it is none."""
    text = found[0].removeprefix("bytearray(").removesuffix(")")
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None
    return value if isinstance(value, bytes) else None


_BASES = {
    ByteNotation.BINARY: BINARY,
    ByteNotation.DECIMAL: DECIMAL,
    ByteNotation.OCTAL: OCTAL,
    ByteNotation.SHORT: HEXADECIMAL,
}

_REWRITE: dict[ByteNotation, Callable[[str], str]] = {
    ByteNotation.LITERAL: _rewrite_literal,
    ByteNotation.ENCLOSED: _rewrite_enclosed,
    ByteNotation.PREFIXED: _rewrite_prefixed,
    ByteNotation.BASE64: _rewrite_base64,
    ByteNotation.INTEL_HEX: partial(_rewrite_record, read_record=read_intel_record),
    ByteNotation.S_RECORDS: partial(_rewrite_record, read_record=read_s_record),
    ByteNotation.C_STRING: rewrite_strings,
    ByteNotation.ESCAPED_DECIMAL: rewrite_decimal,
    ByteNotation.NUMBERED: rewrite_numbered,
    ByteNotation.DOTTED: rewrite_dotted,
    ByteNotation.COUNTED: rewrite_counted,
    ByteNotation.CODED: rewrite_coded,
    ByteNotation.CHARACTERS: rewrite_character,
    ByteNotation.PLACED: rewrite_placed,
    ByteNotation.FIELDS: rewrite_fields,
    **{notation: partial(rewrite_numbers, base=base) for notation, base in _BASES.items()},
}
"""The functions that return a line with its bytes as pairs of digits, by its notation; `PAIRS` needs none."""
