"""Exchanges: what answers what, what was sent again, and what stays without an answer."""

import pytest

from sniffer.base.times import MILLISECOND, SECOND
from sniffer.core.charger.events import Reference, Retransmitted, Unanswered
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.exchanges.command_stats import OTHERS, Latency, Period
from sniffer.core.charger.exchanges.exchange_book import GENERATION
from sniffer.core.wire.links import COM_TO_OCPP, COM_TO_PWR, DBUS_EITHER_WAY, PWR_TO_COM
from tests.core.charger.helpers import Bench

START = 100 * SECOND + 1
ONE, TWO = 0x1111, 0x2222


@pytest.fixture
def bench():
    """Its times are finer than a second, and the communication processor was heard."""
    bench = Bench()
    bench.time = START
    answer(bench, 0xDDDD)
    return bench


def answer(bench, sequence, connector=1):
    return bench.say("status answer", sequence, connector=connector)


def unknown(bench, route, sequence, payload=b"\x01", code=0x7E):
    return bench.frame(route, route.link.build(route.head, sequence, code, payload))


def meter(bench):
    values = {"connector": 1, "energy": 223710, "voltage": 240.1, "current": 0.01, "temperature": 46}
    return bench.say("meter values", 0xEEEE, **values)


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


def tally(bench, name):
    return next(one for one in bench.now.exchanges.commands if one.name == name)


def test_an_answer_is_tied_to_its_request(bench):
    bench.report("Available", sequence=ONE)
    asked, bench.time = bench.number, START + 12 * MILLISECOND
    assert answer(bench, ONE) == []
    assert bench.refers == Reference("answers", asked, None, 12 * MILLISECOND)
    assert tally(bench, "status report").latency == Latency(12 * MILLISECOND, 12 * MILLISECOND, 12 * MILLISECOND)
    assert bench.now.exchanges.waiting == 0


def test_whole_seconds_tell_no_latency():
    bench = Bench()
    bench.time = SECOND
    bench.report("Available", sequence=ONE)
    bench.time = 2 * SECOND
    answer(bench, ONE)
    assert bench.refers == Reference("answers", 1, None, None)
    assert (tally(bench, "status report").answered, tally(bench, "status report").latency) == (1, None)


@pytest.mark.parametrize("sequence", [0xDDDD, 0xFFFF])
def test_special_sequences_are_no_exchange(bench, sequence):
    bench.report("Available", sequence=sequence)
    answer(bench, sequence)
    assert bench.refers is None
    found = tally(bench, "status report")
    assert (found.unsolicited, found.answered, bench.now.exchanges.waiting) == (1, 0, 0)


@pytest.mark.parametrize("pause", [500 * MILLISECOND, 1500 * MILLISECOND])
def test_a_polled_answer_pairs_by_its_shared_sequence(bench, pause):
    bench.say("meter request", 0xEEEE, connector=1)
    asked, bench.time = bench.number, START + 12 * MILLISECOND
    meter(bench)
    assert bench.refers == Reference("answers", asked, None, 12 * MILLISECOND)
    bench.time += pause
    assert bench.say("meter request", 0xEEEE, connector=1) == [], "the next poll is no repetition"
    assert meter(bench) == []
    assert (tally(bench, "meter request").answered, tally(bench, "meter request").retransmissions) == (2, 0)


def test_a_poll_without_an_answer_is_unanswered(bench):
    bench.report("Available")
    bench.say("meter request", 0xEEEE, connector=1)
    bench.time += 3 * SECOND
    (lost,) = [event for event in of(Unanswered, bench.line("hello")) if event.name == "meter request"]
    assert lost.sequence == 0xEEEE


def test_an_announcement_without_an_answer_is_not_unanswered(bench):
    events = []
    for sequence in range(1, 5):
        events += bench.announce(sequence)
        if sequence == 2:
            bench.say("announcement answer", sequence, charge_point_id="10427240")
            assert bench.refers.kind == "answers"
        bench.time += 5 * SECOND
    assert of(Unanswered, events) == []
    assert bench.now.exchanges.waiting == 0


def test_the_same_bytes_again_are_a_retransmission_before_and_after_the_answer(bench):
    bench.report("Available", sequence=ONE)
    first = Evidence(bench.number, None, START)
    for tries in (2, 3):
        bench.time += 5 * MILLISECOND
        (again,) = of(Retransmitted, bench.report("Available", sequence=ONE))
        assert (again.first, again.tries, again.sequence) == (first, tries, ONE)
        assert bench.refers == Reference("repeats", first.number, None, bench.time - START)
        if tries == 2:
            answer(bench, ONE)
    assert (tally(bench, "status report").retransmissions, tally(bench, "status report").answered) == (2, 1)


def test_a_repeated_answer_is_a_retransmission_and_another_one_is_unasked(bench):
    bench.report("Available", sequence=ONE)
    answer(bench, ONE)
    first = bench.number
    (again,) = of(Retransmitted, answer(bench, ONE))
    assert (again.first.number, again.route) == (first, COM_TO_PWR)
    assert answer(bench, ONE, connector=2) == []
    assert (tally(bench, "status answer").retransmissions, tally(bench, "status answer").unasked) == (1, 1)


def test_the_same_sequence_with_other_content_is_a_new_request(bench):
    bench.report("Available", sequence=ONE)
    (lost,) = of(Unanswered, bench.report("Preparing", sequence=ONE))
    assert (lost.sequence, lost.tries) == (ONE, 1)
    answer(bench, ONE)
    assert bench.refers.number == bench.number - 1


def test_an_answer_without_a_request_is_unasked(bench):
    answer(bench, TWO)
    assert (bench.refers, tally(bench, "status answer").unasked) == (None, 1)


def test_a_request_is_unanswered_once_after_one_to_two_seconds(bench):
    bench.report("Available", sequence=ONE)
    asked = bench.number
    bench.report("Available", sequence=ONE)
    events = []
    for _ in range(60):
        bench.time += 100 * MILLISECOND
        events += of(Unanswered, bench.line("hello"))
    (lost,) = events
    assert GENERATION <= lost.time - START <= 2 * GENERATION + 200 * MILLISECOND
    assert (lost.asked, lost.tries, lost.name) == (Evidence(asked, None, START), 2, "status report")
    assert answer(bench, ONE) == []
    assert (bench.refers, tally(bench, "status answer").unasked) == (None, 1)


def test_where_times_are_whole_seconds_a_request_is_waited_for_twice_as_long():
    bench = Bench()
    bench.time = 10 * SECOND
    answer(bench, 0xDDDD)
    bench.report("Available", sequence=ONE)
    bench.time = 13 * SECOND
    assert of(Unanswered, answer(bench, 0xDDDD)) == []
    bench.time = 15 * SECOND
    assert len(of(Unanswered, answer(bench, 0xDDDD))) == 1


def test_nothing_is_unanswered_where_the_other_side_was_not_received():
    bench = Bench()
    bench.time = START
    events = []
    for step in range(5):
        events += bench.report("Available", sequence=ONE + step)
        bench.time += 2 * SECOND
    assert of(Unanswered, events) == []


def test_an_unknown_command_is_waited_for_once_it_was_answered(bench):
    def is_missed(sequence):
        events = unknown(bench, PWR_TO_COM, sequence)
        for _ in range(4):
            bench.time += GENERATION
            events += bench.line("hello")
        return len(of(Unanswered, events))

    assert is_missed(ONE) == 0
    unknown(bench, PWR_TO_COM, TWO)
    unknown(bench, COM_TO_PWR, TWO)
    assert is_missed(ONE) == 1


def test_by_order_an_answered_request_makes_the_earlier_one_unanswered():
    for times in (None, SECOND):
        bench = Bench()
        bench.time = times
        answer(bench, 0xDDDD)
        bench.report("Available", sequence=ONE)
        bench.report("Available", sequence=TWO)
        (lost,) = of(Unanswered, answer(bench, TWO))
        assert lost.sequence == ONE


def test_regular_messages_have_a_period_and_jitter(bench):
    for turn in range(40):
        bench.time = START + turn * SECOND + (20 * MILLISECOND if turn % 2 else 0)
        bench.say("phase voltages", 0xDDDD, l1_voltage=230.0, l2_voltage=230.0, l3_voltage=230.0)
    assert tally(bench, "phase voltages").period == Period(1020 * MILLISECOND, 40 * MILLISECOND)


def test_irregular_messages_have_no_period(bench):
    for gap in (0, 1, 9, 2, 30, 1, 14, 5):
        bench.time += gap * SECOND
        bench.say("phase voltages", 0xDDDD, l1_voltage=230.0, l2_voltage=230.0, l3_voltage=230.0)
    assert tally(bench, "phase voltages").period is None


def test_percentiles_are_the_nearest_rank(bench):
    for turn in range(1, 21):
        bench.report("Available", sequence=turn)
        bench.time += turn * MILLISECOND
        answer(bench, turn)
    assert tally(bench, "status report").latency == Latency(10 * MILLISECOND, 19 * MILLISECOND, 20 * MILLISECOND)


def test_both_links_do_not_mix(bench):
    bench.report("Available", sequence=ONE)
    bench.handshake(TWO)
    answer(bench, TWO)
    assert bench.refers is None
    bench.answer(ONE)
    assert bench.refers is None
    assert bench.now.exchanges.waiting == 1


def test_requests_kept_are_bounded_and_all_are_counted(bench):
    for turn in range(20_000):
        bench.report("Available", sequence=1 + turn % 0xDDDC)
    waiting = bench.now.exchanges.waiting
    # The 257th request makes its generation the older one, which is dropped when the next one is full.
    assert waiting == 257 + 20_000 % 257
    found = tally(bench, "status report")
    assert (found.count, found.unanswered + waiting) == (20_000, 20_000)


def test_commands_kept_are_bounded_and_add_up_to_the_ledger(bench):
    for code in range(512 + 50):
        unknown(bench, COM_TO_OCPP, 1, code=0x4000 + code)
    now = bench.now
    names = [one.name for one in now.exchanges.commands]
    assert (names.count(OTHERS), len(names)) == (1, 512 + 1)
    assert sum(one.count for one in now.exchanges.commands) == now.ledger.frames
    assert sum(side.frames for side in now.exchanges.sides) == now.ledger.frames


def test_a_command_that_nobody_answers_is_not_unanswered(bench):
    bench.report("Available", sequence=ONE)
    bench.say("acceptance", TWO)
    bench.time += 10 * SECOND
    events = bench.say("acceptance", 0x3333)
    assert [event.name for event in of(Unanswered, events)] == ["status report"]
    assert tally(bench, "acceptance").unanswered == 0


def test_a_side_is_silent_since_it_was_received_last(bench):
    bench.report("Available", sequence=ONE)
    heard, bench.time = bench.time, bench.time + 30 * SECOND
    bench.say("acceptance", TWO)
    last = {side.route: side.last for side in bench.now.exchanges.sides}
    assert last == {PWR_TO_COM: heard, COM_TO_PWR: bench.time}


def test_where_the_direction_is_not_known_other_bytes_are_the_answer(bench):
    unknown(bench, DBUS_EITHER_WAY, ONE, b"\1")
    asked = bench.number
    assert of(Retransmitted, unknown(bench, DBUS_EITHER_WAY, ONE, b"\1"))
    unknown(bench, DBUS_EITHER_WAY, ONE, b"\2")
    assert (bench.refers.kind, bench.refers.number) == ("answers", asked)
    (stats,) = (one for one in bench.now.exchanges.commands if one.route is DBUS_EITHER_WAY)
    assert (stats.count, stats.answered, stats.retransmissions) == (3, 1, 1)


def test_a_frame_of_unknown_direction_answers_none_whose_direction_is_known(bench):
    unknown(bench, COM_TO_OCPP, ONE, b"\1")
    unknown(bench, DBUS_EITHER_WAY, ONE, b"\2")
    assert bench.refers is None
    assert bench.now.ledger.frames == bench.number


def test_both_generations_of_requests_are_old_after_a_long_silence(bench):
    bench.report("Available", sequence=ONE)
    bench.time += 60 * SECOND
    (lost,) = of(Unanswered, bench.say("acceptance", TWO))
    assert (lost.asked.time, lost.tries) == (START, 1)
    assert bench.now.exchanges.waiting == 0


@pytest.mark.parametrize(("after", "count"), [(2 * SECOND - 1, 0), (2 * SECOND, 1)])
def test_a_silence_of_two_generations_drops_both(bench, after, count):
    bench.report("Available", sequence=ONE)
    bench.time += after
    assert len(of(Unanswered, bench.line("hello"))) == count


def test_a_log_whose_clock_is_set_back_goes_on_giving_up():
    bench = Bench()
    bench.time = 7200 * SECOND
    answer(bench, 0xDDDD)
    bench.report("Available", sequence=ONE)
    events = []
    for second in range(8):
        bench.time = (3600 + second) * SECOND
        events += bench.say("acceptance", 0x3000 + second)
    assert [event.sequence for event in of(Unanswered, events)] == [ONE]


def test_so_does_a_tap_whose_clock_is_set_back(bench):
    bench.report("Available", sequence=ONE)
    events = []
    for second in range(4):
        bench.time = START - 90 * SECOND + second * SECOND
        events += bench.say("acceptance", 0x3000 + second)
    assert [event.sequence for event in of(Unanswered, events)] == [ONE]
