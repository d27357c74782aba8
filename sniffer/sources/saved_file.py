"""The base class of all sources that read a saved session from a file."""

from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path

from sniffer.base.compression import READ_SIZE, read_chunks
from sniffer.base.errors import CutOffError, SourceError
from sniffer.core.wire.items import TapState
from sniffer.sources.source import Take


class SavedSource:
    """A saved session. `bytes_read` is how much of the file was read so far, counted in its packed form.

    A saved session brings the times of its records, so no line rate is needed to date them.
    """

    is_live = False
    times_are_first_bytes = False
    needs_merging = False
    taps: tuple[TapState, ...] = ()
    baud: int | None = None

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self.zone: tzinfo | None = None
        self.bytes_read = 0
        self._path = path
        self._last_time: int | None = None

    def now(self) -> int | None:
        """Return the time of the latest record; None before the first time was read."""
        return self._last_time

    async def run(self, take: Take) -> None:
        """Read the file to its end. Each format implements this."""
        raise NotImplementedError

    def close(self) -> None:
        """Do nothing: the file is open only while it is read."""

    def _read_pieces(self, size: int = READ_SIZE) -> Iterator[bytes]:
        """Yield the unpacked bytes of the file, at most `size` at a time."""
        return read_chunks(self._path, self._count_bytes, size)

    def _read_all_pieces(self) -> Iterator[bytes]:
        """Yield the unpacked bytes of the file. Raises `SourceError` if a packed file is cut off, as nothing follows
        then.
        """
        try:
            yield from self._read_pieces()
        except CutOffError as error:
            raise SourceError(str(error)) from error

    def _count_bytes(self, position: int) -> None:
        """Keep how much of the packed file was read."""
        self.bytes_read = position
