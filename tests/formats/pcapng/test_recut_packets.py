"""A capture that was recorded with other links: its frames are those of its bytes, with right times and notes."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.base.times import MILLISECOND, SECOND
from sniffer.config.definition_files import load_definition
from sniffer.core.pipeline import Pipeline, SourceItem
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise
from sniffer.core.wire.items import BaudChange, Chunk, LineErrorMark, Note, Segments, Tap, TapGap
from sniffer.core.wire.items import LineError as Error
from sniffer.formats.capture_decoder import CaptureDecoder
from sniffer.formats.pcapng.foreign_packets import CaptureItem
from sniffer.formats.pcapng.writer import CaptureWriter
from tests.core.protocol.board_frames import BOARDS

BYTE_TIME = 10 * SECOND // 9600


@cache
def definition_of(board: str) -> Definition:
    """Return the definition of a board; the charger's for an empty name."""
    return load_definition([board]) if board else packaged_definition()


@cache
def frames_of(board: str) -> list[bytes]:
    """Return real frames of a board."""
    return [bytes.fromhex(line.partition(":")[2]) for line in BOARDS[board].strip().splitlines()]


A, B, C = frames_of("modbus")[:3]


def written(pieces: Iterable[tuple[bytes, int | None]], notes: dict[int, str] | None = None, board: str = "") -> bytes:
    """Return a capture with a packet for each of these pieces, recorded with this board, at 9600 baud."""
    writer = CaptureWriter("port", 9600, origins=definition_of(board).origins)
    packets = (
        writer.encode_record(Record(number, Noise("garbage", time, raw), ()), (notes or {}).get(number, ""))  # type: ignore[arg-type]
        for number, (raw, time) in enumerate(pieces, 1)
    )
    return writer.encode_header() + b"".join(packets)


def recorded(reads: Sequence[bytes], board: str) -> bytes:
    """Return the capture that a session of this board writes of some reads."""
    definition = definition_of(board)
    pipeline, writer = Pipeline(definition, baud=9600), CaptureWriter("port", 9600, origins=definition.origins)
    ends = accumulate(map(len, reads))
    chunks = [Chunk(read, SECOND + end * BYTE_TIME) for read, end in zip(reads, ends, strict=True)]
    records = [record for chunk in chunks for record in pipeline.feed(chunk)]
    return writer.encode_header() + b"".join(map(writer.encode_record, [*records, *pipeline.flush()]))


def read(capture: bytes, board: str) -> list[CaptureItem]:
    """Return the items of a capture that is read with this board."""
    decoder = CaptureDecoder(definition=definition_of(board))
    return [*decoder.feed(capture), *decoder.flush()]


def framed(items: Iterable[CaptureItem], board: str) -> tuple[list[bytes], bytes]:
    """Return the frames of items, and all of their bytes."""
    pipeline = Pipeline(definition_of(board))
    records = [record for item in items if not isinstance(item, Note) for record in pipeline.feed(item)]
    found = [item for record in [*records, *pipeline.flush()] if isinstance(item := record.item, Message | Noise)]
    raw = b"".join(item.frame.raw if isinstance(item, Message) else item.raw for item in found)
    return [item.frame.raw for item in found if isinstance(item, Message)], raw


def pieces_of(items: Iterable[CaptureItem]) -> list[tuple[bytes, int | None]]:
    """Return the pieces of all items."""
    return [piece for item in items if isinstance(item, Segments) for piece in item.pieces]


@settings(max_examples=40)
@pytest.mark.parametrize("board", ["modbus", "tuya", "jbd"])
@given(data=st.data())
def test_frames_are_those_of_the_bytes_alone(board: str, data: st.DataObject) -> None:
    noise = st.binary(min_size=1, max_size=6)
    parts = data.draw(st.lists(st.sampled_from(frames_of(board)) | noise, min_size=1, max_size=30))
    raw, reads = b"".join(parts), list[bytes]()
    while sum(map(len, reads)) < len(raw):
        at = sum(map(len, reads))
        reads.append(raw[at : at + data.draw(st.integers(1, 40))])
    before = data.draw(st.sampled_from(["", "ant"]))
    items = read(recorded(reads, before), board)
    assert framed(items, board) == framed([Chunk(raw)], board)
    times = [time for _, time in pieces_of(items)]
    assert times == sorted(time for time in times if time is not None)
    assert framed(items, board)[1] == raw


def test_a_frame_across_packets_has_the_time_of_its_first_byte() -> None:
    late = SECOND + 30 * MILLISECOND
    items = read(written([(A + B[:3], SECOND), (B[3:] + C, late)]), "modbus")
    after = late + len(B[3:]) * BYTE_TIME
    assert pieces_of(items) == [(A, SECOND), (B, SECOND + len(A) * BYTE_TIME), (C, after)]


def test_no_time_is_after_that_of_the_next_packet() -> None:
    items = read(written([(A + B[:3], SECOND), (B[3:], SECOND + MILLISECOND)]), "modbus")
    assert pieces_of(items) == [(A, SECOND), (B, SECOND + MILLISECOND)]


def test_noise_keeps_its_packets_and_so_do_all_packets_of_the_same_links() -> None:
    noise: list[tuple[bytes, int | None]] = [(b"\0", SECOND), (b"\0\0", SECOND + 1), (b"\0", SECOND + 2)]
    assert pieces_of(read(written(noise), "modbus")) == noise
    cut: list[tuple[bytes, int | None]] = [(A[:3], SECOND), (A[3:], SECOND + 1)]
    assert pieces_of(read(written(cut, board="modbus"), "modbus")) == cut
    assert pieces_of(read(written(cut), "modbus")) == [(A, SECOND)]


def test_without_a_definition_packets_are_what_they_were() -> None:
    cut: list[tuple[bytes, int | None]] = [(A[:3], SECOND), (A[3:], SECOND + 1)]
    assert pieces_of(CaptureDecoder().feed(written(cut))) == cut


def test_packets_without_times_are_framed_again() -> None:
    assert pieces_of(read(written([(A[:3], None), (A[3:] + B, None)]), "modbus")) == [(A, None), (B, None)]


def test_a_note_stays_with_its_bytes() -> None:
    capture = written([(A + B[:3], 1), (B[3:5], 2), (B[5:], 3)], {1: "one", 2: "two", 3: "three"})
    assert read(capture, "modbus") == [
        *(Note("one"), Segments(((A, 1),))),
        *(Note("two; three"), Segments(((B, 2),))),
    ]


def test_a_late_note_says_in_words_which_record_it_was_on() -> None:
    writer = CaptureWriter("port", 9600)
    late = writer.encode_note(1, "seen") + writer.encode_note(2, "")
    first, second = written([(A, 1)]), written([(A[:3], 1), (A[3:], 2)])
    assert [item for item in read(first + late, "modbus") if isinstance(item, Note)] == [Note("seen", 1), Note("", 2)]
    assert [item for item in read(second + late, "modbus") if isinstance(item, Note)] == [
        Note("on record 1 of the recording: seen"),
        Note("the note on record 2 of the recording was removed"),
    ]


def test_a_loss_ends_what_waits_and_another_rate_gives_other_times() -> None:
    pipeline, writer = Pipeline(packaged_definition()), CaptureWriter("port", 9600)
    items: list[SourceItem] = [Chunk(A[:3], 1), TapGap(2, "unplugged"), BaudChange(3, 4800, "why")]
    records = [record for item in [*items, Chunk(A[3:] + B + C, 4)] for record in pipeline.feed(item)]
    capture = writer.encode_header() + b"".join(map(writer.encode_record, [*records, *pipeline.flush()]))
    found = read(capture, "modbus")
    assert [type(item) for item in found[:3]] == [Segments, TapGap, BaudChange]
    times = dict(pieces_of(found))
    assert times[B] == (times[A[3:]] or 0) + len(A[3:]) * (10 * SECOND // 4800)


def test_each_tap_is_a_stream_and_keeps_its_line_errors() -> None:
    pipeline, writer = Pipeline(packaged_definition()), CaptureWriter("port", 9600)
    taps = [Tap(1, "a", baud=9600), Tap(2, "b", baud=9600)]
    described = b"".join(map(writer.encode_tap, taps))
    mark = LineErrorMark(1, Error.PARITY)
    items: list[SourceItem] = [*taps, Segments(((A[:3], 1),), (), 1), Segments(((B[:4], 2),), (), 2)]
    items += [Segments(((A[3:], 3),), (mark,), 1), Segments(((B[4:], 4),), (), 2)]
    records = [record for item in items for record in pipeline.feed(item)]
    capture = writer.encode_header() + described + b"".join(map(writer.encode_record, [*records, *pipeline.flush()]))
    found = [item for item in read(capture, "modbus") if isinstance(item, Segments)]
    assert [(item.tap, *item.pieces) for item in found] == [(1, (A, 1)), (2, (B, 2))]
    assert found[0].marks == (LineErrorMark(4, Error.PARITY),)
