"""The sink of a live session: it passes each record to all readers, and to the callers that wait for one.

In: records, for each read of the line. Out: records in the queues of the readers, and results for the waiting callers.
It only appends and wakes, as it must not delay the reading.
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
    """The broadcast of one session. `last` is the latest record with bytes or a log line; None before the first."""

    def __init__(self) -> None:
        self.last: Record | None = None
        # A reader that is no longer referenced needs no call to be removed.
        self._readers: WeakSet[Reader[Any]] = WeakSet()
        self._waiters: dict[asyncio.Future[Any], Callable[[Record], object]] = {}
        self._tracker = StateTracker()
        self._last_time: int | None = None
        self._end_error: Callable[[], SnifferError | None] | None = None

    @property
    def is_closed(self) -> bool:
        """True if no more records come."""
        return self._end_error is not None

    def receive(self, records: Sequence[Record]) -> None:
        """Take the next records of the session."""
        readers = list(self._readers)
        for record in records:
            self._tracker.follow(record)
            for waiter, find_result in self._waiters.items():
                if not waiter.done() and (result := find_result(record)):
                    waiter.set_result(result)
            for reader in readers:
                reader.take(record)
            self._last_time = self._last_time if record.time is None else record.time
            self.last = record if record.item else self.last

    def close(self, error: Callable[[], SnifferError | None]) -> None:
        """End all readers and waiting callers. `error` makes the error of a reader; None if the source just ended."""
        self._end_error = error
        for reader in list(self._readers):
            reader.end(error())
        for waiter in self._waiters:
            waiter.cancel()

    def add(self, reader: Reader[Any]) -> None:
        """Add a reader. It gets all records from now on, as long as it is referenced."""
        if self._end_error:
            reader.end(self._end_error())
        else:
            self._readers.add(reader)

    async def wait_until(
        self, state: AwaitedState, snapshot: Callable[[], Snapshot], timeout: float | None
    ) -> Snapshot | None:
        """Return the charger when this state first holds; None if it does not within `timeout` seconds.

        If the state holds now, the charger is returned at once.
        """
        holds = self._tracker.holds
        if holds(state):
            return snapshot()
        return await self._wait(lambda record: snapshot() if record.events and holds(state) else None, timeout)

    async def wait_for_record(self, record_filter: Filter, timeout: float | None) -> Record | None:
        """Return the next record that matches the filter; None if none comes within `timeout` seconds."""
        return await self._wait(
            lambda record: record if record_filter.matches(record, self._last_time) else None, timeout
        )

    async def _wait(self, find_result: Callable[[Record], Result | None], timeout: float | None) -> Result | None:
        """Wait until `find_result` returns a result for a record, and return that.

        Returns None after `timeout` seconds, or when the source has ended. `timeout` None waits without limit.
        """
        if self._end_error:
            return None
        waiter: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiters[waiter] = find_result
        try:
            # A result that comes in the same turn as the timeout counts.
            await asyncio.wait([waiter], timeout=timeout)
            return waiter.result() if waiter.done() and not waiter.cancelled() else None
        finally:
            del self._waiters[waiter]
