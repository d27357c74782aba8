"""The names of the language: each can stand alone, or be compared with a value.

A name alone is true of the records that have a value of this name. A comparison is false of a record without a value;
`!=` is true of a record that has another value. If a record has several values of a name, `==` is true if one of them
is equal, and `!=` if none is.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any, Protocol

from msgspec import Struct

from sniffer.core.record import Record
from sniffer.core.record_kind import RecordKind, classify_record
from sniffer.filter.predicates import RecordPredicate
from sniffer.filter.tokens import Word, error_at
from sniffer.filter.value_types import EQUAL, UNEQUAL, Predicate, ValueType


class Attribute(Protocol):
    """One name that a filter can use."""

    @property
    def name(self) -> str:
        """The name as it is shown to the user."""
        ...

    @property
    def value_type(self) -> ValueType:
        """The type of the values, which says what can be typed after the name."""
        ...

    def build_presence(self) -> RecordPredicate:
        """Return the predicate that is true of the records that have a value."""
        ...

    def build_comparison(self, operator: str, word: Word) -> RecordPredicate:
        """Return the predicate of a comparison. Raises `QueryError` if the operator or the value does not fit."""
        ...


class Presence(Enum):
    """The statement of the kind of a record about a value that only the record itself holds."""

    ALWAYS = "every record of the kind has a value"
    MAYBE = "a record of the kind may have a value"


class RecordAttribute(Struct, frozen=True):
    """A name for something that records have whatever the definition contains.

    `value_of_record` takes a record and the time of the previous record, and returns the value or None. `value_of_kind`
    returns the value that all records of a kind share, None if they have none, or a `Presence` if it depends on the
    record. With `is_multiple`, a value is a tuple of values, and the empty tuple means none.
    """

    name: str
    value_type: ValueType
    value_of_kind: Callable[[RecordKind], Any]
    value_of_record: Callable[[Record, int | None], Any]
    is_multiple: bool = False

    def build_presence(self) -> RecordPredicate:
        """Return a predicate that is true for records that have the attribute."""
        value_of_record, value_of_kind = self.value_of_record, self.value_of_kind

        def matches_kind(kind: RecordKind) -> bool | None:
            value = value_of_kind(kind)
            return None if value is Presence.MAYBE else value is not None

        if self.is_multiple:
            return RecordPredicate(lambda record, before: bool(value_of_record(record, before)), matches_kind)
        return RecordPredicate(lambda record, before: value_of_record(record, before) is not None, matches_kind)

    def build_comparison(self, operator: str, word: Word) -> RecordPredicate:
        """Return a predicate that compares the attribute with a word.

        Raises `QueryError` if the word is no such value.
        """
        build = _build_multiple_predicate if self.is_multiple else build_predicate
        fits = build(self.name, self.value_type, operator, word)
        value_of_record, value_of_kind = self.value_of_record, self.value_of_kind

        def matches(record: Record, before: int | None) -> bool:
            value = value_of_record(record, before)
            return value is not None and fits(value)

        def matches_kind(kind: RecordKind) -> bool | None:
            value = value_of_kind(kind)
            return None if isinstance(value, Presence) else value is not None and fits(value)

        return RecordPredicate(matches, matches_kind)


def kind_attribute(name: str, value_type: ValueType, value_of_kind: Callable[[RecordKind], Any]) -> RecordAttribute:
    """Return an attribute whose value follows from the kind of the record alone."""
    return RecordAttribute(name, value_type, value_of_kind, lambda record, _: value_of_kind(classify_record(record)))


def build_predicate(name: str, value_type: ValueType, operator: str, word: Word) -> Predicate:
    """Return the predicate of a comparison with one value. Raises `QueryError` if operator or value does not fit."""
    if operator not in value_type.operators:
        allowed = " ".join(value_type.operators)
        raise error_at(word, f"`{operator}` does not go with `{name}`, which is {value_type.description}: {allowed} do")
    if operator != UNEQUAL:
        return value_type.build_predicate(operator, word)
    equal = value_type.build_predicate(EQUAL, word)
    return lambda value: not equal(value)


def _build_multiple_predicate(name: str, value_type: ValueType, operator: str, word: Word) -> Predicate:
    """Return the predicate of a comparison with a tuple of values."""
    if operator == UNEQUAL:
        equal = build_predicate(name, value_type, EQUAL, word)
        return lambda values: bool(values) and not any(map(equal, values))
    fits = build_predicate(name, value_type, operator, word)
    return lambda values: any(map(fits, values))
