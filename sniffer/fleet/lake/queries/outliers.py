"""Find values that lie far from the others, by the robust z-score.

In: one value of each unit. Out: a score for each, or None where there are too few to say. The score is the distance
from the median in units of the median absolute deviation, scaled so that it is the standard deviation of a normal
distribution (Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993, which has the limit of 3.5 too). Where
more than half of the values are equal, the mean absolute deviation takes its place.
"""

from collections.abc import Sequence
from statistics import fmean, median

LEAST_VALUES = 5
"""The least number of values that an outlier can be found among."""

LIMIT = 3.5
"""The score from which on a value is an outlier."""

_OF_MEDIAN, _OF_MEAN = 1.4826, 1.2533
"""The factors to the deviation of a normal distribution: of the median absolute deviation, and of the mean."""


def score_values(values: Sequence[float]) -> list[float | None]:
    """Return the robust z-score of each value; None for all if there are too few, and 0 for all if they are equal."""
    if len(values) < LEAST_VALUES:
        return [None] * len(values)
    middle = median(values)
    distances = [abs(value - middle) for value in values]
    scale = _OF_MEDIAN * median(distances) or _OF_MEAN * fmean(distances)
    return [(value - middle) / scale if scale else 0.0 for value in values]
