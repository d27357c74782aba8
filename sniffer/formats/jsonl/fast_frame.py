"""The fast path of the JSON writer: the line of a frame from a template, without a dictionary in between.

In: a record. Out: exactly the text that `json.dumps` returns for its object (`sniffer.formats.jsonl.writer`), at
several times the speed, or None if the record is not a frame of a known command with a payload of the right size.
Nearly all records of a session are such frames. What the frames of a command have in common is formatted once, and so
is each value of a field.

Why not `msgspec.json`: a line has to be ASCII, as a terminal shows it and the bytes on the wire may be anything, and
blanks behind commas and colons are what people search for with `grep`. With the same caches, and dictionaries in place
of texts, msgspec is as fast as this module (1.02 times the time of a line of a charging session), but its lines have
neither. Putting both in behind it takes 1.4 to 1.6 times as long. Without the caches it takes more than four times as
long.
"""

from collections.abc import Callable
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
"""How many formatted values of one field are cached: all that a voltage ever has, and few enough for random values."""

SECONDS_CACHED = 256
COMMANDS_CACHED = 1024


_CONTINUES = ', "continues": true'


class _FormattedValue(NamedTuple):
    """A value of a field as JSON, and its text as it stands in a summary within JSON."""

    json: str
    text: str


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


class _FrameTemplate(NamedTuple):
    """The fixed parts of the lines of one command's frames.

    `size` is the size of the whole frame in bytes. `summary` holds texts, and the positions of fields.
    """

    size: int
    before_sequence: str
    after_sequence: str
    payload_at: int
    trailer_size: int
    fields: tuple[_FieldTemplate, ...]
    before_summary: str
    summary: tuple[str | int, ...]


def format_frame(record: Record, zone: tzinfo | None, format_rest: Callable[[Record], str]) -> str | None:
    """Return the line without its closing brace, or None if the record is not a frame that has a template.

    `format_rest` returns the keys behind the summary: which record the frame answers, and how it was received. It is
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
    values = [field.format_value(raw) for field, raw in zip(template.fields, message.values, strict=True)]
    fields = ", ".join([f"{field.key}: {value.json}" for field, value in zip(template.fields, values, strict=True)])
    summary = "".join([values[part].text if isinstance(part, int) else part for part in template.summary])
    line = "" if record.line is None else f', "line": {record.line}'
    if record.printed and record.printed.process is not None:
        line += f', "process": {dumps(record.printed.process)}{_CONTINUES if record.printed.continues else ""}'
    payload = data[template.payload_at : len(data) - template.trailer_size]
    rest = format_rest(record) if record.refers or record.heard else ""
    return (
        f'{{"type": "frame", "time": {format_time(frame.time, zone)}, "number": {record.number}{line}'
        f"{template.before_sequence}{frame.sequence:04X}"
        f'{template.after_sequence}{payload.hex()}", "raw": "{data.hex()}", '
        f'"fields": {{{fields}}}{template.before_summary}{summary}"{rest}'
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
    if command.size is None or command.parts or not link.is_checked or link.delimiter:
        return None
    digits = link.code_digits
    return _FrameTemplate(
        size=link.overhead + command.size,
        before_sequence=f', "link": "{link.name}", "direction": {dumps(command.route.direction)}, "seq": "',
        after_sequence=f'", "command": "{command.code:0{digits}X}", "name": {dumps(command.name)}, "payload": "',
        payload_at=link.payload_at,
        trailer_size=link.trailer_size,
        fields=tuple(_FieldTemplate(field) for field in command.fields),
        before_summary=f', "summary": "{escape(command.name)}{": " if command.summary else ""}',
        summary=tuple(_split_summary(command)),
    )


def _split_summary(command: Command) -> list[str | int]:
    """Return the summary of a command in parts: texts, and the positions of fields."""
    parts: list[str | int] = []
    for text, name, _, _ in Formatter().parse(command.summary):
        parts += [escape(text)] if text else []
        parts += [command.positions[name]] if name is not None else []
    return parts
