"""Generate a Wireshark dissector in Lua from a protocol definition.

In: a definition. Out: the text of the dissector. It is a program in two parts, `PARTS`, the same for every definition,
with one table in it: links, commands, fields and names. All that does not depend on the bytes of a frame is computed
here, so that the program has little to do for each frame.
"""

from collections.abc import Iterable
from importlib import resources

from sniffer.commands.wireshark.link_tables import build_link_table, build_shapes, is_described, list_number_sizes
from sniffer.commands.wireshark.lua_literal import LuaValue, format_literal
from sniffer.commands.wireshark.proto_fields import ProtoFields, format_mark, is_dissected
from sniffer.core.protocol.conversions import Hex, Named, Number, Plain
from sniffer.core.protocol.definition import Command, Definition, Field
from sniffer.core.protocol.enumeration import Enumeration, Provenance
from sniffer.core.protocol.layout.parts import FieldPart, FramePart
from sniffer.core.protocol.message import PLACEHOLDER
from sniffer.core.wire.crc import crc16
from sniffer.core.wire.link import Route
from sniffer.core.wire.link_parts import Direction
from sniffer.text.describe import SHOWN_NOISE

REST = Field("rest", "rest", "unknown", Plain(), None, None, "Shown in full by evse-sniff.")
"""The bytes of a payload that the dissector does not take apart."""

FIRST_LINE = "-- Written by evse-sniff"
"""The first words of each dissector that this module wrote, by which `install` recognises them."""

PARTS = ("evse.lua", "frames.lua")
"""The files of the program, in order: its fields and numbers, then how frames and noise are shown."""

_PLACEHOLDER = "{} -- THE DEFINITION\n"
_CRC_INITIAL = 0xFFFF


def format_dissector(definition: Definition) -> str:
    """Return the text of the dissector."""
    folder = resources.files("sniffer.commands.wireshark")
    program = "".join((folder / part).read_text("utf-8") for part in PARTS)
    before, after = program.split(_PLACEHOLDER)
    return f"{before}{format_literal(_build_table(definition))}\n{after}"


def _build_table(definition: Definition) -> LuaValue:
    """Return the table of the dissector: all that depends on the definition."""
    proto_fields, names = ProtoFields(definition), _NameTables()
    commands = [_build_command(command, proto_fields, names) for command in definition.commands]
    known = definition.links
    framed = (route for route in known.all_routes if route.link.name in known.framed)
    routes = tuple(dict.fromkeys(filter(is_described, (*framed, *known.routes_in_bytes))))
    links = dict.fromkeys(route.link for route in routes)
    # As in the framer, longer heads come first.
    heads = sorted(filter(is_described, known.routes_in_bytes), key=lambda route: -len(route.head))
    return {
        "shown_noise": SHOWN_NOISE,
        "crc_table": _compute_crc_table(),
        "sizes": list_number_sizes(routes),
        "links": {link.name: build_link_table(link) for link in links},
        "heads": [_build_head(route, routes) for route in heads],
        "routes": [_build_route(route, definition.commands) for route in routes],
        "names": names.tables,
        "name_labels": {"none": "name"} | {word.value: f"name{format_mark(word)}" for word in Provenance},
        "proto_fields": proto_fields.declarations,
        "commands": commands,
    }


class _NameTables:
    """The tables of names, one for each enumeration that a field uses."""

    def __init__(self) -> None:
        self.tables: list[LuaValue] = []
        self._indexes: dict[int, int] = {}

    def add(self, enumeration: Enumeration) -> int:
        """Add an enumeration to `tables` if it is new, and return its index there, from 1."""
        if id(enumeration) not in self._indexes:
            self.tables.append(dict(enumeration.names))
            self._indexes[id(enumeration)] = len(self.tables)
        return self._indexes[id(enumeration)]


def _compute_crc_table() -> list[int]:
    """Return the CRC table, computed from the CRCs of single bytes, so that the polynomial stands in one place only."""
    return [crc16(bytes([index ^ _CRC_INITIAL & 0xFF])) ^ _CRC_INITIAL >> 8 for index in range(256)]


def _build_head(route: Route, routes: tuple[Route, ...]) -> LuaValue:
    """Return the head of a frame, and the index of its route, from 1, by the direction that the packet states."""

    def find_route(directions: Iterable[Direction | None]) -> int:
        same = (other for other in routes if other.link is route.link and other.head == route.head)
        possible = [other for other in same if other.direction in directions]
        return routes.index(possible[0] if possible else route) + 1

    return {
        "bytes": route.head,
        "size": len(route.head),
        "link": route.link.name,
        "outbound": find_route(["com>pwr", "com>ocpp"]),
        "inbound": find_route(["pwr>com", "ocpp>com"]),
        "unknown": routes.index(route) + 1,
        **build_shapes(route),
    }


def _build_route(route: Route, commands: Iterable[Command]) -> LuaValue:
    """Return the indexes of the commands of this route, from 1, by code and size of the payload.

    `other` is the index for all other sizes. As in `sniffer.core.protocol.codec`, the first command of a size is taken
    where the direction is unknown.
    """
    indexes: dict[int, dict[int | None, int]] = {}
    for index, command in enumerate(commands, 1):
        if command.route.link is route.link and route.direction in (None, command.route.direction):
            indexes.setdefault(command.code, {}).setdefault(command.size, index)
    return {
        "direction": route.direction,
        "commands": {
            code: {
                "by_size": {size: index for size, index in by_size.items() if size is not None},
                "other": by_size.get(None, next(iter(by_size.values())) if len(by_size) == 1 else None),
            }
            for code, by_size in indexes.items()
        },
    }


def _build_command(command: Command, proto_fields: ProtoFields, names: _NameTables) -> LuaValue:
    """Return a command: its summary, as texts and numbers of fields, and its fields.

    Declarations of fields and tables of names are added to `proto_fields` and `names`.
    """
    # The pattern has one group, so every second part is the name of a field.
    parts = enumerate(PLACEHOLDER.split(command.summary))
    fields = _list_dissected(command)
    indexes = {field.name: index for index, field in enumerate(fields, 1)}
    return {
        "name": command.name,
        "mark": command.provenance.value if command.provenance else "none",
        "direction": command.route.direction,
        "size": command.size,
        "summary": [indexes.get(part, "…") if index % 2 else part for index, part in parts],
        "fields": [
            {
                "name": field.name,
                "size": field.size,
                "proto": proto_fields.add(field),
                "little": field.order == "little" or None,
                "signed": field.is_signed or None,
                **_build_presentation(field, names),
            }
            for field in fields
        ],
    }


def _list_dissected(command: Command) -> list[Field]:
    """Return the fields that the dissector shows: of a payload with parts those before the first one that is no field,
    and all other bytes as one.
    """
    if not command.parts:
        return [*command.fields]
    in_payload = [part for part in command.parts if not isinstance(part, FramePart)]
    is_field = [isinstance(part, FieldPart) and part.size_from is None for part in in_payload]
    shown = command.fields[: [*is_field, False].index(False)]
    return [*shown, *([] if all(is_field) else [REST])]


def _build_presentation(field: Field, names: _NameTables) -> dict[str, LuaValue]:
    """Return how a field is shown in the Info column, with the parameters of its conversion.

    A new enumeration is added to `names`.
    """
    if not is_dissected(field):
        return {"kind": "bytes"}
    match field.conversion:
        case Named(enumeration):
            return {"kind": "named", "names": names.add(enumeration), "of": enumeration.label}
        case Number(divisor, unit, multiplier):
            unit = f" {unit}" if unit else ""
            if divisor == 1:
                return {"kind": "number", "unit": unit, "multiplier": multiplier if multiplier != 1 else None}
            return {"kind": "scaled", "unit": unit, "divisor": divisor, "format": f"%.{field.conversion.decimals}f"}
        case Hex():
            return {"kind": "hex"}
    return {"kind": "text"}
