"""The simulated charger as a port that other programs open: real descriptors, real time, short plays."""

import asyncio
import contextlib
import os
import select
from collections.abc import AsyncIterator, Iterator
from itertools import islice

import pytest

from sniffer.base.errors import SourceError
from sniffer.core.wire.items import Chunk
from sniffer.simulator import pseudo_terminal
from sniffer.simulator.pseudo_terminal import simulate
from sniffer.simulator.traffic import generate_reads
from tests.simulator.helpers import joined, tapped

pytestmark = pytest.mark.skipif(not hasattr(os, "openpty"), reason="no pseudo-terminals here")

BAUD = 921600
HURRY = 50
"""The factor by which these sessions are faster than real ones."""


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Return the same bytes in the same pieces, closer together."""

    def faster(scenario: str, *, baud: int, start_time: int, seed: int | None) -> Iterator[Chunk]:
        chunks = generate_reads(scenario, baud=baud, seed=seed)
        return (Chunk(chunk.data, start_time + (chunk.time or 0) // HURRY) for chunk in chunks)

    monkeypatch.setattr(pseudo_terminal, "generate_reads", faster)


@contextlib.asynccontextmanager
async def playing(scenario: str) -> AsyncIterator[str]:
    """Yield the path of a port on which this scenario is played."""
    path: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    play = asyncio.create_task(simulate(scenario, baud=BAUD, seed=1, announce=path.set_result))
    try:
        yield await path
        assert not play.done()
    finally:
        play.cancel()
        await asyncio.wait([play])


class Reader:
    """A program that has the port open."""

    def __init__(self, path: str) -> None:
        self.descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)

    async def read(self, wanted: int) -> bytes:
        """At least so many bytes, as they come."""
        data = b""
        while len(data) < wanted:
            with contextlib.suppress(BlockingIOError):
                data += os.read(self.descriptor, 4096)
            await asyncio.sleep(0.001)
        return data

    async def arrival(self) -> None:
        """Something is there to be read: the system hands it over a moment after it was written."""
        while not select.select([self.descriptor], [], [], 0)[0]:
            await asyncio.sleep(0.001)

    def close(self) -> None:
        os.close(self.descriptor)


@contextlib.asynccontextmanager
async def opened_port() -> AsyncIterator[tuple[pseudo_terminal._Port, Reader]]:
    """Yield a port and the first reader that opened it."""
    port = pseudo_terminal._Port()
    reader = Reader(port.path)
    await port.wait_until_opened()
    try:
        yield port, reader
    finally:
        reader.close()
        port.close()


def open_descriptors() -> set[str]:
    return set(os.listdir("/dev/fd"))


@pytest.mark.parametrize("name", ["charging", "undervoltage", "pending"])
async def test_a_reader_from_the_start_gets_every_frame_whole(name: str) -> None:
    async with playing(name) as path:
        reader = Reader(path)
        data = await reader.read(1500)
        reader.close()

    assert joined(islice(generate_reads(name, baud=BAUD, seed=1), len(data))).startswith(data)
    seen = tapped([Chunk(data)])
    assert seen.messages[0].name == "phase voltages"
    assert len(seen.noise) <= 1, "only a last frame that is still under way can be cut"


async def test_the_play_waits_for_its_first_reader() -> None:
    async with playing("restarts") as path:
        await asyncio.sleep(0.3)
        reader = Reader(path)
        seen = tapped([Chunk(await reader.read(100))])
        reader.close()
        assert seen.messages[0].name == "phase voltages"


async def test_every_byte_value_passes_as_it_is() -> None:
    every = bytes(range(256)) * 2
    async with opened_port() as (port, reader):
        port.write(every, 0)
        assert await reader.read(len(every)) == every


async def test_nothing_is_echoed() -> None:
    async with opened_port() as (port, reader):
        port.write(b"\xaa\r\n\x03\x04\x11\x13", 0)
        await reader.read(7)
        with pytest.raises(BlockingIOError):
            os.read(port._master, 1)


async def test_readers_come_and_go() -> None:
    async with playing("charging") as path:
        for _ in range(3):
            reader = Reader(path)
            seen = tapped([Chunk(await reader.read(200))])
            reader.close()
            assert seen.messages


async def test_what_nobody_reads_is_forgotten() -> None:
    async with opened_port() as (port, reader):
        port.write(b"old", 0)
        await reader.arrival()
        port.write(b"new", pseudo_terminal.DISCARD_AFTER + 1)
        assert await reader.read(3) == b"new"


async def test_what_is_read_late_but_in_time_is_kept() -> None:
    async with opened_port() as (port, reader):
        port.write(b"old", 0)
        await reader.arrival()
        port.write(b"new", pseudo_terminal.DISCARD_AFTER)
        assert await reader.read(6) == b"oldnew"


async def test_a_full_port_loses_bytes_and_does_not_block() -> None:
    async with opened_port() as (port, reader):
        for _ in range(1000):
            port.write(bytes(1024), 0)
        assert len(await reader.read(1024)) < 1000 * 1024


async def test_an_unread_port_plays_on() -> None:
    async with playing("charging") as path:
        Reader(path).close()
        await asyncio.sleep(0.5)


@pytest.mark.skipif(not os.path.isdir("/dev/fd"), reason="descriptors cannot be listed here")
async def test_cancelling_closes_every_descriptor() -> None:
    before = open_descriptors()
    async with playing("noisy") as path:
        reader = Reader(path)
        await reader.read(1)
        reader.close()
        assert len(open_descriptors()) == len(before) + 2
    assert open_descriptors() == before


@pytest.mark.skipif(not os.path.isdir("/dev/fd"), reason="descriptors cannot be listed here")
async def test_a_failing_announcement_closes_every_descriptor() -> None:
    def announce(path: str) -> None:
        raise BrokenPipeError

    before = open_descriptors()
    with pytest.raises(BrokenPipeError):
        await simulate("charging", baud=BAUD, announce=announce)
    assert open_descriptors() == before


async def test_a_system_without_pseudo_terminals_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pseudo_terminal, "IS_POSIX", False)
    with pytest.raises(SourceError, match="no pseudo-terminals: use the SOURCE `demo`"):
        await simulate("charging", baud=BAUD, announce=print)


async def test_no_pseudo_terminal_left_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left() -> tuple[int, int]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "openpty", none_left)
    with pytest.raises(SourceError, match="No space left on device"):
        await simulate("charging", baud=BAUD, announce=print)


async def test_an_unknown_scenario_is_refused_before_a_port_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "openpty")
    with pytest.raises(SourceError, match="no scenario"):
        await simulate("storm", baud=BAUD, announce=print)
