"""The base class of all sources that read a saved session from a file."""

from collections.abc import AsyncIterator
from datetime import tzinfo

from sniffer.base.compression import READ_SIZE, ReadableFile, read_chunks
from sniffer.core.wire.items import TapState
from sniffer.sources.source import Take


class SavedSource:
    """A saved session. `bytes_read` is how much of the file was read so far, counted in its packed form.

    A saved session brings the times of its records, so no line rate is needed to date them. The bytes come from a file,
    or from an open stream if `stream` is set before `run`: a pipe, or a file that grows. `file` is the file.
    """

    is_live = False
    times_are_first_bytes = False
    about = "a saved session"
    needs_merging = False
    taps: tuple[TapState, ...] = ()
    baud: int | None = None

    def __init__(self, path: ReadableFile) -> None:
        self.name = str(path)
        self.zone: tzinfo | None = None
        self.bytes_read = 0
        self.stream: AsyncIterator[bytes] | None = None
        self.file = path
        self._last_time: int | None = None

    def now(self) -> int | None:
        """Return the time of the latest record; None before the first time was read."""
        return self._last_time

    async def run(self, take: Take) -> None:
        """Read the file to its end. Each format implements this."""
        raise NotImplementedError

    def close(self) -> None:
        """Do nothing: the file is open only while it is read."""

    async def _read_pieces(self, size: int = READ_SIZE) -> AsyncIterator[bytes]:
        """Yield the unpacked bytes: of a file at most `size` at a time, of a stream as they come.

        Raises `CutOffError` if a packed file was cut off, after the bytes before the cut.
        """
        if self.stream is not None:
            async for data in self.stream:
                yield data
            return
        for data in read_chunks(self.file, self._count_bytes, size):
            yield data

    def _count_bytes(self, position: int) -> None:
        """Keep the number of bytes of the packed file that were read."""
        self.bytes_read = position
