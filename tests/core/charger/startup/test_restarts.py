"""Restarts of the power board and the OCPP module, each reported once, and boot loops made of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.base.times import MINUTE, SECOND
from sniffer.core.charger.startup.registration_events import BootLoop, BootLoopEnded, Restarted
from sniffer.core.charger.startup.restarts import RestartEvent, RestartTracker


@pytest.fixture
def tracker() -> RestartTracker:
    return RestartTracker()


def count_up(tracker: RestartTracker, *values: int, time: int | None = 0) -> list[RestartEvent]:
    """Add values of the counter, one a second, in records that count on."""
    first = tracker.counter_at + 1
    found: list[RestartEvent] = []
    for turn, value in enumerate(values):
        found += tracker.add_counter(value, None if time is None else time + turn * SECOND, first + turn)
    return found


def test_a_counter_that_counts_up_shows_no_restart(tracker: RestartTracker) -> None:
    assert count_up(tracker, 0x96DB, 0x96DC, 0x96DC, 0x96ED, 0x9758) == []


def test_a_counter_that_begins_again_shows_a_restart(tracker: RestartTracker) -> None:
    (restart,) = count_up(tracker, 0x9758, 0x0006)
    assert restart == Restarted(SECOND, "ocpp module", "its sequence counter began again (9758, then 0006)")
    assert count_up(tracker, 0x0007, 0x0008) == []
    (snapshot,) = tracker.snapshot()
    assert (snapshot.part, snapshot.count, snapshot.last, snapshot.loop) == ("ocpp module", 1, SECOND, None)


def test_lines_out_of_order_show_no_restart(tracker: RestartTracker) -> None:
    assert count_up(tracker, 0x96DC, 0x96DB, 0x96D4, 0x96DD) == []
    assert len(count_up(tracker, 0x96D4)) == 1, "nine less is too much for one second"


def test_a_counter_that_is_lower_by_little_after_a_while_shows_a_restart(tracker: RestartTracker) -> None:
    starts = [count_up(tracker, 6, 7, 8, time=start * MINUTE) for start in range(3)]
    assert [[type(event) for event in events] for events in starts] == [[], [Restarted], [Restarted]]
    assert len(count_up(tracker, 6, time=2 * MINUTE + 12 * SECOND)) == 0, "ten seconds may be a request sent again"
    assert [type(event) for event in count_up(tracker, 6, time=3 * MINUTE)] == [Restarted, BootLoop]


def test_without_times_a_counter_that_is_lower_by_little_shows_no_restart(tracker: RestartTracker) -> None:
    assert count_up(tracker, 6, 7, 8, 6, 7, 8, time=None) == []


def test_a_counter_that_wraps_around_shows_no_restart(tracker: RestartTracker) -> None:
    assert count_up(tracker, 0xFFFC, 0x0002, 0x0003) == []
    assert count_up(tracker, 0xF000, 0x0FFF) == []


@pytest.mark.parametrize(("before", "after"), [(0xEFFF, 0x0001), (0xF000, 0x1000)])
def test_a_counter_far_from_its_ends_does_not_wrap(tracker: RestartTracker, before: int, after: int) -> None:
    assert len(count_up(tracker, before, after)) == 1


def test_a_running_time_that_begins_again_shows_a_restart(tracker: RestartTracker) -> None:
    assert tracker.add_uptime(77 * 60 + 59, 0, 1) == []
    assert tracker.add_uptime(78 * 60 + 5, MINUTE, 2) == []
    assert tracker.add_uptime(1, 2 * MINUTE, 3) == [
        Restarted(2 * MINUTE, "ocpp module", "its running time began again (78 h 05 min, then 0 h 01 min)")
    ]
    assert tracker.add_uptime(1, 3 * MINUTE, 4) == [], "the log counts whole minutes"


def test_both_signs_of_one_restart_are_one(tracker: RestartTracker) -> None:
    tracker.add_uptime(500, 0, 1)
    tracker.add_counter(0x9758, 0, 2)
    assert len(tracker.add_counter(6, SECOND, 3)) == 1
    assert tracker.add_uptime(2, 2 * SECOND, 4) == []
    assert tracker.add_uptime(3, 3 * SECOND, 5) == []
    assert len(tracker.add_uptime(1, 4 * SECOND, 6)) == 1
    assert tracker.add_counter(1, 5 * SECOND, 7) == [], "five less may be lines out of order"


def test_the_running_time_may_show_it_first(tracker: RestartTracker) -> None:
    tracker.add_counter(0x9758, 0, 1)
    tracker.add_uptime(500, 0, 2)
    assert len(tracker.add_uptime(0, SECOND, 3)) == 1
    assert tracker.add_counter(6, 2 * SECOND, 4) == []


def test_announcements_after_acceptance_are_a_restart_of_the_board(tracker: RestartTracker) -> None:
    (restart,) = tracker.add_announcements(SECOND, 9, accepted_at=5)
    assert isinstance(restart, Restarted)
    assert restart.part == "power board"
    count_up(tracker, 0x9000)
    tracker.add_counter(1, 2 * SECOND, 12)
    assert tracker.add_announcements(3 * SECOND, 14, accepted_at=11) == []
    assert len(tracker.add_announcements(3 * SECOND, 14, accepted_at=13)) == 1


def restart(tracker: RestartTracker, second: int | None) -> list[RestartEvent]:
    """Add a restart of the power board; return the loop events."""
    found = tracker.add_announcements(None if second is None else second * SECOND, 9, accepted_at=5)
    return [event for event in found if not isinstance(event, Restarted)]


def test_three_restarts_within_ten_minutes_are_a_boot_loop(tracker: RestartTracker) -> None:
    assert restart(tracker, 0) == restart(tracker, 300) == []
    (loop,) = restart(tracker, 600)
    assert loop == BootLoop(600 * SECOND, "power board", 0, 3, 300 * SECOND)
    assert tracker.snapshot()[0].loop == loop
    assert restart(tracker, 610) == []


def test_the_period_of_a_loop_is_the_median_of_the_last_15_intervals(tracker: RestartTracker) -> None:
    """Eight intervals of 10 s and eight of 100 s: without the first one, those of 100 s are the majority."""
    for second in (*range(0, 90, 10), *range(180, 881, 100)):
        restart(tracker, second)
    (found,) = tracker.snapshot()
    assert found.loop
    assert (found.count, found.loop.boots, found.loop.period) == (17, 17, 100 * SECOND)


def test_three_restarts_in_more_than_ten_minutes_are_none(tracker: RestartTracker) -> None:
    assert [restart(tracker, second) for second in (0, 300, 601)] == [[], [], []]


def test_restarts_of_different_parts_are_no_loop(tracker: RestartTracker) -> None:
    restart(tracker, 0)
    restart(tracker, 1)
    count_up(tracker, 0x9000, 1, time=2 * SECOND)
    assert [part.loop for part in tracker.snapshot()] == [None, None]


def test_without_times_many_restarts_are_no_loop(tracker: RestartTracker) -> None:
    assert [restart(tracker, None) for _ in range(9)] == [[]] * 9
    assert tracker.snapshot()[0].count == 9


def test_a_loop_goes_on_for_hours_and_ends_once_ten_minutes_after(tracker: RestartTracker) -> None:
    events = [event for second in range(0, 7200, 60) for event in restart(tracker, second)]
    assert [type(event) for event in events] == [BootLoop]
    last = 7140 * SECOND
    assert tracker.advance_time(last + 600 * SECOND) == []
    (ended,) = tracker.advance_time(last + 600 * SECOND + 1)
    assert isinstance(ended, BootLoopEnded)
    assert (ended.loop.boots, ended.loop.period) == (120, MINUTE)
    assert tracker.advance_time(last + 900 * SECOND) == []
    assert tracker.snapshot()[0].loop is None


def test_a_restart_after_the_end_of_a_loop_ends_it_first(tracker: RestartTracker) -> None:
    for second in (0, 60, 120):
        restart(tracker, second)
    (ended,) = restart(tracker, 5000)
    assert isinstance(ended, BootLoopEnded)
    assert ended.loop.boots == 3


def test_a_clock_that_is_set_back_begins_anew(tracker: RestartTracker) -> None:
    restart(tracker, 100_000)
    restart(tracker, 100_001)
    assert restart(tracker, 5) == []
    assert restart(tracker, 6) == []
    assert len(restart(tracker, 7)) == 1


def test_restarts_on_both_sides_of_a_step_of_the_clock_are_no_loop(tracker: RestartTracker) -> None:
    # By their times alone, the first and the last one are half a minute apart.
    assert [restart(tracker, second) for second in (300, 6000, 330)] == [[], [], []]


def test_the_period_of_a_loop_is_that_of_its_own_restarts(tracker: RestartTracker) -> None:
    for second in (0, 6_000, 12_000, 18_000, 24_000, 24_060):
        assert restart(tracker, second) == []
    (loop,) = restart(tracker, 24_120)
    assert loop == BootLoop(24_120 * SECOND, "power board", 24_000 * SECOND, 3, 60 * SECOND)


def test_a_loop_of_slow_restarts_ends_two_periods_after_the_last_one(tracker: RestartTracker) -> None:
    # The first three are within ten minutes; then they become slower, up to nine minutes apart.
    for second in (0, 300, 600, 1140, 1680, 2220):
        restart(tracker, second)
    assert tracker.advance_time((2220 + 1080) * SECOND) == []
    (ended,) = tracker.advance_time((2220 + 1080) * SECOND + 1)
    assert isinstance(ended, BootLoopEnded)
    assert ended.loop.period == 540 * SECOND


def test_a_restart_right_after_another_one_is_counted(tracker: RestartTracker) -> None:
    """The counter of the record that showed the first restart is what the second one is seen by."""
    first = tracker.add_counter(0x9758, 0, 1) + tracker.add_counter(0x0020, SECOND, 2)
    second = tracker.add_counter(0x0001, 2 * SECOND, 3)
    assert [type(event) for event in first + second] == [Restarted, Restarted]


@given(st.lists(st.integers(0, 0xFFFF)), st.lists(st.integers(0, 10_000)))
def test_no_values_raise(counters: list[int], minutes: list[int]) -> None:
    tracker = RestartTracker()
    for number, value in enumerate(counters):
        tracker.add_counter(value, number, number + 1)
    for number, value in enumerate(minutes):
        tracker.add_uptime(value, None, number + 1)
    assert sum(part.count for part in tracker.snapshot()) <= len(counters) + len(minutes)
