"""Enumerations: numbers with names, in both directions, how well each fact is known, and how files state them.

The facts are from protocol.md, Connector status and OCPP error code.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct, field

from sniffer.base.errors import DefinitionError
from sniffer.base.late_pattern import compile_late
from sniffer.base.toml_table import TomlTable

_UNNAMED = compile_late(r"([0-9]{1,20}) \(unknown\)")


class Provenance(StrEnum):
    """The certainty of a fact: the four words of protocol.md, and `user`. None means that nothing is claimed.

    The order is from strong to weak: a conclusion from two facts is as weak as the weaker one.
    """

    VERIFIED = "verified"
    DOCUMENTED = "documented"
    INFERRED = "inferred"
    ASSUMED = "assumed"
    USER = "user"
    """Stated in the user's own definition file."""


PROVENANCE = {word.value: word for word in Provenance}

MEANING_UNKNOWN = "meaning unknown"
"""Shown in place of a provenance that nothing states."""

FIRM = (Provenance.VERIFIED, Provenance.DOCUMENTED, Provenance.USER)
"""The provenances that may support or contradict other facts. An inference or a guess may do neither."""

ENUMERATION_KEYS = ("label", "provenance", "values", "moves")
MOVE_KEYS = ("from", "to", "name")
VALUE_KEYS = ("number", "name", "meaning", "provenance")


class Enumeration(Struct, frozen=True):
    """The names of one kind of number. `label` is the name of the kind, for people."""

    label: str
    names: Mapping[int, str]
    meanings: Mapping[int, str]
    provenance: Mapping[int, Provenance]
    moves: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """The moves of a state machine whose states these are: the name of each, or an empty text, by state before and
    after. It is empty if nothing is said of the moves.
    """

    @property
    def transitions(self) -> dict[str, tuple[str, ...]]:
        """The states that may follow each state."""
        found: dict[str, tuple[str, ...]] = {}
        for before, after in self.moves:
            found[before] = (*found.get(before, ()), after)
        return found

    def name_of(self, number: int) -> str:
        """Return the name of a number, or `12 (unknown)` if it has none."""
        return self.names.get(number) or _format_unnamed(number)

    def number_of(self, name: str) -> int | None:
        """Return the number for a result of `name_of`, whatever its letter case; None if there is none."""
        if unnamed := _UNNAMED.fullmatch(name):
            return int(unnamed[1])
        key = name.casefold()
        return next((number for number, own in self.names.items() if own.casefold() == key), None)


class EnumerationEntry(Struct, frozen=True):
    """The part of an enumeration that is in one file. `entries` are its tables by number, for error messages."""

    table: TomlTable
    label: str | None
    names: Mapping[int, str]
    meanings: Mapping[int, str]
    provenance: Mapping[int, Provenance]
    entries: Mapping[int, TomlTable]
    moves: Mapping[tuple[str, str], str]


def parse_enumerations(file: TomlTable, left_out: Provenance | None) -> dict[str, EnumerationEntry]:
    """Return the enumerations of a file. `left_out` is used for a missing provenance; None makes it an error."""
    group = file.table("enumeration", optional=True)
    for name in group.names():
        if not name.isidentifier():
            raise DefinitionError(f"{group.place}: {name!r}: must be a name of letters, digits and _, no digit first")
    return {name: _parse_enumeration(group.table(name), left_out) for name in group.names()}


def _parse_enumeration(table: TomlTable, left_out: Provenance | None) -> EnumerationEntry:
    """Return the names and meanings of an `[[enumerations]]` entry.

    `left_out` is the provenance of values that state none.
    """
    table.only(ENUMERATION_KEYS)
    common = table.choice("provenance", PROVENANCE) if "provenance" in table else left_out
    names, meanings, provenance = {}, {}, {}
    entries: dict[int, TomlTable] = {}
    for entry in table.list("values"):
        entry.only(VALUE_KEYS)
        number = entry.number("number")
        if number in entries:
            raise entry.wrong("number", f"different from that of {entries[number].place}")
        entries[number] = entry
        names[number] = entry.text("name")
        meanings[number] = entry.text("meaning", "")
        provenance[number] = _find_provenance(entry, common)
    label = table.text("label") if "label" in table else None
    return EnumerationEntry(table, label, names, meanings, provenance, entries, _parse_moves(table, [*names.values()]))


def _parse_moves(table: TomlTable, names: list[str]) -> dict[tuple[str, str], str]:
    """Return the names of the moves of a state machine, by state before and after."""
    moves = {}
    for entry in table.list("moves"):
        entry.only(MOVE_KEYS)
        before, name = entry.choice("from", {name: name for name in names}), entry.text("name", "")
        for after in entry.words("to", names):
            if (before, after) in moves:
                raise entry.wrong("to", f"without {after}, as another entry has this move")
            moves[before, after] = name
    return moves


def _find_provenance(entry: TomlTable, common: Provenance | None) -> Provenance:
    """Return the provenance that a value states, or else the common one."""
    if "provenance" not in entry and common is not None:
        return common
    found: Provenance = entry.choice("provenance", PROVENANCE)
    return found


@lru_cache(256)
def _format_unnamed(number: int) -> str:
    """Return the text of a number without a name. Those of a byte are made once, as tracks and paths keep them."""
    return f"{number} (unknown)"
