"""The lanes of the timeline that show what happened: one cell for each column of the axis.

In: the session's timeline, and a `Viewport` that says which part of it is shown. Out: cells, each a character and a
style. Columns that begin after the end of the viewport stay empty.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from rich.cells import cell_len

from sniffer.base.sanitize import printable
from sniffer.core.charger.consistency_rules import FAULTED
from sniffer.history.timeline.session_timeline import Meanings, SessionTimeline
from sniffer.history.timeline.silences import SILENT
from sniffer.history.timeline.tracks import Track
from sniffer.text.describe import format_meanings
from sniffer.tui.state.time_formatter import TimeFormatter
from sniffer.tui.timeline.legend import GAP, GAP_STYLE, MARK_STYLES, SEVERAL, STATUS_STYLES, UNKNOWN_STATUS, StateStyle
from sniffer.tui.timeline.scale import Scale


@dataclass(frozen=True)
class Viewport:
    """The content of the lanes: the `scale`, and the session as known at record `until`, at the moment `ends`.

    `cursor` is a moment of the axis, and `number` the record at the cursor. Moments are in nanoseconds, or record
    numbers if the source has no times.
    """

    scale: Scale
    until: int
    ends: int
    clock: TimeFormatter
    cursor: int
    number: int

    @cached_property
    def known(self) -> int:
        """The number of columns that have begun."""
        return max(0, min(self.scale.columns, self.scale.column(self.ends) + 1))

    @cached_property
    def edges(self) -> list[int]:
        """The moments at which the columns begin, and the one at which the last column ends."""
        return [self.scale.moment(column) for column in range(self.scale.columns + 1)]


class AxisCell(NamedTuple):
    """The character and style of one column in one row."""

    char: str
    style: str


BLANK = AxisCell(" ", "")

SEVERAL_FAULTS = "several faults"


def find_status_states(track: Track[str], viewport: Viewport) -> list[str]:
    """Return the status of a connector in each column; of several statuses, Faulted comes first, else `SEVERAL`."""
    states = []
    for before, statuses in track.slice_columns(viewport.edges, viewport.until):
        state = before or ""
        if FAULTED in statuses:
            state = FAULTED
        elif len(statuses) > 1:
            state = SEVERAL
        elif statuses:
            state = statuses[0]
        states.append(state)
    return states[: viewport.known]


def draw_status_cells(
    states: Sequence[str], silent: Sequence[bool], styles: Mapping[str, StateStyle]
) -> list[AxisCell]:
    """Return the lane of a connector, each state in its style."""
    return _draw_blocks(states, silent, lambda state: styles.get(state, UNKNOWN_STATUS))


def draw_fault_cells(
    tracks: Iterable[Track[Meanings | None]], viewport: Viewport, silent: Sequence[bool]
) -> list[AxisCell]:
    """Return the lane of faults: the fault in each column, of all connectors together."""
    states = [""] * viewport.scale.columns
    for track in tracks:
        for column, (before, faults) in enumerate(track.slice_columns(viewport.edges, viewport.until)):
            fault = next((fault for fault in reversed(faults) if fault is not None), before)
            if fault is not None:
                here = format_meanings(fault)
                states[column] = here if states[column] in ("", here) else SEVERAL_FAULTS
    return _draw_blocks(states[: viewport.known], silent, lambda _: STATUS_STYLES[FAULTED])


def draw_mark_cells(timeline: SessionTimeline, viewport: Viewport, silent: Sequence[bool]) -> list[AxisCell]:
    """Return the lane of marks: the first kind of mark in each column, in the order of the table, or a gap."""
    gap = AxisCell(GAP, GAP_STYLE)
    cells = [gap if is_silent else BLANK for is_silent in silent[: viewport.known]]
    for mark in reversed(MARK_STYLES):
        if track := timeline.marks[mark.kind]:
            cell = AxisCell(mark.char, mark.style)
            spans = track.slice_columns(viewport.edges, viewport.until)
            cells = [cell if marks else under for under, (_, marks) in zip(cells, spans, strict=False)]
    return cells


def find_silences(timeline: SessionTimeline, viewport: Viewport) -> list[bool]:
    """Return for each column whether it lies within a gap, or holds a shorter gap.

    A gap that has not ended reaches to the end of what is shown.
    """
    spans = timeline.gaps.slice_columns(viewport.edges, viewport.until)
    return [
        SILENT in states or (not states and before == SILENT and viewport.scale.moment(column) <= viewport.ends)
        for column, (before, states) in enumerate(spans)
    ]


def _draw_blocks(
    states: Sequence[str], silent: Sequence[bool], style_of: Callable[[str], StateStyle]
) -> list[AxisCell]:
    """Return equal states as blocks of cells: the name of the state if it fits, else its letter; then its pattern."""
    cells: list[AxisCell] = []
    for state, run in groupby(states):
        size = sum(1 for _ in run)
        if not state:
            cells += [BLANK] * size
        elif state == SEVERAL:
            cells += [AxisCell(SEVERAL, GAP_STYLE)] * size
        else:
            style, name = style_of(state), printable(state)
            has_room = len(name) < size and all(cell_len(char) == 1 for char in name)
            head = f"{name} " if has_room else style.letter
            at = len(cells)
            cells += [AxisCell(char, style.style) for char in head]
            cells += [
                AxisCell(GAP if silent[at + spot] else style.fill, style.style) for spot in range(len(head), size)
            ]
    return cells
