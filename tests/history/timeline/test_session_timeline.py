"""The session's timeline: from records to the statuses, faults, marks and gaps at each moment."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.base.times import SECOND
from sniffer.core.charger.events import Contradicted, FaultCleared, FaultRaised, StatusChanged
from sniffer.core.charger.ocpp.events import ClockOffset, OcppFailed
from sniffer.core.charger.startup.registration_events import Booted, BootLoop, RegistrationChanged, Restarted
from sniffer.core.charger.tap_events import SourceLost
from sniffer.history.timeline import buckets, tracks
from sniffer.history.timeline.session_timeline import LANES, SessionTimeline
from sniffer.history.timeline.tracks import Track
from sniffer.text.event_text import describe_event
from tests.core.protocol.helpers import DEFINITION
from tests.dialogue import FAILED, NOTIFICATION, dialogue_records
from tests.history.helpers import START, SimulatedSession

AXIS = (0, 1 << 62)


def entries_of(track: Track[Any], until: int | None = None) -> list[tuple[float, int, Any]]:
    """All entries, in seconds since the session began."""
    return [((entry.moment - START) / SECOND, entry.number, entry.value) for entry in track.between(*AXIS, until=until)]


def numbers(track: Track[Any], until: int | None = None) -> list[int]:
    return [entry.number for entry in track.between(*AXIS, until=until)]


def test_statuses_are_lanes_by_connector() -> None:
    session = SimulatedSession().report("Available").report("Available", connector=2).wait(2).report("Available")
    session.report("Preparing").wait(1).report("Charging", connector=2)
    lanes = session.timeline.statuses
    assert entries_of(lanes[1]) == [(0, 1, "Available"), (2, 4, "Preparing")]
    assert entries_of(lanes[2]) == [(0, 2, "Available"), (3, 5, "Charging")]


def test_fault_lasts_from_the_report_that_raised_it_to_the_one_that_cleared_it() -> None:
    session = (
        SimulatedSession().report("Charging", cp=6).wait(1).fault().wait(1).fault().wait(1).report("Charging", cp=6)
    )
    assert entries_of(session.timeline.faults[1]) == [(1, 2, ("Under voltage",)), (3, 4, None)]
    ((_, number, event),) = entries_of(session.timeline.marks[FaultRaised])
    assert (number, type(event), event.fault.diagnosis.meanings) == (2, FaultRaised, ("Under voltage",))
    assert numbers(session.timeline.marks[FaultCleared]) == [4]


def test_fault_with_codes_that_no_table_has_is_active_without_a_meaning() -> None:
    session = SimulatedSession().report("Faulted", m4=250).wait(1).report("Available", cp=12)
    assert entries_of(session.timeline.faults[1]) == [(0, 1, ()), (1, 2, None)]


def test_marks_of_faults_keep_what_their_line_says_and_not_what_was_known_around_them() -> None:
    session = SimulatedSession().voltages(230, 231, 232).fault().wait(1).report("Available", cp=12)
    raised = [event for record in session.records for event in record.events if isinstance(event, FaultRaised)]
    ((_, _, kept),) = entries_of(session.timeline.marks[FaultRaised])
    assert raised[0].fault.measured
    assert not kept.fault.measured
    assert describe_event(kept, DEFINITION) == describe_event(raised[0], DEFINITION)


def test_fault_of_the_log_goes_over_to_the_connector_that_a_report_names() -> None:
    session = SimulatedSession(timed=False).line("2023-11-30T00:00:49Z [comproc] pwrCom error Code vol:4,8,9")
    faults = session.timeline.faults
    assert [entry.value for entry in faults[None].between(*AXIS)] == [("Under voltage",)]
    session.time = session.timeline.latest
    session.wait(1).fault().wait(1).report("Available", cp=12)
    assert faults[None].latest_value is None
    assert all(track.latest_value is None for track in faults.values())


def test_announcements_registration_contradictions_and_a_lost_source_are_marks() -> None:
    session = SimulatedSession()
    for _ in range(4):
        session.boot().wait(5)
    session.report("Faulted").lost()
    marks = session.timeline.marks
    assert numbers(marks[Booted]) == numbers(marks[RegistrationChanged]) == [1]
    assert numbers(marks[Contradicted]) == [5]
    assert [(*at, type(event)) for *at, event in entries_of(marks[SourceLost])] == [(20, 6, SourceLost)]


def test_restarts_and_a_boot_loop_are_marks() -> None:
    session = SimulatedSession()
    for minute in range(4):
        session.line(f"2023-11-30T00:0{minute}:00Z [ocpp] [run]: 0 hours {9 - minute} minutes [mem_used]: 42.52")
    assert numbers(session.timeline.marks[Restarted]) == [2, 3, 4]
    assert numbers(session.timeline.marks[BootLoop]) == [4]


def test_errors_of_ocpp_and_a_wrong_clock_are_marks() -> None:
    session = SimulatedSession()
    for record in dialogue_records():
        session.timeline.receive([record])
    assert numbers(session.timeline.marks[OcppFailed]) == [FAILED]
    assert numbers(session.timeline.marks[ClockOffset]) == [NOTIFICATION]


def test_only_a_move_that_ocpp_does_not_allow_is_a_mark() -> None:
    session = SimulatedSession().report("Available", cp=12).report("Preparing").report("Reserved", cp=12)
    assert numbers(session.timeline.marks[StatusChanged]) == [3]


def test_noise_is_marked_and_its_bytes_are_counted() -> None:
    session = SimulatedSession().plain().noise(3).wait(1).noise(2)
    assert [text for _, _, text in entries_of(session.timeline.marks["noise"])] == ["garbage", "garbage"]
    assert [(bucket.frames, bucket.noise) for bucket in session.timeline.series.full_buckets(None, 3)] == [
        (1, 3),
        (0, 2),
    ]


def test_voltages_are_gathered() -> None:
    session = SimulatedSession().voltages(230, 231, 232).voltages(210, 233, 232)
    (bucket,) = session.timeline.series.full_buckets(None, 2)
    assert [(one.low, one.high) for one in bucket.ranges.values()] == [(210, 230), (231, 233), (232, 232)]


def test_a_silence_in_which_something_was_due_is_a_gap() -> None:
    session = SimulatedSession()
    for _ in range(5):
        session.wait(29.001).plain()
    session.wait(72).plain().wait(73).plain()
    assert entries_of(session.timeline.gaps) == [(217.005, 7, "silent"), (290.005, 7, "")]
    assert entries_of(session.timeline.gaps, until=6) == []


def test_a_silence_without_a_period_is_no_gap() -> None:
    session = SimulatedSession().plain().wait(600.001).plain().wait(7).plain().wait(9000).plain()
    assert len(session.timeline.gaps) == 0


def test_a_silence_that_goes_on_is_a_gap_as_soon_as_something_is_overdue() -> None:
    session = SimulatedSession()
    for _ in range(5):
        session.wait(29.001).plain()
    session.wait(50).idle().wait(30).idle()
    assert entries_of(session.timeline.gaps) == [(145.005, 6, "silent")]
    session.wait(30).idle().wait(1).plain().wait(1).plain()
    assert entries_of(session.timeline.gaps) == [(145.005, 6, "silent"), (256.005, 7, "")]


def test_a_lost_source_is_a_gap() -> None:
    session = SimulatedSession().plain().wait(1).lost().wait(5.5).plain().wait(60).plain()
    assert entries_of(session.timeline.gaps) == [(1, 3, "silent"), (6.5, 3, "")]
    session.wait(1).lost().wait(4).plain()
    assert len(session.timeline.gaps) == 2


def test_clock_that_is_set_back_stands_still() -> None:
    session = (
        SimulatedSession().report("Available", cp=12).wait(10).report("Preparing").wait(-3600).report("Charging", cp=6)
    )
    assert entries_of(session.timeline.statuses[1]) == [(0, 1, "Available"), (10, 2, "Preparing"), (10, 3, "Charging")]
    assert session.timeline.latest == START + 10 * SECOND
    session.wait(3620).report("Finishing")
    assert entries_of(session.timeline.statuses[1])[-1] == (30, 4, "Finishing")


def test_axis_is_the_records_number_where_there_are_no_times() -> None:
    session = SimulatedSession(timed=False).report("Available", cp=12).plain(5000).report("Preparing")
    timeline = session.timeline
    assert not timeline.is_timed
    assert [entry.moment for entry in timeline.statuses[1].between(*AXIS)] == [1, 5002]
    assert (timeline.began, timeline.latest) == (1, 5002)
    assert abs(timeline.number_at(2500) - 2500) <= timeline.series.grid.width
    assert len(timeline.gaps) == 0


def test_axis_becomes_time_with_the_first_time() -> None:
    session = SimulatedSession(timed=False).report("Available", cp=12).noise(2).plain()
    session.time = START
    session.report("Preparing").wait(1).plain()
    assert session.timeline.is_timed
    assert entries_of(session.timeline.statuses[1]) == [(0, 1, "Available"), (0, 4, "Preparing")]
    known = session.timeline.series.full_buckets(None, 5)
    assert [(bucket.frames, bucket.noise, bucket.first) for bucket in known] == [(3, 2, 1), (1, 0, 5)]


def test_record_without_a_time_is_where_the_one_before_it_is() -> None:
    session = SimulatedSession().plain()
    session.time = None
    session.report("Available", cp=12)
    assert entries_of(session.timeline.statuses[1]) == [(0, 2, "Available")]


def test_record_nearest_to_a_moment_as_far_as_it_is_known() -> None:
    session = SimulatedSession().plain().wait(10).plain().wait(10).plain()
    timeline = session.timeline
    assert [timeline.number_at(START + at * SECOND) for at in (-5, 0, 4, 6, 10, 14, 16, 99)] == [
        1,
        1,
        1,
        2,
        2,
        2,
        3,
        3,
    ]
    assert timeline.number_at(START + 99 * SECOND, until=2) == 2
    assert [timeline.moment_of(number) - START for number in (1, 2, 3)] == [0, 10 * SECOND, 20 * SECOND]


def test_connectors_beyond_the_lanes_are_named() -> None:
    session = SimulatedSession()
    for connector in range(1, LANES + 3):
        session.report("Available", connector=connector, cp=12)
    assert sorted(session.timeline.statuses) == [*range(1, LANES + 1)]
    assert session.timeline.left_out == {LANES + 1, LANES + 2}


def test_a_session_without_records_is_empty() -> None:
    timeline = SessionTimeline(DEFINITION)
    timeline.receive([])
    assert (timeline.count, timeline.number_at(5)) == (0, 0)
    assert sum(bucket.frames for bucket in timeline.series.full_buckets(None, 0)) == 0


STEPS = st.lists(
    st.tuples(
        st.sampled_from([-30, 0, 0.001, 0.5, 3, 40, 4000]),
        st.sampled_from(["plain", "fault", "Available", "Charging", "boot", "noise", "voltages"]),
    ),
    max_size=40,
)
few = settings(max_examples=60, deadline=None)


def play(steps: list[tuple[float, str]]) -> SimulatedSession:
    session = SimulatedSession()
    for wait, what in steps:
        session.wait(wait)
        match what:
            case "plain" | "fault" | "boot" | "noise":
                getattr(session, what)()
            case "voltages":
                session.voltages(230, 231, 232)
            case _:
                session.report(what)
    return session


@few
@given(STEPS)
def test_bounded_and_nothing_lost(steps: list[tuple[float, str]]) -> None:
    exact = play(steps)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tracks, "ENTRY_LIMIT", 6)
        patch.setattr(buckets, "BUCKET_LIMIT", 4)
        thin = play(steps).timeline
    grid = thin.series.grid
    for kind, track in exact.timeline.marks.items():
        assert len(thin.marks[kind]) <= max(6, 2 * 4)
        for entry in track.between(*AXIS):
            start = grid.origin + grid.bucket(entry.moment) * grid.width
            assert thin.marks[kind].between(start, start + grid.width), (kind, entry)
    for connector, faults in exact.timeline.faults.items():
        assert thin.faults[connector].latest_value == faults.latest_value
    frames = sum(bucket.frames for bucket in thin.series.full_buckets(None, thin.count))
    noise = sum(bucket.noise for bucket in thin.series.full_buckets(None, thin.count))
    assert frames == sum(type(record.item).__name__ == "Message" for record in exact.records)
    assert noise == sum(what == "noise" for _, what in steps)


@few
@given(STEPS, st.integers(0, 45))
def test_what_came_later_does_not_show(steps: list[tuple[float, str]], until: int) -> None:
    whole = play(steps)
    until = min(until, len(whole.records))
    early = SessionTimeline(DEFINITION)
    early.receive(whole.records[:until])
    late = whole.timeline
    assert entries_of(late.gaps, until) == entries_of(early.gaps)
    for kind in early.marks:
        assert entries_of(late.marks[kind], until) == entries_of(early.marks[kind])
    for lanes, known in ((late.statuses, early.statuses), (late.faults, early.faults)):
        assert {key: entries_of(track, until) for key, track in lanes.items() if entries_of(track, until)} == {
            key: entries_of(track) for key, track in known.items()
        }
    assert late.number_at(AXIS[1], until) <= until
    shown = late.series.full_buckets(until, late.count)
    assert sum(bucket.frames for bucket in shown) <= sum(
        type(record.item).__name__ == "Message" for record in whole.records[:until]
    )
    assert all(bucket.first <= max(1, until) for bucket in shown)


@few
@given(STEPS)
def test_how_records_come_is_all_one(steps: list[tuple[float, str]]) -> None:
    session = play(steps)
    at_once = SessionTimeline(DEFINITION)
    at_once.receive(session.records)
    one_by_one = session.timeline
    assert (at_once.count, at_once.series.grid) == (one_by_one.count, one_by_one.series.grid)
    for kind in at_once.marks:
        assert entries_of(at_once.marks[kind]) == entries_of(one_by_one.marks[kind])
    assert entries_of(at_once.gaps) == entries_of(one_by_one.gaps)
    pairs = zip(at_once.series.full_buckets(None, 0), one_by_one.series.full_buckets(None, 0), strict=True)
    assert all((one.index, one.frames, one.first) == (two.index, two.frames, two.first) for one, two in pairs)
