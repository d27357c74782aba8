"""A serial tap on a pseudo-terminal, with the kernel's files of an adapter beside it."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from sniffer.core.wire.items import Chunk, LatencyBound, LineError, LineErrorMark, TapGap, TapRestored
from sniffer.sources.serial import adapter
from sniffer.sources.serial.tap import PIECE_SIZE, SerialTap, _ReadProtocol, split_read
from sniffer.sources.source import Item
from tests.live.helpers import Line

MILLISECOND = 1_000_000
SOON = 30


class Bench:
    """One port with a name of its own, into which adapters are plugged one after the other."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._terminals = folder / "tty"
        self.name = folder / "adapter"
        self.line = Line()
        patch.setattr(adapter, "TERMINALS", self._terminals)

    def plug(self, latency: int | None) -> None:
        own = self._terminals / Path(self.line.port).name / "device"
        own.mkdir(parents=True, exist_ok=True)
        timer = own / "latency_timer"
        timer.unlink(missing_ok=True)
        if latency is not None:
            timer.write_text(f"{latency}\n")
        self.name.symlink_to(self.line.port)

    def unplug(self) -> None:
        self.name.unlink()
        self.line.unplug()
        self.line = Line()


async def until(items: list[Item], holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON):
        while not holds():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("first", "then", "reported"),
    [(16, 16, [16]), (16, 1, [16, 1]), (None, 16, [16]), (16, None, [16]), (None, None, [])],
)
async def test_a_new_latency_of_an_adapter_is_reported(
    first: int | None, then: int | None, reported: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, monkeypatch)
    bench.plug(first)
    tap, items = SerialTap(str(bench.name), 115200), list[Item]()
    running = asyncio.create_task(tap.run(items.append))
    await asyncio.sleep(0)
    bench.unplug()
    await until(items, lambda: any(isinstance(item, TapGap) for item in items))
    bench.plug(then)
    await until(items, lambda: any(isinstance(item, TapRestored) for item in items))
    bench.line.write(b"x")
    await until(items, lambda: isinstance(items[-1], Chunk))
    running.cancel()
    await asyncio.wait([running])
    bench.unplug()
    assert [item.late for item in items if isinstance(item, LatencyBound)] == [late * MILLISECOND for late in reported]


def test_a_long_read_comes_in_pieces_dated_by_the_rate() -> None:
    data, byte_time = bytes(range(256)) * 10, 86_806
    marks = (
        LineErrorMark(3, LineError.FRAMING),
        LineErrorMark(PIECE_SIZE, LineError.BREAK),
        LineErrorMark(len(data) - 1, LineError.PARITY),
    )
    chunks = list(split_read(data, 10**12, marks, 115200))
    assert b"".join(chunk.data for chunk in chunks) == data
    assert max(len(chunk.data) for chunk in chunks) == PIECE_SIZE
    assert chunks[-1].time == 10**12
    assert chunks[0].time == pytest.approx(10**12 - (len(data) - PIECE_SIZE) * byte_time, abs=1e6)
    assert [chunk.marks for chunk in chunks] == [
        (LineErrorMark(3, LineError.FRAMING),),
        (LineErrorMark(0, LineError.BREAK),),
        (LineErrorMark(len(data) - 1 - 2 * PIECE_SIZE, LineError.PARITY),),
    ]


def test_where_no_rate_is_known_all_pieces_came_now() -> None:
    assert {chunk.time for chunk in split_read(bytes(5000), 7, (), None)} == {7}


async def test_bytes_read_while_the_reading_is_stopped_are_passed_on() -> None:
    passed_on = list[bytes]()
    reader = _ReadProtocol(passed_on.append)
    reader.data_received(b"before")
    reader.ended.cancel()
    reader.data_received(b"after")
    assert passed_on == [b"before", b"after"]


async def test_nothing_is_passed_on_after_a_failure() -> None:
    def fail(_: bytes) -> None:
        raise ValueError("broken")

    reader = _ReadProtocol(fail)
    reader.data_received(b"first")
    reader.data_received(b"second")
    with pytest.raises(ValueError, match="broken"):
        await reader.ended
