"""The axis of the timeline: which span of the session each column of the screen shows, and the labels above.

A column is a whole number of buckets and begins where a bucket begins, so that two columns never share a bucket and
everything that is kept of a bucket is in one column. This module knows no widget and no clock. Moments are nanoseconds
since the epoch, or record numbers if the source has no times.
"""

from typing import NamedTuple

from msgspec import Struct

from sniffer.base import times
from sniffer.base.axis_steps import NUMBER_STEPS, TIME_STEPS
from sniffer.base.times import DAY, MINUTE, SECOND
from sniffer.history.timeline.tracks import Grid
from sniffer.tui.state.time_formatter import TimeFormatter, format_since_beginning

_LAST = 253_370_764_800 * SECOND
"""The end of the year 9999: later dates cannot be formatted."""

_LABEL_FORMATS = (
    (100 * DAY, "%Y-%m-%d", 10),
    (DAY, "%m-%d", 5),
    (MINUTE, "%H:%M", 5),
    (SECOND, "%H:%M:%S", 8),
    (0, "%H:%M:%S.%f", 12),
)
"""The smallest step of ticks in nanoseconds for each format of labels, and the width of a label in cells."""


class TickLabel(NamedTuple):
    """A label and the column at which it begins."""

    column: int
    text: str


class Scale(Struct, frozen=True):
    """A scale of `columns` columns from the moment `start`; each column is `step` wide."""

    start: int
    step: int
    columns: int

    @property
    def end(self) -> int:
        """The moment after the last column."""
        return self.start + self.step * self.columns

    def column(self, moment: int) -> int:
        """Return the column of a moment, which may lie outside the screen."""
        return (moment - self.start) // self.step

    def moment(self, column: int) -> int:
        """Return the moment at which a column begins."""
        return self.start + column * self.step


def fit_scale(grid: Grid, end: int, columns: int) -> Scale:
    """Return the axis from its origin to the moment `end`, with as few buckets in a column as show all of it."""
    each = -(-(grid.bucket(end) + 1) // columns)
    return Scale(grid.origin, each * grid.width, columns)


def zoom_scale(scale: Scale, grid: Grid, around: int, step: int) -> Scale:
    """Return a scale with columns `step` wide, or a little less, in which the moment `around` keeps its column."""
    step = max(1, step // grid.width) * grid.width
    return Scale(_align_to_grid(grid, around - scale.column(around) * step), step, scale.columns)


def move_scale(scale: Scale, grid: Grid, columns: int, around: int) -> Scale:
    """Return a scale of the same step with this many columns, moved as little as makes `around` visible.

    It is aligned with the buckets as they are now.
    """
    step = max(1, scale.step // grid.width) * grid.width
    # The start is aligned first: it may move back by nearly a bucket, and the last column moves with it.
    start = _align_to_grid(grid, min(scale.start, around))
    if around >= start + step * columns:
        start = _align_to_grid(grid, around - (columns - 1) * step)
    return Scale(start, step, columns)


def _align_to_grid(grid: Grid, moment: int) -> int:
    """Return the beginning of the bucket of `grid` that holds a moment."""
    return grid.origin + max(0, grid.bucket(moment)) * grid.width


def place_time_ticks(scale: Scale, clock: TimeFormatter) -> list[TickLabel]:
    """Return labels at round times of day, or at round times since the beginning, as many as fit without touching."""
    if clock.mode == "relative" and clock.began is not None:
        return _place_span_ticks(scale, clock.began)
    for step in TIME_STEPS:
        _, shape, width = next(found for found in _LABEL_FORMATS if step >= found[0])
        if step >= (width + 3) * scale.step:
            break
    offset = times.as_datetime(min(scale.start, _LAST), clock.zone).utcoffset()
    shift = int(offset.total_seconds()) * SECOND if offset else 0
    first = -(-(scale.start + shift) // step) * step - shift
    return [
        TickLabel(scale.column(moment), times.as_datetime(moment, clock.zone).strftime(shape)[:width])
        for moment in range(first, min(scale.end, _LAST), step)
        if scale.column(moment) + width < scale.columns
    ]


def _place_span_ticks(scale: Scale, began: int) -> list[TickLabel]:
    """Return labels at round times since the session began: `+0:01:00`, with milliseconds if the steps are short."""
    for step in TIME_STEPS:
        width = len(_format_tick(scale.end, began, step))
        if step >= (width + 3) * scale.step:
            break
    first = began - (began - scale.start) // step * step
    return [
        TickLabel(scale.column(moment), _format_tick(moment, began, step))
        for moment in range(first, min(scale.end, _LAST), step)
        if scale.column(moment) + width < scale.columns
    ]


def _format_tick(moment: int, began: int, step: int) -> str:
    text = format_since_beginning(moment, began)
    return text if step < SECOND else text.partition(".")[0]


def place_number_ticks(scale: Scale) -> list[TickLabel]:
    """Return labels at round record numbers."""
    width = len(f"#{scale.end}")
    step = next(step for step in NUMBER_STEPS if step >= (width + 3) * scale.step)
    first = -(-scale.start // step) * step
    return [
        TickLabel(scale.column(moment), f"#{moment}")
        for moment in range(first, scale.end, step)
        if scale.column(moment) + width < scale.columns
    ]
