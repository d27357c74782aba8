"""The reports of the last half minute, and the course of a measured value before a fault.

In: the reports of one source. Out: a `Course` of each value that it reported at least twice. Memory is bounded: reports
that follow each other within `STEP` count as one, and reports older than `WINDOW` are dropped.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, NamedTuple

from sniffer.base.times import SECOND

WINDOW = 31 * SECOND
"""The time for which a report is kept, in nanoseconds: half a minute, and the time that a report may be late."""

STEP = SECOND // 2
"""The least time between two kept reports, in nanoseconds."""

_NEVER = -(1 << 63)
"""A time before all others."""

SHORTLY = 10 * SECOND
"""The time before a fault at which a course has its value `before`, in nanoseconds."""

PILOT = "cp_voltage"
"""The voltage of the control pilot. It is no measured quantity with rules of its own, and faults keep it too."""


class CoursePoint(NamedTuple):
    """One reported value and the time of its report, in nanoseconds since the epoch."""

    time: int
    value: float


Report = tuple[int, Sequence[float | None]]
"""The time of a report, and its value of each quantity; None for one that it lacks."""

Columns = tuple[Sequence[int], Sequence[Sequence[float | None]]]
"""The times of reports, and the values of each quantity at these times."""

ValueSeries = tuple[Sequence[int], Sequence[Any]]
"""Times and the values at these times; a value that a report lacks is None."""


class Course(NamedTuple):
    """The course of one value before a fault.

    `at_fault` was reported last before the fault, or by the report that raised it; `before` was the value ten seconds
    before the fault, or the first one after that; `earliest` is the oldest of the last half minute. `lowest` and
    `highest` are those from `before` to the fault.
    """

    name: str
    unit: str
    connector: int | None
    earliest: CoursePoint
    before: CoursePoint
    at_fault: CoursePoint
    lowest: float
    highest: float


class RecentReports:
    """The reports of one source in the last half minute. `last` is the time of the last one that was kept."""

    __slots__ = ("_columns", "_first", "_reports", "last")

    def __init__(self, reports: Iterable[Report] = ()) -> None:
        self._reports = deque(reports)
        self._first = 0
        self._columns: Columns | None = None
        self.last = self._reports[-1][0] if self._reports else _NEVER

    def __deepcopy__(self, memo: dict[int, object]) -> "RecentReports":
        # The reports never change, so both copies share them.
        return RecentReports(self._reports)

    def add(self, time: int, values: Sequence[float | None]) -> None:
        """Add a report: one value for each quantity, None if the report lacks it."""
        reports = self._reports
        while reports and not 0 <= time - reports[0][0] <= WINDOW:
            reports.popleft()
        reports.append((time, values))
        self.last = time
        self._columns = None

    def columns(self, until: int) -> Columns:
        """Return the times of the half minute until a time, the oldest first, and the values of each quantity."""
        reports = self._reports
        if until < self.last:
            return _transpose([report for report in reports if 0 <= until - report[0] <= WINDOW])
        first = 0
        while first < len(reports) and until - reports[first][0] > WINDOW:
            first += 1
        # A line of short faults asks hundreds of times before the next report is kept.
        if self._columns is None or first != self._first:
            self._first, self._columns = first, _transpose([*islice(reports, first, None)])
        return self._columns


def _transpose(reports: Sequence[Report]) -> Columns:
    times, values = zip(*reports, strict=True) if reports else ((), ())
    return times, [*zip(*values, strict=True)]


def merge_series(series: Iterable[ValueSeries]) -> ValueSeries:
    """Return the values of several sources of one quantity by time, without those that a report lacks."""
    pairs = (pair for times, values in series for pair in zip(times, values, strict=True))
    found = sorted(pair for pair in pairs if pair[1] is not None)
    return [time for time, _ in found], [value for _, value in found]


def build_course(
    name: str, unit: str, connector: int | None, series: Sequence[ValueSeries], until: int
) -> Course | None:
    """Return the course of a value until a fault; None if no two reports of it are known.

    `series` are the times and the values of each source of the value, the oldest first.
    """
    times, values = series[0]
    if len(series) > 1 or None in values:
        times, values = merge_series(series)
    if not times or times[0] == times[-1]:
        return None
    first = max(0, bisect_right(times, until - SHORTLY) - 1)
    course = values[first:]
    return Course(
        name=name,
        unit=unit,
        connector=connector,
        earliest=CoursePoint(times[0], values[0]),
        before=CoursePoint(times[first], values[first]),
        at_fault=CoursePoint(times[-1], values[-1]),
        lowest=min(course),
        highest=max(course),
    )
