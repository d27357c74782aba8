"""A serial tap on a pseudo-terminal, with the kernel's files of an adapter beside it."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from sniffer.sources import adapter
from sniffer.sources.serial_tap import SerialTap
from sniffer.sources.source import Item
from sniffer.wire.frame import Back, Chunk, Gap, Lateness
from tests.live.line import Line

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
    await until(told, lambda: any(isinstance(item, Gap) for item in told))
    bench.plug(then)
    await until(told, lambda: any(isinstance(item, Back) for item in told))
    bench.line.write(b"x")
    await until(told, lambda: isinstance(told[-1], Chunk))
    running.cancel()
    await asyncio.wait([running])
    bench.unplug()
    assert [item.late for item in told if isinstance(item, Lateness)] == [late * MILLISECOND for late in said]
