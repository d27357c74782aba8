"""A file that grows as a source: read as it comes, over rotation, with what was replaced or lost reported."""

import asyncio
import gzip
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from sniffer.base.errors import SourceError
from sniffer.core.charger.tap_events import SourceBack, SourceLost
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.session import Session
from sniffer.sources.file_options import FileOptions
from sniffer.sources.open import open_source
from sniffer.sources.stored import growing_file
from tests.sources.test_capture_file import DEFINITION, RECORDS, WHOLE, foreign, save
from tests.tui.helpers import status_report

PATIENCE = 100
"""Seconds that a test waits for what has to come."""


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growing_file, "POLL_INTERVAL", 0.02)
    monkeypatch.setattr(growing_file, "LINGER", 0.1)
    monkeypatch.setattr(growing_file, "ABSENCE", 0.1)


class Kept:
    """All records of a session; `came` is set with each."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.came = asyncio.Event()
        self.notes: dict[int, str] = {}

    def receive(self, records: Sequence[Record]) -> None:
        """Keep them."""
        self.records += records
        self.came.set()

    async def wait_for(self, count: int) -> list[Record]:
        """All, as soon as there are so many."""
        while len(self.records) < count:
            self.came.clear()
            await asyncio.wait_for(self.came.wait(), PATIENCE)
        return self.records


@asynccontextmanager
async def followed(path: Path) -> AsyncIterator[tuple[asyncio.Task[None], Kept]]:
    """Run a session that follows a file."""
    kept = Kept()
    session = Session(
        open_source(str(path), file_options=FileOptions(follow=True)), Pipeline(DEFINITION), [kept], idle=None
    )
    assert session.source.is_live
    kept.notes = session.notes
    running = asyncio.create_task(session.run())
    try:
        yield running, kept
    finally:
        running.cancel()
        await asyncio.wait([running])


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


async def test_what_is_written_to_a_followed_capture_is_read_as_it_comes(tmp_path: Path) -> None:
    path = save(tmp_path / "a.pcapng", *WHOLE[:3], WHOLE[3][:10])
    async with followed(path) as (running, kept):
        assert await kept.wait_for(2) == RECORDS[:2]
        append(path, WHOLE[3][10:])
        assert await kept.wait_for(3) == RECORDS[:3]
        append(path, b"".join(WHOLE[4:]))
        assert await kept.wait_for(6) == RECORDS
        assert not running.done()


async def test_silence_in_a_followed_capture_of_somebody_else_ends_no_frame(tmp_path: Path) -> None:
    frame = status_report("Available")
    path = save(tmp_path / "a.pcapng", foreign(frame[:5]))
    async with followed(path) as (_, kept):
        await asyncio.sleep(0.3)
        append(path, foreign(frame[5:])[len(foreign()) :])
        (record,) = await kept.wait_for(1)
        assert isinstance(record.item, Message)


LINE = "2023-11-30T05:30:{:02}+0530 [a] {}\n"


def texts_of(records: Sequence[Record]) -> list[str]:
    return [record.item.line.text for record in records if isinstance(record.item, TextMessage)]


def line(number: int) -> bytes:
    return LINE.format(number, f"line {number}").encode()


async def test_a_text_log_is_followed_and_half_a_line_waits(tmp_path: Path) -> None:
    path = save(tmp_path / "a.log", line(1), line(2)[:20])
    async with followed(path) as (_, kept):
        await kept.wait_for(1)
        await asyncio.sleep(0.1)
        assert texts_of(kept.records) == ["line 1"]
        append(path, line(2)[20:] + line(3)[:-1])
        assert texts_of(await kept.wait_for(2)) == ["line 1", "line 2"]
        append(path, b"\n")
        assert texts_of(await kept.wait_for(3)) == ["line 1", "line 2", "line 3"]


async def test_a_file_that_is_empty_at_first_is_recognised_when_it_has_a_line(tmp_path: Path) -> None:
    path = save(tmp_path / "a", b"")
    async with followed(path) as (_, kept):
        await asyncio.sleep(0.1)
        append(path, line(1))
        assert texts_of(await kept.wait_for(1)) == ["line 1"]


@pytest.mark.parametrize("begin", [b"", b"a line without an end"])
async def test_a_session_ends_while_nothing_shows_what_the_file_is(tmp_path: Path, begin: bytes) -> None:
    async with followed(save(tmp_path / "a.log", begin)) as (running, _):
        await asyncio.sleep(0.1)
    assert running.cancelled()


async def test_a_log_whose_lines_end_with_cr_is_read_as_it_comes(tmp_path: Path) -> None:
    path = save(tmp_path / "a", line(1).replace(b"\n", b"\r"))
    async with followed(path) as (_, kept):
        assert texts_of(await kept.wait_for(1)) == ["line 1"]


@pytest.mark.parametrize("form", ["{} ", "[{}]", "0x{}, "])
async def test_hex_text_without_line_ends_is_read_as_it_comes(tmp_path: Path, form: str) -> None:
    frame = status_report("Faulted")
    text = "".join(map(form.format, frame.hex(" ").split())).encode() * 2
    path = save(tmp_path / "a.txt", b"")
    async with followed(path) as (_, kept):
        for at in range(0, len(text), 7):
            with path.open("ab") as file:
                file.write(text[at : at + 7])
            await asyncio.sleep(0.01)
        while len(raws := [one.item.frame.raw for one in kept.records if isinstance(one.item, Message)]) < 2:
            await kept.wait_for(len(kept.records) + 1)
    assert raws == [frame] * 2


async def test_json_lines_are_followed(tmp_path: Path) -> None:
    path = save(tmp_path / "a.jsonl", b'{"type": "text", "time": null, "process": "a", "text": "one"}\n{"type": "te')
    async with followed(path) as (_, kept):
        await kept.wait_for(1)
        append(path, b'xt", "time": null, "process": "a", "text": "two"}\n')
        assert texts_of(await kept.wait_for(2)) == ["one", "two"]


@pytest.mark.parametrize("packs_the_old_one", [False, True])
async def test_a_log_is_followed_over_its_rotation_by_renaming(tmp_path: Path, packs_the_old_one: bool) -> None:
    path, old = save(tmp_path / "a.log", line(1)), tmp_path / "a.log.1"
    async with followed(path) as (running, kept):
        await kept.wait_for(1)
        path.rename(old)
        append(path, line(3))
        append(old, line(2))
        if packs_the_old_one:
            save(tmp_path / "a.log.1.gz", gzip.compress(old.read_bytes()))
            old.unlink()
        assert texts_of(await kept.wait_for(3)) == ["line 1", "line 2", "line 3"]
        assert kept.notes == {3: f"{path} was replaced: a new file begins here"}
        assert not running.done()


@pytest.mark.parametrize("whole", [WHOLE[:3], [line(1), line(2)]], ids=["capture", "log"])
async def test_half_a_record_at_the_end_of_the_old_file_is_noted(tmp_path: Path, whole: list[bytes]) -> None:
    path = save(tmp_path / "a", *whole, whole[-1][:14])
    async with followed(path) as (_, kept):
        before = len(await kept.wait_for(2))
        os.replace(save(tmp_path / "b", *whole), path)
        after = await kept.wait_for(before + 2)
        assert "was replaced: a new file begins here; the last record" in kept.notes[after[-2].number]


async def test_a_log_that_was_copied_and_emptied_has_a_gap_and_is_not_damaged(tmp_path: Path) -> None:
    path = save(tmp_path / "a.log", line(1), line(2))
    async with followed(path) as (running, kept):
        await kept.wait_for(2)
        os.truncate(path, 0)
        await asyncio.sleep(0.1)
        append(path, line(3))
        while len(texts_of(kept.records)) < 3:
            await kept.wait_for(len(kept.records) + 1)
        assert texts_of(kept.records) == ["line 1", "line 2", "line 3"]
        events = [event for record in kept.records for event in record.events]
        (lost,) = [event for event in events if isinstance(event, SourceLost)]
        assert "was replaced: emptied and written again" in lost.reason
        assert len([event for event in events if isinstance(event, SourceBack)]) == 1
        assert not running.done()


async def test_a_file_that_was_deleted_is_lost_until_a_new_one_is_there(tmp_path: Path) -> None:
    path = save(tmp_path / "a.pcapng", *WHOLE)
    async with followed(path) as (_, kept):
        await kept.wait_for(6)
        path.unlink()
        (lost,) = [event for event in (await kept.wait_for(7))[-1].events if isinstance(event, SourceLost)]
        assert lost.reason == f"{path} was deleted; a new file of this name is waited for"
        save(path, *WHOLE)
        assert any(isinstance(event, SourceBack) for event in (await kept.wait_for(8))[7].events)
        assert [record.item for record in (await kept.wait_for(14))[-6:]] == [record.item for record in RECORDS]


async def test_a_log_has_the_time_of_its_last_line_and_what_has_passed_since(tmp_path: Path) -> None:
    source = open_source(str(save(tmp_path / "a.log", line(1))), file_options=FileOptions(follow=True))
    assert (source.now(), source.zone, source.baud) == (None, None, None)
    came = asyncio.Event()
    running = asyncio.create_task(source.run(lambda item: came.set()))
    await asyncio.wait_for(came.wait(), PATIENCE)
    first = source.now()
    await asyncio.sleep(0.05)
    second = source.now()
    assert first is not None
    assert second is not None
    assert 1_701_302_401_000_000_000 <= first < second < 1_701_302_460_000_000_000
    assert str(source.zone) == "UTC+05:30"
    running.cancel()
    await asyncio.wait([running])


def test_a_packed_file_cannot_be_followed(tmp_path: Path) -> None:
    path = save(tmp_path / "a.pcapng.gz", gzip.compress(b"".join(WHOLE)))
    with pytest.raises(SourceError, match="unpack it first"):
        open_source(str(path), file_options=FileOptions(follow=True))


def test_raw_bytes_and_tables_cannot_be_followed(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"`tail -c \+1 -f .*a.bin \| evse-sniff dump -` dates them"):
        open_source(str(save(tmp_path / "a.bin", b"\xbb")), file_options=FileOptions(follow=True))
    with pytest.raises(SourceError, match="a table"):
        open_source(str(save(tmp_path / "a.parquet", b"PAR1")), file_options=FileOptions(follow=True))
