"""A session from a pipe: standard input, or a named pipe.

A capture, text log or `dump --json` output is recognised by its beginning and read as from a file, also packed.
Anything else is raw bytes. Raw bytes that come through a pipe are dated when they arrive. A regular file on standard
input has no times of its own. Silence on a pipe means nothing, as the program that feeds it may just be slow. So
`is_live` is False, and silence ends no frame.
"""

import asyncio
import os
import stat
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import tzinfo
from pathlib import Path

from sniffer.base.errors import SourceError
from sniffer.core.wire.items import Chunk, TapState
from sniffer.formats.recorded_with import read_recorded_head
from sniffer.sources.detect import SessionFormat
from sniffer.sources.file_options import DEFAULT, FileOptions
from sniffer.sources.saved_file import SavedSource
from sniffer.sources.source import Take
from sniffer.sources.steady_clock import SteadyClock
from sniffer.sources.stored.session_file import create_source
from sniffer.sources.stored.session_stream import SessionStream

READ_SIZE = 1 << 16

PATIENCE = 2.0
"""Seconds for which text that may be the beginning of a log waits for the rest of its lines."""


class PipeSource:
    """The bytes of an open descriptor, which the source closes at the end. Raises `SourceError` if it is not open.

    `baud` and `zone` are those of the session, as soon as they are known. The baud rate dates nothing.
    """

    is_live = False
    times_are_first_bytes = False
    about = "a pipe"
    needs_merging = False
    taps: tuple[TapState, ...] = ()

    def __init__(self, descriptor: int, name: str, options: FileOptions = DEFAULT) -> None:
        self.name = name
        self._descriptor = descriptor
        self._options = options
        self._clock = SteadyClock()
        self._session: SavedSource | None = None
        try:
            mode = os.fstat(descriptor).st_mode
        except OSError as error:
            raise SourceError(f"{name}: it is closed: nothing can be read from it") from error
        self._has_times = stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(descriptor)

    @property
    def baud(self) -> int | None:
        """The rate of a capture in bits per second; None if it is not known."""
        return self._session.baud if self._session else None

    @property
    def zone(self) -> tzinfo | None:
        """The time zone of a saved session; None for the local zone."""
        return self._session.zone if self._session else None

    def now(self) -> int | None:
        """Return the time of the latest record of a saved session, or else the wall time in nanoseconds.

        Returns None for the raw bytes of a regular file, which have no times.
        """
        if self._session:
            return self._session.now()
        return self._clock.now() if self._has_times else None

    def close(self) -> None:
        """Close the descriptor."""
        os.close(self._descriptor)

    async def run(self, take: Take) -> None:
        """Read until the other side closes the pipe, or the file ends. Raises `SourceError` if reading fails."""
        async with aclosing(self._read()) as pieces:
            stream = SessionStream(self.name, pieces)
            try:
                found = await stream.detect(PATIENCE)
                if found in (None, SessionFormat.RAW):
                    async for data in stream.pieces():
                        take(Chunk(data, self.now()))
                        await asyncio.sleep(0)
                    return
                assert found
                if found in (SessionFormat.CAPTURE, SessionFormat.JSON_LINES) and self._options.on_recorded:
                    self._options.on_recorded(read_recorded_head(self.name, stream.head))
                self._session = create_source(Path(self.name), found, self._options)
                self._session.stream = stream.pieces()
                await self._session.run(take)
            finally:
                stream.close()

    async def _read(self) -> AsyncGenerator[bytes, None]:
        """Yield the bytes of the descriptor as they come. Raises `SourceError` if reading fails."""
        with open(self._descriptor, "rb", buffering=0) as file:
            if not self._has_times:
                while data := file.read(READ_SIZE):
                    yield data
                return
            reader = asyncio.StreamReader()
            loop = asyncio.get_running_loop()
            transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), file)
            try:
                while data := await reader.read(READ_SIZE):
                    yield data
            except OSError as error:
                raise SourceError(f"{self.name}: reading failed: {error.strerror}") from error
            finally:
                transport.close()
