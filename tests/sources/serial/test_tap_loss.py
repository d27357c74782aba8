"""A serial tap that loses its port and has it again: unplugged, moved to another socket, or hung up."""

import asyncio
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
import serial

from sniffer.base.errors import SourceError
from sniffer.base.times import MILLISECOND
from sniffer.core.wire.items import Chunk, LatencyBound, TapGap, TapRestored
from sniffer.sources.serial import adapter, other_readers, tap
from sniffer.sources.serial.receive_only import ReceiveOnlyPort
from sniffer.sources.serial.tap import SerialTap
from tests.known_frames import STATUS_REPORT
from tests.live.helpers import Line
from tests.sources.serial.helpers import Bench, of_kind, running
from tests.tools import skip_or_fail
from tests.waiting import until

HANG_UP = """
import ctypes, os, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_IGN)
os.open(sys.argv[1], os.O_RDWR)
sys.exit(ctypes.CDLL(None).vhangup())
"""
"""A session leader takes a port as its terminal, and hangs it up (vhangup(2))."""


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
        await until(lambda: bool(of_kind(TapGap, items)))
        bench.plug(then)
        await until(lambda: bool(of_kind(TapRestored, items)))
        bench.line.write(b"x")
        await until(lambda: isinstance(items[-1], Chunk))
    bench.unplug()
    assert [(item.late, item.tap) for item in of_kind(LatencyBound, items)] == [
        (late * MILLISECOND, 0) for late in reported
    ]


async def test_a_port_that_is_lost_while_its_reads_are_held_is_reported_after_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, monkeypatch)
    bench.plug(None)
    opened = SerialTap(str(bench.name), 115200)
    async with running(opened) as items:
        bench.line.write(b"before")
        await until(lambda: bool(of_kind(Chunk, items)))
        assert opened.hold(lambda: None)
        bench.line.write(b"held")
        await asyncio.sleep(0.1)
        bench.unplug()
        await until(lambda: bool(of_kind(TapGap, items)))
        assert b"".join(chunk.data for chunk in of_kind(Chunk, items)) == b"beforeheld"
        bench.plug(None)
        await until(lambda: bool(of_kind(TapRestored, items)))
        bench.line.write(b"after")
        await until(lambda: of_kind(Chunk, items)[-1].data == b"after")
    bench.unplug()


async def test_a_return_is_reported_with_the_name_of_the_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(tmp_path, monkeypatch)
    bench.plug(None)
    async with running(SerialTap(str(bench.name), 115200)) as items:
        bench.unplug()
        await until(lambda: bool(of_kind(TapGap, items)))
        # Another link stands for the name that the adapter has in another socket.
        moved = tmp_path / "moved"
        moved.symlink_to(bench.line.port)
        with monkeypatch.context() as patch:
            patch.setattr(tap, "find_again", lambda _name, _before: str(moved))
            await until(lambda: bool(of_kind(TapRestored, items)))
        bench.unplug_line()
        await until(lambda: len(of_kind(TapGap, items)) == 2)
        bench.plug(None)
        await until(lambda: len(of_kind(TapRestored, items)) == 2)
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
            await until(lambda: bool(of_kind(TapGap, items)))
            assert opened.taps[0].lost.endswith(": waiting for it, known by USB socket 1-2")
            monkeypatch.setattr(tap, "POLLS_PER_SEARCH", 1)
            monkeypatch.setattr(tap, "find_again", lambda _name, _before: other.port)
            await until(lambda: bool(of_kind(TapRestored, items)))
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
            await until(lambda: bool(of_kind(TapRestored, items)))
            line.write(STATUS_REPORT.raw)
            await until(lambda: bool(of_kind(Chunk, items)))
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
            await until(lambda: bool(of_kind(TapGap, items)))
            await until(lambda: opened.taps[0].lost == "a getty has it")
        await until(lambda: bool(of_kind(TapRestored, items)))
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
