"""What iterates over a live session: each reader sees all that comes from when it was made, at its own pace.

The line is read whether a reader keeps up or not. What it has not taken yet waits for it, up to `MAX_WAITING`; after
those it gets an error that says from where on it missed something. Nothing is left out silently.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Generic, TypeVar

from sniffer.base.errors import OverrunError, SnifferError
from sniffer.core.record import Record

Value = TypeVar("Value")

MAX_WAITING = 1 << 16
"""Records that wait for one reader at most: some minutes of a line that is never silent."""


class Reader(AsyncIterator[Value], Generic[Value]):
    """An asynchronous iterator of what `pick` finds in each record.

    It ends with its source, and raises what `SourceError` or `OverrunError` ended it; after that it has ended.
    """

    def __init__(self, pick: Callable[[Record], Iterable[Value]], most: int) -> None:
        self._pick = pick
        self._most = most
        self._waiting: deque[Value] = deque()
        self._came = asyncio.Event()
        self._error: SnifferError | None = None
        self._ended = False

    def take(self, record: Record) -> None:
        """Take the next record of the session."""
        if self._ended:
            return
        self._waiting.extend(self._pick(record))
        if len(self._waiting) > self._most:
            self.end(
                OverrunError(
                    f"what came after record #{record.number} was not read in time, and is not kept: more than "
                    f"{self._most:,} waited for this reader"
                )
            )
        if self._waiting:
            self._came.set()

    def end(self, error: SnifferError | None) -> None:
        """Nothing comes any more: because of this error, or None where the source has come to its end."""
        if not self._ended:
            self._ended, self._error = True, error
            self._came.set()

    def __aiter__(self) -> "Reader[Value]":
        return self

    async def __anext__(self) -> Value:
        while not self._waiting:
            if self._ended:
                error, self._error = self._error, None
                raise error or StopAsyncIteration
            self._came.clear()
            await self._came.wait()
        return self._waiting.popleft()
