"""The whole session over one axis: connectors, faults, marks, measured values and the amount of traffic.

In: a report. Out: markup. States differ by words, letters and line patterns as well as by colour.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from sniffer.commands.report.charts.axis import Axis, build_row, build_svg, draw_gaps, draw_grid, draw_tick_labels
from sniffer.commands.report.charts.curves import draw_measured
from sniffer.commands.report.charts.markup import Markup, element, join_markup
from sniffer.commands.report.charts.traffic_bars import draw_bars
from sniffer.commands.report.model import ChartColumn, Lane, SessionReport, Span, TimelineMark
from sniffer.commands.report.phrases import format_move
from sniffer.commands.report.symbols import MARK_SYMBOLS, OTHER_STATE, STATES, StateSymbol, find_state_symbols
from sniffer.core.charger.consistency_rules import FAULTED

LANE_HEIGHT = 28
MARKS_HEIGHT = 20

MOST_SPANS = 300
"""A lane with more spans is drawn in the columns of the report instead."""

WIDE, NARROW = 0.95, 2.6
"""The width of a letter in percent of the axis, on a wide screen and on a phone."""


def draw_timeline(report: SessionReport) -> Markup:
    """Return the rows of the whole session over one axis."""
    return element("div", *_draw_rows(report), class_="timeline")


def _draw_rows(report: SessionReport) -> Iterator[Markup]:
    """Yield the rows of the timeline: connectors, faults, marks, voltages and traffic.

    Those without content are left out.
    """
    axis = Axis(report)
    behind = join_markup([*draw_grid(axis), *draw_gaps(axis)])
    yield build_row("", build_svg(22, *draw_tick_labels(axis)))
    symbols = find_state_symbols(report.definition)
    for lane in report.lanes:
        blocks = (_draw_span(axis, span, symbols) for span in _reduce_spans(report, lane) if span.state is not None)
        yield build_row(f"connector {lane.connector}", build_svg(LANE_HEIGHT, behind, *blocks))
    if report.lanes:
        yield build_row("", _build_legend(report.lanes, symbols))
    for lane in report.fault_lanes:
        of = "" if lane.connector is None or len(report.lanes) < 2 else f", connector {lane.connector}"
        faults = (
            _draw_box(axis, span, STATES[FAULTED], "faulted")
            for span in _reduce_spans(report, lane)
            if span.state is not None
        )
        yield build_row(f"faults{of}", build_svg(LANE_HEIGHT, behind, *faults))
    for kind, marks in {"boot": report.boot_marks, "restart": report.restart_marks, **report.marks}.items():
        if marks:
            yield build_row(MARK_SYMBOLS[kind].name, build_svg(MARKS_HEIGHT, behind, *_draw_marks(axis, kind, marks)))
    yield from draw_measured(axis, behind)
    yield draw_bars(report, "frames", [column.frames for column in report.columns], behind, "bar")
    if report.noise_bytes:
        yield draw_bars(report, "noise, bytes", [column.noise for column in report.columns], behind, "bar noise")


def _build_legend(lanes: Sequence[Lane], symbols: Mapping[str, StateSymbol]) -> Markup:
    """Return the states of these lanes, with their letters and patterns."""
    states = dict.fromkeys(state for lane in lanes for state in lane.states)
    ordered = sorted(states, key=[*symbols, *states].index)
    return element("p", *(_build_sample(state, symbols.get(state, OTHER_STATE)) for state in ordered), class_="legend")


def _build_sample(state: str, symbol: StateSymbol) -> Markup:
    block = element(
        "svg",
        *_draw_pattern(symbol, 18),
        element("text", symbol.letter, x=8, y=12),
        width=26,
        height=18,
        class_=f"state {_choose_class(state)}",
    )
    return element("span", block, f" {state}")


def _reduce_spans(report: SessionReport, lane: Lane) -> Sequence[Span]:
    """Return the spans of a lane, or fewer ones if there are more than `MOST_SPANS`.

    There is then one span for each column of the report, with the state that `_choose_state` selects, and neighbours of
    the same state are merged. These spans have no record number.
    """
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
        states.append(_choose_state(here, column))
    merged = []
    for state, group in groupby(zip(states, report.columns, strict=True), key=lambda pair: pair[0]):
        columns = [column for _, column in group]
        merged.append(Span(state, columns[0].begins, columns[-1].ends, 0))
    return merged


def _choose_state(spans: Sequence[Span], column: ChartColumn) -> str | None:
    """Return the state of a column: Faulted if the connector was that at all, else the state that lasted longest.

    Returns None if no state is known of that time.
    """
    if any(span.state == FAULTED for span in spans):
        return FAULTED
    return max(spans, key=lambda span: min(span.ends, column.ends) - max(span.begins, column.begins)).state


def _draw_span(axis: Axis, span: Span, symbols: Mapping[str, StateSymbol]) -> Markup:
    return _draw_box(axis, span, symbols.get(span.state or "", OTHER_STATE), _choose_class(span.state or ""))


def _choose_class(state: str) -> str:
    """Return the class of a state in the style sheet."""
    return state.lower() if state in STATES else "other"


def _draw_box(axis: Axis, span: Span, symbol: StateSymbol, kind: str) -> Markup:
    """Return the box of a span: with its name if there is room for it, else with its letter."""
    start, width = axis.extent(span.begins, span.ends)
    name = span.state or ""
    words = []
    for each, screen in ((WIDE, "wide"), (NARROW, "narrow")):
        shown = name if width >= len(name) * each + 1 else symbol.letter if width >= each + 0.2 else ""
        if shown:
            words.append(element("text", shown, x=4, y=LANE_HEIGHT // 2 + 3, class_=screen))
    return element(
        "svg",
        element("title", _format_span(axis.report, span)),
        *_draw_pattern(symbol, LANE_HEIGHT),
        *words,
        x=f"{start:.2f}%",
        width=f"{width:.2f}%",
        height=LANE_HEIGHT,
        class_=f"state {kind}",
    )


def _draw_pattern(symbol: StateSymbol, height: int) -> tuple[Markup, Markup]:
    """Return the block of a state and the line pattern under it."""
    at = height - 3
    return (
        element("rect", width="100%", height=height),
        element("line", x2="100%", y1=at, y2=at, stroke_dasharray=symbol.dashes, class_="pattern"),
    )


def _format_span(report: SessionReport, span: Span) -> str:
    lasted, move = report.format_length(span.ends - span.begins), format_move(report, span)
    shown = f"{span.state}, {report.format_moment(span.begins)} to {report.format_moment(span.ends)}, {lasted}"
    return f"{shown}; {move}" if move else shown


def _draw_marks(axis: Axis, kind: str, marks: Sequence[TimelineMark]) -> Iterator[Markup]:
    """Yield the marks. Of several at about the same position, only the first one is drawn."""
    seen, symbol = set(), MARK_SYMBOLS[kind]
    for mark in marks:
        at = axis.position(mark.moment)
        if round(2 * at) not in seen:
            seen.add(round(2 * at))
            tooltip = element("title", f"{axis.report.format_moment(mark.moment)} {mark.text}")
            anchor = "start" if at < 1 else "end" if at > 99 else "middle"
            yield element(
                "text",
                tooltip,
                symbol.sign,
                x=f"{at:.2f}%",
                y=15,
                text_anchor=anchor,
                class_=f"mark {kind} {symbol.rank}",
            )
