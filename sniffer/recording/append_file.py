"""A capture that grows on the disk: whole packets only, whatever the disk does.

In: bytes of whole packets. Out: a file that can be read at any moment, and opens up to its last whole packet after a
crash. What could not be written whole is taken away again, so that what comes later stands in its place. All calls may
block, as disks do; they raise `RecordingError`, one line that says what to do.
"""

import errno
import os
from contextlib import suppress
from pathlib import Path

from sniffer.base.errors import RecordingError
from sniffer.base.platform import lock

REASONS = {
    errno.ENOSPC: "no room is left on the disk: make some",
    errno.EDQUOT: "your share of the disk is used up: make room",
    errno.EFBIG: "the file is as large as it may be here",
    errno.ENOENT: "there is no such folder",
    errno.ENOTDIR: "there is no such folder",
    errno.EACCES: "no permission to write there",
    errno.EPERM: "no permission to write there",
    errno.EROFS: "nothing can be written there: the disk is read-only",
    errno.EEXIST: "it is there already: name another file",
    errno.ENODEV: "this is no file: name another",
    errno.EISDIR: "this is a folder: name a file in it",
}

GONE = "the file was moved, deleted or shortened while it was written"


class AppendFile:
    """One new file; it holds a lock as long as it is written. `size` is how many bytes are in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        try:
            # To open a pipe waits for who reads it, and a device is no place for a capture.
            if path.exists() and not path.is_file():
                raise OSError(errno.EISDIR if path.is_dir() else errno.ENODEV, "")
            # A file that nothing was written to yet is as good as none: an earlier start may have had no room.
            flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
            self._file = os.open(path, flags, 0o644)
        except (OSError, ValueError) as error:
            raise _failure(path, error) from error
        try:
            _hold(self._file)
            if os.fstat(self._file).st_size:
                raise OSError(errno.EEXIST, "")
        except OSError as error:
            os.close(self._file)
            raise _failure(path, error) from error

    def write(self, data: bytes) -> None:
        """Append whole packets."""
        if not self.is_there():
            raise RecordingError(self.path, GONE)
        left = memoryview(data)
        try:
            # Half a packet is left where even taking it away failed: nothing may stand behind it.
            if os.fstat(self._file).st_size != self.size:
                self._cut()
            while left:
                left = left[os.write(self._file, left) :]
        except OSError as error:
            with suppress(OSError):
                self._cut()
            raise _failure(self.path, error) from error
        self.size += len(data)

    def _cut(self) -> None:
        """Take away what stands behind the last whole packet."""
        os.ftruncate(self._file, self.size)
        os.lseek(self._file, self.size, os.SEEK_SET)

    def close(self) -> None:
        """No more comes; a file without anything in it is not left behind."""
        is_empty = not self.size and self.is_there()
        with suppress(OSError):
            os.close(self._file)
        if is_empty:
            with suppress(OSError):
                self.path.unlink()

    def is_there(self) -> bool:
        """Whether the file still stands under its name, with all that was written to it."""
        try:
            opened = os.fstat(self._file)
            return opened.st_size >= self.size and os.path.samestat(os.stat(self.path), opened)
        except OSError:
            return False


def is_being_written(path: Path) -> bool:
    """Whether somebody writes this file right now. Raises `OSError` where that cannot be known."""
    opened = os.open(path, os.O_RDONLY)
    try:
        lock(opened)
    except BlockingIOError:
        return True
    finally:
        os.close(opened)
    return False


def _hold(file: int) -> None:
    """Lock the file; a disk that knows no locks, as some shares are, is written all the same."""
    try:
        lock(file)
    except BlockingIOError:
        raise
    except OSError:
        return


def _failure(path: Path, error: Exception) -> RecordingError:
    if isinstance(error, BlockingIOError):
        return RecordingError(path, "another program is writing it: name another file")
    if isinstance(error, OSError):
        return RecordingError(path, REASONS.get(error.errno or 0, f"cannot be written: {error.strerror}"))
    return RecordingError(path, "this cannot be the name of a file")
