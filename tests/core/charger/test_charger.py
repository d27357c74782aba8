"""The fold over anything: it never fails, its books add up, its events tell the same story as its snapshot."""

import tracemalloc
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.core.charger.charger import Charger
from sniffer.core.charger.connector import PATH_LENGTH
from sniffer.core.charger.events import Event, FaultCleared, FaultRaised, StatusChanged
from sniffer.core.charger.health.link_health import Health, LinkHealth, LinkHealthChanged
from sniffer.core.charger.startup.registration_events import Booted
from sniffer.core.charger.tap_events import SourceLost
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.log_lines import LogLine, TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Frame, Noise, Reason
from sniffer.core.wire.items import Chunk, TapGap
from sniffer.core.wire.links import COM_TO_PWR, DBUS_EITHER_WAY, PWR_TO_COM, ROUTES
from tests.core.charger.helpers import LINES, Bench
from tests.core.protocol.helpers import CODEC, DEFINITION

usual = settings(max_examples=120, deadline=None)

SMALL = st.sampled_from(b"\0\1\2\4\6\x08\x09\x0c\x0e")
SEQUENCES = st.sampled_from([1, 2, 3, 0xDDDD, 0xFFFF])
TIMES = st.none() | st.integers(0, 9)
TEXTS = st.sampled_from(["Com boot!", "ocpp boot pending!", "CP_INFO", "hello", "cpid = a,evseNum = 1"]) | st.one_of(
    st.builds("icomCode = {},index=3".format, SMALL),
    st.builds("pwrCom error Code vol:{},{},9".format, SMALL, SMALL),
    st.builds("ocpp error Code :{},{}".format, SMALL, st.sampled_from([0, 1, 0x200208, 0x10020F])),
    st.text(max_size=12),
)
STATUS = st.builds(
    lambda *parts: bytes(parts), st.integers(0, 2), st.integers(0, 9), st.sampled_from([6, 6, 9, 14]), *[SMALL] * 8
)


@st.composite
def frames(draw):
    command = draw(st.sampled_from(DEFINITION.commands))
    size = command.size if command.size is not None else 9
    if draw(st.integers(0, 5)) == 0:
        size = draw(st.integers(0, 20))
    payload = bytes(draw(st.lists(SMALL, min_size=size, max_size=size)))
    return framed(draw, command.route, command.code, payload)


@st.composite
def reports(draw):
    """Status reports and their relays, which tell of the same with the same sequence."""
    payload = draw(STATUS)
    if draw(st.booleans()):
        return framed(draw, PWR_TO_COM, 0x01, payload)
    vendor = draw(st.sampled_from([bytes(3), bytes.fromhex("200208"), bytes.fromhex("10020F")]))
    return framed(draw, DBUS_EITHER_WAY, 0x0001, b"\0\1" + payload[:3] + vendor + bytes(3))


@st.composite
def random_frames(draw):
    route = draw(st.sampled_from((*ROUTES, DBUS_EITHER_WAY)))
    return framed(
        draw, route, draw(st.sampled_from([0, 1, 0x21, 0x2C, 0x2D, 0x32, 0x7F])), draw(st.binary(max_size=40))
    )


def framed(draw, route, code, payload):
    raw = route.link.build(route.head, draw(SEQUENCES), code, payload)
    return CODEC.decode(Frame(route, draw(TIMES), raw))


LOG_LINES = st.builds(lambda time, text: LINES.read(LogLine(time, "comproc", text)), TIMES, TEXTS)
NOISE = st.builds(Noise, st.sampled_from(Reason), TIMES, st.binary(min_size=1, max_size=9))
SESSIONS = st.lists(st.one_of(reports(), reports(), frames(), random_frames(), LOG_LINES, NOISE), max_size=50)


def size_of(item):
    if isinstance(item, TextMessage):
        return 0
    return len(item.frame.raw if isinstance(item, Message) else item.raw)


def folded(items):
    """Return the charger after these items, and all events."""
    charger, events = Charger(DEFINITION), list[Event]()
    for number, item in enumerate(items, 1):
        charger.count_read(size_of(item))
        events += charger.apply(item, number)[0]
    return charger, events


@usual
@given(SESSIONS)
def test_the_same_session_gives_the_same_events_and_snapshot(items):
    (one, said), (other, said_again) = folded(items), folded(items)
    assert said == said_again
    assert one.snapshot() == other.snapshot() == one.snapshot()


@usual
@given(SESSIONS, st.integers(1, 7))
def test_items_applied_together_give_what_they_give_one_by_one(items, size):
    items = [item for item in items if not isinstance(item, TextMessage)]
    single, joined, expected, got = Charger(DEFINITION), Charger(DEFINITION), [], []
    for start in range(0, len(items), size):
        part = items[start : start + size]
        expected += [single.apply(item, number) for number, item in enumerate(part, start + 1)]
        got += joined.apply_all(part, start + 1)
    assert got == expected
    assert joined.snapshot() == single.snapshot()


@usual
@given(SESSIONS)
def test_asking_for_a_snapshot_changes_nothing(items):
    asked, events = Charger(DEFINITION), list[Event]()
    for number, item in enumerate(items, 1):
        asked.count_read(size_of(item))
        asked.snapshot()
        events += asked.apply(item, number)[0]
    charger, expected = folded(items)
    assert (asked.snapshot(), events) == (charger.snapshot(), expected)


@usual
@given(SESSIONS)
def test_the_ledger_adds_up(items):
    charger, _ = folded(items)
    ledger = charger.snapshot().ledger
    kinds = Counter(type(item) for item in items)
    assert (ledger.frames, ledger.lines, sum(ledger.noise.values())) == (
        kinds[Message],
        kinds[TextMessage],
        kinds[Noise],
    )
    assert ledger.frame_bytes == sum(size_of(item) for item in items if isinstance(item, Message))
    assert ledger.read == ledger.frame_bytes + sum(ledger.noise_bytes.values()) == sum(map(size_of, items))
    assert ledger.waiting == 0
    for reason in Reason:
        of_it = [item for item in items if isinstance(item, Noise) and item.reason is reason]
        assert (ledger.noise[reason], ledger.noise_bytes[reason]) == (len(of_it), sum(map(size_of, of_it)))


@usual
@given(SESSIONS)
def test_moves_follow_each_other_and_end_where_the_connector_is(items):
    charger, events = folded(items)
    moves = [event for event in events if isinstance(event, StatusChanged)]
    connectors = charger.snapshot().connectors
    assert [one.number for one in connectors] == sorted({move.connector for move in moves})
    for one in connectors:
        its = [move for move in moves if move.connector == one.number]
        assert [move.before for move in its] == [None, *(move.after for move in its[:-1])]
        assert all(move.before != move.after for move in its)
        assert one.path == tuple(its[-PATH_LENGTH:])
        assert (one.status, one.since) == (its[-1].after, its[-1].time)
        assert one.reports >= len(its)


@usual
@given(SESSIONS)
def test_what_was_raised_and_not_cleared_is_active(items):
    charger, events = folded(items)
    active = 0
    for event in events:
        active += isinstance(event, FaultRaised)
        active -= isinstance(event, FaultCleared)
        assert active >= 0
    faults = charger.snapshot().faults
    assert len(faults) == active
    assert len({fault.connector for fault in faults}) == len(faults)


@usual
@given(SESSIONS)
def test_boots_are_counted_without_gaps(items):
    charger, events = folded(items)
    boots = [event for event in events if isinstance(event, Booted)]
    assert [boot.count for boot in boots] == list(range(1, len(boots) + 1))
    now = charger.snapshot().registration
    assert now.series == len(boots)
    assert not boots or now.since == boots[-1].time or now.announcements == 0


@usual
@given(SESSIONS)
def test_an_event_has_the_time_of_what_showed_it(items):
    charger = Charger(DEFINITION)
    for number, item in enumerate(items, 1):
        time = item.frame.time if isinstance(item, Message) else item.time
        assert all(event.time == time for event in charger.apply(item, number)[0])


@usual
@given(SESSIONS, SESSIONS)
def test_an_old_snapshot_stays_as_it_was(before, after):
    charger, _ = folded(before)
    old = charger.snapshot()
    for number, item in enumerate(after, len(before) + 1):
        charger.count_read(size_of(item))
        charger.apply(item, number)
    assert old == folded(before)[0].snapshot()


def test_a_snapshot_cannot_be_changed():
    bench = Bench()
    bench.report("Faulted", "UnderVoltage")
    now = bench.now
    for value in (now, now.connectors[0], now.faults[0], now.registration, now.ledger):
        name = type(value).__match_args__[0]
        with pytest.raises(AttributeError):
            setattr(value, name, None)
    with pytest.raises(AttributeError):
        now.connectors[0].path[0].after = "Available"


def test_bytes_that_wait_are_counted():
    charger = Charger(DEFINITION)
    charger.count_read(20)
    charger.apply(Noise(Reason.GARBAGE, None, b"1234567"), 1)
    assert charger.snapshot().ledger.waiting == 13


def test_a_lost_source_is_an_event():
    lost = LinkHealthChanged(7, LinkHealth(Health.LOST, "unplugged", 7))
    assert Charger(DEFINITION).apply_tap(TapGap(7, "unplugged")) == (SourceLost(7, "unplugged"), lost)


def test_voltages_are_the_last_that_were_reported():
    bench = Bench()
    assert bench.now.measurements.values == ()
    for bench.time, volts in ((1, 230.0), (2, 231.5)):
        assert bench.say("phase voltages", 0xDDDD, l1_voltage=volts, l2_voltage=0.01, l3_voltage=655.35) == []
    assert [(one.name, one.value, one.time) for one in bench.now.measurements.values] == [
        ("l1_voltage", 231.5, 2),
        ("l2_voltage", 0.01, 2),
        ("l3_voltage", 655.35, 2),
    ]


def test_there_are_no_more_connectors_than_a_byte_can_name():
    """Memory is bounded by it."""
    bench = Bench()
    for connector in range(256):
        bench.report("Available", connector=connector)
    assert len(bench.now.connectors) == 256


def test_an_unknown_command_tells_nothing():
    bench = Bench()
    assert bench.frame(COM_TO_PWR, COM_TO_PWR.link.build(COM_TO_PWR.head, 1, 0x7F, b"\x01")) == []
    assert (bench.now.connectors, bench.now.ledger.frames) == ((), 1)


@pytest.mark.slow
@usual
@given(st.lists(st.one_of(reports(), frames()), max_size=12), st.data())
def test_where_a_session_was_cut_into_reads_is_all_one(items, data):
    session = b"".join(item.frame.raw for item in items)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(session)), max_size=8)))
    reads = [session[start:end] for start, end in pairwise([0, *cuts, len(session)])]
    assert piped(reads) == piped([session])


def piped(reads):
    pipeline = Pipeline(DEFINITION)
    records = [record for read in reads for record in pipeline.feed(Chunk(read))] + pipeline.flush()
    return [event for record in records for event in record.events], pipeline.snapshot()


def test_memory_does_not_grow_with_the_session():
    """Between 20,000 and 60,000 reports by less than 200 kB: what is kept is bounded everywhere."""
    bench = Bench()
    messages = [
        CODEC.decode(
            Frame(PWR_TO_COM, None, PWR_TO_COM.link.build(PWR_TO_COM.head, one, 1, bytes((1, 0, 6, *bytes(8)))))
        )
        for one in range(2000)
    ]
    tracemalloc.start()
    try:
        used = []
        for turns in (10, 20):
            for _ in range(turns):
                for message in messages:
                    bench.take(message)
            used.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert used[1] - used[0] < 200_000
