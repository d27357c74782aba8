"""The compiler from the text of a filter to a `Filter`: it resolves names, reads values and makes closures.

In: a text and a vocabulary. Out: the filter, or a `QueryError` with a message and a position for the user; nothing
else is raised, whatever the text is. `docs/filter.md` describes the language.
"""

from sniffer.base.errors import QueryError
from sniffer.base.sanitize import printable
from sniffer.base.suggest import find_near_words, format_suggestion
from sniffer.core.charger.events import EVENT_NAMES
from sniffer.core.protocol.definition import Definition
from sniffer.core.record import Record
from sniffer.filter import parser
from sniffer.filter.predicates import Filter, RecordPredicate, all_of, any_of, negate
from sniffer.filter.tokens import Word, error_at, shorten
from sniffer.filter.vocabulary import Vocabulary
from sniffer.text import describe
from sniffer.text.event_text import describe_event

SIMILARITY = 0.75
"""The least similarity to a name at which a bare word is a misspelled name; any other word is a text to search for."""


def compile_filter(text: str, vocabulary: Vocabulary) -> Filter:
    """Return the filter with this text. Raises `QueryError` if the text is not a filter."""
    return Filter(text, _compile(parser.parse(text, vocabulary.sides), vocabulary))


def _compile(node: parser.Node, vocabulary: Vocabulary) -> RecordPredicate:
    """Return the predicate of a node of the parsed filter. Raises `QueryError` for an unknown name."""
    match node:
        case parser.Comparison(name, operator, value):
            attribute = vocabulary.find(name.text)
            if attribute is None:
                raise _build_unknown_name_error(name, vocabulary)
            return attribute.build_comparison(operator, value)
        case parser.BareWord(word):
            return _compile_bare_word(word, vocabulary)
        case parser.Negation(operand):
            return negate(_compile(operand, vocabulary))
        case parser.Conjunction(operands):
            return all_of([_compile(operand, vocabulary) for operand in operands])
        case parser.Disjunction(operands):
            return any_of([_compile(operand, vocabulary) for operand in operands])


def _compile_bare_word(word: Word, vocabulary: Vocabulary) -> RecordPredicate:
    """Return the predicate of a name, of an event, or of a text to search for.

    A word that looks like a misspelled name raises `QueryError`.
    """
    if not word.quoted:
        if attribute := vocabulary.find(word.text):
            return attribute.build_presence()
        events = vocabulary.find("event")
        if events and word.text.casefold() in EVENT_NAMES.values():
            # A filter that never holds would wait for an event in vain: `fault_raised` is in no line.
            text = _build_text_search(word.text, vocabulary.definition)
            return any_of([events.build_comparison("==", word), text])
        if word.text.casefold() not in vocabulary.values and find_near_words(
            word.text, vocabulary.names, similarity=SIMILARITY
        ):
            raise _build_unknown_name_error(word, vocabulary)
    return _build_text_search(word.text, vocabulary.definition)


def _build_unknown_name_error(word: Word, vocabulary: Vocabulary) -> QueryError:
    suggestion = format_suggestion(word.text, vocabulary.names) or "; a text to look for is put in quotes"
    return error_at(word, f"unknown name `{shorten(word.text)}`{suggestion}")


def _build_text_search(text: str, definition: Definition) -> RecordPredicate:
    """Return the predicate of a text in a column of the record's row, or in the row of one of its events."""
    wanted = printable(text).casefold()

    def matches(record: Record, _: int | None) -> bool:
        return any(wanted in column.casefold() for column in describe.format_row(record)) or any(
            wanted in describe_event(event, definition).casefold() for event in record.events
        )

    return RecordPredicate(matches, lambda _: None)
