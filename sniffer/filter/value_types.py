"""What can stand behind an operator: each kind of value with its operators, and the predicates that they make.

In: an operator and a word of the filter. Out: a predicate of what the record has. A word that is no such value raises
`QueryError` at its place. Texts are compared without regard to case.
"""

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from sniffer.core.protocol.enumeration import Enumeration
from sniffer.filter.tokens import Word, error_at, shorten, suggest

Predicate = Callable[[Any], bool]
"""Whether the value that a record has is as wanted. Which type it takes, the kind says."""

ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
EQUAL, UNEQUAL, CONTAINS = "==", "!=", "~"
EQUALITY = (EQUAL, UNEQUAL)


class ValueType(Protocol):
    """One kind of value. `description` is what one is called, `options` are those that there are, where that is known."""

    @property
    def description(self) -> str: ...

    @property
    def operators(self) -> tuple[str, ...]: ...

    @property
    def options(self) -> tuple[str, ...]: ...

    def build_predicate(self, operator: str, word: Word) -> Predicate:
        """The predicate of any of the operators but `!=`, which is `==` turned around."""
        ...


class NumberType:
    """Numbers: decimal, or hexadecimal after 0x. `unit` is the one that they are in."""

    operators = (*EQUALITY, *ORDERS)
    options = ()

    def __init__(self, unit: str = "") -> None:
        self.description = f"a number in {unit}" if unit else "a number"

    def build_predicate(self, operator: str, word: Word) -> Predicate:
        number = parse_number(word.text)
        if number is None:
            raise error_at(word, f"`{shorten(word.text)}` is not {self.description}")
        return order_predicate(operator, number)


class DigitsType:
    """Numbers that are shown in `digits` hexadecimal digits, and are written so, with or without 0x."""

    operators = (*EQUALITY, *ORDERS)
    options = ()

    def __init__(self, digits: int) -> None:
        self.description = f"a number of {digits} hexadecimal digits"
        self._digits = digits

    def build_predicate(self, operator: str, word: Word) -> Predicate:
        number = parse_hex_number(word.text)
        if number is None or number >= 16**self._digits:
            raise error_at(word, f"`{shorten(word.text)}` is not {self.description}")
        return order_predicate(operator, number)


class CodeType:
    """Numbers that are shown in hexadecimal, and are written in decimal or after 0x; `~` looks at what is shown."""

    operators = (*EQUALITY, *ORDERS, CONTAINS)
    options = ()
    description = "a number"

    def __init__(self, shown: Callable[[int], str]) -> None:
        self._shown = shown

    def build_predicate(self, operator: str, word: Word) -> Predicate:
        if operator == CONTAINS:
            return _contains(word, self._shown)
        return NumberType().build_predicate(operator, word)


class EnumerationType:
    """Numbers with names: by name, or by number."""

    description = "a name or a number"
    operators = (*EQUALITY, *ORDERS, CONTAINS)

    def __init__(self, enumeration: Enumeration) -> None:
        self.options = tuple(enumeration.names.values())
        self._enumeration = enumeration

    def build_predicate(self, operator: str, word: Word) -> Predicate:
        names = self._enumeration.names
        if operator == CONTAINS:
            return _contains(word, self._enumeration.name_of)
        wanted = word.text.casefold()
        numbers = {number for number, name in names.items() if name.casefold() == wanted}
        number = parse_number(word.text)
        if operator != EQUAL:
            if number is None:
                raise error_at(word, f"`{operator}` compares numbers, and `{shorten(word.text)}` is none")
            return order_predicate(operator, number)
        if not numbers and number is not None:
            return order_predicate(EQUAL, number)
        # What is shown of a number without a name names it as well.
        unnamed = self._enumeration.number_of(word.text)
        if unnamed is not None:
            numbers.add(unnamed)
        if not numbers:
            near = suggest(word.text, self.options)
            raise error_at(word, f"`{shorten(word.text)}` is no {self._enumeration.label}{near}")
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
            return _contains(word, str)
        return lambda value: value.casefold() == wanted


class ChoiceType(TextType):
    """One of a few texts. `also` tells of others that may stand there."""

    def __init__(self, description: str, options: Iterable[str], also: Predicate = lambda _: False) -> None:
        super().__init__(dict.fromkeys(options))
        self.description = description
        self._known = {option.casefold() for option in self.options}
        self._also = also

    def build_predicate(self, operator: str, word: Word) -> Predicate:
        if operator == EQUAL and word.text.casefold() not in self._known and not self._also(word.text):
            raise error_at(word, f"`{shorten(word.text)}` is not {self.description}{suggest(word.text, self.options)}")
        return super().build_predicate(operator, word)


class BytesType:
    """Bytes in hexadecimal, with spaces or without."""

    description = "bytes in hexadecimal"
    operators = (*EQUALITY, CONTAINS)
    options = ()

    def build_predicate(self, operator: str, word: Word) -> Predicate:
        try:
            wanted = bytes.fromhex(word.text.removeprefix("0x"))
        except ValueError as problem:
            raise error_at(word, f"`{shorten(word.text)}` is not {self.description}, two digits each") from problem
        return (lambda value: wanted in value) if operator == CONTAINS else (lambda value: value == wanted)


def order_predicate(operator: str, wanted: float) -> Predicate:
    """Compares numbers."""
    if operator == EQUAL:
        return lambda value: bool(value == wanted)
    compare = ORDERS[operator]
    return lambda value: compare(value, wanted)


def parse_number(text: str) -> int | float | None:
    """The number that a text is: decimal, with a sign, decimals and an exponent if need be, or `0x..`."""
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
    """The number that hexadecimal digits are, with or without 0x; None where the text is anything else."""
    digits = text.lower().removeprefix("0x")
    return int(digits, 16) if digits and all(digit in "0123456789abcdef" for digit in digits) else None


def _contains(word: Word, shown: Callable[[Any], str]) -> Predicate:
    wanted = word.text.casefold()
    return lambda value: wanted in shown(value).casefold()
