"""Restore the charger as it was at any record of the session.

In: a record store, and a copy of the session's charger every few thousand records. Out: snapshots. A record is reached
from the nearest copy before it, by applying the records in between again. Going forward from the previous request costs
only the records in between. There are at most `CHECKPOINT_LIMIT` copies, packed into bytes. In a longer session every
second copy is dropped, and the distance between later copies is doubled.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence

from sniffer.core.charger.charger import Charger
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.history.charger_codec import ChargerCodec
from sniffer.history.records.record_store import RecordStore

CHECKPOINT_DISTANCE = 4096
"""The initial number of records between two copies. Applying this many again takes less time than a user notices."""

CHECKPOINT_LIMIT = 256


class Checkpoints:
    """The copies of one session's charger. `fork` copies the charger as it is after all bytes received so far.

    `copied` holds the numbers of the records at which it was copied. `new` makes a charger that has received nothing.
    """

    def __init__(
        self,
        store: RecordStore,
        new: Callable[[], Charger],
        fork: Callable[[], Charger],
        *,
        apart: int = CHECKPOINT_DISTANCE,
    ) -> None:
        self._store = store
        self._fork = fork
        self._apart = apart
        self.copied = [0]
        self._now = new()
        self._codec = ChargerCodec(store.definition)
        self._copies = [self._codec.pack(self._now)]
        self._at = 0

    def receive(self, records: Sequence[Record]) -> None:
        """Take the next records of the session. The store must have received them before.

        The charger is copied after them if the last copy is far enough behind, and every second copy is dropped if
        there are too many.
        """
        if not records or records[-1].number - self.copied[-1] < self._apart:
            return
        self.copied.append(records[-1].number)
        copied = self._fork()
        # Bytes of a frame that is not whole yet are read again with that frame.
        copied.count_read(-copied.snapshot().ledger.waiting)
        self._copies.append(self._codec.pack(copied))
        if len(self._copies) > CHECKPOINT_LIMIT:
            del self.copied[1::2], self._copies[1::2]
            self._apart *= 2

    def at(self, number: int) -> Snapshot:
        """Return the state of the charger after the record of this number.

        0 stands for the state before the first record.
        """
        nearest = bisect_right(self.copied, number) - 1
        if not self.copied[nearest] <= self._at <= number:
            self._now, self._at = self._codec.unpack(self._copies[nearest]), self.copied[nearest]
        store, charger = self._store, self._now
        # Records before the first one left the store, because the disk was full.
        for following in range(max(self._at + 1, store.first), number + 1):
            events = store.events_of(following)
            charger.apply_wiring(events)
            item = store.item(following)
            if item is None:
                charger.repeat_events(events)
                continue
            printed = store.printed(following)
            if printed:
                charger.set_text_log()
            if reception := store.reception(following):
                charger.count_line_errors(reception.marks)
            charger.end_loss(reception.tap if reception else 0)
            if not isinstance(item, TextMessage):
                charger.count_read(len(item.frame.raw if isinstance(item, Message) else item.raw))
            mended = item.line.mended if isinstance(item, TextMessage) else printed and printed.mended
            charger.set_mended(mended=mended is not None)
            charger.apply(item, following, store.line(following))
        self._at = number
        return charger.snapshot()
