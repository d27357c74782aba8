"""The session for test rigs: what a test can wait for, and the error when it does not happen."""

import asyncio
import json
import subprocess
from pathlib import Path

import pytest

import sniffer
from sniffer.base.errors import QueryError, SourceError
from sniffer.core.charger.events import FaultRaised
from sniffer.core.protocol.loader import packaged_definition
from sniffer.formats.jsonl import writer
from sniffer.rig import live_session
from tests.known_frames import STATUS_REPORT
from tests.live.helpers import Line
from tests.paths import CAPTURES
from tests.tools import EVSE_SNIFF

FRAME = STATUS_REPORT.raw


async def test_a_status_is_waited_for() -> None:
    with Line() as line:
        async with sniffer.tap(line.port, baud=115200) as session:
            asyncio.get_running_loop().call_later(0.05, line.write, FRAME)
            known = await session.until(status="Faulted", connector=1, timeout=20)
            assert known.faults[0].connector == 1
            assert await session.until(status="Faulted") == session.snapshot


async def test_the_health_of_the_link_is_that_of_the_present_moment() -> None:
    with Line() as line:
        async with sniffer.tap(line.port, baud=115200) as session:
            assert session.health.health is sniffer.Health.NOTHING_HEARD
            line.write(FRAME)
            await session.seen(timeout=20)
            assert (session.health.health, session.health.reason) == (
                sniffer.Health.ONE_SIDE,
                "only pwr>com is heard",
            )
    async with sniffer.tap(str(CAPTURES / "one-side.pcapng")) as session:
        while session.snapshot.ledger.frames < 12:
            await session.seen(timeout=20)
        assert session.health.health is sniffer.Health.ONE_SIDE


async def test_a_record_is_waited_for_by_the_filter_language() -> None:
    with Line() as line:
        async with sniffer.tap(line.port, baud=115200) as session:
            asyncio.get_running_loop().call_later(0.05, line.write, b"\x01" + FRAME)
            record = await session.seen("command == 01 and status == Faulted", timeout=20)
            assert record.item is not None


async def test_the_error_of_a_vain_wait_names_what_was_seen() -> None:
    with Line() as line:
        async with sniffer.tap(line.port, baud=115200) as session:
            line.write(FRAME)
            await session.seen(timeout=20)
            with pytest.raises(
                sniffer.NotSeenError, match=r"status Charging .* connector 1 is Faulted for .*; 18 bytes"
            ):
                await session.until(status="Charging", timeout=0.05)
            with pytest.raises(TimeoutError):
                await session.until(status="Charging", timeout=0.05)
            with pytest.raises(sniffer.NotSeenError, match="was not seen in"):
                await session.seen("crc bad", timeout=0.05)


async def test_wrong_words_are_refused_at_once() -> None:
    async with sniffer.tap("demo") as session:
        with pytest.raises(sniffer.SnifferError, match="did you mean Charging"):
            await session.until(status="Chargin")
        with pytest.raises(QueryError):
            await session.seen("statsu == Charging")


async def test_readers_see_all_from_their_call_on_each_by_itself() -> None:
    async def ten(session: sniffer.LiveSession) -> list[int]:
        found: list[int] = []
        async for record in session:
            found.append(record.number)
            if len(found) == 10:
                break
        return found

    async with sniffer.tap("demo:noisy") as session:
        both = await asyncio.gather(ten(session), ten(session))
        assert both[0] == both[1] == list(range(both[0][0], both[0][0] + 10))


async def test_messages_and_events_of_a_file_end_with_it() -> None:
    async with sniffer.tap(str(CAPTURES / "mains-sag.pcapng")) as session:
        events = [event async for event in session.events()]
        assert any(isinstance(event, FaultRaised) for event in events)
        with pytest.raises(sniffer.NotSeenError, match="before the source ended"):
            await session.seen()


async def test_a_reader_gets_the_records_that_dump_prints() -> None:
    name = str(CAPTURES / "bad-line.pcapng")
    async with sniffer.tap(name) as session:
        records = [record async for record in session.records()]
    lines = [line for record in records for line in writer.format_lines(record, packaged_definition(), None)]
    dumped = subprocess.run([*EVSE_SNIFF, "dump", "--json", name], capture_output=True, text=True, check=True)
    without_notes = [{**json.loads(line), "note": None} for line in dumped.stdout.splitlines()]
    assert [{**json.loads(line), "note": None} for line in lines] == without_notes


async def test_a_reader_that_is_too_slow_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_session, "MAX_WAITING", 3)

    async def read_slowly(session: sniffer.LiveSession) -> None:
        async for _ in session:
            await asyncio.sleep(0.01)

    async with sniffer.tap(str(CAPTURES / "bad-line.pcapng")) as session:
        with pytest.raises(sniffer.OverrunError, match="was not read in time"):
            await read_slowly(session)


async def test_what_ends_the_source_reaches_who_waits_and_the_block(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"type": "noise", "raw": "00"}\n{"type"\n')

    async def wait() -> None:
        async with sniffer.tap(str(tmp_path / "a.jsonl")) as session:
            await session.seen("crc bad")

    with pytest.raises(SourceError):
        await wait()


async def test_the_users_own_exception_wins(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"type"\n')

    async def fail() -> None:
        async with sniffer.tap(str(tmp_path / "a.jsonl")):
            await asyncio.sleep(0.1)
            raise KeyError("mine")

    with pytest.raises(KeyError):
        await fail()


async def test_leaving_closes_the_port_and_the_recording(tmp_path: Path) -> None:
    capture = tmp_path / "a.pcapng"
    with Line() as line:
        for _ in range(2):
            async with sniffer.tap(line.port, baud=9600, record=capture) as session:
                line.write(FRAME)
                await session.seen(timeout=20)
            capture = tmp_path / "b.pcapng"
    assert FRAME in (tmp_path / "a.pcapng").read_bytes()
    assert FRAME in (tmp_path / "b.pcapng").read_bytes()


async def test_what_cannot_be_opened_is_reported_before_the_block() -> None:
    block = sniffer.tap("nothing.log")
    with pytest.raises(SourceError, match="no such file"):
        await block.__aenter__()
