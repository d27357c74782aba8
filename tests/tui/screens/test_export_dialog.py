"""Exports by the keyboard: what the dialog tells, and the files that come of it."""

import asyncio
import gzip
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from sniffer.base.atomic_file import NewFile
from sniffer.core.record import Record
from sniffer.core.record_kind import RecordKind
from sniffer.core.wire.items import Chunk
from sniffer.formats.pcapng.blocks import MAGIC
from sniffer.tui.app import SnifferApp
from sniffer.tui.screens.export_dialog import ExportDialog
from tests.base.test_atomic_file import full_at, unprivileged
from tests.formats.test_registry import dump
from tests.tui.helpers import (
    Given,
    app_for,
    captured,
    parameter,
    part,
    records_of,
    replayed,
    running,
    screen,
    sees,
    status_answer,
    status_report,
    until,
)
from tests.tui.test_hostile import assert_harmless

MANY = 3000
"""Records enough for an export to take several slices."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """All happens in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


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


@dataclass(frozen=True)
class Noise:
    """Lets noise through, and needs the record to know."""

    def matches_kind(self, shape: RecordKind) -> bool | None:
        return None

    def matches(self, record: Record, before: int | None) -> bool:
        return hasattr(record.item, "reason")


def app(pilot: Pilot[None]) -> SnifferApp:
    assert isinstance(pilot.app, SnifferApp)
    return pilot.app


async def asked(pilot: Pilot[None]) -> None:
    """Open the dialog."""
    await pilot.press("x")
    await until(pilot, lambda: isinstance(pilot.app.screen, ExportDialog) and "Enter exports" in screen(pilot))


async def named(pilot: Pilot[None], name: str) -> None:
    """Open the dialog and give the file this name."""
    await asked(pilot)
    pilot.app.screen.query_one("#file", Input).value = name
    await pilot.pause()


async def exported(pilot: Pilot[None], name: str, *keys: str) -> bytes:
    """Export under this name, after these keys; what stands in the file then."""
    await named(pilot, name)
    await pilot.press(*keys, "enter")
    await until(pilot, lambda: "exported" in part(pilot, "traffic"))
    return Path(name).read_bytes()


async def complains(pilot: Pilot[None], text: str) -> None:
    await until(pilot, lambda: any(text in notice.message for notice in app(pilot)._notifications))


async def test_enter_exports_the_session_as_a_capture_under_a_name_of_now(folder: Path) -> None:
    async with replayed((80, 24)) as pilot:
        await asked(pilot)
        assert "captures: every byte with its time, log texts and notes" in screen(pilot)
        assert "27 records. Captures hold no events, which are" in screen(pilot)
        await pilot.press("enter")
        await sees(pilot, "traffic", "exported 27 records to evse-sniff-")
        (name,) = os.listdir(folder)
        assert re.fullmatch(r"evse-sniff-\d{8}-\d{6}\.pcapng", name)
        assert (folder / name).read_bytes().startswith(MAGIC)
        assert pilot.app.screen.focused is not None
        assert pilot.app.screen.focused.id == "traffic"


async def test_plain_lines_are_those_of_dump() -> None:
    async with replayed() as pilot:
        text = await exported(pilot, "a.txt")
        assert text.decode() == dump(records_of(*captured()), as_json=False)


async def test_raw_bytes_are_those_that_were_fed() -> None:
    reads = [status_report("Available"), b"\x01\x02\x03", status_answer(1)[:-3], status_report("Charging", volts=6)]
    async with running(Given(*map(Chunk, reads))) as pilot:
        await sees(pilot, "header", "all read")
        assert await exported(pilot, "a.bin") == b"".join(reads)


async def test_packed_is_the_same_packed() -> None:
    async with replayed() as pilot:
        plain = await exported(pilot, "a.jsonl")
        assert plain.decode() == dump(records_of(*captured()), as_json=True)
        await pilot.press("j", "k")
        assert gzip.decompress(await exported(pilot, "a.jsonl.gz")) == plain


async def test_range_is_exported_by_number() -> None:
    async with replayed((80, 24)) as pilot:
        text = await exported(pilot, "a.jsonl", "down", "5", "tab", *["backspace"] * 2, "7")
        assert {json.loads(line)["number"] for line in text.splitlines()} == {5, 6, 7}
        assert "exported 3 records" in part(pilot, "traffic")


async def test_filtered_part_is_exported_even_while_the_filter_still_looks() -> None:
    pieces = [piece for number in range(1000) for piece in (parameter(number), b"\1\2")]
    async with running(Given(Chunk(b"".join([*pieces, parameter(1)])))) as pilot:
        await sees(pilot, "header", "2,001 records")
        app(pilot).session_view.set_filter("crc bad", Noise())
        assert app(pilot).session_view.is_filtering
        await named(pilot, "a.bin")
        assert "● filter: crc bad" in screen(pilot)
        await pilot.press("enter")
        await sees(pilot, "traffic", "exported 1,000 records")
        assert Path("a.bin").read_bytes() == b"\1\2" * 1000


async def test_filter_that_lets_nothing_through_writes_nothing(folder: Path) -> None:
    async with running(Given(Chunk(parameter(1)))) as pilot:
        await sees(pilot, "header", "all read")
        app(pilot).session_view.set_filter("crc bad", Noise())
        await named(pilot, "a.jsonl")
        await pilot.press("enter")
        await complains(pilot, "a.jsonl: not written, as the filter lets no record through")
        assert os.listdir(folder) == []


async def test_arrows_choose_and_without_a_filter_there_are_two_choices() -> None:
    async with replayed((80, 24)) as pilot:
        await asked(pilot)
        seen = []
        for _ in range(3):
            lines = [line for line in screen(pilot).splitlines() if "●" in line and ("whole" in line or "from" in line)]
            seen.append("whole" if "whole" in lines[0] else "range")
            await pilot.press("down")
        assert seen == ["whole", "range", "whole"]
        assert "filter:" not in screen(pilot)


async def test_mouse_chooses_too() -> None:
    async with replayed((80, 24)) as pilot:
        await asked(pilot)
        await pilot.click("#range")
        await until(pilot, lambda: "● from number" in screen(pilot))
        await pilot.click("#all")
        await until(pilot, lambda: "● the whole session" in screen(pilot))


@pytest.mark.parametrize(
    ("name", "reported"),
    [
        ("a.bin", "raw bytes: frames and noise in order, exactly"),
        ("a.bin", "Raw bytes hold no times, no log texts, no events and"),
        ("a.txt", "Plain lines hold no dates, no bytes of frames"),
        ("a.txt.gz", "plain lines packed by gzip"),
        ("a.pcap", "has to end in .pcapng, .jsonl, .log, .txt, .csv"),
        ("gone/a.txt", "there is no folder gone"),
        ("sub.txt", "this is a folder"),
        ("here.txt", "there is such a file already"),
        ("[red]\u202e/a.txt", r"there is no folder [red]\u202e"),
    ],
)
async def test_what_a_name_means_is_reported_while_it_is_typed(folder: Path, name: str, reported: str) -> None:
    (folder / "sub.txt").mkdir()
    (folder / "here.txt").touch()
    async with replayed((80, 24)) as pilot:
        await named(pilot, name)
        await until(pilot, lambda: reported in screen(pilot))


@pytest.mark.parametrize(("first", "last"), [("0", "5"), ("6", "5"), ("1", "28"), ("", "5"), ("1", "9999999999")])
async def test_range_that_is_not_there_is_reported_and_not_taken(folder: Path, first: str, last: str) -> None:
    async with replayed((80, 24)) as pilot:
        await asked(pilot)
        await pilot.press("down", "delete", *first, "tab", *["backspace"] * 2, *last)
        await until(pilot, lambda: "there are records 1 to 27" in screen(pilot))
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, ExportDialog)
        assert os.listdir(folder) == []


async def test_live_session_grows_in_the_dialog() -> None:
    source = Given(live=True, ends=False)
    async with running(source) as pilot:
        await asked(pilot)
        assert "nothing was read yet" in screen(pilot)
        source.frames(parameter(1), parameter(2))
        await until(pilot, lambda: "2 records. Captures" in screen(pilot))


async def test_escape_exports_nothing(folder: Path) -> None:
    async with replayed() as pilot:
        await asked(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, ExportDialog))
        assert os.listdir(folder) == []


async def test_file_that_is_there_is_replaced_at_the_second_enter_only(folder: Path) -> None:
    (folder / "a.txt").write_text("mine")
    async with replayed() as pilot:
        await named(pilot, "a.txt")
        await pilot.press("enter")
        await until(pilot, lambda: "Enter again replaces the file" in screen(pilot))
        assert (folder / "a.txt").read_text() == "mine"
        await pilot.press("enter")
        await sees(pilot, "traffic", "exported 27 records")
        assert (folder / "a.txt").read_text() != "mine"


async def test_other_name_after_the_question_is_asked_about_anew(folder: Path) -> None:
    (folder / "a.txt").write_text("mine")
    (folder / "b.txt").write_text("mine")
    async with replayed() as pilot:
        await named(pilot, "a.txt")
        await pilot.press("enter")
        pilot.app.screen.query_one("#file", Input).value = "b.txt"
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: "Enter again replaces the file" in screen(pilot))
        assert (folder / "b.txt").read_text() == "mine"


async def test_full_disk_is_reported_and_leaves_nothing(folder: Path) -> None:
    async with app_for(Given(*captured())).run_test(size=(80, 24), notifications=True) as pilot:
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
    source = Given(Chunk(parameter(1) * MANY), ends=False)
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
        await sees(pilot, "traffic", "export stopped")
        slow_disk.set()
        await until(pilot, lambda: os.listdir(folder) == [])
        await until(pilot, lambda: not pilot.app.screen.query_one("#export").display)


async def test_leaving_the_program_leaves_nothing_of_an_export(folder: Path, slow_disk: Event) -> None:
    async with running(Given(Chunk(parameter(1) * MANY)), (80, 24)) as pilot:
        await sees(pilot, "header", f"{MANY:,} records")
        await named(pilot, "a.jsonl")
        await pilot.press("enter")
        await sees(pilot, "export", "exporting")
        await pilot.press("q")
        await complains(pilot, "the export is not finished: q again quits")
        await pilot.press("q")
        slow_disk.set()
        await until(pilot, lambda: not pilot.app.is_running)
    while os.listdir(folder):
        await asyncio.sleep(0.01)


async def test_session_that_grows_is_exported_as_it_was_at_enter() -> None:
    source = Given(live=True, ends=False)
    async with running(source) as pilot:
        source.frames(*[parameter(number) for number in range(3000)])
        await sees(pilot, "header", "3,000 records")
        await named(pilot, "a.bin")
        await pilot.press("enter")
        source.frames(parameter(1))
        await sees(pilot, "traffic", "exported 3,000 records")
        assert Path("a.bin").read_bytes() == b"".join(parameter(number) for number in range(3000))
