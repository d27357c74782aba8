"""The files of a black box: of all packets, those around an event are kept.

In: batches of packets, and the hits: the records that matched. Out: for each event a capture with exactly the packets
whose time is within its window, from `before` nanoseconds before the hit to `after` behind it, both ends included.
Every packet goes into a ring on the disk first, and from there into the file of the event. So a batch that failed can
be written again, and nothing stands in a file twice.

With `is_repeated`, a hit within the window prolongs it: such hits are one event. A later hit is another event, with a
file of its own, which has all that came before it, even if the file of the event before has that as well. Without,
there is one event, and later hits change nothing.

All calls but `add_hit` run in the thread that writes, one by one.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sniffer.base.times import SECOND
from sniffer.formats.pcapng.blocks import INTERFACE_DESCRIPTION, read_block_head
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.recording.event_files import EventDestination
from sniffer.recording.rotation import Batch, CaptureFiles
from sniffer.recording.segment_ring import SegmentRing, StoredPacket, packets_of

DISORDER = SECOND
"""Records are in the order of their times up to so many nanoseconds: the lines of two taps may be closer than that."""

MAX_HITS = 1 << 18
"""The hits that may wait for a failing disk: more than the packets that may wait, so each packet still has its hit."""

MAX_GROUP = 1 << 18
"""Bytes of packets that are written into the file of an event together."""


class Hit(NamedTuple):
    """A record that matched, and its time in nanoseconds."""

    number: int
    time: int


@dataclass(frozen=True, slots=True)
class BlackBoxLimits:
    """What is kept around an event: `before` and `after` it in nanoseconds. `is_repeated`: further events as well."""

    before: int
    after: int
    is_repeated: bool = False


@dataclass(slots=True)
class _Window:
    """The window of an event that is being written. All packets before the record `next_number` were looked at."""

    hit: Hit
    start: int
    end: int
    next_number: int = 0
    packets: int = 0


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
        """Write a batch behind the packet of a gap, which may be empty."""
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
        self._add_notes(batch)
        self._write_events()
        if new:
            self._ring.discard_before(max(packet.time for packet in new) - self._limits.before - DISORDER)

    def close(self) -> None:
        """Close the file of the event, and delete all else."""
        self._files.close()
        self._destination.close()
        self._ring.close()

    def _write_events(self) -> None:
        """Write what is in the ring, and not yet in a file, into the files of the events."""
        while not self._is_over:
            if self._window is None:
                hit = self._peek_hit()
                if hit is None:
                    return
                self._begin_event(hit)
            assert self._window
            if not self._write_window(self._window):
                return
            self._files.close()
            self._window = None
            self._is_over = not self._limits.is_repeated

    def _begin_event(self, hit: Hit) -> None:
        """Create the file of an event."""
        self._destination.begin_event(hit.time)
        self._files.begin(self._preamble)
        self._next_hit = None
        self._window = _Window(hit, hit.time - self._limits.before, hit.time + self._limits.after)
        self.events += 1
        self._path = self._files.path
        assert self._path
        self._on_event(self._path, hit)

    def _write_window(self, window: _Window) -> bool:
        """Write the packets of the window that are new in the ring. Return True if the window has closed."""
        group: list[StoredPacket] = []
        gap, size, is_closed = b"", 0, False
        for packet in self._packets_since(window.next_number):
            if packet.number is None:
                self._write_group(window, group, gap)
                group, gap, size = [], packet.data, 0
                continue
            if self._has_closed(window, packet):
                is_closed = True
                break
            if window.start <= packet.time <= window.end:
                if size > MAX_GROUP or (group and packet.number != (group[-1].number or 0) + 1):
                    self._write_group(window, group, gap)
                    group, gap, size = [], b"", 0
                group.append(packet)
                size += len(packet.data)
            elif not group:
                # The gap stands before a record that is not in the window.
                gap = b""
        self._write_group(window, group, gap)
        window.next_number = self._next_number
        return is_closed

    def _packets_since(self, number: int) -> Iterable[StoredPacket]:
        """Return the packets of the records from this one on. The newest need not be read from the disk."""
        newest = next((packet.number for packet in self._newest if packet.number is not None), None)
        return self._newest if newest is not None and number == newest else self._ring.read_since(number)

    def _has_closed(self, window: _Window, packet: StoredPacket) -> bool:
        """Return True if no packet from this one on can be in the window; prolong it by the hits up to this packet."""
        assert packet.number is not None
        while self._limits.is_repeated and (hit := self._peek_hit()) and hit.number <= packet.number:
            if hit.time > window.end:
                return True
            window.end = max(window.end, hit.time + self._limits.after)
            self._next_hit = None
        return packet.time > window.end + DISORDER and packet.number > window.hit.number

    def _write_group(self, window: _Window, group: list[StoredPacket], gap: bytes) -> None:
        """Write the packets of consecutive records into the file of the event, with their notes."""
        if not group:
            return
        first, last = group[0].number or 0, group[-1].number or 0
        notes = tuple((number, text) for number, text in self._notes.items() if first <= number <= last)
        data = b"".join([packet.data for packet in group])
        self._files.write(Batch(self._preamble, data, len(group), 0, first, group[-1].time, notes), gap)
        self._path = self._files.path
        window.next_number = last + 1
        self.packets += len(group)

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
        """Return the first hit that was not used yet; None if there is none."""
        if self._next_hit is None and self._hits:
            self._next_hit = self._hits.popleft()
        return self._next_hit


def _find_descriptions(batch: Batch) -> bytes:
    """Return the descriptions of interfaces that stand among the packets."""
    found, start = b"", 0
    while start < len(batch.data) and len(found) < batch.described:
        kind, size = read_block_head(batch.data, start)
        if kind == INTERFACE_DESCRIPTION:
            found += batch.data[start : start + size]
        start += size
    return found
