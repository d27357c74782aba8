"""Where an axis has its labels: at round times of day, round numbers of records, round durations, round volts."""

from collections.abc import Iterator
from math import ceil, floor, log10
from typing import NamedTuple

from sniffer.report.model import Report
from sniffer.times import MILLISECOND, as_datetime

SECOND = 1000 * MILLISECOND
MINUTE, HOUR = 60 * SECOND, 3600 * SECOND
DAY = 24 * HOUR

MOST = 12
"""How many labels an axis has at most."""

_STEPS = (
    *(step * MILLISECOND for step in (1, 2, 5, 10, 20, 50, 100, 200, 500)),
    *(step * SECOND for step in (1, 2, 5, 10, 15, 30)),
    *(step * MINUTE for step in (1, 2, 5, 10, 15, 30)),
    *(step * HOUR for step in (1, 2, 3, 6, 12)),
    *(step * 10**zeros * DAY for zeros in range(7) for step in (1, 2, 5)),
)
"""The steps that people count time in."""

_ROUND = tuple(first * 10**zeros for zeros in range(18) for first in (1, 2, 5))
"""The steps that people count records in."""

_SHAPES = ((DAY, "%Y-%m-%d"), (MINUTE, "%H:%M"), (SECOND, "%H:%M:%S"), (0, "%H:%M:%S.%f"))
"""How a label is written for steps from the first figure on."""


class Tick(NamedTuple):
    """A label and its place on the axis."""

    at: float
    text: str


def ticks(report: Report) -> list[Tick]:
    """The labels of a session's axis."""
    length = report.ended - report.began
    if not report.is_timed:
        step = next(step for step in _ROUND if step * MOST >= length)
        return [Tick(number, f"#{number}") for number in range(-(-report.began // step) * step, report.ended + 1, step)]
    step = next((step for step in _STEPS if step * MOST >= length), _STEPS[-1])
    shape = next(shape for least, shape in _SHAPES if step >= least)
    offset = as_datetime(report.began, report.zone).utcoffset()
    shift = int(offset.total_seconds()) * SECOND if offset else 0
    first = -(-(report.began + shift) // step) * step - shift
    return [
        Tick(moment, f"{as_datetime(moment, report.zone):{shape}}"[:12])
        for moment in range(first, report.ended + 1, step)
    ]


def duration_ticks(low: float, high: float) -> Iterator[Tick]:
    """Round durations between two, in nanoseconds: ones, and where there are few also twos and fives."""
    firsts = (1,) if log10(high / low) > 2 else (1, 2, 5)
    for zeros in range(floor(log10(low)), ceil(log10(high)) + 1):
        for first in firsts:
            value = first * 10.0**zeros
            if low <= value <= high:
                yield Tick(value, _duration(value))


def volt_ticks(low: float, high: float) -> list[Tick]:
    """Round volts between two."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10000, 100000) if step * 5 >= high - low)
    return [Tick(volts, f"{volts} V") for volts in range(ceil(low / step) * step, floor(high) + 1, step)]


def _duration(nanoseconds: float) -> str:
    for unit, name in ((1e9, "s"), (1e6, "ms"), (1e3, "µs")):
        if nanoseconds >= unit:
            return f"{nanoseconds / unit:g} {name}"
    return f"{nanoseconds:g} ns"
