"""What every name of the language can do: it stands alone, or is compared with a value.

Alone it is true of records that have it. A comparison is false of a record that does not have it; `!=` is true of one
that has it with another value. Where a record has several values of a name, `==` is true if one of them is equal, and
`!=` if none is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from sniffer.pipeline import Record
from sniffer.query.logic import Test
from sniffer.query.values import EQUAL, UNEQUAL, Kind, Predicate
from sniffer.query.word import Word, error
from sniffer.shape import Shape, shape_of


class Name(Protocol):
    """One name. `kind` is what its values are like, for those who type."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> Kind: ...

    def present(self) -> Test:
        """Whether a record has it."""
        ...

    def compared(self, operator: str, word: Word) -> Test:
        """Whether a record has it with such a value. Raises `QueryError` where the value or operator does not fit."""
        ...


class Unseen(Enum):
    """What a shape tells of a value that only the record has."""

    SOME = "each record of the shape has one"
    MAYBE = "a record of the shape may have one"


@dataclass(frozen=True, slots=True)
class Property:
    """A name for something that records have, whatever the definition says.

    `of_record` gets the record and the time before it, and gives its value, None where it has none. `of_shape` gives
    the value that all records of a shape have, None where they have none, or what is known of it. `several`: a value
    is a tuple of values, and an empty one is none.
    """

    name: str
    kind: Kind
    of_shape: Callable[[Shape], Any]
    of_record: Callable[[Record, int | None], Any]
    several: bool = False

    def present(self) -> Test:
        read, told = self.of_record, self.of_shape

        def verdict(shape: Shape) -> bool | None:
            found = told(shape)
            return None if found is Unseen.MAYBE else found is not None

        if self.several:
            return Test(lambda record, before: bool(read(record, before)), verdict)
        return Test(lambda record, before: read(record, before) is not None, verdict)

    def compared(self, operator: str, word: Word) -> Test:
        make = _of_several if self.several else predicate
        fits = make(self.name, self.kind, operator, word)
        read, told = self.of_record, self.of_shape

        def matches(record: Record, before: int | None) -> bool:
            value = read(record, before)
            return value is not None and fits(value)

        def verdict(shape: Shape) -> bool | None:
            value = told(shape)
            return None if isinstance(value, Unseen) else value is not None and fits(value)

        return Test(matches, verdict)


def by_shape(name: str, kind: Kind, of_shape: Callable[[Shape], Any]) -> Property:
    """A property that the shape of a record tells."""
    return Property(name, kind, of_shape, lambda record, _: of_shape(shape_of(record)))


def predicate(name: str, kind: Kind, operator: str, word: Word) -> Predicate:
    """The predicate of a comparison, `!=` among them."""
    if operator not in kind.operators:
        allowed = " ".join(kind.operators)
        raise error(word, f"`{operator}` does not go with `{name}`, which is {kind.article}: {allowed} do")
    if operator != UNEQUAL:
        return kind.predicate(operator, word)
    equal = kind.predicate(EQUAL, word)
    return lambda value: not equal(value)


def _of_several(name: str, kind: Kind, operator: str, word: Word) -> Predicate:
    """The predicate of a tuple of values."""
    if operator == UNEQUAL:
        equal = predicate(name, kind, EQUAL, word)
        return lambda values: bool(values) and not any(map(equal, values))
    fits = predicate(name, kind, operator, word)
    return lambda values: any(map(fits, values))
