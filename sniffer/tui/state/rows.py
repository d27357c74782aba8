"""The rows of the traffic list: one for each record, and one more under it for each of its events.

In: the records of the session, which are passed on to the record store. Out: `Window`s. A window holds the rows up to a
record and does not change when more records arrive, so that a paused screen stands still while reading goes on. Rows
are numbered from 0, and a row keeps its number. Most records have no event, so only the rows of events are stored.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from sniffer.core.charger.events import Event, FaultChanged, FaultRaised, StatusChanged
from sniffer.core.record import Record, is_blank
from sniffer.core.record_kind import RecordKind
from sniffer.history.record_store import RecordStore


class RowEntry(NamedTuple):
    """The content of one row: a record, or one of its events; `event` is None on the row of the record itself."""

    record: Record
    event: Event | None


LANDMARKS: dict[str, tuple[type[Event], ...]] = {"fault": (FaultRaised, FaultChanged), "move": (StatusChanged,)}
"""The landmarks that a key jumps to, and the events that make a record such a landmark."""

NOISE = "noise"
"""The landmark that is found by the kind of the record, not by an event."""


class Rows:
    """All rows of a session, on top of its record store.

    `_event_rows` are the rows that events add, in order; `_event_records` are the records that they belong to.
    `_blank_numbers` are the blank lines of a text log, which have no row; `_shown_before_blank` counts the records
    with a row before each.
    """

    def __init__(self, store: RecordStore) -> None:
        self.store = store
        self._blank_numbers = array("I")
        self._shown_before_blank = array("I")
        self._event_rows = array("Q")
        self._event_records = array("I")
        self._landmarks = {name: array("I") for name in LANDMARKS}

    def receive(self, records: Sequence[Record]) -> None:
        """Add the rows of these records, and store the records."""
        for record in records:
            if is_blank(record):
                self._shown_before_blank.append(record.number - len(self._blank_numbers) - 1)
                self._blank_numbers.append(record.number)
            elif record.events:
                first = self.first_row_of(record.number)
                # The first event of a record without an item stands on the record's own row.
                for row in range(first + 1, first + len(record.events) + (record.item is not None)):
                    self._event_rows.append(row)
                    self._event_records.append(record.number)
                for name, kinds in LANDMARKS.items():
                    if any(isinstance(event, kinds) for event in record.events):
                        self._landmarks[name].append(record.number)
        self.store.receive(records)

    def __len__(self) -> int:
        return len(self.store) + len(self._event_rows) - len(self._blank_numbers)

    def first_row_of(self, number: int) -> int:
        """Return the row of a record, or of its first event if the record itself has no row; of a blank line that of
        the next record.
        """
        blank = bisect_left(self._blank_numbers, number)
        return number - 1 + bisect_left(self._event_records, number) - blank

    def number_at(self, row: int) -> int:
        """Return the number of the record that a row belongs to."""
        shown = row + 1 - bisect_right(self._event_rows, row)
        return shown + bisect_left(self._shown_before_blank, shown)

    def entry(self, row: int) -> RowEntry:
        """Return the content of a row."""
        number = self.number_at(row)
        record = self.store.record(number)
        index = row - self.first_row_of(number) - (record.item is not None)
        return RowEntry(record, None if index < 0 else record.events[index])

    def find_landmark(self, name: str, number: int, step: int) -> int | None:
        """Return the number of the next record with this landmark after record `number`, or before it if `step` is -1.

        Returns None if there is none. `name` is a key of `LANDMARKS`, or `NOISE`.
        """
        if name == NOISE:
            return next(self.store.numbers_of(_is_noise, number + step, step), None)
        numbers = self._landmarks[name]
        at = bisect_right(numbers, number) if step > 0 else bisect_left(numbers, number) - 1
        return numbers[at] if 0 <= at < len(numbers) else None


def _is_noise(shape: RecordKind) -> bool:
    """Return True for bytes that are not part of a valid frame."""
    return shape.reason is not None


class RowSelection(Protocol):
    """Some of all rows, at positions from `first` up to but not including `end`. A row keeps its position.

    `first` may become smaller and `end` larger when more rows are found.
    """

    @property
    def first(self) -> int: ...

    @property
    def end(self) -> int: ...

    def row(self, position: int) -> int:
        """Return the row at a position."""
        ...

    def position(self, row: int) -> int:
        """Return the position of this row, or of the next selected row after it."""
        ...


class AllRows:
    """The selection of all rows; the position of a row is its number."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.first = rows.store.before

    @property
    def end(self) -> int:
        return len(self._rows)

    def row(self, position: int) -> int:
        return position

    def position(self, row: int) -> int:
        return row


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """The selected rows at one moment, at positions from `first` up to but not including `end`."""

    rows: Rows
    selection: RowSelection
    first: int
    end: int

    def __len__(self) -> int:
        return self.end - self.first

    def at(self, position: int) -> RowEntry | None:
        """Return the content of the row at a position, or None outside of the window."""
        return self.rows.entry(self.selection.row(position)) if self.first <= position < self.end else None

    def number_at(self, position: int) -> int | None:
        """Return the number of the record at a position, or None outside of the window."""
        return self.rows.number_at(self.selection.row(position)) if self.first <= position < self.end else None

    def position_of(self, number: int) -> int:
        """Return the position of the first row of this record, or of the next row if the record is not selected."""
        return self.nearest(self.selection.position(self.rows.first_row_of(number)))

    def nearest(self, position: int) -> int:
        """Return the nearest position inside of the window, or `first` if the window is empty."""
        return max(self.first, min(position, self.end - 1))


def make_window(rows: Rows, selection: RowSelection, until: int) -> Window:
    """Return the window of the selected rows of all records up to number `until`."""
    end = selection.end if until >= len(rows.store) else selection.position(rows.first_row_of(until + 1))
    return Window(rows, selection, selection.first, max(end, selection.first))
