"""The words of a filter with their positions, and the errors that point at them.

In: a word and a message. Out: a `QueryError` that holds the position of the word, or the two lines that show this
position where there is no cursor to put there, as on a command line.
"""

from typing import NamedTuple

from rich.cells import cell_len

from sniffer.base.errors import QueryError
from sniffer.base.late_pattern import compile_late
from sniffer.base.sanitize import printable

KEYWORDS = ("and", "or", "not")
"""The operators that are written as words; in quotes they are ordinary words."""

_DIRECTION = compile_late(r"(\w+)\s*(>|->|→|<-|←)\s*(\w+)")
_BACKWARD = ("<-", "←")

LONGEST_SHOWN = 40
"""The number of characters of a word that a message repeats."""


class Word(NamedTuple):
    """A word of a filter. `text` is without quotes; `start` and `end` are its position in the filter's text."""

    text: str
    start: int
    end: int
    quoted: bool = False


def normalize_direction(text: str) -> str:
    """Return a direction as `dump` writes it, `com>pwr`, whatever arrow it has; another text is returned as it is."""
    found = _DIRECTION.fullmatch(text)
    if found is None:
        return text
    one, arrow, other = found.group(1).casefold(), found.group(2), found.group(3).casefold()
    return f"{other}>{one}" if arrow in _BACKWARD else f"{one}>{other}"


def error_at(word: Word, message: str) -> QueryError:
    """Return the error with this message at the position of the word. The caller raises it."""
    return QueryError(printable(message), word.start, word.end)


def shorten(text: str) -> str:
    """Return the text as a message repeats it: at most `LONGEST_SHOWN` characters and an ellipsis."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def underline(text: str, error: QueryError) -> tuple[str, str]:
    """Return the filter's text, safe to show, and the line of carets to print below it."""
    before, wrong = printable(text[: error.start]), printable(text[error.start : error.end])
    return f"  {printable(text)}", f"  {' ' * cell_len(before)}{'^' * max(1, cell_len(wrong))}"
