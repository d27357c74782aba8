"""A pipe to another program as the destination of a recording: standard output, or a named pipe.

In: bytes of whole packets. Out: one capture, which ends with the session. What a pipe has taken cannot be taken back,
so after half a packet nothing more is written. All calls may block, as the reader does. They raise `RecordingError`.
"""

import asyncio
import errno
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

from sniffer.base.errors import OutputError, RecordingError, describe_write_failure
from sniffer.base.platform import IS_POSIX

NAME = "-"
"""The name of standard output in place of that of a file."""

READER_TIMEOUT = 10.0
"""Seconds in which the program that reads a named pipe must open it."""

_PATH = Path("standard output")
_GONE = "its reader has ended"
_CHECK_INTERVAL = 0.02


class OutputStream:
    """An open descriptor that takes a capture. `size` is how many bytes it has taken."""

    def __init__(self, descriptor: int, path: Path = _PATH) -> None:
        self.path = path
        self.size = 0
        self.is_broken = False
        """True if nothing more can be written."""
        self.has_lost_reader = False
        self._descriptor = descriptor

    def write(self, data: bytes) -> None:
        """Append whole packets. If nothing of them could be written, they can be written again."""
        if self.is_broken:
            raise RecordingError(self.path, _GONE)
        remaining = memoryview(data)
        try:
            while remaining:
                remaining = remaining[os.write(self._descriptor, remaining) :]
        except OSError as error:
            self.has_lost_reader = isinstance(error, BrokenPipeError)
            self.is_broken = self.has_lost_reader or len(remaining) < len(data)
            why = _GONE if self.has_lost_reader else describe_write_failure(error)
            raise RecordingError(self.path, why) from error
        self.size += len(data)

    def watch_reader(self, on_end: Callable[[], object]) -> None:
        """Call `on_end` on the running event loop when the reader has ended, also if nothing is written meanwhile.

        Only pipes on POSIX systems are watched. Elsewhere the next write finds it out.
        """
        if IS_POSIX and stat.S_ISFIFO(os.fstat(self._descriptor).st_mode):
            loop = asyncio.get_running_loop()
            # The writing end of a pipe is never ready for reading, so the only thing reported of it is that error.
            loop.add_reader(self._descriptor, self._lose_reader, loop, on_end)

    def _lose_reader(self, loop: asyncio.AbstractEventLoop, on_end: Callable[[], object]) -> None:
        """Mark the stream as broken, stop watching it, and call `on_end`."""
        loop.remove_reader(self._descriptor)
        self.is_broken = self.has_lost_reader = True
        on_end()

    def sync(self) -> None:
        """Do nothing: this is no disk."""

    def close(self) -> None:
        """Do nothing: the descriptor stays open until the program ends."""

    def is_intact(self) -> bool:
        """Return True: nobody else can shorten a stream."""
        return True


class StandardOutput:
    """The destination. Raises `OutputError` if standard output is a terminal, which cannot show a capture."""

    limit: int | None = None

    def __init__(self, descriptor: int) -> None:
        if os.isatty(descriptor):
            raise OutputError("a capture cannot be shown on a terminal: pipe it to `evse-sniff -`, or name a file")
        self.stream = OutputStream(descriptor)

    def new_file(self) -> OutputStream:
        """Return the stream."""
        return self.stream


class NamedPipe:
    """The destination that another program reads, by its name. It is open from the beginning."""

    limit: int | None = None

    def __init__(self, path: Path, timeout: float = READER_TIMEOUT) -> None:
        """Open the pipe. Raises `OutputError` if it is not one, or if nobody opens it for reading within `timeout`."""
        self.stream = OutputStream(_open_pipe(path, timeout), path)

    def new_file(self) -> OutputStream:
        """Return the stream."""
        return self.stream


def _open_pipe(path: Path, timeout: float) -> int:
    """Return the open descriptor of a named pipe. `timeout` is in seconds. Raises `OutputError`."""
    until = time.monotonic() + timeout
    try:
        if not IS_POSIX:
            return os.open(path, os.O_WRONLY | getattr(os, "O_BINARY", 0))
        if not stat.S_ISFIFO(path.stat().st_mode):
            raise OutputError(f"{path}: this is no named pipe: make one with mkfifo, or record into a file with `-o`")
        # A plain open would wait for ever if the reader failed before it opened its end.
        while (descriptor := _try_to_open(path)) is None:
            if time.monotonic() >= until:
                raise OutputError(f"{path}: nobody reads this pipe: start the program that reads it first")
            time.sleep(_CHECK_INTERVAL)
        os.set_blocking(descriptor, True)
    except FileNotFoundError as error:
        raise OutputError(f"{path}: no such pipe: make it with mkfifo") from error
    except OSError as error:
        raise OutputError(f"{path}: {describe_write_failure(error)}") from error
    return descriptor


def _try_to_open(path: Path) -> int | None:
    """Return the descriptor, or None if nobody has the pipe open for reading."""
    try:
        return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    except OSError as error:
        if error.errno != errno.ENXIO:
            raise
        return None
