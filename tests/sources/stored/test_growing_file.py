"""The bytes of a growing file: each once, up to where it was renamed or emptied."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from sniffer.base.errors import SourceError
from sniffer.sources.stored import growing_file as module
from sniffer.sources.stored.growing_file import Ending, GrowingFile
from tests.waiting import PATIENCE, until


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "POLL_INTERVAL", 0.01)
    monkeypatch.setattr(module, "LINGER", 0.05)
    monkeypatch.setattr(module, "ABSENCE", 0.05)


class Reading:
    """One reading of a growing file."""

    def __init__(self, path: Path) -> None:
        self.absences: list[bool] = []
        self.data = b""
        self.file = GrowingFile(str(path), self.absences.append)

    async def run(self) -> None:
        async for piece in self.file.pieces():
            self.data += piece


@asynccontextmanager
async def reading(path: Path) -> AsyncIterator[tuple[Reading, asyncio.Task[None]]]:
    one = Reading(path)
    task = asyncio.create_task(one.run())
    try:
        yield one, task
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_what_is_appended_is_read_as_it_comes(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one")
    async with reading(path) as (one, task):
        await until(lambda: one.data == b"one")
        with path.open("ab") as file:
            file.write(b" two")
        await until(lambda: one.data == b"one two")
        assert not task.done()


async def test_a_file_that_is_renamed_is_read_to_its_end_also_where_its_writer_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with path.open("wb", buffering=0) as old:
        old.write(b"one")
        async with reading(path) as (one, task):
            await until(lambda: one.data == b"one")
            path.rename(tmp_path / "a.1")
            path.write_bytes(b"other")
            old.write(b" late")
            (tmp_path / "a.1").unlink()
            await asyncio.wait_for(task, PATIENCE)
            assert (one.data, one.file.ending) == (b"one late", Ending.RENAMED)


@pytest.mark.parametrize("content", [b"", b"2", b"another that is longer than the first one", bytes(100)])
async def test_a_file_that_is_emptied_has_ended(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"the first one")
    async with reading(path) as (one, task):
        await until(lambda: one.data == b"the first one")
        path.write_bytes(content)
        await asyncio.wait_for(task, PATIENCE)
        assert (one.data, one.file.ending) == (b"the first one", Ending.EMPTIED)


async def test_a_file_that_is_deleted_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"one")
    async with reading(path) as (one, task):
        await until(lambda: one.data == b"one")
        path.unlink()
        await until(lambda: bool(one.absences))
        assert not task.done()
        path.write_bytes(b"new")
        await asyncio.wait_for(task, PATIENCE)
        assert (one.absences, one.file.ending) == ([True, False], Ending.RENAMED)


async def test_a_file_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    async with reading(tmp_path / "a") as (one, _):
        await asyncio.sleep(0.05)
        (tmp_path / "a").write_bytes(b"new")
        await until(lambda: one.data == b"new")


async def test_a_file_that_cannot_be_read_is_an_error_that_names_it(tmp_path: Path) -> None:
    os.mkdir(tmp_path / "a")
    with pytest.raises(SourceError, match=r"a: cannot be read: Is a directory"):
        await Reading(tmp_path / "a").run()
