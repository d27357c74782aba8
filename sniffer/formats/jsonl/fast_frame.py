"""The fast path of the JSON writer: the line of a frame from a template, without a dictionary in between.

In: a record. Out: exactly the text that `json.dumps` returns for its object (`sniffer.formats.jsonl.writer`), at
several times the speed, or None if the record is not a frame of a known command with a payload of the right size.
Nearly all records of a session are such frames. What the frames of a command have in common is formatted once, and so
is each value of a field, and each payload.

Why not `msgspec.json`: a line has to be ASCII, as a terminal shows it and the bytes on the wire may be anything, and
blanks after commas and colons are what people search for with `grep`. With the same caches, and dictionaries in place
of texts, msgspec is as fast as this module (1.02 times the time of a line of a charging session), but its lines have
neither. Putting both in after it takes 1.4 to 1.6 times as long. Without the caches it takes more than four times as
long.
"""

from collections.abc import Callable, Sequence
from datetime import tzinfo
from functools import lru_cache
from json import dumps
from string import Formatter
from typing import NamedTuple

from sniffer.base.times import SECOND, as_datetime
from sniffer.core.protocol.conversions import Raw
from sniffer.core.protocol.definition import Command, Field
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record

VALUES_CACHED = 4096
"""The number of formatted values of one field that are cached: all of a voltage, and few of random values."""

BODIES_CACHED = 256
"""The number of payloads of one command that are cached. Most commands repeat few; a charger has some 60 commands."""

SECONDS_CACHED = 256
COMMANDS_CACHED = 1024


_CONTINUES = ', "continues": true'


class _FormattedValue(NamedTuple):
    """A value of a field as JSON, and its text as it stands in a summary within JSON."""

    json: str
    text: str


_Body = tuple[str, str]
"""The parts of a line before and after the bytes of the whole frame."""


class _FieldTemplate:
    """One field with a cache of its formatted values. `key` is its name as JSON."""

    __slots__ = ("_cache", "_field", "key")

    def __init__(self, field: Field) -> None:
        self.key = dumps(field.name)
        self._field = field
        self._cache: dict[Raw | None, _FormattedValue] = {}

    def format_value(self, raw: Raw | None) -> _FormattedValue:
        """Return a raw value, formatted."""
        formatted = self._cache.get(raw)
        if formatted is None:
            if len(self._cache) >= VALUES_CACHED:
                self._cache.clear()
            # Only payloads with parts lack fields, and they have no template.
            assert raw is not None
            conversion = self._field.conversion
            formatted = _FormattedValue(dumps(conversion.value(raw)), escape(conversion.text(raw)))
            self._cache[raw] = formatted
        return formatted


class _FrameTemplate:
    """The fixed parts of the lines of one command's frames, with a cache of the parts that follow from a payload.

    `size` is the size of the whole frame in bytes. `sequence_at` is the offset of a sequence of two bytes, the high one
    first; 0 for others. With `has_address`, the frame has an address. The payload is from `payload_at` up to
    `payload_end`.
    """

    __slots__ = (
        "_after_sequence",
        "_before_summary",
        "_bodies",
        "_fields",
        "_summary",
        "before_sequence",
        "has_address",
        "payload_at",
        "payload_end",
        "sequence_at",
        "size",
    )

    def __init__(self, command: Command, size: int) -> None:
        link = command.route.link
        self.size = link.overhead + size
        self.sequence_at = link.plain_sequence_at
        self.has_address = link.address is not None
        self.payload_at = link.payload_at
        self.payload_end = self.size - link.trailer_size
        self.before_sequence = f', "link": "{link.name}", "direction": {dumps(command.route.direction)}, "seq": "'
        name = escape(command.name)
        self._after_sequence = f'", "command": "{command.code:0{link.code_digits}X}", "name": "{name}", "payload": "'
        self._fields = [_FieldTemplate(field) for field in command.fields]
        self._before_summary = f', "summary": "{name}{": " if command.summary else ""}'
        self._summary = _split_summary(command)
        self._bodies: dict[bytes, _Body] = {}

    def format_body(self, payload: bytes, values: Sequence[Raw | None]) -> _Body:
        """Return the part of the line for a payload with these raw values."""
        body = self._bodies.get(payload)
        if body is None:
            if len(self._bodies) >= BODIES_CACHED:
                self._bodies.clear()
            body = self._bodies[payload] = self._build_body(payload, values)
        return body

    def _build_body(self, payload: bytes, values: Sequence[Raw | None]) -> _Body:
        formatted = [field.format_value(raw) for field, raw in zip(self._fields, values, strict=True)]
        pairs = zip(self._fields, formatted, strict=True)
        fields = ", ".join([f"{field.key}: {value.json}" for field, value in pairs])
        summary = "".join([formatted[part].text if isinstance(part, int) else part for part in self._summary])
        return (
            f'{self._after_sequence}{payload.hex()}", "raw": "',
            f'", "fields": {{{fields}}}{self._before_summary}{summary}"',
        )


def format_frame(record: Record, zone: tzinfo | None, format_rest: Callable[[Record], str]) -> str | None:
    """Return the line of a record without its line end, or None if the record is not a frame that has a template.

    `format_rest` returns the keys after the summary: which record the frame answers, and how it was received. It is
    called only if there is one of these.
    """
    message = record.item
    if type(message) is not Message or message.command is None:
        return None
    template = _template_of(message.command)
    frame = message.frame
    data = frame.raw
    if template is None or len(data) != template.size:
        return None
    line = "" if record.line is None else f', "line": {record.line}'
    if record.printed and record.printed.process is not None:
        line += f', "process": {dumps(record.printed.process)}{_CONTINUES if record.printed.continues else ""}'
    at = template.sequence_at
    sequence = data[at : at + 2].hex().upper() if at else f"{frame.sequence:04X}"
    if template.has_address:
        sequence += f'", "address": "{frame.address_text}'
    before_raw, after_raw = template.format_body(data[template.payload_at : template.payload_end], message.values)
    rest = format_rest(record) if record.refers or record.reception else ""
    return (
        f'{{"type": "frame", "time": {format_time(frame.time, zone)}, "number": {record.number}{line}'
        f"{template.before_sequence}{sequence}{before_raw}{data.hex()}{after_raw}{rest}}}"
    )


def format_time(time: int | None, zone: tzinfo | None) -> str:
    """Return a time in nanoseconds as JSON: ISO 8601 with microseconds and zone, or `null`."""
    if time is None:
        return "null"
    second, fraction = divmod(time, SECOND)
    before, after = _format_second(second, zone)
    return f'"{before}.{fraction // 1000:06}{after}"'


def escape(text: str) -> str:
    """Return a text as it stands within a JSON string."""
    return dumps(text)[1:-1]


@lru_cache(SECONDS_CACHED)
def _format_second(second: int, zone: tzinfo | None) -> tuple[str, str]:
    """Return the text before and after the fraction of a second."""
    text = as_datetime(second * SECOND, zone).isoformat(timespec="microseconds")
    before, _, after = text.partition(".")
    return before, after[6:]


@lru_cache(COMMANDS_CACHED)
def _template_of(command: Command) -> _FrameTemplate | None:
    """Return the template of a command's frames, or None if they have no fixed row of fields, or no check."""
    link = command.route.link
    if command.size is None or command.parts or not link.is_checked or link.coding:
        return None
    return _FrameTemplate(command, command.size)


def _split_summary(command: Command) -> list[str | int]:
    """Return the summary of a command in parts: texts, and the positions of fields."""
    parts: list[str | int] = []
    for text, name, _, _ in Formatter().parse(command.summary):
        parts += [escape(text)] if text else []
        parts += [command.positions[name]] if name is not None else []
    return parts
