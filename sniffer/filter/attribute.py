"""What every name of the language can do: it stands alone, or is compared with a value.

Alone it is true of records that have it. A comparison is false of a record that does not have it; `!=` is true of one
that has it with another value. Where a record has several values of a name, `==` is true if one of them is equal, and
`!=` if none is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from sniffer.core.pipeline import Record
from sniffer.core.record_kind import RecordKind, shape_of
from sniffer.filter.predicates import RecordPredicate
from sniffer.filter.tokens import Word, error_at
from sniffer.filter.value_types import EQUAL, UNEQUAL, Predicate, ValueType


class Attribute(Protocol):
    """One name. `value_type` is what its values are like, for those who type."""

    @property
    def name(self) -> str: ...

    @property
    def value_type(self) -> ValueType: ...

    def build_presence(self) -> RecordPredicate:
        """Whether a record has it."""
        ...

    def build_comparison(self, operator: str, word: Word) -> RecordPredicate:
        """Whether a record has it with such a value. Raises `QueryError` where the value or operator does not fit."""
        ...


class Presence(Enum):
    """What a shape tells of a value that only the record has."""

    SOME = "each record of the shape has one"
    MAYBE = "a record of the shape may have one"


@dataclass(frozen=True, slots=True)
class RecordAttribute:
    """A name for something that records have, whatever the definition says.

    `of_record` gets the record and the time before it, and gives its value, None where it has none. `of_shape` gives
    the value that all records of a shape have, None where they have none, or what is known of it. `several`: a value
    is a tuple of values, and an empty one is none.
    """

    name: str
    value_type: ValueType
    of_shape: Callable[[RecordKind], Any]
    of_record: Callable[[Record, int | None], Any]
    several: bool = False

    def build_presence(self) -> RecordPredicate:
        read, told = self.of_record, self.of_shape

        def matches_kind(shape: RecordKind) -> bool | None:
            found = told(shape)
            return None if found is Presence.MAYBE else found is not None

        if self.several:
            return RecordPredicate(lambda record, before: bool(read(record, before)), matches_kind)
        return RecordPredicate(lambda record, before: read(record, before) is not None, matches_kind)

    def build_comparison(self, operator: str, word: Word) -> RecordPredicate:
        make = _of_several if self.several else build_predicate
        fits = make(self.name, self.value_type, operator, word)
        read, told = self.of_record, self.of_shape

        def matches(record: Record, before: int | None) -> bool:
            value = read(record, before)
            return value is not None and fits(value)

        def matches_kind(shape: RecordKind) -> bool | None:
            value = told(shape)
            return None if isinstance(value, Presence) else value is not None and fits(value)

        return RecordPredicate(matches, matches_kind)


def kind_attribute(name: str, value_type: ValueType, of_shape: Callable[[RecordKind], Any]) -> RecordAttribute:
    """A property that the shape of a record tells."""
    return RecordAttribute(name, value_type, of_shape, lambda record, _: of_shape(shape_of(record)))


def build_predicate(name: str, value_type: ValueType, operator: str, word: Word) -> Predicate:
    """The predicate of a comparison, `!=` among them."""
    if operator not in value_type.operators:
        allowed = " ".join(value_type.operators)
        raise error_at(word, f"`{operator}` does not go with `{name}`, which is {value_type.description}: {allowed} do")
    if operator != UNEQUAL:
        return value_type.build_predicate(operator, word)
    equal = value_type.build_predicate(EQUAL, word)
    return lambda value: not equal(value)


def _of_several(name: str, value_type: ValueType, operator: str, word: Word) -> Predicate:
    """The predicate of a tuple of values."""
    if operator == UNEQUAL:
        equal = build_predicate(name, value_type, EQUAL, word)
        return lambda values: bool(values) and not any(map(equal, values))
    fits = build_predicate(name, value_type, operator, word)
    return lambda values: any(map(fits, values))
