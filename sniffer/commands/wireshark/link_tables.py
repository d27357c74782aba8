"""The links of a definition as tables of the dissector: what may begin at a byte, where frames end, and their parts.

In: links and routes. Out: values for Lua. Positions are offsets in bytes from the first byte of the head. Indexes of
routes and candidates count from 1.
"""

from collections.abc import Iterable, Sequence

from sniffer.base.times import MILLISECOND
from sniffer.commands.wireshark.lua_literal import LuaValue
from sniffer.core.wire.candidates import Candidate, group_by_first_byte
from sniffer.core.wire.checks import FLETCHERS, Check, CrcParameters, list_crcs
from sniffer.core.wire.coding.checked_delimiter import CheckedDelimiter
from sniffer.core.wire.coding.delimiter import Delimiter
from sniffer.core.wire.coding.digits_delimiter import DigitsDelimiter
from sniffer.core.wire.crc import MODBUS
from sniffer.core.wire.link import Link, Route
from sniffer.core.wire.link_parts import NumberField, Shape, Turn

_SENT, _RECEIVED = ("com>pwr", "com>ocpp"), ("pwr>com", "ocpp>com")
"""The directions of packets that a capture calls sent and received; those of other links it leaves open."""


def build_link_table(link: Link) -> LuaValue:
    """Return the properties that all frames of a link share."""
    return {
        "name": link.name,
        "sequence": _build_number(link.sequence),
        "direction": _build_number(link.directed_by.number) if link.directed_by else None,
        "payload_at": link.payload_at,
        "added": link.added or None,
        "overhead": link.overhead,
        "longest": link.longest,
        "trailer": link.trailer_size,
        "ending": link.check.size + len(link.tail),
        "tail": link.tail,
        "delimiter": _build_delimiter(link.delimiter) if link.delimiter else None,
        "turn": _build_turn(link.turn, link) if link.turn else None,
        "check": build_check_table(link.check),
        "unknown": f"command %0{link.code_digits or 1}X (unknown)",
        "unchecked": not link.is_checked or None,
    }


def build_route_table(route: Route, routes: Sequence[Route]) -> dict[str, LuaValue]:
    """Return a route, with the indexes of those that its frames may have: by direction, and by that of the packet."""
    ways = {
        other.direction: index
        for index, other in enumerate(routes, 1)
        if other.link is route.link and other.head == route.head and other.direction
    }
    is_open = route.direction is None
    return {
        "link": route.link.name,
        "head": route.head,
        "direction": route.direction,
        "address": _build_number(route.address),
        "command": _build_number(route.command),
        "values": dict.fromkeys(route.values, 1) if route.link.directed_by else None,
        "ways": ways,
        "outbound": next((ways[way] for way in _SENT if is_open and way in ways), None),
        "inbound": next((ways[way] for way in _RECEIVED if is_open and way in ways), None),
    }


def build_candidate_tables(in_bytes: Iterable[Route], routes: Sequence[Route]) -> dict[str, LuaValue]:
    """Return the frames that may begin with a byte, and the bytes by which a beginning can be seen.

    `in_bytes` are the routes that are looked for, `routes` those that have indexes.
    """
    looked_for = tuple(in_bytes)
    groups = group_by_first_byte(looked_for, None)
    candidates = list(dict.fromkeys(candidate for group in groups for candidate in group))
    indexes = {candidate: index for index, candidate in enumerate(candidates, 1)}
    return {
        "candidates": [_build_candidate(candidate, routes) for candidate in candidates],
        "candidates_of": {
            byte: [indexes[candidate] for candidate in group] for byte, group in enumerate(groups) if group
        },
        "openings": list(dict.fromkeys(route.opening for route in looked_for if route.opening)),
    }


def list_number_sizes(routes: Iterable[Route]) -> LuaValue:
    """Return the sizes of the numbers of frames and of checks: a field of Wireshark is declared for each."""
    known = tuple(routes)
    sizes = {
        "sequence": {route.link.sequence.size for route in known if route.link.sequence},
        "address": {route.address.size for route in known if route.address},
        "command": {route.command.size for route in known if route.command},
        "crc": {route.link.check.number_size for route in known if route.link.check.size},
    }
    return {name: sorted(found) for name, found in sizes.items()}


def build_check_table(check: Check) -> LuaValue:
    """Return the check of a link: what computes it, its size and order, and the first byte that it covers.

    One that is sent as text has the mark before its digits.
    """
    table: dict[str, LuaValue] = {
        "size": check.number_size,
        "little": (check.order == "little" and check.number_size > 1) or None,
        "from": check.start,
        "mark": check.mark if check.digits else None,
        "lower": check.digits == "lower" or None,
        "covers_digits": check.covers_digits or None,
        "covers_text": check.covers_text,
    }
    crc = check.parameters or list_crcs().get(check.name)
    if check.name == MODBUS:
        return table | {"kind": "modbus"}
    if check.name in FLETCHERS:
        return table | {"kind": "fletcher", "modulus": FLETCHERS[check.name]}
    if crc is None:
        return table | {"kind": check.name, "initial": check.initial or None, "final": _build_final(check)}
    return table | {"kind": "crc", **_build_crc(crc)}


def _build_final(check: Check) -> LuaValue:
    """Return the number that is combined with the result of a sum, the high byte first; None without one."""
    return check.final_xor.to_bytes(check.number_size, "big") if check.final_xor else None


def _build_crc(crc: CrcParameters) -> dict[str, LuaValue]:
    """Return the parameters of a CRC with the table of its single bytes, all with the high byte first."""
    size = crc.width // 8
    plain = CrcParameters(crc.width, crc.polynomial, 0, crc.is_reflected, 0).compute
    initial = int(f"{crc.initial:0{crc.width}b}"[::-1], 2) if crc.is_reflected else crc.initial
    return {
        "reflected": crc.is_reflected or None,
        "initial": initial.to_bytes(size, "big"),
        "final": crc.final_xor.to_bytes(size, "big"),
        "table": [plain(bytes([byte])).to_bytes(size, "big") for byte in range(256)],
    }


def _build_number(field: NumberField | None) -> LuaValue:
    """Return the place of a number; None if there is none."""
    if field is None:
        return None
    return {"at": field.at, "size": field.size, "little": (field.order == "little" and field.size > 1) or None}


def _build_delimiter(delimiter: Delimiter) -> LuaValue:
    """Return the bytes that end a frame, and what the byte after an escape stands for."""
    escape = None if delimiter.escape is None else bytes([delimiter.escape])
    return {
        "opening": delimiter.opening or None,
        "begin": delimiter.begin or None,
        "stop": delimiter.end,
        "escape": escape,
        "meanings": dict(delimiter.table),
        "stuffed": delimiter.is_stuffed or None,
        "digits": delimiter.digits if isinstance(delimiter, DigitsDelimiter) else None,
        "bytes_after": delimiter.bytes_after if isinstance(delimiter, CheckedDelimiter) else None,
        "covered": delimiter.covered if isinstance(delimiter, CheckedDelimiter) else None,
    }


def _build_turn(turn: Turn, link: Link) -> LuaValue:
    """Return the directions of the sides that take turns, with the places of what an answer repeats.

    `within` is in microseconds, as packets have it.
    """
    ways = turn.requests, turn.answers
    return {
        "requests": turn.requests,
        "answers": turn.answers,
        "within": turn.within // (MILLISECOND // 1000),
        "keys": {way: _build_number(link.key_of(way)) for way in ways},
        "commands": {way: _build_number(link.command_of(way)) for way in ways},
    }


def _build_candidate(candidate: Candidate, routes: Sequence[Route]) -> LuaValue:
    """Return a frame that may begin with a byte."""
    either = candidate.either
    return {
        "route": routes.index(candidate.route) + 1,
        "shape": _build_shape(candidate.shape),
        "next_heads": list(candidate.next_heads) or None,
        "either": None if either is None else routes.index(either) + 1,
        "code_at": candidate.code_at if candidate.code_at >= 0 else None,
    }


def _build_shape(shape: Shape) -> LuaValue:
    """Return one shape: a fixed size, or the length, with the commands that it is for."""
    length = shape.length
    return {
        "codes": dict.fromkeys(sorted(shape.codes), 1) if shape.codes else None,
        "size": shape.size,
        "length": None
        if length is None
        else {
            "at": length.at,
            "size": length.size,
            "little": (length.order == "little" and length.size > 1) or None,
            "adds": length.adds,
            "unit": length.unit,
            "least": length.least,
            "most": length.highest,
            "multiple_of": length.multiple_of,
            "below": 1 << length.shift,
            "numbers": length.largest + 1,
        },
    }
