"""The differences between a frame and an earlier one of the same command: bytes, and fields with earlier values.

In: two records. Out: `Changes` with texts that are safe to show. The sequence number and the CRC are not compared: the
first differs in every frame, and the second follows from the rest.
"""

from collections.abc import Mapping

from msgspec import Struct

from sniffer.base.sanitize import printable
from sniffer.core.protocol.message import FieldValue, Message
from sniffer.core.record import Record

NOTHING_BEFORE = "nothing to compare with: none of its command was found before it"


class Changes(Struct, frozen=True):
    """The changes. `at` holds the offsets of bytes that differ or were added.

    `previous` maps the names of changed fields to their earlier texts, or is None if there was no earlier frame.

    A field that was not there before has an empty text. `text` is a summary of all changes in one line.
    """

    text: str
    at: frozenset[int] = frozenset()
    previous: Mapping[str, str] | None = None


def find_changes(record: Record, previous: Record | None) -> Changes | None:
    """Return the changes since `previous`, or None if the record is not a frame.

    `previous` is the earlier frame to compare with. If it is None, the changes say that nothing came before.
    """
    message = record.item
    if not isinstance(message, Message):
        return None
    before = previous.item if previous else None
    if previous is None or not isinstance(before, Message):
        return Changes(NOTHING_BEFORE)
    since = f"#{previous.number}"
    now, then = _list_compared_bytes(message), _list_compared_bytes(before)
    at = frozenset(place for place, byte in now.items() if then.get(place) != byte)
    earlier_texts = _find_changed_fields(message, before)
    changed = [printable(name) for name in earlier_texts]
    gone = [f"without {printable(name)}" for name in _list_fields(before) if name not in _list_fields(message)]
    more = len(message.frame.payload) - len(before.frame.payload)
    size = [f"{abs(more)} {'byte' if abs(more) == 1 else 'bytes'} {'more' if more > 0 else 'fewer'}"] if more else []
    found = ", ".join([*changed, *gone, *size])
    return Changes(f"changed since {since}: {found}" if found else f"unchanged since {since}", at, earlier_texts)


def _list_compared_bytes(message: Message) -> dict[int, int]:
    """Return the bytes to compare by their offsets: those of the length and of the payload."""
    frame, link = message.frame, message.frame.link
    offsets = [*range(link.length.at, link.length.end)] if link.length else []
    end = link.payload_at + len(frame.payload)
    if link.delimiter:
        places = link.delimiter.locate(frame.raw)
        offsets += range(places[link.payload_at], places[end])
    else:
        offsets += range(link.payload_at, end)
    return {offset: frame.raw[offset] for offset in offsets}


def _find_changed_fields(message: Message, before: Message) -> dict[str, str]:
    """Return the earlier text of each field that has changed, by name; empty for a field that is new."""
    then = _list_fields(before)
    return {
        name: printable(then[name][0].text) if name in then else ""
        for name, (_, raw) in _list_fields(message).items()
        if name not in then or then[name][1] != raw
    }


def _list_fields(message: Message) -> dict[str, tuple[FieldValue, bytes]]:
    """Return the fields of the payload with their bytes, by name."""
    raw = message.frame.raw
    return {field.name: (field, raw[field.start : field.end]) for field in message.fields}
