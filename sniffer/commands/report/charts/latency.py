"""The chart of latencies: a histogram for each command, all over one logarithmic axis.

In: a report. Out: markup; it is empty if the report has no latencies.
"""

from collections.abc import Iterator
from math import log10
from typing import NamedTuple

from sniffer.base.phrasing import format_count
from sniffer.commands.report.charts.axis import build_row, build_svg, find_duration_ticks
from sniffer.commands.report.charts.markup import Markup, element
from sniffer.commands.report.latency_histogram import LatencyHistogram, middle_of
from sniffer.commands.report.model import SessionReport
from sniffer.commands.report.phrases import format_latencies

HEIGHT = 44
HEAD_HEIGHT = 16
"""The height of the room for words above the bars, in pixels."""

BARS = 72
MOST_HISTOGRAMS = 8


def draw_latencies(report: SessionReport) -> Markup:
    """Return a histogram for each of the `MOST_HISTOGRAMS` commands with most answers.

    Returns empty markup if there are no latencies.
    """
    measured = [
        (exchange.stats.name, exchange.direction, exchange.latencies)
        for exchange in report.exchanges
        if exchange.latencies
    ]
    if not measured:
        return Markup("")
    low = max(1.0, min(middle_of(next(iter(answers.counts))) for _, _, answers in measured) / 1.5)
    high = max(low * 4, max(answers.longest for _, _, answers in measured) * 1.5)
    scale = LogScale(low, high)
    rows = [
        build_row(
            f"{name}, {direction}",
            build_svg(HEIGHT + HEAD_HEIGHT, *_draw_histogram(scale, answers)),
            _build_legend(answers),
        )
        for name, direction, answers in sorted(measured, key=lambda one: -one[2].total)[:MOST_HISTOGRAMS]
    ]
    labels = (
        element("text", tick.text, x=f"{scale.position(tick.at):.2f}%", y=14, class_="tick", text_anchor="middle")
        for tick in find_duration_ticks(low * 1.1, high / 1.1)
    )
    return element("div", *rows, build_row("", build_svg(20, *labels)), class_="timeline")


class LogScale(NamedTuple):
    """A logarithmic scale between two durations in nanoseconds."""

    low: float
    high: float

    def position(self, duration: float) -> float:
        """Return the position of a duration in percent; a duration below `low` is at 0."""
        return 100 * log10(max(duration, self.low) / self.low) / log10(self.high / self.low)


def _draw_histogram(scale: LogScale, answers: LatencyHistogram) -> Iterator[Markup]:
    """Yield the bars of one command, and a line at the median and at the 95th percentile."""
    ratio = (scale.high / scale.low) ** (1 / BARS)
    counts = answers.counts_between([round(scale.low * ratio**place) for place in range(BARS + 1)])
    highest, width = max(counts), 100 / BARS
    for place, count in enumerate(counts):
        if count:
            height = max(2.0, HEIGHT * count / highest)
            yield element(
                "rect",
                x=f"{place * width:.2f}%",
                width=f"{0.9 * width:.2f}%",
                y=HEAD_HEIGHT + HEIGHT - height,
                height=height,
                class_="bar",
            )
    for percent in (50, 95):
        at = f"{scale.position(answers.percentile(percent)):.2f}%"
        yield element("line", x1=at, x2=at, y1=12, y2=HEAD_HEIGHT + HEIGHT, class_=f"marker p{percent}")
        anchor = "end" if percent == 50 else "start"
        yield element("text", f"p{percent}", x=at, y=11, class_="tick", text_anchor=anchor)


def _build_legend(answers: LatencyHistogram) -> Markup:
    p50, p95, longest = format_latencies(answers)
    return element(
        "p",
        f"{format_count(answers.total, 'answer')}: half within {p50}, 95 % within {p95}, at most {longest}",
        class_="legend",
    )
