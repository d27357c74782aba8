"""The reads of a busy port, made by a thread while the event loop sleeps.

In: the descriptor of an open port. Out: each read with its time, when the loop asks for them (`take`). To wake the loop
for a read costs three times as much as the read, and a busy port has two hundred in a second. The thread reads as soon
as bytes arrive, as the loop would, so times are not less exact. It does nothing else: whatever is unusual ends it, and
the loop, which reads the port again from then on, finds the same.
"""

import asyncio
import os
import select
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Event, Thread

from sniffer.base.times import SECOND

READ_SIZE = 4096
"""The bytes of a read at most; Linux returns no more at once."""

MOST_HELD = 4096
"""The bytes that wait until the loop is woken to take them."""

LIMIT = 1 << 16
"""The bytes from which on nothing is read until the loop has taken some: the driver holds as many once more."""


class HeldReads:
    """The reads of one port from now on. While they are held, nobody else may read it.

    `now` returns the time of a read, in nanoseconds. On the loop, `on_full` is called when `MOST_HELD` bytes wait, and
    `on_end` when the port could not be read.
    """

    def __init__(
        self, descriptor: int, now: Callable[[], int], on_full: Callable[[], None], on_end: Callable[[], None]
    ) -> None:
        self._now = now
        self._on_full = on_full
        self._on_end = on_end
        self._loop = asyncio.get_running_loop()
        self._reads: deque[tuple[bytes, int]] = deque()
        self._last = now()
        # Only the thread changes the first of these, and only the loop the second.
        self._size = self._taken = 0
        self._is_announced = False
        self._has_room = Event()
        self._is_stopped = False
        self._woken, self._wake = os.pipe()
        self._thread = Thread(target=self._run, args=(descriptor,), name="port", daemon=True)
        self._thread.start()

    @property
    def silence(self) -> float:
        """The time since the last read, in seconds; 0 while reads wait to be taken."""
        return 0.0 if self._reads else (self._now() - self._last) / SECOND

    def take(self, most: float = MOST_HELD) -> Iterator[tuple[bytes, int]]:
        """Yield the reads that wait, each with its time, up to about `most` bytes.

        If more wait, `on_full` is called at the next turn of the loop, so that keys need not wait for all of them.
        """
        self._is_announced = False
        end = self._taken + most
        while self._reads and self._taken < end:
            read = self._reads.popleft()
            self._taken += len(read[0])
            yield read
        self._has_room.set()
        if self._reads:
            self._is_announced = True
            self._loop.call_soon(self._on_full)

    def stop(self) -> None:
        """End the thread. What it has read can still be taken."""
        self._is_stopped = True
        self._has_room.set()
        os.write(self._wake, b"\0")
        self._thread.join()
        os.close(self._wake)
        os.close(self._woken)

    def _run(self, descriptor: int) -> None:
        """Read until `stop` is called, or until the port gives nothing although it seemed to."""
        # What happens for each read is kept short: the work after a sleep takes three times as long as usual.
        poll, read, now, append = select.poll(), os.read, self._now, self._reads.append
        poll.register(descriptor, select.POLLIN)
        poll.register(self._woken, select.POLLIN)
        wait = poll.poll
        while True:
            ready = wait()
            if len(ready) > 1 or ready[0][0] != descriptor:
                return
            try:
                data = read(descriptor, READ_SIZE)
            except OSError:
                data = b""
            if not data:
                self._call(self._on_end)
                return
            self._last = time = now()
            append((data, time))
            self._size += len(data)
            waiting = self._size - self._taken
            if waiting >= MOST_HELD and not self._is_announced:
                self._is_announced = True
                self._call(self._on_full)
            if waiting >= LIMIT:
                self._wait_for_room()

    def _wait_for_room(self) -> None:
        """Wait until the loop has taken reads, or until `stop` is called."""
        self._has_room.clear()
        # Either of both may have happened before that.
        if self._size - self._taken >= LIMIT and not self._is_stopped:
            self._has_room.wait()

    def _call(self, function: Callable[[], None]) -> None:
        # The loop may have been closed.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(function)
