"""The reads that asyncio delivers: passed on, also after a cancellation, but not after a failure."""

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
