"""The names of the definition's fields, so that a filter can use the fields that a user's definition adds, too.

In: a definition. Out: one `FieldAttribute` for all fields of one name, of commands and of log lines. These fields may
be of different types: a value has to suit at least one of them, and the others are never equal to it.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sniffer.base.errors import QueryError
from sniffer.core.protocol import conversions
from sniffer.core.protocol.conversions import Raw, Value, as_bytes, as_number
from sniffer.core.protocol.definition import Command, Definition, Field, LogLinePattern
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.record_kind import RecordKind
from sniffer.filter.attribute import build_predicate
from sniffer.filter.predicates import RecordPredicate
from sniffer.filter.tokens import Word
from sniffer.filter.value_types import (
    UNEQUAL,
    BytesType,
    CodeType,
    EnumerationType,
    NumberType,
    Predicate,
    TextType,
    ValueType,
)

FieldOwner = Command | LogLinePattern
"""What a field belongs to."""


class FieldLocation(NamedTuple):
    """Where one owner has the field: its position among the fields, its type, and how a raw value becomes one."""

    position: int
    value_type: ValueType
    value_of: Callable[[Raw], Any]


@dataclass(frozen=True, slots=True)
class FieldAttribute:
    """The name of one or more fields of the definition."""

    name: str
    locations: Mapping[FieldOwner, FieldLocation]

    @property
    def value_type(self) -> ValueType:
        """The type of the first of the fields."""
        return next(iter(self.locations.values())).value_type

    def build_presence(self) -> RecordPredicate:
        """Return a predicate that is true for records that have the field."""
        everywhere: dict[FieldOwner, Predicate] = dict.fromkeys(self.locations, _accept_any)
        predicate = self._build(everywhere)

        def matches_kind(kind: RecordKind) -> bool | None:
            # A recognized line has all of its fields; a payload can be too short.
            return True if kind.line in self.locations else predicate.matches_kind(kind)

        return RecordPredicate(predicate.matches, matches_kind)

    def build_comparison(self, operator: str, word: Word) -> RecordPredicate:
        """Return a predicate that compares the field with a word, wherever it stands in a message.

        Raises `QueryError` if the word is a value of the field in no message.
        """
        predicates: dict[FieldOwner, Predicate] = {}
        errors: list[QueryError] = []
        for owner, location in self.locations.items():
            try:
                fits = build_predicate(self.name, location.value_type, operator, word)
            except QueryError as error:
                errors.append(error)
                if operator == UNEQUAL:
                    predicates[owner] = _accept_any
            else:
                predicates[owner] = _build_raw_predicate(location.value_of, fits)
        if len(errors) == len(self.locations):
            raise errors[0]
        return self._build(predicates)

    def _build(self, predicates: Mapping[FieldOwner, Predicate]) -> RecordPredicate:
        """Return the predicate that is true of a record whose owner has a predicate and whose raw value fits it."""
        checks: dict[FieldOwner | None, tuple[int, Predicate]] = {
            owner: (self.locations[owner].position, fits) for owner, fits in predicates.items()
        }

        def matches(record: Record, _: int | None) -> bool:
            item = record.item
            if isinstance(item, Message):
                check = checks.get(item.command)
            elif isinstance(item, TextMessage):
                check = checks.get(item.meaning)
            else:
                return False
            return check is not None and check[0] < len(item.values) and check[1](item.values[check[0]])

        def matches_kind(kind: RecordKind) -> bool | None:
            return None if kind.command in checks or kind.line in checks else False

        return RecordPredicate(matches, matches_kind)


def field_attributes(definition: Definition) -> dict[str, FieldAttribute]:
    """Return the attributes of all fields by name, in the order of the definition."""
    locations: dict[str, dict[FieldOwner, FieldLocation]] = {}
    owners: tuple[FieldOwner, ...] = (*definition.commands, *definition.lines)
    for owner in owners:
        for position, field in enumerate(owner.fields):
            locations.setdefault(field.name, {})[owner] = FieldLocation(position, *_choose_type(field))
    return {name: FieldAttribute(name, found) for name, found in locations.items()}


def _choose_type(field: Field) -> tuple[ValueType, Callable[[Raw], Any]]:
    """Return the type of a field's values, and the function that makes such a value of a raw one."""
    conversion = field.conversion
    match conversion:
        case conversions.Named(enumeration):
            return EnumerationType(enumeration), as_number
        case conversions.Bcd():
            return NumberType(conversion.unit), lambda raw: _number_or_nan(conversion.value(raw))
        case conversions.Number(_, unit):
            return NumberType(unit), conversion.value
        case conversions.Hex():
            return CodeType(conversion.text), as_number
        case conversions.Plain():
            return BytesType(), as_bytes
    return TextType(), conversion.value


def _number_or_nan(value: Value) -> float:
    """Return a value that is a number; what is none compares like no number."""
    return math.nan if isinstance(value, str) else value


def _build_raw_predicate(value_of: Callable[[Raw], Any], fits: Predicate) -> Predicate:
    """Return the predicate of a raw value: `value_of` converts it, and `fits` is asked for the result."""
    return lambda raw: fits(value_of(raw))


def _accept_any(_: object) -> bool:
    """Return True for every value: the field is there."""
    return True
