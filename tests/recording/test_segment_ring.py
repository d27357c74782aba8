"""The ring on the disk: what can be read from it, what is deleted, and what is left by a recording that was killed."""

from itertools import repeat
from pathlib import Path

import pytest

from sniffer.base.times import SECOND
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.recording import segment_ring
from sniffer.recording.segment_ring import SegmentRing, StoredPacket, packets_of
from tests.recording.black_box_helpers import START, batches_of, contents, kept, timed_records

RECORDS = timed_records(range(40))


class Filled:
    """A ring of ten seconds with so many records, one in a second, written by threes."""

    def __init__(self, folder: Path, count: int) -> None:
        self.writer = CaptureWriter("tap")
        self.ring = SegmentRing(folder / "a.pcapng", self.writer, 10 * SECOND)
        for batch in batches_of(self.writer, RECORDS[:count], repeat(3)):
            numbered = enumerate(packets_of(batch.data), batch.first)
            packets = [StoredPacket(number, *packet) for number, packet in numbered]
            self.ring.write(self.writer.encode_preamble(), packets, b"")

    def numbers(self, since: int) -> list[int | None]:
        return [packet.number for packet in self.ring.read_since(since)]


@pytest.mark.parametrize("since", [0, 1, 8, 20, 21])
def test_it_is_read_from_any_record(tmp_path: Path, since: int) -> None:
    filled = Filled(tmp_path, 20)
    assert filled.numbers(since) == list(range(max(1, since), 21))
    assert [packet.time for packet in filled.ring.read_since(20)] == [START + 19 * SECOND]


def test_only_whole_segments_that_are_too_old_are_deleted(tmp_path: Path) -> None:
    filled = Filled(tmp_path, 30)
    filled.ring.discard_before(START + 5 * SECOND)
    # The segment of the seconds 3 to 5 has a record that is not too old.
    assert filled.ring.first_number == 4
    assert filled.numbers(0) == list(range(4, 31))
    filled.ring.discard_before(START + 999 * SECOND)
    assert filled.numbers(0) == [28, 29, 30]


def test_each_segment_is_a_capture(tmp_path: Path) -> None:
    Filled(tmp_path, 30)
    paths = sorted(tmp_path.iterdir(), key=lambda path: int(path.stem.rpartition("-")[2]))
    assert [path.name for path in paths] == [f"a.before-{number}.pcapng" for number in range(1, 11)]
    assert [frame for path in paths for frame in kept(path)] == contents(RECORDS[:30])


def test_a_segment_is_bounded_in_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment_ring._SegmentNames, "limit", 600)
    filled = Filled(tmp_path, 30)
    assert filled.numbers(0) == list(range(1, 31))
    assert max(path.stat().st_size for path in tmp_path.iterdir()) <= 600


def test_it_is_deleted_at_the_end_and_files_of_a_killed_recording_are_kept(tmp_path: Path) -> None:
    left = tmp_path / "a.before-2.pcapng"
    left.write_bytes(b"left")
    filled = Filled(tmp_path, 12)
    assert filled.numbers(0) == list(range(1, 13))
    filled.ring.close()
    assert list(tmp_path.iterdir()) == [left]
    assert left.read_bytes() == b"left"
    assert filled.ring.first_number == 0


def test_a_ring_without_a_packet_leaves_nothing(tmp_path: Path) -> None:
    filled = Filled(tmp_path, 0)
    filled.ring.begin(filled.writer.encode_preamble())
    assert len(list(tmp_path.iterdir())) == 1
    filled.ring.close()
    assert list(tmp_path.iterdir()) == []


def test_a_gap_comes_before_the_record_that_it_precedes(tmp_path: Path) -> None:
    filled = Filled(tmp_path, 6)
    (batch,) = batches_of(filled.writer, RECORDS[9:11], repeat(3))
    numbered = enumerate(packets_of(batch.data), batch.first)
    packets = [StoredPacket(number, *packet) for number, packet in numbered]
    filled.ring.write(filled.writer.encode_preamble(), packets, filled.writer.encode_gap(batch.time, "lost"))
    assert filled.numbers(6) == [6, None, 10, 11]
    assert filled.numbers(7) == [None, 10, 11]
    assert filled.numbers(11) == [11]
