"""The text that is copied from a row of the list: its bytes, its text, or the line that `dump` prints for it.

In: a row. Out: a text that is safe to paste anywhere, and a name for it.
"""

from datetime import tzinfo
from typing import NamedTuple

from sniffer.base.phrasing import format_count
from sniffer.base.sanitize import printable
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.formats import plain_text
from sniffer.formats.registry import find_time_before
from sniffer.history.records.record_store import RecordStore
from sniffer.text.event_text import describe_event
from sniffer.tui.state.rows import RowEntry


class CopiedText(NamedTuple):
    """A text to copy, and its name in the message to the user."""

    text: str
    name: str


def copy_content(entry: RowEntry, store: RecordStore, definition: Definition) -> CopiedText:
    """Return the bytes of a frame or of noise in hex, or the text of a log line or event."""
    if entry.event:
        return CopiedText(describe_event(entry.event, definition), "the event's text")
    item = entry.record.item
    if isinstance(item, TextMessage):
        return CopiedText(printable(item.line.text), "the log line's text")
    raw = store.raw(entry.record.number)
    return CopiedText(raw.hex(" ").upper(), f"{format_count(len(raw), 'byte')} in hex")


def copy_row(entry: RowEntry, store: RecordStore, definition: Definition, zone: tzinfo | None) -> CopiedText:
    """Return the whole row as `dump` prints it."""
    if entry.event:
        text = plain_text.format_event(entry.event, definition, zone)
    else:
        text = plain_text.format_record(entry.record, find_time_before(store, entry.record.number), zone)
    return CopiedText(printable(text), f"the row of #{entry.record.number}")
