"""Captures whose packets are decoded ahead in batches: the same records, counts and errors as in sequence."""

import struct
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.base.errors import SourceError
from sniffer.core.pipeline import Pipeline, SourceItem
from sniffer.core.protocol.decoded_frames import DecodedFrames
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk, LineError, LineErrorMark, Note, Tap, TapGap
from sniffer.core.wire.links import COM_TO_PWR, PWRBOARD
from sniffer.formats.capture_decoder import CaptureDecoder
from sniffer.formats.pcapng.batch_decoder import BatchDecoder
from sniffer.formats.pcapng.block_cutter import BlockCutter
from sniffer.formats.pcapng.foreign_packets import CaptureItem
from sniffer.formats.pcapng.packet_batch import PacketBatch, RunReader
from sniffer.formats.pcapng.writer import CaptureWriter
from tests.benchmarks.capture_shapes import SHAPES
from tests.formats.pcapng.helpers import DEFINITION

DECODER = BatchDecoder(DEFINITION)
UNKNOWN = PWRBOARD.build(COM_TO_PWR.head, 9, 0xEE, b"what is this")
CAPTURES = ("own.pcapng", "without-times.pcapng", "two-taps.pcapng", "foreign.pcapng", "two-interfaces.pcapng")
FRAMES = 40


class Outcome(NamedTuple):
    """The content of a capture: records, notes, the error at its end, and what the decoder says of it."""

    records: list[Record]
    notes: list[Note]
    error: str
    about: tuple[object, ...]
    state: object
    decoded_ahead: int


def decode(data: bytes, piece: int, *, ahead: bool, waiting: int = 3) -> Outcome:
    """Return what a capture shows that is read in pieces of this size, in sequence or with so many batches ahead."""
    decoder, pipeline = CaptureDecoder(), Pipeline(DEFINITION)
    records: list[Record] = []
    notes: list[Note] = []
    error, decoded_ahead = "", 0
    try:
        for item in items_of(decoder, data, piece, waiting if ahead else 0):
            if isinstance(item, Note):
                notes.append(item)
                continue
            decoded_ahead += len(item.messages) if isinstance(item, DecodedFrames) else 0
            records += pipeline.feed(item)
        decoder.check_end()
    except SourceError as problem:
        error = str(problem)
    records += pipeline.flush()
    # After an error, the position is the end of the bytes that were fed together.
    about = decoder.packets, decoder.last_time, decoder.speed, decoder.zone, None if error else decoder.position
    return Outcome(records, notes, error, about, pipeline.snapshot(), decoded_ahead)


def items_of(decoder: CaptureDecoder, data: bytes, piece: int, waiting: int) -> Iterator[CaptureItem]:
    """Yield the items of a capture. As in another process, batches are decoded some time after they were created."""
    cutter, reader = BlockCutter(), RunReader(DEFINITION)
    batches: list[PacketBatch] = []

    def take(most: int) -> Iterator[CaptureItem]:
        while len(batches) > most:
            batch = batches.pop(0)
            yield from decoder.feed_batch(batch, reader.read(DECODER.decode(batch)))

    for at in range(0, len(data), piece):
        if not waiting:
            yield from decoder.feed(data[at : at + piece])
            continue
        for blocks in cutter.feed(data[at : at + piece]):
            if batch := decoder.create_batch(blocks):
                batches.append(batch)
                yield from take(waiting)
            else:
                yield from take(0)
                yield from decoder.feed(blocks.data)
    yield from take(0)
    if waiting:
        yield from decoder.feed(cutter.end())
    yield from decoder.flush()


@cache
def written(name: str) -> bytes:
    return b"".join(SHAPES[name](FRAMES))


def expect_the_same(data: bytes, piece: int = 700) -> int:
    """Expect that batches change nothing, and return how many frames were decoded in them."""
    plain, ahead = decode(data, piece, ahead=False), decode(data, piece, ahead=True)
    assert plain[:-1] == ahead[:-1]
    assert plain.decoded_ahead == 0
    return ahead.decoded_ahead


@pytest.mark.parametrize("name", CAPTURES)
def test_nearly_all_frames_are_decoded_ahead_and_the_records_are_the_same(name: str) -> None:
    assert expect_the_same(written(name)) > FRAMES / 2


def test_noise_notes_line_errors_and_events_keep_their_places() -> None:
    pipeline = Pipeline(DEFINITION)
    good = b"".join(data for data in SHAPES["raw.bin"](FRAMES))
    items: list[SourceItem] = [
        *(Tap(1, "a"), Tap(2, "b", late=7)),
        *(Chunk(good[:400], 1, tap=1), Chunk(b"\0\1" + UNKNOWN, 2, tap=2), TapGap(3, "unplugged", 1)),
        *(Chunk(UNKNOWN, 4, (LineErrorMark(3, LineError.PARITY),), 1), Chunk(good[400:], 5, tap=2)),
        *(Chunk(UNKNOWN[:-1] + b"\0", 6, tap=1), Chunk(good, 7, tap=1)),
    ]
    writer = CaptureWriter("taps", 115200)
    records = [record for item in items for record in pipeline.feed(item)]
    packets = [writer.encode_record(one, "look" if one.number % 7 == 0 else "") for one in records]
    taps = [writer.encode_tap(item) for item in items if isinstance(item, Tap)]
    data = b"".join([writer.encode_header(), *taps, *packets])
    assert expect_the_same(data) > FRAMES


def test_frames_cut_by_packets_of_another_program_are_framed_in_sequence() -> None:
    data = written("foreign.pcapng")
    line = b"".join(SHAPES["raw.bin"](FRAMES))
    packets = [line[at : at + 7] for at in range(0, len(line) // 2, 7)]
    whole = b"".join(foreign_packet(piece, number) for number, piece in enumerate(packets))
    assert expect_the_same(data + whole + data[28 + 20 :]) > FRAMES / 2


def foreign_packet(raw: bytes, time: int) -> bytes:
    body = struct.pack(">IIBBH", 0, time, 1, 0, 0) + raw
    padded = body + bytes(-len(body) % 4)
    size = 32 + len(padded)
    head = struct.pack("<IIIIIII", 6, size, 0, 0, time, len(body), len(body))
    return head + padded + struct.pack("<I", size)


@pytest.mark.parametrize("name", CAPTURES)
def test_a_capture_that_is_cut_off_gives_the_same_error(name: str) -> None:
    expect_the_same(written(name)[:-5])


@settings(max_examples=25, deadline=None)
@given(
    name=st.sampled_from(CAPTURES),
    changes=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=4),
    piece=st.sampled_from([100, 333, 2000]),
)
def test_damage_anywhere_gives_the_same_records_and_errors(
    name: str, changes: list[tuple[float, int]], piece: int
) -> None:
    data = bytearray(written(name))
    for place, byte in changes:
        data[int(place * len(data))] = byte
    expect_the_same(bytes(data), piece)


def test_a_file_of_two_sections_goes_on_with_the_interfaces_of_the_second() -> None:
    assert expect_the_same(written("own.pcapng") + written("foreign.pcapng") + written("two-taps.pcapng")) > FRAMES
