"""The output of `dump`: lines of records, written at once or through a bounded queue.

A file or a pipe as source waits for the reader of the output. A live line does not wait: there, a thread writes what
stands in a queue. While the queue is full, records are left out and counted, and reading and recording go on. Once half
of it is free again, one line says which records were left out.
"""

import os
import select
import threading
from collections import deque
from collections.abc import Callable
from typing import NamedTuple, Protocol, TextIO

from sniffer.base.errors import translate_output_errors

QUEUE_SIZE = 4_000_000
"""The most bytes in the queue: some ten thousand records."""

PATIENCE = 1.0
"""Seconds for which the end of a session waits for a reader that takes nothing."""


class Overrun(NamedTuple):
    """Records that were left out, from the number of the first to that of the last, and how many were to be written."""

    first: int
    last: int
    records: int


class LineOutput(Protocol):
    """The output of lines."""

    def write(self, text: str, first: int = 0, last: int = 0, records: int = 0) -> None:
        """Write the lines of `records` records, numbered from `first` to `last`.

        Raises `BrokenPipeError` if the reader has closed the pipe, and `OutputError` if there is no room.
        """
        ...

    def close(self) -> int:
        """Write what waits; return the number of records that could not be written."""
        ...


class DirectOutput:
    """An output that writes at once, and waits for its reader."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, text: str, first: int = 0, last: int = 0, records: int = 0) -> None:
        """Write the lines now. The numbers of the records are not used."""
        with translate_output_errors():
            self._out.write(text)
            self._out.flush()

    def close(self) -> int:
        """Return 0: nothing waits."""
        return 0


class QueuedOutput:
    """An output that never waits for its reader. `write_all` is called in a thread, and may block.

    `format_overrun` returns the line that says which records were left out.
    """

    def __init__(
        self, write_all: Callable[[bytes], None], format_overrun: Callable[[Overrun], str], size: int = QUEUE_SIZE
    ) -> None:
        self._write_all = write_all
        self._format_overrun = format_overrun
        self._limit = size
        self._queue: deque[tuple[bytes, int]] = deque()
        self._size = 0
        self._is_closing = False
        self._failure: BaseException | None = None
        self._overrun: Overrun | None = None
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._write_queue, name="output", daemon=True)
        self._thread.start()

    def write(self, text: str, first: int = 0, last: int = 0, records: int = 0) -> None:
        """Queue the lines, or leave them out while the queue is full. Raises the error that writing had meanwhile."""
        data = text.encode("utf-8", "backslashreplace")
        with self._changed:
            self._raise_failure()
            room = self._limit // 2 if self._overrun else self._limit
            # A text that is longer than the queue is written if nothing waits.
            if self._size and self._size + len(data) > room:
                before = self._overrun
                self._overrun = Overrun(
                    before.first if before else first, last, records + (before.records if before else 0)
                )
                return
            self._put_overrun()
            self._put(data, records)

    def close(self) -> int:
        """Wait for the reader as long as it takes something; return the number of records that it has not taken."""
        with self._changed:
            self._is_closing = True
            self._put_overrun()
            self._changed.notify_all()
        waiting = -1
        while self._thread.is_alive() and waiting != (waiting := self._waiting):
            self._thread.join(PATIENCE)
        with self._changed:
            self._raise_failure()
            return sum(records for _, records in self._queue)

    @property
    def _waiting(self) -> int:
        """The number of bytes in the queue."""
        with self._changed:
            return self._size

    def _put_overrun(self) -> None:
        """Queue the line about the records that were left out, if there are any."""
        if self._overrun:
            text = f"{self._format_overrun(self._overrun)}\n"
            self._overrun = None
            self._put(text.encode("utf-8", "backslashreplace"), 0)

    def _put(self, data: bytes, records: int) -> None:
        self._queue.append((data, records))
        self._size += len(data)
        self._changed.notify_all()

    def _raise_failure(self) -> None:
        if self._failure:
            with translate_output_errors():
                raise self._failure

    def _write_queue(self) -> None:
        """Write what is queued until the output is closed or fails."""
        while True:
            with self._changed:
                while not self._queue and not self._is_closing:
                    self._changed.wait()
                if not self._queue:
                    return
                data, _ = self._queue[0]
            try:
                self._write_all(data)
            except OSError as error:
                with self._changed:
                    self._failure = error
                    return
            with self._changed:
                self._queue.popleft()
                self._size -= len(data)


def write_to_descriptor(descriptor: int, data: bytes) -> None:
    """Write all bytes to a file descriptor. Raises `OSError` if that fails.

    It does not use Python's standard output: a thread that is blocked in its buffer would block the end of the program.
    """
    view = memoryview(data)
    while view:
        try:
            view = view[os.write(descriptor, view) :]
        except BlockingIOError:
            select.select([], [descriptor], [])
