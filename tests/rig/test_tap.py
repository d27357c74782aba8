"""The block: what is open in it is closed after it, and of several things that go wrong none hides another."""

import asyncio
import os
from pathlib import Path

import pytest

import sniffer
from sniffer.config.definition_files import load_definition
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.items import Segments
from sniffer.formats.pcapng.writer import CaptureWriter
from tests.known_frames import STATUS_REPORT
from tests.live.helpers import Line
from tests.rig.helpers import AVAILABLE, CHARGING, Script, report

SOON = 20


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Script:
    return Script(monkeypatch)


def open_on(port: str) -> int:
    """Return how often this process has the port open."""
    return sum(os.path.realpath(f"/proc/self/fd/{name}") == port for name in os.listdir("/proc/self/fd"))


async def test_a_block_without_a_wait_closes_the_port() -> None:
    with Line() as line:
        before = open_on(line.port)
        async with sniffer.tap(line.port, baud=115200):
            assert open_on(line.port) == before + 1
        assert open_on(line.port) == before


async def test_the_first_record_is_read_by_who_asks_before_any_await() -> None:
    with Line() as line:
        async with sniffer.tap(line.port, baud=115200) as session:
            messages = session.messages()
            line.write(STATUS_REPORT.raw * 2)
            assert [(await anext(messages)).frame.raw for _ in range(2)] == [STATUS_REPORT.raw] * 2


async def test_a_port_that_goes_away_is_reported_and_waited_for(tmp_path: Path) -> None:
    name = tmp_path / "adapter"
    with Line() as line:
        name.symlink_to(line.port)
        async with sniffer.tap(str(name), baud=115200) as session:
            line.write(STATUS_REPORT.raw)
            await session.until(status="Faulted", timeout=SOON)
            waiting = asyncio.create_task(session.seen(event="source_lost", timeout=SOON))
            await asyncio.sleep(0)
            line.unplug()
            await waiting
            name.unlink()
            with pytest.raises(sniffer.NotSeenError, match=r"the port went away .*waiting for it"):
                await session.until(status="Charging", timeout=0.1)
            with Line() as again:
                waiting = asyncio.create_task(session.seen(event="source_back", timeout=SOON))
                await asyncio.sleep(0)
                name.symlink_to(again.port)
                await waiting
                again.write(report(CHARGING))
                await session.until(status="Charging", timeout=SOON)


async def test_two_ports_are_one_session() -> None:
    with Line() as com, Line() as pwr:
        async with sniffer.tap(com.port, pwr.port, baud=115200) as session:
            pwr.write(report(CHARGING))
            known = await session.until(status="Charging", timeout=SOON)
            assert known.connectors[0].number == 1
            assert [tap.name for tap in session.taps] == [com.port, pwr.port]


async def test_a_second_port_that_cannot_be_opened_leaves_the_first_closed(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"no port")
    with Line() as line:
        before = open_on(line.port)
        for second in ("/dev/none", str(tmp_path / "a.bin")):
            with pytest.raises(sniffer.SourceError):
                async with sniffer.tap(line.port, second, baud=115200):
                    pytest.fail("the block was entered")
            assert open_on(line.port) == before


async def test_a_recording_that_cannot_begin_leaves_the_port_closed(tmp_path: Path) -> None:
    with Line() as line:
        before = open_on(line.port)
        with pytest.raises(sniffer.RecordingError):
            async with sniffer.tap(line.port, baud=115200, record=tmp_path):
                pytest.fail("the block was entered")
        assert open_on(line.port) == before


async def test_no_source_is_an_error() -> None:
    with pytest.raises(sniffer.SourceError, match="no source: name a port"):
        async with sniffer.tap():
            pytest.fail("the block was entered")


async def test_a_definition_is_one_file_or_several(tmp_path: Path) -> None:
    (tmp_path / "my.toml").write_text('[[line]]\npattern = "hi {mood}"\nname = "hi"\nfields = [{ name = "mood" }]\n')
    (tmp_path / "a.log").write_text("7 2026-01-15T10:00:01Z [comproc] hi 1\n")
    for definition in (tmp_path / "my.toml", [str(tmp_path / "my.toml")]):
        async with sniffer.tap(str(tmp_path / "a.log"), definition=definition) as session:
            assert (await session.seen("mood == 1", timeout=SOON)).number == 1


async def test_what_the_reading_failed_with_is_raised_after_the_block(line: Script) -> None:
    with pytest.raises(sniffer.SourceError, match=r"^broken$"):  # noqa: PT012
        async with sniffer.tap("script") as session:
            line.end(sniffer.SourceError("broken"))
            while session.snapshot.ledger.read == 0 and not line.closed:
                await asyncio.sleep(0)


@pytest.mark.parametrize("error", [sniffer.SourceError("broken"), ZeroDivisionError("a bug")])
async def test_waiting_calls_get_a_failure_at_once(line: Script, error: Exception) -> None:
    async def wait() -> None:
        async with sniffer.tap("script") as session:
            asyncio.get_running_loop().call_later(0.01, line.end, error)
            await session.until(status="Charging")

    with pytest.raises(sniffer.EndedError, match=f"cannot be seen any more: reading script failed: {error}") as failed:
        await wait()
    assert failed.value.__cause__ is error
    assert not getattr(failed.value, "__notes__", [])


async def test_later_calls_get_an_earlier_failure(line: Script) -> None:
    with pytest.raises(sniffer.SourceError, match=r"^broken$"):  # noqa: PT012
        async with sniffer.tap("script") as session:
            line.end(sniffer.SourceError("broken"))
            for _ in range(2):
                with pytest.raises(sniffer.EndedError):
                    await session.seen("noise")
                with pytest.raises(sniffer.EndedError):
                    await anext(session.messages())


async def test_the_exception_of_the_block_is_raised_with_a_note_about_the_session(line: Script) -> None:
    with pytest.raises(KeyError) as failed:  # noqa: PT012
        async with sniffer.tap("script"):
            line.end(sniffer.SourceError("broken"))
            while not line.closed:
                await asyncio.sleep(0)
            raise KeyError("mine")
    assert failed.value.__notes__ == ["the session of script had failed as well: broken"]


async def test_a_session_that_goes_well_adds_nothing_to_an_exception(line: Script) -> None:
    with pytest.raises(KeyError) as failed:
        async with sniffer.tap("script"):
            raise KeyError("mine")
    assert not getattr(failed.value, "__notes__", [])
    assert line.closed == line.runs == 1


@pytest.mark.parametrize("times", [1, 2, 3])
async def test_being_cancelled_while_it_closes_leaves_nothing_open(line: Script, times: int) -> None:
    line.closes = 0.05
    entered = asyncio.Event()

    async def hold() -> None:
        async with sniffer.tap("script"):
            entered.set()
            await asyncio.Event().wait()

    holding = asyncio.create_task(hold())
    await entered.wait()
    for _ in range(times):
        holding.cancel()
        await asyncio.sleep(0.01)
    with pytest.raises(asyncio.CancelledError):
        await holding
    assert line.closed == 2


async def test_being_cancelled_at_any_turn_leaves_nothing_open(line: Script, tmp_path: Path) -> None:
    async def hold(number: int) -> None:
        async with sniffer.tap("script", record=tmp_path / f"{number}.pcapng") as session:
            line.give(report(AVAILABLE))
            await session.until(status="Available", timeout=SOON)
            async for _ in session.messages():
                break

    for turns in range(12):
        opens, closed = line.opens, line.closed
        holding = asyncio.create_task(hold(turns))
        for _ in range(turns):
            await asyncio.sleep(0)
        holding.cancel()
        await asyncio.wait([holding])
        assert line.opens - opens == line.closed - closed
        assert len(asyncio.all_tasks()) == 1


async def test_a_session_that_was_left_raises_an_error(line: Script) -> None:
    async with sniffer.tap("script") as session:
        pass
    with pytest.raises(sniffer.EndedError, match=r"the block of sniffer\.tap was left"):
        await session.until(status="Charging")
    assert [record async for record in session] == []


async def test_a_recording_that_fails_is_reported_after_the_block(line: Script, tmp_path: Path) -> None:
    with pytest.raises(sniffer.RecordingError, match="not recorded"):  # noqa: PT012
        async with sniffer.tap("script", record=tmp_path / "a.pcapng") as session:
            recorder = session._session.recorder
            assert recorder
            recorder._files.write = _no_room  # type: ignore[method-assign, assignment]
            line.give(report(CHARGING))
            await session.until(status="Charging", timeout=SOON)
            assert session.recording
            assert session.recording.path == tmp_path / "a.pcapng"


def _no_room(*_: object) -> None:
    raise sniffer.RecordingError(Path("a.pcapng"), "no space is left on the disk")


async def test_a_capture_that_was_recorded_with_a_board_is_read_with_it_and_a_warning_says_so(tmp_path: Path) -> None:
    path = tmp_path / "meter.pcapng"
    writer = CaptureWriter("port", origins=load_definition(["modbus"]).origins)
    records = Pipeline(packaged_definition()).feed(Segments([(bytes.fromhex("0106000100551835"), 1)]))
    path.write_bytes(writer.encode_header() + b"".join(map(writer.encode_record, records)))
    with pytest.warns(UserWarning, match="was recorded with --definition modbus, which is used here") as warned:
        async with sniffer.tap(str(path)) as session:
            assert (await session.seen("name == 'write register'", timeout=SOON)).number == 1
    assert [one.filename for one in warned] == [__file__]
