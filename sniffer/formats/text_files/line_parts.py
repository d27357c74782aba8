r"""Lines of hex text that hold no bytes of their own, and those that hold several lines.

In: a line. Out: whether it says nothing about the bytes, as the bits of a logic analyser, source code around an array,
or what stands beside the rows of a dump; and its parts, where a program printed codes for line ends.
"""

import re
from collections.abc import Sequence

from sniffer.base.late_pattern import compile_late

_BITS = compile_late(r"(?:\d+-\d+ )?uart-\d+: (?:[\w ]+: )?\"?(?:Start bit|Stop bit|Parity bit|Parity ok|[01])\"?")
"""The bits of a byte as a logic analyser prints them beside the byte."""

_CODE = compile_late(
    r"unsigned int \w+ = \d+;|[\s{}\[\]();,]*|\s*(?://|/\*|#include\b).*"
    r"|(?!char peer\d)[\w\s*]+\[\w*\]\s*=\s*\{?\s*(?:/[/*].*)?|[\s},;]*(?:/[/*].*)?"
)
"""The lines of source code around an array."""

_BELOW = " " * 7
"""The blanks in place of an offset before the second line of a row, in which `od` prints its bytes once more."""

_RULER = compile_late(
    r"\W*(?:offset\W*h?\W*)?0?0[ -]{1,3}0?1[ -]{1,3}0?2[ -]{1,3}0?3[ -]{1,3}0?4|87654321\s+0011 2233 4455",
    re.IGNORECASE,
)
"""The numbers of the columns of a dump; the second form is that of Emacs."""

_MAIL_FIELD = compile_late(
    r"[>\s]*(?:(?:Resent-)?Date|Sent|Received|Gesendet|Datum|Envoy[e\xe9]|Fecha|Inviato)\s?:.{0,200}?"
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*|[A-Z]?[a-z]+tag|lundi|mardi|mercredi|jeudi|vendredi),? "
)
"""A field of the head of a mail with its time, which is none of bytes."""

_END_CODE = compile_late(r"(?:\\r)*\\n|\\r|<br ?/?>")
"""A line end that a program printed as a code."""

_TIME_WITHIN = compile_late(r"(?<=[0-9A-Fa-f] )(?=\[\d\d:\d\d:\d\d[\].])")


def says_nothing(text: str) -> bool:
    """Return True for a line without bytes that need not be kept."""
    return _BITS.fullmatch(text) is not None or _CODE.fullmatch(text) is not None


def is_mail_field(text: str) -> bool:
    """Return True for a field of the head of a mail that holds its time."""
    return ":" in text and _MAIL_FIELD.match(text) is not None


def is_beside_rows(text: str) -> bool:
    """Return True for a line of a dump that is no row: its bytes once more, or the numbers of its columns."""
    return text.startswith(_BELOW) or _RULER.match(text) is not None


def divide_line(line: str, *, has_end_codes: bool) -> Sequence[str]:
    """Return the parts of a line that has times within, or with `has_end_codes` codes for line ends."""
    if has_end_codes and ("\\" in line or "<br" in line) and "\\x" not in line:
        parts = [part for part in _END_CODE.split(line) if part.strip("\"', ")]
        if len(parts) > 1:
            return parts
    return _TIME_WITHIN.split(line) if line.count("[") > 1 else (line,)
