"""The files of one recording, one after the other. All of it runs in the thread that writes, a call at a time.

In: batches of packets, in the order of the session. Out: captures, each of which opens by itself: it begins with a head
and with every interface that its packets need. A note is written here and not before, as only now is known which number
its record has in the file.

MERGED:
Which number a record of the session has in the file that it is written to.

A capture counts its own packets, so whoever reads it numbers them from 1. That differs from the session in a file that
was begun later, and behind a gap: the gap is a record of the file, and what it stands for is none.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from sniffer.base.errors import RecordingError
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.recording.append_file import GONE, AppendFile
from sniffer.recording.destination import Destination


@dataclass(frozen=True, slots=True)
class _Run:
    """So many records in a row: `first` is the number of the first in the session, `here` that in the file."""

    first: int
    here: int
    count: int


@dataclass(frozen=True, slots=True)
class Numbering:
    """What stands in one file."""

    runs: tuple[_Run, ...] = ()
    count: int = 0

    def with_more(self, first: int, count: int, *, gap: bool) -> "Numbering":
        """With so many more records behind it, and the record of a gap before those."""
        here = self.count + 1 + gap
        total = self.count + gap + count
        last = self.runs[-1] if self.runs else None
        if last and last.first + last.count == first and last.here + last.count == here:
            return Numbering((*self.runs[:-1], replace(last, count=last.count + count)), total)
        return Numbering((*self.runs, _Run(first, here, count)), total)

    def find(self, number: int) -> int | None:
        """The number in the file of a record of the session; None where it does not stand there."""
        for run in reversed(self.runs):
            if run.first <= number < run.first + run.count:
                return run.here + number - run.first
        return None


@dataclass(frozen=True, slots=True)
class Batch:
    """Packets that are written together.

    `begins` is what a file must hold before them: its head, and all interfaces that were described so far. They
    describe more of them themselves, in `described` bytes. `first` is the number of their first record, or of the next
    one that comes; `time` is that of the last. `notes` are at records that came before the batch's end.
    """

    begins: bytes
    data: bytes
    packets: int
    described: int
    first: int
    time: int | None = None
    notes: tuple[tuple[int, str], ...] = ()


class CaptureFiles:
    """Writes batches to a place. Raises `RecordingError`; what was not written then can be given again."""

    def __init__(self, place: Destination, writer: CaptureWriter) -> None:
        self._place = place
        self._writer = writer
        self._file: AppendFile | None = None
        self._numbering = Numbering()
        self._noted: dict[int, dict[int, str]] = {}
        self._known = 0

    @property
    def path(self) -> Path | None:
        """The file that is written; None before the first one."""
        return self._file.path if self._file else None

    @property
    def size(self) -> int:
        """How many bytes are in that file."""
        return self._file.size if self._file else 0

    def begin(self, begins: bytes) -> None:
        """Begin a file."""
        file = self._place.new_file()
        try:
            file.write(begins)
        except BaseException:
            file.close()
            raise
        self._file, self._known = file, len(begins)
        self._numbering, self._noted = Numbering(), {}

    def write(self, batch: Batch, gap: bytes) -> None:
        """Write a batch, behind the packet of a gap where there is one."""
        self._leave_file_that_is_gone()
        self._leave_file_that_is_full(len(gap) + len(batch.data), len(batch.begins))
        if self._file is None:
            self.begin(batch.begins)
        assert self._file
        numbering = self._numbering.with_more(batch.first, batch.packets, gap=bool(gap))
        notes = b"".join(self._note(numbering, number, text) for number, text in batch.notes)
        # What was given up may have described interfaces.
        self._file.write(batch.begins[self._known :] + gap + batch.data + notes)
        self._numbering = numbering
        self._known = len(batch.begins) + batch.described

    def close(self) -> None:
        """No more comes."""
        if self._file:
            self._file.close()
            self._file = None

    def _leave_file_that_is_gone(self) -> None:
        if self._file and not self._file.is_there():
            gone = self._file.path
            self.close()
            raise RecordingError(gone, GONE)

    def _leave_file_that_is_full(self, more: int, begins: int) -> None:
        limit = self._place.limit
        if self._file and limit is not None and self._file.size > begins and self._file.size + more > limit:
            self.close()

    def _note(self, numbering: Numbering, number: int, text: str) -> bytes:
        """The packet of a note. What is noted at a record that is not in this file stands at the file's first one."""
        here = numbering.find(number)
        if here is None:
            if not text:
                return b""
            here, text = 1, f"at record {number} of the session, which is not in this file: {text}"
        # A note takes the place of what was noted there before, and others may stand at the same record.
        noted = self._noted.setdefault(here, {})
        noted[number] = text
        return self._writer.encode_note(here, "\n".join(told for told in noted.values() if told))
