"""The tables of `sniffer/docs/json-keys.md`, and a check of JSON by them.

In: the text of the page. Out: its sections, each with the keys of one object. An object with a key that is in no table,
or of another type, without one that is always there, is an error.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

SECTION = re.compile(r"^### (.+)\n((?:(?!##).*\n)*)", re.MULTILINE)
ROW = re.compile(r"^\| (`.+?`) \| (.+?) \| (.+?) \| .+ \|$", re.MULTILINE)
LINK = re.compile(r"\[([\w ]+)\]\(#[\w-]+\)")
ALWAYS = "always"


class Key(NamedTuple):
    """A key of an object: the section that names it, its type without a unit, and whether it is always there."""

    section: str
    type: str
    is_always: bool


def _is_time(value: Any) -> bool:
    return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None


def _is_hexadecimal(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch("[0-9a-fA-F]*", value) is not None


PLAIN: Mapping[str, Callable[[Any], bool]] = {
    "any": lambda value: True,
    "text": lambda value: isinstance(value, str),
    "integer": lambda value: type(value) is int,
    "number": lambda value: type(value) in (int, float),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "time": _is_time,
    "hex": lambda value: _is_hexadecimal(value) and len(value) % 2 == 0,
    "code": _is_hexadecimal,
}


class KeyTables:
    """The sections of the page. `seen` are the keys that occurred, each with its section."""

    def __init__(self, text: str) -> None:
        self.sections: dict[str, dict[str, Key]] = {}
        self.seen: set[tuple[str, str]] = set()
        self._bases: dict[str, list[str]] = {}
        for names, body in SECTION.findall(text):
            for name in names.split(", "):
                self._add(name, body)

    @property
    def keys(self) -> set[tuple[str, str]]:
        """All keys, each with its section."""
        return {(section, key) for section, keys in self.sections.items() for key in keys}

    def check(self, value: Any, section: str, *more: str) -> None:
        """Check an object by the keys of these sections."""
        assert isinstance(value, dict), (section, value)
        keys: dict[str, Key] = {}
        for name in (section, *more):
            keys |= self._list_keys(name)
        assert set(value) <= set(keys), (section, more, set(value) - set(keys))
        for name, key in keys.items():
            assert name in value or not key.is_always, (section, more, name)
            if name in value:
                self.seen.add((key.section, name))
                assert self._fits(value[name], key.type), (section, name, key.type, value[name])

    def _add(self, name: str, body: str) -> None:
        assert name not in self.sections
        bases = re.search("Has the keys of (.*?)(?:, and:|\\.)", body)
        self._bases[name] = LINK.findall(bases[1]) if bases else []
        self.sections[name] = {
            key: Key(name, re.sub(r", (?:s|V|ms|baud|bytes)\b", "", kind), there == ALWAYS)
            for keys, kind, there in ROW.findall(body)
            for key in re.findall("`(.+?)`", keys)
        }

    def _list_keys(self, section: str) -> dict[str, Key]:
        """Return the keys of a section with those that it has from others."""
        keys: dict[str, Key] = {}
        for base in self._bases[section]:
            keys |= self._list_keys(base)
        return keys | self.sections[section]

    def _fits(self, value: Any, kind: str) -> bool:
        """Return True if a value is of this type; objects of a section are checked by it."""
        if kind.endswith(" or null"):
            return value is None or self._fits(value, kind.removesuffix(" or null"))
        if kind.endswith(" by name"):
            kind = kind.removesuffix(" by name")
            return isinstance(value, dict) and all(self._fits(one, kind) for one in value.values())
        if kind.startswith("list of "):
            kind = kind.removeprefix("list of ").removeprefix("(").removesuffix(")") if kind[8] == "(" else kind[8:]
            return isinstance(value, list) and all(self._fits(one, kind) for one in value)
        if link := LINK.fullmatch(kind):
            self.check(value, link[1])
            return True
        return PLAIN[kind](value)
