"""The rows of the traffic list: a record has one, and each of its events one more under it.

In: records, as a sink of the session, on their way into the archive. Out: `Window`s, views of the rows up to a record
that stay as they are whatever comes after, so that a paused screen stands still while reading goes on. Rows count
from 0 and never change their number. Most records show no event, so only the rows that events add are remembered.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from sniffer.core.charger.events import Event, FaultChanged, FaultRaised, StatusChanged
from sniffer.core.record import Record
from sniffer.core.record_kind import RecordKind
from sniffer.history.record_store import RecordStore


class RowEntry(NamedTuple):
    """One row: a record, or one of its events under it."""

    record: Record
    event: Event | None


LANDMARKS: dict[str, tuple[type[Event], ...]] = {"fault": (FaultRaised, FaultChanged), "move": (StatusChanged,)}
"""What one jumps to in a session, and the events that make a record one."""

NOISE = "noise"
"""The landmark that needs no event."""


class Rows:
    """All rows of a session, over its archive."""

    def __init__(self, store: RecordStore) -> None:
        self.store = store
        self._added = array("Q")
        self._owners = array("I")
        self._landmarks = {name: array("I") for name in LANDMARKS}

    def receive(self, records: Sequence[Record]) -> None:
        """Take what the session gives."""
        for record in records:
            if record.events:
                first = self.first_row_of(record.number)
                # The first event of a record without an item stands on the record's own row.
                for row in range(first + 1, first + len(record.events) + (record.item is not None)):
                    self._added.append(row)
                    self._owners.append(record.number)
                for name, kinds in LANDMARKS.items():
                    if any(isinstance(event, kinds) for event in record.events):
                        self._landmarks[name].append(record.number)
        self.store.receive(records)

    def __len__(self) -> int:
        return len(self.store) + len(self._added)

    def first_row_of(self, number: int) -> int:
        """The row of a record, or of its first event where it has none of its own."""
        return number - 1 + bisect_left(self._owners, number)

    def number_at(self, row: int) -> int:
        """The record that a row belongs to."""
        return row + 1 - bisect_right(self._added, row)

    def entry(self, row: int) -> RowEntry:
        """What stands on a row."""
        number = self.number_at(row)
        record = self.store.record(number)
        index = row - self.first_row_of(number) - (record.item is not None)
        return RowEntry(record, None if index < 0 else record.events[index])

    def landmark(self, name: str, number: int, step: int) -> int | None:
        """The next landmark after this record, or before it where `step` is -1. Noise is one as well."""
        if name == NOISE:
            return next(self.store.numbers_of(_is_noise, number + step, step), None)
        numbers = self._landmarks[name]
        at = bisect_right(numbers, number) if step > 0 else bisect_left(numbers, number) - 1
        return numbers[at] if 0 <= at < len(numbers) else None


def _is_noise(shape: RecordKind) -> bool:
    return shape.reason is not None


class RowSelection(Protocol):
    """Rows that are chosen among all. They have positions that stay: from `first`, which may sink, up to `end`."""

    @property
    def first(self) -> int: ...

    @property
    def end(self) -> int: ...

    def row(self, position: int) -> int:
        """The row at a position."""
        ...

    def position(self, row: int) -> int:
        """Where the first chosen row stands that is not before this one."""
        ...


class AllRows:
    """All rows: each at the position of its number."""

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
    """The chosen rows at one moment, from position `first` up to `end`, which is not in it."""

    rows: Rows
    choice: RowSelection
    first: int
    end: int

    def __len__(self) -> int:
        return self.end - self.first

    def at(self, position: int) -> RowEntry | None:
        """What stands at a position; None where this window does not reach."""
        return self.rows.entry(self.choice.row(position)) if self.first <= position < self.end else None

    def number_at(self, position: int) -> int | None:
        """The number of the record at a position."""
        return self.rows.number_at(self.choice.row(position)) if self.first <= position < self.end else None

    def position_of(self, number: int) -> int:
        """The position of this record's first row; where it is not chosen, of the next one that is."""
        return self.nearest(self.choice.position(self.rows.first_row_of(number)))

    def nearest(self, position: int) -> int:
        """The position in this window that is nearest to `position`; `first` where the window is empty."""
        return max(self.first, min(position, self.end - 1))


def make_window(rows: Rows, choice: RowSelection, until: int) -> Window:
    """The chosen rows of all records up to number `until`."""
    end = choice.end if until >= len(rows.store) else choice.position(rows.first_row_of(until + 1))
    return Window(rows, choice, choice.first, max(end, choice.first))
