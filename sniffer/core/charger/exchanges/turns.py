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

EVEN = 8
"""Distances are about equal if their number times the usual one differs from the period by at most this part of it."""


def find_turns(intervals: Sequence[int]) -> int:
    """Return the number of frames that come in each period; 1 if one does, or if nothing is regular.

    Frames at about equal distances have one period, whatever their number: then periods are multiples of the distance.
    """
    if len(intervals) < 2 * LEAST_PERIODS:
        return 1
    looked_at = intervals[-MOST_LOOKED_AT:]
    distance = median_low(looked_at)
    for turns in range(2, min(MOST_TURNS, len(looked_at) // LEAST_PERIODS) + 1):
        periods = sum_turns(looked_at, turns)
        if _are_alike(periods):
            period = median_low(periods)
            return 1 if abs(period - turns * distance) * EVEN <= period else turns
    return 1


def sum_turns(intervals: Sequence[int], turns: int) -> list[int]:
    """Return the time from each frame to the one that comes `turns` frames later."""
    times = [0, *accumulate(intervals)]
    return [later - earlier for earlier, later in zip(times, times[turns:], strict=False)]


def _are_alike(periods: Sequence[int]) -> bool:
    """Return True if three of four periods are alike."""
    median = median_low(periods)
    alike = sum(abs(period - median) * TOLERANCE <= median for period in periods)
    return median > 0 and 4 * alike >= 3 * len(periods)
