"""Suggestions for a misspelled word: the similar words among those that are allowed.

In: a word and the words that are allowed. Out: the similar ones, or the end of a message that names them. Letter case
and spaces do not count. Nothing here is escaped: the caller makes the whole message safe to show.
"""

from collections.abc import Iterable

MOST_SIMILAR = 3
"""The largest number of similar words that are named."""

SIMILARITY = 0.6
"""The least similarity of two words, from 0 to 1, at which one is suggested in place of the other."""

MOST_LISTED = 10
"""The largest number of allowed words that a message lists when none is similar."""


def find_near_words(word: str, allowed: Iterable[str], *, similarity: float = SIMILARITY) -> list[str]:
    """Return up to `MOST_SIMILAR` allowed words that the word may be a misspelling of, the most similar first."""
    from difflib import get_close_matches

    by_key: dict[str, str] = {}
    for name in allowed:
        by_key.setdefault(_normalize(name), name)
    return [by_key[key] for key in get_close_matches(_normalize(word), by_key, MOST_SIMILAR, similarity)]


def format_suggestion(text: str, allowed: Iterable[str]) -> str:
    """Return the end of a message that names the similar words, or all allowed ones if none is similar.

    The text is empty if no word is similar and more than `MOST_LISTED` are allowed.
    """
    words = [*dict.fromkeys(allowed)]
    if near := find_near_words(text, words):
        return f": did you mean {' or '.join(part for part in (', '.join(near[:-1]), near[-1]) if part)}?"
    return f": choose one of {', '.join(words)}" if 0 < len(words) <= MOST_LISTED else ""


def _normalize(word: str) -> str:
    return word.casefold().replace(" ", "")
