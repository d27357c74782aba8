"""The parts of a record that not every format can hold.

In: the records that are written. Out: for each part that the format drops, how many were lost, so that a message about
losses names only what was there.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache

from msgspec import Struct

from sniffer.base.sanitize import printable
from sniffer.core.protocol.conversions import Number, Value
from sniffer.core.protocol.definition import UNSURE_TYPES, Command, Field
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import mended_of
from sniffer.core.wire.frame import Noise
from sniffer.core.wire.links import DBUS
from sniffer.formats.charger_log_writer import is_of_other_link, reads_back
from sniffer.formats.entry import Origin, RecordEntry, tap_event_of
from sniffer.formats.record_table import has_columns
from sniffer.text.describe import SHOWN_NOISE

CONCLUDED = ("overdue", "health")
"""The types of records without bytes whose events the session concluded, from silence."""

LARGEST_NUMBER = (1 << 63) - 1
"""The largest number that a column of integers can hold."""

LONGEST_NUMBER = 8
"""The size in bytes of the only numbers in frames that may be larger."""

COMMANDS_CACHED = 1024


class RecordPart(Struct, frozen=True):
    """One part. `count_in` returns how many of them a record has.

    With `is_whole`, the format holds none of the session, so that no number is shown.
    """

    singular: str
    plural: str
    count_in: Callable[[RecordEntry, Origin], int]
    is_whole: bool = False

    def format_count(self, count: int) -> str:
        """Return a number of them in words: `1 note`, `12 notes`, `all times`."""
        if self.is_whole:
            return f"all {self.plural}"
        return f"{count:,} {self.singular if count == 1 else self.plural}"


def _has_direction_by_log(entry: RecordEntry, _origin: Origin) -> bool:
    item = entry.record.item
    return isinstance(item, Message) and item.frame.link is DBUS and item.frame.direction is not None


def _has_no_direction(entry: RecordEntry, _origin: Origin) -> bool:
    item = entry.record.item
    return isinstance(item, Message) and item.direction is None


def _is_long_noise(entry: RecordEntry, _origin: Origin) -> bool:
    """Return True if a record is noise of which plain text shows the beginning only."""
    item = entry.record.item
    return isinstance(item, Noise) and len(item.raw) > SHOWN_NOISE


def _has_escapes(entry: RecordEntry, _origin: Origin) -> bool:
    return any(text != printable(text) for text in _texts_of(entry))


def is_in_column(number: int) -> bool:
    """Return True if a column of 64 bits can hold the number."""
    return -LARGEST_NUMBER - 1 <= number <= LARGEST_NUMBER


def _texts_of(entry: RecordEntry) -> Iterable[str]:
    """Yield the texts of a record that its source decides."""
    item, printed = entry.record.item, entry.record.printed
    yield entry.note
    yield tap_event_of(entry.record)[1]
    if printed:
        yield printed.process or ""
    if isinstance(item, TextMessage):
        yield item.line.process or ""
        yield item.line.text


@lru_cache(COMMANDS_CACHED)
def _find_odd_fields(command: Command) -> tuple[tuple[int, Field], ...]:
    """Return the fields of a command whose values may not fit a column of numbers, with their positions."""
    return tuple(
        (position, field)
        for position, field in enumerate(command.fields)
        if isinstance(field.conversion, Number) and (field.type in UNSURE_TYPES or field.size == LONGEST_NUMBER)
    )


def _list_odd_values(message: Message) -> list[Value]:
    """Return the values of a message that may not fit a column of numbers."""
    fields = _find_odd_fields(message.command) if message.command else ()
    raws = ((field, message.values[position]) for position, field in fields if position < len(message.values))
    return [field.conversion.value(raw) for field, raw in raws if raw is not None]


def _count_no_numbers(entry: RecordEntry, _origin: Origin) -> int:
    """Return the number of numeric fields without a number: digits that are not decimal, NaN or an infinity."""
    item = entry.record.item
    return sum(isinstance(value, str) for value in _list_odd_values(item)) if isinstance(item, Message) else 0


def _has_no_columns(entry: RecordEntry, origin: Origin) -> bool:
    """Return True if a record has fields of the charger in the table of another board."""
    item = entry.record.item
    owner = item.command if isinstance(item, Message) else item.meaning if isinstance(item, TextMessage) else None
    return owner is not None and bool(owner.fields) and not has_columns(owner, origin.definition)


def _has_large_number(entry: RecordEntry, _origin: Origin) -> bool:
    """Return True if a record has a number or a time that is too large for a column of a table."""
    item = entry.record.item
    values: Iterable[Value] = ()
    if isinstance(item, Message):
        values = _list_odd_values(item)
    elif isinstance(item, TextMessage):
        # Only a line can print a number that is too large for its column when it is multiplied, or below zero.
        values = [field.conversion.value(raw) for field, raw in item.fields.values()]
    time = entry.record.time or 0
    return time > LARGEST_NUMBER or any(isinstance(value, int) and not is_in_column(value) for value in values)


def _count_concluded(entry: RecordEntry, _origin: Origin) -> int:
    """Return the number of events that the session concluded; those of a tap are not concluded."""
    record = entry.record
    return len(record.events) if record.item or tap_event_of(record)[0] in CONCLUDED else 0


LOG_TEXTS = RecordPart("log text", "log texts", lambda entry, _: isinstance(entry.record.item, TextMessage))
LOG_LINES = RecordPart(
    "log line's number or process",
    "log lines' numbers or processes",
    lambda entry, _: entry.record.line is not None or entry.record.printed is not None,
)
MENDED = RecordPart(
    "mark of a mended line", "marks of mended lines", lambda entry, _: mended_of(entry.record) is not None
)
NOTES = RecordPart("note", "notes", lambda entry, _: bool(entry.note))
GAPS = RecordPart("gap", "gaps", lambda entry, _: entry.record.item is None and tap_event_of(entry.record)[0] == "gap")
TAP_EVENTS = RecordPart(
    "return or rate of a tap",
    "returns and rates of taps",
    lambda entry, _: entry.record.item is None and tap_event_of(entry.record)[0] not in ("gap", *CONCLUDED),
)
TAPS = RecordPart("record's tap", "records' taps", lambda entry, _: bool(entry.record.tap))
LINE_ERRORS = RecordPart(
    "line error", "line errors", lambda entry, _: len(entry.record.reception.marks) if entry.record.reception else 0
)
EVENTS = RecordPart("event", "events", _count_concluded)
TIMES = RecordPart("time", "times", lambda entry, _: entry.record.time is not None, is_whole=True)
DATES = RecordPart("date", "dates", TIMES.count_in, is_whole=True)
FINE_TIMES = RecordPart(
    "time finer than a microsecond",
    "times finer than a microsecond",
    lambda entry, _: entry.record.time is not None and entry.record.time % 1000 != 0,
)
FRAME_BYTES = RecordPart("frame's bytes", "frames' bytes", lambda entry, _: isinstance(entry.record.item, Message))
LONG_NOISE = RecordPart("end of long noise", "ends of long noise", _is_long_noise)
LOG_DIRECTIONS = RecordPart("dbus frame's arrow", "dbus frames' arrows", _has_direction_by_log)
OTHER_LINKS = RecordPart(
    "frame of another board's link",
    "frames of another board's link",
    lambda entry, _: entry.record.item is not None and is_of_other_link(entry.record.item),
)
NO_DIRECTION = RecordPart(
    "dbus frame of which no direction is known (written as =>Dbus)",
    "dbus frames of which no direction is known (written as =>Dbus)",
    _has_no_direction,
)
ODD_LINES = RecordPart(
    "line that reads back otherwise",
    "lines that read back otherwise",
    lambda entry, origin: not reads_back(entry.record, entry.before, origin.zone),
)
CONTROLS = RecordPart(
    "record's control characters (written as escapes)",
    "records' control characters (written as escapes)",
    _has_escapes,
)
NO_NUMBERS = RecordPart(
    "number that is none: NaN, infinity, other digits in BCD or a text (its bytes are in raw)",
    "numbers that are none: NaN, infinity, other digits in BCD or a text (their bytes are in raw)",
    _count_no_numbers,
)
OTHER_FIELDS = RecordPart(
    "record's fields that are none of the board's (they are in summary)",
    "records' fields that are none of the board's (they are in summary)",
    _has_no_columns,
)
LARGE_NUMBERS = RecordPart("record's number above 2^63", "records' numbers above 2^63", _has_large_number)
