"""Two-way conversions between the raw value of a field and the value that people read.

A payload holds a field as a number or as bytes. People read a number with a unit, a name, or a text. Each conversion is
lossless: encoding a decoded value gives the same bytes. None fails on what a wire can deliver: a number without a name
is shown as a number.
"""

import math
import struct
from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct, field

from sniffer.base.errors import EncodeError
from sniffer.base.late_pattern import compile_late
from sniffer.core.protocol.enumeration import Enumeration

Raw = int | bytes
"""The value in a payload: a number, or bytes. Bytes of a numeric field are an unsigned number, high byte first."""

RawValues = tuple[Raw | None, ...]
"""The values in a payload in the order of the fields; None for a field that is not there."""

Value = int | float | str
"""The value that people and scripts read."""

Numeric = int | float
"""A number, whole or not. Typed as `float` alone, compiled code would print a whole one as `230.0`."""

_ESCAPED = compile_late(r"(?:[ -\[\]-~]|\\[\\tnr]|\\x[0-9a-f]{2})*")


class Conversion(Protocol):
    """The conversion of one field, both ways. `raw` raises `EncodeError` for a value that the field cannot hold."""

    def value(self, raw: Raw) -> Value:
        """Return the value for scripts: a number in its unit, a name, or a text."""
        ...

    def text(self, raw: Raw) -> str:
        """Return the text for people: the value with its unit, or with the kind of the number that has no name."""
        ...

    def raw(self, value: Value) -> Raw:
        """Return the raw value of the payload for this value."""
        ...


class Number(Struct, frozen=True):
    """A number that counts steps of `multiplier`/`divisor` of its unit from `zero`, the raw value that stands for 0.

    With a negative multiplier, a higher raw value is a lower number.
    """

    divisor: int = 1
    unit: str = ""
    multiplier: int = 1
    zero: int = 0

    @property
    def is_increasing(self) -> bool:
        """True if a higher raw value is always a higher number."""
        return self.multiplier > 0

    @property
    def decimals(self) -> int:
        """The number of decimals that shows every step; one more than the divisor has if that is no power of ten."""
        digits = str(self.divisor)
        return len(digits) + 1 if digits.strip("0") != "1" else len(digits) - 1

    def value(self, raw: Raw) -> Value:
        number = raw if isinstance(raw, int) else as_number(raw)
        if self.zero:
            number -= self.zero
        if self.divisor == 1:
            return number * self.multiplier
        return number / self.divisor if self.multiplier == 1 else number * self.multiplier / self.divisor

    def text(self, raw: Raw) -> str:
        return format_scaled(self.value(raw), self)

    def raw(self, value: Value) -> Raw:
        if isinstance(value, str) or not math.isfinite(value):
            raise EncodeError(f"{value!r} is no number")
        scaled = value * self.divisor
        if not math.isfinite(scaled):
            raise EncodeError(f"{value!r} is too large a number")
        if self.multiplier == 1:
            return round(scaled) + self.zero
        from fractions import Fraction

        return round(Fraction(scaled) / self.multiplier) + self.zero


class SignMagnitude(Number, frozen=True):
    """A number whose highest bit, `sign`, is set below zero, or with a negative multiplier above it.

    The zero with this bit set reads `-0.0`.
    """

    sign: int = 0x80

    @property
    def is_increasing(self) -> bool:
        return False

    def value(self, raw: Raw) -> Value:
        number = as_number(raw)
        if number == self.sign:
            return -0.0
        return Number.value(self, number if number < self.sign else self.sign - number)

    def text(self, raw: Raw) -> str:
        return format_scaled(self.value(raw), self)

    def raw(self, value: Value) -> Raw:
        steps = as_number(Number.raw(self, value))
        if abs(steps) >= self.sign:
            raise EncodeError(f"{value!r} is too large a number")
        assert not isinstance(value, str)
        has_sign = steps < 0 or (steps == 0 and math.copysign(1, value) < 0)
        return abs(steps) | (self.sign if has_sign else 0)


_INFINITIES = {"Infinity": math.inf, "-Infinity": -math.inf}
_NAN = compile_late("NaN(?: 0x([0-9A-Fa-f]{1,16}))?")
_LONGEST_PLAIN = 1e16
"""Numbers from here on are shown with an exponent."""


class Float(Number, frozen=True):
    """A number with a floating point of IEEE 754 in `size` bytes, 4 or 8.

    Its value has as few digits as stand for these bytes only, so that 4 bytes of 230.2 are not 230.1999969. Infinities
    and what is no number are texts: `Infinity`, `-Infinity`, `NaN`, and `NaN 0xFFC00001` where the bytes are not those
    of the usual NaN.
    """

    size: int = 4

    @property
    def is_increasing(self) -> bool:
        return False

    def value(self, raw: Raw) -> Value:
        text = self._format(raw)
        return text if text[-1].isalpha() or text.startswith("NaN") else float(text)

    def text(self, raw: Raw) -> str:
        value = self.value(raw)
        if isinstance(value, str):
            return value
        text = self._format(raw)
        shown = f"{value:.0f}" if "e+" in text and abs(value) < _LONGEST_PLAIN else text
        return f"{shown} {self.unit}" if self.unit else shown

    def raw(self, value: Value) -> Raw:
        if isinstance(value, str):
            if named := _NAN.fullmatch(value):
                return int(named[1], 16) if named[1] else self._pack(math.nan)
            if value not in _INFINITIES:
                raise EncodeError(f"{value!r} is no number, Infinity, -Infinity or NaN")
            return self._pack(_INFINITIES[value])
        try:
            return self._pack(value * self.divisor / self.multiplier)
        except OverflowError as error:
            raise EncodeError(f"{value!r} is too large a number") from error

    def whole_part(self, raw: Raw) -> int | None:
        """Return the whole part of the unscaled number; None if it is infinite or none."""
        number = self._unpack(raw)
        return int(number) if math.isfinite(number) else None

    def _format(self, raw: Raw) -> str:
        """Return the value as a text with an exponent where it has many zeros."""
        number, bits = self._unpack(raw), as_number(raw)
        if math.isnan(number):
            return "NaN" if bits == self._pack(math.nan) else f"NaN 0x{bits:0{2 * self.size}X}"
        if math.isinf(number):
            return "Infinity" if number > 0 else "-Infinity"
        scaled = number * self.multiplier / self.divisor
        least = 6 if self.size == 4 else 15
        texts = (f"{scaled:.{digits}g}" for digits in range(least, least + 4))
        return next(text for text in texts if self._stands_for(text, bits))

    def _stands_for(self, text: str, bits: int) -> bool:
        """Return True if a value is encoded as these bits. One that is rounded up may be too large."""
        try:
            return self.raw(float(text)) == bits
        except EncodeError:
            return False

    def _unpack(self, raw: Raw) -> float:
        return float(struct.unpack(">f" if self.size == 4 else ">d", as_number(raw).to_bytes(self.size, "big"))[0])

    def _pack(self, number: float) -> int:
        return int.from_bytes(struct.pack(">f" if self.size == 4 else ">d", number), "big")


NO_ERROR = "none"
"""The text of the error code 0: there is no fault."""


class ErrorNumber(Number, frozen=True):
    """The code of a fault, which is shown by its meaning in the error table, and for scripts as a number."""

    meanings: Mapping[int, str] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.divisor, self.unit, self.multiplier, self.zero))

    def text(self, raw: Raw) -> str:
        return NO_ERROR if as_number(raw) == 0 else self.meanings.get(as_number(raw)) or str(self.value(raw))


class Named(Struct, frozen=True):
    """A number that an enumeration names. A number without a name reads `12 (unknown)`."""

    enumeration: Enumeration

    def value(self, raw: Raw) -> Value:
        return self.enumeration.name_of(as_number(raw))

    def text(self, raw: Raw) -> str:
        number = as_number(raw)
        name = self.enumeration.name_of(number)
        return name if number in self.enumeration.names else f"{self.enumeration.label} {name}"

    def raw(self, value: Value) -> Raw:
        number = self.enumeration.number_of(str(value))
        if number is None:
            raise EncodeError(f"{value!r} is no {self.enumeration.label}: {', '.join(self.enumeration.names.values())}")
        return number


class Hex(Struct, frozen=True):
    """A code in hexadecimal, with all digits of its field."""

    digits: int

    def value(self, raw: Raw) -> Value:
        return f"0x{as_number(raw):0{self.digits}X}"

    def text(self, raw: Raw) -> str:
        return str(self.value(raw))

    def raw(self, value: Value) -> Raw:
        try:
            return int(str(value), 16)
        except ValueError as error:
            raise EncodeError(f"{value!r} is no hexadecimal number") from error


class Ascii(Struct, frozen=True):
    """Text that is padded with zeros to `size` bytes. Bytes other than printable ASCII are shown as escapes."""

    size: int | None

    def value(self, raw: Raw) -> Value:
        return as_bytes(raw).rstrip(b"\0").decode("latin-1").encode("unicode_escape").decode("ascii")

    def text(self, raw: Raw) -> str:
        return str(self.value(raw))

    def raw(self, value: Value) -> Raw:
        text = str(value)
        if not _ESCAPED.fullmatch(text):
            raise EncodeError(f"{value!r} is no ASCII text with other bytes as escapes")
        return text.encode("ascii").decode("unicode_escape").encode("latin-1").ljust(self.size or 0, b"\0")


class Plain(Struct, frozen=True):
    """Bytes of unknown meaning, in hexadecimal."""

    def value(self, raw: Raw) -> Value:
        return as_bytes(raw).hex()

    def text(self, raw: Raw) -> str:
        return as_bytes(raw).hex(" ").upper()

    def raw(self, value: Value) -> Raw:
        try:
            return bytes.fromhex(str(value))
        except ValueError as error:
            raise EncodeError(f"{value!r} is no row of bytes in hexadecimal") from error


def format_scaled(value: Value, number: Number) -> str:
    """Return a value with the decimals and the unit of its number."""
    decimals = number.decimals
    shown = f"{value:.{decimals}f}" if decimals else str(value)
    return f"{shown} {number.unit}" if number.unit else shown


def as_number(raw: Raw) -> int:
    """Return the raw value of a numeric field as a number."""
    return raw if isinstance(raw, int) else int.from_bytes(raw, "big")


def as_bytes(raw: Raw) -> bytes:
    """Return the raw value as bytes; a number takes as few as hold it, at least one."""
    if isinstance(raw, bytes):
        return raw
    # A negative number needs a bit for its sign.
    return raw.to_bytes(max(1, (raw.bit_length() + (raw < 0) + 7) // 8), "big", signed=raw < 0)
