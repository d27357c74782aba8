"""A session as a table: one row for each record, the same columns in CSV and in Parquet.

In: a definition. Out: its columns, which are known before the first record, so that rows can be written as they come;
then the row of each record. The columns in the middle are the fields: of all commands and log lines of the definition,
by name, in its order. A name that one of the other columns has gets an underscore behind it.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from itertools import chain
from typing import NamedTuple

from sniffer.core.protocol.conversions import Number, Value
from sniffer.core.protocol.definition import Definition, Field
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import UNDEFINED, Message
from sniffer.core.wire.frame import Noise
from sniffer.formats.entry import RecordEntry, tap_event_of

Cell = int | float | str | bytes | None


class ColumnType(Enum):
    """What a column holds. A `TIME` is in nanoseconds since the Unix epoch."""

    INTEGER = "integer"
    REAL = "real number"
    TEXT = "text"
    BYTES = "bytes"
    TIME = "time"


class TableColumn(NamedTuple):
    """One column."""

    name: str
    kind: ColumnType


BEFORE_FIELDS = (
    TableColumn("number", ColumnType.INTEGER),
    TableColumn("time", ColumnType.TIME),
    TableColumn("type", ColumnType.TEXT),
    TableColumn("link", ColumnType.TEXT),
    TableColumn("direction", ColumnType.TEXT),
    TableColumn("seq", ColumnType.TEXT),
    TableColumn("command", ColumnType.TEXT),
    TableColumn("name", ColumnType.TEXT),
)
TIME_COLUMN = 1
"""Where the time stands in a row."""

AFTER_FIELDS = (
    TableColumn("problem", ColumnType.TEXT),
    TableColumn("reason", ColumnType.TEXT),
    TableColumn("raw", ColumnType.BYTES),
    TableColumn("line", ColumnType.INTEGER),
    TableColumn("process", ColumnType.TEXT),
    TableColumn("text", ColumnType.TEXT),
    TableColumn("summary", ColumnType.TEXT),
    TableColumn("note", ColumnType.TEXT),
)


class RecordTable:
    """The table of sessions that are decoded by one definition."""

    def __init__(self, definition: Definition) -> None:
        kinds = _kinds_of_fields(definition)
        self.columns = (*BEFORE_FIELDS, *_columns_of(kinds), *AFTER_FIELDS)
        self._places = {name: at for at, name in enumerate(kinds, len(BEFORE_FIELDS))}
        self._texts = {name for name, kind in kinds.items() if kind is ColumnType.TEXT}
        self._fields = len(kinds)

    def row(self, entry: RecordEntry) -> list[Cell]:
        """The cells of a record, one for each column."""
        record, note = entry.record, entry.note or None
        item, line = record.item, record.line
        process = record.printed.process if record.printed else None
        head: list[Cell] = [record.number, record.time]
        fields: list[Cell] = [None] * self._fields
        if isinstance(item, Message):
            frame = item.frame
            code = f"{frame.command:0{2 * frame.link.command_size}X}"
            head += ["frame", frame.link.name, item.direction, f"{frame.sequence:04X}", code, item.name]
            self._fill(fields, _values_of(item))
            summary = f"{item.name}: {item.summary}"
            return head + fields + [item.problem or None, None, frame.raw, line, process, None, summary, note]
        if isinstance(item, TextMessage):
            head += ["text", None, None, None, None, item.meaning.name if item.meaning else None]
            self._fill(fields, ((name, field.conversion.value(raw)) for name, (field, raw) in item.fields.items()))
            return head + fields + [None, None, None, line, item.line.process, item.line.text, item.summary, note]
        if isinstance(item, Noise):
            way = (record.printed.route.link.name, record.printed.route.direction) if record.printed else (None, None)
            head += ["noise", *way, None, None, None]
            return head + fields + [None, item.reason.value, item.raw, line, process, None, None, note]
        kind, reason = tap_event_of(record)
        head += [kind, None, None, None, None, None]
        return head + fields + [None, reason, None, line, process, None, None, note]

    def _fill(self, fields: list[Cell], values: Iterable[tuple[str, Value]]) -> None:
        for name, value in values:
            fields[self._places[name] - len(BEFORE_FIELDS)] = str(value) if name in self._texts else value


def _values_of(message: Message) -> Iterable[tuple[str, Value]]:
    """The fields of a frame. What is no field is looked for only where there can be something."""
    command = message.command
    if command is None or command.size != len(message.frame.payload):
        return ((field.name, field.value) for field in message.fields)
    return (
        (field.name, field.conversion.value(raw)) for field, raw in zip(command.fields, message.values, strict=False)
    )


def _columns_of(kinds: Mapping[str, ColumnType]) -> Iterator[TableColumn]:
    """A column for each field, under a name that no other has."""
    taken = {column.name for column in (*BEFORE_FIELDS, *AFTER_FIELDS)}
    for field, kind in kinds.items():
        name = field
        while name in taken or (name != field and name in kinds):
            name += "_"
        yield TableColumn(name, kind)


def _kinds_of_fields(definition: Definition) -> dict[str, ColumnType]:
    places = (*(command.fields for command in definition.commands), *(line.fields for line in definition.lines))
    kinds: dict[str, ColumnType] = {}
    for field in chain(*places):
        kinds[field.name] = _wider(kinds.get(field.name), _kind_of(field))
    return kinds | {UNDEFINED: ColumnType.TEXT}


def _kind_of(field: Field) -> ColumnType:
    if not isinstance(field.conversion, Number):
        return ColumnType.TEXT
    return ColumnType.INTEGER if field.conversion.divisor == 1 else ColumnType.REAL


def _wider(one: ColumnType | None, other: ColumnType) -> ColumnType:
    """The kind that holds both: fields of one name may differ."""
    if one is None or one is other:
        return other
    return ColumnType.TEXT if ColumnType.TEXT in (one, other) else ColumnType.REAL
