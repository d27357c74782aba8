"""The parts of a payload as tables of the dissector: fields, bits, lists, switches, an optional end.

In: the parts of a command. Out: values for Lua. Fields are named by their index among those of the command, from 1.
"""

from collections.abc import Iterator, Sequence

from sniffer.commands.wireshark.lua_literal import LuaValue
from sniffer.core.protocol.definition import Command
from sniffer.core.protocol.layout.layout import list_inner
from sniffer.core.protocol.layout.parts import (
    BitsPart,
    FieldPart,
    FramePart,
    ListPart,
    OptionalPart,
    PayloadPart,
    SwitchPart,
)


def build_parts(parts: Sequence[PayloadPart]) -> LuaValue:
    """Return these parts in their order."""
    return [_build_part(part) for part in parts]


def list_bit_positions(command: Command) -> frozenset[int]:
    """Return the positions of the fields of a command that are bits of a number."""
    return frozenset(_find_bits(command.parts))


def _find_bits(parts: Sequence[PayloadPart]) -> Iterator[int]:
    """Yield the positions of the fields in bits of these parts."""
    for part in parts:
        if isinstance(part, BitsPart):
            yield from (position for position, _, _ in part.places)
        for inner in list_inner(part):
            yield from _find_bits(inner)


def _build_part(part: PayloadPart) -> LuaValue:
    match part:
        case FieldPart(position, size_from, until, divides):
            return {
                "kind": "field",
                "index": position + 1,
                "size_from": _index(size_from),
                "ending": until or None,
                "divides": divides or None,
            }
        case FramePart(position, number):
            return {"kind": "frame", "index": position + 1, "at": number.at}
        case BitsPart(name, size, order, places):
            return {
                "kind": "bits",
                "name": name,
                "size": size,
                "little": order == "little" or None,
                "places": [(position + 1, lowest, width) for position, lowest, width in places],
            }
        case ListPart():
            return {
                "kind": "list",
                "name": part.name,
                "items": [build_parts(item) for item in part.items],
                "count": part.count,
                "count_from": _index(part.count_from),
                "bytes_from": _index(part.bytes_from),
                "bytes_after": part.bytes_after or None,
                "between": bool(part.between) or None,
            }
        case SwitchPart(on, cases, otherwise):
            return {
                "kind": "switch",
                "on": on + 1,
                "by_text": any(isinstance(value, bytes) for case in cases for value in case.values) or None,
                "case_of": {value: index for index, case in enumerate(cases, 1) for value in case.values},
                "cases": [build_parts(case.parts) for case in cases],
                "otherwise": None if otherwise is None else build_parts(otherwise),
            }
        case OptionalPart(parts):
            return {"kind": "optional", "parts": build_parts(parts)}


def _index(position: int | None) -> int | None:
    """Return the index of the field at a position, from 1; None if there is no position."""
    return None if position is None else position + 1
