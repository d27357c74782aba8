"""Saved captures in pcapng: whole, cut off, or still growing.

A capture that stops in the middle of a packet, by a crash or a full disk, is read up to there and then says so
(`CutOffError`). With `follow`, the end of the file is not the end: what is written to it is read as it comes.
"""

import asyncio
import os
from pathlib import Path
from time import time_ns

from sniffer.errors import CutOffError, SourceError
from sniffer.formats.pcapng.capture import told, zone_of_log
from sniffer.formats.pcapng.reader import CaptureError, Reader
from sniffer.sources.saved import SavedSource
from sniffer.sources.source import Take
from sniffer.sources.unpacking import READ_SIZE, packing

PACKETS_PER_TURN = 500

NEXT_LOOK = 0.1
"""Seconds between two looks at a file that may grow."""


class CaptureSource(SavedSource):
    """A capture. `is_live` where it is followed."""

    def __init__(self, path: Path, *, follow: bool = False) -> None:
        if follow and packing(path):
            raise SourceError(f"{path}: a packed capture cannot be followed: unpack it first")
        super().__init__(path)
        self.is_live = follow
        self._reader = Reader()
        self._packets = 0

    def now(self) -> int | None:
        """The time of the last packet; of a file that grows, that of the machine which reads it."""
        return time_ns() if self.is_live and self._last is not None else self._last

    async def run(self, take: Take) -> None:
        if self.is_live:
            await self._follow(take)
        for data in self._pieces():
            await self._read(data, take)
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
            for turn, packet in enumerate(self._reader.feed(data), 1):
                self._packets += 1
                self.zone = self.zone or zone_of_log(packet)
                for item in told(packet):
                    take(item)
                self._last = packet.time or self._last
                if turn % PACKETS_PER_TURN == 0:
                    await asyncio.sleep(0)
        except CaptureError as error:
            raise SourceError(f"{self.name}: {error}; all before it was read") from error
        await asyncio.sleep(0)


def _is_other(path: Path, opened: os.stat_result, read: int) -> bool:
    """Whether this is not the file that was opened, or there is less of it than was read already."""
    try:
        now = os.stat(path)
    except OSError:
        return True
    return not os.path.samestat(now, opened) or now.st_size < read
