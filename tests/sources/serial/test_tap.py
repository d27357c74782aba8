"""A serial tap on a pseudo-terminal, with the kernel's files of an adapter beside it."""

import asyncio
import os
from pathlib import Path

import pytest

from sniffer.base.errors import SourceError
from sniffer.base.times import SECOND
from sniffer.core.line.baud_finder import BaudFinder
from sniffer.core.wire.items import BaudChange, Chunk, Idle, TapGap, TapShared
from sniffer.sources.serial import other_readers, tap
from sniffer.sources.serial.other_readers import OtherReaders
from sniffer.sources.serial.receive_only import ERROR_COUNTERS, ReceiveOnlyPort
from sniffer.sources.serial.tap import SerialTap
from sniffer.sources.source import Item
from tests.known_frames import STATUS_REPORT
from tests.live.helpers import Line
from tests.sources.serial.helpers import SOON, Bench, Driver, of_kind, running
from tests.sources.serial.readers import reader_of
from tests.waiting import until


async def test_a_second_reader_of_a_port_is_reported_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(other_readers, "PSEUDO_TERMINALS", "none")
    monkeypatch.setattr(tap, "TICK", 0.001)
    with Line() as line:
        opened = SerialTap(line.port, 115200)
        async with running(opened) as items:
            # A descriptor that is inherited stands for a program of root, which may open a port that is in use.
            with reader_of(line.descriptor) as name:
                await until(lambda: bool(of_kind(TapShared, items)))
                await asyncio.sleep(0.1)
                assert [item.holder for item in of_kind(TapShared, items)] == [name]
                assert opened.taps[0].shared_with == name
            await until(lambda: opened.taps[0].shared_with == "")
        assert of_kind(TapGap, items) == []


@pytest.mark.parametrize(("pseudo_terminals", "looks_again"), [("none", True), (os.sep, False)])
async def test_readers_are_looked_for_now_and_then_where_their_names_are_not_all_that_is_wanted(
    pseudo_terminals: str, looks_again: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(other_readers, "PSEUDO_TERMINALS", pseudo_terminals)
    monkeypatch.setattr(tap, "TICK", 0.001)
    looks: list[str] = []
    ticks: list[float] = []
    sleep = asyncio.sleep

    def find_none(readers: OtherReaders) -> str:
        looks.append(readers.names)
        return ""

    async def count_ticks(seconds: float) -> None:
        ticks.append(seconds)
        await sleep(0)

    monkeypatch.setattr(OtherReaders, "find_new", find_none)
    with Line() as line:
        opened = SerialTap(line.port, 115200)
        monkeypatch.setattr(asyncio, "sleep", count_ticks)
        async with running(opened) as items:
            async with asyncio.timeout(SOON):
                while sum(ticks) < 3 * tap.TICKS_PER_LOOK * tap.TICK:
                    await sleep(0.001)
        assert of_kind(TapShared, items) == []
    assert (len(looks) > 1) is looks_again
    assert len(looks) <= 1 + sum(ticks) / tap.TICKS_PER_LOOK / tap.TICK


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
            await until(lambda: bool(of_kind(Chunk, items)))
        assert of_kind(Chunk, items)[0].data == b"\xffx"
        assert [item.holder for item in of_kind(TapShared, items)] == [name]
        assert line.settings == before


def test_an_adapter_is_asked_for_low_latency_when_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []
    monkeypatch.setattr(ReceiveOnlyPort, "request_low_latency", lambda port: asked.append(port.port))
    with Line() as line:
        SerialTap(line.port, 115200).close()
        assert asked == [line.port]


async def test_errors_are_counted_from_when_the_port_was_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    driver = Driver(monkeypatch, frame=7, overrun=20)
    with Line() as line:
        opened = SerialTap(line.port, 115200)
        async with running(opened) as items:
            driver.counts |= {"frame": 10, "brk": 1}
            await until(lambda: dict(opened.taps[0].errors).get("frame") == 3)
            assert dict(opened.taps[0].errors) == dict.fromkeys(ERROR_COUNTERS, 0) | {"frame": 3, "brk": 1}
            # An error in a byte is marked at this byte: no byte was lost.
            assert of_kind(TapGap, items) == []


async def test_bytes_that_the_driver_lost_are_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    driver = Driver(monkeypatch, overrun=20)
    with Line() as line:
        async with running(SerialTap(line.port, 115200)) as items:
            driver.counts |= {"overrun": 21, "buf_overrun": 2}
            await until(lambda: len(of_kind(TapGap, items)) == 1)
            driver.counts |= {"overrun": 22}
            await until(lambda: len(of_kind(TapGap, items)) == 2)
    assert [item.reason for item in of_kind(TapGap, items)] == [
        "the driver lost bytes 3 times: the machine did not read in time",
        "the driver lost bytes once: the machine did not read in time",
    ]


async def test_a_rate_that_is_found_is_reported_once() -> None:
    with Line() as line:
        opened = SerialTap(line.port, None)
        assert opened.baud is None
        async with running(opened) as items:
            line.write(STATUS_REPORT.raw * 4)
            await until(lambda: bool(of_kind(BaudChange, items)))
            line.write(STATUS_REPORT.raw * 4)
            await until(lambda: sum(len(chunk.data) for chunk in of_kind(Chunk, items)) == 8 * len(STATUS_REPORT.raw))
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
    await until(lambda: len(items) == 2)
    bench.line.write(b"x")
    await until(lambda: isinstance(items[-1], Chunk))
    running.cancel()
    await asyncio.wait([running])
    bench.unplug()
    *silent, chunk = items
    assert isinstance(chunk, Chunk)
    times = [item.time for item in silent if isinstance(item, Idle)]
    assert len(times) == len(silent) >= 2
    assert [*times, chunk.time] == sorted([*times, chunk.time or 0])


async def test_reads_that_are_held_are_passed_on_with_their_times_when_they_are_collected() -> None:
    with Line() as line:
        opened = SerialTap(line.port, 115200)
        assert not opened.hold(lambda: None)
        async with running(opened) as items:
            line.write(b"before")
            await until(lambda: bool(items))
            assert opened.hold(lambda: None)
            began = opened.now()
            line.write(b"held")
            await asyncio.sleep(0.2)
            assert [chunk.data for chunk in of_kind(Chunk, items)] == [b"before"]
            assert opened.collect() >= 0.1
            *_, chunk = of_kind(Chunk, items)
            assert chunk.data == b"held"
            assert began < (chunk.time or 0) < opened.now() - 0.1 * SECOND
            line.write(b"rest")
            await asyncio.sleep(0.1)
            opened.release()
            line.write(b"after")
            await until(lambda: of_kind(Chunk, items)[-1].data.endswith(b"after"))
        assert b"".join(chunk.data for chunk in of_kind(Chunk, items)) == b"beforeheldrestafter"


async def test_reads_are_not_held_while_the_rate_is_searched() -> None:
    with Line() as line:
        opened = SerialTap(line.port, None)
        async with running(opened) as items:
            line.write(b"x")
            await until(lambda: bool(of_kind(Chunk, items)))
            assert not opened.hold(lambda: None)
            line.write(STATUS_REPORT.raw * 4)
            await until(lambda: bool(of_kind(BaudChange, items)))
            assert opened.hold(lambda: None)


async def test_reads_that_are_held_at_the_end_are_passed_on() -> None:
    with Line() as line:
        opened = SerialTap(line.port, 115200)
        async with running(opened) as items:
            line.write(b"before")
            await until(lambda: bool(items))
            opened.hold(lambda: None)
            line.write(b"held")
            await asyncio.sleep(0.1)
    assert b"".join(chunk.data for chunk in of_kind(Chunk, items)) == b"beforeheld"


async def test_held_reads_are_no_silence_to_the_rate_finder(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = list[str]()

    def note(name: str) -> bool:
        seen.append(name)
        return False

    monkeypatch.setattr(BaudFinder, "tick", lambda *_: note("tick"))
    monkeypatch.setattr(tap, "TICKS_PER_COUNT", 3)
    with Line() as line:
        opened = SerialTap(line.port, None)
        async with running(opened) as items:
            line.write(STATUS_REPORT.raw * 4)
            await until(lambda: bool(of_kind(BaudChange, items)))
            opened.hold(lambda: None)
            await until(lambda: bool(seen))
            seen.clear()
            with monkeypatch.context() as patch:
                patch.setattr(BaudFinder, "read", lambda *_: note("read"))
                line.write(b"held")
                await until(lambda: "tick" in seen)
    assert seen[0] == "read"


async def test_held_reads_come_before_what_time_brings(monkeypatch: pytest.MonkeyPatch) -> None:
    driver = Driver(monkeypatch, overrun=20)
    monkeypatch.setattr(tap, "TICK", 0.02)
    with Line() as line:
        opened = SerialTap(line.port, 115200)
        async with running(opened) as items:
            line.write(b"before")
            await until(lambda: bool(of_kind(Chunk, items)))
            opened.hold(lambda: None)
            line.write(b"held")
            driver.counts |= {"overrun": 21}
            await until(lambda: bool(of_kind(TapGap, items)))
    shown = [item for item in items if not isinstance(item, Idle)]
    assert [type(item) for item in shown] == [Chunk, Chunk, TapGap]


@pytest.mark.parametrize(
    ("baud", "driver_settings", "shown"),
    [
        (115200, "115200 8N1", "115200 8N1"),
        (115200, "115384 8N1", "115384 8N1 (115200 was asked for)"),
        (115200, "", ""),
        (None, "115384 8N1", "115384 8N1"),
    ],
)
def test_a_rate_that_the_adapter_cannot_produce_is_shown_beside_that_which_was_requested(
    baud: int | None, driver_settings: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ReceiveOnlyPort, "describe_settings", lambda _: driver_settings)
    with Line() as line:
        opened = SerialTap(line.port, baud, share=baud is None)
        assert opened.taps[0].settings == shown
        opened.close()


def test_a_tap_that_is_closed_leaves_the_port_to_the_next() -> None:
    with Line() as line:
        first = SerialTap(line.port, 115200)
        with pytest.raises(SourceError):
            SerialTap(line.port, 115200)
        first.close()
        SerialTap(line.port, 115200).close()
