"""Captures that are cut off, damaged, or none at all: all whole packets are read, and only `SourceError` is raised."""

from struct import pack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.base.errors import SourceError
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.items import Note
from sniffer.formats import plain_text
from sniffer.formats.jsonl import writer
from sniffer.formats.pcapng.blocks import MAGIC
from sniffer.formats.pcapng.items import items_of
from sniffer.formats.pcapng.reader import CaptureReader
from sniffer.history.records.record_store import RecordStore
from tests.formats.pcapng.helpers import pipeline_of, write_capture
from tests.records import records_of
from tests.thoroughness import repetitions
from tests.tui.helpers import captured, status_report

DEFINITION = packaged_definition()
LINE = pipeline_of(b"\1\2" + status_report("Available") + status_report("Charging")[:-1] + b"\0")
LOG = records_of(*captured()[:9])
CAPTURES = [write_capture(LINE, {1: "note é", 2: "b"}), write_capture(LOG, {3: "x"})]
ODD_BYTES = st.sampled_from([0, 1, 127, 128, 255]) | st.integers(0, 255)

SECTION = bytes.fromhex("0a0d0d0a 1c000000 4d3c2b1a 01000000 ffffffffffffffff 1c000000")
INTERFACE = pack("<IIHHIHHB3xII", 1, 32, 250, 0, 0, 9, 1, 9, 0, 32)


def process(capture: bytes, read_size: int) -> None:
    """Do all that is done with a capture, from its bytes to the lines for people and scripts."""
    reader, pipeline, store = CaptureReader(), Pipeline(DEFINITION), RecordStore(DEFINITION)
    for at in range(0, len(capture), read_size):
        for item in items_of(reader.feed(capture[at : at + read_size])):
            if isinstance(item, Note):
                continue
            records = pipeline.feed(item)
            store.receive(records)
            for record in records:
                assert store.record(record.number) == record
                list(writer.format_lines(record, DEFINITION, None))
                list(plain_text.format_lines(record, None, DEFINITION, None))


def assert_error_is_one_line(capture: bytes, read_size: int = 1 << 16) -> None:
    problem = ""
    try:
        process(capture, read_size)
    except SourceError as error:
        problem = str(error)
    assert problem.isprintable()


@pytest.mark.parametrize("capture", CAPTURES, ids=["line", "log"])
def test_capture_that_is_cut_anywhere_gives_every_packet_before_the_cut(capture: bytes) -> None:
    packets, found = list(CaptureReader().feed(capture)), 0
    for cut in range(len(capture) + 1):
        reader = CaptureReader()
        left = list(reader.feed(capture[:cut]))
        assert left == packets[: len(left)]
        assert reader.consumed + reader.waiting == cut
        assert found <= len(left) <= found + 1
        found = len(left)
    assert found == len(packets)


@pytest.mark.parametrize("capture", CAPTURES, ids=["line", "log"])
def test_every_way_to_cut_it_into_reads_gives_the_same_packets(capture: bytes) -> None:
    packets = list(CaptureReader().feed(capture))
    for size in (1, 3, 28, 100):
        reader = CaptureReader()
        reads = [capture[at : at + size] for at in range(0, len(capture), size)]
        assert [packet for data in reads for packet in reader.feed(data)] == packets


@settings(max_examples=repetitions(120, 600), deadline=None)
@given(st.sampled_from(CAPTURES), st.lists(st.tuples(st.integers(0, 10_000), ODD_BYTES), max_size=6), st.data())
def test_any_damage_is_reported_in_one_line(capture: bytes, damage: list[tuple[int, int]], data: st.DataObject) -> None:
    broken = bytearray(capture)
    for at, byte in damage:
        broken[at % len(broken)] = byte
    assert_error_is_one_line(bytes(broken), data.draw(st.sampled_from([1, 7, 1 << 16])))


@settings(max_examples=repetitions(100, 300), deadline=None)
@given(st.sampled_from([MAGIC, SECTION, SECTION + INTERFACE]), st.binary(max_size=300))
def test_any_bytes_are_reported_in_one_line(begin: bytes, rest: bytes) -> None:
    assert_error_is_one_line(begin + rest)


@st.composite
def blocks(draw: st.DrawFn) -> bytes:
    """Return a block with a valid type and size, and any body."""
    kind = draw(st.sampled_from([1, 2, 3, 5, 6, 6, 6, 99]))
    body = draw(st.binary(max_size=80))
    if kind == 1 and draw(st.booleans()):
        body = pack("<HHI", 250, 0, 0) + body
    if kind == 6:
        stamp, kept = draw(st.integers(0, 0xFFFF_FFFF)), draw(st.integers(0, len(body)))
        body = pack("<IIIII", 0, stamp, 5, kept, kept) + body
    body += bytes(-len(body) % 4)
    return pack("<II", kind, len(body) + 12) + body + pack("<I", len(body) + 12)


@settings(max_examples=repetitions(120, 600), deadline=None)
@given(st.lists(blocks(), max_size=6).map(b"".join))
def test_any_blocks_are_reported_in_one_line(sound: bytes) -> None:
    assert_error_is_one_line(SECTION + INTERFACE + sound)


PACKET = pack("<IIIIIII", 6, 44, 0, 0, 5, 12, 12) + bytes(12) + pack("<I", 44)


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (pack("<III", 6, 13, 0) + bytes(40), "13 bytes"),
        (pack("<III", 99, 8, 0), "8 bytes"),
        (pack("<III", 99, 1 << 28, 0), "268435456 bytes"),
        (pack("<III", 1, 1 << 25, 0), "33554432 bytes"),
        (PACKET[:-4] + pack("<I", 48), "lengths differ"),
        (PACKET[:8] + pack("<I", 1) + PACKET[12:], "interface that was not described"),
        (PACKET[:20] + pack("<I", 500) + PACKET[24:], "longer than its block"),
        (MAGIC + bytes(24), "order"),
    ],
)
def test_an_error_has_its_offset_and_comes_after_all_packets_before_it(broken: bytes, why: str) -> None:
    before = SECTION + INTERFACE + PACKET
    packets = CaptureReader().feed(before + broken)
    assert next(packets).data == bytes(12)
    with pytest.raises(SourceError, match=rf"at byte {len(before)}: .*{why}"):
        next(packets)


def test_time_that_no_clock_has_is_none() -> None:
    for high, is_known in ((0, True), (0x7000_0000, True), (0x8000_0000, False), (0xFFFF_FFFF, False)):
        (packet,) = CaptureReader().feed(SECTION + INTERFACE + PACKET[:12] + pack("<I", high) + PACKET[16:])
        assert (packet.time is not None) is is_known


def test_block_that_is_not_whole_yet_waits() -> None:
    reader = CaptureReader()

    assert list(reader.feed(SECTION + INTERFACE + PACKET[:20])) == []
    assert reader.waiting == 20
    assert [packet.data for packet in reader.feed(PACKET[20:])] == [bytes(12)]
    assert reader.waiting == 0
