"""Reports of silence by live sources: an `Idle` item about once a second while nothing arrives.

In: an awaitable of the source. Out: its result, and `Idle` items until then. By these the core notices what is overdue
while nothing is received.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from sniffer.core.wire.items import Idle
from sniffer.sources.source import Take

IDLE_INTERVAL = 1.0
"""Seconds of silence before the first report, and between two."""

Result = TypeVar("Result")


async def wait_reporting_idle(
    waiting: Coroutine[Any, Any, Result], take: Take, now: Callable[[], int], interval: float = IDLE_INTERVAL
) -> Result:
    """Wait for a result and return it; hand over an `Idle` each `interval` seconds that it takes."""
    task = asyncio.create_task(waiting)
    try:
        while not (await asyncio.wait([task], timeout=interval))[0]:
            take(Idle(now()))
        return task.result()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait([task])
