"""A filter that is wrong, shown with marks under the place: for where there is no cursor to put there."""

import unicodedata

from sniffer.errors import QueryError
from sniffer.printable import printable


def marked(text: str, error: QueryError) -> tuple[str, str]:
    """The filter's text, safe to show, and the line to put under it."""
    before, wrong = printable(text[: error.start]), printable(text[error.start : error.end])
    return f"  {printable(text)}", f"  {' ' * _cells(before)}{'^' * max(1, _cells(wrong))}"


def _cells(text: str) -> int:
    """How many columns of a terminal this takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
