"""The rows that a filter lets through, found in slices so that no key waits for a million records.

In: all rows, a filter, and turns (`work`). Out: a `Choice` of rows. It looks from the newest record down, as that is
where people look first, and keeps up with what comes. Rows have positions that stay: what was there when the filter
was set is at -1, -2 and so on, what came later at 0, 1 and so on.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import chain
from operator import neg
from time import monotonic
from typing import Protocol

from sniffer.core.record import Record
from sniffer.core.record_kind import RecordKind
from sniffer.tui.state.rows import Rows

LOOKED_AT = 64
"""How many records are looked at between two looks at the clock."""


class ActiveFilter(Protocol):
    """What decides: by the shape alone where it can, else by the record and the time of the one before."""

    def matches_kind(self, shape: RecordKind) -> bool | None: ...

    def matches(self, record: Record, before: int | None) -> bool: ...


class FilterScan:
    """The rows of the records that a filter lets through. A record's events come with it."""

    def __init__(self, rows: Rows, wanted: ActiveFilter) -> None:
        self._rows = rows
        self._wanted = wanted
        self._start = len(rows.store)
        self._back = array("Q")
        self._forth = array("Q")
        self._down = self._records(self._start, -1)
        self._reached = self._start
        self._ahead = self._start
        self.records = 0

    @property
    def first(self) -> int:
        return -len(self._back)

    @property
    def end(self) -> int:
        return len(self._forth)

    @property
    def share(self) -> float:
        """How much has been looked at, up to 1."""
        if self.is_done:
            return 1.0
        return (self._ahead - self._reached) / len(self._rows.store)

    @property
    def is_done(self) -> bool:
        """Whether all records have been looked at."""
        return not self._reached and self._ahead == len(self._rows.store)

    def has_seen(self, number: int) -> bool:
        """Whether all records up to this one have been looked at."""
        return not self._reached and self._ahead >= number

    def numbers(self, until: int) -> Iterator[int]:
        """The records up to number `until` that were let through, in their order; all of them once it `has_seen` it."""
        before = 0
        for row in chain(reversed(self._back), self._forth):
            number = self._rows.number_at(row)
            if number > until:
                return
            if number != before:
                yield number
            before = number

    def row(self, position: int) -> int:
        return self._forth[position] if position >= 0 else self._back[-position - 1]

    def position(self, row: int) -> int:
        if row > self._rows.first_row_of(self._start + 1) - 1:
            return bisect_left(self._forth, row)
        return -bisect_right(self._back, -row, key=neg)

    def work(self, seconds: float) -> None:
        """Look at records for about so long: first at those that came, then further down."""
        until = monotonic() + seconds
        looked = 0
        for number in self._records(self._ahead + 1, 1):
            if number is not None:
                self._forth.extend(self._rows_of(number))
                self.records += 1
            looked += 1
            if looked % LOOKED_AT == 0 and monotonic() > until:
                return
        for number in self._down:
            if number is not None:
                self._back.extend(reversed(self._rows_of(number)))
                self.records += 1
            looked += 1
            if looked % LOOKED_AT == 0 and monotonic() > until:
                return

    def _rows_of(self, number: int) -> range:
        return range(self._rows.first_row_of(number), self._rows.first_row_of(number + 1))

    def _records(self, start: int, step: int) -> Iterator[int | None]:
        """The records that are let through, and None for each that was looked at in vain."""
        store, wanted = self._rows.store, self._wanted
        for number in store.numbers_of(lambda shape: wanted.matches_kind(shape) is not False, start, step):
            self._reach(number, step)
            yield number if wanted.matches_kind(store.shape(number)) or self._matches(number) else None
        self._reach(len(store) if step > 0 else 0, step)

    def _matches(self, number: int) -> bool:
        record = self._rows.store.record(number)
        before = None if record.time is None else self._rows.store.time_before(number)
        return self._wanted.matches(record, before)

    def _reach(self, number: int, step: int) -> None:
        if step > 0:
            self._ahead = number
        else:
            self._reached = number - 1 if number else 0
