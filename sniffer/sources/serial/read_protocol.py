"""The reads of a port as asyncio delivers them, passed on to the tap.

In: bytes from pyserial-asyncio. Out: each read, passed to a function at once, and why the reading ended (`ended`). No
exception is lost.
"""

import asyncio
from collections.abc import Callable


class ReadProtocol(asyncio.Protocol):
    """Passes every read on at once. pyserial-asyncio drops exceptions, so they are kept in `ended` for `run`."""

    def __init__(self, receive: Callable[[bytes], None]) -> None:
        self._receive = receive
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.closed = asyncio.Event()

    def data_received(self, data: bytes) -> None:
        """Pass the bytes on. An exception ends the tap: `run` raises it."""
        # After a cancellation, bytes are passed on until the port is closed.
        if self.ended.done() and not self.ended.cancelled():
            return
        try:
            self._receive(data)
        except Exception as error:
            if self.ended.done():
                raise
            self.ended.set_exception(error)

    def fail_with(self, task: "asyncio.Task[None]") -> None:
        """End with the error of this task, if it failed."""
        if not task.cancelled() and not self.ended.done() and (error := task.exception()):
            self.ended.set_exception(error)

    def connection_lost(self, exc: Exception | None) -> None:
        """Keep why the port closed, unless the tap has already ended."""
        self.closed.set()
        if not self.ended.done():
            self.ended.set_result(str(exc) if exc else "closed")
