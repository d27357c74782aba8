"""How long answers took, over a whole session: counts in buckets that are at most a 64th of their value wide.

So a percentile is right to 2 percent however long the session was, in bounded memory; below 128 ns it is exact. The
longest is always exact. Times are nanoseconds and never negative.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

BITS = 7
"""How many leading bits of a duration tell its bucket."""


def bucket_of(duration: int) -> int:
    """The bucket of a duration: they are ordered as durations are."""
    shift = duration.bit_length() - BITS
    return duration if shift <= 0 else (shift << BITS) + (duration >> shift)


def middle_of(bucket: int) -> int:
    """The duration in the middle of a bucket."""
    shift = bucket >> BITS
    return ((bucket & (1 << BITS) - 1) << shift) + (1 << shift >> 1)


@dataclass(frozen=True, slots=True)
class LatencyHistogram:
    """`counts` by bucket, in ascending order, and the longest duration. There is at least one."""

    counts: Mapping[int, int]
    longest: int

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def percentile(self, percent: int) -> int:
        """The nearest rank: the least duration that so many of a hundred do not exceed."""
        rank = max(1, -(-self.total * percent // 100))
        for bucket, reached in zip(self.counts, accumulate(self.counts.values()), strict=True):
            if reached >= rank:
                return min(middle_of(bucket), self.longest)
        raise ValueError("nothing was counted")

    def counts_between(self, edges: Sequence[int]) -> list[int]:
        """How many lie between each two of these durations, by the middles of their buckets."""
        counts = [0] * (len(edges) - 1)
        place = 0
        for bucket, count in self.counts.items():
            middle = min(middle_of(bucket), self.longest)
            while place < len(counts) - 1 and middle >= edges[place + 1]:
                place += 1
            counts[place] += count
        return counts


def build_histogram(counts: Mapping[int, int], longest: int) -> LatencyHistogram:
    """What was counted by bucket, in any order."""
    return LatencyHistogram(dict(sorted(counts.items())), longest)
