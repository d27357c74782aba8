"""The screen shows that it records, and shouts where it does not; what it is used for changes nothing in the file."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from sniffer.recording.destination import SingleFile
from sniffer.recording.recorder import Recorder
from tests.tui.helpers import FakeSource, parameter, part, running, screen, sees, status_report, until
from tests.tui.screens.helpers import complains

NAME = "ttyUSB0-20261123-014500.pcapng"
PORT = "/dev/ttyUSB0"


def recorder_to(path: Path) -> Recorder:
    return Recorder(SingleFile(path), PORT, 115200)


def port() -> FakeSource:
    return FakeSource(live=True, ends=False, name=PORT, baud=115200)


@pytest.mark.parametrize(("size", "shown"), [((120, 36), f"● REC {NAME} 0."), ((80, 24), "● REC 0.")])
async def test_header_tells_of_the_recording(tmp_path: Path, size: tuple[int, int], shown: str) -> None:
    source, recorder = port(), recorder_to(tmp_path / NAME)
    async with running(source, size, recorder=recorder) as pilot:
        source.frames(status_report("Available"))
        await until(pilot, lambda: recorder.state.packets == 1)
        await sees(pilot, "header", shown)
        assert "NOT RECORDED" not in screen(pilot)


async def test_header_of_a_paused_narrow_screen_keeps_the_name_and_the_count(tmp_path: Path) -> None:
    source = port()
    async with running(source, (80, 24), recorder=recorder_to(tmp_path / NAME)) as pilot:
        source.frames(status_report("Available"))
        await sees(pilot, "header", "1 record")
        await pilot.press("space")
        source.frames(*(parameter(sequence) for sequence in range(12)))
        await sees(pilot, "header", "PAUSED +12 new")
        header = part(pilot, "header")
        assert "● REC" in header
        assert "13 records" in header
        assert header.rstrip().endswith("s")


async def test_without_a_recorder_nothing_is_reported() -> None:
    source = port()
    async with running(source) as pilot:
        source.frames(status_report("Available"))
        await sees(pilot, "header", "1 record")
        assert "REC" not in screen(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_recording_that_fails_is_shouted_until_it_goes_on(tmp_path: Path, size: tuple[int, int]) -> None:
    source, folder = port(), tmp_path / "stick"
    async with running(source, size, recorder=recorder_to(folder / NAME)) as pilot:
        source.frames(status_report("Available"))
        await until(pilot, lambda: "✕ NOT RECORDED: there is no such folder: make it first (" in screen(pilot))
        assert "● REC" not in part(pilot, "header")
        source.frames(parameter(1))
        await sees(pilot, "header", "2 records")
        folder.mkdir()
        await sees(pilot, "header", "● REC")
        assert "NOT RECORDED" not in screen(pilot)
    assert status_report("Available") in (folder / NAME).read_bytes()
    assert parameter(1) in (folder / NAME).read_bytes()


async def used(pilot: Pilot[None], source: FakeSource, *keys: str) -> None:
    for turn in range(20):
        source.frames(status_report("Available", sequence=turn), parameter(turn))
        if turn % 5 == 0:
            await pilot.press(*keys)
    await until(pilot, lambda: len(pilot.app.session_view.store) == 40)  # type: ignore[attr-defined]


async def test_whatever_the_screen_is_used_for_the_recording_is_the_same(tmp_path: Path) -> None:
    for name, keys in (("alone", ()), ("paused", ("space",)), ("left", ("k", "enter", "escape"))):
        source = port()
        async with running(source, recorder=recorder_to(tmp_path / name)) as pilot:
            await used(pilot, source, *keys)
    assert (tmp_path / "paused").read_bytes() == (tmp_path / "alone").read_bytes()
    assert (tmp_path / "left").read_bytes() == (tmp_path / "alone").read_bytes()


async def noted(pilot: Pilot[None], source: FakeSource) -> None:
    source.frames(parameter(1))
    await sees(pilot, "header", "1 record")
    await pilot.press("semicolon", *"look", "enter")
    await sees(pilot, "traffic", "✎ look")
    await pilot.press("q")


async def test_note_that_is_recorded_keeps_nobody_from_leaving(tmp_path: Path) -> None:
    source = port()
    async with running(source, recorder=recorder_to(tmp_path / NAME)) as pilot:
        await noted(pilot, source)
        await until(pilot, lambda: not pilot.app.is_running)
    assert b"note #1: look" in (tmp_path / NAME).read_bytes()


async def test_note_that_cannot_be_recorded_is_warned_of(tmp_path: Path) -> None:
    source = port()
    async with running(source, recorder=recorder_to(tmp_path / "none" / NAME)) as pilot:
        source.frames(parameter(0))
        await until(pilot, lambda: "NOT RECORDED" in screen(pilot))
        source.frames(parameter(1))
        await sees(pilot, "header", "2 records")
        await pilot.press("semicolon", *"look", "enter")
        await sees(pilot, "traffic", "✎ look")
        await pilot.press("q")
        await complains(pilot, "1 note is not exported")
