"""The session's axis in the charts of a report: positions, labels at round values, and what stands behind every chart.

Text is never scaled: positions along the axis are in percent of the width, so that words have the same size on a phone
and on a large screen. Labels stand at round times of day, record numbers, durations and values.
"""

from collections.abc import Iterator
from itertools import pairwise
from math import ceil, floor, log10
from typing import NamedTuple

from sniffer.base.axis_steps import NUMBER_STEPS, TIME_STEPS
from sniffer.base.times import DAY, MINUTE, SECOND, as_datetime
from sniffer.commands.report.charts.markup import Markup, element
from sniffer.commands.report.model import SessionReport

LEAST_WIDTH = 0.3
"""The least width of a span in percent: a narrower one would not be visible."""

CHARACTER_SHARE = 1.0
"""The width of a character of a label, in percent of the axis, on a wide screen."""

FEW_TICKS = 5
"""The number of labels for which a phone has room."""


class Axis:
    """Positions on the session's axis, in percent of its width."""

    def __init__(self, report: SessionReport) -> None:
        self.report = report
        self._began = report.began
        self._length = max(1, report.ended - report.began)

    def position(self, moment: int) -> float:
        """Return the position of a moment."""
        return 100 * (moment - self._began) / self._length

    def extent(self, begins: int, ends: int) -> tuple[float, float]:
        """Return the position and the width of a span.

        It is at least `LEAST_WIDTH` wide, and never reaches past the end.
        """
        start = min(self.position(begins), 100 - LEAST_WIDTH)
        return start, min(100 - start, max(LEAST_WIDTH, self.position(ends) - start))


def build_row(name: str, drawing: Markup, *below: Markup) -> Markup:
    """Return a row of a chart: its name, and beside it the drawing with the markup `below` it."""
    return element("div", element("div", name, class_="name"), element("div", drawing, *below), class_="row")


def build_svg(height: int, *content: object) -> Markup:
    """Return a drawing over the whole width. `height` is in pixels."""
    return element("svg", *content, width="100%", height=height)


def draw_tick_labels(axis: Axis) -> Iterator[Markup]:
    """Yield the labels of the axis. If there are many, every other one is shown on wide screens only."""
    labels = find_ticks(axis.report)
    spacing = min((axis.position(round(b.at)) - axis.position(round(a.at)) for a, b in pairwise(labels)), default=100.0)
    stride = max(1, ceil(CHARACTER_SHARE * max((len(tick.text) for tick in labels), default=0) / spacing))
    for place, tick in enumerate(labels[::stride]):
        at = axis.position(round(tick.at))
        # A label at the edge is moved inwards, so it needs the room of its neighbour.
        if not 4 <= at <= 96 and stride * spacing < 1.5 * CHARACTER_SHARE * len(tick.text):
            continue
        anchor = "start" if at < 4 else "end" if at > 96 else "middle"
        seldom = " seldom" if len(labels) > FEW_TICKS and place % 2 else ""
        yield element("text", tick.text, x=f"{at:.2f}%", y=15, class_=f"tick{seldom}", text_anchor=anchor)


def draw_grid(axis: Axis) -> Iterator[Markup]:
    """Yield a vertical line at each label."""
    for tick in find_ticks(axis.report):
        at = f"{axis.position(round(tick.at)):.2f}%"
        yield element("line", x1=at, x2=at, y1=0, y2="100%", class_="grid")


def draw_gaps(axis: Axis) -> Iterator[Markup]:
    """Yield a block for each span without traffic."""
    for gap in axis.report.gaps:
        start, width = axis.extent(gap.begins, gap.ends)
        tooltip = element("title", f"no traffic for {axis.report.format_length(gap.ends - gap.begins)}")
        yield element("rect", tooltip, x=f"{start:.2f}%", width=f"{width:.2f}%", height="100%", class_="gap")


MOST_TICKS = 12
"""The number of steps on an axis at most."""

_TIME_FORMATS = ((DAY, "%Y-%m-%d"), (MINUTE, "%H:%M"), (SECOND, "%H:%M:%S"), (0, "%H:%M:%S.%f"))
"""The format of a label, for steps of at least this length in nanoseconds."""


class AxisTick(NamedTuple):
    """A label, and its value on the axis."""

    at: float
    text: str


def find_ticks(report: SessionReport) -> list[AxisTick]:
    """Return the labels of a session's axis: at round local times, or at round record numbers."""
    length = report.ended - report.began
    if not report.is_timed:
        step = next(step for step in NUMBER_STEPS if step * MOST_TICKS >= length)
        return [
            AxisTick(number, f"#{number}") for number in range(-(-report.began // step) * step, report.ended + 1, step)
        ]
    step = next((step for step in TIME_STEPS if step * MOST_TICKS >= length), TIME_STEPS[-1])
    shape = next(shape for least, shape in _TIME_FORMATS if step >= least)
    offset = as_datetime(report.began, report.zone).utcoffset()
    shift = int(offset.total_seconds()) * SECOND if offset else 0
    first = -(-(report.began + shift) // step) * step - shift
    return [
        AxisTick(moment, f"{as_datetime(moment, report.zone):{shape}}"[:12])
        for moment in range(first, report.ended + 1, step)
    ]


def find_duration_ticks(low: float, high: float) -> Iterator[AxisTick]:
    """Yield labels at round durations between two, in nanoseconds.

    These are powers of ten, and over a short range also 2 and 5 times as much.
    """
    firsts = (1,) if log10(high / low) > 2 else (1, 2, 5)
    for zeros in range(floor(log10(low)), ceil(log10(high)) + 1):
        for first in firsts:
            value = first * 10.0**zeros
            if low <= value <= high:
                yield AxisTick(value, _format_duration(value))


def find_value_ticks(low: float, high: float, unit: str) -> list[AxisTick]:
    """Return labels at round values between two, with their unit: at most five steps of 1, 2 or 5 times a power of ten.

    Steps below 1 are 0.2 and 0.5.
    """
    zeros = max(0, floor(log10(max(high - low, 1))) - 1)
    steps = (0.2, 0.5, *(first * 10 ** (zeros + more) for more in range(3) for first in (1, 2, 5)))
    step = next(step for step in steps if step * 5 >= high - low)
    places = (step * place for place in range(ceil(low / step), floor(high / step) + 1))
    return [AxisTick(value, f"{round(value, 1):,g} {unit}" if step < 1 else f"{value:,} {unit}") for value in places]


def _format_duration(nanoseconds: float) -> str:
    for unit, name in ((1e9, "s"), (1e6, "ms"), (1e3, "µs")):
        if nanoseconds >= unit:
            return f"{nanoseconds / unit:g} {name}"
    return f"{nanoseconds:g} ns"
