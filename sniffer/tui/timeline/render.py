"""The timeline as lines of text, in the room that there is.

In: the chronicle, a `Sight` and a readout. Out: lines, each of which is a name, one cell for each column of the axis,
and words for what is so at the end. It costs some look-ups for each column, whatever the session's length.

From the top: readout, axis, marks, faults and a lane for each connector. Where there is room for more come the legend,
then the frame rate, then the voltages, in one row or in three.
"""

from collections.abc import Sequence, Set
from itertools import chain, groupby
from operator import attrgetter
from typing import NamedTuple

from textual.content import Content, Span

from sniffer.base.sanitize import printable
from sniffer.core.charger.consistency_rules import STATION
from sniffer.history.session_timeline import SessionTimeline
from sniffer.tui.content import fit
from sniffer.tui.state.view_state import counted
from sniffer.tui.timeline.lanes import (
    BLANK,
    Cell,
    Sight,
    fault_cells,
    mark_cells,
    silences,
    status_cells,
    status_states,
)
from sniffer.tui.timeline.legend import GAP, MARKS, QUIET, SEVERAL, STATUSES
from sniffer.tui.timeline.plots import Plot, rate_plot, voltage_plots
from sniffer.tui.timeline.scale import SECOND, number_ticks, time_ticks

NAME_WIDTH = 8
"""Cells before the first column."""

NOTE_WIDTH, _NOTE_FROM = 20, 60
"""Cells behind the last column, and the width of pane from which on there are any."""

CURSOR = "▼"


class AxisRow(NamedTuple):
    """What stands before the axis's columns, in each of them, and behind them."""

    name: str
    cells: Sequence[Cell]
    note: str = ""


def columns_in(width: int) -> int:
    """How many columns the axis has in a pane of this width."""
    return max(1, width - NAME_WIDTH - _note_width(width))


def draw(chronicle: SessionTimeline, sight: Sight, readout: Content, width: int, height: int) -> list[Content]:
    """All lines; there are more than `height` only where there are many connectors."""
    silent = silences(chronicle, sight)
    marks = mark_cells(chronicle, sight, silent)
    states = {number: status_states(track, sight) for number, track in sorted(chronicle.statuses.items())}
    rows = [AxisRow("", _axis_cells(chronicle, sight)), AxisRow("marks", marks), _faults(chronicle, sight, silent)]
    rows += [_connector(chronicle, sight, number, status_cells(told, silent)) for number, told in states.items()]
    if chronicle.left_out:
        text = f"{counted(len(chronicle.left_out), 'more connector')} without a lane"
        rows.append(AxisRow("", [Cell(char, "$warning") for char in text]))
    room = height - len(rows) - 1
    rows += [
        AxisRow(plot.name, [BLANK if bar == " " else Cell(bar, plot.style) for bar in plot.bars], plot.note)
        for plot in _plots(chronicle, sight, silent, room)
    ]
    lines = [readout, *(_line(row, sight, width) for row in rows)]
    if room >= 1:
        seen = {*marks, *(Cell(GAP, QUIET) for is_silent in silent if is_silent)}
        lines.append(_legend(seen, set(chain.from_iterable(states.values())), width))
    return lines


def _faults(chronicle: SessionTimeline, sight: Sight, silent: Sequence[bool]) -> AxisRow:
    last = [track.at(sight.ends, sight.until) for track in chronicle.faults.values()]
    active = sum(1 for fault in last if fault and fault.text)
    cells = fault_cells(chronicle.faults.values(), sight, silent)
    return AxisRow("fault", cells, f"{active} active" if active else "none active")


def _connector(chronicle: SessionTimeline, sight: Sight, number: int, cells: Sequence[Cell]) -> AxisRow:
    last = chronicle.statuses[number].at(sight.ends, sight.until)
    return AxisRow("station" if number == STATION else f"conn {number}", cells, printable(last.text) if last else "")


def _line(row: AxisRow, sight: Sight, width: int) -> Content:
    """A row with the cursor's column in it."""
    columns, cursor = sight.scale.columns, sight.scale.column(sight.cursor)
    cells = [*row.cells[:columns], *[BLANK] * (columns - len(row.cells))]
    text = f"{row.name:<{NAME_WIDTH}}{''.join(cell.char for cell in cells)}"
    spans, at = [Span(0, NAME_WIDTH, "$quiet")], NAME_WIDTH
    for style, run in groupby(cells, attrgetter("style")):
        end = at + sum(1 for _ in run)
        if style:
            spans.append(Span(at, end, style))
        at = end
    if 0 <= cursor < columns:
        spans.append(Span(NAME_WIDTH + cursor, NAME_WIDTH + cursor + 1, "on $chosen"))
    if room := _note_width(width):
        text += f" {fit(row.note, room - 1)}"
        spans.append(Span(at, len(text), "$secondary"))
    return Content(text, spans)


def _axis_cells(chronicle: SessionTimeline, sight: Sight) -> list[Cell]:
    """The labels, each behind the tick that it belongs to, and the cursor over them."""
    scale = sight.scale
    cells = [BLANK] * scale.columns
    for column, text in time_ticks(scale, sight.zone) if chronicle.is_timed else number_ticks(scale):
        style = "$quiet" if column < sight.known else "$faint"
        cells[column : column + len(text) + 1] = [Cell("│", "$rule"), *(Cell(char, style) for char in text)]
    cursor = scale.column(sight.cursor)
    if 0 <= cursor < scale.columns:
        cells[cursor] = Cell(CURSOR, "bold $primary")
    return cells


def _plots(chronicle: SessionTimeline, sight: Sight, silent: Sequence[bool], room: int) -> list[Plot]:
    """What fits beside the legend: the rate, then the voltages."""
    scale = sight.scale
    if room < 2:
        return []
    drawn = chronicle.columns(sight.edges, sight.until)
    plots = [rate_plot(drawn[: sight.known], scale.step / SECOND if chronicle.is_timed else None)]
    if room >= 3:
        plots += voltage_plots(drawn, silent, apart=room >= 5)
    return plots


def _legend(marks: Set[Cell], states: Set[str], width: int) -> Content:
    """What the letters and characters mean that there are."""
    told = [(look.char, look.name, look.style) for look in MARKS if (look.char, look.style) in marks]
    told += [(GAP, "gap", QUIET)] if (GAP, QUIET) in marks else []
    told += [(look.letter, name, look.style) for name, look in STATUSES.items() if name in states]
    told += [(SEVERAL, "several", QUIET)] if SEVERAL in states else []
    parts: list[str | tuple[str, str]] = [" " * NAME_WIDTH]
    for char, name, style in told:
        parts += [(char, style), (f" {name}  ", "$quiet")]
    return Content.assemble(*parts).truncate(width, ellipsis=True)


def _note_width(width: int) -> int:
    return NOTE_WIDTH if width >= _NOTE_FROM else 0
