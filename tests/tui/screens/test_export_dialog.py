"""Exports by the keyboard: what the dialog tells, and the files that come of it."""

import gzip
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from textual.widgets import Input

from sniffer.core.record import Record
from sniffer.core.record_kind import RecordKind
from sniffer.core.wire.items import Chunk
from sniffer.formats.pcapng.blocks import MAGIC
from sniffer.tui.screens.export_dialog import ExportDialog
from tests.formats.test_registry import dump
from tests.records import records_of
from tests.tui.helpers import (
    FakeSource,
    captured,
    parameter,
    replayed,
    running,
    screen,
    sees,
    status_answer,
    status_report,
    until,
)
from tests.tui.screens.helpers import app, asked, complains, exported, named

pytestmark = pytest.mark.usefixtures("folder")


@dataclass(frozen=True)
class Noise:
    """Lets noise through, and needs the record to know."""

    def matches_kind(self, shape: RecordKind) -> bool | None:
        return None

    def matches(self, record: Record, before: int | None) -> bool:
        return hasattr(record.item, "reason")


async def test_enter_exports_the_session_as_a_capture_under_a_name_of_now(folder: Path) -> None:
    async with replayed((80, 24)) as pilot:
        await asked(pilot)
        assert "captures: every byte with its time, log texts and notes" in screen(pilot)
        assert "27 records. Captures hold no events: every reading" in screen(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "exported 27 records to evse-sniff-" in screen(pilot))
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
    async with running(FakeSource(*map(Chunk, reads))) as pilot:
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
        assert "exported 3 records" in screen(pilot)


async def test_filtered_part_is_exported_even_while_the_filter_still_looks() -> None:
    pieces = [piece for number in range(1000) for piece in (parameter(number), b"\1\2")]
    async with running(FakeSource(Chunk(b"".join([*pieces, parameter(1)])))) as pilot:
        await sees(pilot, "header", "2,001 records")
        app(pilot).session_view.set_filter("crc bad", Noise())
        assert app(pilot).session_view.is_filtering
        await named(pilot, "a.bin")
        assert "● filter: crc bad" in screen(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "exported 1,000 records" in screen(pilot))
        assert Path("a.bin").read_bytes() == b"\1\2" * 1000


async def test_filter_that_lets_nothing_through_writes_nothing(folder: Path) -> None:
    async with running(FakeSource(Chunk(parameter(1)))) as pilot:
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
        ("a.pcap", "the name has to end in .pcapng, .jsonl, .log, .txt,"),
        ("gone/a.txt", "there is no folder gone: make it first"),
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
    source = FakeSource(live=True, ends=False)
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
        await until(pilot, lambda: "exported 27 records" in screen(pilot))
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


async def test_session_that_grows_is_exported_as_it_was_at_enter() -> None:
    source = FakeSource(live=True, ends=False)
    async with running(source) as pilot:
        source.frames(*[parameter(number) for number in range(3000)])
        await sees(pilot, "header", "3,000 records")
        await named(pilot, "a.bin")
        await pilot.press("enter")
        source.frames(parameter(1))
        await until(pilot, lambda: "exported 3,000 records" in screen(pilot))
        assert Path("a.bin").read_bytes() == b"".join(parameter(number) for number in range(3000))
