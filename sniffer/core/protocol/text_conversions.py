"""Two-way conversions of fields that hold a text in some encoding, or a time.

Each is lossless for whatever a wire delivers: bytes that are no text of the encoding are shown as escapes, and bytes
that are no time in hexadecimal. Times are those of the sender's clock. Nothing here reads a clock.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Literal

from msgspec import Struct

from sniffer.base.errors import EncodeError
from sniffer.base.late_pattern import compile_late
from sniffer.base.sanitize import printable
from sniffer.base.times import EPOCH
from sniffer.core.protocol.conversions import Raw, Value, as_bytes
from sniffer.core.wire.checks import ByteOrder

ENCODINGS: tuple[Literal["utf-8", "latin-1", "gbk"], ...] = ("utf-8", "latin-1", "gbk")
"""The encodings of texts, besides ASCII."""

TIME_PARTS = {"Y": "year", "M": "month", "D": "day", "h": "hour", "m": "minute", "s": "second"}
"""The letters of the parts of a time, in the order in which it is shown. Each stands for a byte, `YY` for two."""

_ESCAPE = compile_late(r"\\(?:(\\)|x([0-9a-f]{2}))")
_ESCAPED = compile_late(r"(?:[^\\]|\\\\|\\x[0-9a-f]{2})*", re.DOTALL)
_SECONDS = compile_late("[0-9]{1,20}")
_NUMBERS = compile_late("[0-9]+")


class EncodedText(Struct, frozen=True):
    """Text that is padded to `size` bytes. Whatever is not safe to show or not of the encoding is shown as escapes."""

    size: int | None
    encoding: str
    padding: bytes = b"\0"

    def value(self, raw: Raw) -> Value:
        data = as_bytes(raw)
        if self.size is not None:
            data = data.rstrip(self.padding)
        text = "".join(map(self._show, data.decode(self.encoding, "surrogateescape")))
        # Some encodings have two codes for one character.
        return text if self._parse(text) == data else "".join(map(_show_byte, data))

    def text(self, raw: Raw) -> str:
        return str(self.value(raw))

    def raw(self, value: Value) -> Raw:
        data = self._parse(str(value))
        if data is None:
            raise EncodeError(f"{value!r} is no text in {self.encoding}, with other bytes as escapes: \\x1b, \\\\")
        return data.ljust(self.size or 0, self.padding)

    def _show(self, char: str) -> str:
        """Return a character as it is shown: as itself, or as escapes of its bytes."""
        if char == "\\":
            return r"\\"
        if "\udc80" <= char <= "\udcff":
            return _show_byte(ord(char) - 0xDC00)
        return char if printable(char) == char else "".join(map(_show_byte, char.encode(self.encoding)))

    def _parse(self, text: str) -> bytes | None:
        """Return the bytes of a text with escapes; None if it is not one."""
        if not _ESCAPED.fullmatch(text):
            return None
        try:
            plain = _ESCAPE.split(text)
            # The expression has two groups: plain text, a backslash or None, a byte or None, and so on.
            pieces = [
                piece.encode(self.encoding) if index % 3 != 2 else bytes.fromhex(piece)
                for index, piece in enumerate(plain)
                if piece
            ]
        except UnicodeEncodeError:
            return None
        return b"".join(pieces)


class EpochTime(Struct, frozen=True):
    """A time in seconds since 1970 in UTC. Times after the year 9999 are shown in seconds."""

    size: int
    order: ByteOrder

    def value(self, raw: Raw) -> Value:
        seconds = int.from_bytes(as_bytes(raw), self.order)
        try:
            return (EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
        except OverflowError:
            return str(seconds)

    def text(self, raw: Raw) -> str:
        return str(self.value(raw))

    def raw(self, value: Value) -> Raw:
        text = str(value)
        try:
            seconds = int(text) if _SECONDS.fullmatch(text) else _parse_seconds(text)
            return seconds.to_bytes(self.size, self.order)
        except (ValueError, OverflowError) as error:
            raise EncodeError(f"{value!r} is no time as in 2024-05-01T12:30:00Z, or in seconds") from error


class PartsTime(Struct, frozen=True):
    """A time whose parts are bytes, in the order of `parts`: letters of `TIME_PARTS`.

    A year of one byte counts from `base_year`. With `is_bcd`, each byte holds two decimal digits.
    """

    parts: str
    base_year: int = 2000
    is_bcd: bool = False

    @property
    def size(self) -> int:
        """The size in bytes."""
        return len(self.parts)

    def value(self, raw: Raw) -> Value:
        data = as_bytes(raw)
        numbers = self._read(data)
        text = None if numbers is None else self._format(numbers)
        return f"0x{data.hex()}" if text is None else text

    def text(self, raw: Raw) -> str:
        return str(self.value(raw))

    def raw(self, value: Value) -> Raw:
        text = str(value)
        letters = [letter for letter in TIME_PARTS if letter in self.parts]
        found = [int(number) for number in _NUMBERS.findall(text)]
        if len(found) == len(letters):
            numbers = dict(zip(letters, found, strict=True))
            data = self._write(numbers) if self._format(numbers) == text else None
            if data is not None:
                return data
        try:
            return bytes.fromhex(text.removeprefix("0x"))
        except ValueError as error:
            raise EncodeError(f"{value!r} is no time of {', '.join(TIME_PARTS[one] for one in letters)}") from error

    def _read(self, data: bytes) -> dict[str, int] | None:
        """Return the number of each part by its letter; None if a byte is no BCD."""
        if self.is_bcd:
            if not data.hex().isdecimal():
                return None
            data = bytes(int(f"{byte:02x}") for byte in data)
        base = 100 if self.is_bcd else 256
        numbers: dict[str, int] = {}
        for letter, byte in zip(self.parts, data, strict=True):
            numbers[letter] = numbers.get(letter, 0) * base + byte
        if self.parts.count("Y") == 1:
            numbers["Y"] += self.base_year
        return numbers

    def _write(self, numbers: dict[str, int]) -> bytes | None:
        """Return the bytes of these numbers; None if a year does not fit."""
        base, data = (100 if self.is_bcd else 256), []
        for letter, run in groupby(self.parts):
            count = len([*run])
            number = numbers[letter] - (self.base_year if letter == "Y" and count == 1 else 0)
            if not 0 <= number < base**count:
                return None
            data += [number // base**place % base for place in reversed(range(count))]
        return bytes(int(str(number), 16) for number in data) if self.is_bcd else bytes(data)

    def _format(self, numbers: dict[str, int]) -> str | None:
        """Return a time as it is shown; None if there is no such time."""
        try:
            day = date(numbers.get("Y", 2000), numbers.get("M", 1), numbers.get("D", 1))
            clock = time(numbers.get("h", 0), numbers.get("m", 0), numbers.get("s", 0))
        except ValueError:
            return None
        of_day = [f"{day.year:04}"] * ("Y" in numbers) + [f"{day.month:02}"] * ("M" in numbers)
        of_day += [f"{day.day:02}"] * ("D" in numbers)
        of_clock = [f"{number:02}" for letter, number in zip("hms", _split(clock), strict=True) if letter in numbers]
        return "T".join([text for text in ("-".join(of_day), ":".join(of_clock)) if text])


def _show_byte(byte: int) -> str:
    return f"\\x{byte:02x}"


def _split(clock: time) -> tuple[int, int, int]:
    return clock.hour, clock.minute, clock.second


def _parse_seconds(text: str) -> int:
    """Return the seconds of a time with `Z` after it. Raises `ValueError` if the text is not one."""
    return int((datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) - EPOCH).total_seconds())
