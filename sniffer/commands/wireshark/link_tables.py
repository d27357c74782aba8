"""The links of a definition as tables of the dissector: where frames end, where their parts stand, and their check.

In: routes. Out: values for Lua. Positions are offsets in bytes from the first byte of the head.
"""

from collections.abc import Iterable

from sniffer.commands.wireshark.lua_literal import LuaValue
from sniffer.core.wire.checks import Check, CrcParameters, list_crcs
from sniffer.core.wire.crc import MODBUS
from sniffer.core.wire.link import Link, Route
from sniffer.core.wire.link_parts import NumberField, Shape


def is_described(route: Route) -> bool:
    """Return True if the dissector finds the frames of a route: those with a head, whose end no delimiter says."""
    return bool(route.head) and route.link.delimiter is None


def build_link_table(link: Link) -> LuaValue:
    """Return what is the same in all frames of a link."""
    return {
        "name": link.name,
        "sequence": _build_number(link.sequence),
        "payload_at": link.payload_at,
        "overhead": link.overhead,
        "trailer": link.trailer_size,
        "tail": link.tail,
        "check": build_check_table(link.check),
        "unknown": f"command %0{link.code_digits or 1}X (unknown)",
        "unchecked": not link.is_checked or None,
    }


def list_number_sizes(routes: Iterable[Route]) -> LuaValue:
    """Return the sizes of sequences, commands and checks: a field of Wireshark is declared for each."""
    known = tuple(routes)
    sizes = {
        "sequence": {route.link.sequence.size for route in known if route.link.sequence},
        "command": {route.command.size for route in known if route.command},
        "crc": {route.link.check.size for route in known if route.link.check.size},
    }
    return {name: sorted(found) for name, found in sizes.items()}


def build_shapes(route: Route) -> dict[str, LuaValue]:
    """Return how long the frames of a route are, the shapes in their order, and where their command stands."""
    shapes = [shape for shape in route.link.shapes if shape.direction in (None, route.direction) or not route.direction]
    return {
        "command": _build_number(route.command),
        "shapes": [_build_shape(shape, route.link) for shape in shapes],
    }


def build_check_table(check: Check) -> LuaValue:
    """Return the check of a link: what computes it, its size and order, and the first byte that it covers."""
    table: dict[str, LuaValue] = {
        "size": check.size,
        "little": (check.order == "little" and check.size > 1) or None,
        "from": check.start,
    }
    crc = check.parameters or list_crcs().get(check.name)
    if check.name == MODBUS:
        return table | {"kind": "modbus"}
    if crc is None:
        return table | {"kind": check.name}
    return table | {"kind": "crc", **_build_crc(crc)}


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


def _build_shape(shape: Shape, link: Link) -> LuaValue:
    """Return one shape: a fixed size, or the length, with the commands that it is for."""
    length = shape.length
    return {
        "codes": dict.fromkeys(sorted(shape.codes), 1) if shape.codes else None,
        "size": shape.size,
        "length": _build_number(length),
        "adds": length.adds if length else 0,
        "unit": length.unit if length else 1,
        "least": length.least if length else 0,
        "most": length.highest if length else 0,
        "multiple_of": length.multiple_of if length else 1,
        "longest": link.longest,
    }
