"""The distances between the labels of an axis: round times, and round numbers of records."""

from sniffer.base.times import DAY, HOUR, MILLISECOND, MINUTE, SECOND

TIME_STEPS = (
    *(step * MILLISECOND for step in (1, 2, 5, 10, 20, 50, 100, 200, 500)),
    *(step * SECOND for step in (1, 2, 5, 10, 15, 30)),
    *(step * MINUTE for step in (1, 2, 5, 10, 15, 30)),
    *(step * HOUR for step in (1, 2, 3, 6, 12)),
    *(step * 10**zeros * DAY for zeros in range(7) for step in (1, 2, 5)),
)
"""Round durations in nanoseconds, ascending: from 1 ms to 5 million days."""

NUMBER_STEPS = tuple(first * 10**zeros for zeros in range(18) for first in (1, 2, 5))
"""Round numbers, ascending: 1, 2, 5, 10, 20, ..."""
