"""The end of a long saved session, shown before all of the session was read.

In: a saved session that can give its last records (`SavedSession`). Out: rows of them. What they mean to the charger is not
known before everything was read up to there, so no events stand between them and nothing is said of what they refer to.
"""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from sniffer.core.pipeline import Given, Pipeline
from sniffer.core.protocol.definition import Definition
from sniffer.core.record import Record
from sniffer.core.wire.items import Note
from sniffer.history.record_store import RecordStore
from sniffer.tui.state.rows import AllRows, Rows, Window, make_window

RECORDS = 2000
"""How many records at the end are shown at least: some screens to scroll in while the rest is read."""


class SavedSession(Protocol):
    """A saved session."""

    @property
    def progress(self) -> float:
        """How much of it was read, up to 1."""
        ...

    def pause_until(self, shown: asyncio.Event) -> None:
        """Read only the beginning until that is shown."""
        ...

    async def read_tail(self, count: int) -> tuple[int, Sequence[Given | Note]] | None:
        """What gives about so many records at its end, and the number of the first; None where that cannot be told."""
        ...


class TailPreview:
    """The end of one session."""

    def __init__(self, number: int, items: Sequence[Given | Note], definition: Definition) -> None:
        before = number - 1
        store = RecordStore(definition, before)
        self._rows = Rows(store)
        self._all = AllRows(self._rows)
        pipeline = Pipeline(definition)
        for item in items:
            if not isinstance(item, Note):
                self._rows.receive([_alone(record, before) for record in pipeline.feed(item)])

    @property
    def last(self) -> int:
        """The number of the last record."""
        return len(self._rows.store)

    def window(self) -> Window:
        """All of it."""
        return make_window(self._rows, self._all, self.last)


def _alone(record: Record, before: int) -> Record:
    """The record as it is by itself. What was seen stays; a record of nothing but events keeps them."""
    events = () if record.item else record.events
    return Record(before + record.number, record.item, events, record.line, None, record.printed)
