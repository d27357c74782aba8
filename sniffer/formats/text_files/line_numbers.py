"""Numbers before the lines of a text: those of the lines, and those of the bytes in a list.

In: the lines of a text. Out: how they are numbered, and a line without its number.
"""

from collections.abc import Sequence
from enum import Enum, auto
from itertools import pairwise

from sniffer.base.late_pattern import compile_late

_COUNT = compile_late(r"\s*(\d{1,9})[:|.)\t]")
_TERMINAL = compile_late(r"(\d{1,2})> ?")
_INDEX = compile_late(
    r"\s*(?:\w{1,40}(?=\[))?(?:\[\s*(?=\d{1,6}\])|(?=\d{1,6}:\s))(\d{1,6})[\]:]\s*(?:=>?\s*)?"
    r"(?:(?:unsigned )?(?:u?int8(?:_t)?|u?char|[Bb]yte|BYTE|u8)\s+)?(?=[\"']?[0-9A-Fa-f])"
)


class LineNumbers(Enum):
    """The numbers before the lines of a text."""

    NONE = auto()
    """The lines have none."""
    COUNT = auto()
    """A number that is greater than that of the line before."""
    TERMINAL = auto()
    """The same number and `>`, as RTT Viewer prints that of its terminal."""
    INDEX = auto()
    """The place of the first byte in its list, in brackets, as R and PHP print it."""

    def strip(self, line: str) -> str:
        """Return a line without its number; as it is if it has none."""
        pattern = _PATTERNS.get(self)
        found = pattern.match(line) if pattern else None
        return line[found.end() :] if found else line


_PATTERNS = {LineNumbers.COUNT: _COUNT, LineNumbers.TERMINAL: _TERMINAL, LineNumbers.INDEX: _INDEX}


def find_line_numbers(lines: Sequence[str]) -> LineNumbers:
    """Return how these lines are numbered."""
    filled = [line for line in lines if line.strip()]
    counts = [int(found[1]) for line in filled if (found := _COUNT.match(line))]
    if len(counts) == len(filled) > 1 and all(one < other for one, other in pairwise(counts)):
        return LineNumbers.COUNT
    terminals = [found[1] if found else "" for found in map(_TERMINAL.match, filled)]
    if len(filled) > 1 and terminals[0] and len({*terminals}) == 1:
        return LineNumbers.TERMINAL
    places = [int(found[1]) for line in filled if (found := _INDEX.match(line))]
    is_index = len(places) > 1 and 2 * len(places) >= len(filled) and places[0] <= 1
    is_rising = all(one < other or other <= 1 for one, other in pairwise(places))
    return LineNumbers.INDEX if is_index and is_rising else LineNumbers.NONE
