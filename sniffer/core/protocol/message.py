"""The decoded frame: a `Message` joins a frame with the command that explains it.

A message holds raw values. Names, units and texts are computed on request, so that a message that nobody looks at costs
little. Every byte of the payload is in some field, or ends one: bytes that the definition does not cover are in a last
field named `undefined`.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from sniffer.base.late_pattern import compile_late
from sniffer.base.phrasing import format_count
from sniffer.core.protocol.conversions import Raw, Value
from sniffer.core.protocol.definition import Command, Field
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.protocol.layout.layout import read_layout
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.link import Link, Route
from sniffer.core.wire.link_parts import Direction, NumberField

UNDEFINED = "undefined"
"""The name of payload bytes that no definition covers."""

PLACEHOLDER = compile_late(r"\{(\w[\w.]*)\}")
"""The name of a field in a summary."""

NOT_THERE = "-"
"""The text of a summary for a field that the payload does not have. `none` would say that there is no fault."""

_ZERO = compile_late("0x0+")

FRAMING = Provenance.VERIFIED
"""The provenance of the parts of a frame around its payload (protocol.md, Framing). On a link that a user's file
describes it is `user`.
"""


class FieldValue(Struct, frozen=True):
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

    `values` holds one raw value for each field that arrived whole. If the command has parts, it holds one for each
    field, None for those that are not there.
    """

    frame: Frame
    command: Command | None
    values: tuple[Raw | None, ...]

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
        position = self._find(name)
        return None if position is None else self.values[position]

    def number(self, name: str) -> int | None:
        """Return the number that a numeric field stands for; None without such a field, and if it is no number."""
        position = self._find(name)
        if position is None or self.command is None:
            return None
        raw = self.values[position]
        return None if raw is None else self.command.fields[position].number_of(raw)

    def value(self, name: str) -> Value | None:
        """Return the value of a field for scripts; None if the message has no field of that name."""
        position = self._find(name)
        if position is None or self.command is None:
            return None
        raw = self.values[position]
        return None if raw is None else self.command.fields[position].conversion.value(raw)

    @property
    def fields(self) -> tuple[FieldValue, ...]:
        """The fields of the payload in order; the last is `undefined` if bytes are left over."""
        frame = self.frame
        if self.command and self.command.parts:
            return self._list_parts(self.command)
        start = frame.link.payload_at
        end_of_payload = len(frame.content) - frame.link.trailer_size
        found = []
        for field, raw in zip(self._defined, self.values, strict=False):
            assert raw is not None
            end = start + (field.size if isinstance(field.size, int) else len(raw) if isinstance(raw, bytes) else 0)
            found.append(_build_value(field, raw, start, end))
            start = end
        return _place_fields(frame, (*found, *self._list_undefined(start, end_of_payload)))

    def _list_parts(self, command: Command) -> tuple[FieldValue, ...]:
        """Return the fields that are in a payload with parts."""
        content = self.frame.content
        reading = read_layout(command, content)
        found = []
        for position, first, end in reading.places:
            raw = reading.values[position]
            assert raw is not None
            found.append(_build_value(command.fields[position], raw, first, end))
        rest = self._list_undefined(reading.end, len(content) - self.frame.link.trailer_size)
        return _place_fields(self.frame, (*found, *rest))

    def _list_undefined(self, start: int, end: int) -> list[FieldValue]:
        """Return the field of the bytes that no definition covers; none if there are no such bytes."""
        if start >= end:
            return []
        rest = self.frame.content[start:end]
        about = "no definition covers these bytes"
        return [FieldValue(UNDEFINED, rest.hex(), rest.hex(" ").upper(), start, end, None, about)]

    @property
    def problem(self) -> str:
        """The error in the size of the payload; empty if there is none."""
        if self.command is None:
            return ""
        size, defined = len(self.frame.payload), self.command.size
        if self.command.parts and (problem := read_layout(self.command, self.frame.content).problem):
            return f"payload has {format_count(size, 'byte')}: {problem}"
        missing = [field.name for field in self._defined[len(self.values) :]]
        if size == defined or (defined is None and not missing):
            return ""
        differs = "" if defined is None else f", not {defined}"
        lacks = f", without {', '.join(missing)}" if missing else ""
        return f"payload has {format_count(size, 'byte')}{differs}{lacks}"

    @property
    def summary(self) -> str:
        """One line for people, shown beside the name."""
        if self.command is None:
            payload = self.frame.payload
            return payload.hex(" ").upper() if payload else "no payload"
        if not self.problem and self.command.parts:
            return format_summary(self.command, self.fields)
        if not self.problem:
            pairs = zip(self._defined, self.values, strict=False)
            return self.command.summary.format_map(
                {field.name: field.conversion.text(raw) for field, raw in pairs if raw is not None}
            )
        values = [f"{field.name} {field.text}" for field in self.fields]
        return "; ".join([", ".join(values), self.problem] if values else [self.problem])

    def _find(self, name: str) -> int | None:
        """Return the position of the field of this name that the message has; None if it has none."""
        command = self.command
        if command is None:
            return None
        position = command.positions.get(name)
        if position is None or position >= len(self.values):
            return None
        if command.alternatives and self.values[position] is None:
            others = command.alternatives.get(name, ())
            return next((other for other in others if self.values[other] is not None), None)
        return position

    @property
    def _defined(self) -> tuple[Field, ...]:
        return self.command.fields if self.command else ()


def format_summary(command: Command, fields: Sequence[FieldValue]) -> str:
    """Return the summary of a command whose payload has parts. Lists and bits may be shown as a whole.

    The items of a list are joined by commas, those of several fields by semicolons. Of bits, those that are set and the
    numbers that are not 0 are shown. A field that the payload does not have is `NOT_THERE`.
    """
    texts = {field.name: field.text for field in fields}

    def replace(place: re.Match[str]) -> str:
        name = place[1]
        if name in texts:
            return texts[name]
        if name in command.positions:
            return NOT_THERE
        inner = [(field.name.removeprefix(f"{name}."), field) for field in fields if field.name.startswith(f"{name}.")]
        if inner and all(key.isdecimal() for key, _ in inner):
            return ", ".join(field.text for _, field in inner)
        if inner and inner[0][0].partition(".")[0].isdecimal():
            items = groupby(inner, key=lambda one: one[0].partition(".")[0])
            return "; ".join(" ".join(field.text for _, field in item) for _, item in items)
        shown = [key if field.value == 1 else f"{key} {field.text}" for key, field in inner if _is_set(field)]
        return ", ".join(shown) or "none"

    return PLACEHOLDER.sub(replace, command.summary)


def _is_set(field: FieldValue) -> bool:
    return field.value != 0 and not _ZERO.fullmatch(str(field.value))


def _build_value(field: Field, raw: Raw, start: int, end: int) -> FieldValue:
    value, text = field.conversion.value(raw), field.conversion.text(raw)
    return FieldValue(field.name, value, text, start, end, field.provenance_of(raw), field.about)


def framing_fields(frame: Frame) -> tuple[FieldValue, ...]:
    """Return the parts of a frame around its payload in order: head, sequence, length, command and CRC.

    A part that the link does not have is left out.
    """
    link = frame.link
    content = frame.content
    check, end = link.check, len(content) - len(link.tail)
    provenance = FRAMING if link.is_packaged else Provenance.USER
    length = link.shape_of(frame.command, frame.direction).length
    order = f", {'high' if check.order == 'big' else 'low'} byte first" if check.size > 1 else ""
    numbers = [
        ("sequence", link.sequence, _describe_sequence(link)),
        ("address", frame.route.address, "an answer repeats it"),
        ("direction", _find_direction(link), "which way the frame goes"),
        ("command", frame.route.command, ""),
        ("length", length, f"bytes of payload: {len(frame.payload)}"),
    ]
    head = f"{link.name}, {frame.direction or 'either direction'}"
    parts = [
        *([("head", 0, len(frame.route.head), head)] if frame.route.head else []),
        *((name, number.at, number.size, about) for name, number, about in numbers if number),
        *([("crc", end - check.size, check.size, f"{check.name}{order}")] if check.size else []),
    ]
    return _place_fields(
        frame,
        (
            FieldValue(name, shown, shown, start, start + size, provenance, about)
            for name, start, size, about in sorted(parts, key=lambda part: part[1])
            for shown in (content[start : start + size].hex(" ").upper(),)
        ),
    )


def _place_fields(frame: Frame, fields: Iterable[FieldValue]) -> tuple[FieldValue, ...]:
    """Return fields that are placed in the content of a frame with their places in its bytes."""
    delimiter = frame.link.delimiter
    if delimiter is None:
        return tuple(fields)
    places = delimiter.locate(frame.raw)
    return tuple(replace(field, start=places[field.start], end=places[field.end]) for field in fields)


def _find_direction(link: Link) -> NumberField | None:
    """Return where the number is that says which way a frame goes; None if there is none, or if it says more."""
    way = link.directed_by
    addresses, commands = link.addresses.values(), link.commands.values()
    others = (link.sequence, link.address, *addresses, link.command, *commands, link.length)
    return way.number if way and all(way.number.at != one.at for one in others if one) else None


def _describe_sequence(link: Link) -> str:
    """Return the meaning of the sequences of a link, and those that connect no answer with a request."""
    shared = [f"{number:0{2 * link.sequence.size}X}" for number in link.shared_sequences] if link.sequence else []
    if len(shared) > 1:
        return f"an answer repeats it; {', '.join(shared[:-1])} and {shared[-1]} are shared"
    return f"an answer repeats it; {shared[0]} is shared" if shared else "an answer repeats it"
