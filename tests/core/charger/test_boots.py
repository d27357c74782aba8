"""Boots and boot loops.

Line, announcement and handshake of one start are one boot, a restart is another, and a retransmission is none. A loop
is reported once when it begins and once when it ends.
"""

import pytest

from sniffer.core.charger.boots import RETRANSMITTED_WITHIN
from sniffer.core.charger.events import Booted, BootLoop, BootLoopEnded
from tests.core.charger.helpers import Bench

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
    events = [event for second in range(0, 3600, 5) for event in boot(bench, second)]
    assert [type(event) for event in events] == [BootLoop]
    bench.time += 61 * SECOND
    (ended,) = loops(bench.line("hello"))
    assert (ended.loop.boots, ended.loop.period) == (720, 5 * SECOND)
    assert bench.now.boots.loop is None
    bench.time += SECOND
    assert loops(bench.line("hello")) == []


@pytest.mark.parametrize("period", [20, 25, 30])
def test_a_loop_is_not_over_between_two_of_its_boots(bench, period):
    events = []
    for second in range(600):
        bench.time = second * SECOND
        events += loops(bench.line("hello" if second % period else "Com boot!"))
    assert [type(event) for event in events] == [BootLoop]


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
    events = []
    for hour in (10, 14, 9):
        bench.time = hour * 3600 * 1_000_000_000
        events += bench.line("Com boot!")
    assert [type(event) for event in events] == [Booted] * 3


def test_a_loop_by_both_rules_counts_all_its_boots():
    bench = Bench()
    events = []
    for bench.time in (0, 10_000_000_000, 20_000_000_000):
        events += bench.line("Com boot!")
        if bench.time:
            bench.line("ocpp boot pending!")
    (loop,) = (event for event in events if isinstance(event, BootLoop))
    assert loop.boots == 3


ONE, TWO = 0x993B, 0x6441


@pytest.fixture
def untimed():
    return Bench()


def count(events):
    return [event.count for event in events if isinstance(event, Booted)]


def say(untimed, what):
    """One thing that tells of a boot, and the number of the boot if it is a new one."""
    kind, _, sequence = what.partition(" ")
    if kind == "line":
        return count(untimed.line("Com boot!"))
    return count((untimed.announce if kind == "announce" else untimed.handshake)(int(sequence, 16)))


@pytest.mark.parametrize(
    "signs",
    [
        ["line", "handshake 993B", "announce 993B"],
        ["line", "announce 993B", "handshake 993B"],
        ["announce 993B", "handshake 993B"],
        ["handshake 993B", "announce 993B"],
        ["line"],
        ["announce 993B"],
        ["handshake 993B"],
    ],
)
def test_one_start_is_one_boot_and_the_next_is_another(untimed, signs):
    assert [say(untimed, what) for what in signs] == [[1], *[[]] * (len(signs) - 1)]
    untimed.pwrboard_traffic()
    again = [what.replace("993B", "6441") for what in signs]
    assert [say(untimed, what) for what in again] == [[2], *[[]] * (len(signs) - 1)]
    assert untimed.now.boots.count == 2


def test_a_line_always_is_a_new_boot(untimed):
    assert [say(untimed, "line") for _ in range(3)] == [[1], [2], [3]]


@pytest.mark.parametrize("kind", ["announce", "handshake"])
def test_the_same_frame_again_is_a_retransmission(untimed, kind):
    assert [say(untimed, f"{kind} 993B") for _ in range(3)] == [[1], [], []]


@pytest.mark.parametrize("kind", ["announce", "handshake"])
def test_another_sequence_is_another_boot(untimed, kind):
    assert [say(untimed, f"{kind} {sequence}") for sequence in ("993B", "6441", "993B")] == [[1], [2], [3]]


def test_what_the_others_say_does_not_make_a_retransmission_a_boot(untimed):
    untimed.announce(ONE)
    untimed.report("Available")
    untimed.heard_from_ocpp()
    assert count(untimed.announce(ONE)) == []


def test_the_same_sequence_after_other_traffic_is_a_new_boot(untimed):
    untimed.announce(ONE)
    untimed.pwrboard_traffic()
    assert count(untimed.announce(ONE)) == [2]


def test_the_same_holds_on_the_other_link(untimed):
    untimed.handshake(ONE)
    untimed.dbus_traffic()
    assert count(untimed.handshake(ONE)) == [2]


def test_what_belongs_to_a_boot_still_does_after_other_traffic(untimed):
    untimed.line("Com boot!")
    untimed.handshake(ONE)
    untimed.pwrboard_traffic()
    assert count(untimed.announce(ONE)) == []


def test_the_times_of_the_last_two_boots_are_kept(untimed):
    for untimed.time, sequence in ((1, ONE), (6, TWO), (11, ONE)):
        untimed.announce(sequence)
    boots = untimed.now.boots
    assert (boots.count, boots.previous, boots.last) == (3, 6, 11)


def test_a_boot_is_pending_until_the_ocpp_module_answers(untimed):
    assert not untimed.now.boots.pending
    untimed.line("ocpp boot pending!")
    untimed.handshake(ONE)
    assert untimed.now.boots.pending
    untimed.answer(ONE)
    assert not untimed.now.boots.pending
    untimed.line("ocpp boot pending!")
    assert untimed.now.boots.pending


def test_an_announcement_and_a_line_tell_the_charge_point_id(untimed):
    untimed.announce(ONE)
    assert untimed.now.charge_point_id == "10427240"
    untimed.line("cpid = 20000001,evseNum = 1")
    assert untimed.now.charge_point_id == "20000001"
    untimed.line("cpid = ,evseNum = 1")
    assert untimed.now.charge_point_id == "20000001"
    untimed.say("charge point information", ONE, charge_point_id="30000001", unknown_rest="0001")
    assert untimed.now.charge_point_id == "30000001"


def test_the_same_frame_seconds_later_is_another_boot(untimed):
    untimed.time = 1
    untimed.announce(ONE)
    untimed.time += RETRANSMITTED_WITHIN
    assert count(untimed.announce(ONE)) == []
    untimed.time += 1
    assert count(untimed.announce(ONE)) == [2]
