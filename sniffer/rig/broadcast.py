"""The sink of a live session: hands each record to all who read, and to those who wait for it.

It is called by the pump for each read and must not hold it up: to hand on is to append, and to wake whoever waits.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from weakref import WeakSet

from sniffer.base.errors import SnifferError
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.record import Record
from sniffer.filter.predicates import Filter
from sniffer.rig.state_tracker import AwaitedState, StateTracker
from sniffer.rig.subscription import Reader

Result = TypeVar("Result")


class Broadcast:
    """The records of one session. `last` is the latest one that shows bytes or a line; None before any came."""

    def __init__(self) -> None:
        self.last: Record | None = None
        # Who no longer uses a reader need not say so.
        self._readers: WeakSet[Reader[Any]] = WeakSet()
        self._waits: dict[asyncio.Future[Any], Callable[[Record], object]] = {}
        self._holding = StateTracker()
        self._before: int | None = None
        self._closed: Callable[[], SnifferError | None] | None = None

    @property
    def is_closed(self) -> bool:
        """Whether nothing comes any more."""
        return self._closed is not None

    def receive(self, records: Sequence[Record]) -> None:
        """Take what the session gives."""
        readers = list(self._readers)
        for record in records:
            self._holding.follow(record)
            for found, fits in self._waits.items():
                if not found.done() and (fitting := fits(record)):
                    found.set_result(fitting)
            for reader in readers:
                reader.take(record)
            self._before = self._before if record.time is None else record.time
            self.last = record if record.item else self.last

    def close(self, error: Callable[[], SnifferError | None]) -> None:
        """Nothing comes any more. `error` makes what readers are told, None where the source has come to its end."""
        self._closed = error
        for reader in list(self._readers):
            reader.end(error())
        for found in self._waits:
            found.cancel()

    def add(self, reader: Reader[Any]) -> None:
        """Give a reader all that comes from now on, for as long as somebody has it."""
        if self._closed:
            reader.end(self._closed())
        else:
            self._readers.add(reader)

    async def until(
        self, state: AwaitedState, snapshot: Callable[[], Snapshot], timeout: float | None
    ) -> Snapshot | None:
        """The charger when this state held first, or as it is if it holds now; None where neither is in time."""
        holds = self._holding.holds
        if holds(state):
            return snapshot()
        return await self._wait(lambda record: snapshot() if record.events and holds(state) else None, timeout)

    async def next(self, query: Filter, timeout: float | None) -> Record | None:
        """The next record that is as wanted; None where none comes in time."""
        return await self._wait(lambda record: record if query.matches(record, self._before) else None, timeout)

    async def _wait(self, fits: Callable[[Record], Result | None], timeout: float | None) -> Result | None:
        if self._closed:
            return None
        found: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waits[found] = fits
        try:
            # What came at the very moment at which the time is over has come.
            await asyncio.wait([found], timeout=timeout)
            return found.result() if found.done() and not found.cancelled() else None
        finally:
            del self._waits[found]
