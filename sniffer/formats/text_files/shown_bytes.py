"""Decide which bytes of a log were on the wire. Bytes that a program shows again were not, nor were those of other
files; bytes that it left out were.

In: a line, and the bytes that were found in it. Out: whether they count, and how many more there were.
"""

from collections.abc import Sequence

from sniffer.base.late_pattern import compile_late
from sniffer.base.times import MILLISECOND, SECOND
from sniffer.formats.text_files.hex_lines.channel_words import is_received
from sniffer.formats.text_files.hex_lines.hex_bytes import FEWEST
from sniffer.formats.text_files.hex_lines.hex_line import HexLine
from sniffer.formats.text_files.named_numbers import find_name

_WORD = compile_late(r"(?<![0-9A-Za-z])[A-Za-z]*[G-WYZg-wyz][A-Za-z]*(?![0-9])")
"""A word that is neither a number in hexadecimal nor its sign."""

_ELIDED = compile_late(r"\.\.\. (\d{1,9}) more (?:bytes|items)")
_CUT_CALL = compile_late(r"\"\.\.\., \d+\)\s+= (\d{1,9})")
_OTHER_FILE = compile_late(r"\b(?:read|write)\(\d+(?:<(?!/dev/)[^<>]*>|, \"(?:\\177ELF|\\x7fELF|\\x7f\\x45\\x4c\\x46))")
"""A call that reads or writes another file than a port, such as a program."""

_FEWEST_AGAIN = 2
_SOON = SECOND
_AT_ONCE = 5 * MILLISECOND


class ShownBytes:
    """The bytes of the last lines of one log, as far as they may be shown again."""

    def __init__(self) -> None:
        self._last = b""
        """The bytes of the last line that named a direction."""
        self._text = ""
        self._before = HexLine(b"", None, "")
        """The first bytes of the line before, and its text."""

    @property
    def waits(self) -> bool:
        """True if the next lines may show the bytes of one before them again."""
        return bool(self._last)

    def keep(self, text: str, line: HexLine) -> None:
        """Keep the line before, which may be shown again."""
        self._before, self._text = line, text

    def may_name(self, text: str, line: HexLine) -> bool:
        """Return True if a line may name the direction of the bytes of the line before, or name it in other words."""
        before = self._before
        if not line.channel or line.data != before.data:
            return False
        if not before.channel:
            return has_words(self._text, before)
        is_other = before.channel != line.channel and has_words(text, line)
        return is_other and is_received(line.channel) is is_received(before.channel) is not None

    def are_shown_again(self, text: str, found: Sequence[HexLine], passed: int | None) -> bool:
        """Return True for a line that repeats bytes of the line before: without a direction, as programs that say what
        they do with a message or that name the same bytes twice, or after a line without one at the same time.
        `passed` is the time since then, None if it is not known.
        """
        first = found[0]
        if self._repeats(text, first, passed):
            return True
        if first.channel:
            self._last = b"".join(one.data for one in found)
            return False
        is_part = len(found) == 1 and len(first.data) >= _FEWEST_AGAIN and first.data in self._last
        if is_part and passed is not None and 0 <= passed <= _SOON and has_words(text, first):
            return True
        self._last = b""
        return False

    def _repeats(self, text: str, line: HexLine, passed: int | None) -> bool:
        """Return True if a line has the bytes of the previous line after another name, and keep it."""
        before, other, repeats = self._before, self._text, False
        if line.data == before.data and len(line.data) >= FEWEST:
            is_bare = not (line.channel or line.printed)
            is_named_again = is_bare and _have_two_names(other, text)
            repeats = is_named_again or (passed is not None and 0 <= passed <= _AT_ONCE and self.may_name(text, line))
        self.keep(text, line)
        return repeats


def _have_two_names(text: str, other: str) -> bool:
    """Return True if the last names before the bytes of two texts differ."""
    name, other_name = find_name(text), find_name(other)
    return name != "" and other_name != "" and name != other_name


def has_words(text: str, line: HexLine | None = None) -> bool:
    """Return True if a text, after the time of this line, has a word that is no number."""
    begin = line.printed.end if line and line.printed else 0
    return _WORD.search(text, begin) is not None


def count_elided(line: str, found: Sequence[HexLine]) -> int:
    """Return how many bytes a program left out of a line, as it says; 0 if none."""
    if "..." not in line:
        return 0
    if elided := _ELIDED.search(line):
        return int(elided[1])
    call = _CUT_CALL.search(line)
    return max(0, int(call[1]) - len(found[0].data)) if call else 0


def is_of_other_file(line: str) -> bool:
    """Return True for a call in a trace whose bytes are those of another file than a port."""
    return ("read(" in line or "write(" in line) and _OTHER_FILE.search(line) is not None
