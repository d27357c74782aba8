"""The reads that asyncio delivers: passed on, also after a cancellation, but not after a failure.

Reads can be held only while a port is open: `test_tap` does that.
"""

import asyncio
import math

import pytest

from sniffer.sources.serial.read_protocol import ReadProtocol


def now() -> int:
    return 7


def drop(_data: bytes, _time: int) -> None:
    """Do nothing."""


async def test_bytes_read_while_the_reading_is_stopped_are_passed_on() -> None:
    passed_on = list[tuple[bytes, int]]()
    reader = ReadProtocol(lambda data, time: passed_on.append((data, time)), now)
    reader.data_received(b"before")
    reader.ended.cancel()
    reader.data_received(b"after")
    assert passed_on == [(b"before", 7), (b"after", 7)]


async def test_nothing_is_passed_on_after_a_failure() -> None:
    def fail(_data: bytes, _time: int) -> None:
        raise ValueError("broken")

    reader = ReadProtocol(fail, now)
    reader.data_received(b"first")
    reader.data_received(b"second")
    with pytest.raises(ValueError, match="broken"):
        await reader.ended


async def test_the_failure_of_a_task_ends_the_reading_unless_it_has_ended() -> None:
    async def fail() -> None:
        raise ValueError("of the task")

    async def succeed() -> None:
        """Do nothing."""

    failed, ended, cancelled = (asyncio.create_task(work()) for work in (fail, succeed, fail))
    cancelled.cancel()
    await asyncio.wait([failed, ended, cancelled])
    reader = ReadProtocol(drop, now)
    for task in (ended, cancelled):
        reader.fail_with(task)
        assert not reader.ended.done()
    reader.fail_with(failed)
    with pytest.raises(ValueError, match="of the task"):
        await reader.ended
    # The first reason stays.
    reader.fail_with(failed)
    reader.connection_lost(OSError("later"))
    assert str(reader.ended.exception()) == "of the task"


@pytest.mark.parametrize(("error", "reason"), [(OSError("went away"), "went away"), (None, "closed")])
async def test_the_reason_of_a_port_that_closes_is_kept(error: Exception | None, reason: str) -> None:
    reader = ReadProtocol(drop, now)
    assert not reader.closed.is_set()
    reader.connection_lost(error)
    assert reader.closed.is_set()
    assert await reader.ended == reason


async def test_nothing_is_held_of_a_port_that_is_not_open() -> None:
    reader = ReadProtocol(drop, now)
    assert not reader.hold(-1, lambda: None)
    assert reader.collect() == math.inf
    reader.release()
