"""A saved capture, in pcapng or classic pcap.

A capture that ends within a packet, after a crash or on a full disk, is read up to its last whole packet; then
`CutOffError` is raised.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from sniffer.base.compression import READ_SIZE, ReadableFile, detect_compression, read_chunks
from sniffer.base.errors import SourceError
from sniffer.formats.capture_decoder import CaptureDecoder, check_head
from sniffer.formats.pcapng.index import index_of
from sniffer.formats.pcapng.items import items_of
from sniffer.formats.pcapng.reader import CaptureError, CaptureReader
from sniffer.sources.file_options import DEFAULT, FileOptions
from sniffer.sources.saved_file import SavedSource
from sniffer.sources.source import Item, Take

PIECE_SIZE = 1 << 14
"""Bytes after which the loop gets a turn: some hundred packets, which take some milliseconds."""

INDEX_PIECE_SIZE = 1 << 22
"""Bytes that are indexed at once."""


class CaptureSource(SavedSource):
    """A capture.

    `baud` is the rate of the line as soon as a packet brings it. It dates nothing, as each packet has its own time.
    """

    times_are_first_bytes = True

    def __init__(self, path: ReadableFile, options: FileOptions = DEFAULT) -> None:
        super().__init__(path)
        self._size = _find_size(path)
        self.baud: int | None = None
        self._decoder = CaptureDecoder(options.link_types)
        self._may_read = asyncio.Event()
        self._may_read.set()
        self._resume: asyncio.Event | None = None

    @property
    def progress(self) -> float:
        """The share of the file that was read, 0 to 1. It stays 0 if that is not known, as for a packed file."""
        return min(1.0, self._decoder.position / self._size) if self._size else 0.0

    def pause_until(self, resume: asyncio.Event) -> None:
        """Read one piece only until `resume` is set, as reading the rest can delay the first drawing of a screen."""
        self._resume = resume

    async def read_tail(self, count: int) -> tuple[int, Sequence[Item]] | None:
        """Return the items of about `count` records at the end of the file, and the number of their first record.

        Works however little was read so far. Returns None if the file has no
        index (`sniffer.formats.pcapng.index`).
        """
        if not self._size:
            return None
        # Reading on would take half of the time that the index needs.
        self._may_read.clear()
        try:
            return await asyncio.to_thread(self._read_tail, count)
        finally:
            self._may_read.set()

    def _read_tail(self, count: int) -> tuple[int, Sequence[Item]] | None:
        """Return the items of about `count` records at the end, and the number of their first one; None if there is no
        index.
        """
        index = index_of(read_chunks(self.file, size=INDEX_PIECE_SIZE))
        if index is None:
            return None
        position, reader = index.position_of(index.count - count), CaptureReader()
        items: list[Item] = [*items_of(reader.feed(position.before))]
        with self.file.open("rb") as file:
            file.seek(position.offset)
            while data := file.read(READ_SIZE):
                items += items_of(reader.feed(data))
        return position.number, items

    async def run(self, take: Take) -> None:
        """Read the capture to its end. Raises `CutOffError` if it ends in a packet, or if packets had to be skipped."""
        async for data in self._read_pieces(PIECE_SIZE):
            await self._read(data, take)
            if self._resume:
                await self._resume.wait()
        for item in self._decoder.flush():
            take(item)
        try:
            self._decoder.check_end()
        except SourceError as error:
            raise type(error)(f"{self.name}: {error}") from error

    async def _read(self, data: bytes, take: Take) -> None:
        """Pass the items of a piece of the file on. Raises `SourceError` if the file is damaged from here on."""
        decoder = self._decoder
        try:
            for item in decoder.feed(data):
                self._last_time, self.baud = decoder.last_time, decoder.speed
                self.zone = self.zone or decoder.zone
                take(item)
        except CaptureError as error:
            raise SourceError(f"{self.name}: {error}; all before it was read") from error
        except SourceError as error:
            raise SourceError(f"{self.name}: {error}") from error
        self._last_time, self.baud = decoder.last_time, decoder.speed
        self.zone = self.zone or decoder.zone
        await asyncio.sleep(0)
        await self._may_read.wait()


def check_capture(path: ReadableFile, head: bytes, options: FileOptions) -> None:
    """Raise `SourceError` if the capture that begins with these bytes cannot be read, whatever follows."""
    try:
        check_head(head, options.link_types)
    except SourceError as error:
        raise SourceError(f"{path}: {error}") from error


def _find_size(path: ReadableFile) -> int:
    """Return the size in bytes of a plain file; 0 for a packed one, a member of an archive, or a stream."""
    return path.stat().st_size if isinstance(path, Path) and path.is_file() and not detect_compression(path) else 0
