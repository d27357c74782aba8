"""Completion of filters for the Tab key: the words that can stand at the cursor, by the grammar and the vocabulary.

In: a text and the position of the cursor in it; the text after the cursor is ignored. Out: the words that start with
what was typed, or if there are none, the words that contain it.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sniffer.filter import parser
from sniffer.filter.builder import quote_name, quote_value
from sniffer.filter.value_types import DirectionType
from sniffer.filter.vocabulary import Vocabulary

WORDS_LOOKED_BACK = 4
"""The number of words before the cursor that may begin the value that is typed, as in `pwr>c` or `status rep`."""


class Completion(NamedTuple):
    """A word that can replace the text from `start` up to the cursor."""

    start: int
    text: str


def complete(text: str, cursor: int, vocabulary: Vocabulary) -> list[Completion]:
    """Return the words that can stand at the cursor, each once; an empty list if the text before it is wrong."""
    typed = text[:cursor]
    for start in parser.find_word_starts(typed, vocabulary.sides)[-WORDS_LOOKED_BACK:]:
        candidates = [*_list_candidates(typed[:start], vocabulary, operators=start == len(typed))]
        prefix = typed[start:].lstrip("\"'").casefold()
        found = [written for word, written in candidates if word.casefold().startswith(prefix)]
        if not found:
            found = [written for word, written in candidates if prefix in word.casefold()]
        if found:
            return [Completion(start, written) for written in dict.fromkeys(found)]
    return []


def _list_candidates(before: str, vocabulary: Vocabulary, *, operators: bool) -> Iterator[tuple[str, str]]:
    """Yield each word that can follow this text, plain and as it is written in a filter."""
    expected = parser.expect_after(before, vocabulary.sides)
    if expected is None:
        return
    if expected.operand:
        yield from ((name, quote_name(name)) for name in vocabulary.names)
        yield from (("not", "not"), ("(", "("))
    attribute = vocabulary.find(expected.value_of.text) if expected.value_of else None
    if attribute:
        if expected.operator and operators:
            yield from ((operator, operator) for operator in attribute.value_type.operators)
        write = str if isinstance(attribute.value_type, DirectionType) else quote_value
        yield from ((option, write(option)) for option in attribute.value_type.options)
    if expected.conjunction:
        yield from (("and", "and"), ("or", "or"))
    if expected.closing:
        yield ")", ")"
