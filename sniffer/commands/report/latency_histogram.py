"""The latencies of answers over a whole session, counted in buckets whose width is at most 1/64 of their value.

So a percentile is accurate to 2 %, in bounded memory, however long the session was; below 128 ns it is exact. The
longest latency is always exact. Durations are in nanoseconds and never negative.
"""

from collections.abc import Mapping, Sequence
from itertools import accumulate

from msgspec import Struct

BITS = 7
"""The number of leading bits of a duration that select its bucket."""


def bucket_of(duration: int) -> int:
    """Return the bucket of a duration. Buckets are ordered as durations are."""
    shift = duration.bit_length() - BITS
    return duration if shift <= 0 else (shift << BITS) + (duration >> shift)


def middle_of(bucket: int) -> int:
    """Return the duration in the middle of a bucket."""
    shift = bucket >> BITS
    return ((bucket & (1 << BITS) - 1) << shift) + (1 << shift >> 1)


class LatencyHistogram(Struct, frozen=True):
    """A histogram of latencies: `counts` by bucket, in ascending order, and the longest latency. It is never empty."""

    counts: Mapping[int, int]
    longest: int

    @property
    def total(self) -> int:
        """The number of answers."""
        return sum(self.counts.values())

    def percentile(self, percent: int) -> int:
        """Return the percentile by nearest rank: the least duration that `percent` of 100 latencies do not exceed.

        Raises `ValueError` if nothing was counted.
        """
        rank = max(1, -(-self.total * percent // 100))
        for bucket, reached in zip(self.counts, accumulate(self.counts.values()), strict=True):
            if reached >= rank:
                return min(middle_of(bucket), self.longest)
        raise ValueError("nothing was counted")

    def counts_between(self, edges: Sequence[int]) -> list[int]:
        """Return the number of latencies between each two neighbouring edges, by the middles of their buckets.

        Latencies outside of the edges are counted in the first and in the last interval.
        """
        counts = [0] * (len(edges) - 1)
        place = 0
        for bucket, count in self.counts.items():
            middle = min(middle_of(bucket), self.longest)
            while place < len(counts) - 1 and middle >= edges[place + 1]:
                place += 1
            counts[place] += count
        return counts


def build_histogram(counts: Mapping[int, int], longest: int) -> LatencyHistogram:
    """Return the histogram of counts by bucket, which may be in any order."""
    return LatencyHistogram(dict(sorted(counts.items())), longest)
