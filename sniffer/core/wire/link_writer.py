"""The writer of `[[link]]` entries: the keys that `sniffer.core.wire.link_parser` reads again as an equal link."""

from collections.abc import Iterable, Mapping
from typing import Any

import tomlkit
from tomlkit.items import Item

from sniffer.base.times import MILLISECOND
from sniffer.core.wire.check_parser import BEHIND_KEY, END_BYTES_KEY
from sniffer.core.wire.checks import Check
from sniffer.core.wire.coding.checked_delimiter import CheckedDelimiter
from sniffer.core.wire.coding.delimiter import Delimiter
from sniffer.core.wire.coding.digits_delimiter import DigitsDelimiter
from sniffer.core.wire.link import Link
from sniffer.core.wire.link_part_parser import CONNECTOR, TELLS_KEY
from sniffer.core.wire.link_parts import Direction, DirectionField, LengthField, NumberField, Shape
from sniffer.core.wire.link_set import LinkEntry

Keys = Mapping[str, Any]
"""The keys and values of one table. A value of None is left out."""


def build_link_keys(entry: LinkEntry) -> Keys:
    """Return the keys of the entry of a link."""
    link = entry.link
    heads: dict[str, list[str]] = {}
    for route in entry.routes:
        heads.setdefault(str(route.direction), []).append(_format_bytes(route.head))
    sizes = [_build_shape(shape, link.code_digits) for shape in link.shapes]
    return {
        "name": link.name,
        "about": link.about or None,
        "heads": {direction: texts if len(texts) > 1 else texts[0] for direction, texts in heads.items()},
        "delimiter": link.delimiter and _build_delimiter(link.delimiter),
        "direction": link.directed_by and _build_direction(link, link.directed_by),
        "turn": link.turn and {"requests": link.turn.requests, "within": link.turn.within // MILLISECOND},
        "taps": [*link.taps] or None,
        "sequence": link.sequence and {**_build_number(link.sequence), **_build_shared(link)},
        "address": link.address
        and {
            **_build_number(link.address),
            **_build_places(link.addresses),
            **_build_tells(link, link.address),
        },
        "command": link.command and {**_build_number(link.command), **_build_places(link.commands)},
        "length": sizes[0]["length"] if _has_one_length(link.shapes) else None,
        "sizes": None if _has_one_length(link.shapes) or link.delimiter else sizes,
        "payload": link.payload_at,
        "added": format_hex(link.added, 2) if link.added else None,
        "check": {**_build_check(link.check), **_build_after(link.delimiter)},
        "tail": _format_bytes(link.tail) or None,
        "longest": link.longest,
        "longest_live": link.longest_live,
        "order": link.order if link.order != "big" else None,
    }


def _has_one_length(shapes: tuple[Shape, ...]) -> bool:
    return len(shapes) == 1 and shapes[0].length is not None and not shapes[0].codes and shapes[0].direction is None


def _build_shared(link: Link) -> dict[str, Any]:
    """Return the key of the shared sequences, if there are any."""
    size = link.sequence.size if link.sequence else 0
    words = [f"{number:0{2 * size}X}" for number in link.shared_sequences]
    return {"shared": words} if words else {}


def _build_number(field: NumberField) -> dict[str, Any]:
    """Return the keys of a number; the order of one byte is left out."""
    return {"at": field.at, "size": field.size, **({"order": field.order} if field.size > 1 else {})}


def _build_delimiter(delimiter: Delimiter) -> dict[str, Any]:
    """Return the keys of a delimiter: its escapes as an exclusive or, where they are one."""
    keys: dict[str, Any] = {"end": _format_bytes(delimiter.end)}
    if delimiter.is_stuffed:
        return {**keys, "coding": "cobs"}
    if isinstance(delimiter, DigitsDelimiter):
        return {"begin": _format_bytes(delimiter.begin), **keys, "digits": delimiter.digits}
    if delimiter.begin:
        return {"begin": _format_bytes(delimiter.begin), **keys, "escape": f"{delimiter.escape:02X}"}
    if delimiter.escape is not None:
        keys["escape"] = f"{delimiter.escape:02X}"
        if delimiter.mask:
            keys["xor"] = format_hex(delimiter.mask, 2)
        else:
            keys["table"] = {f"{sent:02X}": f"{meant:02X}" for sent, meant in delimiter.table.items()}
    return keys


def _build_places(places: Mapping[Direction, NumberField]) -> dict[str, Any]:
    """Return the key of the places of a number in each direction, if they differ."""
    return {"at": {direction: field.at for direction, field in places.items()}} if places else {}


def _build_direction(link: Link, way: DirectionField) -> dict[str, Any]:
    """Return the keys of the number that says the direction."""
    tells = {} if link.connector == link.address else _build_tells(link, way.number)
    return {**_build_number(way.number), **tells, **_build_values(way)}


def _build_tells(link: Link, field: NumberField) -> dict[str, str]:
    """Return the key of what a number tells, if it tells the connector."""
    return {TELLS_KEY: CONNECTOR} if field == link.connector else {}


def _build_values(field: DirectionField) -> dict[str, list[Any]]:
    """Return the numbers of each direction in hexadecimal: three or more that follow one another as a range."""
    return {direction: _build_ranges(numbers, 2 * field.number.size) for direction, numbers in field.values.items()}


def _build_ranges(numbers: Iterable[int], digits: int) -> list[Any]:
    """Return these numbers in hexadecimal, more than two in a row as a range."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] + 1 == number:
            runs[-1].append(number)
        else:
            runs.append([number])
    found: list[Any] = []
    for run in runs:
        if len(run) > 2:
            found.append(f"0x{run[0]:0{digits}X}-0x{run[-1]:0{digits}X}")
        else:
            found += [format_hex(number, digits) for number in run]
    return found


def format_hex(number: int, digits: int) -> Item:
    """Return a TOML number that is written in hexadecimal with `digits` digits, as people read codes."""
    return tomlkit.value(f"0x{number:0{digits}X}")


def _build_length(field: LengthField) -> dict[str, Any]:
    """Return the keys of a length; what is left out is as it is for most."""
    usual = LengthField(0, 1)
    keys = {key: getattr(field, key) for key in ("unit", "least", "most", "multiple_of")}
    changed = {key: value for key, value in keys.items() if value != getattr(usual, key)}
    mask = {"mask": format_hex(field.mask, 2 * field.size)} if field.mask else {}
    return {**_build_number(field), **mask, "adds": field.adds, **changed}


def _build_shape(shape: Shape, digits: int) -> dict[str, Any]:
    """Return the keys of one entry of `sizes`."""
    keys: dict[str, Any] = {}
    if shape.direction:
        keys["direction"] = shape.direction
    if shape.codes:
        keys["commands"] = [format_hex(code, digits) for code in sorted(shape.codes)]
    if shape.length:
        keys["length"] = _build_length(shape.length)
    else:
        keys["size"] = shape.size
    return keys


def _build_check(check: Check) -> dict[str, Any]:
    """Return the keys of a check. A CRC without a name of the catalogue has its parameters."""
    keys: dict[str, Any] = {"name": check.name}
    if size := check.number_size:
        keys |= {"size": size, **({"order": check.order} if size > 1 else {})}
    if check.start:
        keys["from"] = check.start
    constants = {"initial": check.initial, "final_xor": check.final_xor}
    keys |= {key: format_hex(number, 2 * check.number_size) for key, number in constants.items() if number}
    if crc := check.parameters:
        numbers = {"polynomial": crc.polynomial, "initial": crc.initial, "final_xor": crc.final_xor}
        keys |= {key: format_hex(number, 2 * check.number_size) for key, number in numbers.items()}
        keys["reflected"] = crc.is_reflected
    if check.digits:
        keys |= {"digits": check.digits, **({"mark": _format_bytes(check.mark)} if check.mark else {})}
    if check.covers_digits:
        keys["covers"] = "digits"
    if check.covers_text:
        keys["covers"] = "text"
    return keys


def _build_after(delimiter: Delimiter | None) -> Keys:
    """Return the keys of a check that stands after the end of a delimiter."""
    if not isinstance(delimiter, CheckedDelimiter):
        return {}
    return {BEHIND_KEY: "end", **({END_BYTES_KEY: len(delimiter.covered)} if delimiter.uncovered else {})}


def _format_bytes(data: Iterable[int]) -> str:
    return bytes(data).hex(" ").upper()
