"""The amount of traffic over the session's axis, as bars.

In: a report. Out: markup.
"""

from collections.abc import Sequence

from sniffer.commands.report.charts.axis import build_row, build_svg
from sniffer.commands.report.charts.markup import Markup, element
from sniffer.commands.report.model import SessionReport

BARS_HEIGHT = 44


def draw_bars(report: SessionReport, name: str, counts: Sequence[int], behind: Markup, kind: str) -> Markup:
    """Return a row with a bar for each column, and a legend with the count of the highest bar.

    `behind` is drawn under the bars; `kind` is their class in the style sheet.
    """
    highest = max(counts)
    bars = (
        element("rect", x=place, width=0.9, y=100 - 100 * count / highest, height=100 * count / highest, class_=kind)
        for place, count in enumerate(counts)
        if count
    )
    scaled = {"viewBox": f"0 0 {len(counts)} 100", "preserveAspectRatio": "none"}
    plain = element("svg", *bars, **scaled, width="100%", height=BARS_HEIGHT)
    each = report.format_length(report.columns[0].ends - report.columns[0].begins)
    legend = element("p", f"at most {highest:,} in {each}", class_="legend")
    return build_row(name, build_svg(BARS_HEIGHT, behind, plain), legend)
