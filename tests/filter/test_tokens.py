"""The texts of errors: shortened words, suggestions, and the carets below the place."""

import pytest

from sniffer.base.errors import QueryError
from sniffer.filter.compiler import compile_filter
from sniffer.filter.tokens import LONGEST_SHOWN, Word, error_at, shorten, underline
from tests.filter.helpers import VOCABULARY


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("crc bad and statsu", ("  crc bad and statsu", "              ^^^^^^")),
        ("status ==", ("  status ==", "           ^")),
        ("'\x1b' statsu", ("  '\\x1b' statsu", "         ^^^^^^")),
        ("'日本' statsu", ("  '日本' statsu", "         ^^^^^^")),
        ("日本 == 1", ("  日本 == 1", "  ^^^^")),
    ],
)
def test_the_carets_stand_below_the_place(text: str, marks: tuple[str, str]) -> None:
    with pytest.raises(QueryError) as caught:
        compile_filter(text, VOCABULARY)
    assert underline(text, caught.value) == marks


def test_an_error_has_the_position_of_its_word_and_a_safe_message() -> None:
    error = error_at(Word("x", 3, 4), "\x1b is wrong")
    assert (error.message, error.start, error.end) == ("\\x1b is wrong", 3, 4)


def test_a_long_word_is_shortened() -> None:
    assert shorten("a" * LONGEST_SHOWN) == "a" * LONGEST_SHOWN
    assert shorten("a" * (LONGEST_SHOWN + 1)) == "a" * LONGEST_SHOWN + "…"
