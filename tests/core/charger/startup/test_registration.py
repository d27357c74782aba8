"""Registration: announcements every five seconds are one series, and only evidence of acceptance ends it."""

import pytest

from sniffer.base.times import MILLISECOND, SECOND
from sniffer.core.charger.events import Event
from sniffer.core.charger.startup.registration import Registration, RegistrationTracker
from sniffer.core.charger.startup.registration_events import Announcement, Booted, RegistrationChanged, Restarted
from tests.core.charger.helpers import Bench

CONCLUSIONS = (Booted, RegistrationChanged, Restarted)


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.time = 7 * MILLISECOND
    return bench


def conclusions(events: list[Event]) -> list[Event]:
    return [event for event in events if isinstance(event, CONCLUSIONS)]


def series(bench: Bench, count: int, period: int = 5 * SECOND, first: int = 0x1000) -> list[Event]:
    """Receive announcements, each with another sequence; the time is then that of the last one."""
    events: list[Event] = []
    for turn in range(count):
        bench.time += period if turn else 0
        events += conclusions(bench.announce(first + turn))
    return events


def test_a_series_is_announced_once_and_is_pending(bench: Bench) -> None:
    start = bench.time
    events = series(bench, 4)
    assert events == [
        Booted(start, 1, Announcement("", "", "", "")),
        RegistrationChanged(start, "pending", start, 1, None),
    ]
    found = bench.now.registration
    assert (found.state, found.since, found.announcements, found.last, found.period) == (
        "pending",
        start,
        4,
        start + 15 * SECOND,
        5 * SECOND,
    )


def test_another_sequence_after_a_log_line_and_a_frame_is_another_announcement(bench: Bench) -> None:
    bench.line("Com boot!")
    bench.announce(0x1000)
    bench.handshake(0x1000)
    assert bench.now.registration.announcements == 1
    bench.line("Com boot!")
    bench.announce(0x1001)
    assert bench.now.registration.announcements == 2
    bench.handshake(0x1002)
    assert bench.now.registration.announcements == 3


def test_the_first_two_announcements_make_a_period(bench: Bench) -> None:
    start = bench.time
    series(bench, 1)
    assert (bench.now.registration.last, bench.now.registration.period) == (start, None)
    bench.time += 6 * SECOND
    series(bench, 1, first=0x1001)
    assert (bench.now.registration.last, bench.now.registration.period) == (start + 6 * SECOND, 6 * SECOND)


def test_the_board_says_who_it_is(bench: Bench) -> None:
    (booted, _) = conclusions(
        bench.announce(1, charge_point_vendor="StarCharge", charge_point_serial_number="2", firmware_version="107")
    )
    assert isinstance(booted, Booted)
    assert booted.announcement == Announcement("StarCharge", "", "2", "107")
    assert bench.now.registration.announcement == booted.announcement


def test_all_signs_of_one_announcement_are_one(bench: Bench) -> None:
    bench.line("Com boot!")
    bench.announce(0x99)
    bench.handshake(0x99)
    bench.line("ocpp boot pending!")
    bench.answer(0x99)
    bench.answer_announcement(0x99)
    assert bench.now.registration.announcements == 1


@pytest.mark.parametrize("first", ["line", "frame", "relay"])
def test_the_signs_of_one_second_may_stand_in_any_order(bench: Bench, first: str) -> None:
    signs = {
        "line": lambda sequence: bench.line("Com boot!"),
        "frame": bench.announce,
        "relay": bench.handshake,
        "frame answer": bench.answer_announcement,
    }
    order = sorted(signs, key=lambda sign: sign != first)
    for turn in range(3):
        bench.time = (100 + 5 * turn) * SECOND
        for sign in order:
            signs[sign](0x200 + turn)
    assert (bench.now.registration.announcements, bench.now.registration.period) == (3, 5 * SECOND)


def test_the_same_frame_again_at_once_is_no_other_announcement(bench: Bench) -> None:
    bench.announce(5)
    bench.time += 300 * MILLISECOND
    bench.announce(5)
    assert bench.now.registration.announcements == 1


@pytest.mark.parametrize(("apart", "count"), [(2 * SECOND, 1), (2 * SECOND + 1, 2), (-2 * SECOND, 1)])
def test_signs_of_one_announcement_are_at_most_two_seconds_apart(bench: Bench, apart: int, count: int) -> None:
    bench.time = 100 * SECOND
    bench.line("Com boot!")
    bench.time += apart
    bench.announce(5)
    assert bench.now.registration.announcements == count


def test_silence_alone_accepts_nothing(bench: Bench) -> None:
    series(bench, 3)
    bench.time += 3600 * SECOND
    assert conclusions(bench.line("hello")) == []
    assert conclusions(bench.answer_announcement(0x1002)) == []
    assert bench.now.registration.state == "pending"


@pytest.mark.parametrize(("after", "state"), [(9.9, "pending"), (10, "accepted"), (60, "accepted")])
def test_two_periods_without_an_announcement_accept_if_the_board_sends(bench: Bench, after: float, state: str) -> None:
    series(bench, 3)
    bench.time += round(after * SECOND)
    events = conclusions(bench.report("Available"))
    assert bench.now.registration.state == state
    assert [event.state for event in events if isinstance(event, RegistrationChanged)] == (
        ["accepted"] if state == "accepted" else []
    )


def test_whole_seconds_need_more_than_two_periods() -> None:
    bench = Bench()
    bench.time = 50 * SECOND
    series(bench, 3)
    bench.time += 10 * SECOND
    bench.report("Available")
    assert bench.now.registration.state == "pending"
    bench.time += SECOND
    bench.report("Available")
    assert bench.now.registration.state == "accepted"


def test_the_period_is_learnt(bench: Bench) -> None:
    series(bench, 4, period=20 * SECOND)
    bench.time += 30 * SECOND
    bench.report("Available")
    assert bench.now.registration.state == "pending"
    bench.time += 10 * SECOND
    bench.report("Available")
    assert bench.now.registration.state == "accepted"


def test_board_frames_between_announcements_accept_nothing(bench: Bench) -> None:
    for turn in range(20):
        bench.announce(0x500 + turn)
        bench.time += 2 * SECOND
        bench.report("Available")
        bench.time += 3 * SECOND
    assert (bench.now.registration.state, bench.now.registration.announcements) == ("pending", 20)


def test_announcements_after_acceptance_are_a_new_series_and_a_restart(bench: Bench) -> None:
    series(bench, 2)
    bench.time += 12 * SECOND
    bench.report("Available")
    bench.time += 100 * SECOND
    events = series(bench, 2, first=0x2000)
    assert [type(event) for event in events] == [Restarted, Booted, RegistrationChanged]
    assert isinstance(events[0], Restarted)
    assert events[0].part == "power board"
    assert (bench.now.registration.series, bench.now.registration.announcements) == (2, 2)


def test_a_restart_of_the_ocpp_module_explains_new_announcements(bench: Bench) -> None:
    bench.say("acceptance", 0x9758)
    series(bench, 2)
    bench.time += 12 * SECOND
    bench.report("Available")
    bench.time += 100 * SECOND
    (restart,) = conclusions(bench.say("acceptance", 0x0006))
    assert isinstance(restart, Restarted)
    assert restart.part == "ocpp module"
    assert [type(event) for event in series(bench, 3, first=0x2000)] == [Booted, RegistrationChanged]


def test_a_result_of_the_central_system_accepts() -> None:
    tracker = RegistrationTracker()
    tracker.add_sign(0, "frame", 1)
    assert tracker.add_boot_result(SECOND, "Pending") == []
    assert tracker.add_answered_call(2 * SECOND) == [], "the central system configures a charger that is not accepted"
    (accepted,) = tracker.add_boot_result(3 * SECOND, "Accepted")
    assert isinstance(accepted, RegistrationChanged)
    assert (accepted.state, accepted.since, accepted.announcements) == ("accepted", 0, 1)
    assert tracker.add_boot_result(4 * SECOND, "Accepted") == []
    assert tracker.snapshot().accepted == 3 * SECOND


def test_another_answered_call_accepts_if_no_result_was_seen() -> None:
    tracker = RegistrationTracker()
    assert tracker.add_answered_call(0) == [], "nothing is pending"
    tracker.add_sign(SECOND, "line", None)
    (accepted,) = tracker.add_answered_call(2 * SECOND)
    assert isinstance(accepted, RegistrationChanged)
    assert accepted.state == "accepted"
    assert tracker.add_answered_call(3 * SECOND) == []


def test_the_pending_line_alone_says_pending(bench: Bench) -> None:
    (event,) = conclusions(bench.line("ocpp boot pending!"))
    assert event == RegistrationChanged(bench.time, "pending", bench.time, 0, None)


def test_the_pending_line_of_the_second_of_acceptance_is_older() -> None:
    tracker = RegistrationTracker()
    tracker.add_sign(0, "line", None)
    tracker.add_boot_result(10 * SECOND, "Accepted")
    assert tracker.add_pending_line(10 * SECOND) == []
    (later,) = tracker.add_pending_line(60 * SECOND)
    assert isinstance(later, RegistrationChanged)
    assert later.state == "pending"


def test_without_times_announcements_are_counted_by_their_sequences() -> None:
    bench = Bench()
    series_without_times = [event for turn in range(5) for event in conclusions(bench.announce(turn + 1))]
    assert len(series_without_times) == 2
    bench.report("Available")
    assert bench.now.registration == Registration("pending", 1, None, 5, None, None, None, Announcement("", "", "", ""))
