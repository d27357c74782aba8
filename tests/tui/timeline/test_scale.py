"""The axis of the timeline: columns that are whole buckets, and labels that stand apart."""

from datetime import UTC, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sniffer.base.times import DAY, SECOND
from sniffer.history.timeline.tracks import Grid
from sniffer.tui.state.time_formatter import TimeFormatter
from sniffer.tui.timeline.scale import (
    Scale,
    TickLabel,
    fit_scale,
    move_scale,
    place_number_ticks,
    place_time_ticks,
    zoom_scale,
)

MIDNIGHT = 1_701_302_400 * SECOND
GRIDS = st.builds(Grid, st.integers(-(10**6), 10**19), st.integers(1, 10**12))
COLUMNS = st.integers(1, 250)


def on_grid(scale: Scale, grid: Grid) -> bool:
    return (scale.start - grid.origin) % grid.width == scale.step % grid.width == 0 < scale.step


@given(GRIDS, st.integers(0, 2047), COLUMNS)
def test_whole_session_is_on_the_screen(grid: Grid, last: int, columns: int) -> None:
    end = grid.origin + last * grid.width
    scale = fit_scale(grid, end, columns)
    assert on_grid(scale, grid)
    assert scale.column(grid.origin) == 0
    assert 0 <= scale.column(end) < columns
    assert scale.step == grid.width or scale.column(end) >= (columns - 1) // 2


@given(GRIDS, st.integers(0, 2047), COLUMNS, st.integers(1, 2048), st.integers(0, 2047))
def test_zoom_keeps_the_cursor_where_it_is(grid: Grid, last: int, columns: int, each: int, at: int) -> None:
    scale = fit_scale(grid, grid.origin + last * grid.width, columns)
    around = grid.origin + min(at, last) * grid.width
    closer = zoom_scale(scale, grid, around, each * grid.width)
    assert on_grid(closer, grid)
    if closer.start > grid.origin:
        assert closer.column(around) == scale.column(around)
    assert 0 <= closer.column(around) < columns or closer.step > scale.step


@given(GRIDS, COLUMNS, st.integers(1, 9), st.integers(0, 2000), COLUMNS, st.integers(0, 2047))
@example(Grid(0, 1), 1, 8, 803, 8, 866)
def test_scale_moves_with_the_cursor(grid: Grid, columns: int, each: int, start: int, now: int, at: int) -> None:
    """The buckets may have become wider since, and the pane another width."""
    scale = Scale(grid.origin + start * grid.width, each * grid.width, columns)
    wider = Grid(grid.origin, 2 * grid.width)
    around = grid.origin + at * grid.width
    there = move_scale(scale, wider, now, around)
    assert on_grid(there, wider)
    assert there.columns == now
    assert 0 <= there.column(around) < now


def test_scale_that_holds_the_cursor_stays() -> None:
    grid = Grid(1000, 10)
    scale = Scale(1200, 30, 20)
    assert move_scale(scale, grid, 20, 1500) == scale
    assert move_scale(scale, grid, 20, 1100) == Scale(1100, 30, 20)
    assert move_scale(scale, grid, 20, 1800) == Scale(1230, 30, 20)


@pytest.mark.parametrize(
    ("step", "labels"),
    [
        (1_000_000, ["00:00:00.000", "00:00:00.020", "00:00:00.040"]),
        (SECOND // 10, ["00:00:00", "00:00:02", "00:00:04"]),
        (SECOND, ["00:00:00", "00:00:15", "00:00:30", "00:00:45"]),
        (60 * SECOND, ["00:00", "00:10", "00:20", "00:30", "00:40", "00:50"]),
        (DAY // 10, ["11-30", "12-01", "12-02", "12-03", "12-04", "12-05"]),
        (DAY * 365, ["2024-10-04", "2038-06-13", "2052-02-20"]),
    ],
)
def test_labels_are_round_times(step: int, labels: list[str]) -> None:
    ticks = place_time_ticks(Scale(MIDNIGHT, step, 58), TimeFormatter(UTC))
    assert [tick.text for tick in ticks][: len(labels)] == labels


def test_labels_are_round_in_the_zone_of_the_source() -> None:
    zone = timezone(timedelta(hours=5, minutes=30))
    assert [tick.text for tick in place_time_ticks(Scale(MIDNIGHT, 60 * 60 * SECOND, 40), TimeFormatter(zone))] == [
        "12:00",
        "00:00",
        "12:00",
    ]
    assert place_time_ticks(Scale(MIDNIGHT, 60 * SECOND, 40), TimeFormatter(zone))[0] == TickLabel(0, "05:30")


@pytest.mark.parametrize(
    ("step", "texts"),
    [(60 * SECOND, ["+0:15:00", "+0:30:00"]), (SECOND // 100, ["+0:00:00.200"])],
)
def test_ticks_since_the_beginning_are_at_round_spans(step: int, texts: list[str]) -> None:
    began = MIDNIGHT + 17 * SECOND
    ticks = place_time_ticks(Scale(began, step, 45), TimeFormatter(UTC, began, "relative"))
    assert ticks[0] == TickLabel(0, "+0:00:00" if step >= SECOND else "+0:00:00.000")
    assert [tick.text for tick in ticks[1:3]] == texts
    moved = place_time_ticks(Scale(began + step, step, 45), TimeFormatter(UTC, began, "relative"))
    assert moved[0].column >= 0
    assert moved[0].text == texts[0]


def test_records_are_labelled_by_round_numbers() -> None:
    assert place_number_ticks(Scale(1, 1, 30)) == [TickLabel(9, "#10"), TickLabel(19, "#20")]
    assert [tick.text for tick in place_number_ticks(Scale(1, 1000, 60))] == [
        "#10000",
        "#20000",
        "#30000",
        "#40000",
        "#50000",
    ]


LAST = 253_000_000_000 * SECOND


@given(st.integers(-60_000_000_000 * SECOND, LAST), st.integers(1, 10**19), COLUMNS)
def test_labels_stand_apart_and_inside(start: int, step: int, columns: int) -> None:
    scale = Scale(start, step, columns)
    for ticks in (
        place_time_ticks(scale, TimeFormatter(UTC)),
        place_number_ticks(Scale(max(1, start), min(step, 10**12), columns)),
    ):
        assert all(one.column + len(one.text) + 1 < two.column for one, two in pairwise(ticks))
        assert all(tick.column >= 0 and tick.column + len(tick.text) < columns for tick in ticks)
