"""The reports of the last half minute, and the course of a measured value before a fault.

In: the reports of one source. Out: a `Course` of each value that it reported at least twice. Memory is bounded: reports
that follow each other within `STEP` count as one, and reports older than `WINDOW` are dropped.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sniffer.base.times import SECOND

WINDOW = 31 * SECOND
"""How long a report is kept, in nanoseconds: half a minute, and the time that a report may be late."""

STEP = SECOND // 2
"""The least time between two kept reports, in nanoseconds."""

_NEVER = -(1 << 63)
"""A time before all others."""

SHORTLY = 10 * SECOND
"""How long before a fault a course has its value `before`, in nanoseconds."""

PILOT = "cp_voltage"
"""The voltage of the control pilot. It is no measured quantity with rules of its own, and faults keep it too."""


class CoursePoint(NamedTuple):
    """One reported value and the time of its report, in nanoseconds since the epoch."""

    time: int
    value: float


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

    __slots__ = ("_reports", "last")

    def __init__(self, reports: Iterable[tuple[int, Sequence[float | None]]] = ()) -> None:
        self._reports = deque(reports)
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

    def columns(self, until: int) -> tuple[Sequence[int], Sequence[Sequence[float | None]]]:
        """Return the times of the half minute until a time, the oldest first, and the values of each quantity."""
        reports: Iterable[tuple[int, Sequence[float | None]]] = self._reports
        if self._reports and not (until - self.last >= 0 and until - self._reports[0][0] <= WINDOW):
            reports = [report for report in self._reports if 0 <= until - report[0] <= WINDOW]
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
