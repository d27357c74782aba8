"""Raw bytes from a pipe: standard input, or a named one.

Bytes that come through a pipe get their time of arrival. A regular file on standard input has no times. Silence on
a pipe means nothing, as what feeds it may just be slow, so it never ends a frame: it is not `is_live`.
"""

import asyncio
import os
import stat

from sniffer.base.errors import SourceError
from sniffer.core.wire.frame import Chunk
from sniffer.core.wire.items import TapState
from sniffer.sources.source import SteadyClock, Take

READ_SIZE = 1 << 16


class PipeSource:
    """Bytes from an open descriptor, which the source closes at the end."""

    is_live = False
    baud = None
    zone = None
    times_are_first_bytes = False
    needs_merging = False
    taps: tuple[TapState, ...] = ()

    def __init__(self, descriptor: int, name: str) -> None:
        self.name = name
        self._descriptor = descriptor
        self._clock = SteadyClock()
        try:
            mode = os.fstat(descriptor).st_mode
        except OSError as error:
            raise SourceError(f"{name}: it is closed: nothing can be read from it") from error
        self._comes_in_time = stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(descriptor)

    def now(self) -> int | None:
        return self._clock.now() if self._comes_in_time else None

    def close(self) -> None:
        os.close(self._descriptor)

    async def run(self, take: Take) -> None:
        with open(self._descriptor, "rb", buffering=0) as stream:
            if not self._comes_in_time:
                while data := stream.read(READ_SIZE):
                    take(Chunk(data))
                    await asyncio.sleep(0)
                return
            reader = asyncio.StreamReader()
            loop = asyncio.get_running_loop()
            transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), stream)
            try:
                while data := await reader.read(READ_SIZE):
                    take(Chunk(data, self.now()))
            except OSError as error:
                raise SourceError(f"{self.name}: reading failed: {error.strerror}") from error
            finally:
                transport.close()
