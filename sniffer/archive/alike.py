"""What a frame can be compared with: the last one of its kind before it.

In: an archive and one of its records. Out: another record.
"""

from sniffer.archive.archive import Archive
from sniffer.pipeline import Record
from sniffer.protocol.message import Message
from sniffer.shape import shape_of

LOOKED_AT = 10_000
"""How many frames are looked at: unknown commands share one shape, and each step of a cursor asks for this."""


def last_alike(archive: Archive, record: Record) -> Record | None:
    """The last frame of the same route and command before this one; None where there is none, or it is no frame."""
    if not isinstance(record.item, Message):
        return None
    shape, command = shape_of(record), record.item.frame.command
    alike = archive.numbers_of(lambda other: other == shape, record.number - 1, -1)
    for number, _ in zip(alike, range(LOOKED_AT), strict=False):
        item = archive.item(number)
        if isinstance(item, Message) and item.frame.command == command:
            return archive.record(number)
    return None
