"""Count frames, noise and measured values over a whole session, in a fixed number of buckets on its axis.

The axis begins with the session. When the session outgrows `BUCKET_LIMIT` buckets, they are merged in pairs and each is
twice as wide from then on: memory is bounded, and every count stays exact. Moments never go back, so only the last
bucket ever changes. A bucket also knows which records fell into it. This leads from a moment to a record and back: the
numbers of records are consecutive, and within a bucket the records are assumed to be evenly spaced.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import attrgetter

from sniffer.history.timeline.measured_ranges import SeriesRanges
from sniffer.history.timeline.tracks import Grid

BUCKET_LIMIT = 2048


_first = attrgetter("first")
_index = attrgetter("index")


class Bucket:
    """The counts of one bucket: `frames`, and `noise` in bytes. `ranges` are those of the measured values.

    `first` is the number of its first record, at the moment `begins`; `ends` is the moment of its last record.
    """

    __slots__ = ("begins", "ends", "first", "frames", "index", "noise", "ranges")

    def __init__(self, index: int, moment: int, number: int) -> None:
        self.index = index
        self.begins = self.ends = moment
        self.first = number
        self.frames = 0
        self.noise = 0
        self.ranges = SeriesRanges()

    def merge(self, later: "Bucket") -> None:
        """Add all counts of a later bucket, which is discarded afterwards."""
        self.ends = later.ends
        self.frames += later.frames
        self.noise += later.noise
        self.ranges.merge(later.ranges)


class Series:
    """The buckets of one session.

    `grid` is their place on the axis; `closes` is the moment at which the newest one ends.
    """

    def __init__(self, origin: int, width: int, number: int) -> None:
        self.grid = Grid(origin, width)
        self.closes = origin + width
        self._buckets = [Bucket(0, origin, number)]

    @property
    def newest(self) -> Bucket:
        """The only bucket that can still change."""
        return self._buckets[-1]

    def open_bucket(self, moment: int, number: int, latest: int) -> Bucket:
        """End the newest bucket, and return the bucket of a moment after its end.

        `latest` is the moment of the record before. If the moment lies beyond `BUCKET_LIMIT` buckets, they are merged
        in pairs first, which replaces `grid`. The bucket of the moment can then be the newest one itself.
        """
        self.newest.ends = latest
        while self.grid.bucket(moment) >= BUCKET_LIMIT:
            self._merge_pairs()
        index = self.grid.bucket(moment)
        if index != self.newest.index:
            self._buckets.append(Bucket(index, moment, number))
        self.closes = self.grid.origin + (index + 1) * self.grid.width
        return self.newest

    def full_buckets(self, until: int | None, last: int) -> Sequence[Bucket]:
        """Return the buckets that were full at the record `until`. Return all if it is None or the `last` record.

        The result must not be changed.
        """
        if until is None or until >= last:
            return self._buckets
        # The bucket in which that record fell holds later ones as well.
        return self._buckets[: max(0, bisect_right(self._buckets, until + 1, key=_first) - 1)]

    def slice_columns(self, edges: Sequence[int], until: int | None, last: int) -> list[Sequence[Bucket]]:
        """Return the full buckets between each two of `edges` (`full_buckets` describes `until` and `last`).

        The edges must be moments at which buckets begin. A span without buckets is empty.
        """
        known = self.full_buckets(until, last)
        places = [bisect_left(known, self.grid.bucket(edge), key=_index) for edge in edges]
        return [known[start:end] if start < end else () for start, end in pairwise(places)]

    def number_at(self, moment: int, latest: int, last: int) -> int:
        """Return the number of the record nearest to a moment. The newest record is `last`, at the moment `latest`."""
        place = max(0, bisect_right(self._buckets, self.grid.bucket(moment), key=_index) - 1)
        bucket = self._buckets[place]
        begins, ends, first, final = self._find_extent(place, latest, last)
        if moment > ends and bucket is not self.newest:
            after = self._buckets[place + 1]
            return final if moment - ends <= after.begins - moment else after.first
        if moment < begins:
            before = self._find_extent(max(0, place - 1), latest, last)
            return before[3] if place and moment - before[1] <= begins - moment else first
        if moment >= ends:
            return final
        return first + (final - first) * (moment - begins) // (ends - begins)

    def moment_of(self, number: int, latest: int, last: int) -> int:
        """Return the moment of a record, as exact as the bucket that holds it.

        `latest` is the last moment of the session and `last` its last record: the newest bucket ends there.
        """
        place = max(0, bisect_right(self._buckets, number, key=_first) - 1)
        begins, ends, first, final = self._find_extent(place, latest, last)
        if number >= final:
            return ends
        if number <= first:
            return begins
        return begins + (ends - begins) * (number - first) // (final - first)

    def _find_extent(self, place: int, latest: int, last: int) -> tuple[int, int, int, int]:
        """Return the first and last moment, and the first and last record number, of the bucket at an index.

        The newest bucket ends at the moment `latest`, with the record `last`.
        """
        bucket = self._buckets[place]
        if bucket is self.newest:
            return bucket.begins, latest, bucket.first, last
        return bucket.begins, bucket.ends, bucket.first, self._buckets[place + 1].first - 1

    def _merge_pairs(self) -> None:
        """Make the buckets twice as wide, and merge those that fall into one."""
        self.grid = Grid(self.grid.origin, 2 * self.grid.width)
        self._buckets = [*_merge_by_two(self._buckets)]


def _merge_by_two(buckets: Sequence[Bucket]) -> Iterator[Bucket]:
    """Yield the buckets of a grid that is twice as wide.

    The given buckets are changed: each gets its index on that grid, and the second of a pair is merged into the first.
    """
    pair: Bucket | None = None
    for bucket in buckets:
        bucket.index //= 2
        if pair and pair.index == bucket.index:
            pair.merge(bucket)
        else:
            if pair:
                yield pair
            pair = bucket
    if pair:
        yield pair
