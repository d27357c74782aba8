"""Notes that are not exported, pictures of the screen, copies."""

import json
import os
import re
from pathlib import Path

import pytest
from textual.pilot import Pilot

from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Chunk
from sniffer.tui import app as app_module
from tests.formats.test_registry import dump
from tests.records import records_of
from tests.tui.helpers import (
    FakeSource,
    boot,
    captured,
    parameter,
    part,
    replayed,
    running,
    screen,
    sees,
    status_report,
    until,
)
from tests.tui.screens.helpers import app, complains, exported

HOSTILE = "a\x1b]0;x\x07[red]\u202eb\tc"


pytestmark = pytest.mark.usefixtures("folder")


async def note(pilot: Pilot[None], text: str) -> None:
    await pilot.press("semicolon", *text, "enter")
    await until(pilot, lambda: f"✎ {text}" in part(pilot, "traffic"))


@pytest.mark.parametrize("key", ["q", "ctrl+q", "ctrl+c"])
async def test_notes_that_are_not_exported_are_warned_of_once(key: str) -> None:
    async with replayed() as pilot:
        await pilot.press("g")
        await note(pilot, "one")
        await pilot.press("j")
        await note(pilot, "two")
        await pilot.press(key)
        await complains(pilot, "2 notes are not exported: x exports, q again quits")
        assert pilot.app.is_running
        await pilot.press(key)
        await until(pilot, lambda: not pilot.app.is_running)


async def test_new_note_is_reported_again() -> None:
    async with replayed() as pilot:
        await pilot.press("g")
        await note(pilot, "one")
        await pilot.press("q")
        await complains(pilot, "1 note is not exported")
        await pilot.press("j")
        await note(pilot, "two")
        await pilot.press("q")
        await complains(pilot, "2 notes are not exported")


@pytest.mark.parametrize(("name", "is_kept"), [("a.jsonl", True), ("a.txt", True), ("a.bin", False)])
async def test_exported_note_is_none_that_gets_lost(name: str, is_kept: bool) -> None:
    async with replayed() as pilot:
        await pilot.press("g")
        await note(pilot, "one")
        text = await exported(pilot, name)
        assert (b"one" in text) is is_kept
        await pilot.press("q")
        if is_kept:
            await until(pilot, lambda: not pilot.app.is_running)
        else:
            await complains(pilot, "1 note is not exported")


async def test_note_outside_of_what_was_exported_is_warned_of() -> None:
    async with replayed() as pilot:
        await pilot.press("g")
        await note(pilot, "one")
        await exported(pilot, "a.jsonl", "down", "5")
        await pilot.press("q")
        await complains(pilot, "1 note is not exported")


async def test_note_that_was_changed_after_the_export_is_warned_of() -> None:
    async with replayed() as pilot:
        await pilot.press("g")
        await note(pilot, "one")
        await exported(pilot, "a.jsonl")
        await pilot.press("semicolon", *" more", "enter")
        await pilot.press("q")
        await complains(pilot, "1 note is not exported")


async def test_note_is_exported_at_its_record() -> None:
    async with replayed() as pilot:
        await pilot.press("g", "j", "j")
        number = app(pilot).monitor.traffic.number
        await note(pilot, "[red]look")
        reported = [json.loads(line) for line in (await exported(pilot, "a.jsonl")).splitlines()]
        assert [(found["number"], found["note"]) for found in reported if "note" in found] == [(number, "[red]look")]


async def test_program_that_is_reported_to_exit_asks_nothing() -> None:
    async with replayed() as pilot:
        await pilot.press("g")
        await note(pilot, "one")
        pilot.app.exit()
        await until(pilot, lambda: not pilot.app.is_running)


async def test_picture_of_the_screen_is_saved_and_reported(folder: Path) -> None:
    async with replayed((120, 36)) as pilot:
        await pilot.press("ctrl+s")
        await until(pilot, lambda: f"in {folder}" in screen(pilot))
        (name,) = os.listdir(folder)
        assert re.fullmatch(r"evse-sniff-\d{8}-\d{6}\.svg", name)
        picture = (folder / name).read_text("utf-8")
        assert picture.startswith("<svg")
        assert "Under&#160;voltage" in picture


async def test_pictures_of_one_second_have_names_of_their_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_module, "name_file_by_time", lambda ending: f"now{ending}")
    async with replayed((80, 24)) as pilot:
        (folder / "now-2.svg").write_text("another program's")
        await pilot.press("ctrl+s", "ctrl+s", "ctrl+s")
        await until(pilot, lambda: len(os.listdir(folder)) == 4)
        assert sorted(os.listdir(folder)) == ["now-2.svg", "now-3.svg", "now-4.svg", "now.svg"]
        assert (folder / "now-2.svg").read_text() == "another program's"


async def test_picture_can_be_taken_of_the_help_too(folder: Path) -> None:
    async with replayed() as pilot:
        await pilot.press("question_mark", "ctrl+s")
        await until(pilot, lambda: [name[-4:] for name in os.listdir(folder)] == [".svg"])
        assert "you&#160;are&#160;here" in "".join(path.read_text("utf-8") for path in folder.iterdir())


async def test_picture_that_finds_no_place_is_reported(folder: Path) -> None:
    async with replayed() as pilot:
        folder.rmdir()
        await pilot.press("ctrl+s")
        await complains(pilot, "there is no such folder")
        folder.mkdir()


async def test_frame_is_copied_in_hex() -> None:
    async with running(FakeSource(Chunk(parameter(7)))) as pilot:
        await sees(pilot, "header", "all read")
        await pilot.press("y")
        assert pilot.app.clipboard == parameter(7).hex(" ").upper()
        await until(pilot, lambda: "✓ copied 11 bytes in hex" in screen(pilot))


async def test_noise_is_copied_in_hex() -> None:
    async with running(FakeSource(Chunk(b"\x01\x9b"))) as pilot:
        await sees(pilot, "header", "all read")
        await pilot.press("y")
        assert pilot.app.clipboard == "01 9B"


async def test_event_is_copied_as_text() -> None:
    async with running(FakeSource(Chunk(status_report("Available")))) as pilot:
        await sees(pilot, "header", "all read")
        await pilot.press("y")
        assert pilot.app.clipboard == "connector 1: first report → Available"
        await until(pilot, lambda: "✓ copied the event's text" in screen(pilot))


async def test_log_line_is_copied_escaped() -> None:
    async with running(FakeSource(LogLine(5, "p", HOSTILE))) as pilot:
        await sees(pilot, "header", "all read")
        await pilot.press("y")
        assert pilot.app.clipboard == r"a\x1b]0;x\x07[red]\u202eb\tc"
        await pilot.press("Y")
        assert pilot.app.clipboard.isprintable()


async def test_row_is_copied_as_dump_prints_it() -> None:
    async with replayed() as pilot:
        await pilot.press("g")
        copied = []
        for _ in range(app(pilot).monitor.traffic._window.end):  # type: ignore[union-attr]
            await pilot.press("Y", "j")
            copied.append(pilot.app.clipboard)
        assert copied == dump(records_of(*captured()), as_json=False).splitlines()


async def test_hostile_frame_is_copied_as_text() -> None:
    async with running(FakeSource(Chunk(boot(b"\x1b]52;c;eA==\x07")))) as pilot:
        await sees(pilot, "header", "all read")
        await pilot.press("g", "Y")
        await until(pilot, lambda: r"\x1b]52" in pilot.app.clipboard)
        assert pilot.app.clipboard.isprintable()


@pytest.mark.parametrize("key", ["y", "Y"])
async def test_nothing_to_copy_is_reported(key: str) -> None:
    async with running(FakeSource(live=True, ends=False)) as pilot:
        await pilot.press(key)
        await sees(pilot, "traffic", "nothing to copy yet")
        assert pilot.app.clipboard == ""


async def test_what_is_reported_can_be_read_while_records_come() -> None:
    source = FakeSource(live=True, ends=False)
    async with running(source) as pilot:
        source.frames(parameter(1))
        await sees(pilot, "header", "1 record")
        await pilot.press("a")
        source.frames(parameter(2))
        await sees(pilot, "header", "2 records")
        assert "no fault after #1" in part(pilot, "traffic")
        await pilot.press("k")
        await until(pilot, lambda: "no fault" not in part(pilot, "traffic"))
