"""The index of a capture: as many records as the reader finds, at offsets from which reading can go on."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.base.times import SECOND
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk, TapGap
from sniffer.formats.pcapng import index
from sniffer.formats.pcapng.blocks import INTERFACE_STATISTICS, pack_block
from sniffer.formats.pcapng.index import CaptureIndex, RecordPosition, index_of
from sniffer.formats.pcapng.items import items_of
from sniffer.formats.pcapng.reader import CaptureReader
from sniffer.formats.pcapng.writer import CaptureWriter
from tests.filter.helpers import records
from tests.known_frames import STATUS_REPORT
from tests.tui.helpers import captured

NAME_RESOLUTION = 4
"""The type of a block that programs may add anywhere (draft-ietf-opsawg-pcapng, 4.5)."""

FRAMES = records(*(Chunk(STATUS_REPORT.raw, at * SECOND) for at in range(10)))


def capture_of(session: list[Record]) -> bytes:
    writer = CaptureWriter("tap")
    return writer.encode_header() + b"".join(map(writer.encode_record, session))


@settings(deadline=None)
@given(st.integers(1, 400))
def test_records_are_counted_in_pieces_of_any_size(size: int) -> None:
    data = capture_of(FRAMES)
    assert index_of(data[at : at + size] for at in range(0, len(data), size)) == index_of([data])
    found = index_of([data])
    assert found is not None
    assert found.count == len(FRAMES) == 11


def test_log_lines_and_gaps_are_records_and_late_notes_are_not() -> None:
    session = records(*captured(), TapGap(SECOND, "gone"))
    writer = CaptureWriter("log")
    data = writer.encode_header() + b"".join(map(writer.encode_record, session)) + writer.encode_note(1, "late")
    found = index_of([data])
    assert found is not None
    assert found.count == len(session)


def test_reading_can_go_on_from_any_position(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "RECORDS_BETWEEN_POSITIONS", 3)
    data = capture_of(FRAMES)
    found = index_of([data])
    assert found is not None
    assert [position.number for position in found.positions] == [1, 4, 7, 10]
    for position in found.positions:
        reader = CaptureReader()
        assert list(reader.feed(position.before)) == []
        assert len(list(reader.feed(data[position.offset :]))) == len(FRAMES) - position.number + 1
    assert [found.position_of(number).number for number in (-5, 0, 1, 3, 4, 6, 7, 11)] == [1, 1, 1, 1, 4, 4, 7, 10]


def test_an_incomplete_packet_at_the_end_is_left_out() -> None:
    data = capture_of(FRAMES)
    found = index_of([data[:-1]])
    assert found is not None
    assert found.count == len(FRAMES) - 1


def test_other_captures_have_no_index() -> None:
    data = capture_of(FRAMES)
    assert index_of([]) is None
    assert index_of([CaptureWriter("tap").encode_header()]) is None
    assert index_of([data.replace(b"evse-sniff tap", b"evil-sniff tap")]) is None
    damaged = bytearray(data)
    damaged[-200] ^= 0xFF
    header = len(CaptureWriter("tap").encode_header())
    damaged[header + 4] ^= 1
    assert index_of([bytes(damaged)]) is None


def test_statistics_may_be_a_record_and_other_blocks_are_none() -> None:
    data = capture_of(FRAMES)
    assert index_of([data + pack_block(INTERFACE_STATISTICS, bytes(12))]) is None
    assert index_of([data + pack_block(NAME_RESOLUTION, bytes(4))]) == index_of([data])


def test_a_position_holds_the_blocks_before_it() -> None:
    data = capture_of(FRAMES)
    found = index_of([data])
    assert found is not None
    assert found == CaptureIndex(11, (RecordPosition(len(found.positions[0].before), 1, found.positions[0].before),))
    assert data.startswith(found.positions[0].before)
    assert list(items_of(CaptureReader().feed(found.positions[0].before))) == []
