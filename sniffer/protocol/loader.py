"""Read protocol data files, check them, and make the `Definition` of them.

A file that breaks the format raises `DefinitionError`, which names the file, the entry and the key, and says what is
allowed. Reading happens once, at start; nothing here runs for a frame.
"""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from typing import Any, get_args

from sniffer.errors import DefinitionError
from sniffer.protocol.conversions import Ascii, Conversion, Hex, Named, Number, Plain
from sniffer.protocol.definition import Command, Definition, ErrorRow, Field, Line, PilotState, Size, Tells
from sniffer.protocol.enumeration import Enumeration, Provenance
from sniffer.wire.link import ROUTES, Route

PACKAGED = ("codes.toml", "pwrboard.toml", "dbus.toml", "log.toml")


@cache
def packaged_definition() -> Definition:
    """The protocol as this package knows it."""
    folder = resources.files("sniffer.protocol") / "data"
    return load({name: (folder / name).read_text("utf-8") for name in PACKAGED})


def load(files: Mapping[str, str]) -> Definition:
    """One definition from the texts of several files, by file name."""
    tables = []
    for name, text in files.items():
        try:
            tables.append(_Table(name, tomllib.loads(text)))
        except tomllib.TOMLDecodeError as error:
            raise DefinitionError(f"{name}: not valid TOML: {error}") from error
    enumerations = {
        name: _enumeration(entry)
        for table in tables
        for name, entry in table.table("enumeration", optional=True).tables().items()
    }
    return Definition(
        commands=tuple(_command(table, entry, enumerations) for table in tables for entry in table.list("command")),
        lines=tuple(_line(entry, enumerations) for table in tables for entry in table.list("line")),
        enumerations=enumerations,
        transitions={
            name: tuple(moves)
            for table in tables
            for name, moves in table.table("transitions", optional=True).content.items()
        },
        pilot=tuple(_pilot(entry) for table in tables for entry in table.list("pilot")),
        errors=tuple(_error(entry) for table in tables for entry in table.list("error")),
    )


class _Table:
    """One table of a file, with its place in it for messages; each key is asked for with the type that it must have."""

    def __init__(self, place: str, content: Mapping[str, Any]) -> None:
        self.place = place
        self.content = content

    def wrong(self, key: str, allowed: str) -> DefinitionError:
        return DefinitionError(f"{self.place}: {key} = {self.content.get(key)!r}: must be {allowed}")

    def text(self, key: str, default: str | None = None) -> str:
        value = self.content.get(key, default)
        if not isinstance(value, str):
            raise self.wrong(key, "a text")
        return value

    def number(self, key: str, default: int | None = None) -> int:
        value = self.content.get(key, default)
        if not isinstance(value, int):
            raise self.wrong(key, "a whole number")
        return value

    def optional_number(self, key: str) -> int | None:
        return self.number(key) if key in self.content else None

    def choice(self, key: str, allowed: Mapping[str, Any]) -> Any:
        value = self.content.get(key)
        if not isinstance(value, str) or value not in allowed:
            raise self.wrong(key, "one of " + ", ".join(allowed))
        return allowed[value]

    def provenance(self, key: str = "provenance") -> Provenance | None:
        return self.choice(key, {word.value: word for word in Provenance}) if key in self.content else None

    def tells(self) -> Tells | None:
        return self.choice("tells", {word: word for word in get_args(Tells)}) if "tells" in self.content else None

    def bytes(self, key: str) -> bytes:
        try:
            return bytes.fromhex(self.text(key))
        except ValueError as error:
            raise self.wrong(key, "bytes in hexadecimal") from error

    def table(self, key: str, *, optional: bool = False) -> "_Table":
        value = self.content.get(key, {} if optional else None)
        if not isinstance(value, dict):
            raise self.wrong(key, "a table")
        return _Table(f"{self.place}: {key}", value)

    def tables(self) -> dict[str, "_Table"]:
        return {key: self.table(key) for key in self.content}

    def list(self, key: str) -> "list[_Table]":
        value = self.content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            raise self.wrong(key, "a list of tables")
        return [_Table(f"{self.place}: {key} {number}", entry) for number, entry in enumerate(value, 1)]


def _enumeration(table: _Table) -> Enumeration:
    common = table.provenance()
    names, meanings, provenance = {}, {}, {}
    for entry in table.list("values"):
        number = entry.number("number")
        names[number] = entry.text("name")
        meanings[number] = entry.text("meaning", "")
        known = entry.provenance() or common
        if known is None:
            raise entry.wrong("provenance", "given here or for the whole enumeration")
        provenance[number] = known
    return Enumeration(table.text("label"), names, meanings, provenance)


def _command(file: _Table, entry: _Table, enumerations: Mapping[str, Enumeration]) -> Command:
    link = file.text("link")
    routes: dict[str, Route] = {str(route.direction): route for route in ROUTES if route.link.name == link}
    fields = tuple(_field(field, enumerations) for field in entry.list("fields"))
    return Command(
        route=entry.choice("direction", routes),
        code=entry.number("code"),
        name=entry.text("name"),
        about=entry.text("about", ""),
        tells=entry.tells(),
        summary=entry.text("summary"),
        provenance=entry.provenance(),
        fields=fields,
        positions={field.name: position for position, field in enumerate(fields)},
    )


def _line(entry: _Table, enumerations: Mapping[str, Enumeration]) -> Line:
    provenance = entry.provenance()
    if provenance is None:
        raise entry.wrong("provenance", "given")
    return Line(
        pattern=entry.text("pattern"),
        name=entry.text("name"),
        tells=entry.tells(),
        provenance=provenance,
        fields=tuple(_field(field, enumerations, in_line=True) for field in entry.list("fields")),
    )


def _field(table: _Table, enumerations: Mapping[str, Enumeration], *, in_line: bool = False) -> Field:
    size: Size = "rest" if in_line and "size" not in table.content else table.content.get("size", 0)
    if size not in ("rest", "to zero") and not (isinstance(size, int) and size > 0):
        raise table.wrong("size", 'a number of bytes, "rest" or "to zero"')
    kinds: dict[str, Callable[[], Conversion]] = {
        "uint": lambda: _number(table, size, enumerations),
        "ascii": lambda: Ascii(size if isinstance(size, int) else None),
        "text": lambda: Ascii(None),
        "unknown": Plain,
    }
    kind = table.text("type", "uint")
    if kind not in kinds:
        raise table.wrong("type", "one of " + ", ".join(kinds))
    numeric = kind == "uint"
    default = table.bytes("default") if "default" in table.content else None
    if default is not None and len(default) != size:
        raise table.wrong("default", f"{size} bytes in hexadecimal")
    return Field(
        name=table.text("name"),
        size=size,
        conversion=kinds[kind](),
        numeric=numeric,
        default=int.from_bytes(default, "big") if numeric and default is not None else default,
        provenance=table.provenance(),
        about=table.text("about", ""),
    )


def _number(table: _Table, size: Size, enumerations: Mapping[str, Enumeration]) -> Conversion:
    if "enumeration" in table.content:
        return Named(table.choice("enumeration", enumerations))
    if table.text("show", "decimal") == "hex":
        return Hex(2 * size if isinstance(size, int) else 1)
    return Number(table.number("divisor", 1), table.text("unit", ""))


def _pilot(entry: _Table) -> PilotState:
    voltage = entry.number("voltage")
    window = entry.content.get("window", [voltage, voltage])
    if not (isinstance(window, list) and len(window) == 2):
        raise entry.wrong("window", "the lowest and the highest voltage")
    return PilotState(entry.text("state"), voltage, (window[0], window[1]), entry.text("meaning"))


def _error(entry: _Table) -> ErrorRow:
    ocpp = entry.optional_number("ocpp")
    known = entry.provenance("ocpp_provenance") or Provenance.DOCUMENTED
    return ErrorRow(
        vendor=entry.number("vendor"),
        stop_reason=entry.text("stop_reason"),
        meaning=entry.text("meaning"),
        ocpp=ocpp,
        ocpp_provenance=known if ocpp is not None else None,
        m4=entry.optional_number("m4"),
    )
