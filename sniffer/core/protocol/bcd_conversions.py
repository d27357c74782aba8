"""Conversions of numbers in BCD: one decimal digit in each half of a byte.

Other digits than decimal ones are no number. They are shown in hexadecimal, as in `0x1A`, and tell nothing.
"""

from collections.abc import Mapping

from msgspec import Struct, field

from sniffer.base.errors import EncodeError
from sniffer.base.late_pattern import compile_late
from sniffer.core.protocol.conversions import NO_ERROR, Named, Number, Raw, Value, as_number, format_scaled

_HEX = compile_late("0x[0-9A-Fa-f]{1,16}")


def read_digits(raw: Raw, digits: int) -> int | None:
    """Return the number that a raw value of so many digits stands for; None if these are not all decimal."""
    text = f"{as_number(raw):0{digits}X}"
    return int(text) if text.isdecimal() else None


class Bcd(Number, frozen=True):
    """A number of `digits` decimal digits."""

    digits: int = 2

    @property
    def is_increasing(self) -> bool:
        return False

    def value(self, raw: Raw) -> Value:
        number = read_digits(raw, self.digits)
        return _format_digits(raw, self.digits) if number is None else Number.value(self, number)

    def text(self, raw: Raw) -> str:
        value = self.value(raw)
        return f"{value} (no BCD)" if isinstance(value, str) else format_scaled(value, self)

    def raw(self, value: Value) -> Raw:
        if isinstance(value, str) and _HEX.fullmatch(value):
            return int(value, 16)
        return _pack_digits(as_number(Number.raw(self, value)), self.digits, value)


class BcdErrorNumber(Bcd, frozen=True):
    """The code of a fault, which is shown by its meaning in the error table, and for scripts as a number."""

    meanings: Mapping[int, str] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.divisor, self.unit, self.multiplier, self.zero, self.digits))

    def text(self, raw: Raw) -> str:
        number = read_digits(raw, self.digits)
        if number is None:
            return Bcd.text(self, raw)
        return NO_ERROR if number == 0 else self.meanings.get(number) or str(number)


class BcdNamed(Named, frozen=True):
    """A number of `digits` decimal digits that an enumeration names."""

    digits: int = 2

    def value(self, raw: Raw) -> Value:
        number = read_digits(raw, self.digits)
        return _format_digits(raw, self.digits) if number is None else Named.value(self, number)

    def text(self, raw: Raw) -> str:
        number = read_digits(raw, self.digits)
        return f"{_format_digits(raw, self.digits)} (no BCD)" if number is None else Named.text(self, number)

    def raw(self, value: Value) -> Raw:
        if isinstance(value, str) and _HEX.fullmatch(value):
            return int(value, 16)
        return _pack_digits(as_number(Named.raw(self, value)), self.digits, value)


class BcdDigits(Struct, frozen=True):
    """The digits of a number in BCD as a text with all of them, as of a serial number: `00123478`."""

    digits: int

    def value(self, raw: Raw) -> Value:
        text = f"{as_number(raw):0{self.digits}X}"
        return text if text.isdecimal() else f"0x{text}"

    def text(self, raw: Raw) -> str:
        text = str(self.value(raw))
        return text if text.isdecimal() else f"{text} (no BCD)"

    def raw(self, value: Value) -> Raw:
        text = str(value)
        if _HEX.fullmatch(text):
            return int(text, 16)
        if not (text.isascii() and text.isdecimal() and len(text) <= self.digits):
            raise EncodeError(f"{value!r} is no text of up to {self.digits} digits")
        return int(text, 16)


def _format_digits(raw: Raw, digits: int) -> str:
    """Return the digits of what is no number."""
    return f"0x{as_number(raw):0{digits}X}"


def _pack_digits(number: int, digits: int, value: Value) -> int:
    """Return the raw value of a number. Raises `EncodeError`, which names `value`, if it has more digits."""
    if not 0 <= number < 10**digits:
        raise EncodeError(f"{value!r} is no number of {digits} digits")
    return int(str(number), 16)
