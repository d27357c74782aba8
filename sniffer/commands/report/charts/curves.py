"""The curves of measured values over the session's axis: for each kind of value a band, and in it a line for the mean.

In: a report. Out: markup. The curves of a plot differ by line patterns as well as by colour.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sniffer.commands.report.charts.axis import Axis, build_row, build_svg, find_value_ticks
from sniffer.commands.report.charts.markup import Markup, element
from sniffer.commands.report.model import ChartColumn, MeasuredSpan, QuietSpan, SessionReport
from sniffer.commands.report.symbols import PHASE_DASHES, PHASE_SIGNS
from sniffer.core.charger.measurements.course import PILOT
from sniffer.core.charger.measurements.measurement import (
    PHASE_CURRENTS,
    PHASE_POWERS,
    PHASE_VOLTAGES,
    TEMPERATURES,
)
from sniffer.core.protocol.phases import PHASES
from sniffer.text.quantities import format_number, format_quantity

CHARACTER_WIDTH = 8
"""The width of a character of a label, in pixels, at most."""

PLOT_HEIGHT = 132


class CurveKind(NamedTuple):
    """A kind of plot: its name, its quantities (at most three) and their unit.

    `least` is the least range of the plot: over a smaller one, a ripple would look like a fall.
    """

    name: str
    quantities: tuple[str, ...]
    unit: str
    least: float


CURVE_KINDS = (
    CurveKind("phase voltages", PHASE_VOLTAGES, "V", 10.0),
    CurveKind("currents", PHASE_CURRENTS, "A", 1.0),
    CurveKind("power", PHASE_POWERS, "W", 100.0),
    CurveKind("energy", ("energy",), "Wh", 100.0),
    CurveKind("temperatures", TEMPERATURES, "°C", 10.0),
)

OTHER_KINDS = (
    CurveKind("voltage", ("voltage",), "V", 10.0),
    CurveKind("current", ("current",), "A", 1.0),
    CurveKind("total power", ("power",), "W", 100.0),
    CurveKind("control pilot", (PILOT,), "V", 1.0),
)
"""Further kinds of plots of the boards of other makers. A charger reports these values by phase as well."""


class Curve(NamedTuple):
    """One curve: the place of its series in the report, and the place of its pattern."""

    series: int
    pattern: int


def draw_measured(axis: Axis, behind: Markup) -> Iterator[Markup]:
    """Yield a row with a plot and its legend for each kind of value, and for each connector that has it."""
    report = axis.report
    connectors = dict.fromkeys(series.connector for series in report.measured)
    for kind in CURVE_KINDS if report.definition.is_charger else (*CURVE_KINDS, *OTHER_KINDS):
        for connector in connectors:
            curves = [
                Curve(place, kind.quantities.index(series.name))
                for place, series in enumerate(report.measured)
                if series.connector == connector and series.name in kind.quantities
            ]
            if curves:
                where = "" if connector is None else f", connector {connector}"
                plot = build_svg(PLOT_HEIGHT, behind, *draw_curves(axis, kind, curves))
                yield build_row(f"{kind.name}{where}", plot, build_legend(report, curves))


def draw_curves(axis: Axis, kind: CurveKind, curves: Sequence[Curve]) -> Iterator[Markup]:
    """Yield, for each curve, a band from the lowest to the highest value, and a line for the mean."""
    whole = [axis.report.measured[curve.series].span for curve in curves]
    low, high = min(span.low for span in whole), max(span.high for span in whole)
    margin = max(0.05 * (high - low), (kind.least - (high - low)) / 2)
    low, high = low - margin, high + margin

    def height(value: float) -> float:
        return PLOT_HEIGHT * (high - value) / (high - low)

    for tick in find_value_ticks(low, high, kind.unit):
        y = height(tick.at)
        yield element("line", x2="100%", y1=y, y2=y, class_="grid")
    bands, lines, points = [], [], []
    for curve in curves:
        name, dashes = PHASES[curve.pattern], PHASE_DASHES[curve.pattern]
        for run in _split_at_gaps(axis.report.columns, axis.report.gaps, curve.series):
            places = [(10 * axis.position(begins), span) for begins, span in run]
            if len(run) == 1:
                points.append(_draw_point(curve.pattern, places[0][0] / 10, height(places[0][1].mean)))
                continue
            edge = [(x, height(span.high)) for x, span in places]
            edge += [(x, height(span.low)) for x, span in reversed(places)]
            bands.append(element("polygon", points=_format_points(edge), class_=f"band {name}"))
            line = _format_points([(x, height(span.mean)) for x, span in places])
            lines.append(element("polyline", points=line, class_=f"line {name}", stroke_dasharray=dashes))
    scaled = {"viewBox": f"0 0 1000 {PLOT_HEIGHT}", "preserveAspectRatio": "none"}
    yield element("svg", *bands, *lines, **scaled, width="100%", height=PLOT_HEIGHT)
    yield from points
    for tick in find_value_ticks(low, high, kind.unit):
        y = height(tick.at)
        if y > 12:
            # Without a plate, a curve at the height of the label would strike it through.
            width = CHARACTER_WIDTH * len(tick.text) + 4
            yield element("rect", x=2, y=y - 13, width=width, height=14, class_="plate")
            yield element("text", tick.text, x=4, y=y - 2, class_="tick")


def _split_at_gaps(
    columns: Sequence[ChartColumn], gaps: Sequence[QuietSpan], series: int
) -> Iterator[list[tuple[int, MeasuredSpan]]]:
    """Yield runs of columns that have a value of a series, each with its beginning. A silent span ends a run."""
    run: list[tuple[int, MeasuredSpan]] = []
    for column in columns:
        span = column.measured[series] if column.measured else None
        if span is None:
            continue
        if run and any(run[-1][0] <= gap.begins and gap.ends <= column.ends for gap in gaps):
            yield run
            run = []
        run.append((column.begins, span))
    if run:
        yield run


def _draw_point(pattern: int, at: float, y: float) -> Markup:
    sign, name = PHASE_SIGNS[pattern], PHASES[pattern]
    return element("text", sign, x=f"{min(99.0, max(1.0, at)):.2f}%", y=y + 4, class_=f"point {name}")


def _format_points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def build_legend(report: SessionReport, curves: Sequence[Curve]) -> Markup:
    """Return the curves of a plot with their line patterns and their values over the whole session."""
    return element("p", *(_build_sample(report, curve) for curve in curves), class_="legend")


def _build_sample(report: SessionReport, curve: Curve) -> Markup:
    series = report.measured[curve.series]
    dashes, sign = PHASE_DASHES[curve.pattern], PHASE_SIGNS[curve.pattern]
    line = element("line", x1=0, x2=26, y1=6, y2=6, class_=f"line {PHASES[curve.pattern]}", stroke_dasharray=dashes)
    sample = element("svg", line, width=28, height=12)
    low, mean, high = (format_number(value) for value in (series.span.low, series.span.mean, series.span.high))
    name = format_quantity(series.name, report.definition)
    words = f" {name} {sign} {low} to {high} {series.unit}, mean {mean} {series.unit}"
    return element("span", sample, words)
