"""The record: one numbered entry of a session."""

from msgspec import Struct

from sniffer.core.charger.events import Event, Reference
from sniffer.core.protocol.log_lines import Print, TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Noise
from sniffer.core.wire.items import Reception
from sniffer.core.wire.mended import Mended


class Record(Struct, frozen=True, gc=False):
    """One entry of a session: what was received, and the events that result from it.

    `item` is None if the entry consists of events only. `number` counts from 1 and never changes. `line` is the number
    that a text log gives the line, and `printed` is how the log printed the bytes; both are None for other sources.
    `refers` names the earlier frame that this one answers, repeats or relays. `reception` is how the bytes were
    received; it is None in a session of one tap if they had no line errors.
    """

    number: int
    item: Message | Noise | TextMessage | None
    events: tuple[Event, ...] = ()
    line: int | None = None
    refers: Reference | None = None
    printed: Print | None = None
    reception: Reception | None = None

    @property
    def time(self) -> int | None:
        """The time of the record in nanoseconds since the Unix epoch; None if the source has no times."""
        if isinstance(self.item, Message):
            return self.item.frame.time
        if self.item is not None:
            return self.item.time
        return self.events[0].time if self.events else None

    @property
    def tap(self) -> int:
        """The number of the tap that received the bytes; 0 if the session has only one."""
        return self.reception.tap if self.reception else 0


def mended_of(record: Record) -> Mended | None:
    """Return how the line of a record was mended; None if it was read as it was printed."""
    if record.printed is not None:
        return record.printed.mended
    return record.item.line.mended if isinstance(record.item, TextMessage) else None


def is_blank(record: Record) -> bool:
    """Return True for a blank line of a text log without events.

    It is kept, so that the log can be written as it was, and not shown.
    """
    return isinstance(record.item, TextMessage) and record.item.is_blank and not record.events
