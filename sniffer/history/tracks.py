"""Keep one kind of entry over a whole session, in order and in bounded memory.

A track of marks holds what happened at single moments. A track of states holds what began at each entry and lasts until
the next one. Entries are exact up to `ENTRY_LIMIT`. Beyond it, only the first and the last entry of each bucket of the
axis are kept. So no entry vanishes from a column of the screen, which is at least a bucket wide. The state before and
after a bucket stays right, and so does whether a mark came up to some record. Every result can be cut at a record
number, `until`: later entries are left out.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Generic, NamedTuple, TypeVar

ENTRY_LIMIT = 8_192
"""The number of entries that a track keeps. A thinned track has at most two for each bucket, half of this."""

Value = TypeVar("Value")

_number = itemgetter(1)


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
    """Entries whose moments and numbers never go back."""

    __slots__ = ("_entries", "_moments")

    def __init__(self) -> None:
        self._entries: list[TrackEntry[Value]] = []
        self._moments: list[int] = []
        """The moments of the entries, for the binary search."""

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, entry: TrackEntry[Value], grid: Grid) -> None:
        """Add the next entry. Beyond `ENTRY_LIMIT`, only the first and the last entry of each bucket of `grid` are
        kept.
        """
        self._entries.append(entry)
        self._moments.append(entry.moment)
        if len(self._entries) > ENTRY_LIMIT:
            self._keep(_thin_out(self._entries, grid))

    def move_all(self, moment: int) -> None:
        """Move all entries to one moment, because the axis begins again there."""
        self._keep(entry._replace(moment=moment) for entry in self._entries)

    @property
    def latest_value(self) -> Value | None:
        """The value of the last entry; None if there is none."""
        return self._entries[-1].value if self._entries else None

    def at(self, moment: int, until: int | None = None) -> TrackEntry[Value] | None:
        """Return the last entry at or before a moment; None if there is none.

        Entries of records after `until` are left out, unless it is None.
        """
        place = min(bisect_right(self._moments, moment), self._count_until(until))
        return self._entries[place - 1] if place else None

    def after(self, moment: int, until: int | None = None) -> TrackEntry[Value] | None:
        """Return the first entry at or after a moment; None if there is none.

        Entries of records after `until` are left out, unless it is None.
        """
        place = bisect_left(self._moments, moment)
        return self._entries[place] if place < self._count_until(until) else None

    def between(self, start: int, end: int, until: int | None = None) -> Sequence[TrackEntry[Value]]:
        """Return the entries from `start` on that are before `end`.

        Entries of records after `until` are left out, unless it is None.
        """
        ((_, entries),) = self.slice_columns((start, end), until)
        return entries

    def slice_columns(
        self, edges: Sequence[int], until: int | None = None
    ) -> list[tuple[TrackEntry[Value] | None, Sequence[TrackEntry[Value]]]]:
        """Return for each span between two edges the last entry before it, None if there is none, and the entries in
        it.

        Entries of records after `until` are left out, unless it is None.
        """
        entries, moments, known = self._entries, self._moments, self._count_until(until)
        places = [bisect_left(moments, edge, 0, known) for edge in edges]
        return [
            (entries[start - 1] if start else None, entries[start:end] if start < end else ())
            for start, end in pairwise(places)
        ]

    def _keep(self, entries: Iterable[TrackEntry[Value]]) -> None:
        """Replace all entries."""
        self._entries = [*entries]
        self._moments = [entry.moment for entry in self._entries]

    def _count_until(self, until: int | None) -> int:
        """Return the number of entries up to the record `until`; of all entries if it is None."""
        return len(self._entries) if until is None else bisect_right(self._entries, until, key=_number)


def _thin_out(entries: Sequence[TrackEntry[Value]], grid: Grid) -> Iterator[TrackEntry[Value]]:
    """Yield the first and the last entry of every bucket."""
    for _, group in groupby(entries, lambda entry: grid.bucket(entry.moment)):
        in_bucket = [*group]
        yield in_bucket[0]
        if len(in_bucket) > 1:
            yield in_bucket[-1]
