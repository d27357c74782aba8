"""The decoded frame: a `Message` joins a frame with the command that explains it.

A message holds raw values. Names, units and texts are computed on request, so that a message that nobody looks at costs
little. Every byte of the payload is in some field: bytes that the definition does not cover are in a last field named
`undefined`.
"""

from dataclasses import dataclass

from msgspec import Struct

from sniffer.core.protocol.conversions import Raw, Value
from sniffer.core.protocol.definition import Command, Field
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.link import Link, Route
from sniffer.core.wire.link_parts import Direction
from sniffer.core.wire.links import LINKS

UNDEFINED = "undefined"
"""The name of payload bytes that no definition covers."""

FRAMING = Provenance.VERIFIED
"""The provenance of the parts of a frame around its payload (protocol.md, Framing). On a link that a user's file
describes it is `user`.
"""


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One field of one frame.

    It is in the bytes of the frame from `start` up to `end`. `value` is for scripts, `text` for people. `provenance` is
    None if the meaning is unknown.
    """

    name: str
    value: Value
    text: str
    start: int
    end: int
    provenance: Provenance | None
    about: str


class Message(Struct, frozen=True, gc=False):
    """A frame and its meaning. `command` is None if the definition does not have it.

    `values` holds one raw value for each field that arrived whole.
    """

    frame: Frame
    command: Command | None
    values: tuple[Raw, ...]

    @property
    def name(self) -> str:
        """The name of the command, or its code if the definition does not have it."""
        if self.command:
            return self.command.name
        return f"command {self.frame.link.code_text(self.frame.command)} (unknown)"

    @property
    def direction(self) -> Direction | None:
        """The direction of the frame, or if its head leaves it open, of its command; None if both are unknown."""
        return self.frame.direction or (self.command.route.direction if self.command else None)

    @property
    def route(self) -> Route:
        """The route of the command; that of the frame if the definition does not have the command."""
        return self.command.route if self.command else self.frame.route

    def raw(self, name: str) -> Raw | None:
        """Return the raw value of a field; None if the message has no field of that name."""
        if self.command is None:
            return None
        position = self.command.positions.get(name)
        return None if position is None or position >= len(self.values) else self.values[position]

    def value(self, name: str) -> Value | None:
        """Return the value of a field for scripts; None if the message has no field of that name."""
        raw = self.raw(name)
        if raw is None or self.command is None:
            return None
        return self.command.fields[self.command.positions[name]].conversion.value(raw)

    @property
    def fields(self) -> tuple[FieldValue, ...]:
        """The fields of the payload in order; the last is `undefined` if bytes are left over."""
        frame = self.frame
        start = frame.link.payload_at
        end_of_payload = len(frame.raw) - frame.link.trailer_size
        found = []
        for field, raw in zip(self._defined, self.values, strict=False):
            end = start + (field.size if isinstance(field.size, int) else len(raw) if isinstance(raw, bytes) else 0)
            value, text = field.conversion.value(raw), field.conversion.text(raw)
            found.append(FieldValue(field.name, value, text, start, end, field.provenance_of(raw), field.about))
            start = end
        if start < end_of_payload:
            rest = frame.raw[start:end_of_payload]
            about = "no definition covers these bytes"
            found.append(FieldValue(UNDEFINED, rest.hex(), rest.hex(" ").upper(), start, end_of_payload, None, about))
        return tuple(found)

    @property
    def problem(self) -> str:
        """The error in the size of the payload; empty if there is none."""
        if self.command is None:
            return ""
        size, defined = len(self.frame.payload), self.command.size
        missing = [field.name for field in self._defined[len(self.values) :]]
        if size == defined or (defined is None and not missing):
            return ""
        differs = "" if defined is None else f", not {defined}"
        lacks = f", without {', '.join(missing)}" if missing else ""
        return f"payload has {size} bytes{differs}{lacks}"

    @property
    def summary(self) -> str:
        """One line for people, shown beside the name."""
        if self.command is None:
            payload = self.frame.payload
            return payload.hex(" ").upper() if payload else "no payload"
        if not self.problem:
            pairs = zip(self._defined, self.values, strict=False)
            return self.command.summary.format_map({field.name: field.conversion.text(raw) for field, raw in pairs})
        values = [f"{field.name} {field.text}" for field in self.fields]
        return "; ".join([", ".join(values), self.problem] if values else [self.problem])

    @property
    def _defined(self) -> tuple[Field, ...]:
        return self.command.fields if self.command else ()


def framing_fields(frame: Frame) -> tuple[FieldValue, ...]:
    """Return the parts of a frame around its payload in order: head, sequence, length, command and CRC."""
    link = frame.link
    check, end = link.check, len(frame.raw) - len(link.tail)
    provenance = FRAMING if LINKS.get(link.name) is link else Provenance.USER
    length = link.shape_of(frame.command, frame.direction).length
    first = "high" if check.order == "big" else "low"
    numbers = [
        ("sequence", link.sequence, _describe_sequence(link)),
        ("command", link.command, ""),
        ("length", length, f"bytes of payload: {len(frame.payload)}"),
    ]
    parts = [
        ("head", 0, len(frame.route.head), f"{link.name}, {frame.direction or 'either direction'}"),
        *((name, number.at, number.size, about) for name, number, about in numbers if number),
        *([("crc", end - check.size, check.size, f"{check.name}, {first} byte first")] if check.size else []),
    ]
    return tuple(
        FieldValue(name, shown, shown, start, start + size, provenance, about)
        for name, start, size, about in sorted(parts, key=lambda part: part[1])
        for shown in (frame.raw[start : start + size].hex(" ").upper(),)
    )


def _describe_sequence(link: Link) -> str:
    """Return what the sequences of a link say, with those that connect no answer with a request."""
    shared = [f"{number:0{2 * link.sequence.size}X}" for number in link.shared_sequences] if link.sequence else []
    if len(shared) > 1:
        return f"an answer repeats it; {', '.join(shared[:-1])} and {shared[-1]} are shared"
    return f"an answer repeats it; {shared[0]} is shared" if shared else "an answer repeats it"
