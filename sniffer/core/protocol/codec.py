"""Decode frames into messages and encode messages into frames, both by the definition.

Decoding never fails: an unknown command, a payload of another size or a number without a name gives a message that
shows it. Encoding raises `EncodeError` for what cannot be put on the wire. A command of fixed size is unpacked in
one step by a `struct` made for it at start; all else walks its fields.
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
    """How to decode one command: `unpack` applies to a frame of just `frame_size` bytes."""

    frame_size: int
    command: Command
    unpack: Callable[[bytes, int], tuple[Raw, ...]]
    payload_at: int


class _Way(NamedTuple):
    """How to decode what takes one route: `commands` has the plans by code, and there by size of frame."""

    code_at: int
    code_end: int
    commands: dict[bytes, dict[int, _Plan]]


class Codec:
    """Decoder and encoder for one definition."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._ways = {route: _way(route) for route in (*ROUTES, DBUS_EITHER_WAY)}
        for command in definition.commands:
            code = command.code.to_bytes(command.route.link.command_size, "big")
            plan = _plan(command)
            either = [DBUS_EITHER_WAY] if command.route.link is DBUS_EITHER_WAY.link else []
            for route in (command.route, *either):
                self._ways[route].commands.setdefault(code, {}).setdefault(plan.frame_size, plan)

    def decode(self, frame: Frame) -> Message:
        """What this frame says."""
        raw = frame.raw
        code_at, code_end, commands = self._ways[frame.route]
        plans = commands.get(raw[code_at:code_end])
        if plans is None:
            return Message(frame, None, ())
        plan = plans.get(len(raw))
        if plan is None:
            return _decode_uneven(frame, [*plans.values()])
        _, command, unpack, payload_at = plan
        return Message(frame, command, unpack(raw, payload_at))

    def encode(self, command: Command, sequence: int, values: Mapping[str, Value] | None = None) -> bytes:
        """The whole frame that says this. A field without a value takes its default.

        Raises `EncodeError` where a value does not fit, is of no field, or is missing without a default.
        """
        left = dict(values or {})
        payload = b"".join(_packed(command, field, left) for field in command.fields)
        if left:
            raise EncodeError(f"{command.name} has no field {', '.join(left)}")
        try:
            return command.route.link.build(command.route.head, sequence, command.code, payload)
        except OverflowError as error:
            raise EncodeError(f"{command.name}: sequence or payload is too large for a frame") from error


def _way(route: Route) -> _Way:
    link = route.link
    return _Way(link.command_at, link.command_at + link.command_size, {})


def _plan(command: Command) -> _Plan:
    code = ">"
    for field in command.fields:
        if not isinstance(field.size, int):
            return _Plan(0, command, struct.Struct("").unpack_from, 0)
        code += _STRUCT_CODES[field.size] if field.numeric and field.size in _STRUCT_CODES else f"{field.size}s"
    layout = struct.Struct(code)
    link = command.route.link
    return _Plan(layout.size + link.overhead, command, layout.unpack_from, link.payload_at)


def _decode_uneven(frame: Frame, plans: list[_Plan]) -> Message:
    """A payload of varying size, or of another size than its command has: the fields that are there whole.

    Where more than one command could be meant and no size decides, nothing is claimed.
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


def _packed(command: Command, field: Field, left: dict[str, Value]) -> bytes:
    """The bytes of one field, from its value in `left`, which is taken out, or from its default."""
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
