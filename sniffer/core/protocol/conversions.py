"""Small two-way conversions between what stands in a payload and what people read.

A payload holds a field as a number or as bytes; people read a value: a number, a name, a text. Each conversion turns
one into the other without loss, so that encoding what was decoded gives the same bytes, and none of them fails on
what a wire can bring: a number without a name is shown as a number.
"""

import math
import re
from dataclasses import dataclass
from typing import Protocol

from sniffer.base.errors import EncodeError
from sniffer.core.protocol.enumeration import Enumeration

Raw = int | bytes
"""What a payload holds: an unsigned big-endian number, or bytes."""

Value = int | float | str
"""What people and scripts read."""

_ESCAPED = re.compile(r"(?:[ -\[\]-~]|\\[\\tnr]|\\x[0-9a-f]{2})*")


class Conversion(Protocol):
    """The two ways of one field. `raw` raises `EncodeError` for a value that the field cannot hold."""

    def value(self, raw: Raw) -> Value: ...

    def text(self, raw: Raw) -> str: ...

    def raw(self, value: Value) -> Raw: ...


@dataclass(frozen=True, slots=True)
class Number:
    """An unsigned number, in steps of one `divisor`-th of its unit."""

    divisor: int = 1
    unit: str = ""

    @property
    def decimals(self) -> int:
        """How many decimals tell its steps apart: one more than the divisor's, where that is no power of ten."""
        digits = str(self.divisor)
        return len(digits) + 1 if digits.strip("0") != "1" else len(digits) - 1

    def value(self, raw: Raw) -> Value:
        number = as_number(raw)
        return number if self.divisor == 1 else number / self.divisor

    def text(self, raw: Raw) -> str:
        shown = f"{self.value(raw):.{self.decimals}f}" if self.decimals else str(as_number(raw))
        return f"{shown} {self.unit}" if self.unit else shown

    def raw(self, value: Value) -> Raw:
        if isinstance(value, str) or not math.isfinite(value):
            raise EncodeError(f"{value!r} is no number")
        scaled = value * self.divisor
        if not math.isfinite(scaled):
            raise EncodeError(f"{value!r} is too large a number")
        return round(scaled)


@dataclass(frozen=True, slots=True)
class Named:
    """A number that an enumeration names; one that it does not name reads as `12 (unknown)`."""

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


@dataclass(frozen=True, slots=True)
class Hex:
    """A code that people write in hexadecimal, with as many digits as its field has."""

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


@dataclass(frozen=True, slots=True)
class Ascii:
    """Text padded with zeros to `size` bytes. What is no printable ASCII reads as an escape: ESC as backslash x1b."""

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


@dataclass(frozen=True, slots=True)
class Plain:
    """Bytes whose meaning is not known, in hexadecimal."""

    def value(self, raw: Raw) -> Value:
        return as_bytes(raw).hex()

    def text(self, raw: Raw) -> str:
        return as_bytes(raw).hex(" ").upper()

    def raw(self, value: Value) -> Raw:
        try:
            return bytes.fromhex(str(value))
        except ValueError as error:
            raise EncodeError(f"{value!r} is no row of bytes in hexadecimal") from error


def as_number(raw: Raw) -> int:
    return raw if isinstance(raw, int) else int.from_bytes(raw, "big")


def as_bytes(raw: Raw) -> bytes:
    return raw if isinstance(raw, bytes) else raw.to_bytes(max(1, (raw.bit_length() + 7) // 8), "big")
