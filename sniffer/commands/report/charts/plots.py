"""The plots over the session's axis: phase voltages, and the amount of traffic.

In: a report. Out: markup. Phases differ by line patterns as well as by colour.
"""

from collections.abc import Iterator, Sequence

from sniffer.commands.report.charts.axis import Axis, build_row, build_svg, find_volt_ticks
from sniffer.commands.report.charts.markup import Markup, element
from sniffer.commands.report.model import PHASE_NAMES, PHASES, ChartColumn, QuietSpan, SessionReport, VoltageSpan
from sniffer.commands.report.symbols import PHASE_DASHES, PHASE_SIGNS

PLOT_HEIGHT = 132
BARS_HEIGHT = 44

LEAST_VOLTS = 10.0
"""The least range of a plot in volts: over a smaller one, a ripple would look like a voltage drop."""


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


def draw_voltages(axis: Axis) -> Iterator[Markup]:
    """Yield, for each phase, a band from the lowest to the highest voltage, and a line for the mean.

    The report must have voltages. A single column between two gaps is drawn as a sign instead.
    """
    columns = [column for column in axis.report.columns if column.voltages]
    low = min(volts.low for volts in axis.report.voltages)
    high = max(volts.high for volts in axis.report.voltages)
    margin = max(0.05 * (high - low), (LEAST_VOLTS - (high - low)) / 2)
    low, high = low - margin, high + margin

    def height(volts: float) -> float:
        return PLOT_HEIGHT * (high - volts) / (high - low)

    for tick in find_volt_ticks(low, high):
        y = height(tick.at)
        yield element("line", x2="100%", y1=y, y2=y, class_="grid")
    bands, lines, points = [], [], []
    for run in _split_at_gaps(columns, axis.report.gaps):
        for phase, name in enumerate(PHASES):
            places = [(10 * axis.position(column.begins), column.voltages[phase]) for column in run]
            if len(run) == 1:
                points.append(_draw_point(phase, name, places[0][0] / 10, height(places[0][1].mean)))
                continue
            edge = [(x, height(volts.high)) for x, volts in places]
            edge += [(x, height(volts.low)) for x, volts in reversed(places)]
            bands.append(element("polygon", points=_format_points(edge), class_=f"band {name}"))
            line = [(x, height(volts.mean)) for x, volts in places]
            dashes = PHASE_DASHES[phase]
            lines.append(
                element("polyline", points=_format_points(line), class_=f"line {name}", stroke_dasharray=dashes)
            )
    scaled = {"viewBox": f"0 0 1000 {PLOT_HEIGHT}", "preserveAspectRatio": "none"}
    yield element("svg", *bands, *lines, **scaled, width="100%", height=PLOT_HEIGHT)
    yield from points
    for tick in find_volt_ticks(low, high):
        y = height(tick.at)
        if y > 12:
            yield element("text", tick.text, x=4, y=y - 2, class_="tick halo")


def _split_at_gaps(columns: Sequence[ChartColumn], gaps: Sequence[QuietSpan]) -> Iterator[list[ChartColumn]]:
    """Yield runs of columns with voltages. A span without traffic ends a run."""
    run: list[ChartColumn] = []
    for column in columns:
        if run and any(run[-1].begins <= gap.begins and gap.ends <= column.ends for gap in gaps):
            yield run
            run = []
        run.append(column)
    if run:
        yield run


def _draw_point(phase: int, name: str, at: float, y: float) -> Markup:
    sign = PHASE_SIGNS[phase]
    return element("text", sign, x=f"{min(99.0, max(1.0, at)):.2f}%", y=y + 4, class_=f"point {name}")


def _format_points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def build_voltage_legend(report: SessionReport) -> Markup:
    """Return the phases with their line patterns and their voltages over the whole session."""
    phases = zip(PHASES, PHASE_NAMES, PHASE_DASHES, PHASE_SIGNS, report.voltages, strict=True)
    return element("p", *(_build_phase_legend(*phase) for phase in phases), class_="legend")


def _build_phase_legend(name: str, label: str, dashes: str, sign: str, volts: VoltageSpan) -> Markup:
    line = element("line", x1=0, x2=26, y1=6, y2=6, class_=f"line {name}", stroke_dasharray=dashes)
    sample = element("svg", line, width=28, height=12)
    words = f" {label} {sign} {volts.low:.1f} to {volts.high:.1f} V, mean {volts.mean:.1f} V"
    return element("span", sample, words)
