"""Generate a Wireshark dissector in Lua from a protocol definition.

In: a definition. Out: the text of the dissector. It is a program in some parts, `PARTS`, the same for every definition,
with one table in it: links, commands, fields and names. All that does not depend on the bytes of a frame is computed
here, so that the program has little to do for each frame.
"""

from collections.abc import Iterable
from importlib import resources

from sniffer.commands.wireshark.layout_tables import build_parts, list_bit_positions
from sniffer.commands.wireshark.link_tables import (
    build_candidate_tables,
    build_link_table,
    build_route_table,
    list_number_sizes,
)
from sniffer.commands.wireshark.lua_literal import LuaValue, format_literal
from sniffer.commands.wireshark.presentations import Presentations
from sniffer.commands.wireshark.proto_fields import ProtoFields, format_mark, name_any_item
from sniffer.core.protocol.definition import UNSURE_TYPES, Command, Definition, Field
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.protocol.message import PLACEHOLDER
from sniffer.core.wire.crc import crc16
from sniffer.core.wire.framer import MAX_GARBAGE
from sniffer.core.wire.link import Route
from sniffer.text.describe import SHOWN_NOISE

FIRST_LINE = "-- Written by evse-sniff"
"""The first words of each dissector that this module wrote, by which `install` recognises them."""

PARTS = ("evse.lua", "values.lua", "texts.lua", "fields.lua", "links.lua", "payload.lua", "frames.lua")
"""The files of the program, in order: checks, values as text, the fields of Wireshark, how frames are found, and how
frames and noise are shown.
"""

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
    known = definition.links
    routes = [route for route in known.all_routes if route.link.name in known.framed]
    routes = list(dict.fromkeys((*routes, *known.routes_in_bytes)))
    proto_fields, presentations = ProtoFields(definition), Presentations()
    framed = {route.link for route in routes}
    commands = [command for command in definition.commands if command.route.link in framed]
    tables = [_build_command(command, proto_fields, presentations) for command in commands]
    return {
        "shown_noise": SHOWN_NOISE,
        "most_garbage": MAX_GARBAGE,
        "crc_table": _compute_crc_table(),
        "sizes": list_number_sizes(routes),
        "links": {route.link.name: build_link_table(route.link) for route in routes},
        "routes": [build_route_table(route, routes) | _list_commands(route, commands) for route in routes],
        **build_candidate_tables(known.routes_in_bytes, routes),
        **presentations.build_encoding_tables(),
        "presentations": presentations.tables,
        "names": presentations.names,
        "name_labels": {"none": "name"} | {word.value: f"name{format_mark(word)}" for word in Provenance},
        "proto_fields": proto_fields.declarations,
        "commands": tables,
    }


def _compute_crc_table() -> list[int]:
    """Return the CRC table, computed from the CRCs of single bytes, so that the polynomial stands in one place only."""
    return [crc16(bytes([index ^ _CRC_INITIAL & 0xFF])) ^ _CRC_INITIAL >> 8 for index in range(256)]


def _list_commands(route: Route, commands: Iterable[Command]) -> dict[str, LuaValue]:
    """Return the indexes of the commands of this route, from 1, by code and size of the payload.

    `other` is the index for all other sizes. As in `sniffer.core.protocol.codec`, the first command of a size is taken
    where the direction is unknown.
    """
    indexes: dict[int, dict[int | None, int]] = {}
    for index, command in enumerate(commands, 1):
        if command.route.link is route.link and route.direction in (None, command.route.direction):
            indexes.setdefault(command.code, {}).setdefault(command.size, index)
    return {
        "commands": {
            code: {
                "by_size": {size: index for size, index in by_size.items() if size is not None},
                "other": by_size.get(None, next(iter(by_size.values())) if len(by_size) == 1 else None),
            }
            for code, by_size in indexes.items()
        }
    }


def _build_placeholder(name: str, command: Command) -> LuaValue:
    """Return the part that a summary names: a field, which may not be there, or a list or bits as a whole."""
    return {"name": name, "is_field": name in command.positions or None}


def _build_command(command: Command, proto_fields: ProtoFields, presentations: Presentations) -> LuaValue:
    """Return a command: its summary, as texts and fields, and its fields with the parts that they are in.

    Declarations of fields and presentations of values are added to `proto_fields` and `presentations`.
    """
    in_bits = list_bit_positions(command)
    # The pattern has one group, so every second part is the name of a field.
    summary = enumerate(PLACEHOLDER.split(command.summary))
    names = {field.name: index for index, field in enumerate(command.fields, 1)}
    return {
        "name": command.name,
        "mark": command.provenance.value if command.provenance else "none",
        "direction": command.route.direction,
        "size": command.size,
        "summary": [
            part if index % 2 == 0 else _build_placeholder(part, command) if command.parts else names[part]
            for index, part in summary
        ],
        "parts": build_parts(command.parts) if command.parts else None,
        "fields": [
            {
                "name": field.name,
                "size": field.size,
                "shown": presentations.add(field, in_bits=position in in_bits),
                **_declare(field, proto_fields),
            }
            for position, field in enumerate(command.fields)
        ],
    }


def _declare(field: Field, proto_fields: ProtoFields) -> dict[str, LuaValue]:
    """Return the indexes of the declarations of a field: its own and that of any item of its list.

    Those of their texts are among them if it is a number that may be none.
    """
    is_unsure, any_item = field.type in UNSURE_TYPES, name_any_item(field)
    return {
        "proto": proto_fields.add(field),
        "any_proto": proto_fields.add(any_item) if any_item else None,
        "text_proto": proto_fields.add_text(field) if is_unsure else None,
        "any_text_proto": proto_fields.add_text(any_item) if is_unsure and any_item else None,
    }
