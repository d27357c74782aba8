"""The charger as it was known at any record of the session.

In: an store, and every few thousand records a copy of the session's charger. Out: snapshots. A moment is reached from
the nearest copy before it, by folding the records between again; going on from the moment asked for last costs only
the records in between. There are at most `CHECKPOINT_LIMIT` copies: of a longer session every other one is given up, and
those to come are as far apart as those that are left.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence

from sniffer.core.charger.charger import Charger
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.history.record_store import RecordStore

CHECKPOINT_DISTANCE = 4096
"""How many records lie between two copies at first: they are folded again in less time than an eye notices."""

CHECKPOINT_LIMIT = 256


class Checkpoints:
    """All moments of one session. `fork` copies the session's charger as it is at the end of what was received.

    `copied` are the records at which it was copied.
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
        self._copies = [new()]
        self._now = self._copies[0].fork()
        self._at = 0

    def receive(self, records: Sequence[Record]) -> None:
        """Take what the session gives; the store has it already."""
        if not records or records[-1].number - self.copied[-1] < self._apart:
            return
        self.copied.append(records[-1].number)
        copied = self._fork()
        # Bytes of a frame that is not whole yet are read again with that frame.
        copied.count_read(-copied.snapshot().ledger.waiting)
        self._copies.append(copied)
        if len(self._copies) > CHECKPOINT_LIMIT:
            del self.copied[1::2], self._copies[1::2]
            self._apart *= 2

    def at(self, number: int) -> Snapshot:
        """The charger as it was known when this record was the last; 0 is before the first."""
        nearest = bisect_right(self.copied, number) - 1
        if not self.copied[nearest] <= self._at <= number:
            self._now, self._at = self._copies[nearest].fork(), self.copied[nearest]
        store, charger = self._store, self._now
        for following in range(self._at + 1, number + 1):
            charger.apply_wiring(store.events.get(following, ()))
            item = store.item(following)
            if item is None:
                continue
            if heard := store.reception(following):
                charger.count_line_errors(heard.marks)
            if not isinstance(item, TextMessage):
                charger.count_read(len(item.frame.raw if isinstance(item, Message) else item.raw))
            charger.apply(item, following, store.line(following))
        self._at = number
        return charger.snapshot()
