"""What a session gave so far, kept for the list on the screen.

In: records, as a sink of the session. Out: a `Window`, a view of the rows at one moment that stays as it is whatever
comes after, so that a paused screen stands still while reading goes on. Rows have positions that count from 0 and
never change. Memory is bounded: the oldest rows leave in whole pages, and `Window.first` says how many left; a
window that is held keeps its own pages, so at most twice the limit is alive.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sniffer.charger.events import Event
from sniffer.pipeline import Record
from sniffer.protocol.message import Message

LIMIT = 200_000
"""How many rows the list keeps at most."""

PAGE = 1_000
"""How many rows leave at once."""


class Entry(NamedTuple):
    """One row: a record, or one of its events under it."""

    record: Record
    event: Event | None


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """The rows from position `first` up to `end`, which is not in it."""

    first: int = 0
    end: int = 0
    page: int = PAGE
    pages: tuple[Sequence[Entry], ...] = ()

    def __len__(self) -> int:
        return self.end - self.first

    def at(self, position: int) -> Entry | None:
        """The row at a position; None where this window has none."""
        if not self.first <= position < self.end:
            return None
        page, index = divmod(position - self.first, self.page)
        return self.pages[page][index]

    def nearest(self, position: int) -> int:
        """The position in this window that is nearest to `position`; `first` where the window is empty."""
        return max(self.first, min(position, self.end - 1))

    def time_before(self, position: int) -> int | None:
        """When the record before the one at `position` was seen; None where it is not known or not kept."""
        entry = self.at(position)
        before = self.at(position - 1)
        while entry and before and before.record is entry.record:
            position -= 1
            before = self.at(position - 1)
        return before.record.time if before else None


class History:
    """The sink behind the screen. `records` and `frames` count all that came, `began` is the first known time."""

    def __init__(self, limit: int = LIMIT, page: int = PAGE) -> None:
        self.records = 0
        self.frames = 0
        self.began: int | None = None
        self._limit = limit
        self._page = page
        self._pages: deque[list[Entry]] = deque()
        self._first = 0
        self._end = 0

    @property
    def end(self) -> int:
        """The position that the next row will have."""
        return self._end

    def receive(self, records: Sequence[Record]) -> None:
        """Take what the session gives."""
        for record in records:
            self.records += 1
            self.frames += isinstance(record.item, Message)
            if self.began is None:
                self.began = record.time
            if record.item is not None:
                self._append(Entry(record, None))
            for event in record.events:
                self._append(Entry(record, event))

    def window(self) -> Window:
        """The rows as they are now."""
        return Window(self._first, self._end, self._page, tuple(self._pages))

    def _append(self, entry: Entry) -> None:
        if not self._pages or len(self._pages[-1]) == self._page:
            self._pages.append([])
        self._pages[-1].append(entry)
        self._end += 1
        if self._end - self._first > self._limit:
            self._first += len(self._pages.popleft())
