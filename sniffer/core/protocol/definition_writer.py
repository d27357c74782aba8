"""The writer of definitions: formats a `Definition` as a data file that loads again to an equal one.

In: a definition. Out: TOML in which each fact states its provenance. Codes are in hexadecimal, as people read them.
`docs/definition.md` describes the format.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

import tomlkit
from tomlkit.items import AoT, Array, InlineTable, Item, Table

from sniffer.core.protocol.conversions import Hex, Named, Number
from sniffer.core.protocol.definition import (
    Command,
    Definition,
    ErrorRow,
    ExchangePattern,
    Field,
    LogLinePattern,
    PilotState,
)
from sniffer.core.protocol.digit_conversions import BcdDigits, DecimalNamed, DecimalText
from sniffer.core.protocol.enumeration import Enumeration, Provenance
from sniffer.core.protocol.layout.layout_writer import LayoutWriter
from sniffer.core.protocol.layout.numbers import encode_number
from sniffer.core.protocol.parsers.conversion_parser import PADDINGS
from sniffer.core.protocol.parsers.field_parser import ORDERED_TYPES
from sniffer.core.protocol.text_conversions import EncodedText, PartsTime
from sniffer.core.wire.checks import ByteOrder
from sniffer.core.wire.link_set import LinkEntry
from sniffer.core.wire.link_writer import build_link_keys
from sniffer.core.wire.links import PACKAGED

HEADER = """\
# What evse-sniff knows of the protocol, and how well: verified, documented, inferred or assumed, or user for what a
# definition file added. Edit what you know better, delete the rest, and give it back with --definition; what you leave
# as it is keeps its word. The format is described in `evse-sniff help definition`."""

LINKS = "# The links of other boards: how their frames are distinguished from other bytes."
ENUMERATIONS = "# Numbers that have names."
TRANSITIONS = "# The statuses that may follow each one; any other move is followed and flagged."
PILOT = "# The states of the control pilot, in volts. A state without a window has just its voltage."
ERRORS = "# The error table: what a vendor error code means, and the OCPP and M4 codes that go with it."
COMMANDS = "# The frames: one entry for each command in one direction, its fields in the order in which they are sent."
EXCHANGES = "# The exchanges across both links: the frames of one sequence, in the order in which they are sent."
LINES = "# The lines of the charger's text log, in the order in which they are tried."

Entry = Mapping[str, Any]
"""The keys and values of one table. A value of None is left out."""


def format_definition(definition: Definition) -> str:
    """Return the definition as TOML; the text ends with a line end."""
    links = [entry for entry in definition.links.entries if entry.link.name not in PACKAGED.links]
    sections = (
        (LINKS, "link", _build_list(map(build_link_entry, links))),
        (ENUMERATIONS, "enumeration", _build_tables(definition.enumerations)),
        (TRANSITIONS, "transition", _build_list(_list_transitions(definition))),
        (PILOT, "pilot", _build_list(map(_build_pilot, definition.pilot))),
        (ERRORS, "error", _build_list(map(_build_error, definition.errors))),
        (COMMANDS, "command", _build_list(_build_command(command, definition) for command in definition.commands)),
        (EXCHANGES, "exchange", _build_list(map(_build_exchange, definition.exchanges))),
        (LINES, "line", _build_list(_build_line(line, definition) for line in definition.lines)),
    )
    framed = "framed = [" + ", ".join(f'"{name}"' for name in sorted(definition.links.framed)) + "]"
    top = [HEADER, framed] if links else [HEADER]
    parts = chain(top, (f"{about}\n{_format_tables(key, tables)}" for about, key, tables in sections if tables))
    return "\n\n".join(parts) + "\n"


def _format_tables(key: str, tables: Item) -> str:
    return tomlkit.dumps({key: tables}).strip()


def _build_tables(enumerations: Mapping[str, Enumeration]) -> Table:
    """Return the enumerations as tables, by name."""
    tables = tomlkit.table(is_super_table=True)
    for name, enumeration in enumerations.items():
        tables.add(name, _build_table(_build_enumeration(enumeration)))
    return tables


def _build_list(entries: Iterable[Entry]) -> AoT:
    """Return the entries as a list of tables."""
    tables = tomlkit.aot()
    for entry in entries:
        tables.append(_build_table(entry))
    return tables


def _build_table(entry: Entry) -> Table:
    """Return an entry as a table, without the keys whose value is None."""
    table = tomlkit.table()
    for key, value in entry.items():
        if value is not None:
            table.add(key, value)
    return table


def _build_rows(entries: Iterable[Entry]) -> Array:
    """Return a list of inline tables, one in each line."""
    rows = tomlkit.array()
    for entry in entries:
        rows.append(_build_row(entry))
    return rows.multiline(len(rows) > 0)


def _build_row(entry: Entry) -> InlineTable:
    """Return an entry as an inline table, with those that are in it."""
    row = tomlkit.inline_table()
    for key, value in entry.items():
        if value is not None:
            row.add(key, _build_row(value) if isinstance(value, dict) else value)
    return row


def _build_hex(number: int | None, digits: int) -> Item | None:
    """Return a number in hexadecimal with `digits` digits; None if there is no number, so that its key is left out."""
    return None if number is None else tomlkit.value(f"0x{number:0{digits}X}")


def _build_enumeration(enumeration: Enumeration) -> Entry:
    """Return the entry of an enumeration, with the moves of a state machine."""
    moves: dict[tuple[str, str], list[str]] = {}
    for (before, after), name in enumeration.moves.items():
        moves.setdefault((before, name), []).append(after)
    rows = [{"from": before, "to": ends, "name": name or None} for (before, name), ends in moves.items()]
    values = _build_rows(_list_values(enumeration))
    return {"label": enumeration.label, "values": values, "moves": _build_rows(rows) if rows else None}


def _list_values(enumeration: Enumeration) -> Iterable[Entry]:
    for number, name in enumeration.names.items():
        meaning = enumeration.meanings[number] or None
        yield {"number": number, "name": name, "meaning": meaning, "provenance": enumeration.provenance[number].value}


def _list_transitions(definition: Definition) -> Iterable[Entry]:
    for start, ends in definition.transitions.items():
        yield {"from": start, "to": list(ends), "provenance": definition.transition_provenance[start].value}


def _build_pilot(state: PilotState) -> Entry:
    """Return the entry of a state of the control pilot."""
    return {
        "state": state.state,
        "voltage": state.voltage,
        "window": list(state.window) if state.window else None,
        "meaning": state.meaning,
        "provenance": state.provenance.value,
    }


def _build_error(row: ErrorRow) -> Entry:
    """Return the entry of a row of the error table. Codes and provenances that are alike are written as one."""
    codes, words = list(row.m4), [word.value for word in row.m4.values()]
    return {
        "vendor": _build_hex(row.vendor, 6),
        "stop_reason": row.stop_reason,
        "meaning": row.meaning,
        "provenance": row.provenance.value,
        "ocpp": row.ocpp,
        "ocpp_provenance": _format_provenance(row.ocpp_provenance),
        "m4": (codes if len(codes) > 1 else codes[0]) if codes else None,
        "m4_provenance": (words if len({*words}) > 1 else words[0]) if codes else None,
        "about": row.about or None,
        "measure": row.measure or None,
        "severity": row.severity or None,
    }


def build_link_entry(entry: LinkEntry) -> Entry:
    """Return the entry of a link, with its parts as inline tables."""
    keys = {**build_link_keys(entry)}
    for key, value in keys.items():
        if isinstance(value, dict):
            keys[key] = tomlkit.inline_table()
            keys[key].update(value)
    sizes = keys.pop("sizes")
    known = {key: value for key, value in keys.items() if value is not None}
    return known | {"sizes": _build_rows(sizes)} if sizes else known


def _build_command(command: Command, definition: Definition) -> Entry:
    """Return the entry of a command."""
    return {
        "link": command.route.link.name,
        "direction": command.route.direction,
        "code": _build_hex(command.code, command.route.link.code_digits),
        "name": command.name,
        "about": command.about or None,
        "tells": command.role,
        "answers": _build_answered(command) if command.answered else command.answers or None,
        "sequence": list(command.sequences) or None,
        "summary": command.summary,
        "provenance": _format_provenance(command.provenance),
        "fields": _build_rows(build_payload_entries(command, definition.enumerations)),
    }


def _build_answered(command: Command) -> object:
    """Return the codes that a command answers as they are written: one, or a list."""
    codes = [_build_hex(code, command.route.link.code_digits) for code in command.answered]
    return codes if len(codes) > 1 else codes[0]


def _build_exchange(exchange: ExchangePattern) -> Entry:
    hops = [f"{route.direction} {route.link.code_text(code)}" for route, code in exchange.hops]
    return {"name": exchange.name, "hops": hops, "provenance": exchange.provenance.value}


def _build_line(line: LogLinePattern, definition: Definition) -> Entry:
    """Return the entry of a line of the log."""
    fields = (
        {**build_field_entry(field, definition.enumerations), "size": None if field.size == "rest" else field.size}
        for field in line.fields
    )
    return {
        "pattern": line.pattern,
        "name": line.name,
        "tells": line.role,
        "provenance": line.provenance.value,
        "fields": _build_rows(fields) if line.fields else None,
    }


def build_field_entry(
    field: Field, enumerations: Mapping[str, Enumeration], order: ByteOrder = "big"
) -> dict[str, Any]:
    """Return the keys of a field of a command. A value of None is left out of the file.

    `order` is the byte order of fields that state none.
    """
    return {
        "name": field.name,
        "size": field.size,
        "type": field.type if field.type != "uint" else None,
        "order": field.order if _has_order(field) and field.order != order else None,
        "words": ("big" if field.order == "little" else "little") if field.is_swapped else None,
        **_build_conversion(field, enumerations),
        "provenance": _format_provenance(field.provenance),
        "about": field.about or None,
        "default": format_bytes(default_bytes(field)),
        "tells": field.tells or None,
    }


def build_payload_entries(command: Command, enumerations: Mapping[str, Enumeration]) -> Sequence[Entry]:
    """Return the entries of the fields of a command, as rows, lists, bits and switches."""
    order = command.route.link.order
    if not command.parts:
        return [build_field_entry(field, enumerations, order) for field in command.fields]
    return LayoutWriter(command, lambda field: build_field_entry(field, enumerations, order)).build(command.parts, "")


def _has_order(field: Field) -> bool:
    return field.type in ORDERED_TYPES and not isinstance(field.conversion, PartsTime | DecimalText | DecimalNamed)


def _build_conversion(field: Field, enumerations: Mapping[str, Enumeration]) -> Entry:
    """Return the keys of an entry that say how the values of a field are shown."""
    conversion = field.conversion
    if isinstance(conversion, Named):
        form = _build_text_form(conversion.form) if isinstance(conversion, DecimalNamed) else {}
        named = next(key for key, names in enumerations.items() if names == conversion.enumeration)
        return {**form, "enumeration": named}
    if isinstance(conversion, Hex):
        return {"show": "hex"}
    if isinstance(conversion, BcdDigits):
        return {"show": "digits"}
    if isinstance(conversion, EncodedText):
        return {"padding": "spaces" if conversion.padding == PADDINGS["spaces"] else None}
    if isinstance(conversion, PartsTime):
        is_counted = conversion.parts.count("Y") == 1
        return {
            "parts": conversion.parts,
            "base_year": conversion.base_year if is_counted else None,
            "digits": "bcd" if conversion.is_bcd else None,
        }
    if not isinstance(conversion, Number):
        return {}
    form = _build_text_form(conversion) if isinstance(conversion, DecimalText) else {}
    return {
        **form,
        "divisor": conversion.divisor if conversion.divisor != 1 else None,
        "multiplier": conversion.multiplier if conversion.multiplier != 1 else None,
        "zero": conversion.zero or None,
        "unit": conversion.unit or None,
    }


def _build_text_form(number: DecimalText) -> Entry:
    """Return the keys of an entry that say how a number is written."""
    return {
        "base": number.base if number.base != 10 else None,
        "decimals": number.places,
        "padding": "spaces" if number.padding == " " else None,
    }


def default_bytes(field: Field) -> bytes:
    """Return the bytes that an encoder sends by default; they are empty if the field has no default."""
    raw = field.default
    if isinstance(raw, int) and isinstance(field.size, int):
        return encode_number(field, raw)
    return raw if isinstance(raw, bytes) else b""


def format_bytes(data: bytes) -> str | None:
    """Return the bytes as a definition file writes them; None if there are none."""
    return data.hex(" ").upper() or None


def _format_provenance(provenance: Provenance | None) -> str | None:
    """Return the word for a provenance; None if there is none, so that its key is left out."""
    return provenance.value if provenance else None
