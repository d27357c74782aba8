"""The files of one recording, one after the other, and the numbers of the records in each of them.

In: batches of packets, in the order of the session. Out: captures, each of which can be opened by itself: it begins
with a preamble, which has every interface that its packets need. All calls run in the thread that writes, one by one.

A capture does not store record numbers: its reader counts the packets from 1. So a record has another number in a file
that was begun later in the session, and after a gap, which counts as one record whatever number of packets it stands
for. The note of a record names that number, so notes are encoded here, when the file of the record is known.
"""

from pathlib import Path
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from sniffer.base.errors import RecordingError
from sniffer.formats.pcapng.blocks import INTERFACE_DESCRIPTION, read_block_head
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.recording.append_file import GONE, PacketFile
from sniffer.recording.destination import Destination


class _Run(Struct, frozen=True):
    """Consecutive records. The first one has the number `first` in the session and `first_in_file` in the file."""

    first: int
    first_in_file: int
    count: int


class Numbering(Struct, frozen=True):
    """The numbers of the records in one file. `count` is how many records it has, gaps included."""

    runs: tuple[_Run, ...] = ()
    count: int = 0

    def with_more(self, first: int, count: int, *, gap: bool) -> "Numbering":
        """Return the numbering with `count` more records, whose first has the number `first` in the session.

        With `gap` the record of a gap stands before them.
        """
        first_in_file = self.count + 1 + gap
        total = self.count + gap + count
        last = self.runs[-1] if self.runs else None
        if last and last.first + last.count == first and last.first_in_file + last.count == first_in_file:
            return Numbering((*self.runs[:-1], replace(last, count=last.count + count)), total)
        return Numbering((*self.runs, _Run(first, first_in_file, count)), total)

    def find(self, number: int) -> int | None:
        """Return the number in the file of this record of the session; None if the file does not contain it."""
        for run in reversed(self.runs):
            if run.first <= number < run.first + run.count:
                return run.first_in_file + number - run.first
        return None

    def number_at(self, place: int) -> int | None:
        """Return the number in the session of a record of the file, counted from 1; None if it is a gap."""
        for run in reversed(self.runs):
            if run.first_in_file <= place < run.first_in_file + run.count:
                return run.first + place - run.first_in_file
        return None


class Batch(Struct, frozen=True):
    """Packets that are written together.

    `preamble` is what a file must contain before them: its section header, and all interfaces described so far. `data`
    describes further interfaces in `described` of its bytes. `first` is the number of the first record, or of the next
    one if there is none. `time` is that of the last record, `began` that of the first; after a split, of one before it.
    `notes` belong to records before the end of the batch.
    """

    preamble: bytes
    data: bytes
    packets: int
    described: int
    first: int
    time: int | None = None
    notes: tuple[tuple[int, str], ...] = ()
    began: int | None = None

    def split(self) -> "tuple[Batch, Batch]":
        """Return the first half of the packets, and the others with the notes. There must be at least two packets."""
        packets, end, interfaces = 0, 0, b""
        while packets < self.packets // 2:
            kind, size = read_block_head(self.data, end)
            if kind == INTERFACE_DESCRIPTION:
                interfaces += self.data[end : end + size]
            else:
                packets += 1
            end += size
        first = replace(self, data=self.data[:end], packets=packets, described=len(interfaces), notes=())
        second = replace(
            self,
            preamble=self.preamble + interfaces,
            data=self.data[end:],
            packets=self.packets - packets,
            described=self.described - len(interfaces),
            first=self.first + packets,
        )
        return first, second


class BatchFiles(Protocol):
    """Whatever writes the batches of a recorder to files. Its calls are those of `CaptureFiles`."""

    @property
    def path(self) -> Path | None:
        """The path of the present file; None before the first one."""
        ...

    @property
    def size(self) -> int: ...

    def begin(self, preamble: bytes) -> None: ...

    def write(self, batch: Batch, gap: bytes) -> None: ...

    def sync(self) -> None: ...

    def close(self) -> None: ...


class CaptureFiles:
    """The writer of batches to a destination. Raises `RecordingError`; a batch that failed can be written again."""

    def __init__(self, destination: Destination, writer: CaptureWriter) -> None:
        self._destination = destination
        self._writer = writer
        self._file: PacketFile | None = None
        self._numbering = Numbering()
        self._notes: dict[int, dict[int, str]] = {}
        self._preamble_size = 0
        self._unconfirmed = 0

    @property
    def path(self) -> Path | None:
        """The path of the present file; None before the first one."""
        return self._file.path if self._file else None

    @property
    def size(self) -> int:
        """The size of the present file in bytes."""
        return self._file.size if self._file else 0

    @property
    def numbering(self) -> Numbering:
        """The numbers of the records in the present file."""
        return self._numbering

    def begin(self, preamble: bytes) -> None:
        """Create the next file and write its preamble. Raises `RecordingError`."""
        file = self._destination.new_file()
        try:
            file.write(preamble)
        except BaseException:
            file.close()
            raise
        self._file, self._preamble_size = file, len(preamble)
        self._numbering, self._notes = Numbering(), {}

    def write(self, batch: Batch, gap: bytes) -> None:
        """Write a batch after the packet of a gap, which may be empty. Raises `RecordingError`."""
        self._check_file()
        self._close_full_file(len(gap) + len(batch.data), len(batch.preamble))
        if self._file is None:
            self.begin(batch.preamble)
        assert self._file
        numbering = self._numbering.with_more(batch.first, batch.packets, gap=bool(gap))
        notes = b"".join(self._encode_note(numbering, number, text) for number, text in batch.notes)
        # Packets that were dropped may have described interfaces, which this preamble has as well.
        self._file.write(batch.preamble[self._preamble_size :] + gap + batch.data + notes)
        self._numbering = numbering
        self._preamble_size = len(batch.preamble) + batch.described
        self._unconfirmed += batch.packets

    def sync(self) -> None:
        """Wait until the disk has all packets.

        If it lost some, the file is closed, and `RecordingError` says how many were written since the last call.
        """
        unconfirmed, self._unconfirmed = self._unconfirmed, 0
        if self._file and unconfirmed:
            try:
                self._file.sync()
            except RecordingError as error:
                self.close()
                error.lost = unconfirmed
                raise

    def close(self) -> None:
        """Close the present file."""
        self._unconfirmed = 0
        if self._file:
            self._file.close()
            self._file = None

    def _check_file(self) -> None:
        """Close a file that was moved, deleted or shortened, and raise `RecordingError`."""
        if self._file and not self._file.is_intact():
            path = self._file.path
            self.close()
            raise RecordingError(path, GONE)

    def _close_full_file(self, size: int, preamble_size: int) -> None:
        """Close the file if `size` more bytes exceed its limit, unless it holds only its preamble."""
        limit = self._destination.limit
        if self._file and limit is not None and self._file.size > preamble_size and self._file.size + size > limit:
            self.sync()
            self.close()

    def _encode_note(self, numbering: Numbering, number: int, text: str) -> bytes:
        """Return the packet of a note. If the file lacks its record, the note is put at the file's first record."""
        number_in_file = numbering.find(number)
        if number_in_file is None:
            if not text:
                return b""
            number_in_file, text = 1, f"at record {number} of the session, which is not in this file: {text}"
        # A note replaces the earlier one of its record; notes of other records may stand at the same number.
        notes = self._notes.setdefault(number_in_file, {})
        notes[number] = text
        return self._writer.encode_note(number_in_file, "\n".join(note for note in notes.values() if note))
