"""Find the frame before a given one that has the same route and command, to compare the two."""

from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.record_kind import classify_record
from sniffer.history.records.record_store import RecordStore

SEARCH_LIMIT = 10_000
"""The number of frames that are searched: all unknown commands of a side share one kind, and each step of the cursor
searches.
"""


def find_previous_frame(store: RecordStore, record: Record) -> Record | None:
    """Return the last frame of the same route and command before this one.

    Return None if there is none among the last `SEARCH_LIMIT` frames of its kind, or if the record is no frame.
    """
    if not isinstance(record.item, Message):
        return None
    shape, command = classify_record(record), record.item.frame.command
    alike = store.numbers_of(lambda other: other == shape, record.number - 1, -1)
    for number, _ in zip(alike, range(SEARCH_LIMIT), strict=False):
        item = store.item(number)
        if isinstance(item, Message) and item.frame.command == command:
            return store.record(number)
    return None
