"""The drawing of the timeline as lines of text, as many as fit the pane.

In: the session's timeline, a `Viewport` and a readout. Out: lines, each with a name, one cell for each column of the
axis, and a note on the state at the end. The cost is a few look-ups for each column, however long the session is.

From the top: readout, axis, marks, faults, and a lane for each connector. If there is more room, the legend follows,
then the frame rate, then the measured values: the voltages in one row or in three.
"""

from collections.abc import Mapping, Sequence, Set
from itertools import chain, groupby
from operator import attrgetter
from typing import NamedTuple

from textual.content import Content, Span

from sniffer.base.phrasing import format_count
from sniffer.base.sanitize import printable
from sniffer.base.times import SECOND
from sniffer.core.charger.consistency_rules import STATION
from sniffer.history.timeline.session_timeline import SessionTimeline
from sniffer.tui.content import fit
from sniffer.tui.timeline.lanes import (
    BLANK,
    AxisCell,
    Viewport,
    draw_fault_cells,
    draw_mark_cells,
    draw_status_cells,
    find_silences,
    find_status_states,
)
from sniffer.tui.timeline.legend import GAP, GAP_STYLE, MARK_STYLES, SEVERAL, StateStyle, find_state_styles
from sniffer.tui.timeline.plots import Plot, list_kinds, make_measured_plots, make_rate_plot
from sniffer.tui.timeline.scale import place_number_ticks, place_time_ticks

NAME_WIDTH = 8
"""The cells before the first column."""

NOTE_WIDTH, _NOTE_FROM = 20, 60
"""The cells after the last column, and the width of the pane from which on they are shown."""

CURSOR = "▼"


class AxisRow(NamedTuple):
    """One row: a name before the columns, a cell for each column, and a note after them."""

    name: str
    cells: Sequence[AxisCell]
    note: str = ""


def count_columns(width: int) -> int:
    """Return the number of columns of the axis in a pane of this width in cells."""
    return max(1, width - NAME_WIDTH - _compute_note_width(width))


def draw_timeline(
    timeline: SessionTimeline, viewport: Viewport, readout: Content, width: int, height: int
) -> list[Content]:
    """Return all lines; they are more than `height` only if there are many connectors."""
    silent, styles = find_silences(timeline, viewport), find_state_styles(timeline.definition)
    marks = draw_mark_cells(timeline, viewport, silent)
    states = {number: find_status_states(track, viewport) for number, track in sorted(timeline.statuses.items())}
    rows = [
        AxisRow("", _draw_axis(timeline, viewport)),
        AxisRow("marks", marks),
        _build_fault_row(timeline, viewport, silent),
    ]
    rows += [
        _build_connector_row(timeline, viewport, number, draw_status_cells(lane, silent, styles))
        for number, lane in states.items()
    ]
    if timeline.left_out:
        text = f"{format_count(len(timeline.left_out), 'more connector')} without a lane"
        rows.append(AxisRow("", [AxisCell(char, "$warning") for char in text]))
    room = height - len(rows) - 1
    rows += [
        AxisRow(plot.name, [BLANK if bar == " " else AxisCell(bar, plot.style) for bar in plot.bars], plot.note)
        for plot in _build_plots(timeline, viewport, silent, room)
    ]
    lines = [readout, *(_format_line(row, viewport, width) for row in rows)]
    if room >= 1:
        seen = {*marks, *(AxisCell(GAP, GAP_STYLE) for is_silent in silent if is_silent)}
        lines.append(_format_legend(seen, set(chain.from_iterable(states.values())), styles, width))
    return lines


def _build_fault_row(timeline: SessionTimeline, viewport: Viewport, silent: Sequence[bool]) -> AxisRow:
    """Return the row of all faults, and how many are active at the end of the screen."""
    last = [track.at(viewport.ends, viewport.until) for track in timeline.faults.values()]
    active = sum(1 for fault in last if fault and fault.value is not None)
    cells = draw_fault_cells(timeline.faults.values(), viewport, silent)
    return AxisRow("fault", cells, f"{active} active" if active else "none active")


def _build_connector_row(
    timeline: SessionTimeline, viewport: Viewport, number: int, cells: Sequence[AxisCell]
) -> AxisRow:
    """Return the row of a connector: its states as letters, and its status at the end of the screen."""
    last = timeline.statuses[number].at(viewport.ends, viewport.until)
    return AxisRow("station" if number == STATION else f"C{number}", cells, printable(last.value) if last else "")


def _format_line(row: AxisRow, viewport: Viewport, width: int) -> Content:
    """Return the line of a row, with the column of the cursor marked."""
    columns, cursor = viewport.scale.columns, viewport.scale.column(viewport.cursor)
    cells = [*row.cells[:columns], *[BLANK] * (columns - len(row.cells))]
    text = f"{fit(row.name, NAME_WIDTH)}{''.join(cell.char for cell in cells)}"
    spans, at = [Span(0, NAME_WIDTH, "$quiet")], NAME_WIDTH
    for style, run in groupby(cells, attrgetter("style")):
        end = at + sum(1 for _ in run)
        if style:
            spans.append(Span(at, end, style))
        at = end
    if 0 <= cursor < columns:
        spans.append(Span(NAME_WIDTH + cursor, NAME_WIDTH + cursor + 1, "on $chosen"))
    if room := _compute_note_width(width):
        text += f" {fit(row.note, room - 1)}"
        spans.append(Span(at, len(text), "$secondary"))
    return Content(text, spans)


def _draw_axis(timeline: SessionTimeline, viewport: Viewport) -> list[AxisCell]:
    """Return the cells of the axis: each label after its tick, and the cursor above them."""
    scale = viewport.scale
    cells = [BLANK] * scale.columns
    for column, text in place_time_ticks(scale, viewport.clock) if timeline.is_timed else place_number_ticks(scale):
        style = "$quiet" if column < viewport.known else "$faint"
        cells[column : column + len(text) + 1] = [AxisCell("│", "$rule"), *(AxisCell(char, style) for char in text)]
    cursor = scale.column(viewport.cursor)
    if 0 <= cursor < scale.columns:
        cells[cursor] = AxisCell(CURSOR, "bold $primary")
    return cells


def _build_plots(timeline: SessionTimeline, viewport: Viewport, silent: Sequence[bool], room: int) -> list[Plot]:
    """Return the plots that fit beside the legend in `room` lines: the rate, then measured values."""
    scale = viewport.scale
    if room < 2:
        return []
    drawn = timeline.slice_columns(viewport.edges, viewport.until)
    plots = [make_rate_plot(drawn[: viewport.known], scale.step / SECOND if timeline.is_timed else None)]
    return plots + make_measured_plots(drawn, silent, room - 2, timeline.present, list_kinds(timeline.definition))


def _format_legend(marks: Set[AxisCell], states: Set[str], styles: Mapping[str, StateStyle], width: int) -> Content:
    """Return the legend of the letters and characters that are shown."""
    entries = [(mark.char, mark.name, mark.style) for mark in MARK_STYLES if (mark.char, mark.style) in marks]
    entries += [(GAP, "gap", GAP_STYLE)] if (GAP, GAP_STYLE) in marks else []
    entries += [(mark.letter, name, mark.style) for name, mark in styles.items() if name in states]
    entries += [(SEVERAL, "several", GAP_STYLE)] if SEVERAL in states else []
    parts: list[str | tuple[str, str]] = [" " * NAME_WIDTH]
    for char, name, style in entries:
        parts += [(char, style), (f" {name}  ", "$quiet")]
    return Content.assemble(*parts).truncate(width, ellipsis=True)


def _compute_note_width(width: int) -> int:
    return NOTE_WIDTH if width >= _NOTE_FROM else 0
