"""The records before an event, in a bounded ring of files on the disk.

In: packets, in the order of the session. Out: the packets again from any record that is still there. Each file, a
segment, is a capture that can be opened by itself, so what came before is there even if the program is killed. A
segment is deleted once all of its packets are older than the caller needs. At the end all are deleted.

All calls may block. They raise `RecordingError`.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sniffer.base.errors import RecordingError
from sniffer.formats.pcapng.blocks import ENHANCED_PACKET, read_block_head, read_packet_time
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.recording.append_file import AppendFile
from sniffer.recording.capture_files import Batch, CaptureFiles, Numbering
from sniffer.recording.destination import ENDING, split_name

SEGMENT_SIZE = 1 << 20
"""Bytes after which another segment is begun."""

SEGMENTS_IN_SPAN = 8
"""The least number of segments in the span of the ring. Only whole segments are deleted, so more is kept than the
span."""


class StoredPacket(NamedTuple):
    """A packet of the ring. `number` is that of its record in the session; None for a gap. `time` is in nanoseconds."""

    number: int | None
    time: int
    data: bytes


@dataclass(slots=True)
class _Segment:
    """One file of the ring. The times are those of its earliest and its latest packet."""

    path: Path
    earliest: int
    latest: int
    numbering: Numbering


class _SegmentNames:
    """The destination of the segments: `NAME.before-1.pcapng` and so on, beside the file of the event."""

    limit: int | None = SEGMENT_SIZE

    def __init__(self, path: Path) -> None:
        self.created: set[Path] = set()
        self._path = path
        self._count = 0

    def new_file(self) -> AppendFile:
        """Create the next segment. Files that an earlier, killed recording left are kept."""
        while True:
            self._count += 1
            path = self._path.with_name(f"{split_name(self._path)[0]}.before-{self._count}{ENDING}")
            if not path.exists():
                file = AppendFile(path)
                self.created.add(path)
                return file


class SegmentRing:
    """The packets of the last `span` nanoseconds, beside the file `path`."""

    def __init__(self, path: Path, writer: CaptureWriter, span: int) -> None:
        self._names = _SegmentNames(path)
        self._files = CaptureFiles(self._names, writer)
        self._segment_span = span // SEGMENTS_IN_SPAN
        self._segments: list[_Segment] = []

    def begin(self, preamble: bytes) -> None:
        """Create the first segment, so that an obstacle is reported at once."""
        self._files.begin(preamble)

    def write(self, preamble: bytes, packets: Sequence[StoredPacket], gap: bytes) -> None:
        """Append the packets of consecutive records, at least one, after that of a gap, which may be empty."""
        times = [packet.time for packet in packets]
        last = self._segments[-1] if self._segments else None
        if last and self._files.path == last.path and max(times) - last.earliest > self._segment_span:
            self._files.close()
        data = b"".join([packet.data for packet in packets])
        self._files.write(Batch(preamble, data, len(packets), 0, packets[0].number or 0, times[-1]), gap)
        path = self._files.path
        assert path
        if last is None or last.path != path:
            last = _Segment(path, min(times), max(times), self._files.numbering)
            self._segments.append(last)
        last.latest = max(last.latest, *times)
        last.numbering = self._files.numbering

    def read_since(self, number: int) -> Iterator[StoredPacket]:
        """Yield the packets of the records from this one on. A gap comes just before the record that it precedes."""
        for segment in tuple(self._segments):
            run = segment.numbering.runs[-1]
            if run.first + run.count > number:
                yield from self._read_segment(segment, number)

    def discard_before(self, time: int) -> None:
        """Delete the segments whose packets are all earlier than this time; the last one stays."""
        while len(self._segments) > 1 and self._segments[0].latest < time:
            self._delete(self._segments.pop(0).path)

    @property
    def first_number(self) -> int:
        """The number of the first record that is still there; 0 if there is none."""
        return self._segments[0].numbering.runs[0].first if self._segments else 0

    def close(self) -> None:
        """Delete all segments."""
        self._files.close()
        # A file into which nothing could be written is no segment.
        for path in tuple(self._names.created):
            self._delete(path)
        self._segments.clear()

    def _delete(self, path: Path) -> None:
        """Delete the file of a segment, if it is still there."""
        self._names.created.discard(path)
        with suppress(OSError):
            path.unlink()

    def _read_segment(self, segment: _Segment, number: int) -> Iterator[StoredPacket]:
        """Yield the packets of a segment from the record `number` on, each gap before the packet that follows it.

        Raises `RecordingError` if the segment cannot be read; it is left out from then on.
        """
        try:
            data = segment.path.read_bytes()
        except OSError as error:
            # What is lost is reported once; the event goes on without it.
            self._segments.remove(segment)
            raise RecordingError(
                segment.path, f"the records before the event cannot be read: {error.strerror}"
            ) from error
        gaps: list[StoredPacket] = []
        for place, (time, packet) in enumerate(packets_of(data), 1):
            stored = StoredPacket(segment.numbering.number_at(place), time, packet)
            if stored.number is None:
                gaps.append(stored)
                continue
            if stored.number >= number:
                yield from gaps
                yield stored
            gaps.clear()


def packets_of(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the time in nanoseconds and the bytes of each packet, without the blocks of other types between them."""
    start = 0
    while start < len(data):
        kind, size = read_block_head(data, start)
        if kind == ENHANCED_PACKET:
            yield read_packet_time(data, start), data[start : start + size]
        start += size
