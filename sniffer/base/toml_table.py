"""One table of a data file, read key by key with the type that each value must have.

A table knows its place in its file, so that `DefinitionError` names file, entry and key, and says what is allowed.
Texts may only contain characters that are safe to show, so that no file can control a terminal.
"""

import builtins
import math
from collections.abc import Collection, Mapping, Sequence
from reprlib import Repr
from typing import Any

from sniffer.base.errors import DefinitionError
from sniffer.base.late_pattern import compile_late
from sniffer.base.sanitize import printable

_NUMBER = "(0x[0-9A-Fa-f]{1,16}|0|[1-9][0-9]{0,18})"
_RANGE = compile_late(f"{_NUMBER} *- *{_NUMBER}")
_HEX = compile_late("0x[0-9A-Fa-f]{1,16}")

_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = 60
"""Characters of a value in a message, at most, so that it stays one line."""

_LONGEST = 120
"""The same for a list or a table with all that is in it."""


class TomlTable:
    """The content of one table. `place` is the file and entry, for messages."""

    def __init__(self, place: str, content: Mapping[str, Any]) -> None:
        self.place = place
        self._content = content

    def __contains__(self, key: str) -> bool:
        return key in self._content

    def wrong(self, key: str, allowed: str) -> DefinitionError:
        """Return the error about a missing or wrong value. The caller raises it."""
        if key not in self._content:
            return DefinitionError(f"{self.place}: {key} is missing: it must be {allowed}")
        return DefinitionError(f"{self.place}: {key} = {_format_value(self._content[key])}: must be {allowed}")

    def only(self, allowed: Collection[str]) -> None:
        """Raise `DefinitionError` for any other key, so that a typo is not ignored."""
        for key in self._content:
            if key not in allowed:
                raise DefinitionError(f"{self.place}: {key}: no such key here: allowed are {', '.join(allowed)}")

    def text(self, key: str, default: str | None = None, *, empty: bool = False) -> str:
        """Return a text of one line. It may be empty if it has a default, or if `empty` is True."""
        value = self._content.get(key, default)
        if not isinstance(value, str) or not (value or empty or default is not None):
            raise self.wrong(key, "a text")
        if printable(value) != value:
            raise self.wrong(key, "a text of one line, without control characters or combining marks")
        return value

    def number(self, key: str, default: int | None = None, *, least: int = 0, most: int = 0xFFFFFFFF) -> int:
        """Return a whole number from `least` to `most`."""
        value: Any = self._content.get(key, default)
        if not _is_number(value) or not least <= value <= most:
            raise self.wrong(key, f"a whole number from {least} to {most}")
        return int(value)

    def numbers(self, key: str, *, least: int = 0, most: int = 0xFFFFFFFF) -> tuple[int, ...]:
        """Return the whole numbers of a list without repetition, or of a single number."""
        value: Any = self._content.get(key)
        found = value if isinstance(value, list) else [value]
        fits = all(_is_number(entry) and least <= entry <= most for entry in found)
        if not found or not fits or len({*found}) != len(found):
            raise self.wrong(key, f"a whole number from {least} to {most}, or a list of different ones")
        return tuple(found)

    def ranges(self, key: str, *, most: int, count: int) -> tuple[int, ...]:
        """Return the whole numbers of a list, at most `count`. A text in it is a number, or all from one to another:
        `"0x10-0x1F"`. A single number or text need not be in a list.
        """
        value: Any = self._content.get(key)
        pieces = [_parse_range(entry) for entry in (value if isinstance(value, list) else [value])]
        found: list[int] = []
        for piece in pieces:
            if piece is not None and len(piece) <= count - len(found):
                found += piece
        wanted = sum(len(piece) for piece in pieces if piece is not None)
        fits = None not in pieces and len({*found}) == wanted and all(0 <= number <= most for number in found)
        if not found or not fits:
            bound = f", at most {count} in all" if most >= count else ""
            allowed = f'a number from 0 to {most}, a range as in "0x10-0x1F", or a list of different ones'
            raise self.wrong(key, f"{allowed}{bound}")
        return tuple(found)

    def flag(self, key: str) -> bool:
        """Return True or False; False if the key is missing."""
        value = self._content.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def pair(self, key: str, most: float) -> tuple[float, float]:
        """Return two numbers from minus `most` to `most`, the lower one first."""
        value = self._content.get(key)
        if isinstance(value, list) and len(value) == 2 and all(map(_is_measure, value)):
            low, high = value
            if -most <= low <= high <= most:
                return low, high
        raise self.wrong(key, f"the lowest and the highest voltage, from {-most} to {most}")

    def choice(self, key: str, allowed: Mapping[str, Any]) -> Any:
        """Return the value to which `allowed` maps this one."""
        value = self._content.get(key)
        if not isinstance(value, str) or value not in allowed:
            raise self.wrong(key, f"one of {', '.join(allowed)}")
        return allowed[value]

    def choices(self, key: str, allowed: Mapping[str, Any], count: int) -> tuple[Any, ...]:
        """Return the values to which `allowed` maps each of `count` values. A single value stands for all."""
        value = self._content.get(key)
        if not isinstance(value, list):
            return (self.choice(key, allowed),) * count
        if len(value) != count or not all(isinstance(word, str) and word in allowed for word in value):
            raise self.wrong(key, f"one of {', '.join(allowed)}, or a list of {count}")
        return tuple(allowed[word] for word in value)

    def words(self, key: str, allowed: Collection[str]) -> tuple[str, ...]:
        """Return a list of allowed words without repetition."""
        value = self._content.get(key)
        fits = isinstance(value, list) and all(isinstance(word, str) and word in allowed for word in value)
        if not isinstance(value, list) or not fits or len({*value}) != len(value):
            raise self.wrong(key, f"a list of different ones of {', '.join(allowed)}")
        return tuple(value)

    def text_or_none(self, key: str) -> str | None:
        """Return the value if it is a text, else None."""
        value = self._content.get(key)
        return value if isinstance(value, str) else None

    def changed(self, key: str, value: Any) -> "TomlTable":
        """Return the table with another value for a key."""
        return TomlTable(self.place, {**self._content, key: value})

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of at least one text."""
        value = self._content.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(text, str) for text in value):
            raise self.wrong(key, "a list with at least one text")
        return tuple(value)

    def bytes(self, key: str) -> bytes:
        """Return bytes that are written in hexadecimal."""
        try:
            return bytes.fromhex(self.text(key, ""))
        except ValueError as error:
            raise self.wrong(key, "bytes in hexadecimal") from error

    def bytes_list(self, key: str) -> "builtins.list[builtins.bytes]":
        """Return bytes that are written in hexadecimal, one text or a list of them."""
        value: Any = self._content.get(key)
        try:
            return [builtins.bytes.fromhex(text) for text in (value if isinstance(value, list) else [value])]
        except (TypeError, ValueError) as error:
            raise self.wrong(key, "bytes in hexadecimal, or a list of them") from error

    def size(self, key: str, most: int) -> Any:
        """Return a size: a number of bytes up to `most`, `rest` or `to zero`."""
        value: Any = self._content.get(key)
        if value in ("rest", "to zero") or (_is_number(value) and 0 < value <= most):
            return value
        raise self.wrong(key, f'a number of bytes, "rest" or "to zero"; at most {most}')

    def table(self, key: str, *, optional: bool = False) -> "TomlTable":
        """Return a table; it is empty if it is missing and `optional`."""
        value = self._content.get(key, {} if optional else None)
        if not isinstance(value, dict):
            raise self.wrong(key, f"a table: {key} = {{ ... }}")
        return TomlTable(f"{self.place}: {key}", value)

    def has_list(self, key: str) -> bool:
        """Return True if the value is a list."""
        return isinstance(self._content.get(key), list)

    def has_flag(self, key: str) -> bool:
        """Return True if the value is true or false."""
        return isinstance(self._content.get(key), bool)

    def has_table(self, key: str) -> bool:
        """Return True if the value is a table."""
        return isinstance(self._content.get(key), dict)

    def names(self) -> builtins.list[str]:
        """Return the keys of the table in order."""
        return [*self._content]

    def list(self, key: str) -> "builtins.list[TomlTable]":
        """Return the tables of a list; the list is empty if the key is missing."""
        value = self._content.get(key, [])
        entries = value if isinstance(value, list) else [value]
        wrong = [number for number, entry in enumerate(entries, 1) if not isinstance(entry, dict)]
        if wrong or not isinstance(value, list):
            which = f"; entry {wrong[0]} is none" if wrong and len(entries) > 1 else ""
            raise self.wrong(key, f"a list of tables{which}")
        return [TomlTable(f"{self.place}: {key} {number}", entry) for number, entry in enumerate(value, 1)]

    def named(self) -> "TomlTable":
        """Return the table with its name in its place, if it has one that is safe to show: `command 8 (cells)`."""
        name = self.text_or_none("name")
        return TomlTable(f"{self.place} ({name})", self._content) if name and printable(name) == name else self


def _format_value(value: Any) -> str:
    """Return a value as it is quoted in a message."""
    try:
        shown = _SHORT.repr(value)
        return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 3]}..."
    except ValueError:
        # Python refuses to write out a number of thousands of digits, which hexadecimal can give.
        return "a number of thousands of digits"


def _parse_range(value: Any) -> Sequence[int] | None:
    """Return the numbers for which a number or a range stands; None if the text is neither.

    Each number may be in hexadecimal, as in `"0x10"` or `"0x10-0x1F"`.
    """
    if _is_number(value):
        return (value,)
    if isinstance(value, str) and _HEX.fullmatch(value):
        return (int(value, 16),)
    found = _RANGE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    first, last = (int(text, 0) for text in found.groups())
    return range(first, last + 1) if first <= last else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_measure(value: Any) -> bool:
    return _is_number(value) or (isinstance(value, float) and math.isfinite(value))
