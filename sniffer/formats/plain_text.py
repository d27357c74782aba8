"""Records as plain lines, for people and for `grep` (`dump` without `--json`).

In: a record. Out: its row, a line for each of its events, and one for the note that the user keeps at it. All lines
are safe to show; none has a line end.
"""

from collections.abc import Iterator
from datetime import tzinfo

from sniffer.base.sanitize import printable
from sniffer.base.times import clock, span
from sniffer.core.charger.events import Event
from sniffer.core.pipeline import Record
from sniffer.core.protocol.definition import Definition
from sniffer.text.describe import event_text, row


def format_lines(
    record: Record, before: int | None, definition: Definition, zone: tzinfo | None, note: str = ""
) -> Iterator[str]:
    """The record's lines. `before` is when the last record before it that has a time was seen."""
    if record.item is not None:
        yield format_record(record, before, zone)
    for event in record.events:
        yield format_event(event, definition, zone)
    if note:
        yield f"    ✎ {printable(note)}"


def format_late_note(number: int, note: str) -> str:
    """A note at a record that was told before; an empty one takes away what was noted there."""
    return f"    ✎ #{number}: {printable(note) or 'note taken away'}"


def format_record(record: Record, before: int | None, zone: tzinfo | None) -> str:
    """Number, time of day, time since the record before, and what was seen."""
    told, time = row(record), record.time
    delta = span(time - before) if time is not None and before is not None else ""
    name = f"{told.name}: " if told.name else ""
    start = f"{record.number:>6}  {clock(time, zone):>12}  {delta:>7}"
    return f"{start}  {told.direction:<8}  {told.sequence:<4}  {name}{told.summary}"


def format_event(event: Event, definition: Definition, zone: tzinfo | None) -> str:
    """When it was concluded, and what."""
    return f"{'':>6}  {clock(event.time, zone):>12}  {'':>7}  *** {event_text(event, definition)}"
