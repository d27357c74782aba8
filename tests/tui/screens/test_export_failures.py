"""Exports that fail, take long or are left: each is reported, and no half of a file stays."""

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from sniffer.base.atomic_file import NewFile
from sniffer.core.wire.items import Chunk
from tests import waiting
from tests.base.test_atomic_file import full_at, unprivileged
from tests.tui.helpers import (
    FakeSource,
    app_for,
    captured,
    parameter,
    part,
    replayed,
    running,
    screen,
    sees,
    until,
)
from tests.tui.screens.helpers import app, complains, named
from tests.tui.test_hostile import assert_harmless

MANY = 3000
"""Records enough for an export to take several slices."""


pytestmark = pytest.mark.usefixtures("folder")


@pytest.fixture
def slow_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Simulate a disk that takes a little and then nothing more until the event is set."""
    goes_on, written = Event(), list[bytes]()

    def write(file: NewFile, data: bytes) -> None:
        if written:
            assert goes_on.wait(60)
        written.append(data)
        original(file, data)

    original = NewFile.write
    monkeypatch.setattr(NewFile, "write", write)
    yield goes_on
    goes_on.set()


async def test_full_disk_is_reported_and_leaves_nothing(folder: Path) -> None:
    async with app_for(FakeSource(*captured())).run_test(size=(80, 24), notifications=True) as pilot:
        await sees(pilot, "header", "all read")
        await named(pilot, "[red]\u202e.jsonl")
        with full_at(1000):
            await pilot.press("enter")
            await until(pilot, lambda: r"[red]\u202e.jsonl: the" in screen(pilot))
        assert "large as it" in screen(pilot)
        assert_harmless(pilot, 80)
        await until(pilot, lambda: not pilot.app.screen.query_one("#export").display)
        assert os.listdir(folder) == []


async def test_folder_that_may_not_be_written_is_reported(folder: Path) -> None:
    folder.chmod(0o555)
    async with replayed() as pilot:
        await named(pilot, "a.jsonl")
        with unprivileged():
            await pilot.press("enter")
            await complains(pilot, "a.jsonl: ")
    folder.chmod(0o755)
    assert os.listdir(folder) == []


async def test_folder_that_went_away_is_reported(folder: Path) -> None:
    (folder / "stick").mkdir()
    async with replayed() as pilot:
        await named(pilot, "stick/a.jsonl")
        await until(pilot, lambda: "JSON lines" in screen(pilot))
        (folder / "stick").rmdir()
        await pilot.press("enter")
        await until(pilot, lambda: "there is no folder stick" in screen(pilot) or bool(app(pilot)._notifications))
        assert os.listdir(folder) == []


@pytest.mark.parametrize("key", ["x", "escape"])
async def test_long_export_shows_how_far_it_is_and_stops_at_a_key(folder: Path, key: str, slow_disk: Event) -> None:
    source = FakeSource(Chunk(parameter(1) * MANY), ends=False)
    async with running(source, (80, 24)) as pilot:
        await sees(pilot, "header", f"{MANY:,} records")
        await named(pilot, "a.jsonl")
        await pilot.press("enter")
        await sees(pilot, "export", "exporting a.jsonl")
        assert "%   x stops" in part(pilot, "export")
        source.frames(parameter(2))
        await sees(pilot, "header", f"{MANY + 1:,} records")
        (name,) = os.listdir(folder)
        assert name.startswith(".evse-sniff-")
        await pilot.press(key)
        await until(pilot, lambda: "export stopped" in screen(pilot))
        slow_disk.set()
        await until(pilot, lambda: os.listdir(folder) == [])
        await until(pilot, lambda: not pilot.app.screen.query_one("#export").display)


async def test_leaving_the_program_leaves_nothing_of_an_export(folder: Path, slow_disk: Event) -> None:
    async with running(FakeSource(Chunk(parameter(1) * MANY)), (80, 24)) as pilot:
        await sees(pilot, "header", f"{MANY:,} records")
        await named(pilot, "a.jsonl")
        await pilot.press("enter")
        await sees(pilot, "export", "exporting")
        await pilot.press("q")
        await complains(pilot, "the export is not finished: q again quits")
        await pilot.press("q")
        slow_disk.set()
        await until(pilot, lambda: not pilot.app.is_running)
    await waiting.until(lambda: not os.listdir(folder))
