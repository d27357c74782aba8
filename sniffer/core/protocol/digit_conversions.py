"""Conversions of numbers that are sent digit by digit: in BCD, or as text.

In BCD, each half of a byte is one decimal digit. Other digits than decimal ones are no number: they are shown in
hexadecimal, as in `0x1A`. A text is a number as in `232.9`, `097` and `-12`; any other is shown as it is. What is no
number tells nothing.
"""

import math
from collections.abc import Mapping

from msgspec import Struct, field

from sniffer.base.errors import EncodeError
from sniffer.base.late_pattern import compile_late
from sniffer.core.protocol.conversions import (
    NO_ERROR,
    Ascii,
    Named,
    Number,
    Raw,
    Value,
    as_bytes,
    as_number,
    format_scaled,
)

MOST_DIGITS = 15
"""The most digits of a number that is sent as text: a float holds them all."""

HEXADECIMAL = 16
"""The base of numbers in text whose digits are hexadecimal."""

EMPTY = "-"
"""The text of a number that is sent as text and has no digits."""

_HEX = compile_late("0x[0-9A-Fa-f]{1,16}")
_HEX_NUMBER = compile_late(" *(?:0x)?([0-9A-Fa-f]{1,12}) *")
_NUMBER = compile_late(r" *(?P<sign>[+-]?)(?P<whole>[0-9]*)(?:(?P<point>\.)(?P<part>[0-9]*))? *")


def read_digits(raw: Raw, digits: int) -> int | None:
    """Return the number that the digits of a raw value stand for; None if these are not all decimal."""
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
    """Return the digits of a raw value that is no number."""
    return f"0x{as_number(raw):0{digits}X}"


def _pack_digits(number: int, digits: int, value: Value) -> int:
    """Return the raw value of a number. Raises `EncodeError`, which names `value`, if it has more digits."""
    if not 0 <= number < 10**digits:
        raise EncodeError(f"{value!r} is no number of {digits} digits")
    return int(str(number), 16)


class _Digits(Struct, frozen=True):
    """A number as it is written: `number` are all of its digits, the last `decimals` of them after the point."""

    number: int
    decimals: int
    is_negative: bool
    has_point: bool

    @property
    def text(self) -> str:
        """The number without a plus sign, and without zeros before it that nobody needs."""
        digits = f"{self.number:0{self.decimals + 1}d}"
        whole = digits[: len(digits) - self.decimals]
        return f"{'-' * self.is_negative}{whole}{f'.{digits[len(whole) :]}' if self.decimals else ''}"


def _read_text(raw: Raw, base: int) -> _Digits | None:
    """Return the number of this base that a text stands for; None if it is not one, or has too many digits."""
    text = as_bytes(raw).decode("latin-1")
    if base == HEXADECIMAL:
        whole = _HEX_NUMBER.fullmatch(text)
        return _Digits(int(whole[1], base), 0, is_negative=False, has_point=False) if whole else None
    found = _NUMBER.fullmatch(text)
    part = (found["part"] or "") if found else ""
    if not found or not 0 < len(found["whole"] + part) <= MOST_DIGITS:
        return None
    return _Digits(int(found["whole"] + part), len(part), found["sign"] == "-", found["point"] is not None)


class DecimalText(Number, frozen=True):
    """A number that is sent as text, in decimal or to the `base` 16. The latter has neither a sign nor a point.

    An encoder writes `places` digits after the point; if that is None, as few as the number needs. It fills a text of
    `size` bytes up in front, with zeros or with `padding`; the size varies if it is None. A text is sent as it is.
    """

    size: int | None = None
    places: int | None = None
    padding: str = "0"
    base: int = 10

    @property
    def is_increasing(self) -> bool:
        return False

    @property
    def is_scaled(self) -> bool:
        """True if the number is divided or multiplied."""
        return (self.divisor, self.multiplier) != (1, 1)

    def value(self, raw: Raw) -> Value:
        found = self._read_digits(raw)
        return Ascii(self.size).value(raw) if found is None else self._scale(found)

    def text(self, raw: Raw) -> str:
        found = self._read_digits(raw)
        if found is None:
            shown = str(Ascii(self.size).value(raw))
            return f"{shown} (no number)" if shown.strip() else EMPTY
        shown = f"{self._scale(found):.{MOST_DIGITS}g}" if self.is_scaled else found.text
        return f"{shown} {self.unit}" if self.unit else shown

    def raw(self, value: Value) -> Raw:
        if isinstance(value, str):
            return Ascii(self.size).raw(value)
        if not math.isfinite(value):
            raise EncodeError(f"{value!r} is no number")
        digits = self._find_digits(value)
        if len(str(digits.number)) > MOST_DIGITS or digits.decimals > MOST_DIGITS:
            raise EncodeError(f"{value!r} is too large a number, or needs more than {MOST_DIGITS} digits")
        text, size = digits.text, self.size or 0
        if self.base == HEXADECIMAL:
            if digits.is_negative:
                raise EncodeError(f"{value!r} is below zero")
            text = f"{digits.number:X}"
        text = text.zfill(size) if self.padding == "0" else text.rjust(size)
        if self.size is not None and len(text) > self.size:
            raise EncodeError(f"{value!r} has more than {self.size} digits")
        return text.encode("ascii")

    def whole_part(self, raw: Raw) -> int | None:
        """Return the whole part of the unscaled number; None if the text is not one."""
        found = self._read_digits(raw)
        if found is None:
            return None
        whole: int = found.number // 10**found.decimals
        return -whole if found.is_negative else whole

    def _read_digits(self, raw: Raw) -> _Digits | None:
        """Return the number that a text stands for, not scaled; None if it is not one."""
        return _read_text(raw, self.base)

    def _scale(self, found: _Digits) -> int | float:
        """Return the number in its unit: a whole one if it has no point and is not divided."""
        if found.is_negative and found.number == 0:
            return -0.0
        number = (-found.number if found.is_negative else found.number) * self.multiplier
        if self.divisor == 1 and not found.has_point:
            return number
        divisor: int = self.divisor * 10**found.decimals
        return number / divisor

    def _find_digits(self, value: float) -> _Digits:
        """Return the digits of a value, as few as are read as the same value unless it has a fixed number of places."""
        from fractions import Fraction

        number = abs(Fraction(value)) * self.divisor / self.multiplier
        is_negative = math.copysign(1, value) < 0
        if self.base == HEXADECIMAL:
            return _Digits(round(number), 0, is_negative and number != 0, has_point=False)
        if self.places is not None:
            return _Digits(round(number * 10**self.places), self.places, is_negative, self.places > 0)
        least = 1 if isinstance(value, float) and self.divisor == 1 and number else 0
        for decimals in range(least, MOST_DIGITS + 1):
            found = _Digits(round(number * 10**decimals), decimals, is_negative, decimals > 0)
            if self._scale(found) == value:
                return found
        return found


class DecimalNamed(Named, frozen=True):
    """A whole number that is sent as text and that an enumeration names. `form` is how the number is written."""

    form: DecimalText

    def value(self, raw: Raw) -> Value:
        number = self._read(raw)
        return self.form.value(raw) if number is None else Named.value(self, number)

    def text(self, raw: Raw) -> str:
        number = self._read(raw)
        return self.form.text(raw) if number is None else Named.text(self, number)

    def raw(self, value: Value) -> Raw:
        number = self.enumeration.number_of(str(value))
        return self.form.raw(value if number is None else number)

    def whole_part(self, raw: Raw) -> int | None:
        """Return the number; None if the text is not one."""
        return self.form.whole_part(raw)

    def _read(self, raw: Raw) -> int | None:
        """Return the number if it is a whole one; None for any other text."""
        found = _read_text(raw, self.form.base)
        return None if found is None or found.has_point else self.form.whole_part(raw)


class DecimalErrorText(DecimalText, frozen=True):
    """The code of a fault that is sent as text: it is shown by its meaning, and for scripts as a number."""

    meanings: Mapping[int, str] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.divisor, self.unit, self.multiplier, self.size, self.places, self.padding, self.base))

    def text(self, raw: Raw) -> str:
        number = self.whole_part(raw)
        if number is None:
            return DecimalText.text(self, raw)
        return NO_ERROR if number == 0 else self.meanings.get(number) or DecimalText.text(self, raw)
