"""The axis of the charts: places in percent, and labels at round times, numbers, durations and volts."""

import re
from datetime import UTC, timedelta, timezone
from itertools import pairwise

import pytest

from sniffer.base.times import SECOND
from sniffer.commands.report.charts.axis import (
    LEAST_WIDTH,
    MOST_TICKS,
    Axis,
    build_row,
    build_svg,
    draw_gaps,
    draw_grid,
    draw_tick_labels,
    find_duration_ticks,
    find_ticks,
    find_value_ticks,
)
from sniffer.commands.report.charts.markup import Markup
from sniffer.commands.report.model import QuietSpan
from tests.commands.report.helpers import plain_report


def test_places_are_percent_of_the_axis() -> None:
    axis = Axis(plain_report(began=10, ended=30))
    assert [axis.position(moment) for moment in (10, 20, 30)] == [0, 50, 100]
    assert axis.extent(15, 20) == (25, 25)


def test_a_span_is_never_too_narrow_or_past_the_end() -> None:
    axis = Axis(plain_report(began=0, ended=1000))
    assert axis.extent(500, 500) == (50, LEAST_WIDTH)
    start, width = axis.extent(1000, 1000)
    assert (start, round(start + width, 6)) == (100 - LEAST_WIDTH, 100)


def test_a_session_of_one_moment_has_an_axis() -> None:
    assert Axis(plain_report(began=5, ended=5)).position(5) == 0


@pytest.mark.parametrize(
    ("seconds", "first", "step"),
    [(10, "00:00:00", 1), (60, "00:00:00", 5), (600, "00:00", 60), (7200, "00:00", 600)],
)
def test_labels_of_times_are_round(seconds: int, first: str, step: int) -> None:
    found = find_ticks(plain_report(zone=UTC, began=0, ended=seconds * SECOND))
    assert found[0].text == first
    assert {after.at - before.at for before, after in pairwise(found)} == {step * SECOND}
    assert 2 <= len(found) <= MOST_TICKS + 1


def test_labels_of_milliseconds_and_days() -> None:
    assert find_ticks(plain_report(zone=UTC, began=0, ended=10_000_000))[1].text == "00:00:00.001"
    assert find_ticks(plain_report(zone=UTC, began=0, ended=8 * 86_400 * SECOND))[1].text == "1970-01-02"


def test_labels_are_round_in_the_zone_of_the_session() -> None:
    zone = timezone(timedelta(hours=5, minutes=30))
    found = find_ticks(plain_report(zone=zone, began=0, ended=5 * 3600 * SECOND))
    assert [tick.text for tick in found][:2] == ["05:30", "06:00"]


def test_labels_of_records_are_round() -> None:
    found = find_ticks(plain_report(is_timed=False, began=1, ended=100))
    assert [tick.text for tick in found][:3] == ["#10", "#20", "#30"]


def test_labels_at_the_edges_are_anchored_inside() -> None:
    labels = [*draw_tick_labels(Axis(plain_report(is_timed=False, began=0, ended=10)))]
    assert 'text-anchor="start"' in labels[0]
    assert 'text-anchor="middle"' in labels[5]
    assert 'text-anchor="end"' in labels[-1]
    assert "seldom" not in labels[0]
    assert "seldom" in labels[1]


def test_a_label_at_the_edge_that_would_run_into_the_next_is_left_out() -> None:
    labels = [*draw_tick_labels(Axis(plain_report(zone=UTC, began=0, ended=10 * SECOND)))]
    assert [re.findall(r">([^<]*)<", label)[0] for label in labels] == [f"00:00:{second:02}" for second in range(1, 10)]


def test_long_labels_stand_at_every_other_line() -> None:
    labels = [*draw_tick_labels(Axis(plain_report(zone=UTC, began=0, ended=6 * SECOND)))]
    assert [re.findall(r">([^<]*)<", label)[0] for label in labels] == [
        f"00:00:0{second}.000" for second in range(1, 6)
    ]


def test_ticks_of_durations_are_round_on_a_logarithmic_axis() -> None:
    assert [tick.text for tick in find_duration_ticks(1e6, 20e6)] == ["1 ms", "2 ms", "5 ms", "10 ms", "20 ms"]
    assert [tick.text for tick in find_duration_ticks(1e3, 1e9)] == [
        "1 µs",
        "10 µs",
        "100 µs",
        "1 ms",
        "10 ms",
        "100 ms",
        "1 s",
    ]
    assert [tick.text for tick in find_duration_ticks(1, 9)] == ["1 ns", "2 ns", "5 ns"]


def test_ticks_of_voltages_are_round() -> None:
    assert [tick.text for tick in find_value_ticks(221.5, 231.5, "V")] == ["222 V", "224 V", "226 V", "228 V", "230 V"]
    assert [tick.at for tick in find_value_ticks(0, 400, "V")] == [0, 100, 200, 300, 400]


def test_a_position_at_the_edge_decides_the_anchor() -> None:
    def anchors(began: int, ended: int) -> list[str]:
        labels = draw_tick_labels(Axis(plain_report(is_timed=False, began=began, ended=ended)))
        return [re.findall(r'text-anchor="(\w+)"', label)[0] for label in labels]

    assert anchors(6, 106)[0] == "middle"
    assert anchors(7, 107)[0] == "start"
    assert anchors(4, 104)[-1] == "middle"
    assert anchors(3, 103)[-1] == "end"


def test_few_labels_are_all_shown_on_a_phone() -> None:
    def has_seldom(ended: int) -> bool:
        labels = draw_tick_labels(Axis(plain_report(is_timed=False, began=1, ended=ended)))
        return any("seldom" in label for label in labels)

    assert not has_seldom(5)
    assert has_seldom(6)


def test_the_grid_has_a_line_at_each_label() -> None:
    axis = Axis(plain_report(is_timed=False, began=0, ended=10))
    lines = [*draw_grid(axis)]
    assert len(lines) == len(find_ticks(axis.report))
    assert lines[1] == '<line x1="10.00%" x2="10.00%" y1="0" y2="100%" class="grid"></line>'


def test_gaps_are_blocks_over_the_whole_height() -> None:
    report = plain_report(is_timed=False, began=0, ended=100, gaps=(QuietSpan(10, 30, 5),))
    assert [*draw_gaps(Axis(report))] == [
        '<rect x="10.00%" width="20.00%" height="100%" class="gap"><title>no traffic for 20 records</title></rect>'
    ]


def test_a_row_has_its_name_and_what_stands_below() -> None:
    drawing = build_svg(20, Markup("<g></g>"))
    assert drawing == '<svg width="100%" height="20"><g></g></svg>'
    assert build_row("a<b", drawing, Markup("<p></p>")) == (
        f'<div class="row"><div class="name">a&lt;b</div><div>{drawing}<p></p></div></div>'
    )


def test_the_least_step_that_fits_is_taken() -> None:
    assert len(find_ticks(plain_report(is_timed=False, began=0, ended=MOST_TICKS))) == MOST_TICKS + 1
    assert len(find_ticks(plain_report(zone=UTC, began=0, ended=MOST_TICKS * SECOND))) == MOST_TICKS + 1
