"""The names of the definition's fields, so that a filter can use the fields that a user's definition adds, too.

In: a definition. Out: one `FieldAttribute` for all fields of one name, of commands and of log lines. These fields may
be of different types: a value has to suit at least one of them, and the others are never equal to it.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec import Struct

from sniffer.base.errors import QueryError
from sniffer.core.protocol import conversions
from sniffer.core.protocol.conversions import Raw, RawValues, Value, as_bytes, as_number
from sniffer.core.protocol.definition import Command, Definition, Field, LogLinePattern
from sniffer.core.protocol.digit_conversions import Bcd, BcdNamed, DecimalNamed, DecimalText
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
"""The owner of a field."""


class FieldLocation(NamedTuple):
    """The field of one owner: its position among the fields, its type, and how a raw value becomes one."""

    position: int
    value_type: ValueType
    value_of: Callable[[Raw], Any]


class FieldAttribute(Struct, frozen=True):
    """The name of one or more fields of the definition."""

    name: str
    locations: Mapping[FieldOwner, tuple[FieldLocation, ...]]

    @property
    def value_type(self) -> ValueType:
        """The type of the first of the fields."""
        return next(iter(self.locations.values()))[0].value_type

    def build_presence(self) -> RecordPredicate:
        """Return a predicate that is true for records that have the field."""
        everywhere = {owner: [(one.position, _accept_any) for one in found] for owner, found in self.locations.items()}
        predicate = self._build(everywhere)

        def matches_kind(kind: RecordKind) -> bool | None:
            # A recognized line has all of its fields; a payload can lack some.
            return True if kind.line in self.locations else predicate.matches_kind(kind)

        return RecordPredicate(predicate.matches, matches_kind)

    def build_comparison(self, operator: str, word: Word) -> RecordPredicate:
        """Return a predicate that compares the field with a word, wherever it stands in a message.

        Raises `QueryError` if the word is a value of the field in no message.
        """
        predicates: dict[FieldOwner, list[tuple[int, Predicate]]] = {}
        errors: list[QueryError] = []
        fitting = 0
        for owner, location in ((owner, one) for owner, several in self.locations.items() for one in several):
            try:
                fits = build_predicate(self.name, location.value_type, operator, word)
            except QueryError as error:
                errors.append(error)
                if operator == UNEQUAL:
                    predicates.setdefault(owner, []).append((location.position, _accept_any))
            else:
                fitting += 1
                check = location.position, _build_raw_predicate(location.value_of, fits)
                predicates.setdefault(owner, []).append(check)
        if not fitting:
            raise errors[0]
        return self._build(predicates)

    def _build(self, predicates: Mapping[FieldOwner, Sequence[tuple[int, Predicate]]]) -> RecordPredicate:
        """Return the predicate that is true of a record with a field that has a predicate which its raw value fits."""
        checks: dict[FieldOwner | None, tuple[int, Predicate]] = {}
        several: dict[FieldOwner | None, Sequence[tuple[int, Predicate]]] = {}
        for owner, found in predicates.items():
            if len(found) > 1 or (isinstance(owner, Command) and owner.parts):
                several[owner] = found
            else:
                checks[owner] = found[0]

        def matches(record: Record, _: int | None) -> bool:
            item = record.item
            if isinstance(item, Message):
                check = checks.get(item.command)
            elif isinstance(item, TextMessage):
                check = checks.get(item.meaning)
            else:
                return False
            if check is not None:
                return check[0] < len(item.values) and check[1](item.values[check[0]])
            if several and isinstance(item, Message):
                return _fits_any(item.values, several.get(item.command, ()))
            return False

        def matches_kind(kind: RecordKind) -> bool | None:
            has_field = kind.command in checks or kind.line in checks or kind.command in several
            return None if has_field else False

        return RecordPredicate(matches, matches_kind)


def field_attributes(definition: Definition) -> dict[str, FieldAttribute]:
    """Return the attributes of all fields, by their names and by what they tell, in the order of the definition."""
    locations: dict[str, dict[FieldOwner, tuple[FieldLocation, ...]]] = {}
    owners: tuple[FieldOwner, ...] = (*definition.ordered_commands, *definition.lines)
    for owner in owners:
        own_names = {field.name for field in owner.fields}
        for position, field in enumerate(owner.fields):
            location = FieldLocation(position, *_choose_type(field))
            subjects = [field.tells] if field.tells and field.tells not in own_names else []
            for name in [*_list_names(field.name), *subjects]:
                found = locations.setdefault(name, {})
                found[owner] = (*found.get(owner, ()), location)
    return {name: FieldAttribute(name, found) for name, found in locations.items()}


def _list_names(name: str) -> list[str]:
    """Return the names of a field: its own, and that of a field of any item for one of a list."""
    of_any = ".".join(part for part in name.split(".") if not part.isdecimal())
    return [name] if of_any == name else [of_any, name]


def _fits_any(values: RawValues, checks: Sequence[tuple[int, Predicate]]) -> bool:
    """Return True if any of the checked fields is there and fits."""
    found = ((values[position], fits) for position, fits in checks if position < len(values))
    return any(raw is not None and fits(raw) for raw, fits in found)


def _choose_type(field: Field) -> tuple[ValueType, Callable[[Raw], Any]]:
    """Return the type of a field's values, and the function that makes such a value of a raw one."""
    conversion = field.conversion
    match conversion:
        case BcdNamed(enumeration) | DecimalNamed(enumeration):
            return EnumerationType(enumeration), lambda raw: _number_or_none(field.number_of(raw))
        case conversions.Named(enumeration):
            return EnumerationType(enumeration), as_number
        case Bcd() | DecimalText() | conversions.Float():
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


def _number_or_none(number: int | None) -> int:
    """Return a number that has a name; what is no number is one that no enumeration has."""
    return -1 if number is None else number


def _build_raw_predicate(value_of: Callable[[Raw], Any], fits: Predicate) -> Predicate:
    """Return the predicate of a raw value: `value_of` converts it, and `fits` is asked for the result."""
    return lambda raw: fits(value_of(raw))


def _accept_any(_: object) -> bool:
    """Return True for every value: the field is there."""
    return True
