"""What changed in a frame since an earlier one of the same command: payload bytes, and fields with what they were.

In: two records. Out: `Changes` with texts that are safe to show. The sequence and the CRC are left out: the first is
another one in each frame, and the second follows from the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sniffer.base.sanitize import printable
from sniffer.core.protocol.message import FieldValue, Message
from sniffer.core.record import Record

NOTHING_BEFORE = "nothing to compare with: none of its command was found before it"


@dataclass(frozen=True, slots=True)
class Changes:
    """`at` are the places of the bytes that differ or were added; `previous` the earlier texts of fields that changed.

    A field that was not there before has an empty text. `text` tells it all in one line.
    """

    text: str
    at: frozenset[int] = frozenset()
    previous: Mapping[str, str] | None = None


def find_changes(record: Record, previous: Record | None) -> Changes | None:
    """What changed since `previous`; None where the record is no frame, and nothing can be said."""
    message = record.item
    if not isinstance(message, Message):
        return None
    before = previous.item if previous else None
    if previous is None or not isinstance(before, Message):
        return Changes(NOTHING_BEFORE)
    since = f"#{previous.number}" if previous.line is None else f"line {previous.line}"
    now, then = _bytes(message), _bytes(before)
    at = frozenset(place for place, byte in now.items() if then.get(place) != byte)
    earlier_texts = _fields_changed(message, before)
    changed = [printable(name) for name in earlier_texts]
    gone = [f"without {printable(name)}" for name in _pieces(before) if name not in _pieces(message)]
    more = len(message.frame.payload) - len(before.frame.payload)
    size = [f"{abs(more)} {'byte' if abs(more) == 1 else 'bytes'} {'more' if more > 0 else 'fewer'}"] if more else []
    found = ", ".join([*changed, *gone, *size])
    return Changes(f"changed since {since}: {found}" if found else f"unchanged since {since}", at, earlier_texts)


def _bytes(message: Message) -> dict[int, int]:
    """The bytes that are compared, by their place: the length's and the payload's."""
    frame, link = message.frame, message.frame.link
    places = [*range(link.length_at, link.length_at + link.length_size)]
    places += range(link.payload_at, link.payload_at + len(frame.payload))
    return {place: frame.raw[place] for place in places}


def _fields_changed(message: Message, before: Message) -> dict[str, str]:
    then = _pieces(before)
    return {
        name: printable(then[name][0].text) if name in then else ""
        for name, (_, raw) in _pieces(message).items()
        if name not in then or then[name][1] != raw
    }


def _pieces(message: Message) -> dict[str, tuple[FieldValue, bytes]]:
    """The payload's fields with their bytes, by name."""
    raw = message.frame.raw
    return {field.name: (field, raw[field.start : field.end]) for field in message.fields}
