"""The timeline of a report: a row for each connector, fault and kind of mark, over one axis."""

import re
from typing import Any

import pytest

from sniffer.commands.report.charts import timeline
from sniffer.commands.report.charts.timeline import draw_timeline
from sniffer.commands.report.model import ChartColumn, Lane, Span, TimelineMark
from sniffer.core.charger.events import Booted
from sniffer.text.marks import EVENT_MARKS
from tests.commands.report.helpers import lane_of, plain_report, report_of

HUNDRED_COLUMNS = tuple(ChartColumn(at, at + 1, 1, 0, ()) for at in range(100))


def drawn(*lanes: Lane, **changes: Any) -> str:
    """Return the timeline of 100 records with these lanes."""
    values: dict[str, Any] = {"fault_lanes": (), "boot_marks": (), "marks": {}, "gaps": (), "measured": ()}
    values |= {"is_timed": False, "began": 0, "ended": 100, "columns": HUNDRED_COLUMNS, "lanes": lanes, **changes}
    return draw_timeline(plain_report(**values))


def blocks_of(shown: str) -> list[tuple[str, str, str]]:
    """Return position, width and class of each block."""
    return re.findall(r'x="([\d.]+)%" width="([\d.]+)%" height="28" class="state (\w+)"', shown)


def words_of(shown: str) -> list[tuple[str, str]]:
    """Return the screen and the text of the words in the blocks."""
    return re.findall(r'<text x="4" y="17" class="(wide|narrow)">([^<]*)</text>', shown)


def test_every_connector_fault_and_plot_has_a_row() -> None:
    shown = draw_timeline(report_of("mains-sag.pcapng"))
    for name in ("connector 1", "fault", "Charging", "Faulted", "L1", "frames"):
        assert name in shown


def test_boots_are_marked() -> None:
    assert EVENT_MARKS[Booted] in draw_timeline(report_of("restarts.pcapng"))
    assert "▲" not in draw_timeline(plain_report(boot_marks=()))


def test_what_a_log_holds_is_text() -> None:
    assert "<script" not in draw_timeline(report_of("undervoltage.log"))


def test_blocks_stand_where_the_states_were() -> None:
    shown = drawn(lane_of(None, "Available", "Charging", each=30))
    assert blocks_of(shown) == [("30.00", "30.00", "available"), ("60.00", "30.00", "charging")]
    assert "<title>Available, #30 to #60, 30 records</title>" in shown


def test_a_state_without_a_symbol_has_the_class_other() -> None:
    assert blocks_of(drawn(lane_of("Parked", each=100))) == [("0.00", "100.00", "other")]


def test_a_move_that_ocpp_does_not_allow_is_mentioned() -> None:
    lane = Lane(1, (Span("Charging", 0, 100, 1, False),), 1)
    assert "<title>Charging, #0 to #100, 100 records; not a move that OCPP allows</title>" in drawn(lane)
    assert "not a move" not in drawn(lane_of("Charging", each=100))


@pytest.mark.parametrize(
    ("width", "words"),
    [
        (24, [("wide", "Charging"), ("narrow", "Charging")]),
        (9, [("wide", "Charging"), ("narrow", "C")]),
        (8, [("wide", "C"), ("narrow", "C")]),
        (2, [("wide", "C")]),
        (1, []),
    ],
)
def test_a_narrow_block_has_a_letter_or_nothing(width: int, words: list[tuple[str, str]]) -> None:
    assert words_of(drawn(Lane(1, (Span("Charging", 0, width, 1),), 1))) == words


def test_the_legend_lists_each_state_once_in_the_usual_order() -> None:
    shown = drawn(lane_of("Parked", "Charging", "Available", "Charging", each=25))
    assert re.findall(r"</svg> (\w+)</span>", shown) == ["Available", "Charging", "Parked"]
    assert 'class="legend"' in shown
    assert "</svg> " not in drawn()


def test_the_pattern_is_at_the_lower_edge() -> None:
    shown = drawn(lane_of("Preparing", each=100))
    assert '<line x2="100%" y1="25" y2="25" stroke-dasharray="6 4" class="pattern">' in shown
    assert '<line x2="100%" y1="15" y2="15" stroke-dasharray="6 4" class="pattern">' in shown


def test_faults_name_their_connector_if_there_are_several() -> None:
    fault = lane_of(None, "Under voltage", connector=1, each=50)
    assert ">faults</div>" in drawn(lane_of("Available"), fault_lanes=(fault,))
    assert ">faults, connector 1</div>" in drawn(
        lane_of("Available"), lane_of("Available", connector=2), fault_lanes=(fault,)
    )
    of_log = lane_of("Under voltage", connector=None)
    assert ">faults</div>" in drawn(lane_of("Available"), lane_of("Available", connector=2), fault_lanes=(of_log,))
    assert blocks_of(drawn(fault_lanes=(fault,))) == [("50.00", "50.00", "faulted")]


def test_only_the_first_of_marks_at_one_place_is_drawn() -> None:
    marks = tuple(TimelineMark(moment, number, f"mark {number}") for number, moment in enumerate((0, 0, 50, 100)))
    shown = drawn(boot_marks=marks)
    assert re.findall(r'x="([\d.]+)%" y="15" text-anchor="(\w+)" class="mark boot state"', shown) == [
        ("0.00", "start"),
        ("50.00", "middle"),
        ("100.00", "end"),
    ]
    assert "<title>#0 mark 0</title>" in shown
    assert "mark 1" not in shown


def test_marks_one_percent_apart_are_both_drawn() -> None:
    marks = tuple(TimelineMark(moment, moment, "x") for moment in (1, 2, 98, 99))
    anchors = re.findall(r'x="([\d.]+)%" y="15" text-anchor="(\w+)" class="mark', drawn(boot_marks=marks))
    assert anchors == [("1.00", "middle"), ("2.00", "middle"), ("98.00", "middle"), ("99.00", "middle")]


def test_too_many_spans_are_drawn_by_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "MOST_SPANS", 5)
    states = ("Available", "Available", "Charging", "Faulted", "Charging", "Charging")
    ends = (40, 49, 60, 61, 99, 100)
    spans = tuple(Span(state, begins, end, 1) for state, begins, end in zip(states, (0, *ends), ends, strict=False))
    columns = tuple(ChartColumn(at, at + 10, 1, 0, ()) for at in range(0, 100, 10))
    whole = drawn(Lane(1, spans[:5], 1), columns=columns)
    assert len(blocks_of(whole)) == 5
    assert blocks_of(drawn(Lane(1, spans, 1), columns=columns)) == [
        ("0.00", "50.00", "available"),
        ("50.00", "10.00", "charging"),
        ("60.00", "10.00", "faulted"),
        ("70.00", "30.00", "charging"),
    ]


def test_the_row_of_noise_is_there_if_there_is_noise() -> None:
    assert "noise, bytes" in draw_timeline(report_of("bad-line.pcapng"))
    assert "noise, bytes" not in drawn()
    assert ">frames</div>" in drawn()
