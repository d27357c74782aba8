"""The codec: decodes frames into messages and encodes messages into frames, by the definition.

Decoding never fails: an unknown command, a payload of another size or a number without a name becomes a message that
shows it. Encoding raises `EncodeError` for values that do not fit into a frame. A command of fixed size is unpacked in
one step by a `struct` that is prepared at start; every other command is decoded field by field.
"""

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from sniffer.base.errors import EncodeError
from sniffer.base.phrasing import format_count
from sniffer.core.protocol.conversions import Raw, Value
from sniffer.core.protocol.definition import Command, Definition, Field
from sniffer.core.protocol.layout.layout import read_values
from sniffer.core.protocol.layout.numbers import decode_number, encode_number
from sniffer.core.protocol.layout.parts import FramePart
from sniffer.core.protocol.layout.payload_builder import write_layout
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.link import Route

_STRUCT_CODES = {1: "B", 2: "H", 4: "I", 8: "Q"}
"""The codes of `struct` for unsigned numbers by size in bytes; those of signed numbers are in lower case."""

Unpack = Callable[[bytes], tuple[Raw | None, ...]]
"""A function that returns the raw values of the payload of a whole frame."""

_FramePlan = tuple[int, Command, Unpack]
"""The size in bytes of the frames of a command, the command, and the function that unpacks these frames.

The size is 0 if it varies.
"""

_RoutePlans = tuple[int, dict[int, _FramePlan], bool]
"""The place of the command code in the frames of one route, the first plan of each code, and True.

Without plans and with False if the codes of the route are not one byte that stands at the same place of every frame.
"""


class Codec:
    """The decoder and encoder of one definition."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._routes: dict[Route, _RoutePlans] = {
            route: (route.command_place[0], {}, True) if _has_plain_codes(route) else (0, {}, False)
            for route in definition.links.all_routes
        }
        self._others: dict[Route, dict[bytes, dict[int, _FramePlan]]] = {route: {} for route in self._routes}
        """All plans of a route, by command code and by size."""
        for command in definition.commands:
            link = command.route.link
            code = link.code_bytes(command.code)
            frame_size = 0 if command.size is None else command.size + link.overhead
            plan = frame_size, command, _build_unpack(command)
            for route, (_, first_plans, is_complete) in self._routes.items():
                if route.link is not link or route.direction not in (None, command.route.direction):
                    continue
                self._others[route].setdefault(code, {}).setdefault(frame_size, plan)
                if is_complete:
                    first_plans.setdefault(command.code, plan)

    def decode(self, frame: Frame) -> Message:
        """Return the message of the frame."""
        raw = frame.raw
        code_at, first_plans, is_complete = self._routes[frame.route]
        plan = first_plans.get(raw[code_at])
        if plan is None:
            return Message(frame, None, ()) if is_complete else self._decode_other(frame)
        size, command, unpack = plan
        return Message(frame, command, unpack(raw)) if len(raw) == size else self._decode_other(frame)

    def _decode_other(self, frame: Frame) -> Message:
        """Return the message of a frame that the first plan of its code does not fit, or whose code has none."""
        raw = frame.content
        code_at, code_end = frame.route.command_place
        plans = self._others[frame.route].get(raw[code_at:code_end])
        if plans is None:
            return Message(frame, None, ())
        plan = plans.get(len(raw))
        if plan is None:
            return _decode_by_field(frame, [command for _, command, _ in plans.values()])
        _, command, unpack = plan
        return Message(frame, command, unpack(raw))

    def encode(self, command: Command, sequence: int, values: Mapping[str, Value] | None = None) -> bytes:
        """Return the whole frame of a command with these values. A field without a value takes its default.

        Raises `EncodeError` if a value does not fit, belongs to no field, or is missing without a default.
        """
        left = dict(values or {})
        connector = _take_connector(command, left)
        if command.parts:
            payload = write_layout(command, [*left], lambda field: _pack_field(command, field, left))
        else:
            payload = b"".join(_pack_needed(command, field, left) for field in command.fields)
        if left:
            raise EncodeError(f"{command.name} has no field {', '.join(left)}")
        try:
            route = command.route
            return route.link.build(
                route.head, sequence, command.code, payload, direction=route.direction, connector=connector
            )
        except OverflowError as error:
            raise EncodeError(f"{command.name}: sequence or payload is too large for a frame") from error


def _has_plain_codes(route: Route) -> bool:
    """Return True if every frame of a route has a code of one byte at the same place of its bytes."""
    start, end = route.command_place
    return route.link.coding is None and end - start == 1 and end <= route.link.overhead


def _build_unpack(command: Command) -> Unpack:
    """Return the function that unpacks frames of a command. One `struct` does it all if one byte order is enough.

    A command whose size varies has no such function: what is returned fits no frame.
    """
    if command.size is None:
        return struct.Struct("").unpack
    if command.parts:
        return partial(read_values, command)
    fields = command.fields
    orders = {field.order for field in fields if field.is_binary and field.size != 1}
    order = "little" if orders == {"little"} else "big"
    code = f"{'<' if order == 'little' else '>'}{command.route.link.payload_at}x"
    by_hand = []
    for index, field in enumerate(fields):
        struct_code = _find_struct_code(field, order)
        code += struct_code or f"{field.size}s"
        if struct_code is None and _is_decoded(field):
            by_hand.append((index, field))
    unpack = struct.Struct(f"{code}{command.route.link.trailer_size}x").unpack
    return partial(_unpack_by_hand, unpack, by_hand) if by_hand else unpack


def _find_struct_code(field: Field, order: str) -> str | None:
    """Return the code of `struct` for a number in this byte order; None if it has none for this field."""
    if not field.is_binary or field.is_swapped or field.size not in _STRUCT_CODES:
        return None
    if field.size != 1 and field.order != order:
        return None
    code = _STRUCT_CODES[field.size]
    return code.lower() if field.is_signed else code


def _unpack_by_hand(unpack: Unpack, fields: Iterable[tuple[int, Field]], raw: bytes) -> tuple[Raw | None, ...]:
    """Return the values with those numbers decoded that `struct` has no code for. `fields` are their positions."""
    values = [*unpack(raw)]
    for index, field in fields:
        piece = values[index]
        assert isinstance(piece, bytes)
        values[index] = decode_number(field, piece)
    return tuple(values)


def _is_decoded(field: Field) -> bool:
    """Return True if the raw value is a number; a large unsigned one with the high byte first is kept as bytes."""
    is_odd = field.is_signed or field.order == "little" or field.is_swapped
    return field.is_binary and (is_odd or field.size in _STRUCT_CODES)


def _decode_by_field(frame: Frame, commands: Sequence[Command]) -> Message:
    """Return the message of a payload whose size varies or is wrong, with the fields that are complete.

    If several commands are possible and the size does not decide, the message has no command.
    """
    command = next((command for command in commands if command.size is None), None)
    if command is None and len(commands) > 1:
        return Message(frame, None, ())
    command = command or commands[0]
    raw = frame.content
    if command.parts:
        return Message(frame, command, read_values(command, raw))
    at, end = frame.link.payload_at, len(raw) - frame.link.trailer_size
    values: list[Raw] = []
    for field in command.fields:
        if isinstance(field.size, int):
            stop = at + field.size
        else:
            zero = raw.find(b"\0", at, end) if field.size == "to zero" else -1
            stop = zero if zero >= 0 else end
        if stop > end:
            break
        piece = raw[at:stop]
        values.append(decode_number(field, piece) if _is_decoded(field) else piece)
        at = stop
    return Message(frame, command, tuple(values))


def _take_connector(command: Command, left: dict[str, Value]) -> int | None:
    """Return the connector that the link's part of a frame states, taken out of `left`; None if it states none.

    Raises `EncodeError` if it has no value, or none that is a number.
    """
    for part in command.parts:
        if isinstance(part, FramePart):
            field = command.fields[part.position]
            data = _pack_needed(command, field, left)
            return decode_number(field, data)
    return None


def _pack_needed(command: Command, field: Field, left: dict[str, Value]) -> bytes:
    """Return the bytes of a field that must have a value. Raises `EncodeError` without one, or if it does not fit."""
    data = _pack_field(command, field, left)
    if data is None:
        raise EncodeError(f"{command.name}: {field.name}: a value is needed")
    return data


def _pack_field(command: Command, field: Field, left: dict[str, Value]) -> bytes | None:
    """Return the bytes of one field. Its value is taken out of `left`; without one the default is used.

    Returns None if there is neither. Raises `EncodeError` if the value does not fit.
    """
    place = f"{command.name}: {field.name}"
    if field.name in left:
        try:
            raw = field.conversion.raw(left.pop(field.name))
        except EncodeError as error:
            raise EncodeError(f"{place}: {error}") from error
    elif field.default is not None:
        raw = field.default
    else:
        return b"" if field.size == "rest" else None
    if isinstance(raw, int):
        try:
            return encode_number(field, raw)
        except OverflowError as error:
            size = field.size if isinstance(field.size, int) else 1
            raise EncodeError(f"{place}: {raw} does not fit into {format_count(size, 'byte')}") from error
    if isinstance(field.size, int) and len(raw) != field.size:
        raise EncodeError(f"{place}: {len(raw)} bytes, not {field.size}")
    return raw
