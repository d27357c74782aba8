"""Where recordings go: to one file that was named, or to a folder in which each session has files of its own.

In: how large files have become. Out: new files. In the folder, a file that has become too large is followed by another,
and the oldest ones are deleted where all of them together need too much room: none that is being written, and nothing
that is no recording of ours. All calls may block; they raise `RecordingError`.
"""

import re
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Protocol

from platformdirs import user_state_path

from sniffer.base.errors import RecordingError
from sniffer.formats.pcapng.blocks import MAGIC
from sniffer.formats.pcapng.writer import GENERATOR
from sniffer.recording.append_file import REASONS, AppendFile, is_being_written

FILE_SIZE = 64 << 20
"""Bytes after which a recording goes on in another file."""

TOTAL_SIZE = 1 << 30
"""Bytes that all recordings in the folder have together at most."""

_NAMED = re.compile(r".+-\d{8}-\d{6}(-\d+)?\.pcapng")
_LONGEST_NAME = 60
_HEAD_SIZE = 128


class Destination(Protocol):
    """Where a recording goes. `limit` is how large one file may be, None where it does not matter."""

    limit: int | None

    def new_file(self) -> AppendFile: ...


class SingleFile:
    """The file that the user named."""

    limit: int | None = None

    def __init__(self, path: Path) -> None:
        self._path = path

    def new_file(self) -> AppendFile:
        """The file itself, which must not be there yet."""
        return AppendFile(self._path)


def default_folder() -> Path:
    """Where the recordings of this user are."""
    return user_state_path("evse-sniff", appauthor=False) / "recordings"


class RecordingFolder:
    """The recordings of this user, named by the port and the time at which they begin."""

    def __init__(
        self,
        source: str,
        path: Path | None = None,
        *,
        limit: int = FILE_SIZE,
        total: int = TOTAL_SIZE,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        self.limit: int | None = limit
        self._path = path or default_folder()
        self._total = total
        self._now = now
        self._name = re.sub(r"[^A-Za-z0-9._-]+", "_", source.rsplit("/", 1)[-1]).strip("._")[:_LONGEST_NAME] or "tap"

    def new_file(self) -> AppendFile:
        """Another file, for which room was made."""
        try:
            self._path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RecordingError(
                self._path, REASONS.get(error.errno or 0, f"cannot be made: {error.strerror}")
            ) from error
        try:
            self._make_room()
        except OSError as error:
            raise RecordingError(self._path, f"cannot be looked into: {error.strerror}") from error
        began = f"{self._name}-{self._now():%Y%m%d-%H%M%S}"
        for name in (began, *(f"{began}-{number}" for number in range(2, 1000))):
            path = self._path / f"{name}.pcapng"
            if not path.exists():
                return AppendFile(path)
        raise RecordingError(self._path, "too many recordings within one second")

    def _make_room(self) -> None:
        """Delete the oldest recordings, so that a full file more fits in."""
        found = sorted(self._recordings(), key=lambda one: (one[1], one[0].name))
        size = sum(one[2] for one in found) + (self.limit or 0)
        for path, _, bytes_in_it in found:
            if size <= self._total:
                return
            try:
                if not is_being_written(path) and _is_ours(path):
                    path.unlink()
                    size -= bytes_in_it
            except FileNotFoundError:
                size -= bytes_in_it
            except OSError:
                # What cannot be opened or deleted is somebody else's to clear up.
                continue

    def _recordings(self) -> Iterator[tuple[Path, float, int]]:
        """What looks like a recording: its path, when it was written last, and its size."""
        for path in self._path.iterdir():
            # Another program may make room as well, so that what was listed is gone.
            with suppress(FileNotFoundError):
                state = path.lstat()
                if _NAMED.fullmatch(path.name) and stat.S_ISREG(state.st_mode):
                    yield path, state.st_mtime, state.st_size


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(_HEAD_SIZE)
    return head.startswith(MAGIC) and GENERATOR.encode() in head
