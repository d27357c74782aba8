"""The codec: decodes frames into messages and encodes messages into frames, by the definition.

Decoding never fails: an unknown command, a payload of another size or a number without a name becomes a message that
shows it. Encoding raises `EncodeError` for values that do not fit into a frame. A command of fixed size is unpacked in
one step by a `struct` that is prepared at start; every other command is decoded field by field.
"""

import struct
from collections.abc import Callable, Mapping
from typing import NamedTuple

from sniffer.base.errors import EncodeError
from sniffer.core.protocol.conversions import Raw, Value
from sniffer.core.protocol.definition import Command, Definition, Field
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.links import CRC_SIZE, DBUS_EITHER_WAY, ROUTES, Route

_STRUCT_CODES = {1: "B", 2: "H", 4: "I", 8: "Q"}


class _Plan(NamedTuple):
    """The plan to decode one command. `unpack` is valid for frames of exactly `frame_size` bytes."""

    frame_size: int
    command: Command
    unpack: Callable[[bytes, int], tuple[Raw, ...]]
    payload_at: int


class _RoutePlans(NamedTuple):
    """The plans of one route: `commands` maps a command code to its plans by size of the frame in bytes."""

    code_at: int
    code_end: int
    commands: dict[bytes, dict[int, _Plan]]


class Codec:
    """The decoder and encoder of one definition."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._routes = {route: _create_route_plans(route) for route in (*ROUTES, DBUS_EITHER_WAY)}
        for command in definition.commands:
            code = command.code.to_bytes(command.route.link.command_size, "big")
            plan = _plan(command)
            either = [DBUS_EITHER_WAY] if command.route.link is DBUS_EITHER_WAY.link else []
            for route in (command.route, *either):
                self._routes[route].commands.setdefault(code, {}).setdefault(plan.frame_size, plan)

    def decode(self, frame: Frame) -> Message:
        """Return the message of the frame."""
        raw = frame.raw
        code_at, code_end, commands = self._routes[frame.route]
        plans = commands.get(raw[code_at:code_end])
        if plans is None:
            return Message(frame, None, ())
        plan = plans.get(len(raw))
        if plan is None:
            return _decode_by_field(frame, [*plans.values()])
        _, command, unpack, payload_at = plan
        return Message(frame, command, unpack(raw, payload_at))

    def encode(self, command: Command, sequence: int, values: Mapping[str, Value] | None = None) -> bytes:
        """Return the whole frame of a command with these values. A field without a value takes its default.

        Raises `EncodeError` if a value does not fit, belongs to no field, or is missing without a default.
        """
        left = dict(values or {})
        payload = b"".join(_pack_field(command, field, left) for field in command.fields)
        if left:
            raise EncodeError(f"{command.name} has no field {', '.join(left)}")
        try:
            return command.route.link.build(command.route.head, sequence, command.code, payload)
        except OverflowError as error:
            raise EncodeError(f"{command.name}: sequence or payload is too large for a frame") from error


def _create_route_plans(route: Route) -> _RoutePlans:
    link = route.link
    return _RoutePlans(link.command_at, link.command_at + link.command_size, {})


def _plan(command: Command) -> _Plan:
    code = ">"
    for field in command.fields:
        if not isinstance(field.size, int):
            return _Plan(0, command, struct.Struct("").unpack_from, 0)
        code += _STRUCT_CODES[field.size] if field.numeric and field.size in _STRUCT_CODES else f"{field.size}s"
    layout = struct.Struct(code)
    link = command.route.link
    return _Plan(layout.size + link.overhead, command, layout.unpack_from, link.payload_at)


def _decode_by_field(frame: Frame, plans: list[_Plan]) -> Message:
    """Return the message of a payload whose size varies or is wrong, with the fields that are complete.

    If several commands are possible and the size does not decide, the message has no command.
    """
    command = next((plan.command for plan in plans if plan.command.size is None), None)
    if command is None and len(plans) > 1:
        return Message(frame, None, ())
    command = command or plans[0].command
    raw = frame.raw
    at, end = frame.link.payload_at, len(raw) - CRC_SIZE
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
        values.append(int.from_bytes(piece, "big") if field.numeric and field.size in _STRUCT_CODES else piece)
        at = stop
    return Message(frame, command, tuple(values))


def _pack_field(command: Command, field: Field, left: dict[str, Value]) -> bytes:
    """Return the bytes of one field. Its value is taken out of `left`; without one the default is used."""
    place = f"{command.name}: {field.name}"
    if field.name in left:
        try:
            raw = field.conversion.raw(left.pop(field.name))
        except EncodeError as error:
            raise EncodeError(f"{place}: {error}") from error
    elif field.default is not None:
        raw = field.default
    elif field.size == "rest":
        raw = b""
    else:
        raise EncodeError(f"{place}: a value is needed")
    if isinstance(raw, int):
        try:
            return raw.to_bytes(field.size if isinstance(field.size, int) else 1, "big")
        except OverflowError as error:
            raise EncodeError(f"{place}: {raw} does not fit into {field.size} bytes") from error
    if isinstance(field.size, int) and len(raw) != field.size:
        raise EncodeError(f"{place}: {len(raw)} bytes, not {field.size}")
    return raw
