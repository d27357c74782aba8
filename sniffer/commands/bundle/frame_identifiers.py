"""Identifiers in frames: fields of the definition whose names say so, and text in bytes that no field explains.

In: a message, or the bytes of noise. Out: where identifiers stand in them. Frames that arrived damaged are noise; the
fields of those that can still be distinguished by their head, command and length are found as well.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sniffer.base.late_pattern import compile_late
from sniffer.commands.bundle.identifier_kinds import IdentifierKind, kind_of_name
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.definition import Command
from sniffer.core.protocol.message import UNDEFINED, FieldValue, Message
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.links import ROUTES_IN_BYTES

_UNEXPLAINED = compile_late(rb"(?=[A-Za-z._:/@+-]*[0-9])[A-Za-z0-9._:/@+-]{6,}")
"""Text in bytes without a known meaning: six characters or more, with a digit among them."""

_PADDING = b"\0 \xff"


class FrameSpan(NamedTuple):
    """An identifier in the bytes of a frame, from `start` up to `end`.

    `is_text` is False for a number or plain bytes.
    """

    start: int
    end: int
    kind: IdentifierKind
    is_text: bool


def find_in_message(message: Message) -> Iterator[FrameSpan]:
    """Yield the identifiers in the payload, in order."""
    raw, types = message.frame.raw, _types_of(message.command)
    for field in message.fields:
        if kind := kind_of_name(field.name):
            yield from _trim(message, field, kind, is_text=types.get(field.name) == "ascii")
        elif field.name == UNDEFINED or types.get(field.name) == "unknown":
            if message.frame.link.coding:
                if _UNEXPLAINED.search(bytes.fromhex(str(field.value))):
                    yield FrameSpan(field.start, field.end, IdentifierKind.UNEXPLAINED, is_text=True)
                continue
            for match in _UNEXPLAINED.finditer(raw, field.start, field.end):
                yield FrameSpan(match.start(), match.end(), IdentifierKind.UNEXPLAINED, is_text=True)


def find_in_noise(raw: bytes, codec: Codec) -> Iterator[FrameSpan]:
    """Yield the fields that identify something, wherever a frame that has them begins in these bytes."""
    for route in ROUTES_IN_BYTES:
        link, start = route.link, raw.find(route.head)
        while start >= 0:
            size = link.frame_end(raw, start, len(raw)) - start
            if link.overhead < size <= link.longest:
                # A frame that was cut off is decoded as if zeros followed.
                message = codec.decode(Frame(route, None, raw[start : start + size].ljust(size, b"\0")))
                if message.command and not message.problem:
                    yield from _shift(message, start, len(raw))
            start = raw.find(route.head, start + 1)


def _shift(message: Message, offset: int, end: int) -> Iterator[FrameSpan]:
    """Yield the identifying fields of a message that begins at `offset` of bytes that end at `end`."""
    for span in find_in_message(message):
        if span.kind is not IdentifierKind.UNEXPLAINED:
            yield FrameSpan(offset + span.start, min(end, offset + span.end), span.kind, span.is_text)


def _types_of(command: Command | None) -> dict[str, str]:
    """Return the types of a command's fields by their names; empty if the command is not known."""
    return {field.name: field.type for field in command.fields} if command else {}


def _trim(message: Message, field: FieldValue, kind: IdentifierKind, *, is_text: bool) -> Iterator[FrameSpan]:
    """Yield the part of a field that is no padding, if there is any. A number is taken as a whole."""
    raw = message.frame.raw
    payload_end = len(raw) - message.frame.link.trailer_size
    start, end = field.start, min(field.end, payload_end)
    data = raw[start:end]
    if not data.strip(_PADDING):
        return
    if is_text:
        start += len(data) - len(data.lstrip(_PADDING))
        end -= len(data) - len(data.rstrip(_PADDING))
    yield FrameSpan(start, end, kind, is_text)
