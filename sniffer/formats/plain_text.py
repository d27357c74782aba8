"""Records as plain lines, for people and for `grep` (`dump` without `--json`).

In: a record. Out: the line of the record, one for each of its events, and one for the user's note, each with its rank.
All lines are safe to show, and none has a line end.
"""

from collections.abc import Iterator
from datetime import tzinfo

from sniffer.base.late_pattern import compile_late
from sniffer.base.sanitize import printable
from sniffer.base.times import format_clock, format_delta
from sniffer.core.charger.events import Event
from sniffer.core.protocol.definition import Definition
from sniffer.core.record import Record, is_blank
from sniffer.text.describe import format_row
from sniffer.text.event_text import describe_event
from sniffer.text.ranks import Rank, rank_of_event, rank_of_record

_PLAIN_LINE = compile_late(r"\s*\d+  +(?:\d\d:\d\d:\d\d\.\d{3}|-)  ")


def format_lines(
    record: Record, before: int | None, definition: Definition, zone: tzinfo | None, note: str = ""
) -> Iterator[str]:
    """Yield the lines of a record. `before` is the time of the last earlier record that has one, in nanoseconds."""
    for _, line in format_ranked_lines(record, before, definition, zone, note):
        yield line


def format_ranked_lines(
    record: Record, before: int | None, definition: Definition, zone: tzinfo | None, note: str = ""
) -> Iterator[tuple[Rank, str]]:
    """Yield the lines of a record, each after its rank. The arguments are those of `format_lines`."""
    if record.item is not None and not is_blank(record):
        yield rank_of_record(record), format_record(record, before, zone)
    for event in record.events:
        yield rank_of_event(event), format_event(event, definition, zone)
    if note:
        yield Rank.NOTE, f"    ✎ {printable(note)}"


def is_plain_line(line: str) -> bool:
    """Return True if this looks like the line of a record that `format_record` returned."""
    return _PLAIN_LINE.match(line) is not None


def format_late_note(number: int, note: str) -> str:
    """Return the line of a note on a record that was printed before; an empty note removes the earlier one."""
    return f"    ✎ #{number}: {printable(note) or 'note taken away'}"


def format_record(record: Record, before: int | None, zone: tzinfo | None) -> str:
    """Return the line of a record: its number, time of day, time since the previous record, and its columns."""
    columns, time = format_row(record), record.time
    delta = format_delta(time - before) if time is not None and before is not None else ""
    has_summary = columns.name and columns.summary and not columns.summary.startswith(" ")
    name = f"{columns.name}: " if has_summary else columns.name
    start = f"{record.number:>6}  {format_clock(time, zone):>12}  {delta:>7}"
    return f"{start}  {columns.direction:<8}  {columns.sequence:<4}  {name}{columns.summary}"


def format_event(event: Event, definition: Definition, zone: tzinfo | None) -> str:
    """Return the line of an event: its time of day and its text."""
    return f"{'':>6}  {format_clock(event.time, zone):>12}  {'':>7}  *** {describe_event(event, definition)}"
