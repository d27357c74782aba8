"""Boots: line, announcement and handshake of one start are one boot; a restart is another, a retransmission none."""

import pytest

from sniffer.charger.boots import RETRANSMITTED_WITHIN
from sniffer.charger.events import Booted
from tests.charger.bench import Bench

ONE, TWO = 0x993B, 0x6441


@pytest.fixture
def bench():
    return Bench()


def count(events):
    return [event.count for event in events if isinstance(event, Booted)]


def say(bench, what):
    """One thing that tells of a boot, and the number of the boot if it is a new one."""
    kind, _, sequence = what.partition(" ")
    if kind == "line":
        return count(bench.line("Com boot!"))
    return count((bench.announce if kind == "announce" else bench.handshake)(int(sequence, 16)))


@pytest.mark.parametrize(
    "told",
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
def test_one_start_is_one_boot_and_the_next_is_another(bench, told):
    assert [say(bench, what) for what in told] == [[1], *[[]] * (len(told) - 1)]
    bench.pwrboard_traffic()
    again = [what.replace("993B", "6441") for what in told]
    assert [say(bench, what) for what in again] == [[2], *[[]] * (len(told) - 1)]
    assert bench.now.boots.count == 2


def test_a_line_always_is_a_new_boot(bench):
    assert [say(bench, "line") for _ in range(3)] == [[1], [2], [3]]


@pytest.mark.parametrize("kind", ["announce", "handshake"])
def test_the_same_frame_again_is_a_retransmission(bench, kind):
    assert [say(bench, f"{kind} 993B") for _ in range(3)] == [[1], [], []]


@pytest.mark.parametrize("kind", ["announce", "handshake"])
def test_another_sequence_is_another_boot(bench, kind):
    assert [say(bench, f"{kind} {sequence}") for sequence in ("993B", "6441", "993B")] == [[1], [2], [3]]


def test_what_the_others_say_does_not_make_a_retransmission_a_boot(bench):
    bench.announce(ONE)
    bench.report("Available")
    bench.heard_from_ocpp()
    assert count(bench.announce(ONE)) == []


def test_the_same_sequence_after_other_traffic_is_a_new_boot(bench):
    bench.announce(ONE)
    bench.pwrboard_traffic()
    assert count(bench.announce(ONE)) == [2]


def test_the_same_holds_on_the_other_link(bench):
    bench.handshake(ONE)
    bench.dbus_traffic()
    assert count(bench.handshake(ONE)) == [2]


def test_what_belongs_to_a_boot_still_does_after_other_traffic(bench):
    bench.line("Com boot!")
    bench.handshake(ONE)
    bench.pwrboard_traffic()
    assert count(bench.announce(ONE)) == []


def test_the_times_of_the_last_two_boots_are_kept(bench):
    for bench.time, sequence in ((1, ONE), (6, TWO), (11, ONE)):
        bench.announce(sequence)
    boots = bench.now.boots
    assert (boots.count, boots.previous, boots.last) == (3, 6, 11)


def test_a_boot_is_pending_until_the_ocpp_module_answers(bench):
    assert not bench.now.boots.pending
    bench.line("ocpp boot pending!")
    bench.handshake(ONE)
    assert bench.now.boots.pending
    bench.answer(ONE)
    assert not bench.now.boots.pending
    bench.line("ocpp boot pending!")
    assert bench.now.boots.pending


def test_an_announcement_and_a_line_tell_the_charge_point_id(bench):
    bench.announce(ONE)
    assert bench.now.charge_point_id == "10427240"
    bench.line("cpid = 20000001,evseNum = 1")
    assert bench.now.charge_point_id == "20000001"
    bench.line("cpid = ,evseNum = 1")
    assert bench.now.charge_point_id == "20000001"
    bench.say("charge point information", ONE, charge_point_id="30000001", unknown_rest="0001")
    assert bench.now.charge_point_id == "30000001"


def test_the_same_frame_seconds_later_is_another_boot(bench):
    bench.time = 1
    bench.announce(ONE)
    bench.time += RETRANSMITTED_WITHIN
    assert count(bench.announce(ONE)) == []
    bench.time += 1
    assert count(bench.announce(ONE)) == [2]
