"""The files of a black box: of all packets, those around an event are kept.

In: batches of packets, and the hits: the records that matched. Out: for each event a capture with exactly the packets
whose time is within its window, from `before` nanoseconds before the hit to `after` nanoseconds after it, both ends
included. Every packet goes into a ring on the disk first, and from there into the file of the event. So a batch that
failed can be written again, and nothing stands in a file twice.

With `is_repeated`, hits whose windows overlap are one event: its file has all from `before` the first hit to `after`
the last one. So no packet is in two files. Without, there is one event, and later hits change nothing.

All calls but `add_hit` run in the thread that writes, one by one.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from sniffer.base.times import SECOND
from sniffer.formats.pcapng.blocks import INTERFACE_DESCRIPTION, read_block_head
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.recording.capture_files import Batch, CaptureFiles
from sniffer.recording.event_files import EventDestination
from sniffer.recording.segment_ring import SegmentRing, StoredPacket, packets_of

DISORDER = SECOND
"""Records may be out of order by up to this many nanoseconds, as the lines of two taps may be closer than that."""

MAX_HITS = 1 << 18
"""The hits that may wait for a failing disk: more than the packets that may wait, so each packet still has its hit."""

MAX_GROUP = 1 << 18
"""Bytes of packets that are written into the file of an event together."""


class Hit(NamedTuple):
    """A record that matched, and its time in nanoseconds."""

    number: int
    time: int


class BlackBoxLimits(Struct, frozen=True):
    """The time kept around an event: `before` and `after` it in nanoseconds. `is_repeated`: further events as well."""

    before: int
    after: int
    is_repeated: bool = False


@dataclass(slots=True)
class _Window:
    """The window of an event that is being written.

    `start` and `end` are in nanoseconds. All packets of records before `next_number` are done with: written, or too
    old. Of the later ones, those of the records in `written` are written. `is_behind` is True while the ring may hold
    packets that still have to be written.
    """

    start: int
    end: int
    next_number: int = 0
    written: set[int] = field(default_factory=set)
    is_behind: bool = True


class BlackBoxFiles:
    """The writer of a black box. `on_event` is called in the writing thread with the file and the hit of each event."""

    def __init__(
        self,
        destination: EventDestination,
        writer: CaptureWriter,
        limits: BlackBoxLimits,
        on_event: Callable[[Path, Hit], None],
    ) -> None:
        self.events = 0
        self.packets = 0
        """The packets in the files of all events."""
        self._destination = destination
        self._limits = limits
        self._on_event = on_event
        self._ring = SegmentRing(destination.path, writer, limits.before)
        self._files = CaptureFiles(destination, writer)
        self._hits: deque[Hit] = deque(maxlen=MAX_HITS)
        self._next_hit: Hit | None = None
        self._window: _Window | None = None
        self._next_number = 1
        self._newest: list[StoredPacket] = []
        self._newest_time = 0
        self._preamble = b""
        self._notes: dict[int, str] = {}
        self._path: Path | None = None
        self._is_over = False

    @property
    def path(self) -> Path | None:
        """The path of the last file of an event; None before the first event."""
        return self._path

    @property
    def size(self) -> int:
        """The size in bytes of the file that is being written; 0 between events."""
        return self._files.size

    def add_hit(self, hit: Hit) -> None:
        """Add a record that matched. The call comes before its packet is written, from any thread."""
        self._hits.append(hit)

    def begin(self, preamble: bytes) -> None:
        """Create the first files, so that an obstacle is reported at once."""
        self._destination.prepare()
        try:
            self._ring.begin(preamble)
        except BaseException:
            self._destination.close()
            raise

    def write(self, batch: Batch, gap: bytes) -> None:
        """Write a batch after the packet of a gap, which may be empty."""
        if self._is_over:
            return
        # Half of a batch that is written again may describe fewer interfaces than the files have.
        self._preamble = max(self._preamble, batch.preamble + _find_descriptions(batch), key=len)
        numbered = enumerate(packets_of(batch.data), batch.first)
        new = [StoredPacket(number, *packet) for number, packet in numbered if number >= self._next_number]
        if new:
            self._ring.write(self._preamble, new, gap)
            self._next_number = batch.first + batch.packets
            self._newest = [*([StoredPacket(None, new[0].time, gap)] if gap else []), *new]
            self._newest_time = max(packet.time for packet in new)
            if self._window and min(packet.time for packet in new) <= self._window.end:
                self._window.is_behind = True
        self._add_notes(batch)
        self._write_events()
        if new:
            self._ring.discard_before(self._newest_time - self._limits.before - DISORDER)

    def sync(self) -> None:
        """Wait until the disk has all packets of the file that is being written. Raises `RecordingError`."""
        self._files.sync()

    def close(self) -> None:
        """Close the file of the event, and delete all else."""
        self._files.close()
        self._destination.close()
        self._ring.close()

    def _write_events(self) -> None:
        """Write what is in the ring, and not yet in a file, into the files of the events."""
        while not self._is_over:
            window = self._window
            hit = self._peek_hit() if window is None or self._limits.is_repeated else None
            if window is None:
                if hit is None:
                    return
                self._begin_event(hit)
            elif hit and hit.time - self._limits.before <= window.end:
                window.end, window.is_behind = max(window.end, hit.time + self._limits.after), True
                self._next_hit = None
            else:
                if window.is_behind:
                    self._write_window(window)
                if hit is None and self._newest_time <= self._find_close(window):
                    return
                # If this fails it is reported, and the next call finds no file and goes on.
                self._files.sync()
                self._files.close()
                self._window = None
                self._is_over = not self._limits.is_repeated

    def _find_close(self, window: _Window) -> int:
        """Return the time after which nothing can belong to the window any more: a later hit cannot prolong it."""
        return window.end + DISORDER + (self._limits.before if self._limits.is_repeated else 0)

    def _begin_event(self, hit: Hit) -> None:
        """Create the file of an event."""
        self._destination.begin_event(hit.time)
        self._files.begin(self._preamble)
        self._next_hit = None
        self._window = _Window(hit.time - self._limits.before, hit.time + self._limits.after)
        self.events += 1
        self._path = self._files.path
        assert self._path
        self._on_event(self._path, hit)

    def _write_window(self, window: _Window) -> None:
        """Write the packets of the window that are in the ring, and not yet in the file."""
        group: list[StoredPacket] = []
        gap, size = b"", 0
        first_later: int | None = None
        for packet in self._packets_since(window.next_number):
            if packet.number is None:
                self._write_group(window, group, gap, first_later)
                group, gap, size = [], packet.data, 0
            elif packet.time > window.end:
                first_later = first_later or packet.number
                if packet.time > window.end + DISORDER:
                    break
            elif packet.time >= window.start and packet.number not in window.written:
                if size > MAX_GROUP or (group and packet.number != (group[-1].number or 0) + 1):
                    self._write_group(window, group, gap, first_later)
                    group, gap, size = [], b"", 0
                group.append(packet)
                size += len(packet.data)
            elif not group:
                # The gap stands before a record that is not in the window.
                gap = b""
        self._write_group(window, group, gap, first_later)
        window.next_number = first_later or self._next_number
        window.written = {number for number in window.written if number >= window.next_number}
        window.is_behind = False

    def _packets_since(self, number: int) -> Iterable[StoredPacket]:
        """Return the packets of the records from this one on. The newest need not be read from the disk."""
        newest = next((packet.number for packet in self._newest if packet.number is not None), None)
        return self._newest if newest is not None and number == newest else self._ring.read_since(number)

    def _write_group(self, window: _Window, group: list[StoredPacket], gap: bytes, first_later: int | None) -> None:
        """Write the packets of consecutive records into the file of the event, with their notes.

        `first_later` is the first record so far that is after the window, which a hit may prolong; None without one.
        """
        if not group:
            return
        first, last = group[0].number or 0, group[-1].number or 0
        notes = tuple((number, text) for number, text in self._notes.items() if first <= number <= last)
        data = b"".join([packet.data for packet in group])
        self._files.write(Batch(self._preamble, data, len(group), 0, first, group[-1].time, notes), gap)
        self._path = self._files.path
        self.packets += len(group)
        if first_later is None:
            window.next_number = last + 1
        else:
            window.next_number = first_later
            window.written.update(range(first, last + 1))

    def _add_notes(self, batch: Batch) -> None:
        """Keep the notes of records that are still in the ring; write those of records in the file of the event."""
        first = self._ring.first_number
        self._notes = {number: text for number, text in self._notes.items() if number >= first}
        for number, text in batch.notes:
            if self._notes.get(number) == text:
                continue
            if self._window and self._files.numbering.find(number) is not None:
                self._files.write(Batch(self._preamble, b"", 0, 0, self._next_number, notes=((number, text),)), b"")
            self._notes[number] = text

    def _peek_hit(self) -> Hit | None:
        """Return the first hit that was not used yet and whose packet is in the ring; None if there is none."""
        if self._next_hit is None and self._hits:
            self._next_hit = self._hits.popleft()
        return self._next_hit if self._next_hit and self._next_hit.number < self._next_number else None


def _find_descriptions(batch: Batch) -> bytes:
    """Return the descriptions of interfaces that stand among the packets."""
    found, start = b"", 0
    while start < len(batch.data) and len(found) < batch.described:
        kind, size = read_block_head(batch.data, start)
        if kind == INTERFACE_DESCRIPTION:
            found += batch.data[start : start + size]
        start += size
    return found
