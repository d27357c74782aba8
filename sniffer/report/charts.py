"""The drawings of a report, as SVG: lanes, marks and plots over one axis of time, and how long answers took.

In: a report. Out: markup. Nothing is scaled but what has no text: places along the axis are percent of the width, so
that words stay as large on a phone as on a wall. States and phases are told apart by words, letters and line patterns
as well as by colour.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from math import log10
from typing import NamedTuple

from sniffer.charger.contradictions import FAULTED
from sniffer.report.distribution import Distribution, middle_of
from sniffer.report.looks import MARK_LOOKS, OTHER_STATE, PHASE_DASHES, PHASE_SIGNS, STATES, Look
from sniffer.report.markup import Markup, element, joined
from sniffer.report.model import PHASES, Column, Gap, Lane, Mark, Report, Span, Volts, counted
from sniffer.report.ticks import duration_ticks, ticks, volt_ticks
from sniffer.report.words import PHASE_NAMES, answers_text

LANE_HEIGHT = 28
PLOT_HEIGHT = 132
BARS_HEIGHT = 44
NARROWEST = 0.3
"""The least width in percent at which something is seen."""

MOST_SPANS = 300
"""A lane with more of them is drawn in the columns of the report, Faulted first."""

HISTOGRAM_BARS = 72
MOST_HISTOGRAMS = 8

WIDE, NARROW = 0.95, 2.6
"""How much of the width a letter takes in percent: on a screen, and on a phone."""

LEAST_VOLTS = 10.0
"""How many volts a plot spans at least: less would blow a ripple up to a fall."""


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


def timeline(report: Report) -> Markup:
    """The whole session over one axis."""
    return element("div", *_rows(report), class_="timeline")


def _rows(report: Report) -> Iterator[Markup]:
    axis = Axis(report)
    behind = joined([*_grid(axis), *_gaps(axis)])
    yield _row("", _drawing(22, *_tick_labels(axis)))
    for lane in report.lanes:
        blocks = (_block(axis, span, LANE_HEIGHT) for span in _drawn(report, lane))
        yield _row(f"connector {lane.connector}", _drawing(LANE_HEIGHT, behind, *blocks))
    for lane in report.fault_lanes:
        of = "" if lane.connector is None or len(report.lanes) < 2 else f", connector {lane.connector}"
        blocks = (_fault(axis, span, LANE_HEIGHT) for span in _drawn(report, lane) if span.state is not None)
        yield _row(f"faults{of}", _drawing(LANE_HEIGHT, behind, *blocks))
    for kind, marks in {"boot": report.booted, **report.marks}.items():
        if marks:
            yield _row(MARK_LOOKS[kind].name, _drawing(20, behind, *_marks(axis, kind, marks)))
    if report.volts:
        yield _row("phase voltages", _drawing(PLOT_HEIGHT, behind, *_voltages(axis)), _voltage_legend(report))
    frames, noise = [column.frames for column in report.columns], [column.noise for column in report.columns]
    yield _row("frames", _drawing(BARS_HEIGHT, behind, _bars(report, frames, "bar")))
    if any(noise):
        yield _row("noise, bytes", _drawing(BARS_HEIGHT, behind, _bars(report, noise, "bar noise")))


def answers_chart(report: Report) -> Markup:
    """How long the answers to each command took, all over one axis that is logarithmic."""
    told = [(exchange.tally.name, exchange.way, exchange.answers) for exchange in report.exchanges if exchange.answers]
    if not told:
        return Markup("")
    low = max(1.0, min(middle_of(next(iter(answers.counts))) for _, _, answers in told) / 1.5)
    high = max(low * 4, max(answers.longest for _, _, answers in told) * 1.5)
    scale = LogScale(low, high)
    rows = [
        _row(f"{name}, {way}", _drawing(BARS_HEIGHT + 16, *_histogram(scale, answers)), _answers_legend(answers))
        for name, way, answers in sorted(told, key=lambda one: -one[2].total)[:MOST_HISTOGRAMS]
    ]
    labels = (
        element("text", tick.text, x=f"{scale.at(tick.at):.2f}%", y=14, class_="tick", text_anchor="middle")
        for tick in duration_ticks(low * 1.1, high / 1.1)
    )
    return element("div", *rows, _row("", _drawing(20, *labels)), class_="timeline")


class LogScale(NamedTuple):
    """Places of durations between two, in percent."""

    low: float
    high: float

    def at(self, duration: float) -> float:
        """Where a duration is."""
        return 100 * log10(max(duration, self.low) / self.low) / log10(self.high / self.low)


def _histogram(scale: LogScale, answers: Distribution) -> Iterator[Markup]:
    ratio = (scale.high / scale.low) ** (1 / HISTOGRAM_BARS)
    counts = answers.over([round(scale.low * ratio**place) for place in range(HISTOGRAM_BARS + 1)])
    highest, width = max(counts), 100 / HISTOGRAM_BARS
    for place, count in enumerate(counts):
        if count:
            height = max(2.0, BARS_HEIGHT * count / highest)
            yield element(
                "rect",
                x=f"{place * width:.2f}%",
                width=f"{0.9 * width:.2f}%",
                y=16 + BARS_HEIGHT - height,
                height=height,
                class_="bar",
            )
    for percent in (50, 95):
        at = f"{scale.at(answers.percentile(percent)):.2f}%"
        yield element("line", x1=at, x2=at, y1=12, y2=16 + BARS_HEIGHT, class_=f"marker p{percent}")
        anchor = "end" if percent == 50 else "start"
        yield element("text", f"p{percent}", x=at, y=11, class_="tick", text_anchor=anchor)


def _answers_legend(answers: Distribution) -> Markup:
    p50, p95, longest = answers_text(answers)
    return element(
        "p",
        f"{counted(answers.total, 'answer')}: half within {p50}, 95 % within {p95}, at most {longest}",
        class_="legend",
    )


def _row(name: str, drawing: Markup, *below: Markup) -> Markup:
    return element("div", element("div", name, class_="name"), element("div", drawing, *below), class_="row")


def _drawing(height: int, *content: object) -> Markup:
    return element("svg", *content, width="100%", height=height)


def _tick_labels(axis: Axis) -> Iterator[Markup]:
    for place, tick in enumerate(ticks(axis.report)):
        at = axis.at(round(tick.at))
        anchor = "start" if at < 4 else "end" if at > 96 else "middle"
        seldom = " seldom" if place % 3 else ""
        yield element("text", tick.text, x=f"{at:.2f}%", y=15, class_=f"tick{seldom}", text_anchor=anchor)


def _grid(axis: Axis) -> Iterator[Markup]:
    for tick in ticks(axis.report):
        at = f"{axis.at(round(tick.at)):.2f}%"
        yield element("line", x1=at, x2=at, y1=0, y2="100%", class_="grid")


def _gaps(axis: Axis) -> Iterator[Markup]:
    for gap in axis.report.gaps:
        start, width = axis.place(gap.begins, gap.ends)
        told = element("title", f"nobody said anything for {axis.report.lasted(gap.ends - gap.begins)}")
        yield element("rect", told, x=f"{start:.2f}%", width=f"{width:.2f}%", height="100%", class_="gap")


def _drawn(report: Report, lane: Lane) -> Sequence[Span]:
    """The spans of a lane; where they are too many to be seen, one for each column of the report, and those merged."""
    if len(lane.spans) <= MOST_SPANS:
        return lane.spans
    states: list[str | None] = []
    place = 0
    for column in report.columns:
        while lane.spans[place].ends <= column.begins and place < len(lane.spans) - 1:
            place += 1
        here = [lane.spans[place]]
        while here[-1].ends < column.ends and place + len(here) < len(lane.spans):
            here.append(lane.spans[place + len(here)])
        states.append(_foremost(here, column))
    merged = []
    for state, group in groupby(zip(states, report.columns, strict=True), key=lambda told: told[0]):
        columns = [column for _, column in group]
        merged.append(Span(state, columns[0].begins, columns[-1].ends, 0))
    return merged


def _foremost(spans: Sequence[Span], column: Column) -> str | None:
    """What a connector was in a column: Faulted if that is one of its states, else where it was for longest."""
    if any(span.state == FAULTED for span in spans):
        return FAULTED
    return max(spans, key=lambda span: min(span.ends, column.ends) - max(span.begins, column.begins)).state


def _block(axis: Axis, span: Span, height: int) -> Markup:
    """A state: its name where there is room for it, else its letter."""
    if span.state is None:
        return Markup("")
    look = STATES.get(span.state, OTHER_STATE)
    kind = span.state.lower() if span.state in STATES else "other"
    return _box(axis, span, height, span.state, look, f"state {kind}", _told(axis.report, span))


def _fault(axis: Axis, span: Span, height: int) -> Markup:
    meaning = span.state or ""
    return _box(axis, span, height, meaning, STATES[FAULTED], "state faulted", _told(axis.report, span))


def _box(axis: Axis, span: Span, height: int, name: str, look: Look, kind: str, told: str) -> Markup:
    start, width = axis.place(span.begins, span.ends)
    words = [
        element("text", name if width >= len(name) * each + 1 else look.letter if width >= each + 0.2 else "",
                x=4, y=height // 2 + 3, class_=screen)
        for each, screen in ((WIDE, "wide"), (NARROW, "narrow"))
    ]  # fmt: skip
    line = element("line", x2="100%", y1=height - 3, y2=height - 3, stroke_dasharray=look.dashes, class_="pattern")
    return element(
        "svg",
        element("title", told),
        element("rect", width="100%", height=height),
        line,
        *words,
        x=f"{start:.2f}%",
        width=f"{width:.2f}%",
        height=height,
        class_=kind,
    )


def _told(report: Report, span: Span) -> str:
    illegal = "" if span.is_legal else "; not a move that OCPP allows"
    lasted = report.lasted(span.ends - span.begins)
    return f"{span.state}, {report.at(span.begins)} to {report.at(span.ends)}, {lasted}{illegal}"


def _marks(axis: Axis, kind: str, marks: Sequence[Mark]) -> Iterator[Markup]:
    """The first one of those at the same place."""
    seen = set()
    for mark in marks:
        at = axis.at(mark.moment)
        if round(2 * at) not in seen:
            seen.add(round(2 * at))
            told = element("title", f"{axis.report.at(mark.moment)} {mark.text}")
            anchor = "start" if at < 1 else "end" if at > 99 else "middle"
            yield element(
                "text", told, MARK_LOOKS[kind].sign, x=f"{at:.2f}%", y=15, text_anchor=anchor, class_=f"mark {kind}"
            )


def _bars(report: Report, counts: Sequence[int], kind: str) -> Markup:
    """A bar for each column, and what the highest one stands for."""
    highest = max(counts)
    each = report.lasted(report.columns[0].ends - report.columns[0].begins)
    bars = (
        element("rect", x=place, width=0.9, y=100 - 100 * count / highest, height=100 * count / highest, class_=kind)
        for place, count in enumerate(counts)
        if count
    )
    label = element("text", f"at most {highest:,} in {each}", x=4, y=11, class_="tick halo")
    plain = element(
        "svg", *bars, viewBox=f"0 0 {len(counts)} 100", preserveAspectRatio="none", width="100%", height=BARS_HEIGHT
    )
    return joined([plain, label])


def _voltages(axis: Axis) -> Iterator[Markup]:
    """For each phase a band from the lowest to the highest, and a line for the mean."""
    columns = [column for column in axis.report.columns if column.volts]
    low = min(volts.low for volts in axis.report.volts)
    high = max(volts.high for volts in axis.report.volts)
    margin = max(0.05 * (high - low), (LEAST_VOLTS - (high - low)) / 2)
    low, high = low - margin, high + margin

    def height(volts: float) -> float:
        return PLOT_HEIGHT * (high - volts) / (high - low)

    for tick in volt_ticks(low, high):
        y = height(tick.at)
        yield element("line", x2="100%", y1=y, y2=y, class_="grid")
    bands, lines, points = [], [], []
    for run in _runs(columns, axis.report.gaps):
        for phase, name in enumerate(PHASES):
            places = [(10 * axis.at(column.begins), column.volts[phase]) for column in run]
            if len(run) == 1:
                points.append(_point(phase, name, places[0][0] / 10, height(places[0][1].mean)))
                continue
            edge = [(x, height(volts.high)) for x, volts in places]
            edge += [(x, height(volts.low)) for x, volts in reversed(places)]
            bands.append(element("polygon", points=_path(edge), class_=f"band {name}"))
            line = [(x, height(volts.mean)) for x, volts in places]
            dashes = PHASE_DASHES[phase]
            lines.append(element("polyline", points=_path(line), class_=f"line {name}", stroke_dasharray=dashes))
    scaled = {"viewBox": f"0 0 1000 {PLOT_HEIGHT}", "preserveAspectRatio": "none"}
    yield element("svg", *bands, *lines, **scaled, width="100%", height=PLOT_HEIGHT)
    yield from points
    for tick in volt_ticks(low, high):
        y = height(tick.at)
        if y > 12:
            yield element("text", tick.text, x=4, y=y - 2, class_="tick halo")


def _runs(columns: Sequence[Column], gaps: Sequence[Gap]) -> Iterator[list[Column]]:
    """Columns in which voltages were told, cut where nobody said anything in between."""
    run: list[Column] = []
    for column in columns:
        if run and any(run[-1].begins <= gap.begins and gap.ends <= column.ends for gap in gaps):
            yield run
            run = []
        run.append(column)
    if run:
        yield run


def _point(phase: int, name: str, at: float, y: float) -> Markup:
    sign = PHASE_SIGNS[phase]
    return element("text", sign, x=f"{min(99.0, max(1.0, at)):.2f}%", y=y + 4, class_=f"point {name}")


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _voltage_legend(report: Report) -> Markup:
    told = zip(PHASES, PHASE_NAMES, PHASE_DASHES, PHASE_SIGNS, report.volts, strict=True)
    return element("p", *(_phase_legend(*phase) for phase in told), class_="legend")


def _phase_legend(name: str, label: str, dashes: str, sign: str, volts: Volts) -> Markup:
    line = element("line", x1=0, x2=26, y1=6, y2=6, class_=f"line {name}", stroke_dasharray=dashes)
    sample = element("svg", line, width=28, height=12)
    words = f" {label} {sign} {volts.low:.1f} to {volts.high:.1f} V, mean {volts.mean:.1f} V"
    return element("span", sample, words)
