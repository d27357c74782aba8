"""Captures whose packets are decoded ahead in pieces: the same records, counts and errors as in sequence."""

import asyncio
import struct
from collections import deque
from functools import cache
from typing import NamedTuple
from zlib import crc32

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
from sniffer.formats.pcapng.decoded_run import CaptureSection
from sniffer.formats.pcapng.foreign_packets import CaptureItem
from sniffer.formats.pcapng.piece_decoder import PieceDecoder
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.sources.parallel.decoding_helper import FilePiece
from sniffer.sources.parallel.shared_decoding import SharedDecoding
from tests.benchmarks.equipment.capture_shapes import SHAPES
from tests.formats.pcapng.helpers import DEFINITION

UNKNOWN = PWRBOARD.build(COM_TO_PWR.head, 9, 0xEE, b"what is this")
CAPTURES = ("own.pcapng", "without-times.pcapng", "two-taps.pcapng", "foreign.pcapng", "two-interfaces.pcapng")
FRAMES = 40
MANY = 1000
"""More pieces than a capture here has."""


class HelperHere:
    """A helper in this process. It cannot read the file any more after so many `readable` pieces."""

    is_ready = True

    def __init__(self, data: bytes, readable: int = MANY) -> None:
        self._data = data
        self._readable = readable
        self._decoder: PieceDecoder | None = None
        self._sent: deque[FilePiece] = deque()

    def send_section(self, section: CaptureSection) -> None:
        assert not self._sent
        if self._decoder:
            self._decoder.set_section(section)
        else:
            self._decoder = PieceDecoder(DEFINITION, section)

    def send_piece(self, piece: FilePiece) -> None:
        self._sent.append(piece)

    async def receive(self) -> bytes | None:
        piece = self._sent.popleft()
        data = self._data[piece.offset : piece.offset + piece.size]
        assert (len(data), crc32(data)) == (piece.size, piece.checksum)
        assert self._decoder
        self._readable -= 1
        return self._decoder.decode(data) if self._readable >= 0 else None


class Outcome(NamedTuple):
    """The content of a capture: records, notes, the error at its end, and what the decoder says of it."""

    records: list[Record]
    notes: list[Note]
    error: str
    about: tuple[object, ...]
    state: object
    decoded_ahead: int


class Reading:
    """A capture that is read; `outcome` is what it shows."""

    def __init__(self) -> None:
        self.decoder = CaptureDecoder()
        self._pipeline = Pipeline(DEFINITION)
        self._records: list[Record] = []
        self._notes: list[Note] = []
        self._ahead = 0

    def take(self, item: CaptureItem) -> None:
        if isinstance(item, Note):
            self._notes.append(item)
            return
        self._ahead += len(item.messages) if isinstance(item, DecodedFrames) else 0
        self._records += self._pipeline.feed(item)

    def outcome(self, error: str) -> Outcome:
        decoder = self.decoder
        records = [*self._records, *self._pipeline.flush()]
        # After an error, the position is the end of the bytes that were fed together.
        about = decoder.packets, decoder.last_time, decoder.speed, decoder.zone, None if error else decoder.position
        return Outcome(records, self._notes, error, about, self._pipeline.snapshot(), self._ahead)


def decode(data: bytes, piece: int, helper: HelperHere | None = None) -> Outcome:
    """Return what a capture shows that is read in pieces of this size, in sequence or with a helper."""
    reading, error = Reading(), ""
    try:
        if helper:
            asyncio.run(share(reading, data, piece, helper))
        else:
            for at in range(0, len(data), piece):
                for item in reading.decoder.feed(data[at : at + piece]):
                    reading.take(item)
        for item in reading.decoder.flush():
            reading.take(item)
        reading.decoder.check_end()
    except SourceError as problem:
        error = str(problem)
    return reading.outcome(error)


async def share(reading: Reading, data: bytes, piece: int, helper: HelperHere) -> None:
    decoding = SharedDecoding(reading.decoder, helper, DEFINITION)
    for at in range(0, len(data), piece):
        async for items in decoding.feed(data[at : at + piece]):
            for item in items:
                reading.take(item)
    async for items in decoding.end():
        for item in items:
            reading.take(item)


@cache
def written(name: str) -> bytes:
    return b"".join(SHAPES[name](FRAMES))


def expect_the_same(data: bytes, piece: int = 700, readable: int = MANY) -> int:
    """Expect that a helper changes nothing, and return how many frames it decoded."""
    plain, ahead = decode(data, piece), decode(data, piece, HelperHere(data, readable))
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
    readable=st.one_of(st.integers(0, 9), st.just(MANY)),
)
def test_damage_anywhere_gives_the_same_records_and_errors(
    name: str, changes: list[tuple[float, int]], piece: int, readable: int
) -> None:
    data = bytearray(written(name))
    for place, byte in changes:
        data[int(place * len(data))] = byte
    expect_the_same(bytes(data), piece, readable)


def test_a_file_of_two_sections_goes_on_with_the_interfaces_of_the_second() -> None:
    data = written("own.pcapng") + written("foreign.pcapng") + written("two-taps.pcapng")
    assert expect_the_same(data, piece=200) > FRAMES


def test_a_file_that_was_replaced_meanwhile_is_read_on_by_this_process_alone() -> None:
    assert 0 < expect_the_same(written("own.pcapng"), readable=2) < FRAMES
