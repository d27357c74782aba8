"""A serial tap on a pseudo-terminal, with the kernel's files of an adapter beside it."""

import asyncio
import errno
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import pytest
import serial

from sniffer.base.errors import SourceError
from sniffer.core.wire.items import (
    BaudChange,
    Chunk,
    Idle,
    LatencyBound,
    LineError,
    LineErrorMark,
    TapGap,
    TapRestored,
    TapShared,
)
from sniffer.sources.serial import adapter, other_readers, tap
from sniffer.sources.serial.receive_only import ERROR_COUNTERS, ReceiveOnlyPort
from sniffer.sources.serial.tap import PIECE_SIZE, SerialTap, _ReadProtocol, split_read
from sniffer.sources.source import Item
from tests.known_frames import STATUS_REPORT
from tests.live.helpers import Line
from tests.sources.serial.readers import reader_of
from tests.tools import skip_or_fail

MILLISECOND = 1_000_000
SOON = 30

T = TypeVar("T")

HANG_UP = """
import ctypes, os, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_IGN)
os.open(sys.argv[1], os.O_RDWR)
sys.exit(ctypes.CDLL(None).vhangup())
"""
"""A session leader takes a port as its terminal, and hangs it up (vhangup(2))."""


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
        self.unplug_line()

    def unplug_line(self) -> None:
        self.line.unplug()
        self.line = Line()


class Driver:
    """The error counters of a driver, which count from when the adapter was plugged in."""

    def __init__(self, patch: pytest.MonkeyPatch, **counts: int) -> None:
        self.counts = dict.fromkeys(ERROR_COUNTERS, 0) | counts
        patch.setattr(ReceiveOnlyPort, "read_error_counts", lambda _: dict(self.counts))
        patch.setattr(tap, "TICK", 0.001)


@asynccontextmanager
async def running(opened: SerialTap) -> AsyncIterator[list[Item]]:
    """Run the tap meanwhile; give the list into which its items go."""
    items = list[Item]()
    task = asyncio.create_task(opened.run(items.append))
    await asyncio.sleep(0)
    try:
        yield items
    finally:
        task.cancel()
        await asyncio.wait([task])


def of_kind(kind: type[T], items: list[Item]) -> list[T]:
    return [item for item in items if isinstance(item, kind)]


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
    async with running(SerialTap(str(bench.name), 115200)) as items:
        bench.unplug()
        await until(items, lambda: bool(of_kind(TapGap, items)))
        bench.plug(then)
        await until(items, lambda: bool(of_kind(TapRestored, items)))
        bench.line.write(b"x")
        await until(items, lambda: isinstance(items[-1], Chunk))
    bench.unplug()
    assert [(item.late, item.tap) for item in of_kind(LatencyBound, items)] == [
        (late * MILLISECOND, 0) for late in reported
    ]


async def test_a_return_is_reported_with_the_name_of_the_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(tmp_path, monkeypatch)
    bench.plug(None)
    async with running(SerialTap(str(bench.name), 115200)) as items:
        bench.unplug()
        await until(items, lambda: bool(of_kind(TapGap, items)))
        # Another link stands for the name that the adapter has in another socket.
        moved = tmp_path / "moved"
        moved.symlink_to(bench.line.port)
        with monkeypatch.context() as patch:
            patch.setattr(tap, "find_again", lambda _name, _before: str(moved))
            await until(items, lambda: bool(of_kind(TapRestored, items)))
        bench.unplug_line()
        await until(items, lambda: len(of_kind(TapGap, items)) == 2)
        bench.plug(None)
        await until(items, lambda: len(of_kind(TapRestored, items)) == 2)
    bench.unplug()
    assert [item.how for item in of_kind(TapRestored, items)] == [f"as {moved}", "the same port"]


async def test_a_return_is_reported_with_what_the_adapter_is_known_by(monkeypatch: pytest.MonkeyPatch) -> None:
    known = adapter.Adapter("", "cp210x", "10c4:ea60", "0001", "1-2:1.0")
    monkeypatch.setattr(tap, "find_adapter", lambda _port: known)
    monkeypatch.setattr(tap, "PSEUDO_TERMINALS", "none")
    line = Line()
    opened = SerialTap(line.port, 115200)
    async with running(opened) as items:
        with Line() as other:
            monkeypatch.setattr(tap, "find_again", lambda _name, _before: None)
            line.unplug()
            await until(items, lambda: bool(of_kind(TapGap, items)))
            assert opened.taps[0].lost.endswith(": waiting for it, known by USB socket 1-2")
            monkeypatch.setattr(tap, "POLLS_PER_SEARCH", 1)
            monkeypatch.setattr(tap, "find_again", lambda _name, _before: other.port)
            await until(items, lambda: bool(of_kind(TapRestored, items)))
    assert of_kind(TapRestored, items)[0].how == f"as {other.port}, known by USB socket 1-2"


def hang_up(port: str) -> None:
    """Hang a line up as another program does, for all its readers. Only root may."""
    if os.geteuid():
        skip_or_fail("only root may hang a line up")
    subprocess.run([sys.executable, "-c", HANG_UP, port], start_new_session=True, check=True)


async def test_a_line_that_another_program_hung_up_is_read_on() -> None:
    with Line() as line:
        opened = SerialTap(line.port, 115200)
        async with running(opened) as items:
            await asyncio.to_thread(hang_up, line.port)
            await until(items, lambda: bool(of_kind(TapRestored, items)))
            line.write(STATUS_REPORT.raw)
            await until(items, lambda: bool(of_kind(Chunk, items)))
            assert opened.taps[0].lost == ""
        assert of_kind(TapGap, items)[0].reason == "the line was hung up by another program"
        assert of_kind(TapRestored, items)[0].how == "the same port"
        assert of_kind(Chunk, items)[0].data == STATUS_REPORT.raw
        assert len(of_kind(TapGap, items)) == 1


async def test_a_line_that_was_hung_up_and_taken_by_another_program_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, monkeypatch)
    bench.plug(None)
    opened = SerialTap(str(bench.name), 115200)
    async with running(opened) as items:
        with monkeypatch.context() as patch:
            patch.setattr(other_readers.OtherReaders, "refuse", refuse)
            await asyncio.to_thread(hang_up, bench.line.port)
            await until(items, lambda: bool(of_kind(TapGap, items)))
            await until(items, lambda: opened.taps[0].lost == "a getty has it")
        await until(items, lambda: bool(of_kind(TapRestored, items)))
    bench.unplug()
    assert of_kind(TapGap, items)[0].reason == "the line was hung up by another program"


def refuse(_readers: object) -> None:
    raise SourceError("a getty has it")


async def test_a_port_whose_file_is_there_but_cannot_be_opened_went_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def open_nothing(*_: object, **__: object) -> ReceiveOnlyPort:
        raise OSError(errno.ENODEV, "No such device")

    with Line() as line:
        opened = SerialTap(line.port, 115200)
        monkeypatch.setattr(tap, "open_port", open_nothing)
        # This is the moment between the end of the adapter and the end of its file.
        monkeypatch.setattr(ReceiveOnlyPort, "read", end_of_device)
        running = asyncio.create_task(opened.run(lambda _: None))
        line.write(b"x")
        with pytest.raises(SourceError, match=r"the port went away \(the device is gone\)"):
            await running


def end_of_device(_port: ReceiveOnlyPort, _size: int = 1) -> bytes:
    raise serial.SerialException("the device is gone")


async def test_a_second_reader_of_a_port_is_reported_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(other_readers, "PSEUDO_TERMINALS", "none")
    monkeypatch.setattr(tap, "TICK", 0.001)
    with Line() as line:
        opened = SerialTap(line.port, 115200)
        async with running(opened) as items:
            # A descriptor that is inherited stands for a program of root, which may open a port that is in use.
            with reader_of(line.descriptor) as name:
                await until(items, lambda: bool(of_kind(TapShared, items)))
                await asyncio.sleep(0.1)
                assert [item.holder for item in of_kind(TapShared, items)] == [name]
                assert opened.taps[0].shared_with == name
            await until(items, lambda: opened.taps[0].shared_with == "")
        assert of_kind(TapGap, items) == []


async def test_a_shared_port_is_read_at_its_own_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(other_readers, "PSEUDO_TERMINALS", "none")
    with Line() as line, reader_of(line.port) as name:
        with pytest.raises(SourceError, match="another program has the port open"):
            SerialTap(line.port, 9600)
        before = line.settings
        opened = SerialTap(line.port, None, share=True)
        assert line.settings == before
        assert opened.baud == 38400
        async with running(opened) as items:
            line.write(b"\xffx")
            await until(items, lambda: bool(of_kind(Chunk, items)))
        assert of_kind(Chunk, items)[0].data == b"\xffx"
        assert [item.holder for item in of_kind(TapShared, items)] == [name]
        assert line.settings == before


async def test_errors_are_counted_from_when_the_port_was_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    driver = Driver(monkeypatch, frame=7, overrun=20)
    with Line() as line:
        opened = SerialTap(line.port, 115200)
        async with running(opened) as items:
            driver.counts |= {"frame": 10, "brk": 1}
            await until(items, lambda: dict(opened.taps[0].errors).get("frame") == 3)
            assert dict(opened.taps[0].errors) == dict.fromkeys(ERROR_COUNTERS, 0) | {"frame": 3, "brk": 1}
            # An error in a byte is marked at this byte: no byte was lost.
            assert of_kind(TapGap, items) == []


async def test_bytes_that_the_driver_lost_are_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    driver = Driver(monkeypatch, overrun=20)
    with Line() as line:
        async with running(SerialTap(line.port, 115200)) as items:
            driver.counts |= {"overrun": 21, "buf_overrun": 2}
            await until(items, lambda: len(of_kind(TapGap, items)) == 1)
            driver.counts |= {"overrun": 22}
            await until(items, lambda: len(of_kind(TapGap, items)) == 2)
    assert [item.reason for item in of_kind(TapGap, items)] == [
        "the driver lost bytes, 3 times: the machine did not read in time",
        "the driver lost bytes, 1 times: the machine did not read in time",
    ]


async def test_a_rate_that_is_found_is_reported_once() -> None:
    with Line() as line:
        opened = SerialTap(line.port, None)
        assert opened.baud is None
        async with running(opened) as items:
            line.write(STATUS_REPORT.raw * 4)
            await until(items, lambda: bool(of_kind(BaudChange, items)))
            line.write(STATUS_REPORT.raw * 4)
            await until(
                items, lambda: sum(len(chunk.data) for chunk in of_kind(Chunk, items)) == 8 * len(STATUS_REPORT.raw)
            )
    assert [item.baud for item in of_kind(BaudChange, items)] == [115200] == [opened.baud]


async def test_a_rate_that_is_only_tried_is_not_reported() -> None:
    with Line() as line:
        opened = SerialTap(line.port, None)
        first = line.settings
        async with running(opened) as items:
            async with asyncio.timeout(SOON):
                while line.settings == first:
                    line.write(os.urandom(64))
                    await asyncio.sleep(0.06)
        assert of_kind(BaudChange, items) == []
        assert opened.baud is None


async def test_silence_is_reported_and_a_read_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(tmp_path, monkeypatch)
    bench.plug(None)
    monkeypatch.setattr("sniffer.sources.serial.tap.TICK", 0.01)
    tap, items = SerialTap(str(bench.name), 115200), list[Item]()
    running = asyncio.create_task(tap.run(items.append))
    await until(items, lambda: len(items) == 2)
    bench.line.write(b"x")
    await until(items, lambda: isinstance(items[-1], Chunk))
    running.cancel()
    await asyncio.wait([running])
    bench.unplug()
    *silent, chunk = items
    assert isinstance(chunk, Chunk)
    times = [item.time for item in silent if isinstance(item, Idle)]
    assert len(times) == len(silent) >= 2
    assert [*times, chunk.time] == sorted([*times, chunk.time or 0])


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
