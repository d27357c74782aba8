"""Frames of several senders or subjects that come in turn, such as the status reports of two connectors.

In: the intervals between the frames of one command, in order. Out: how many frames come in each period, and the
intervals between every such number of frames. The reports of two connectors every 29 s, one a second after the other,
have intervals of 1 and 28 s, and neither is their period.
"""

from collections.abc import Sequence
from itertools import accumulate
from statistics import median_low

MOST_TURNS = 4
"""The most frames in each period: those of the station and three connectors, or of four."""

MOST_LOOKED_AT = 32
"""The most intervals that are looked at, as the screen asks for the periods of all commands again and again."""

LEAST_PERIODS = 3
"""The lowest number of periods that show how many frames come in each."""

TOLERANCE = 16
"""Periods are alike if they differ from their median by at most this part of it. Whole seconds are as exact as that."""

LEAST_ALIKE, MOST_IN_TURN = 0.75, 0.8
"""The least share of periods that are alike. Of the distances within periods, a smaller share than the second one is:
three of four at most.
"""

EVEN = 8
"""Distances are about equal if their number times the usual one differs from the period by at most this part of it."""


def find_turns(intervals: Sequence[int]) -> int:
    """Return the number of frames that come in each period; 1 if one does, or if nothing is regular.

    Frames at about equal distances have one period, whatever their number: then periods are multiples of the distance.
    """
    if len(intervals) < 2 * LEAST_PERIODS:
        return 1
    looked_at = intervals[-MOST_LOOKED_AT:]
    if _find_share_alike(looked_at) > MOST_IN_TURN:
        return 1
    distance = median_low(looked_at)
    for turns in range(2, min(MOST_TURNS, len(looked_at) // LEAST_PERIODS) + 1):
        periods = sum_turns(looked_at, turns)
        if _find_share_alike(periods) >= LEAST_ALIKE:
            period = median_low(periods)
            return 1 if abs(period - turns * distance) * EVEN <= period else turns
    return 1


def sum_turns(intervals: Sequence[int], turns: int) -> list[int]:
    """Return the time from each frame to the one that comes `turns` frames later."""
    if turns == 1:
        return [*intervals]
    times = [0, *accumulate(intervals)]
    return [later - earlier for earlier, later in zip(times, times[turns:], strict=False)]


def _find_share_alike(periods: Sequence[int]) -> float:
    """Return the share of the periods that are like their median, from 0 to 1; 0 if the median is 0."""
    median = median_low(periods)
    if median <= 0:
        return 0.0
    tolerance = median // TOLERANCE
    least, most = median - tolerance, median + tolerance
    return sum([least <= period <= most for period in periods]) / len(periods)
