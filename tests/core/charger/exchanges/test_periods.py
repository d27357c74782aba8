"""Learnt periods: what is regular, when a command is overdue, and what begins anew."""

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.base.times import MILLISECOND, SECOND
from sniffer.core.charger.events import Overdue
from sniffer.core.charger.exchanges.periods import SHORTEST, compute_wait, find_period
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.items import Idle, LateCommand, TapGap
from sniffer.core.wire.links import PWR_TO_COM
from tests.core.charger.helpers import Bench
from tests.core.protocol.helpers import CODEC

BEGAN = 1_700_000_000 * SECOND + 7
PERIOD = 29 * SECOND


class Line(Bench):
    """A bench whose times count from `BEGAN`, in seconds."""

    def receive(self, seconds: float, name: str = "status") -> list[Overdue]:
        """Receive a frame at this moment; return what was found to be overdue."""
        self.time = BEGAN + round(seconds * SECOND)
        events = self.report("Available") if name == "status" else self.take(frame_of(name, self.time))
        return only_overdue(events)

    def wait(self, seconds: float) -> list[Overdue]:
        """Let the line be silent until this moment."""
        return only_overdue(self.charger.apply_tap(Idle(BEGAN + round(seconds * SECOND))))

    def learn(self, times: int = 4, period: float = 29) -> float:
        """Receive so many reports; return the time of the last one."""
        for number in range(times):
            assert self.receive(number * period) == []
        return (times - 1) * period


def only_overdue(events: Iterable[object]) -> list[Overdue]:
    return [event for event in events if isinstance(event, Overdue)]


def frame_of(name: str, time: int) -> Message:
    command = {"unknown": 0x77, "announcement": 0x00, "voltages": 0x32}[name]
    raw = PWR_TO_COM.link.build(PWR_TO_COM.head, 0x0101, command, bytes(6))
    return CODEC.decode(Frame(PWR_TO_COM, time, raw))


def seconds_of(*lengths: float) -> list[int]:
    return [round(length * SECOND) for length in lengths]


class TestFindPeriod:
    def test_three_equal_intervals_are_a_period(self) -> None:
        assert find_period(seconds_of(29, 29, 29)) == PERIOD
        assert find_period(seconds_of(29, 29)) is None

    def test_intervals_may_differ_by_a_quarter(self) -> None:
        assert find_period(seconds_of(1, 1.1, 0.9)) == SECOND
        assert find_period(seconds_of(1, 1.2, 0.9)) is None

    @pytest.mark.parametrize(
        "lengths",
        [
            (29, 29, 2, 27, 29),
            (3, 26, 29, 29),
            (29, 12, 29, 5, 29, 1, 1, 1, 1, 1, 1),
            (0.05, 29, 0.05, 29, 0.05, 29),
        ],
    )
    def test_extra_reports_on_a_change_do_not_spoil_it(self, lengths: tuple[float, ...]) -> None:
        assert find_period(seconds_of(*lengths)) == PERIOD

    @pytest.mark.parametrize("lengths", [(5, 90, 17, 3, 44, 9), (0, 0, 0, 0), (), (1, 2, 4, 8, 16, 32)])
    def test_what_is_irregular_has_no_period(self, lengths: tuple[float, ...]) -> None:
        assert find_period(seconds_of(*lengths)) is None

    def test_an_outage_is_left_out_and_needs_three_regular_intervals(self) -> None:
        assert find_period(seconds_of(29, 29, 29, 600)) == PERIOD
        assert find_period(seconds_of(29, 29, 29, 600, 700)) is None

    @given(st.lists(st.integers(0, 100 * SECOND), max_size=70))
    def test_a_period_is_one_of_the_intervals(self, intervals: list[int]) -> None:
        period = find_period(intervals)
        assert period is None or period in intervals


class TestOverdue:
    def test_a_silent_line_shows_it_after_two_and_a_half_periods_once(self) -> None:
        line = Line()
        last = line.learn()
        assert [line.wait(last + after) for after in (30, 60, 72.4)] == [[], [], []]
        (event,) = line.wait(last + 72.6)
        assert (event.name, event.command, event.route) == ("status report", 1, PWR_TO_COM)
        assert (event.period, event.late) == (PERIOD, round(43.6 * SECOND))
        assert event.time == BEGAN + round((last + 72.6) * SECOND)
        assert line.wait(last + 500) == []

    def test_another_frame_shows_it_as_well(self) -> None:
        line = Line()
        last = line.learn()
        assert line.receive(last + 70, "unknown") == []
        (event,) = line.receive(last + 73, "unknown")
        assert event.late == 44 * SECOND
        assert line.receive(last + 80, "unknown") == []

    def test_it_is_overdue_from_the_very_end_of_the_wait(self) -> None:
        line = Line()
        end = line.learn() + 72.5
        assert line.receive(end - 0.001, "unknown") == []
        (event,) = line.receive(end, "unknown")
        assert event.late == round(43.5 * SECOND)

    def test_its_own_return_shows_it_and_ends_it(self) -> None:
        line = Line()
        last = line.learn()
        (event,) = line.receive(last + 100)
        assert event.late == 71 * SECOND
        assert [period.is_overdue for period in line.now.periods] == [False]
        assert line.wait(last + 170) == []
        assert len(line.wait(last + 173)) == 1

    def test_three_intervals_have_to_be_learnt(self) -> None:
        line = Line()
        assert line.wait(line.learn(3) + 1000) == []

    def test_the_snapshot_has_the_period_and_whether_it_is_overdue(self) -> None:
        line = Line()
        last = line.learn()
        (period,) = line.now.periods
        assert (period.name, period.period, period.is_overdue) == ("status report", PERIOD, False)
        assert period.deadline == BEGAN + round((last + 72.5) * SECOND)
        line.wait(last + 73)
        assert line.now.periods[0].is_overdue

    def test_extra_reports_neither_spoil_the_period_nor_raise_it(self) -> None:
        line = Line()
        found = [line.receive(at) for at in (0, 29, 31, 58, 87, 88, 116, 145)]
        assert found == [[]] * len(found)
        assert line.wait(145 + 72) == []
        assert len(line.wait(145 + 73)) == 1

    def test_an_unknown_command_has_a_period_too(self) -> None:
        line = Line()
        for number in range(5):
            line.receive(number, "unknown")
        (event,) = line.wait(8)
        assert (event.command, event.period, event.late) == (0x77, SECOND, 3 * SECOND)

    @pytest.mark.parametrize(("period", "count"), [(0.2, 1), (0.19, 0)])
    def test_what_comes_faster_is_never_overdue(self, period: float, count: int) -> None:
        line = Line()
        assert len(line.wait(line.learn(20, period) + 10)) == count

    def test_announcements_end_on_purpose(self) -> None:
        line = Line()
        for number in range(6):
            line.receive(5 * number, "announcement")
        assert line.wait(1000) == []

    def test_a_fast_command_is_found_between_two_seconds(self) -> None:
        line = Line()
        last = line.learn(10, 0.25)
        found = [line.receive(last + step / 10, "unknown") for step in range(1, 10)]
        assert [len(events) for events in found] == [0, 0, 0, 0, 0, 0, 1, 0, 0]


class TestNeverOverdue:
    def test_in_a_text_log(self) -> None:
        line = Line()
        line.charger.set_text_log()
        assert line.wait(line.learn(8) + 1000) == []
        assert line.receive(5000) == []
        assert line.now.is_text_log
        assert [period.period for period in line.now.periods] == [PERIOD]

    def test_where_times_are_whole_seconds_or_missing(self) -> None:
        line = Line()
        for number in range(6):
            line.time = 29 * SECOND * number
            line.report("Available")
        assert only_overdue(line.charger.apply_tap(Idle(1000 * SECOND))) == []
        line = Line()
        for _ in range(6):
            line.report("Available")
        assert only_overdue(line.charger.apply_tap(Idle(1000 * SECOND))) == []

    def test_after_a_loss_of_the_source_learning_begins_anew(self) -> None:
        line = Line()
        last = line.learn()
        line.charger.apply_tap(TapGap(BEGAN + round((last + 10) * SECOND), "unplugged"))
        assert line.wait(last + 200) == []
        assert line.receive(last + 300) == []
        assert [line.receive(last + 300 + 29 * number) for number in (1, 2)] == [[], []]
        assert line.wait(last + 500) == []
        assert line.now.periods == ()

    def test_after_a_step_of_the_clock_learning_begins_anew(self) -> None:
        line = Line()
        line.learn()
        assert line.receive(-5000) == []
        assert line.wait(-4000) == []
        assert [line.receive(-5000 + 29 * number) for number in (1, 2, 3)] == [[], [], []]
        assert len(line.wait(-4000)) == 1


def test_checks_that_find_nothing_leave_no_trace() -> None:
    plain, checked = Line(), Line()
    times = (0, 29, 31, 58, 87, 116, 250, 279, 308, 337, 366, 600)
    for before, after in pairwise((*times, 700)):
        assert plain.receive(before) == checked.receive(before)
        for step in range(1, round(min(72, after - before))):
            assert checked.wait(before + step) == []
        assert plain.now == checked.now


def test_a_recorded_silence_shows_what_it_showed_then() -> None:
    charger = Line().charger
    late = LateCommand("pwr>com", 1, "status report", PERIOD, 44 * SECOND)
    assert charger.apply_tap(Idle(BEGAN, 0, (late,))) == (
        Overdue(BEGAN, PWR_TO_COM, 1, "status report", PERIOD, 44 * SECOND),
    )
    assert charger.apply_tap(Idle(BEGAN)) == ()


def test_events_that_are_applied_again_mark_what_is_overdue() -> None:
    line, again = Line(), Line()
    last = line.learn()
    again.learn()
    again.charger.repeat_events(line.wait(last + 73))
    assert again.now == line.now
    assert again.wait(last + 80) == []


def test_the_wait_is_two_and_a_half_periods() -> None:
    assert compute_wait(2 * SECOND) == 5 * SECOND
    assert SHORTEST == 200 * MILLISECOND


def test_a_command_that_becomes_faster_is_overdue_by_its_new_period() -> None:
    line = Line()
    for number in range(10):
        line.receive(29 * number)
    for number in range(110):
        assert line.receive(300 + number) == []
    last = 409
    assert line.receive(last + 2.4, "unknown") == []
    assert [len(line.receive(last + after, "unknown")) for after in (3, 4, 5)] == [1, 0, 0]


def test_a_command_that_becomes_slower_is_overdue_by_its_new_period() -> None:
    line = Line()
    for number in range(10):
        line.receive(number)
    found = [event for number in range(6) for event in line.receive(100 + 29 * number)]
    assert len(found) == 4
    assert line.receive(100 + 29 * 5 + 72, "unknown") == []
    assert len(line.receive(100 + 29 * 5 + 74, "unknown")) == 1
