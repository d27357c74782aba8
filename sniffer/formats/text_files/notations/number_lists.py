"""Lists of numbers, one for each byte: eight binary digits, three octal ones, decimal with or without a sign, or
hexadecimal without leading zeros.

In: the lines of a text. Out: the base of the numbers that are its bytes, and a line with them as pairs of hexadecimal
digits. All else of the line stays.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Sequence

from sniffer.base.late_pattern import compile_late
from sniffer.core.wire.links import PWRBOARD
from sniffer.formats.text_files.dumps.dump_numbers import BINARY, DECIMAL, HEXADECIMAL, OCTAL
from sniffer.formats.text_files.hex_lines.hex_line import parse_hex_line

_LISTS = compile_late(r"\]\s*,?\s*\[(?=\s*-?\d)")
"""The text between two lists of numbers."""

_BINARY_PREFIX = compile_late(r"(?<![0-9A-Za-z])0[bB](?=[01]{8}(?![01]))|\s?\(0[xX][0-9A-Fa-f]{2}\)")
"""The signs that may stand around a number of eight binary digits."""

_BITS = 8
_BITS_ONLY = compile_late(r"(?:[01]{8}){7,}")
"""The bits of bytes without a space between them."""

_NEXT = r"(?:\s?[,;]\s{{0,3}}|[ \t])"
_RUN = r"(?:(?<![\w.:/+-])|(?<=[A-Za-z]:)){number}(?:" + _NEXT + r"{number})*+"
_JOINED = compile_late(r"(?<![\w.:-])[0-9]{1,3}(?P<sep>[-.:])[0-9]{1,3}(?:(?P=sep)[0-9]{1,3}){3,}(?![\w.:-])")
"""Decimal numbers with signs between them, more than a date, a time or an address has."""

_PREFIXED_SHORT = compile_late(r"(?<![\w.])0[xX][0-9A-Fa-f]{1,2}(?:[ ,]{1,2}0[xX][0-9A-Fa-f]{1,2}){3,}(?=\s+[A-Za-z])")
"""Numbers after `0x` that words follow, as pymodbus prints them."""

_BINARY = compile_late(_RUN.format(number="[01]{1,8}"))
_DECIMAL = compile_late(_RUN.format(number="-?[0-9]{1,3}"))
_PAIRS_BEFORE = compile_late(r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{2}[ ,:-])+\Z")
"""Pairs of digits before a decimal number. With a letter in them, they and the number are in hexadecimal."""

_LONGEST_PAIRS = 1024
_SUFFIX = compile_late(r"(?<=[0-9])(?:uy|'?u8)(?=[\s,;\]|)])")
"""The type of a byte after its number, in F# and Nim."""

_OCTAL = compile_late(r"(?<!\\)" + _RUN.format(number="[0-3][0-7]{2}"))
_SHORT = compile_late(_RUN.format(number="(?:0[xX])?[0-9A-Fa-f]{1,2}"))
_END = compile_late(r"[\s,;|\])}>\"']*+\.?+(?:dtype=\w+\)?[\s,\])]*+)?|\]\s+[A-Za-z]+\s*")
_ALIGNED = compile_late(r"\s*+\[?\s*+[0-9]{1,3}(?:\s{1,7}[0-9]{1,3})++[\s\]]*+")
"""Numbers that are filled up with spaces, as numpy and MATLAB print them."""

_AMOUNT = compile_late(r"(?:bytes|count|length|size|offset)\s*[:=]\s*\Z", re.IGNORECASE)
_AMOUNT_AFTER = compile_late(
    r"(?<![\s,;(])[\s,;(]{1,8}(?:bytes?|count|len(?:gth)?|size)\s?[:=]\s?\d{1,6}\)?\s{0,8}\Z", re.IGNORECASE
)
_QUOTED_DIGITS = compile_late(r"([\"'])((?:0[xX])?[0-9A-Fa-f]{1,2})\1(?=\s*,|\s*\]|\s*\Z)")
_REPEATED = compile_late(r"((?:0[xX])?[0-9A-Fa-f]{1,3}) <repeats (\d{1,6}) times>")
"""A number that `gdb` prints once for many."""

_MOST_REPEATED = 1 << 16
_SPACES = compile_late(r"(?<=[0-9])\s{2,7}(?=[0-9])")
_SEPARATOR = compile_late(r"[\s,;]+")

_RUNS = {BINARY: _BINARY, DECIMAL: _DECIMAL, OCTAL: _OCTAL, HEXADECIMAL: _SHORT}

_FEWEST = PWRBOARD.overhead
"""The bytes of the shortest frame."""

_ANALYSER = "uart-"
"""The name of a decoder in a logic analyser. It may print the bits of a byte as well."""

_BIT = compile_late(r"\b(?:Start|Stop) bit\b")


def find_base(lines: Sequence[str]) -> int | None:
    """Return the base of the numbers that are the bytes of these lines; None if they have none."""
    for base in _RUNS:
        lists = _find_lists(lines, base)
        if lists and _IS_SHOWN[base](lists):
            return base
    return None


def rewrite_numbers(line: str, base: int) -> str:
    """Return a line with its numbers as pairs of digits; as it is if it has none, or an amount."""
    plain = _normalize_numbers(line, base)
    found = _find_run(plain, base)
    if found is None or _AMOUNT.search(plain, 0, found.start()):
        return line
    try:
        data = bytes(int(number, base) & 255 for number in _numbers_of(found))
    except ValueError:
        return line
    return f"{plain[: found.start()]}{data.hex(' ')}{plain[found.end() :]}"


def _find_lists(lines: Sequence[str], base: int) -> list[list[str]]:
    """Return the numbers of the lines that hold nothing else, as a line of hex text does; none if those are too few."""
    lists = []
    may_hold_bits = base == HEXADECIMAL or (base != BINARY and any(map(_BIT.search, lines)))
    for line in lines:
        found = _find_run(_normalize_numbers(line, base), base)
        numbers = _numbers_of(found) if found else []
        parsed = parse_hex_line(rewrite_numbers(line, base)) if found else None
        is_bit = may_hold_bits and parsed is not None and parsed.channel.startswith(_ANALYSER)
        if parsed and len(parsed.data) == len(numbers) and not is_bit:
            lists.append(numbers)
    longest, total = max(map(len, lists), default=0), sum(map(len, lists))
    long = [numbers for numbers in lists if len(numbers) > 1]
    if longest >= _FEWEST:
        return long
    return lists if total >= _FEWEST and 2 * len(lists) >= len(lines) else []


def _normalize_numbers(line: str, base: int) -> str:
    """Return a line with the lists in it as one, and without what stands around binary numbers."""
    if amount := _AMOUNT_AFTER.search(line):
        line = line[: amount.start()]
    if ", buffer: ArrayBuffer(" in line:
        line = line[: line.index(", buffer: ArrayBuffer(")]
    if "<repeats" in line:
        line = _REPEATED.sub(_repeat, line)
    if base == BINARY:
        if _BITS_ONLY.fullmatch(line):
            line = " ".join(line[at : at + _BITS] for at in range(0, len(line), _BITS))
        return _BINARY_PREFIX.sub("", line) if "0b" in line or "0B" in line else line
    if base == DECIMAL:
        line = _SUFFIX.sub("", line) if "u" in line else line
        line = _JOINED.sub(lambda found: found[0].replace(found["sep"], " "), line)
        line = _SPACES.sub(" ", line) if _ALIGNED.fullmatch(line) else line
    elif found := _PREFIXED_SHORT.search(line):
        line = line[: found.end()]
    elif "'" in line or '"' in line:
        line = _QUOTED_DIGITS.sub(r"\2", line)
    return _LISTS.sub(", ", line) if line.count("[") > 1 else line


def _repeat(found: re.Match[str]) -> str:
    """Return a number as often as a debugger says that it stands there."""
    return ", ".join([found[1]] * min(int(found[2]), _MOST_REPEATED))


def _find_run(line: str, base: int) -> re.Match[str] | None:
    """Return the numbers at the end of a line; None if it has none there."""
    runs = deque(_RUNS[base].finditer(line), maxlen=1)
    if not runs or not _END.fullmatch(line, runs[0].end()):
        return None
    pairs = _PAIRS_BEFORE.search(line, max(0, runs[0].start() - _LONGEST_PAIRS), runs[0].start())
    is_hexadecimal = base == DECIMAL and pairs is not None and any(map(str.isalpha, pairs[0]))
    return None if is_hexadecimal else runs[0]


def _numbers_of(found: re.Match[str]) -> list[str]:
    return _SEPARATOR.split(found[0])


def _is_binary(lists: Iterable[Sequence[str]]) -> bool:
    """Return True if a number has all its digits. Others may be without leading zeros."""
    return any(len(number) == _BITS for numbers in lists for number in numbers)


def _is_decimal(lists: Iterable[Sequence[str]]) -> bool:
    """Return True for numbers of bytes that are not hexadecimal, and not octal with three digits each."""
    texts = [number for numbers in lists for number in numbers]
    numbers = list(map(int, texts))
    if not -128 <= min(numbers) <= max(numbers) <= 255:
        return False
    has_all_digits = all(len(text) == 3 for text in texts)
    is_octal = has_all_digits and not any(digit in text for text in texts for digit in "89")
    return (min(numbers) < 0 or max(numbers) > 99) and not is_octal


def _is_octal(lists: Iterable[Sequence[str]]) -> bool:
    """Return True if a frame of the charger is in these numbers, as others have three digits, too."""
    from sniffer.formats.text_files.dumps.dump_form import count_frames

    return count_frames(bytes(int(number, OCTAL) for numbers in lists for number in numbers)) > 0


def _is_short(lists: Sequence[Sequence[str]]) -> bool:
    """Return True if a number has one digit, and one is not decimal.

    The first of a list may be a count of the others, and the last one may be cut off.
    """
    if all(len(numbers) == 1 for numbers in lists):
        lists = [[number for numbers in lists for number in numbers]]
    texts = [number for numbers in lists for number in numbers[1:-1]]
    is_hexadecimal = any(not text.isdecimal() for numbers in lists for text in numbers)
    return is_hexadecimal and any(len(text.lower().removeprefix("0x")) == 1 for text in texts)


_IS_SHOWN: dict[int, Callable[[Sequence[Sequence[str]]], bool]] = {
    BINARY: _is_binary,
    DECIMAL: _is_decimal,
    OCTAL: _is_octal,
    HEXADECIMAL: _is_short,
}
