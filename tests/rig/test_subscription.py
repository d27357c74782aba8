"""Readers: each gets every record from its call on, whatever the others do, and an error where it misses one."""

import asyncio
import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sniffer
from sniffer.core.record import Record
from sniffer.rig.subscription import Reader
from tests.paths import CAPTURES
from tests.rig.helpers import AVAILABLE, CHARGING, Script, answer, report


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Script:
    return Script(monkeypatch)


def record(number: int) -> Record:
    return Record(number, None)


async def rest(reader: Reader[int]) -> list[int]:
    return [number async for number in reader]


@given(st.lists(st.sampled_from(["came", "read"])), st.integers(1, 5))
def test_a_reader_returns_all_records_or_reports_what_is_missing(steps: list[str], most: int) -> None:
    async def follow() -> None:
        reader = Reader(lambda one: (one.number,), most)
        came = read = waiting = 0
        overrun = False
        for step in steps:
            if step == "came":
                came += 1
                overrun = overrun or waiting == most
                waiting += 1
                reader.take(record(came))
            elif waiting:
                read, waiting = read + 1, waiting - 1
                if overrun and read > came:
                    break
                try:
                    assert await anext(reader) == read
                except sniffer.OverrunError:
                    assert overrun
                    return
        reader.end(None)
        if overrun:
            with pytest.raises(sniffer.OverrunError):
                await rest(reader)
        else:
            assert await rest(reader) == list(range(read + 1, came + 1))
        assert await rest(reader) == []

    asyncio.run(follow())


async def test_a_reader_that_is_too_slow_gets_what_it_has_room_for_and_then_an_error() -> None:
    reader = Reader(lambda one: (one.number,), 2)
    for number in range(1, 6):
        reader.take(record(number))
    assert [await anext(reader) for _ in range(3)] == [1, 2, 3]
    with pytest.raises(sniffer.OverrunError, match="what came after record #3 was not read in time"):
        await anext(reader)


async def test_who_stops_reading_costs_nothing(line: Script) -> None:
    async with sniffer.tap("script") as session:
        line.give(report(AVAILABLE))
        async for _ in session:
            break
        gc.collect()
        assert len(session._broadcast._readers) == 0


async def test_being_cancelled_loses_no_record(line: Script) -> None:
    async with sniffer.tap("script") as session:
        messages = session.messages()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await anext(messages)
        line.give(report(AVAILABLE), answer())
        assert [(await anext(messages)).direction for _ in range(2)] == ["pwr>com", "com>pwr"]


async def test_readers_begin_with_their_call(line: Script) -> None:
    async with sniffer.tap("script") as session:
        every, messages = session.records(), session.messages()
        line.give(report(AVAILABLE, 1), report(CHARGING, 2))
        await session.until(status="Charging", timeout=20)
        late = session.events()
        line.give(b"\x01", report(AVAILABLE, 3))
        line.end()
        assert [one.number async for one in every] == [1, 2, 3, 4]
        assert [one.frame.sequence async for one in messages] == [1, 2, 3]
        assert [one.after async for one in late if isinstance(one, sniffer.StatusChanged)] == ["Available"]


async def test_a_source_that_failed_ends_a_reader_with_what_failed(line: Script) -> None:
    with pytest.raises(sniffer.EndedError, match="broken") as failed:  # noqa: PT012
        async with sniffer.tap("script") as session:
            line.give(report(AVAILABLE))
            line.end(sniffer.SourceError("broken"))
            seen = [one async for one in session.messages()]
            pytest.fail(f"{len(seen)} records seemed to be all")
    assert isinstance(failed.value.__cause__, sniffer.SourceError)


async def test_all_of_a_capture_that_was_cut_off_is_read_before_the_error() -> None:
    read = 0
    with pytest.raises(sniffer.EndedError, match="was cut off after packet 89"):  # noqa: PT012
        async with sniffer.tap(str(CAPTURES / "cut-off.pcapng")) as session:
            async for _ in session:
                read += 1
    assert read == 89
