"""The types of the values that can stand after an operator, and the predicates that they build.

In: an operator and a word of the filter. Out: a predicate on the value that a record has. A word that is not a value
of the type raises `QueryError` at its position. Upper and lower case make no difference in texts.
"""

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from sniffer.base.suggest import format_suggestion
from sniffer.core.protocol.enumeration import Enumeration
from sniffer.filter.tokens import Word, error_at, normalize_direction, shorten

Predicate = Callable[[Any], bool]
"""Returns True if the value of a record fits. The type of the value depends on the `ValueType`."""

ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
EQUAL, UNEQUAL, CONTAINS = "==", "!=", "~"
EQUALITY = (EQUAL, UNEQUAL)


class ValueType(Protocol):
    """One type of value."""

    @property
    def description(self) -> str:
        """The type in words, with its article, as messages name it."""
        ...

    @property
    def operators(self) -> tuple[str, ...]:
        """The operators that values of the type can be compared with."""
        ...

    @property
    def options(self) -> tuple[str, ...]:
        """All values with a name, to choose from; empty if they are not known."""
        ...

    def build_predicate(self, operator: str, word: Word) -> Predicate:
        """Return the predicate of an operator other than `!=`, which the caller builds by negating `==`."""
        ...


class NumberType:
    """Numbers, written in decimal, or in hexadecimal after 0x. `unit` is the unit of the values."""

    operators = (*EQUALITY, *ORDERS)
    options = ()

    def __init__(self, unit: str = "") -> None:
        self.description = f"a number in {unit}" if unit else "a number"

    def build_predicate(self, operator: str, word: Word) -> Predicate:
        number = parse_number(word.text)
        if number is None:
            raise error_at(word, f"`{shorten(word.text)}` is not {self.description}")
        return build_number_predicate(operator, number)


class DigitsType:
    """Numbers that are shown and written in `digits` hexadecimal digits, with or without 0x."""

    operators = (*EQUALITY, *ORDERS)
    options = ()

    def __init__(self, digits: int) -> None:
        self.description = f"a number of {digits} hexadecimal digits"
        self._digits = digits

    def build_predicate(self, operator: str, word: Word) -> Predicate:
        number = parse_hex_number(word.text)
        if number is None or number >= 16**self._digits:
            raise error_at(word, f"`{shorten(word.text)}` is not {self.description}")
        return build_number_predicate(operator, number)


class CodeType:
    """Numbers that are shown in hexadecimal and written in decimal or after 0x; `~` searches the shown text."""

    operators = (*EQUALITY, *ORDERS, CONTAINS)
    options = ()
    description = "a number"

    def __init__(self, format_code: Callable[[int], str]) -> None:
        self._format = format_code

    def build_predicate(self, operator: str, word: Word) -> Predicate:
        if operator == CONTAINS:
            return _build_contains(word, self._format)
        return NumberType().build_predicate(operator, word)


class EnumerationType:
    """Numbers with names, written as either."""

    description = "a name or a number"
    operators = (*EQUALITY, *ORDERS, CONTAINS)

    def __init__(self, enumeration: Enumeration) -> None:
        self.options = tuple(enumeration.names.values())
        self._enumeration = enumeration

    def build_predicate(self, operator: str, word: Word) -> Predicate:
        names = self._enumeration.names
        if operator == CONTAINS:
            return _build_contains(word, self._enumeration.name_of)
        wanted = word.text.casefold()
        numbers = {number for number, name in names.items() if name.casefold() == wanted}
        number = parse_number(word.text)
        if operator != EQUAL:
            if number is None:
                raise error_at(word, f"`{operator}` compares numbers, and `{shorten(word.text)}` is none")
            return build_number_predicate(operator, number)
        if not numbers and number is not None:
            return build_number_predicate(EQUAL, number)
        # A number without a name is shown as `12 (unknown)`, which may be written as well.
        unnamed = self._enumeration.number_of(word.text)
        if unnamed is not None:
            numbers.add(unnamed)
        if not numbers:
            suggestion = format_suggestion(word.text, self.options)
            raise error_at(word, f"`{shorten(word.text)}` is no {self._enumeration.label}{suggestion}")
        return lambda value: value in numbers


class TextType:
    """Any text."""

    description = "a text"
    operators = (*EQUALITY, CONTAINS)

    def __init__(self, options: Iterable[str] = ()) -> None:
        self.options = tuple(options)

    def build_predicate(self, operator: str, word: Word) -> Predicate:
        wanted = word.text.casefold()
        if operator == CONTAINS:
            return _build_contains(word, str)
        return lambda value: value.casefold() == wanted


class ChoiceType(TextType):
    """One of a few texts. `is_allowed` returns True for further texts that may be written."""

    def __init__(self, description: str, options: Iterable[str], is_allowed: Predicate = lambda _: False) -> None:
        super().__init__(dict.fromkeys(options))
        self.description = description
        self._lower_case = {option.casefold() for option in self.options}
        self._is_allowed = is_allowed

    def build_predicate(self, operator: str, word: Word) -> Predicate:
        if operator == EQUAL and word.text.casefold() not in self._lower_case and not self._is_allowed(word.text):
            raise error_at(
                word, f"`{shorten(word.text)}` is not {self.description}{format_suggestion(word.text, self.options)}"
            )
        return super().build_predicate(operator, word)


class DirectionType(ChoiceType):
    """One of a few directions, whose arrow may be written in several ways."""

    def build_predicate(self, operator: str, word: Word) -> Predicate:
        return super().build_predicate(operator, word._replace(text=normalize_direction(word.text)))


class BytesType:
    """Bytes, written in hexadecimal with or without spaces."""

    description = "bytes in hexadecimal"
    operators = (*EQUALITY, CONTAINS)
    options = ()

    def build_predicate(self, operator: str, word: Word) -> Predicate:
        try:
            wanted = bytes.fromhex(word.text.removeprefix("0x"))
        except ValueError as error:
            raise error_at(word, f"`{shorten(word.text)}` is not {self.description}, two digits each") from error
        return (lambda value: wanted in value) if operator == CONTAINS else (lambda value: value == wanted)


def build_number_predicate(operator: str, wanted: float) -> Predicate:
    """Return the predicate that compares a number by `==`, `<`, `<=`, `>` or `>=`."""
    if operator == EQUAL:
        return lambda value: bool(value == wanted)
    compare = ORDERS[operator]
    return lambda value: compare(value, wanted)


def parse_number(text: str) -> int | float | None:
    """Return the number that the text writes, or None if it is not a finite number.

    A number is in decimal, with a sign, decimals and an exponent if needed, or in hexadecimal after `0x`.
    """
    if not text.isascii() or "_" in text:
        return None
    if text[:2].lower() == "0x":
        return parse_hex_number(text)
    try:
        if text.lstrip("+-").isdecimal():
            return int(text)
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def parse_hex_number(text: str) -> int | None:
    """Return the number in hexadecimal digits, with or without 0x, or None if the text is anything else."""
    digits = text.lower().removeprefix("0x")
    return int(digits, 16) if digits and all(digit in "0123456789abcdef" for digit in digits) else None


def _build_contains(word: Word, format_value: Callable[[Any], str]) -> Predicate:
    """Return the predicate of a value whose shown text contains the word."""
    wanted = word.text.casefold()
    return lambda value: wanted in format_value(value).casefold()
