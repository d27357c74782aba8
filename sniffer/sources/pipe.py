"""Raw bytes from a pipe: standard input, or a named pipe.

Bytes that come through a pipe are dated when they arrive. A regular file on standard input has no times. Silence on
a pipe means nothing, as the program that feeds it may just be slow. So `is_live` is False, and silence ends no frame.
"""

import asyncio
import os
import stat

from sniffer.base.errors import SourceError
from sniffer.core.wire.items import Chunk, TapState
from sniffer.sources.source import SteadyClock, Take

READ_SIZE = 1 << 16


class PipeSource:
    """The bytes of an open descriptor, which the source closes at the end. Raises `SourceError` if it is not open."""

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
        self._has_times = stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(descriptor)

    def now(self) -> int | None:
        """Return the wall time in nanoseconds; None for a regular file, which has no times."""
        return self._clock.now() if self._has_times else None

    def close(self) -> None:
        """Close the descriptor."""
        os.close(self._descriptor)

    async def run(self, take: Take) -> None:
        """Read until the other side closes the pipe, or the file ends."""
        with open(self._descriptor, "rb", buffering=0) as stream:
            if not self._has_times:
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
