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
    """One port by a name of its own, which adapters are plugged into one after the other."""

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


async def until(told: list[Item], holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON):
        while not holds():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("first", "then", "said"),
    [(16, 16, [16]), (16, 1, [16, 1]), (None, 16, [16]), (16, None, [16]), (None, None, [])],
)
async def test_how_late_an_adapter_may_be_is_told_when_it_is_news(
    first: int | None, then: int | None, said: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, monkeypatch)
    bench.plug(first)
    tap, told = SerialTap(str(bench.name), 115200), list[Item]()
    running = asyncio.create_task(tap.run(told.append))
    await asyncio.sleep(0)
    bench.unplug()
    await until(told, lambda: any(isinstance(item, TapGap) for item in told))
    bench.plug(then)
    await until(told, lambda: any(isinstance(item, TapRestored) for item in told))
    bench.line.write(b"x")
    await until(told, lambda: isinstance(told[-1], Chunk))
    running.cancel()
    await asyncio.wait([running])
    bench.unplug()
    assert [item.late for item in told if isinstance(item, LatencyBound)] == [late * MILLISECOND for late in said]


def test_a_long_read_comes_in_pieces_dated_by_the_rate() -> None:
    data, byte_time = bytes(range(256)) * 10, 86_806
    marks = (
        LineErrorMark(3, LineError.FRAMING),
        LineErrorMark(PIECE_SIZE, LineError.BREAK),
        LineErrorMark(len(data) - 1, LineError.PARITY),
    )
    told = list(split_read(data, 10**12, marks, 115200))
    assert b"".join(chunk.data for chunk in told) == data
    assert max(len(chunk.data) for chunk in told) == PIECE_SIZE
    assert told[-1].time == 10**12
    assert told[0].time == pytest.approx(10**12 - (len(data) - PIECE_SIZE) * byte_time, abs=1e6)
    assert [chunk.marks for chunk in told] == [
        (LineErrorMark(3, LineError.FRAMING),),
        (LineErrorMark(0, LineError.BREAK),),
        (LineErrorMark(len(data) - 1 - 2 * PIECE_SIZE, LineError.PARITY),),
    ]


def test_where_no_rate_is_known_all_pieces_came_now() -> None:
    assert {chunk.time for chunk in split_read(bytes(5000), 7, (), None)} == {7}


async def test_what_is_read_while_the_reading_is_stopped_is_told() -> None:
    told = list[bytes]()
    reader = _ReadProtocol(told.append)
    reader.data_received(b"before")
    reader.ended.cancel()
    reader.data_received(b"after")
    assert told == [b"before", b"after"]


async def test_nothing_is_told_after_what_failed() -> None:
    def fail(_: bytes) -> None:
        raise ValueError("broken")

    reader = _ReadProtocol(fail)
    reader.data_received(b"first")
    reader.data_received(b"second")
    with pytest.raises(ValueError, match="broken"):
        await reader.ended
