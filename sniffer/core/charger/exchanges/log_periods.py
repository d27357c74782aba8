"""The periods of what a text log prints, although pieces of the log may be missing.

In: the intervals between the lines or frames of one kind, in whole seconds or finer. Out: their period. Nothing is
concluded from it but how many should be in the log, and how often a fault is reported.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from sniffer.base.times import SECOND

LEAST_INTERVALS = 3
"""The lowest number of intervals that make a period."""

TOLERANCE = SECOND
"""The error of an interval between two times in whole seconds."""

LEAST_SHARE = 10
"""Equal intervals in less than this part of the time may be bursts."""

MOST_PARTS = 8
"""The most periods in the shortest interval if pieces are missing in all intervals."""

MOST_CHANCE = 0.1
"""The greatest probability that intervals without a period seem to have one."""


def find_log_period(intervals: Iterable[int]) -> int | None:
    """Return the period in nanoseconds; None if it is not known."""
    ordered = sorted(intervals)
    ordered = ordered[bisect_right(ordered, 0) :]
    alike = _find_alike(ordered)
    if not alike:
        return _find_common_period(ordered)
    if LEAST_SHARE * sum(alike) < sum(ordered):
        alike = _find_longer(ordered, alike) or alike
    between = ordered[: bisect_left(ordered, (alike[0] * 5 + 1) // 2)]
    return _refine(ordered, alike) if 2 * sum(alike) >= sum(between) else None


def _find_alike(ordered: Sequence[int]) -> Sequence[int]:
    """Return the greatest number of intervals that are equal but for their tolerance; empty if they are too few."""
    begin, most, before = 0, LEAST_INTERVALS - 1, 0
    for start, shortest in enumerate(ordered):
        if start + most >= len(ordered):
            break
        # Intervals in whole seconds are mostly equal: those after the first of them are fewer.
        if shortest != before:
            found = bisect_right(ordered, _find_reach(shortest), start) - start
            if found > most:
                begin, most = start, found
            before = shortest
    return ordered[begin : begin + most] if most >= LEAST_INTERVALS else ()


def _find_longer(ordered: Sequence[int], alike: Sequence[int]) -> Sequence[int]:
    """Return longer intervals that are equal and half as many at least; empty if there are none.

    The reports of several connectors, or on several changes, come a second apart, which is no period.
    """
    longer = _find_alike(ordered[bisect_left(ordered, (alike[-1] * 5 + 1) // 2) :])
    return longer if 2 * len(longer) >= len(alike) else ()


def _find_reach(shortest: int) -> int:
    """Return the longest interval that is equal to this one but for its tolerance."""
    tolerance = shortest // 4
    return shortest + (tolerance if tolerance < 2 * TOLERANCE else 2 * TOLERANCE)


def _refine(ordered: Sequence[int], alike: Sequence[int]) -> int:
    """Return the mean period over equal intervals and over longer ones of a whole number of periods.

    Whole seconds are too coarse for a single interval; over many periods the error becomes small.
    """
    total, count = sum(alike), len(alike)
    for interval in ordered[bisect_right(ordered, alike[-1]) :]:
        periods = round(interval * count / total)
        if abs(interval * count - periods * total) * 4 < total:
            total, count = total + interval, count + periods
    return total // count


def _find_common_period(ordered: Sequence[int]) -> int | None:
    """Return the longest period of which all intervals are whole multiples; None if there is none, or by chance.

    So a period is known although no two frames of a log follow each other without a missing piece between them.
    """
    if len(ordered) < LEAST_INTERVALS:
        return None
    chance = 0.0
    for parts in range(1, MOST_PARTS + 1):
        total, count, fits, share = ordered[0], parts, True, 1.0
        for interval in ordered[1:]:
            periods = round(interval * count / total)
            tolerance = TOLERANCE * (1 + periods / count)
            fits = fits and abs(interval - periods * total / count) <= tolerance
            share *= min(1.0, 2 * tolerance * count / total)
            total, count = total + interval, count + periods
        chance += share
        if fits:
            return total // count if chance <= MOST_CHANCE else None
    return None
