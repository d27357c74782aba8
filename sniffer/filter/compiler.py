"""From the text of a filter to a `Filter`: its names are looked up, its values read, and all of it compiled to closures.

In: a text and a vocabulary. Out: the query, or `QueryError` with words and a place for whoever typed it; nothing else
is raised, whatever the text is. README.md describes the language.
"""

from sniffer.base.errors import QueryError
from sniffer.base.sanitize import printable
from sniffer.core.pipeline import Record
from sniffer.core.protocol.definition import Definition
from sniffer.filter import parser
from sniffer.filter.predicates import Filter, RecordPredicate, all_of, any_of, negate
from sniffer.filter.tokens import Word, error_at, shorten, suggest
from sniffer.filter.vocabulary import Vocabulary
from sniffer.text import describe
from sniffer.text.nearest import near_words

ALIKE = 0.75
"""How near a word that stands alone has to be to a name to be taken for a slip: any other word is a text."""


def compile_filter(text: str, vocabulary: Vocabulary) -> Filter:
    """The filter that this text is. Raises `QueryError`."""
    return Filter(text, _compiled(parser.parse(text), vocabulary))


def _compiled(node: parser.Node, vocabulary: Vocabulary) -> RecordPredicate:
    match node:
        case parser.Comparison(word, operator, value):
            name = vocabulary.find(word.text)
            if name is None:
                raise _unknown(word, vocabulary)
            return name.build_comparison(operator, value)
        case parser.BareWord(word):
            return _alone(word, vocabulary)
        case parser.Negation(inner):
            return negate(_compiled(inner, vocabulary))
        case parser.Conjunction(parts):
            return all_of([_compiled(part, vocabulary) for part in parts])
        case parser.Disjunction(parts):
            return any_of([_compiled(part, vocabulary) for part in parts])


def _alone(word: Word, vocabulary: Vocabulary) -> RecordPredicate:
    """A name, or a text that a record shows. A word that looks like a slip is neither."""
    if not word.quoted:
        if name := vocabulary.find(word.text):
            return name.build_presence()
        if word.text.casefold() not in vocabulary.values and near_words(word.text, vocabulary.names, alike=ALIKE):
            raise _unknown(word, vocabulary)
    return _shows(word.text, vocabulary.definition)


def _unknown(word: Word, vocabulary: Vocabulary) -> QueryError:
    meant = suggest(word.text, vocabulary.names) or "; a text to look for is put in quotes"
    return error_at(word, f"unknown name `{shorten(word.text)}`{meant}")


def _shows(text: str, definition: Definition) -> RecordPredicate:
    """Whether a record's row, or the row of one of its events, has this text in one of its columns."""
    wanted = printable(text).casefold()

    def matches(record: Record, _: int | None) -> bool:
        return any(wanted in shown.casefold() for shown in describe.row(record)) or any(
            wanted in describe.event_text(event, definition).casefold() for event in record.events
        )

    return RecordPredicate(matches, lambda _: None)
