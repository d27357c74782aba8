"""What Tab offers: the words that can stand where the cursor is, by the grammar and the names.

In: a text and the place of the cursor in it; what stands behind the cursor does not matter. Out: the words, those that
go on with what was begun, or if there are none, those that have it in them.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sniffer.filter import parser
from sniffer.filter.builder import quote_name, quote_value
from sniffer.filter.vocabulary import Vocabulary

WORDS_LOOKED_BACK = 4
"""From how many words before the cursor on the beginning of a value is looked for: `pwr>c`, `status rep`."""


class Completion(NamedTuple):
    """A word that can stand from `start` up to the cursor."""

    start: int
    text: str


def complete(text: str, cursor: int, vocabulary: Vocabulary) -> list[Completion]:
    """The words that can stand at the cursor, each once; none where the text before it is wrong."""
    typed = text[:cursor]
    for start in parser.word_starts(typed)[-WORDS_LOOKED_BACK:]:
        offers = [*_offers(typed[:start], vocabulary, operators=start == len(typed))]
        begun = typed[start:].lstrip("\"'").casefold()
        found = [word for plain, word in offers if plain.casefold().startswith(begun)]
        if not found:
            found = [word for plain, word in offers if begun in plain.casefold()]
        if found:
            return [Completion(start, word) for word in dict.fromkeys(found)]
    return []


def _offers(before: str, vocabulary: Vocabulary, *, operators: bool) -> Iterator[tuple[str, str]]:
    """What can stand after this text: each word as it is meant, and as it is written."""
    accepted = parser.expect_after(before)
    if accepted is None:
        return
    if accepted.operand:
        yield from ((name, quote_name(name)) for name in vocabulary.names)
        yield from (("not", "not"), ("(", "("))
    name = vocabulary.find(accepted.value_of.text) if accepted.value_of else None
    if name:
        if accepted.operator and operators:
            yield from ((operator, operator) for operator in name.value_type.operators)
        yield from ((option, quote_value(option)) for option in name.value_type.options)
    if accepted.joining:
        yield from (("and", "and"), ("or", "or"))
    if accepted.closing:
        yield ")", ")"
