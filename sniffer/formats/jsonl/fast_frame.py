"""A frame's line of `dump --json`, made without the dictionaries in between.

In: a record. Out: the very text that `json.dumps` gives for its object (`sniffer.formats.jsonl.writer`), some times as fast:
nearly every record of a session is a frame whose command is known and whose payload has the size that it should have,
and what its fields are called, which texts stand around them, and what most of their values read as was told before.
All other records have no line here.
"""

from collections.abc import Callable
from datetime import tzinfo
from functools import lru_cache
from json import dumps
from string import Formatter
from typing import NamedTuple

from sniffer.base.times import as_datetime
from sniffer.core.pipeline import Record
from sniffer.core.protocol.conversions import Raw
from sniffer.core.protocol.definition import Command, Field
from sniffer.core.protocol.message import Message

VALUES_KEPT = 4096
"""How many values of one field are remembered: all that a voltage ever has, and of a random one not too many."""

SECONDS_KEPT = 256
COMMANDS_KEPT = 1024

NANOSECONDS = 1_000_000_000


class _Told(NamedTuple):
    """A value of a field: as JSON, and as it stands in a summary within JSON."""

    value: str
    text: str


class _FieldTemplate:
    """One field: `key` is its name as JSON; what its values read as is remembered."""

    __slots__ = ("_field", "_told", "key")

    def __init__(self, field: Field) -> None:
        self.key = dumps(field.name)
        self._field = field
        self._told: dict[Raw, _Told] = {}

    def told(self, raw: Raw) -> _Told:
        found = self._told.get(raw)
        if found is None:
            if len(self._told) >= VALUES_KEPT:
                self._told.clear()
            conversion = self._field.conversion
            found = self._told[raw] = _Told(dumps(conversion.value(raw)), escape(conversion.text(raw)))
        return found


class _FrameTemplate(NamedTuple):
    """How frames of one command are told. `size` is that of the whole frame; `summary` has texts and fields' places."""

    size: int
    before_sequence: str
    after_sequence: str
    payload_at: int
    columns: tuple[_FieldTemplate, ...]
    before_summary: str
    summary: tuple[str | int, ...]


def format_frame(record: Record, zone: tzinfo | None, rest: Callable[[Record], str]) -> str | None:
    """The line without its closing brace; None where the record is no such frame.

    `rest` gives what stands behind the summary where there is more: which record the frame answers, how it was heard.
    """
    message = record.item
    if type(message) is not Message or message.command is None:
        return None
    plan = _plan(message.command)
    frame = message.frame
    raw = frame.raw
    if plan is None or len(raw) != plan.size:
        return None
    told = [column.told(value) for column, value in zip(plan.columns, message.values, strict=True)]
    fields = ", ".join([f"{column.key}: {one.value}" for column, one in zip(plan.columns, told, strict=True)])
    summary = "".join([part if type(part) is str else told[part].text for part in plan.summary])  # type: ignore[index]
    line = "" if record.line is None else f', "line": {record.line}'
    if record.printed and record.printed.process is not None:
        line += f', "process": {dumps(record.printed.process)}'
    return (
        f'{{"type": "frame", "time": {format_time(frame.time, zone)}, "number": {record.number}{line}{plan.before_sequence}'
        f'{frame.sequence:04X}{plan.after_sequence}{raw[plan.payload_at : -2].hex()}", "raw": "{raw.hex()}", '
        f'"fields": {{{fields}}}{plan.before_summary}{summary}"{rest(record) if record.refers or record.heard else ""}'
    )


def format_time(time: int | None, zone: tzinfo | None) -> str:
    """A time as JSON."""
    if time is None:
        return "null"
    second, rest = divmod(time, NANOSECONDS)
    before, after = _second(second, zone)
    return f'"{before}.{rest // 1000:06}{after}"'


def escape(text: str) -> str:
    """A text as it stands within a JSON string."""
    return dumps(text)[1:-1]


@lru_cache(SECONDS_KEPT)
def _second(second: int, zone: tzinfo | None) -> tuple[str, str]:
    """What stands before and after the fraction of a second."""
    text = as_datetime(second * NANOSECONDS, zone).isoformat(timespec="microseconds")
    before, _, after = text.partition(".")
    return before, after[6:]


@lru_cache(COMMANDS_KEPT)
def _plan(command: Command) -> _FrameTemplate | None:
    if command.size is None:
        return None
    link, digits = command.route.link, 2 * command.route.link.command_size
    return _FrameTemplate(
        size=link.overhead + command.size,
        before_sequence=f', "link": "{link.name}", "direction": {dumps(command.route.direction)}, "seq": "',
        after_sequence=f'", "command": "{command.code:0{digits}X}", "name": {dumps(command.name)}, "payload": "',
        payload_at=link.payload_at,
        columns=tuple(_FieldTemplate(field) for field in command.fields),
        before_summary=f', "summary": "{escape(command.name)}: ',
        summary=tuple(_summary(command)),
    )


def _summary(command: Command) -> list[str | int]:
    """The line for people in parts: texts, and the places of fields."""
    parts: list[str | int] = []
    for text, name, _, _ in Formatter().parse(command.summary):
        parts += [escape(text)] if text else []
        parts += [command.positions[name]] if name is not None else []
    return parts
