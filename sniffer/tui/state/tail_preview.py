"""The end of a long saved session, shown before the whole session is read.

In: the last items of the file (`SavedSession.read_tail`). Out: rows of their records. The charger's state is unknown
until everything before is read, so these rows show no events, and not which request belongs to which answer.
"""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from sniffer.core.pipeline import Pipeline, SourceItem
from sniffer.core.protocol.definition import Definition
from sniffer.core.record import Record
from sniffer.core.wire.items import Note
from sniffer.history.records.record_store import RecordStore
from sniffer.tui.state.rows import AllRows, Rows, Window, make_window

RECORDS = 2000
"""The least number of records in the preview: some screens to scroll through while the rest is read."""


class SavedSession(Protocol):
    """A capture file that can be read from its end."""

    @property
    def progress(self) -> float:
        """The share of the file that is read, from 0 to 1."""
        ...

    def pause_until(self, shown: asyncio.Event) -> None:
        """Read only the first records until `shown` is set."""
        ...

    async def read_tail(self, count: int) -> tuple[int, Sequence[SourceItem | Note]] | None:
        """Return the number of the first record of the end, and the items of about `count` records.

        Returns None if the number cannot be determined.
        """
        ...


class TailPreview:
    """The rows of the end of one session. `number` is the number of its first record."""

    def __init__(self, number: int, items: Sequence[SourceItem | Note], definition: Definition) -> None:
        before = number - 1
        store = RecordStore(definition, before)
        self._rows = Rows(store)
        self._all = AllRows(self._rows)
        pipeline = Pipeline(definition)
        for item in items:
            if not isinstance(item, Note):
                self._rows.receive([_without_context(record, before) for record in pipeline.feed(item)])

    @property
    def last(self) -> int:
        """The number of the last record of the session."""
        return len(self._rows.store)

    def window(self) -> Window:
        """Return the window of all rows of the preview."""
        return make_window(self._rows, self._all, self.last)


def _without_context(record: Record, before: int) -> Record:
    """Return the record with its number in the session, without events and partner.

    Without context these would be wrong. A record that consists of events only, as a lost source, keeps them.
    """
    events = () if record.item else record.events
    return Record(before + record.number, record.item, events, record.line, None, record.printed)
