"""The names of the definition's fields, so that what a user's definition adds can be asked for at once.

In: a definition. Out: one name for all fields that are called the same, of commands and of log lines. They need not be
of one kind: a value has to fit one of them at least, and is equal to none of the others.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sniffer.base.errors import QueryError
from sniffer.core.pipeline import Record
from sniffer.core.protocol import conversions
from sniffer.core.protocol.conversions import Raw, as_bytes, as_number
from sniffer.core.protocol.definition import Command, Definition, Field, LogLinePattern
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
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
"""What has fields."""


class FieldLocation(NamedTuple):
    """A field among those of its owner: its position, its kind, and how to come to a value from what was sent."""

    position: int
    value_type: ValueType
    value_of: Callable[[Raw], Any]


@dataclass(frozen=True, slots=True)
class FieldAttribute:
    """The name of one or more fields."""

    name: str
    places: Mapping[FieldOwner, FieldLocation]

    @property
    def value_type(self) -> ValueType:
        """The kind of the first one."""
        return next(iter(self.places.values())).value_type

    def build_presence(self) -> RecordPredicate:
        everywhere: dict[FieldOwner, Predicate] = dict.fromkeys(self.places, _anything)
        test = self._test(everywhere)

        def matches_kind(shape: RecordKind) -> bool | None:
            # A line that is understood has all of its fields; a payload can be too short.
            return True if shape.line in self.places else test.matches_kind(shape)

        return RecordPredicate(test.matches, matches_kind)

    def build_comparison(self, operator: str, word: Word) -> RecordPredicate:
        found: dict[FieldOwner, Predicate] = {}
        problems: list[QueryError] = []
        for owner, place in self.places.items():
            try:
                found[owner] = _of_raw(place.value_of, build_predicate(self.name, place.value_type, operator, word))
            except QueryError as problem:
                problems.append(problem)
                if operator == UNEQUAL:
                    found[owner] = _anything
        if len(problems) == len(self.places):
            raise problems[0]
        return self._test(found)

    def _test(self, fits: Mapping[FieldOwner, Predicate]) -> RecordPredicate:
        checks: dict[FieldOwner | None, tuple[int, Predicate]] = {
            owner: (self.places[owner].position, fit) for owner, fit in fits.items()
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

        def matches_kind(shape: RecordKind) -> bool | None:
            return None if shape.command in checks or shape.line in checks else False

        return RecordPredicate(matches, matches_kind)


def field_attributes(definition: Definition) -> dict[str, FieldAttribute]:
    """The names of all fields, in the order of the definition."""
    found: dict[str, dict[FieldOwner, FieldLocation]] = {}
    owners: tuple[FieldOwner, ...] = (*definition.commands, *definition.lines)
    for owner in owners:
        for position, field in enumerate(owner.fields):
            found.setdefault(field.name, {})[owner] = FieldLocation(position, *_kind(field))
    return {name: FieldAttribute(name, places) for name, places in found.items()}


def _kind(field: Field) -> tuple[ValueType, Callable[[Raw], Any]]:
    conversion = field.conversion
    match conversion:
        case conversions.Named(enumeration):
            return EnumerationType(enumeration), as_number
        case conversions.Number(_, unit):
            return NumberType(unit), conversion.value
        case conversions.Hex():
            return CodeType(conversion.text), as_number
        case conversions.Plain():
            return BytesType(), as_bytes
    return TextType(), conversion.value


def _of_raw(value_of: Callable[[Raw], Any], fits: Predicate) -> Predicate:
    return lambda raw: fits(value_of(raw))


def _anything(_: object) -> bool:
    return True
