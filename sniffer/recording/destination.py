"""The destination of a recording: one named file, or a folder in which each session has its own files.

Out: new files. In the folder, a file that has reached its limit is followed by another. If all recordings together need
too much room, the oldest are deleted, but never one that is being written, and never a file that is no recording of
this tool. All calls may block. They raise `RecordingError`.
"""

import gzip
import re
import stat
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from platformdirs import user_state_path

from sniffer.base.errors import RecordingError, describe_write_failure
from sniffer.base.late_pattern import compile_late
from sniffer.base.times import format_file_stamp
from sniffer.formats.pcapng.blocks import MAGIC
from sniffer.formats.pcapng.writer import GENERATOR
from sniffer.recording.append_file import AppendFile, PacketFile, is_being_written
from sniffer.recording.packed_file import PackedFile

ENDING = ".pcapng"
"""The end of the name of a recording."""

PACKED_ENDING = ".pcapng.gz"
"""The end of the name of a recording that is packed while it is written."""

FILE_SIZE = 64 << 20
"""Bytes after which a recording continues in another file."""

TOTAL_SIZE = 1 << 30
"""Bytes of all recordings in the folder together, at most."""

MOST_NAMES = 1000
"""The numbers that are tried after a name that is in use."""

_NAME_PATTERN = compile_late(r".+-\d{8}-\d{6}(-\d+)?\.pcapng")
_MAX_NAME = 60
_HEADER_SIZE = 128


class _Entry(NamedTuple):
    """A file in the folder. `modified` is the time of the last write, in seconds since 1970; `size` is in bytes."""

    path: Path
    modified: float
    size: int


class Destination(Protocol):
    """A destination of a recording. `limit` is the greatest size of one file in bytes; None for no limit."""

    limit: int | None

    def new_file(self) -> PacketFile:
        """Create the next file. Raises `RecordingError`."""
        ...


def is_packed_name(path: Path) -> bool:
    """Return True if a recording of this name is packed."""
    return path.name.lower().endswith(PACKED_ENDING)


class SingleFile:
    """The one file that the user named.

    Nothing is overwritten. If another program has put a file under this name, or has shortened the recording, that file
    stays as it is, and the recording goes on in a file beside it.
    """

    limit: int | None = None

    def __init__(self, path: Path) -> None:
        self._path = path
        self._is_begun = False

    def new_file(self) -> PacketFile:
        """Create the file, or the next one. Raises `RecordingError` if the first one exists already."""
        path = find_free_name(self._path) if self._is_begun else self._path
        file = open_packet_file(path)
        self._is_begun = True
        return file


def open_packet_file(path: Path) -> PacketFile:
    """Create a file of this name, packed if the name says so. Raises `RecordingError`."""
    return PackedFile(path) if is_packed_name(path) else AppendFile(path)


def split_name(path: Path) -> tuple[str, str]:
    """Return the name of a file without its ending, and the ending: `.pcapng.gz` is one."""
    ending = path.name[-len(PACKED_ENDING) :] if is_packed_name(path) else path.suffix
    return path.name.removesuffix(ending), ending


def find_free_name(path: Path) -> Path:
    """Return the first of `name`, `name-2`, `name-3` and so on that is not in use. An empty file is not in use.

    Raises `RecordingError` if all are in use.
    """
    stem, ending = split_name(path)
    for other in (path, *(path.with_name(f"{stem}-{number}{ending}") for number in range(2, MOST_NAMES))):
        with suppress(OSError):
            if other.stat().st_size:
                continue
        return other
    raise RecordingError(path, "too many files of this name: name another")


def default_folder() -> Path:
    """Return the folder of this user's recordings."""
    return user_state_path("evse-sniff", appauthor=False) / "recordings"


class RecordingFolder:
    """A folder of recordings, named by their port and the time of their beginning.

    `limit` and `total` are in bytes: of one file, and of all files together.
    """

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
        self._name = re.sub(r"[^A-Za-z0-9._-]+", "_", source.rsplit("/", 1)[-1]).strip("._")[:_MAX_NAME] or "tap"

    def new_file(self) -> AppendFile:
        """Create another file, after room was made for it."""
        try:
            self._path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RecordingError(self._path, describe_write_failure(error, "cannot be created")) from error
        make_room(self._path, _NAME_PATTERN, self._total - (self.limit or 0))
        stem = f"{self._name}-{format_file_stamp(self._now())}"
        for name in (stem, *(f"{stem}-{number}" for number in range(2, MOST_NAMES))):
            path = self._path / f"{name}.pcapng"
            if not path.exists():
                return AppendFile(path)
        raise RecordingError(self._path, "too many recordings within one second: try again")


def make_room(folder: Path, names: re.Pattern[str], most: int) -> None:
    """Delete the oldest recordings whose names match, until those that are left take at most `most` bytes.

    A file that is being written, or that is no recording of this tool, is left. Raises `RecordingError`.
    """
    try:
        found = sorted(_list_recordings(folder, names), key=lambda one: (one.modified, one.path.name))
    except OSError as error:
        raise RecordingError(folder, f"cannot be looked into: {error.strerror}") from error
    total = sum(one.size for one in found)
    for path, _, size in found:
        if total <= most:
            return
        try:
            if not is_being_written(path) and _is_recording(path):
                path.unlink()
                total -= size
        except FileNotFoundError:
            total -= size
        except OSError:
            # A file that cannot be opened or deleted is left to its owner.
            continue


def _list_recordings(folder: Path, names: re.Pattern[str]) -> Iterator[_Entry]:
    """Yield the files that have the name of a recording."""
    for path in folder.iterdir():
        # Another program may delete recordings at the same time.
        with suppress(FileNotFoundError):
            state = path.lstat()
            if names.fullmatch(path.name) and stat.S_ISREG(state.st_mode):
                yield _Entry(path, state.st_mtime, state.st_size)


def _is_recording(path: Path) -> bool:
    """Return True if the header of the file shows that this tool wrote it."""
    with gzip.open(path) if is_packed_name(path) else path.open("rb") as file:
        try:
            header = file.read(_HEADER_SIZE)
        except (EOFError, zlib.error):
            return False
    return header.startswith(MAGIC) and GENERATOR.encode() in header
