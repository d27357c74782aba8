"""The bytes of each tap since the last change of its rate are searched for a framing."""

from sniffer.core.wire.framer import MAX_GARBAGE
from sniffer.core.wire.items import BaudChange, Chunk
from sniffer.tui.app import SnifferApp
from tests.tui.helpers import FakeSource, running, until


async def bytes_searched(source: FakeSource) -> bytes:
    async with running(source) as pilot:
        assert isinstance(pilot.app, SnifferApp)
        monitor = pilot.app.monitor
        await until(pilot, lambda: monitor.session_view.complete)
        return await monitor._collect_bytes()


async def test_bytes_before_a_change_of_the_rate_are_left_out() -> None:
    source = FakeSource(Chunk(b"\x01" * MAX_GARBAGE, 1), BaudChange(2, 9600, "tried"), Chunk(b"\x02\x03" * 200, 3))
    assert await bytes_searched(source) == b"\x02\x03" * 200


async def test_the_bytes_of_each_tap_stand_together() -> None:
    chunks = [Chunk(bytes([16 * tap + turn]), turn * 10**9, tap=tap) for turn in (1, 2, 3) for tap in (1, 2)]
    assert await bytes_searched(FakeSource(*chunks)) == b"\x11\x12\x13\x21\x22\x23"
