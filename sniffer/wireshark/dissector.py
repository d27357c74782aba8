"""A dissector for Wireshark, in Lua: how frames are read is a template (evse.lua), what they mean is a definition.

In: a definition. Out: the text of a Lua file. The definition goes into it as one table of data, in which every text is
quoted byte by byte, so that nothing that a definition file holds can be anything but text there.
"""

import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from string import Formatter

from sniffer import __version__
from sniffer.protocol.conversions import Ascii, Hex, Named, Number
from sniffer.protocol.definition import Command, Definition, Field
from sniffer.wire.link import CRC_SIZE, DBUS_EITHER_WAY, LINKS, ROUTES, Link, Route

MARK = "-- @definition@\n"
FIRST_LINE = "-- EV charger links in Wireshark"
"""How the file begins, which tells it from anybody else's."""

LONGEST_NUMBER = 6
"""Bytes of the largest number that every version of Lua holds exactly; a longer one is shown as bytes."""

OUTBOUND = ("com>pwr", "com>ocpp")
"""What leaves the communication processor, whose point of view a capture's directions are."""

OWN_FILTERS = frozenset(
    (
        *("link", "direction", "seq", "command", "name", "length", "payload", "undefined", "raw"),
        *("crc", "crc.status", "crc.bad", "noise", "noise.reason"),
    )
)
"""The filters of the template itself; a field of the definition that is called like one has another."""

Data = str | int | bool | bytes | None | Mapping[str | int, "Data"] | Iterable["Data"]


def dissector(definition: Definition) -> str:
    """The Lua file for this definition, ending in a line end."""
    template = files(__package__).joinpath("evse.lua").read_text("utf-8")
    before, after = template.split(MARK)
    return f"{before}-- Made by evse-sniff {__version__}.\nDEFINITION = {lua(_table(definition))}\n{after}"


def filters(definition: Definition) -> Mapping[Command, Mapping[str, str]]:
    """What filters for each field of each command, by the field's name: `evse.` and the name, where it is free."""
    kinds = _Kinds()
    return {
        command: {field.name: f"evse.{kinds.of(field, command)}" for field in command.fields}
        for command in definition.commands
    }


def lua(data: Data, indent: str = "") -> str:
    """A value as Lua writes it."""
    if data is None:
        return "nil"
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, int):
        return str(data)
    if isinstance(data, str | bytes):
        return _quoted(data)
    inner = f"{indent}  "
    if isinstance(data, Mapping):
        given = [(key, value) for key, value in data.items() if value is not None]
        lines = [f"{inner}[{lua(key)}] = {lua(value, inner)},\n" for key, value in given]
    else:
        lines = [f"{inner}{lua(value, inner)},\n" for value in data]
    return "{\n" + "".join(lines) + indent + "}" if lines else "{}"


def _quoted(text: str | bytes) -> str:
    data = text.encode("utf-8", "backslashreplace") if isinstance(text, str) else text
    plain = {byte: chr(byte) for byte in range(0x20, 0x7F) if chr(byte) not in '"\\'}
    return '"' + "".join(plain.get(byte, f"\\{byte:03}") for byte in data) + '"'


def _table(definition: Definition) -> Mapping[str | int, Data]:
    kinds = _Kinds()
    commands = [_command(command, kinds) for command in definition.commands]
    return {
        "links": [_link(link) for link in LINKS.values()],
        "routes": [_route(route) for route in (*ROUTES, DBUS_EITHER_WAY)],
        "enumerations": {name: dict(found.enumeration.names) for name, found in kinds.enumerations.items()},
        "kinds": kinds.table,
        "commands": commands,
    }


def _link(link: Link) -> Data:
    heads = dict.fromkeys(route.head for route in ROUTES if route.link is link)
    return {
        "name": link.name,
        "heads": list(heads),
        "head_size": link.head_size,
        "sequence_at": link.sequence_at,
        "command_at": link.command_at,
        "command_size": link.command_size,
        "length_at": link.length_at,
        "length_size": link.length_size,
        "counted": link.counted,
        "payload_at": link.payload_at,
        "checked_from": link.checked_from,
        "crc_size": CRC_SIZE,
    }


def _route(route: Route) -> Data:
    others = [other for other in ROUTES if other is not route and other.link is route.link]
    return {
        "name": _name(route),
        "link": route.link.name,
        "head": route.head,
        "direction": route.direction,
        "is_outbound": route.direction in OUTBOUND,
        "shares_head": any(other.head == route.head for other in others),
    }


def _name(route: Route) -> str:
    return route.direction or route.link.name


def _command(command: Command, kinds: "_Kinds") -> Data:
    ways = [command.route, *([DBUS_EITHER_WAY] if command.route.link is DBUS_EITHER_WAY.link else [])]
    return {
        "name": command.name,
        "code": command.code,
        "routes": [_name(route) for route in ways],
        "direction": command.route.direction,
        "payload_at": command.route.link.payload_at,
        "size": command.size,
        "fields": [_field(field, kinds.of(field, command)) for field in command.fields],
        "summary": list(_summary(command)),
    }


def _field(field: Field, kind: str) -> Data:
    conversion = field.conversion
    number = conversion if isinstance(conversion, Number) else Number()
    is_share = number.divisor != 1
    decimals = len(number.text(0).removesuffix(f" {number.unit}").partition(".")[2])
    return {
        "name": field.name,
        "kind": kind,
        "size": field.size,
        "known": str(field.provenance or "meaning unknown"),
        "label": conversion.enumeration.label if isinstance(conversion, Named) else None,
        "unit": number.unit or None,
        "divisor": number.divisor if is_share else None,
        "decimals": decimals if is_share else None,
    }


def _summary(command: Command) -> Iterable[str | int]:
    """The line for people in parts: a text, or the place of a field, counted from 1."""
    for text, name, _, _ in Formatter().parse(command.summary):
        if text:
            yield text
        if name is not None:
            yield command.positions[name] + 1


class _Kinds:
    """The fields of Wireshark: one for each name and form, which all fields of this name and form share."""

    def __init__(self) -> None:
        self.table: dict[str | int, dict[str | int, Data]] = {}
        self.enumerations: dict[str, Named] = {}
        self._forms: dict[tuple[str, str], str] = {}

    def of(self, field: Field, command: Command) -> str:
        """The key of the field's kind; it is made where it is not there yet."""
        form, size, names, is_hex = self._form(field)
        shape = f"{form} {names} {is_hex}"
        key = self._forms.get((field.name, shape))
        if key is None:
            key = self._forms[field.name, shape] = self._free(field.name, command.name)
            self.table[key] = {
                "filter": f"evse.{key}",
                "label": field.name,
                "form": form,
                "size": size,
                "names": names,
                "is_hex": is_hex,
            }
        known = self.table[key]["size"]
        if size and isinstance(known, int):
            self.table[key]["size"] = max(size, known)
        return key

    def _form(self, field: Field) -> tuple[str, int | None, str | None, bool]:
        """What it is in Wireshark; the size of a number, its names, and whether it is read in hexadecimal."""
        conversion, size = field.conversion, field.size
        if isinstance(conversion, Ascii):
            return "text", None, None, False
        if not isinstance(size, int) or not 0 < size <= LONGEST_NUMBER or not field.numeric:
            return "bytes", None, None, False
        if isinstance(conversion, Number) and conversion.divisor != 1:
            return "share", None, None, False
        names = None
        if isinstance(conversion, Named):
            names = next((key for key, known in self.enumerations.items() if known == conversion), None)
            if names is None:
                names = f"{conversion.enumeration.label} {len(self.enumerations)}"
                self.enumerations[names] = conversion
        return "number", size, names, isinstance(conversion, Hex)

    def _free(self, name: str, command: str) -> str:
        """A name of a filter that nothing else has."""
        wanted = _filter_name(name)
        for found in (wanted, f"field.{wanted}", f"{_filter_name(command)}.{wanted}"):
            if found not in self.table and found not in OWN_FILTERS:
                return found
        return next(found for number in range(2, 1 << 16) if (found := f"{wanted}_{number}") not in self.table)


def _filter_name(name: str) -> str:
    return re.sub(r"[^a-z0-9_]+", "_", name.lower()) or "_"
