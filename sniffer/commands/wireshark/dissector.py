"""A definition in, the text of a Wireshark dissector in Lua out.

The program is `evse.lua`, the same for every definition, with one table in it: the links, the commands and the names
that hold. The table is made here, as far as anything about it can be known before a frame comes.
"""

from collections.abc import Iterable
from importlib import resources

from sniffer.commands.wireshark.lua_literal import Literal, literal
from sniffer.commands.wireshark.proto_fields import ProtoFields, mark
from sniffer.core.protocol.conversions import Hex, Named, Number, Plain
from sniffer.core.protocol.definition import Command, Definition, Field
from sniffer.core.protocol.definition_parser import PLACEHOLDER
from sniffer.core.protocol.enumeration import Enumeration, Provenance
from sniffer.core.wire.crc import crc16
from sniffer.core.wire.links import DBUS_EITHER_WAY, LINKS, ROUTES, ROUTES_IN_BYTES, Direction, Link, Route
from sniffer.text.describe import SHOWN_NOISE

FIRST_LINE = "-- Written by evse-sniff"
"""How each of our dissectors begins, and no other file."""

_PLACE = "{} -- THE DEFINITION\n"
_CRC_INITIAL = 0xFFFF


def dissector(definition: Definition) -> str:
    """The whole file."""
    program = (resources.files("sniffer.commands.wireshark") / "evse.lua").read_text("utf-8")
    before, after = program.split(_PLACE)
    return f"{before}{literal(_table(definition))}\n{after}"


def _table(definition: Definition) -> Literal:
    proto_fields, names = ProtoFields(definition), _Names()
    commands = [_command(command, proto_fields, names) for command in definition.commands]
    routes = (*ROUTES, DBUS_EITHER_WAY)
    return {
        "shown_noise": SHOWN_NOISE,
        "crc_table": _crc_table(),
        "links": {link.name: _link(link) for link in LINKS.values()},
        "heads": [_head(route, routes) for route in ROUTES_IN_BYTES],
        "ways": [_way(route, definition.commands) for route in routes],
        "names": names.tables,
        "name_labels": {"none": "name"} | {word.value: f"name{mark(word)}" for word in Provenance},
        "proto_fields": proto_fields.made,
        "commands": commands,
    }


class _Names:
    """The names of numbers, each enumeration once."""

    def __init__(self) -> None:
        self.tables: list[Literal] = []
        self._places: dict[int, int] = {}

    def place_of(self, enumeration: Enumeration) -> int:
        """Where this enumeration stands, from 1."""
        if id(enumeration) not in self._places:
            self.tables.append(dict(enumeration.names))
            self._places[id(enumeration)] = len(self.tables)
        return self._places[id(enumeration)]


def _crc_table() -> list[int]:
    """What each byte does to a CRC: read off the CRCs of single bytes, so that the polynomial is in one place only."""
    return [crc16(bytes([index ^ _CRC_INITIAL & 0xFF])) ^ _CRC_INITIAL >> 8 for index in range(256)]


def _link(link: Link) -> Literal:
    return {
        "name": link.name,
        "sequence_at": link.sequence_at,
        "command_at": link.command_at,
        "command_size": link.command_size,
        "length_at": link.length_at,
        "length_size": link.length_size,
        "counted": link.counted,
        "payload_at": link.payload_at,
        "checked_from": link.checked_from,
        "overhead": link.overhead,
        "unknown": f"command %0{2 * link.command_size}X (unknown)",
    }


def _head(route: Route, routes: tuple[Route, ...]) -> Literal:
    """How a frame begins, and the ways that it can take by what the packet tells of its direction, from 1."""

    def way(is_meant: Iterable[Direction | None]) -> int:
        possible = [other for other in routes if other.head == route.head and other.direction in is_meant]
        return routes.index(possible[0] if possible else route) + 1

    return {
        "bytes": route.head,
        "size": route.link.head_size,
        "link": route.link.name,
        "outbound": way(["com>pwr", "com>ocpp"]),
        "inbound": way(["pwr>com", "ocpp>com"]),
        "unknown": routes.index(route) + 1,
    }


def _way(route: Route, commands: Iterable[Command]) -> Literal:
    """What can take this route: the places of commands by code and size of payload, and that for all other sizes.

    As `sniffer.core.protocol.codec` has it: without a direction, the first command of a size.
    """
    plans: dict[int, dict[int | None, int]] = {}
    for place, command in enumerate(commands, 1):
        if command.route.link is route.link and route.direction in (None, command.route.direction):
            plans.setdefault(command.code, {}).setdefault(command.size, place)
    return {
        "direction": route.direction,
        "commands": {
            code: {
                "by_size": {size: place for size, place in by_size.items() if size is not None},
                "other": by_size.get(None, next(iter(by_size.values())) if len(by_size) == 1 else None),
            }
            for code, by_size in plans.items()
        },
    }


def _command(command: Command, proto_fields: ProtoFields, names: _Names) -> Literal:
    # The pattern has one group: what stands at odd places are names of fields.
    parts = enumerate(PLACEHOLDER.split(command.summary))
    return {
        "name": command.name,
        "mark": command.provenance.value if command.provenance else "none",
        "direction": command.route.direction,
        "size": command.size,
        "summary": [command.positions[part] + 1 if place % 2 else part for place, part in parts],
        "fields": [
            {"name": field.name, "size": field.size, "proto": proto_fields.place_of(field), **_shown(field, names)}
            for field in command.fields
        ],
    }


def _shown(field: Field, names: _Names) -> dict[str, Literal]:
    """How a field is shown in the Info column, and what it takes to compute its value."""
    match field.conversion:
        case Named(enumeration):
            return {"kind": "named", "names": names.place_of(enumeration), "of": enumeration.label}
        case Number(divisor, unit):
            unit = f" {unit}" if unit else ""
            if divisor == 1:
                return {"kind": "number", "unit": unit}
            return {"kind": "scaled", "unit": unit, "divisor": divisor, "format": f"%.{field.conversion.decimals}f"}
        case Hex():
            return {"kind": "hex"}
        case Plain():
            return {"kind": "bytes"}
    return {"kind": "text"}
