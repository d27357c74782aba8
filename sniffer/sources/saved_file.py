"""What all sources that read a saved session from a file have in common."""

from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path

from sniffer.base.compression import READ_SIZE, pieces
from sniffer.base.errors import CutOffError, SourceError
from sniffer.core.wire.items import TapState
from sniffer.sources.source import Take


class SavedSource:
    """A saved session. `place` is how many bytes of the file, packed as it is, were read so far.

    A saved session has the times of what it holds, so no line rate is needed to date it.
    """

    is_live = False
    times_are_first_bytes = False
    needs_merging = False
    taps: tuple[TapState, ...] = ()
    baud: int | None = None

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self.zone: tzinfo | None = None
        self.place = 0
        self._path = path
        self._last: int | None = None

    def now(self) -> int | None:
        """The time of what was read last."""
        return self._last

    async def run(self, take: Take) -> None:
        """Read until the source ends."""
        raise NotImplementedError

    def _pieces(self, size: int = READ_SIZE) -> Iterator[bytes]:
        """The file's bytes, unpacked, at most so many at a time."""
        return pieces(self._path, self._reached, size)

    def _all_pieces(self) -> Iterator[bytes]:
        """The same. Raises `SourceError`, and no `CutOffError`, where they end before their time."""
        try:
            yield from self._pieces()
        except CutOffError as error:
            raise SourceError(str(error)) from error

    def _reached(self, place: int) -> None:
        self.place = place
