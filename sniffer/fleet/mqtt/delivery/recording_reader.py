"""The reader of a recording that may still be written: whole packets in, records out, as far as the file is settled.

In: a capture of this program, and how many of its bytes are settled; those after them may be taken back, as on a full
disk. Out: the same records as those of the finished file. All calls may block, as disks do.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from io import FileIO
from pathlib import Path
from typing import Protocol

from sniffer.base.compression import Unpacker
from sniffer.base.errors import SourceError
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.definition import Definition
from sniffer.core.wire.items import Note
from sniffer.fleet.mqtt.messages.session_messages import SessionItem
from sniffer.formats.capture_decoder import CaptureDecoder
from sniffer.formats.pcapng.foreign_packets import CaptureItem
from sniffer.formats.pcapng.reader import CaptureError

PIECE_SIZE = 1 << 11
"""Bytes that are read at once: some dozen packets, whose decoding holds up other threads for about a millisecond."""


class SessionReader(Protocol):
    """A session that is read from its beginning, piece by piece."""

    @property
    def zone(self) -> tzinfo | None:
        """The zone of a text log; None if it has none."""
        ...

    def read(self) -> Sequence[SessionItem] | None:
        """Return the next records; empty if there is nothing new at present, None at the end of the session.

        Raises `SourceError` if the rest cannot be read.
        """
        ...

    def close(self) -> None:
        """Close the file."""
        ...


class RecordingReader:
    """The reader of one capture.

    `find_settled` returns how many bytes of the file are settled, and whether no more will come.
    """

    def __init__(self, path: Path, definition: Definition, find_settled: Callable[[], tuple[int, bool]]) -> None:
        self._path = path
        self._find_settled = find_settled
        self._pipeline = Pipeline(definition)
        self._decoder = CaptureDecoder()
        self._unpacker = Unpacker(str(path))
        self._file: FileIO | None = None
        self._position = 0
        self._has_ended = False

    @property
    def zone(self) -> tzinfo | None:
        """The zone of a recorded text log; None if it is not one."""
        return self._decoder.zone

    def read(self) -> Sequence[SessionItem] | None:
        """Return the next records; empty if there is nothing new at present, None at the end of the recording.

        Raises `SourceError` if the rest cannot be read. What is cut off at the end is no error: a recording that was
        killed ends so.
        """
        if self._has_ended:
            return None
        settled, is_final = self._find_settled()
        try:
            if self._file is None:
                # A buffer would hold bytes that were read before they were settled.
                self._file = self._path.open("rb", buffering=0)
            data = self._file.read(min(PIECE_SIZE, settled - self._position)) if settled > self._position else b""
        except OSError as error:
            raise SourceError(f"{self._path}: cannot be read: {error.strerror}") from error
        if not data and is_final:
            self._has_ended = True
            return self._feed(self._decoder.flush()) + self._pipeline.flush()
        self._position += len(data)
        try:
            return [record for chunk in self._unpacker.feed(data) for record in self._feed(self._decoder.feed(chunk))]
        except CaptureError as error:
            raise SourceError(f"{self._path}: {error}") from error

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()

    def _feed(self, items: Iterable[CaptureItem]) -> list[SessionItem]:
        """Return the records of the items of the capture, with its notes between them."""
        found: list[SessionItem] = []
        for item in items:
            if isinstance(item, Note):
                found.append(item)
            else:
                found += self._pipeline.feed(item)
        return found


def find_size_on_disk(path: Path) -> tuple[int, bool]:
    """Return the size of a file that nobody writes any more, and True. Raises `SourceError` if it is gone."""
    try:
        return path.stat().st_size, True
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror}") from error
