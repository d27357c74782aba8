"""The scan for the rows that match a filter, in slices, so that no key waits for a million records.

In: all rows, a filter, and time to run (`run_for`). Out: a `RowSelection` of the matching rows. The scan goes from the
newest record to the oldest, because the newest rows are on the screen, and it examines new records first. A row keeps
its position: rows that existed when the filter was set are at -1, -2 and so on, later rows at 0, 1 and so on.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from operator import neg
from time import monotonic
from typing import Protocol

from sniffer.core.record import Record
from sniffer.core.record_kind import RecordKind
from sniffer.history.records.kind_span import OPEN, KindSpan
from sniffer.tui.state.rows import Rows

CLOCK_INTERVAL = 16
"""Records between two readings of the clock, where each one may have to be examined."""


class ActiveFilter(Protocol):
    """A compiled filter, as far as the scan needs it."""

    def matches_kind(self, kind: RecordKind, /) -> bool | None:
        """Return True if records of this kind match; None if that depends on the record."""
        ...

    def matches(self, record: Record, before: int | None) -> bool:
        """Return True if the record matches; `before` is the time of the record before it, in nanoseconds."""
        ...


class FilterScan:
    """The rows of the records that match a filter, including the rows of their events.

    `match_count` is the number of matching records found so far. `_older` are the rows from before the filter was set,
    newest first; `_newer` the rows since. Records after `_oldest` and up to `_newest` are examined.
    """

    def __init__(self, rows: Rows, active_filter: ActiveFilter) -> None:
        self._rows = rows
        self._filter = active_filter
        self._start = len(rows.store)
        self._start_row = len(rows)
        self._older = array("I")
        self._newer = array("I")
        self._older_scan = self._scan(self._older, self._start, -1)
        self._oldest = self._start
        self._newest = self._start
        self.match_count = 0

    @property
    def first(self) -> int:
        """The position of the oldest row found so far. It may sink below 0 as older records are examined."""
        return -len(self._older)

    @property
    def end(self) -> int:
        """The position after the newest row found so far."""
        return len(self._newer)

    @property
    def share(self) -> float:
        """The share of the records that is examined, from 0 to 1."""
        if self.is_done:
            return 1.0
        return (self._newest - self._oldest) / len(self._rows.store)

    @property
    def is_done(self) -> bool:
        """True if all records are examined."""
        return not self._oldest and self._newest == len(self._rows.store)

    def has_scanned(self, number: int) -> bool:
        """Return True if all records up to this one are examined."""
        return not self._oldest and self._newest >= number

    def matching_numbers(self, until: int) -> Iterator[int]:
        """Yield the numbers of the matching records up to `until`, in order.

        They are complete if `has_scanned(until)` is true.
        """
        before = 0
        for row in chain(reversed(self._older), self._newer):
            number = self._rows.number_at(row)
            if number > until:
                return
            if number != before:
                yield number
            before = number

    def row(self, position: int) -> int:
        return self._newer[position] if position >= 0 else self._older[-position - 1]

    def position(self, row: int) -> int:
        if row >= self._start_row:
            return bisect_left(self._newer, row)
        return -bisect_right(self._older, -row, key=neg)

    def run_for(self, seconds: float) -> None:
        """Examine records for about this time: first the new ones, then older ones."""
        until = monotonic() + seconds
        for _ in chain(self._scan(self._newer, self._newest + 1, 1), self._older_scan):
            if monotonic() > until:
                return

    def _scan(self, found: "array[int]", start: int, step: int) -> Iterator[None]:
        """Append the rows of each matching record from `start` on to `found`.

        Yields after each piece of work: a page that the kinds decide, or `CLOCK_INTERVAL` records.
        """
        store = self._rows.store
        for span in store.kind_spans(self._filter.matches_kind, start, step):
            for part in [span] if span.is_decided else span.split(CLOCK_INTERVAL, step):
                self._add_rows(found, self._decide(part), step)
                self._mark_examined(part.last if step > 0 else part.first, step)
                yield
        self._mark_examined(len(store) if step > 0 else 0, step)

    def _decide(self, span: KindSpan) -> KindSpan:
        """Return the span with an answer for each record, after examining those that have none."""
        if span.is_decided:
            return span
        numbered = enumerate(span.answers, span.first)
        answers = [self._matches(number) if answer == OPEN else answer for number, answer in numbered]
        return KindSpan(span.first, bytes(answers))

    def _add_rows(self, found: "array[int]", span: KindSpan, step: int) -> None:
        """Append the rows of all matching records of a span that is decided."""
        if not span.matches:
            return
        # The records may have left the store between two slices, because the disk was full.
        with suppress(IndexError):
            found.extend(self._rows.store.entries_of(span, step))
            self.match_count += span.matches

    def _matches(self, number: int) -> bool:
        """Return True if the record of this number matches the filter."""
        try:
            record = self._rows.store.record(number)
            before = None if record.time is None else self._rows.store.time_before(number)
        except IndexError:
            # The record left the store between two slices, because the disk was full.
            return False
        return self._filter.matches(record, before)

    def _mark_examined(self, number: int, step: int) -> None:
        """Keep that all records up to this one are examined; `step` -1 counts down from the newest at the start."""
        if step > 0:
            self._newest = number
        else:
            self._oldest = number - 1 if number else 0
