"""The reads of a port, passed on to the tap with their times, and why the reading ended.

In: bytes from pyserial-asyncio, or from a thread while the reads are held (`hold`). Out: each read, passed to a
function (`receive`), and the end of the reading (`ended`). No exception is lost.
"""

import asyncio
from collections.abc import Callable
from math import inf
from typing import cast

from sniffer.sources.serial.held_reads import MOST_HELD, HeldReads


class ReadProtocol(asyncio.Protocol):
    """Passes every read on. pyserial-asyncio drops exceptions, so they are kept in `ended` for `run`.

    `receive` takes the bytes of a read and its time, which is that of `now`, in nanoseconds.
    """

    def __init__(self, receive: Callable[[bytes, int], None], now: Callable[[], int]) -> None:
        self._receive = receive
        self._now = now
        self._transport: asyncio.ReadTransport | None = None
        self._held: HeldReads | None = None
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.closed = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport, which is paused while reads are held."""
        self._transport = cast(asyncio.ReadTransport, transport)

    def data_received(self, data: bytes) -> None:
        """Pass the bytes on at once. An exception ends the tap: `run` raises it."""
        self._pass_on(data, self._now())

    def hold(self, descriptor: int, on_full: Callable[[], None]) -> bool:
        """Hold the reads of the open port from now on, until `release`. Returns True if they are held.

        `on_full` is called when many bytes wait.
        """
        if self._held is None and self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()
            self._held = HeldReads(descriptor, self._now, on_full, self.release)
        return self._held is not None

    @property
    def is_holding(self) -> bool:
        """True while reads are held."""
        return self._held is not None

    def collect(self, most: float = MOST_HELD) -> float:
        """Pass on the reads that are held, up to about `most` bytes; `on_full` is called if more wait.

        Return for how many seconds nothing was read; infinity if no reads are held.
        """
        if self._held is None:
            return inf
        for data, time in self._held.take(most):
            self._pass_on(data, time)
        return self._held.silence

    def release(self) -> None:
        """Pass on the reads that are held, and let the loop read again."""
        if self._held is not None and self._transport is not None:
            self._held.stop()
            self.collect(inf)
            self._held = None
            self._transport.resume_reading()

    def fail_with(self, task: "asyncio.Task[None]") -> None:
        """End with the error of this task, if it failed."""
        if not task.cancelled() and not self.ended.done() and (error := task.exception()):
            self.ended.set_exception(error)

    def connection_lost(self, exc: Exception | None) -> None:
        """Keep why the port closed, unless the tap has already ended."""
        self.closed.set()
        if not self.ended.done():
            self.ended.set_result(str(exc) if exc else "closed")

    def _pass_on(self, data: bytes, time: int) -> None:
        # After a cancellation, bytes are passed on until the port is closed.
        if self.ended.done() and not self.ended.cancelled():
            return
        try:
            self._receive(data, time)
        except Exception as error:
            if self.ended.done():
                raise
            self.ended.set_exception(error)
