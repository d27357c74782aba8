"""Merging two taps on one charger: the records are in the right order, and an uncertain order is marked.

Each adapter delivers its bytes up to 16 ms late, independently of the other. An exchange on the wires takes a few
milliseconds.
"""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.base.times import MILLISECOND, SECOND
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.tap_merger import ArrivedItem, TapMerger, TapOrdering
from sniffer.core.wire.frame import Noise, Reason
from sniffer.core.wire.items import Chunk, Order, Tap, TapGap
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM, PWRBOARD
from tests.known_frames import REAL_FRAMES

LATE = 16 * MILLISECOND
TAPS = (Tap(1, "com", LATE), Tap(2, "pwr", LATE))
START = 1_000_000_000_000
METER_REQUEST, METER_VALUES = (
    next(frame.raw for frame in REAL_FRAMES if frame.name == name)
    for name in ("real meter request", "real meter values")
)


def report(sequence: int) -> bytes:
    return PWRBOARD.build(PWR_TO_COM.head, sequence, 0x01, bytes([1, 0, 6, 0, 0, 0, 0, 0, 12, 0, 0]))


def answer(sequence: int) -> bytes:
    return PWRBOARD.build(COM_TO_PWR.head, sequence, 0x01, bytes([1, 3, 0xE7, 0]))


def voltages() -> bytes:
    return PWRBOARD.build(PWR_TO_COM.head, 0xDDDD, 0x32, bytes(6))


def boot() -> bytes:
    return PWRBOARD.build(COM_TO_PWR.head, 7, 0x2C, bytes(4))


def merge(*chunks: Chunk | TapGap) -> list[Record]:
    """Return the records of a session that received these reads, in this order."""
    pipeline = Pipeline(packaged_definition(), merging=True)
    records = [record for item in (*TAPS, *chunks) for record in pipeline.feed(item)]
    return [*records, *pipeline.flush()]


def raws_and_orders(records: list[Record]) -> list[tuple[bytes, Order | None]]:
    return [
        (
            item.frame.raw if isinstance(item, Message) else item.raw,
            record.reception.order if record.reception else None,
        )
        for record in records
        if isinstance(item := record.item, Message | Noise)
    ]


def test_times_that_are_far_apart_give_the_order() -> None:
    records = merge(
        Chunk(voltages(), START, tap=2),
        Chunk(boot(), START + 50 * MILLISECOND, tap=1),
        Chunk(voltages(), START + 99 * MILLISECOND, tap=2),
    )
    assert raws_and_orders(records) == [(voltages(), None), (boot(), None), (voltages(), None)]


def test_a_late_read_is_put_before_a_later_frame() -> None:
    records = merge(Chunk(boot(), START + 20 * MILLISECOND, tap=1), Chunk(voltages(), START, tap=2))
    assert [raw for raw, _ in raws_and_orders(records)] == [voltages(), boot()]


def test_an_answer_comes_after_its_request_whatever_the_times_say() -> None:
    records = merge(Chunk(answer(5), START, tap=1), Chunk(report(5), START + 12 * MILLISECOND, tap=2))
    assert raws_and_orders(records) == [(report(5), None), (answer(5), Order.EXCHANGE)]
    assert records[1].refers is not None
    assert records[1].refers.kind == "answers"


def test_a_frame_long_before_a_request_is_not_its_answer() -> None:
    records = merge(Chunk(answer(5), START, tap=1), Chunk(report(5), START + 40 * MILLISECOND, tap=2))
    assert [raw for raw, _ in raws_and_orders(records)] == [answer(5), report(5)]


def test_an_order_without_evidence_is_uncertain() -> None:
    records = merge(Chunk(boot(), START, tap=1), Chunk(voltages(), START + 3 * MILLISECOND, tap=2))
    assert raws_and_orders(records) == [(boot(), None), (voltages(), Order.UNCERTAIN)]


def test_each_wire_has_a_framer_of_its_own() -> None:
    whole, other = report(9), boot()
    records = merge(
        Chunk(whole[:6], START, tap=2),
        Chunk(other, START + MILLISECOND, tap=1),
        Chunk(whole[6:], START + 2 * MILLISECOND, tap=2),
    )
    assert sorted(raw for raw, _ in raws_and_orders(records)) == sorted([whole, other])


def test_a_gap_comes_after_everything_received_before_it() -> None:
    records = merge(
        Chunk(boot(), START, tap=1), Chunk(voltages()[:5], START, tap=2), TapGap(START + MILLISECOND, "unplugged", 2)
    )
    assert [record.item is None for record in records] == [False, False, True]
    assert records[-1].reception is not None
    assert records[-1].reception.tap == 2


def test_no_record_waits_longer_than_the_lateness_of_the_adapters() -> None:
    pipeline = Pipeline(packaged_definition(), merging=True)
    for tap in TAPS:
        pipeline.feed(tap)
    assert pipeline.feed(Chunk(boot(), START, tap=1)) == []
    assert [record.number for record in pipeline.feed(Chunk(boot(), START + 60 * MILLISECOND, tap=1))] == [1]


@given(st.integers(0, 10_000), st.integers(1, 60))
def test_skewed_exchanges_are_merged_in_the_right_order(seed: int, count: int) -> None:
    """Each report is answered within 2 to 9 ms; each adapter delivers up to 16 ms late, in the order of its wire."""
    chance = random.Random(seed)
    wire: list[tuple[int, int, bytes]] = []
    now = START
    for sequence in range(1, count + 1):
        now += chance.randint(20, 60) * MILLISECOND
        wire += [(now, 2, report(sequence)), (now + chance.randint(2, 9) * MILLISECOND, 1, answer(sequence))]
    reads: list[tuple[int, int, bytes]] = []
    last = {1: 0, 2: 0}
    for at, tap, raw in wire:
        last[tap] = max(last[tap], at + chance.randint(0, LATE))
        reads.append((last[tap], tap, raw))
    records = merge(*(Chunk(raw, at, tap=tap) for at, tap, raw in sorted(reads, key=lambda read: read[0])))
    found = [raw for raw, _ in raws_and_orders(records)]
    assert sorted(found) == sorted(raw for *_, raw in wire)
    for sequence in range(1, count + 1):
        assert found.index(report(sequence)) < found.index(answer(sequence))
    answers = [record for record in records if isinstance(record.item, Message) and record.item.direction == "com>pwr"]
    assert all(record.refers and record.refers.kind == "answers" for record in answers)


def test_bytes_that_another_tap_still_holds_may_be_earlier_by_its_lateness() -> None:
    held: dict[int, int] = {}
    merger = TapMerger(held.get)
    merger.set_lateness(1, 0)
    merger.set_lateness(2, LATE)
    arrived = ArrivedItem(1, START, Noise(Reason.GARBAGE, START, b"a"))
    merger.add(arrived)
    held[2] = START + LATE
    assert list(merger.take_due(START + SECOND)) == []
    held[2] = START + LATE + 1
    assert list(merger.take_due(START + SECOND)) == [arrived]


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        # Another command of the same sequence: an announcement is answered, and a status reported.
        (report(5), PWRBOARD.build(COM_TO_PWR.head, 5, 0x00, bytes(13))),
        # All polls of meter values have the same sequence, so it ties no answer to its request.
        (METER_REQUEST, METER_VALUES),
    ],
)
def test_a_frame_that_answers_another_request_stays_in_the_order_of_the_times(sent: bytes, answered: bytes) -> None:
    tap_of_answer = 1 if answered[0] == COM_TO_PWR.head[0] else 2
    records = merge(
        Chunk(answered, START, tap=tap_of_answer), Chunk(sent, START + 12 * MILLISECOND, tap=3 - tap_of_answer)
    )
    assert raws_and_orders(records) == [(answered, None), (sent, Order.UNCERTAIN)]


@pytest.mark.parametrize(("apart", "order"), [(LATE, Order.UNCERTAIN), (LATE + 1, None)])
def test_an_order_is_certain_once_the_times_are_farther_apart_than_the_lateness(
    apart: int, order: Order | None
) -> None:
    ordering = TapOrdering()
    for tap in (1, 2):
        ordering.set_lateness(tap, LATE)
    assert ordering.find_order(1, 1, START, None) is None
    assert ordering.find_order(2, 2, START + apart, None) is order
