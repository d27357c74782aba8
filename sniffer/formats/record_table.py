"""A session as a table: one row for each record, with the same columns in CSV and in Parquet.

In: a definition, then records. Out: the columns, then the row of each record. The columns follow from the definition
alone, so that rows can be written as records come. The columns in the middle are the fields of all commands and log
lines, by name, in the order of the definition. A field with the name of another column gets an underscore after it.
A definition of another board has no columns for the fields of the charger, which that board does not send.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from itertools import chain
from typing import NamedTuple

from sniffer.core.protocol.conversions import Float, Number, SignMagnitude, Value
from sniffer.core.protocol.definition import Command, Definition, Field, LogLinePattern
from sniffer.core.protocol.digit_conversions import DecimalText
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import UNDEFINED, Message
from sniffer.core.wire.frame import Noise
from sniffer.formats.entry import RecordEntry, tap_event_of
from sniffer.text.describe import find_ocpp_action, name_ocpp_message

Cell = int | float | str | bytes | None


class ColumnType(Enum):
    """The type of a column's cells. A `TIME` is in nanoseconds since the Unix epoch."""

    INTEGER = "integer"
    REAL = "real number"
    TEXT = "text"
    BYTES = "bytes"
    TIME = "time"


class TableColumn(NamedTuple):
    """One column of the table."""

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
ADDRESS = TableColumn("address", ColumnType.TEXT)
"""The column of the address, which only links of other boards have."""

TIME_COLUMN = 1
"""The position of the time in a row."""

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
    """The table of a session that was decoded by one definition."""

    def __init__(self, definition: Definition) -> None:
        types = _types_of_fields(definition)
        links = definition.links
        self._has_address = any(link.address for name, link in links.links.items() if name in links.framed)
        more = (ADDRESS,) * self._has_address
        self.columns = (*BEFORE_FIELDS, *more, *_columns_of(types, more), *AFTER_FIELDS)
        self._positions = {name: position for position, name in enumerate(types, len(more))}
        self._texts = {name for name, kind in types.items() if kind is ColumnType.TEXT}
        self._definition = definition

    def build_row(self, entry: RecordEntry) -> list[Cell]:
        """Return the cells of a record, one for each column."""
        record, note = entry.record, entry.note or None
        item, line = record.item, record.line
        process = record.printed.process if record.printed else None
        head: list[Cell] = [record.number, record.time]
        fields: list[Cell] = [None] * (self._has_address + len(self._positions))
        if isinstance(item, Message):
            frame = item.frame
            code = frame.link.code_text(frame.command)
            head += ["frame", frame.link.name, item.direction, f"{frame.sequence:04X}", code, item.name]
            if self._has_address:
                fields[0] = frame.address_text or None
            if item.command is None or has_columns(item.command, self._definition):
                self._fill(fields, _values_of(item))
            summary = f"{item.name}: {item.summary}"
            return head + fields + [item.problem or None, None, frame.raw, line, process, None, summary, note]
        if isinstance(item, TextMessage) and item.ocpp:
            action = find_ocpp_action(item.ocpp, record.refers)
            head += ["ocpp", None, item.ocpp.direction, None, None, action]
            self._fill(fields, self._values_of_line(item))
            summary = f"{name_ocpp_message(item.ocpp, record.refers)}: {item.summary}"
            return head + fields + [None, None, None, line, item.line.process, item.line.text, summary, note]
        if isinstance(item, TextMessage):
            head += ["text", None, None, None, None, item.meaning.name if item.meaning else None]
            self._fill(fields, self._values_of_line(item))
            return head + fields + [None, None, None, line, item.line.process, item.line.text, item.summary, note]
        if isinstance(item, Noise):
            route = record.printed.route if record.printed else None
            link, direction = (route.link.name, route.direction) if route else (None, None)
            head += ["noise", link, direction, None, None, None]
            return head + fields + [None, item.reason.value, item.raw, line, process, None, None, note]
        kind, reason = tap_event_of(record)
        head += [kind, None, None, None, None, None]
        return head + fields + [None, reason, None, line, process, None, None, note]

    def _values_of_line(self, message: TextMessage) -> Iterable[tuple[str, Value]]:
        """Return the values of a line of a text log that have columns, by name."""
        if message.meaning is None or not has_columns(message.meaning, self._definition):
            return ()
        return ((name, field.conversion.value(raw)) for name, (field, raw) in message.fields.items())

    def _fill(self, fields: list[Cell], values: Iterable[tuple[str, Value]]) -> None:
        """Put the values of fields, by name, into their cells. What is no number stays out of a column of numbers."""
        for name, value in values:
            is_text = name in self._texts
            fields[self._positions[name]] = str(value) if is_text else None if isinstance(value, str) else value


def _values_of(message: Message) -> Iterable[tuple[str, Value]]:
    """Yield the values of a frame's fields, with any bytes that the definition does not cover.

    Such bytes are possible only in a payload of another size than the definition says; without them it is faster.
    """
    command = message.command
    if command is None or command.parts or command.size != len(message.frame.payload):
        return ((field.name, field.value) for field in message.fields)
    return (
        (field.name, field.conversion.value(raw))
        for field, raw in zip(command.fields, message.values, strict=False)
        if raw is not None
    )


def _columns_of(types: Mapping[str, ColumnType], more: Sequence[TableColumn]) -> Iterator[TableColumn]:
    """Yield a column for each field, with a name that no other column has, those of `more` included."""
    taken = {column.name for column in (*BEFORE_FIELDS, *more, *AFTER_FIELDS)}
    for field, kind in types.items():
        name = field
        while name in taken or (name != field and name in types):
            name += "_"
        yield TableColumn(name, kind)


def _types_of_fields(definition: Definition) -> dict[str, ColumnType]:
    """Return the column type of each field by name, in the order of the definition."""
    commands = [command.fields for command in definition.ordered_commands if has_columns(command, definition)]
    lines = [line.fields for line in definition.lines if has_columns(line, definition)]
    types: dict[str, ColumnType] = {}
    for field in chain(*commands, *lines):
        types[field.name] = _wider_type(types.get(field.name), _get_type(field))
    return types | {UNDEFINED: ColumnType.TEXT}


def has_columns(owner: Command | LogLinePattern, definition: Definition) -> bool:
    """Return True if the fields of a command or of a log line have columns.

    Of a definition of another board these are those of its own links, and the log lines that it adds.
    """
    if not definition.links.has_own:
        return True
    if isinstance(owner, Command):
        return owner.route.link.name in definition.links.framed
    return owner not in packaged_definition().lines


def _get_type(field: Field) -> ColumnType:
    if not isinstance(field.conversion, Number):
        return ColumnType.TEXT
    is_whole = field.conversion.divisor == 1 and not isinstance(field.conversion, SignMagnitude | Float | DecimalText)
    return ColumnType.INTEGER if is_whole else ColumnType.REAL


def _wider_type(one: ColumnType | None, other: ColumnType) -> ColumnType:
    """Return the type that can hold both: fields of one name may be of different types."""
    if one is None or one is other:
        return other
    return ColumnType.TEXT if ColumnType.TEXT in (one, other) else ColumnType.REAL
