"""One table of a data file, asked key by key, each with the type that it must have.

A table knows its place in its file, so that what is wrong in it is told with file, entry and key, and with what is
allowed (`DefinitionError`).
"""

import builtins
from collections.abc import Mapping
from typing import Any

from sniffer.errors import DefinitionError


class Table:
    """The content of one table and where it stands."""

    def __init__(self, place: str, content: Mapping[str, Any]) -> None:
        self.place = place
        self._content = content

    def __contains__(self, key: str) -> bool:
        return key in self._content

    def wrong(self, key: str, allowed: str) -> DefinitionError:
        """The error that says so; raising it is for the caller."""
        return DefinitionError(f"{self.place}: {key} = {self._content.get(key)!r}: must be {allowed}")

    def text(self, key: str, default: str | None = None) -> str:
        value = self._content.get(key, default)
        if not isinstance(value, str):
            raise self.wrong(key, "a text")
        return value

    def number(self, key: str, default: int | None = None, *, least: int = 0, most: int = 0xFFFFFFFF) -> int:
        """A whole number from `least` to `most`."""
        value: Any = self._content.get(key, default)
        if not _is_number(value) or not least <= value <= most:
            raise self.wrong(key, f"a whole number from {least} to {most}")
        return int(value)

    def truth(self, key: str) -> bool:
        """Whether this is so; what does not stand there is not."""
        value = self._content.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def optional_number(self, key: str) -> int | None:
        return self.number(key) if key in self else None

    def pair(self, key: str) -> tuple[float, float]:
        """Two numbers, the lower one first."""
        value = self._content.get(key)
        if not isinstance(value, list) or len(value) != 2 or not all(map(_is_measure, value)):
            raise self.wrong(key, "the lowest and the highest voltage")
        return value[0], value[1]

    def choice(self, key: str, allowed: Mapping[str, Any]) -> Any:
        """What `allowed` has for the word that stands there."""
        value = self._content.get(key)
        if not isinstance(value, str) or value not in allowed:
            raise self.wrong(key, f"one of {', '.join(allowed)}")
        return allowed[value]

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._content.get(key)
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            raise self.wrong(key, "a list of texts")
        return tuple(value)

    def bytes(self, key: str) -> bytes:
        try:
            return bytes.fromhex(self.text(key))
        except ValueError as error:
            raise self.wrong(key, "bytes in hexadecimal") from error

    def size(self, key: str, most: int) -> Any:
        """A number of bytes, or one of the words for a size that varies."""
        value: Any = self._content.get(key)
        if value in ("rest", "to zero") or (_is_number(value) and 0 < value <= most):
            return value
        raise self.wrong(key, f'a number of bytes, "rest" or "to zero"; at most {most}')

    def table(self, key: str, *, optional: bool = False) -> "Table":
        value = self._content.get(key, {} if optional else None)
        if not isinstance(value, dict):
            raise self.wrong(key, "a table")
        return Table(f"{self.place}: {key}", value)

    def names(self) -> builtins.list[str]:
        """The keys that stand in it, in order."""
        return [*self._content]

    def list(self, key: str) -> "builtins.list[Table]":
        value = self._content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            raise self.wrong(key, "a list of tables")
        return [Table(f"{self.place}: {key} {number}", entry) for number, entry in enumerate(value, 1)]


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_measure(value: Any) -> bool:
    return _is_number(value) or isinstance(value, float)
