"""The pipeline: bytes or log lines in, numbered records out, however the bytes are divided into reads."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.core.charger.events import FaultRaised, StatusChanged
from sniffer.core.charger.health.link_health import Health, LinkHealth, LinkHealthChanged
from sniffer.core.charger.tap_events import SourceLost
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Noise, Reason
from sniffer.core.wire.framer import LiveLimits
from sniffer.core.wire.items import BaudChange, Chunk, Chunks, LineError, LineErrorMark, Segments, Tap, TapGap
from sniffer.formats.charger_log import parse_line
from tests.core.protocol.helpers import DEFINITION
from tests.core.wire.helpers import STREAMS, reads_of
from tests.known_frames import KNOWN_FRAMES, STATUS_REPORT

usual = settings(max_examples=120, deadline=None)
REPORT = STATUS_REPORT.raw
DAMAGED = REPORT[:-1] + b"\0"


def raw_of(record):
    return record.item.frame.raw if isinstance(record.item, Message) else record.item.raw


def run(*items):
    """Return all records of a session and its last snapshot."""
    pipeline = Pipeline(DEFINITION)
    records = [record for item in items for record in pipeline.feed(item)]
    return records + pipeline.flush(), pipeline.snapshot()


def run_log(*texts):
    return run(*map(parse_line, texts))


@usual
@given(reads_of())
def test_the_cuts_between_reads_change_nothing(reads):
    assert run(*map(Chunk, reads)) == run(Chunk(b"".join(reads)))


@usual
@given(reads_of(), st.lists(st.booleans()))
def test_the_byte_ledger_adds_up_with_flushes_in_between(reads, flushes):
    pipeline, records = Pipeline(DEFINITION), []
    for read, flushed in zip(reads, flushes + [False] * len(reads), strict=False):
        records += pipeline.feed(Chunk(read))
        assert pipeline.waiting == pipeline.snapshot().ledger.waiting
        records += pipeline.flush() if flushed else []
    records += pipeline.flush()
    ledger = pipeline.snapshot().ledger
    assert b"".join(map(raw_of, records)) == b"".join(reads)
    assert ledger.read == sum(len(raw_of(record)) for record in records)
    assert (ledger.waiting, pipeline.waiting) == (0, 0)
    assert ledger.frames == sum(isinstance(record.item, Message) for record in records)


TEXTS = st.sampled_from(
    ["hello", "Com boot!", "<=Dbus:FF 6A", f"<=pwrboard:{DAMAGED.hex()}", f"=>Dbus:{REPORT.hex()}{REPORT.hex()}"]
)


BATCHED = (
    TEXTS.map(parse_line)
    | st.builds(Chunk, STREAMS, st.sampled_from((None, 5_000_000)), st.just(()), st.sampled_from((0, 0, 0, 2)))
    | STREAMS.map(lambda data: Chunk(data, None, (LineErrorMark(0, LineError.FRAMING),) if data else ()))
    | st.sampled_from((TapGap(None, "unplugged"), Tap(2, "com"), BaudChange(None, 9600, "found")))
)


@usual
@given(st.lists(BATCHED, max_size=8), st.sampled_from((None, LiveLimits(200, 20_000_000))))
def test_a_batch_gives_the_records_of_its_items_one_by_one(items, live):
    together, alone = (Pipeline(DEFINITION, baud=115200 if live else None, live=live) for _ in range(2))
    assert together.feed_all(items) == [record for item in items for record in alone.feed(item)]
    assert together.flush() == alone.flush()
    assert together.snapshot() == alone.snapshot()


@usual
@given(st.lists(STREAMS.map(Chunk) | TEXTS.map(parse_line), max_size=8))
def test_records_are_numbered_from_one_without_gaps(items):
    records, _ = run(*items)
    assert [record.number for record in records] == list(range(1, len(records) + 1))


def test_no_bytes_give_no_record():
    assert run()[0] == run(Chunk(b""))[0] == []


def test_a_frame_comes_with_its_events():
    (record,), now = run(Chunk(REPORT, 7))
    assert (record.number, record.item.name, record.time, record.line) == (1, "status report", 7, None)
    assert [type(event) for event in record.events] == [StatusChanged, FaultRaised]
    assert {event.time for event in record.events} == {7}
    assert now.connectors[0].status == "Faulted"


def test_the_first_byte_dates_a_frame_where_the_rate_is_known():
    pipeline = Pipeline(DEFINITION, baud=10_000)
    (record,) = pipeline.feed(Chunk(REPORT, 1_000_000_000))
    assert record.time == 1_000_000_000 - (len(REPORT) - 1) * 1_000_000


def test_a_frame_is_returned_with_its_last_byte():
    pipeline = Pipeline(DEFINITION)
    counts = [len(pipeline.feed(Chunk(REPORT[at : at + 1]))) for at in range(len(REPORT))]
    assert counts == [0] * (len(REPORT) - 1) + [1]


def test_waiting_bytes_are_resolved_when_the_source_is_lost():
    pipeline = Pipeline(DEFINITION)
    assert pipeline.feed(Chunk(REPORT[:9])) == []
    assert pipeline.waiting == 9
    noise, lost = pipeline.feed(TapGap(5, "unplugged"))
    health = LinkHealthChanged(5, LinkHealth(Health.LOST, "unplugged", 5))
    assert (noise.item, lost.item) == (Noise(Reason.TRUNCATED, None, REPORT[:9]), None)
    assert (lost.number, lost.events, lost.time) == (2, (SourceLost(5, "unplugged"), health), 5)


@pytest.mark.parametrize("data", [b"", REPORT[:9]], ids=["no bytes", "bytes that wait"])
def test_a_read_without_a_record_does_not_end_a_loss(data):
    pipeline = Pipeline(DEFINITION)
    pipeline.feed(TapGap(5, "unplugged"))
    assert pipeline.feed(Chunk(data, 7)) == []
    assert pipeline.snapshot().link.lost
    assert len(pipeline.feed(Chunk(REPORT[len(data) :], 8))) == 1
    assert not pipeline.snapshot().link.lost


def test_a_loss_that_goes_on_is_reported_as_lost_once():
    pipeline = Pipeline(DEFINITION)
    pipeline.feed(TapGap(5, "unplugged"))
    (again,) = pipeline.feed(TapGap(9, "unplugged"))
    assert again.events == (SourceLost(9, "unplugged"),)


@pytest.mark.parametrize("known", KNOWN_FRAMES, ids=lambda known: known.name)
def test_a_log_line_gives_its_frame_with_the_arrows_direction(known):
    ((record,), now) = run_log(f"9 2023-11-30T00:00:49Z [ocpp] {known.arrow}:{known.text}")
    assert (record.item.frame.raw, record.item.frame.direction) == (known.raw, known.direction)
    assert (record.line, record.time) == (9, 1_701_302_449_000_000_000)
    assert (now.ledger.read, now.ledger.lines) == (len(known.raw), 0)


@pytest.mark.parametrize("known", [known for known in KNOWN_FRAMES if known.link == "pwrboard"], ids=lambda it: it.name)
@pytest.mark.parametrize("arrow", ["=>pwrboard", "<=pwrboard"])
def test_a_head_that_contradicts_the_arrow_has_the_last_word(known, arrow):
    ((record,), _) = run_log(f"{arrow}:{known.text}")
    assert (record.item.frame.raw, record.item.frame.direction) == (known.raw, known.direction)


def test_a_frame_of_another_link_than_the_arrow_is_noise():
    ((record,), _) = run_log(f"=>Dbus:{STATUS_REPORT.text}")
    assert record.item == Noise(Reason.GARBAGE, None, REPORT)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (DAMAGED, [("crc", DAMAGED)]),
        (REPORT[:-1], [("truncated", REPORT[:-1])]),
        (b"\x01\x02", [("garbage", b"\x01\x02")]),
        (REPORT + b"\x01", [("frame", REPORT), ("garbage", b"\x01")]),
        (b"\x01" + REPORT, [("garbage", b"\x01"), ("frame", REPORT)]),
        (REPORT + REPORT, [("frame", REPORT), ("frame", REPORT)]),
    ],
)
def test_a_line_with_a_damaged_frame_gives_noise_and_what_is_good(raw, expected):
    records, now = run_log(f"3 2023-11-30T00:00:49Z [ocpp] <=pwrboard:{raw.hex(' ')}")
    kinds = ["frame" if isinstance(record.item, Message) else record.item.reason for record in records]
    assert list(zip(kinds, map(raw_of, records), strict=True)) == expected
    assert {record.line for record in records} == {3}
    assert (now.ledger.read, now.ledger.waiting) == (len(raw), 0)


def test_a_cut_frame_does_not_run_on_into_the_next_line():
    records, _ = run_log(f"<=pwrboard:{REPORT[:9].hex()}", f"<=pwrboard:{REPORT[9:].hex()}")
    assert [record.item.reason for record in records] == ["truncated", "garbage"]


def test_a_line_without_a_frame_is_text():
    ((record,), now) = run_log("4 2023-11-30T00:00:49Z [a] hello")
    assert isinstance(record.item, TextMessage)
    assert (record.item.line.text, record.line, record.time) == ("hello", 4, 1_701_302_449_000_000_000)
    assert (now.ledger.lines, now.ledger.read) == (1, 0)


@usual
@given(st.lists(TEXTS.map(lambda text: f"2023-11-30T00:00:49Z [a] {text}").map(parse_line)))
def test_lines_that_are_fed_together_give_the_same_as_one_by_one(lines):
    pipeline = Pipeline(DEFINITION)
    assert (pipeline.feed_all(lines), pipeline.snapshot()) == run(*lines)


TAPS = [Tap(tap, f"tap {tap}", 16_000_000) for tap in (1, 2, 3)]
PIECES = st.tuples(
    st.sampled_from([REPORT, DAMAGED, b"\0", *(known.raw for known in KNOWN_FRAMES[:4])]), st.integers(1, 3)
)


@usual
@given(st.lists(PIECES, min_size=1), st.lists(PIECES, max_size=3))
def test_saved_pieces_of_several_taps_give_the_same_together_and_one_by_one(pieces, waiting):
    timed = [(raw, number * 5_000_000) for number, (raw, _) in enumerate(pieces, 1)]
    taps = bytes(tap for _, tap in pieces)
    before = [*TAPS, *(Chunk(raw[: len(raw) // 2], 1, tap=tap) for raw, tap in waiting)]
    alone = [Segments((piece,), (), tap) for piece, tap in zip(timed, taps, strict=True)]
    assert run(*before, Segments(timed, (), 0, taps)) == run(*before, *alone)


@usual
@given(st.lists(PIECES, min_size=1), reads_of(), st.sampled_from((None, 0, 2)))
def test_chunks_that_come_together_are_read_as_one_by_one(pieces, reads, tap):
    timed = [*pieces, *((read, None if index % 3 else index) for index, read in enumerate(reads) if read)]
    described = [] if tap is None else [Tap(tap, "com")] if tap else []
    alone = [Chunk(data, time, (), tap or 0) for data, time in timed]
    gap = TapGap(None, "unplugged", tap or 0)
    assert run(*described, gap, Chunks(timed, tap or 0), *alone) == run(*described, gap, *alone, *alone)
