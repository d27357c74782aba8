"""A saved session that another program still writes, followed over the rotation of its file.

Each file of the name is read with the format that its beginning shows; a line or packet that is not yet complete is
waited for. When the file was replaced, a note on the next record says so. When it was emptied, lines may be missing:
that is a gap.
"""

from contextlib import aclosing
from datetime import tzinfo
from pathlib import Path
from time import monotonic_ns, time_ns

from sniffer.base.compression import detect_compression
from sniffer.base.errors import CutOffError, SkippedError, SourceError
from sniffer.core.wire.items import Note, TapGap, TapRestored, TapState
from sniffer.sources.detect import SessionFormat, detect_format
from sniffer.sources.file_options import DEFAULT, FileOptions
from sniffer.sources.saved_file import SavedSource
from sniffer.sources.source import Take
from sniffer.sources.stored.growing_file import Ending, GrowingFile
from sniffer.sources.stored.session_file import create_source, read_head
from sniffer.sources.stored.session_stream import SessionStream


class FollowedFile:
    """A file that grows. It ends only when it is cancelled.

    Raises `SourceError` if the file cannot be followed. `baud` and `zone` are those of the session, as soon as they are
    known.
    """

    is_live = True
    times_are_first_bytes = True
    about = "a file that grows"
    needs_merging = False
    taps: tuple[TapState, ...] = ()

    def __init__(self, path: Path, options: FileOptions = DEFAULT) -> None:
        if detect_compression(path):
            raise SourceError(f"{path}: a packed file cannot be followed: unpack it first")
        if head := read_head(path):
            _check(path, detect_format(path, head))
        self.name = str(path)
        self._options = options
        self._zone: tzinfo | None = None
        self._path = path
        self._session: SavedSource | None = None
        self._is_capture = False
        self._latest: int | None = None
        self._latest_at = 0

    @property
    def baud(self) -> int | None:
        """The rate of a capture in bits per second; None if it is not known."""
        return self._session.baud if self._session else None

    @property
    def zone(self) -> tzinfo | None:
        """The time zone of the session; None for the local zone."""
        self._zone = (self._session.zone if self._session else None) or self._zone
        return self._zone

    def now(self) -> int | None:
        """Return the wall time for a capture, and for a log the time of its last line and what has passed since.

        The clock that a log was written by may be another. Returns None before the first record that has a time.
        """
        latest = self._session.now() if self._session else None
        if latest != self._latest:
            self._latest, self._latest_at = latest, monotonic_ns()
        if latest is None:
            return None
        return time_ns() if self._is_capture else latest + monotonic_ns() - self._latest_at

    def close(self) -> None:
        """Do nothing: the file is open only while it is read."""

    async def run(self, take: Take) -> None:
        """Read until cancelled.

        Raises `SourceError` if the file is damaged, or replaced by one that is no saved session.
        """

        def report_absence(is_absent: bool) -> None:
            if is_absent:
                take(TapGap(self.now(), f"{self.name} was deleted; a new file of this name is waited for"))
            else:
                take(TapRestored(self.now(), f"there is a new file {self.name}"))

        while True:
            file = GrowingFile(self.name, report_absence)
            rest = await self._read(file, take)
            if file.ending is Ending.EMPTIED:
                reason = (
                    f"{self.name} was replaced: emptied and written again; what came just before may be missing{rest}"
                )
                take(TapGap(self.now(), reason))
                take(TapRestored(self.now(), "the file goes on"))
            else:
                take(Note(f"{self.name} was replaced: a new file begins here{rest}"))

    async def _read(self, file: GrowingFile, take: Take) -> str:
        """Read one file until it is replaced. Return the note on how it ended; empty if it was complete."""
        async with aclosing(file.pieces()) as pieces:
            stream = SessionStream(self.name, pieces)
            try:
                found = await stream.detect(None)
                if found is None:
                    return ""
                _check(self._path, found)
                session = create_source(self._path, found, self._options)
                session.stream = stream.pieces()
                self._session, self._is_capture = session, found is SessionFormat.CAPTURE
                await session.run(take)
            except SkippedError:
                return ""
            except CutOffError:
                return "; the last record of the old one was not complete"
            finally:
                stream.close()
        return ""


def _check(path: Path, found: SessionFormat) -> None:
    """Raise `SourceError` if a file of this format cannot be followed."""
    if found is SessionFormat.RAW:
        raise SourceError(
            f"{path}: raw bytes have no times and cannot be followed: `tail -c +1 -f {path} | evse-sniff dump -` dates "
            "them when they come"
        )
