"""The reads that asyncio delivers: passed on, also after a cancellation, but not after a failure."""

import asyncio

import pytest

from sniffer.sources.serial.read_protocol import ReadProtocol


async def test_bytes_read_while_the_reading_is_stopped_are_passed_on() -> None:
    passed_on = list[bytes]()
    reader = ReadProtocol(passed_on.append)
    reader.data_received(b"before")
    reader.ended.cancel()
    reader.data_received(b"after")
    assert passed_on == [b"before", b"after"]


async def test_nothing_is_passed_on_after_a_failure() -> None:
    def fail(_: bytes) -> None:
        raise ValueError("broken")

    reader = ReadProtocol(fail)
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
    reader = ReadProtocol(lambda _: None)
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
    reader = ReadProtocol(lambda _: None)
    assert not reader.closed.is_set()
    reader.connection_lost(error)
    assert reader.closed.is_set()
    assert await reader.ended == reason
