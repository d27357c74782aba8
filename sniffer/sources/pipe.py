"""Raw bytes or a capture from a pipe: standard input, or a named pipe.

What begins as a capture (pcapng) is read as one, with the times and taps that it has. Raw bytes that come through a
pipe are dated when they arrive. A regular file on standard input has no times. Silence on a pipe means nothing, as the
program that feeds it may just be slow. So `is_live` is False, and silence ends no frame.
"""

import asyncio
import os
import stat
from collections.abc import Iterator
from datetime import tzinfo

from sniffer.base.errors import CutOffError, SourceError
from sniffer.core.wire.items import Chunk, TapState
from sniffer.formats.pcapng.blocks import MAGIC
from sniffer.formats.pcapng.items import items_of, zone_of_log
from sniffer.formats.pcapng.reader import CaptureError, CaptureReader, Packet
from sniffer.sources.source import Take
from sniffer.sources.steady_clock import SteadyClock

READ_SIZE = 1 << 16


class PipeSource:
    """The bytes of an open descriptor, which the source closes at the end. Raises `SourceError` if it is not open.

    `baud` is that of a capture, and dates nothing.
    """

    is_live = False
    baud: int | None = None
    zone: tzinfo | None = None
    times_are_first_bytes = False
    needs_merging = False
    taps: tuple[TapState, ...] = ()

    def __init__(self, descriptor: int, name: str) -> None:
        self.name = name
        self._descriptor = descriptor
        self._clock = SteadyClock()
        self._head: bytes | None = b""
        self._capture: CaptureReader | None = None
        try:
            mode = os.fstat(descriptor).st_mode
        except OSError as error:
            raise SourceError(f"{name}: it is closed: nothing can be read from it") from error
        self._has_times = stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(descriptor)

    def now(self) -> int | None:
        """Return the wall time in nanoseconds; None for a regular file, which has no times."""
        return self._clock.now() if self._has_times else None

    def close(self) -> None:
        """Close the descriptor."""
        os.close(self._descriptor)

    async def run(self, take: Take) -> None:
        """Read until the other side closes the pipe, or the file ends. Raises `SourceError` if reading fails."""
        with open(self._descriptor, "rb", buffering=0) as stream:
            if not self._has_times:
                while data := stream.read(READ_SIZE):
                    self._take_read(data, take)
                    await asyncio.sleep(0)
                self._end(take)
                return
            reader = asyncio.StreamReader()
            loop = asyncio.get_running_loop()
            transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), stream)
            try:
                while data := await reader.read(READ_SIZE):
                    self._take_read(data, take)
                    # The bytes of a capture may come faster than they are processed.
                    await asyncio.sleep(0)
                self._end(take)
            except OSError as error:
                raise SourceError(f"{self.name}: reading failed: {error.strerror}") from error
            finally:
                transport.close()

    def _take_read(self, data: bytes, take: Take) -> None:
        """Pass on the bytes of one read, as a capture if the pipe began with one. Raises `SourceError` if that is
        damaged.
        """
        if self._head is not None:
            data, self._head = self._head + data, None
            if len(data) < len(MAGIC) and MAGIC.startswith(data):
                self._head = data
                return
            if data.startswith(MAGIC):
                self._capture = CaptureReader()
        if self._capture is None:
            take(Chunk(data, self.now()))
            return
        try:
            for item in items_of(self._read_packets(self._capture, data)):
                take(item)
        except CaptureError as error:
            raise SourceError(f"{self.name}: {error}; all before it was read") from error

    def _read_packets(self, reader: CaptureReader, data: bytes) -> Iterator[Packet]:
        """Yield the packets that these bytes complete; keep their rate and zone."""
        for packet in reader.feed(data):
            self.baud = packet.interface.speed or self.baud
            if packet.comments and self.zone is None:
                self.zone = zone_of_log(packet)
            yield packet

    def _end(self, take: Take) -> None:
        """Pass on what waited. Raises `CutOffError` if a capture ends within a packet."""
        if self._head:
            take(Chunk(self._head, self.now()))
        if self._capture and self._capture.waiting:
            raise CutOffError(f"{self.name}: the capture was cut off in a packet; all before it was read")
