"""The readers of a live session: each gets all records from its creation on, at its own pace.

The line is read whether a reader keeps up or not. Up to `MAX_WAITING` records wait for it; when there are more, it gets
those and then an error with the number of the last record before the loss. Nothing is left out silently.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Generic, TypeVar

from sniffer.base.errors import OverrunError, SnifferError
from sniffer.core.record import Record

Value = TypeVar("Value")

MAX_WAITING = 1 << 16
"""Records that may wait for one reader: some minutes of a line that is never silent."""


class Reader(AsyncIterator[Value], Generic[Value]):
    """An asynchronous iterator over the values that `pick` returns for each record.

    It ends with its source. If a `SourceError` or an `OverrunError` ended it, that is raised once, after the values.
    """

    def __init__(self, pick: Callable[[Record], Iterable[Value]], limit: int) -> None:
        self._pick = pick
        self._limit = limit
        self._waiting: deque[Value] = deque()
        self._has_news = asyncio.Event()
        self._error: SnifferError | None = None
        self._ended = False

    def take(self, record: Record) -> None:
        """Take the next record of the session."""
        if self._ended:
            return
        self._waiting.extend(self._pick(record))
        if len(self._waiting) > self._limit:
            self.end(
                OverrunError(
                    f"what came after record #{record.number} was not read in time, and is not kept: more than "
                    f"{self._limit:,} waited for this reader"
                )
            )
        if self._waiting:
            self._has_news.set()

    def end(self, error: SnifferError | None) -> None:
        """End the reader with this error; None if the source just ended."""
        if not self._ended:
            self._ended, self._error = True, error
            self._has_news.set()

    def __aiter__(self) -> "Reader[Value]":
        return self

    async def __anext__(self) -> Value:
        while not self._waiting:
            if self._ended:
                error, self._error = self._error, None
                raise error or StopAsyncIteration
            self._has_news.clear()
            await self._has_news.wait()
        return self._waiting.popleft()
