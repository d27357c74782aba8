"""A file that only whole packets are appended to, whatever the disk does.

In: bytes of whole packets. Out: a file that can be read at any time, and that opens up to its last whole packet after
a crash. A packet that could not be written whole is removed again, so that the next one takes its place. All calls may
block, as disks do. They raise `RecordingError` with one line that says what to do.
"""

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from sniffer.base.atomic_file import PRIVATE
from sniffer.base.errors import RecordingError, describe_write_failure, is_full
from sniffer.base.platform import lock_file, sync_file

GONE = "the file was moved, deleted or shortened while it was written"
LOST = "the disk lost what it took: is it still plugged in?"


class PacketFile(Protocol):
    """Whatever takes the packets of a capture."""

    path: Path
    size: int

    def write(self, data: bytes) -> None:
        """Append whole packets. Raises `RecordingError`."""
        ...

    def sync(self) -> None:
        """Wait until the disk has all bytes. Raises `RecordingError` if it lost some; then the file is not intact."""
        ...

    def close(self) -> None:
        """Close it."""
        ...

    def is_intact(self) -> bool:
        """Return True if all bytes that were written are still there."""
        ...


class AppendFile:
    """One new file for its owner only, which is locked while it is open. `size` is its size in bytes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self._is_lost = False
        try:
            # Opening a pipe would wait for its reader, and a device cannot hold a capture.
            if path.exists() and not path.is_file():
                raise OSError(errno.EISDIR if path.is_dir() else errno.ENODEV, "")
            # An empty file counts as new: an earlier start may have created it on a full disk.
            flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
            self._file = os.open(path, flags, PRIVATE)
        except (OSError, ValueError) as error:
            raise _make_error(path, error) from error
        try:
            _lock(self._file)
            if os.fstat(self._file).st_size:
                raise OSError(errno.EEXIST, "")
        except OSError as error:
            os.close(self._file)
            raise _make_error(path, error) from error

    def write(self, data: bytes) -> None:
        """Append whole packets. Raises `RecordingError`; the file is as before the call then, if the disk allows it."""
        if not self.is_intact():
            raise RecordingError(self.path, GONE)
        remaining = memoryview(data)
        try:
            # If the removal of half a packet failed before, it is tried again: nothing may follow half a packet.
            if os.fstat(self._file).st_size != self.size:
                self._remove_partial()
            while remaining:
                remaining = remaining[os.write(self._file, remaining) :]
        except OSError as error:
            with suppress(OSError):
                self._remove_partial()
            raise _make_error(self.path, error) from error
        self.size += len(data)

    def _remove_partial(self) -> None:
        """Truncate the file after its last whole packet."""
        os.ftruncate(self._file, self.size)
        os.lseek(self._file, self.size, os.SEEK_SET)

    def sync(self) -> None:
        """Wait until the disk has all bytes. Raises `RecordingError` if it lost some; then the file is not intact.

        The system takes bytes for a disk that was pulled out, and reports that only here.
        """
        try:
            sync_file(self._file)
        except OSError as error:
            self._is_lost = True
            raise RecordingError(self.path, f"{LOST} ({error.strerror})") from error

    def close(self) -> None:
        """Close the file; an empty one is deleted."""
        is_empty = not self.size and self.is_intact()
        with suppress(OSError):
            os.close(self._file)
        if is_empty:
            with suppress(OSError):
                self.path.unlink()

    def is_intact(self) -> bool:
        """Return True if the file still has its name and all bytes that were written to it."""
        if self._is_lost:
            return False
        try:
            opened = os.fstat(self._file)
            return opened.st_size >= self.size and os.path.samestat(os.stat(self.path), opened)
        except OSError:
            return False


def is_being_written(path: Path) -> bool:
    """Return True if a program is writing this file now. Raises `OSError` if it cannot be opened or locked."""
    opened = os.open(path, os.O_RDONLY)
    try:
        lock_file(opened)
    except BlockingIOError:
        return True
    finally:
        os.close(opened)
    return False


def _lock(file: int) -> None:
    """Lock the file. On a disk without locks, such as some network shares, the file is written without one.

    Raises `BlockingIOError` if another program has locked it.
    """
    try:
        lock_file(file)
    except BlockingIOError:
        raise
    except OSError:
        return


def _make_error(path: Path, error: Exception) -> RecordingError:
    """Return the error that says why a file cannot be written."""
    if isinstance(error, BlockingIOError):
        return RecordingError(path, "another program is writing it: name another file")
    if isinstance(error, OSError):
        return RecordingError(path, describe_write_failure(error), is_full=is_full(error))
    return RecordingError(path, "this cannot be the name of a file")
