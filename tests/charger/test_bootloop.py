"""Boot loops: told once when they begin and once when they are over."""

import pytest

from sniffer.charger.events import Booted, BootLoop, BootLoopEnded
from tests.charger.bench import Bench

SECOND = 1_000_000_000


@pytest.fixture
def bench():
    bench = Bench()
    bench.time = 0
    return bench


def loops(events):
    return [event for event in events if isinstance(event, BootLoop | BootLoopEnded)]


def boot(bench, second=None):
    bench.time = None if second is None else second * SECOND
    return loops(bench.line("Com boot!"))


def test_three_boots_within_a_minute_are_a_loop(bench):
    assert boot(bench, 0) == boot(bench, 30) == []
    (loop,) = boot(bench, 60)
    assert loop == BootLoop(60 * SECOND, 0, 3, 30 * SECOND)
    assert bench.now.boots.loop == loop
    assert boot(bench, 65) == []


def test_three_boots_in_more_than_a_minute_are_none(bench):
    assert [boot(bench, second) for second in (0, 30, 61)] == [[], [], []]
    assert bench.now.boots.loop is None


@pytest.mark.parametrize("times", [(0, 300), (None, None)])
def test_two_boots_with_a_pending_one_between_are_a_loop(bench, times):
    first, second = times
    boot(bench, first)
    bench.line("ocpp boot pending!")
    (loop,) = boot(bench, second)
    assert loop.boots == 2


def test_an_answered_handshake_between_makes_it_none(bench):
    boot(bench, 0)
    bench.handshake(1)
    bench.line("ocpp boot pending!")
    bench.answer(1)
    assert boot(bench, 5) == []


def test_pending_before_the_first_boot_counts_for_nothing(bench):
    bench.line("ocpp boot pending!")
    assert boot(bench, 1) == boot(bench, 2) == []


def test_without_times_many_boots_are_no_loop(bench):
    assert [boot(bench) for _ in range(9)] == [[]] * 9


def test_a_loop_goes_on_for_an_hour_and_ends_once_a_minute_after(bench):
    told = [event for second in range(0, 3600, 5) for event in boot(bench, second)]
    assert [type(event) for event in told] == [BootLoop]
    bench.time += 61 * SECOND
    (ended,) = loops(bench.line("hello"))
    assert (ended.loop.boots, ended.loop.period) == (720, 5 * SECOND)
    assert bench.now.boots.loop is None
    bench.time += SECOND
    assert loops(bench.line("hello")) == []


@pytest.mark.parametrize("period", [20, 25, 30])
def test_a_loop_is_not_over_between_two_of_its_boots(bench, period):
    told = []
    for second in range(600):
        bench.time = second * SECOND
        told += loops(bench.line("hello" if second % period else "Com boot!"))
    assert [type(event) for event in told] == [BootLoop]


def test_a_loop_whose_boots_grow_rare_is_over(bench):
    for second in (0, 30, 60):
        boot(bench, second)
    (ended,) = boot(bench, 105)
    assert isinstance(ended, BootLoopEnded)


def test_an_answered_handshake_ends_a_pending_loop(bench):
    boot(bench, 0)
    bench.line("ocpp boot pending!")
    boot(bench, 5)
    bench.handshake(7)
    (ended,) = loops(bench.answer(7))
    assert isinstance(ended, BootLoopEnded)
    assert loops(bench.answer(7)) == []


def test_a_clock_that_is_set_back_makes_no_loop():
    bench = Bench()
    told = []
    for hour in (10, 14, 9):
        bench.time = hour * 3600 * 1_000_000_000
        told += bench.line("Com boot!")
    assert [type(event) for event in told] == [Booted] * 3


def test_a_loop_by_both_rules_counts_all_its_boots():
    bench = Bench()
    told = []
    for bench.time in (0, 10_000_000_000, 20_000_000_000):
        told += bench.line("Com boot!")
        if bench.time:
            bench.line("ocpp boot pending!")
    (loop,) = (event for event in told if isinstance(event, BootLoop))
    assert loop.boots == 3
