"""Keep one kind of entry over a whole session, in order and in bounded memory.

A track of marks holds what happened at single moments. A track of states holds what began at each entry and lasts until
the next one. Entries are exact up to `ENTRY_LIMIT`. Beyond it, only the first and the last entry of each bucket of the
axis are kept. So no entry vanishes from a column of the screen, which is at least a bucket wide. The state before and
after a bucket stays right, and so does whether a mark came up to some record. Every result can be cut at a record
number, `until`: later entries are left out.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Generic, NamedTuple, TypeVar

ENTRY_LIMIT = 5_120
"""The number of entries that a track keeps. A thinned track has at most two for each bucket, four fifths of this
number. So a full track drops few entries at once, and the memory of the process stays even.
"""

Value = TypeVar("Value")


class TrackEntry(NamedTuple, Generic[Value]):
    """An entry at a moment of the axis, in the record of this number. `value` is a state, or what happened."""

    moment: int
    number: int
    value: Value


class Grid(NamedTuple):
    """The buckets of an axis: each is `width` wide, and the first one begins at `origin`."""

    origin: int
    width: int

    def bucket(self, moment: int) -> int:
        """Return the index of the bucket that holds a moment."""
        return (moment - self.origin) // self.width


class Track(Generic[Value]):
    """Entries whose moments and numbers never go back. Each part of them has a column, which takes little memory."""

    __slots__ = ("_moments", "_numbers", "_values")

    def __init__(self) -> None:
        self._moments = array("q")
        self._numbers = array("q")
        self._values: list[Value] = []

    def __len__(self) -> int:
        return len(self._values)

    def add(self, entry: TrackEntry[Value], grid: Grid) -> None:
        """Add the next entry.

        Beyond `ENTRY_LIMIT`, only the first and the last entry of each bucket of `grid` are kept.
        """
        moment, number, value = entry
        self._moments.append(moment)
        self._numbers.append(number)
        self._values.append(value)
        if len(self._values) > ENTRY_LIMIT:
            kept = [*_thin_out(self._moments, grid)]
            self._moments = array("q", [self._moments[place] for place in kept])
            self._numbers = array("q", [self._numbers[place] for place in kept])
            self._values = [self._values[place] for place in kept]

    def move_all(self, moment: int) -> None:
        """Move all entries to one moment, because the axis begins again there."""
        self._moments = array("q", [moment]) * len(self._moments)

    @property
    def latest_value(self) -> Value | None:
        """The value of the last entry; None if there is none."""
        return self._values[-1] if self._values else None

    def at(self, moment: int, until: int | None = None) -> TrackEntry[Value] | None:
        """Return the last entry at or before a moment; None if there is none.

        Entries of records after `until` are left out, unless it is None.
        """
        place = min(bisect_right(self._moments, moment), self._count_until(until))
        return self._entry(place - 1) if place else None

    def after(self, moment: int, until: int | None = None) -> TrackEntry[Value] | None:
        """Return the first entry at or after a moment; None if there is none.

        Entries of records after `until` are left out, unless it is None.
        """
        place = bisect_left(self._moments, moment)
        return self._entry(place) if place < self._count_until(until) else None

    def find(self, value: Value, number: int, step: int) -> int | None:
        """Return the number of the next entry of this value after record `number`, or before it if `step` is -1.

        Returns None if there is none.
        """
        after = range(bisect_right(self._numbers, number), len(self._numbers))
        places = after if step > 0 else reversed(range(bisect_left(self._numbers, number)))
        return next((self._numbers[place] for place in places if self._values[place] == value), None)

    def between(self, start: int, end: int, until: int | None = None) -> Sequence[TrackEntry[Value]]:
        """Return the entries from `start` on that are before `end`.

        Entries of records after `until` are left out, unless it is None.
        """
        known = self._count_until(until)
        places = range(bisect_left(self._moments, start, 0, known), bisect_left(self._moments, end, 0, known))
        return [self._entry(place) for place in places]

    def slice_columns(
        self, edges: Sequence[int], until: int | None = None
    ) -> list[tuple[Value | None, Sequence[Value]]]:
        """Return for each span between two edges the value of the last entry before it, and the values in it.

        The first one is None if there is no entry before it. Entries of records after `until` are left out, unless it
        is None.
        """
        values, moments, known = self._values, self._moments, self._count_until(until)
        places = [bisect_left(moments, edge, 0, known) for edge in edges]
        return [
            (values[start - 1] if start else None, values[start:end] if start < end else ())
            for start, end in pairwise(places)
        ]

    def _entry(self, place: int) -> TrackEntry[Value]:
        return TrackEntry(self._moments[place], self._numbers[place], self._values[place])

    def _count_until(self, until: int | None) -> int:
        """Return the number of entries up to the record `until`; of all entries if it is None."""
        return len(self._numbers) if until is None else bisect_right(self._numbers, until)


def _thin_out(moments: Sequence[int], grid: Grid) -> Iterator[int]:
    """Yield the places of the first and the last moment of every bucket."""
    for _, group in groupby(range(len(moments)), lambda place: grid.bucket(moments[place])):
        in_bucket = [*group]
        yield in_bucket[0]
        if len(in_bucket) > 1:
            yield in_bucket[-1]
