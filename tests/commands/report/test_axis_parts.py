"""The parts of a report on its axis: they cover it, and moves are judged by the definition."""

from itertools import pairwise

from sniffer.base.times import SECOND
from sniffer.commands.report.axis_parts import MOST_COLUMNS, AxisParts
from sniffer.commands.report.model import Loss
from sniffer.core.charger.health.link_health import Health, LinkHealth, LinkHealthChanged
from sniffer.core.record import Record
from sniffer.history.timeline.session_timeline import SessionTimeline
from tests.commands.report.helpers import DEFINITION, report_of
from tests.core.charger.helpers import Bench


def test_lanes_cover_the_whole_axis() -> None:
    for name in ("mains-sag.pcapng", "charging.pcapng"):
        report = report_of(name)
        for lane in (*report.lanes, *report.fault_lanes):
            assert lane.spans[0].begins == report.began
            assert lane.spans[-1].ends == report.ended
            assert all(before.ends == after.begins for before, after in pairwise(lane.spans))


def test_columns_cover_the_whole_axis_and_are_few() -> None:
    report = report_of("mains-sag.pcapng")
    assert report.columns[0].begins <= report.began
    assert report.columns[-1].ends == report.ended
    assert all(before.ends == after.begins for before, after in pairwise(report.columns))
    assert 1 < len(report.columns) <= MOST_COLUMNS


def test_a_status_without_a_name_is_neither_legal_nor_illegal() -> None:
    bench, timeline = Bench(), SessionTimeline(DEFINITION)
    for number, status in enumerate(("Available", "Charging", "12 (unknown)", "Reserved", "Charging")):
        bench.time = number * SECOND
        moved = bench.report(status, "NoError")
        timeline.receive([Record(number + 1, None, tuple(moved))])
    (lane,) = AxisParts(timeline, DEFINITION).build_lanes(bench.now)
    assert [(span.state, span.is_legal) for span in lane.known_spans] == [
        ("Available", True),
        ("Charging", True),
        ("12 (unknown)", None),
        ("Reserved", None),
        ("Charging", False),
    ]


def test_marks_are_named_by_their_event() -> None:
    bench, timeline = Bench(), SessionTimeline(DEFINITION)
    for number, status in enumerate(("Reserved", "Charging")):
        bench.time = number * SECOND
        timeline.receive([Record(number + 1, None, tuple(bench.report(status, "NoError")))])
    marks = AxisParts(timeline, DEFINITION).list_marks()
    assert {name: [mark.number for mark in found] for name, found in marks.items()} == {
        "status": [2],
        "contradiction": [2],
    }


def test_a_gap_in_which_the_source_was_lost_is_a_loss() -> None:
    bench, timeline = Bench(), SessionTimeline(DEFINITION)
    bench.time = 0
    silent = LinkHealthChanged(20 * SECOND, LinkHealth(Health.SILENT, "silent", 0))
    timeline.receive([Record(1, None, tuple(bench.report("Available"))), Record(2, None, (silent,))])
    parts = AxisParts(timeline, DEFINITION)
    assert len([*parts.build_gaps([])]) == 1
    assert [*parts.build_gaps([Loss("unplugged", 2, 0, 10 * SECOND)])] == []
