"""Merging two taps on one charger: the records are in the right order, and an uncertain order is marked.

Each adapter delivers its bytes up to 16 ms late, independently of the other. An exchange on the wires takes a few
milliseconds.
"""

import random

from hypothesis import given
from hypothesis import strategies as st

from sniffer.base.times import MILLISECOND
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise
from sniffer.core.wire.items import Chunk, Order, Tap, TapGap
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM, PWRBOARD

LATE = 16 * MILLISECOND
TAPS = (Tap(1, "com", LATE), Tap(2, "pwr", LATE))
START = 1_000_000_000_000


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
