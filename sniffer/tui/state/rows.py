"""The rows of the traffic list: one for each record, and one more under it for each of its events.

In: the records of the session, which are passed on to the record store. Out: `Window`s. A window holds the rows up to a
record and does not change when more records arrive, so that a paused screen stands still while reading goes on. Rows
are numbered from 0, and a row keeps its number.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from msgspec import Struct

from sniffer.core.charger.events import Event
from sniffer.core.record import Record
from sniffer.core.record_kind import RecordKind
from sniffer.history.records.record_store import RecordStore


class RowEntry(NamedTuple):
    """The content of one row: a record, or one of its events; `event` is None on the row of the record itself."""

    record: Record
    event: Event | None


NOISE = "noise"
"""The landmark that is found by the kind of the record, not by an event."""


class Rows:
    """All rows of a session: the entries of its record store."""

    def __init__(self, store: RecordStore) -> None:
        self.store = store

    def receive(self, records: Sequence[Record]) -> None:
        """Store these records."""
        self.store.receive(records)

    def __len__(self) -> int:
        return self.store.entry_count

    @property
    def first(self) -> int:
        """The first row that is still there. It is above 0 if the oldest records left because the disk was full."""
        return self.store.first_entry_of(self.store.first)

    def first_row_of(self, number: int) -> int:
        """Return the row of a record, or of its first event if the record itself has no row.

        For a blank line, it is that of the next record.
        """
        return self.store.first_entry_of(number)

    def number_at(self, row: int) -> int:
        """Return the number of the record that a row belongs to."""
        return self.store.number_at(row)

    def entry(self, row: int) -> RowEntry | None:
        """Return the content of a row; None if its record left because the disk was full."""
        number = self.number_at(row)
        try:
            record = self.store.record(number)
        except IndexError:
            return None
        index = row - self.first_row_of(number) - (record.item is not None)
        return RowEntry(record, record.events[index] if 0 <= index < len(record.events) else None)

    def find_landmark(self, name: str, number: int, step: int) -> int | None:
        """Return the number of the next record with this landmark after record `number`, or before it if `step` is -1.

        Returns None if there is none. `name` is a key of `LANDMARKS`, or `NOISE`.
        """
        if name == NOISE:
            return next(self.store.numbers_of(_is_noise, number + step, step), None)
        return self.store.find_landmark(name, number, step)


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

    @property
    def first(self) -> int:
        return self._rows.first

    @property
    def end(self) -> int:
        return len(self._rows)

    def row(self, position: int) -> int:
        return position

    def position(self, row: int) -> int:
        return row


class Window(Struct, frozen=True, eq=False):
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
    first = selection.first
    if rows.store.first > rows.store.before + 1:
        first = max(first, selection.position(rows.first))
    return Window(rows, selection, first, max(end, first))
