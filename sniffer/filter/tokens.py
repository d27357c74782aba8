"""The words of a filter with their places, and the errors that point at them.

MERGED:
A filter that is wrong, shown with marks under the place: for where there is no cursor to put there.
"""

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from sniffer.base.errors import QueryError
from sniffer.base.sanitize import printable
from sniffer.text.nearest import near_words

KEYWORDS = ("and", "or", "not")
"""Words that join; in quotes they are words like others."""

LONGEST_SHOWN = 40
"""How much of a word a message repeats."""

MOST_SUGGESTED = 10
"""How many allowed words a message lists."""


class Word(NamedTuple):
    """A word as it is meant, without its quotes, and its place in the text of the filter."""

    text: str
    start: int
    end: int
    quoted: bool = False


def error_at(word: Word, message: str) -> QueryError:
    """The error that says this of that word; raising it is for the caller."""
    return QueryError(printable(message), word.start, word.end)


def shorten(text: str) -> str:
    """A word as a message repeats it."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def suggest(text: str, allowed: Iterable[str]) -> str:
    """What was probably meant, or what there is; empty where there is too much of it."""
    words = [*dict.fromkeys(allowed)]
    if near := near_words(text, words):
        return f": did you mean {' or '.join(part for part in (', '.join(near[:-1]), near[-1]) if part)}?"
    return f": there is {', '.join(words)}" if 0 < len(words) <= MOST_SUGGESTED else ""


def underline(text: str, error_at: QueryError) -> tuple[str, str]:
    """The filter's text, safe to show, and the line to put under it."""
    before, wrong = printable(text[: error_at.start]), printable(text[error_at.start : error_at.end])
    return f"  {printable(text)}", f"  {' ' * _cells(before)}{'^' * max(1, _cells(wrong))}"


def _cells(text: str) -> int:
    """How many columns of a terminal this takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
