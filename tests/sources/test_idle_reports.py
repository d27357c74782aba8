"""Silence is reported while a source waits, and what it waits for is not disturbed."""

import asyncio

import pytest

from sniffer.core.wire.items import Idle
from sniffer.sources.idle_reports import IDLE_INTERVAL, wait_reporting_idle
from sniffer.sources.source import Item


async def read_after(seconds: float) -> bytes:
    await asyncio.sleep(seconds)
    return b"read"


def at_7() -> int:
    return 7


async def wait(cancelled: asyncio.Event) -> None:
    """Wait until cancelled."""
    try:
        await asyncio.sleep(60)
    finally:
        cancelled.set()


async def test_each_interval_of_waiting_is_reported() -> None:
    items: list[Item] = []
    assert await wait_reporting_idle(read_after(0.35), items.append, at_7, 0.1) == b"read"
    assert {*items} == {Idle(7)}
    assert 1 <= len(items) <= 4


async def test_a_result_in_time_is_not_a_silence() -> None:
    items: list[Item] = []
    assert await wait_reporting_idle(read_after(0), items.append, at_7) == b"read"
    assert items == []
    assert IDLE_INTERVAL == 1


async def test_an_error_is_raised() -> None:
    async def fail() -> None:
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        await wait_reporting_idle(fail(), lambda _: None, at_7)


async def test_an_error_of_the_receiver_ends_the_waiting() -> None:
    cancelled = asyncio.Event()

    def fail(_: Item) -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await wait_reporting_idle(wait(cancelled), fail, at_7, 0.01)
    assert cancelled.is_set()


async def test_a_cancellation_reaches_what_is_waited_for() -> None:
    cancelled = asyncio.Event()

    waiting = asyncio.create_task(wait_reporting_idle(wait(cancelled), lambda _: None, at_7))
    await asyncio.sleep(0.01)
    waiting.cancel()
    await asyncio.wait([waiting])
    assert waiting.cancelled()
    assert cancelled.is_set()
