"""What all drawings of a report share: places on the session's axis, rows, and what stands behind them.

Nothing that holds text is scaled: places along the axis are percent of the width, so that words stay as large on a
phone as on a wall.
"""

from collections.abc import Iterator

from sniffer.report.markup import Markup, element
from sniffer.report.model import Report
from sniffer.report.ticks import ticks

NARROWEST = 0.3
"""The least width in percent at which something is seen."""

FEW_TICKS = 5
"""How many labels a phone has room for."""


class Axis:
    """Places on the session's axis, in percent of its width."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._began = report.began
        self._length = max(1, report.ended - report.began)

    def at(self, moment: int) -> float:
        """Where a moment is."""
        return 100 * (moment - self._began) / self._length

    def place(self, begins: int, ends: int) -> tuple[float, float]:
        """Where a span begins and how wide it is, never too narrow to be seen and never past the end."""
        start = min(self.at(begins), 100 - NARROWEST)
        return start, min(100 - start, max(NARROWEST, self.at(ends) - start))


def row(name: str, drawing: Markup, *below: Markup) -> Markup:
    """A drawing beside its name."""
    return element("div", element("div", name, class_="name"), element("div", drawing, *below), class_="row")


def drawing(height: int, *content: object) -> Markup:
    """A drawing as wide as there is room, and so many pixels high."""
    return element("svg", *content, width="100%", height=height)


def tick_labels(axis: Axis) -> Iterator[Markup]:
    """Labels; of many, every other one is for wide screens only."""
    told = ticks(axis.report)
    for place, tick in enumerate(told):
        at = axis.at(round(tick.at))
        anchor = "start" if at < 4 else "end" if at > 96 else "middle"
        seldom = " seldom" if len(told) > FEW_TICKS and place % 2 else ""
        yield element("text", tick.text, x=f"{at:.2f}%", y=15, class_=f"tick{seldom}", text_anchor=anchor)


def grid(axis: Axis) -> Iterator[Markup]:
    """A line at each label."""
    for tick in ticks(axis.report):
        at = f"{axis.at(round(tick.at)):.2f}%"
        yield element("line", x1=at, x2=at, y1=0, y2="100%", class_="grid")


def gaps(axis: Axis) -> Iterator[Markup]:
    """Where nobody said anything."""
    for gap in axis.report.gaps:
        start, width = axis.place(gap.begins, gap.ends)
        told = element("title", f"nobody said anything for {axis.report.lasted(gap.ends - gap.begins)}")
        yield element("rect", told, x=f"{start:.2f}%", width=f"{width:.2f}%", height="100%", class_="gap")
