"""Nothing from the wire can do more on a terminal than stand there, and plain text stays as it is."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.base.sanitize import printable

ANYTHING = st.text(st.characters(exclude_categories=()), max_size=40)
HARMLESS = st.text(st.characters(categories=["L", "N", "P", "S"], include_characters=" "), max_size=40)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("connector 1: Available → Charging", "connector 1: Available → Charging"),
        ("Säule 日本 €", "Säule 日本 €"),
        ("\x1b[2J", r"\x1b[2J"),
        ("a\nb\tc\r", r"a\nb\tc\r"),
        ("\0\x07\x7f", r"\x00\x07\x7f"),
        ("\x9b31m", r"\x9b31m"),
        ("\u202eexe.gnp", r"\u202eexe.gnp"),
        ("\u2066a\u2069\u200f", r"\u2066a\u2069\u200f"),
        ("\u200b\u200d\ufeff\xad", r"\u200b\u200d\ufeff\xad"),
        ("e\u0301", r"e\u0301"),
        ("\ufe0f\u20dd", r"\ufe0f\u20dd"),
        ("\u2028\u2029\xa0\u3000", r"\u2028\u2029\xa0\u3000"),
        ("\udc9b", r"\udc9b"),
        ("\ue000\U000e0001", r"\ue000\U000e0001"),
    ],
)
def test_what_could_do_something_is_shown_as_an_escape(text, shown):
    assert printable(text) == shown


@given(ANYTHING)
def test_nothing_passes_that_is_no_plain_character(text):
    shown = printable(text)
    assert shown.isprintable()
    assert not [char for char in shown if unicodedata.category(char)[0] in "CM"]
    assert not [char for char in shown if unicodedata.category(char) in ("Zl", "Zp") or char == "\xa0"]
    shown.encode("utf-8")


@given(HARMLESS)
def test_plain_text_is_unchanged(text):
    assert printable(text) == text


@given(ANYTHING)
def test_what_is_shown_is_shown_the_same_again(text):
    assert printable(printable(text)) == printable(text)


@given(ANYTHING.filter(lambda text: "\\" not in text))
def test_nothing_is_dropped(text):
    """The escapes of a text without backslashes give it back."""
    escape = re.compile(r"\\(?:x..|u....|U........|[tnr])")
    shown = printable(text)
    assert escape.sub(lambda found: found[0].encode("ascii").decode("unicode_escape"), shown) == text
