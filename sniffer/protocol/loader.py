"""Read protocol data files, check them, and make the `Definition` of them.

A file that breaks the format raises `DefinitionError`, which names the file, the entry and the key, and says what is
allowed; what is accepted works, whatever comes over the wire. Reading happens once, at start; nothing here runs for
a frame. The format is described at the top of `data/pwrboard.toml`.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import resources
from typing import get_args

from sniffer.errors import DefinitionError
from sniffer.protocol.conversions import Ascii, Conversion, Hex, Named, Number, Plain
from sniffer.protocol.definition import Command, Definition, ErrorRow, Field, Line, PilotState, Size, Tells
from sniffer.protocol.enumeration import Enumeration, Provenance
from sniffer.protocol.table import Table
from sniffer.wire.link import LINKS, ROUTES

PACKAGED = ("codes.toml", "pwrboard.toml", "dbus.toml", "log.toml")
NEEDED_ENUMERATIONS = ("status", "ocpp_error")

PLACEHOLDER = re.compile(r"\{(\w+)\}")
"""How a summary or a pattern names a field."""

_PROVENANCE = {word.value: word for word in Provenance}
_TELLS: Mapping[str, Tells] = {word: word for word in get_args(Tells)}


@cache
def packaged_definition() -> Definition:
    """The protocol as this package knows it."""
    folder = resources.files("sniffer.protocol") / "data"
    return load({name: (folder / name).read_text("utf-8") for name in PACKAGED})


def load(files: Mapping[str, str]) -> Definition:
    """One definition from the texts of several files, by file name."""
    tables = [_parse(name, text) for name, text in files.items()]
    enumerations = {
        name: _enumeration(table.table("enumeration").table(name))
        for table in tables
        for name in table.table("enumeration", optional=True).names()
    }
    missing = [name for name in NEEDED_ENUMERATIONS if name not in enumerations]
    if missing:
        raise DefinitionError(f"{next(iter(files), '')}: enumeration.{missing[0]} is needed, here or in another file")
    return Definition(
        commands=tuple(_command(table, entry, enumerations) for table in tables for entry in table.list("command")),
        lines=tuple(_line(entry, enumerations) for table in tables for entry in table.list("line")),
        enumerations=enumerations,
        transitions=_transitions(tables, enumerations["status"]),
        pilot=tuple(_pilot(entry) for table in tables for entry in table.list("pilot")),
        errors=tuple(_error(entry) for table in tables for entry in table.list("error")),
    )


def _parse(name: str, text: str) -> Table:
    try:
        return Table(name, tomllib.loads(text))
    # Numbers of thousands of digits and nesting without end are refused by the reader's own limits.
    except (ValueError, RecursionError) as error:
        raise DefinitionError(f"{name}: not valid TOML: {error}") from error


def _enumeration(table: Table) -> Enumeration:
    common = _provenance(table)
    names, meanings, provenance = {}, {}, {}
    for entry in table.list("values"):
        number = entry.number("number")
        names[number] = entry.text("name")
        meanings[number] = entry.text("meaning", "")
        known = _provenance(entry) or common
        if known is None:
            raise entry.wrong("provenance", "given here or for the whole enumeration")
        provenance[number] = known
    return Enumeration(table.text("label"), names, meanings, provenance)


def _transitions(tables: Iterable[Table], statuses: Enumeration) -> dict[str, tuple[str, ...]]:
    names = set(statuses.names.values())
    moves = {}
    for table in tables:
        group = table.table("transitions", optional=True)
        for start in group.names():
            moves[start] = group.texts(start)
            if not names.issuperset((start, *moves[start])):
                raise group.wrong(start, f"a list of statuses: {', '.join(sorted(names))}")
    return moves


def _command(file: Table, entry: Table, enumerations: Mapping[str, Enumeration]) -> Command:
    link = file.choice("link", LINKS)
    fields = tuple(_field(field, enumerations) for field in entry.list("fields"))
    summary = entry.text("summary")
    positions = _positions(entry, "fields", fields)
    if set(PLACEHOLDER.findall(summary)) - set(positions) or re.search("[{}]", PLACEHOLDER.sub("", summary)):
        raise entry.wrong("summary", f"a text with fields of this command: {_in_braces(positions)}")
    return Command(
        route=entry.choice("direction", {str(route.direction): route for route in ROUTES if route.link is link}),
        code=entry.number("code", most=256**link.command_size - 1),
        name=entry.text("name"),
        about=entry.text("about", ""),
        tells=entry.choice("tells", _TELLS) if "tells" in entry else None,
        answers=entry.truth("answers"),
        summary=summary,
        provenance=_provenance(entry),
        fields=fields,
        positions=positions,
    )


def _line(entry: Table, enumerations: Mapping[str, Enumeration]) -> Line:
    fields = tuple(_field(field, enumerations, in_line=True) for field in entry.list("fields"))
    pattern = entry.text("pattern")
    positions = _positions(entry, "fields", fields)
    if sorted(PLACEHOLDER.findall(pattern)) != sorted(positions) or any(not name.isidentifier() for name in positions):
        raise entry.wrong("pattern", f"a text with each field of this line once: {_in_braces(positions)}")
    return Line(
        pattern=pattern,
        name=entry.text("name"),
        tells=entry.choice("tells", _TELLS) if "tells" in entry else None,
        provenance=_given_provenance(entry),
        fields=fields,
    )


def _positions(entry: Table, key: str, fields: tuple[Field, ...]) -> dict[str, int]:
    positions = {field.name: position for position, field in enumerate(fields)}
    if len(positions) != len(fields):
        raise entry.wrong(key, "fields with different names")
    return positions


def _in_braces(names: Iterable[str]) -> str:
    return " ".join(f"{{{name}}}" for name in names) or "it has none"


def _field(table: Table, enumerations: Mapping[str, Enumeration], *, in_line: bool = False) -> Field:
    longest = max(link.longest - link.overhead for link in LINKS.values())
    size: Size = "rest" if in_line and "size" not in table else table.size("size", longest)
    kinds: dict[str, Callable[[], Conversion]] = {
        "uint": lambda: _number(table, size, enumerations),
        "ascii": lambda: Ascii(size if isinstance(size, int) else None),
        "text": lambda: Ascii(None),
        "unknown": Plain,
    }
    conversion = table.choice("type", kinds)() if "type" in table else kinds["uint"]()
    numeric = not isinstance(conversion, Ascii | Plain)
    if numeric and not in_line and not isinstance(size, int):
        raise table.wrong("size", "a number of bytes, as a number has")
    default = table.bytes("default") if "default" in table else None
    if default is not None and len(default) != size:
        raise table.wrong("default", f"{size} bytes in hexadecimal")
    return Field(
        name=table.text("name"),
        size=size,
        conversion=conversion,
        numeric=numeric,
        default=int.from_bytes(default, "big") if numeric and default is not None else default,
        provenance=_provenance(table),
        about=table.text("about", ""),
    )


def _number(table: Table, size: Size, enumerations: Mapping[str, Enumeration]) -> Conversion:
    digits = 2 * size if isinstance(size, int) else 1
    shown: dict[str, Callable[[], Conversion]] = {
        "decimal": lambda: Number(table.number("divisor", 1, least=1), table.text("unit", "")),
        "hex": lambda: Hex(digits),
    }
    if "enumeration" in table:
        return Named(table.choice("enumeration", enumerations))
    conversion: Conversion = (table.choice("show", shown) if "show" in table else shown["decimal"])()
    return conversion


def _pilot(entry: Table) -> PilotState:
    return PilotState(
        state=entry.text("state"),
        voltage=entry.number("voltage", least=-1000, most=1000),
        window=entry.pair("window") if "window" in entry else None,
        meaning=entry.text("meaning"),
        provenance=_given_provenance(entry),
    )


def _error(entry: Table) -> ErrorRow:
    ocpp = entry.optional_number("ocpp")
    return ErrorRow(
        vendor=entry.number("vendor"),
        stop_reason=entry.text("stop_reason"),
        meaning=entry.text("meaning"),
        provenance=_given_provenance(entry),
        ocpp=ocpp,
        ocpp_provenance=None if ocpp is None else _given_provenance(entry, "ocpp_provenance"),
        m4={entry.number("m4"): _given_provenance(entry)} if "m4" in entry else {},
    )


def _given_provenance(table: Table, key: str = "provenance") -> Provenance:
    found = _provenance(table, key)
    if found is None:
        raise table.wrong(key, f"given, as one of {', '.join(_PROVENANCE)}")
    return found


def _provenance(table: Table, key: str = "provenance") -> Provenance | None:
    return table.choice(key, _PROVENANCE) if key in table else None
