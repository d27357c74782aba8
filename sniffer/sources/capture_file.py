"""Saved captures in pcapng: whole, cut off, or still growing.

A capture that stops in the middle of a packet, by a crash or a full disk, is read up to there and then says so
(`CutOffError`). With `follow`, the end of the file is not the end: what is written to it is read as it comes.
"""

import asyncio
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import time_ns

from sniffer.base.compression import READ_SIZE, packing, pieces
from sniffer.base.errors import CutOffError, SourceError
from sniffer.formats.pcapng.index import index_of
from sniffer.formats.pcapng.items import items_of, zone_of_log
from sniffer.formats.pcapng.reader import CaptureError, CaptureReader, Packet
from sniffer.sources.saved_file import SavedSource
from sniffer.sources.source import Item, Take

READ_AT_ONCE = 1 << 14
"""Bytes after which the loop has a turn: some hundred packets, which take some milliseconds."""

INDEXED_AT_ONCE = 1 << 22
NEXT_LOOK = 0.1
"""Seconds between two looks at a file that may grow."""


class CaptureSource(SavedSource):
    """A capture. `is_live` where it is followed. `baud` is the line's rate once a packet tells it; no time needs it."""

    times_are_first_bytes = True

    def __init__(self, path: Path, *, follow: bool = False) -> None:
        if follow and packing(path):
            raise SourceError(f"{path}: a packed capture cannot be followed: unpack it first")
        super().__init__(path)
        self._size = 0 if follow or packing(path) else path.stat().st_size
        self.is_live = follow
        self.baud: int | None = None
        self._reader = CaptureReader()
        self._packets = 0
        self._may_read = asyncio.Event()
        self._may_read.set()
        self._shown: asyncio.Event | None = None

    @property
    def share(self) -> float:
        """How much of the file was read, up to 1; of a packed one it is not known before its end, and stays 0."""
        return min(1.0, (self._reader.consumed + self._reader.waiting) / self._size) if self._size else 0.0

    def pause_until(self, shown: asyncio.Event) -> None:
        """Read only the beginning until that is shown: what is left can take as long as a screen needs to be drawn."""
        self._shown = shown

    async def end(self, count: int) -> tuple[int, Sequence[Item]] | None:
        """What gives about so many records at the end of the file, however little was read, and the first one's number.

        None where that cannot be told: see `sniffer.formats.pcapng.index`.
        """
        if not self._size:
            return None
        # Reading on would take half of the time that the end needs to be found.
        self._may_read.clear()
        try:
            return await asyncio.to_thread(self._end, count)
        finally:
            self._may_read.set()

    def _end(self, count: int) -> tuple[int, Sequence[Item]] | None:
        index = index_of(pieces(self._path, size=INDEXED_AT_ONCE))
        if index is None:
            return None
        place, reader = index.position_of(index.count - count), CaptureReader()
        items: list[Item] = [*items_of(reader.feed(place.before))]
        with self._path.open("rb") as file:
            file.seek(place.offset)
            while data := file.read(READ_SIZE):
                items += items_of(reader.feed(data))
        return place.number, items

    def now(self) -> int | None:
        """The time of the last packet; of a file that grows, that of the machine which reads it."""
        return time_ns() if self.is_live and self._last is not None else self._last

    async def run(self, take: Take) -> None:
        if self.is_live:
            await self._follow(take)
        for data in self._pieces(READ_AT_ONCE):
            await self._read(data, take)
            if self._shown:
                await self._shown.wait()
        if self._reader.waiting:
            raise CutOffError(
                f"{self.name}: the capture was cut off after packet {self._packets:,}; all before it was read"
            )

    async def _follow(self, take: Take) -> None:
        """Read for ever. Raises `SourceError` where the file is not the one any more that it was."""
        with self._path.open("rb") as growing:
            opened = os.fstat(growing.fileno())
            while True:
                if data := growing.read(READ_SIZE):
                    await self._read(data, take)
                    continue
                await asyncio.sleep(NEXT_LOOK)
                if _is_other(self._path, opened, growing.tell()):
                    raise SourceError(f"{self.name}: the file was replaced, shortened or deleted while it was followed")

    async def _read(self, data: bytes, take: Take) -> None:
        try:
            for item in items_of(self._seen(data)):
                take(item)
        except CaptureError as error:
            raise SourceError(f"{self.name}: {error}; all before it was read") from error
        await asyncio.sleep(0)
        await self._may_read.wait()

    def _seen(self, data: bytes) -> Iterator[Packet]:
        """The packets that these bytes complete, with what is told of all of them remembered."""
        for packet in self._reader.feed(data):
            self._packets += 1
            self._last = packet.time or self._last
            self.baud = packet.interface.speed or self.baud
            if packet.comments and self.zone is None:
                self.zone = zone_of_log(packet)
            yield packet


def _is_other(path: Path, opened: os.stat_result, read: int) -> bool:
    """Whether this is not the file that was opened, or there is less of it than was read already."""
    try:
        now = os.stat(path)
    except OSError:
        return True
    return not os.path.samestat(now, opened) or now.st_size < read
