"""The search for a framing on the screen: given an unknown line, an offer, candidates, and a file that works."""

import asyncio
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Input

from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.items import Chunk
from sniffer.tui.screens import framing_dialog
from sniffer.tui.screens.framing_dialog import FramingDialog
from tests.core.discovery.makers import hdlc, make_traffic
from tests.core.discovery.protocols import make_session
from tests.tui.helpers import FakeSource, captured, part, running, screen, sees, until

DATA, TRUTH = make_session(3)
FOUND = "heads 7A, A1"
assert TRUTH.check
CHECK, CHECK_SIZE, _, CHECKED_FROM = TRUTH.check


pytestmark = pytest.mark.usefixtures("folder")


def unknown_line(*, live: bool = True) -> FakeSource:
    return FakeSource(Chunk(DATA, 1), live=live, name="/dev/ttyUSB0", baud=9600, ends=not live)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_an_unknown_line_is_offered_the_search_and_gives_a_definition(
    size: tuple[int, int], folder: Path
) -> None:
    async with running(unknown_line(), size) as pilot:
        await sees(pilot, "lost", "no known frames in 1")
        assert "at 9600: u looks for a framing" in part(pilot, "lost")
        await pilot.press("u")
        await until(pilot, lambda: FOUND in screen(pilot))
        check = f"check {CHECK} ({CHECK_SIZE} byte), from byte {CHECKED_FROM}"
        await until(pilot, lambda: check in screen(pilot))
        await until(pilot, lambda: "places with a head are frames" in screen(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: "saved; to use it: evse-sniff /dev/ttyUSB0" in screen(pilot))
        await pilot.press("escape")
        assert FOUND not in screen(pilot)
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    definition = load(packaged_files(), [("my.toml", file.read_text())])
    framer = Framer(definition.links.routes_in_bytes)
    assert sum(isinstance(item, Frame) for item in [*framer.feed(DATA), *framer.flush()]) > 90


async def test_frames_between_delimiters_give_a_definition(folder: Path) -> None:
    data = make_traffic(hdlc, 1, turns=60, noise=0)
    async with running(FakeSource(Chunk(data, 1), live=True, name="/dev/ttyUSB0", baud=9600)) as pilot:
        await until(pilot, lambda: "u looks for a framing" in screen(pilot))
        await pilot.press("u")
        await until(pilot, lambda: "no length: each frame ends with 7E, escape 7D" in screen(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: "saved; to use it: evse-sniff /dev/ttyUSB0" in screen(pilot))
    (file,) = folder.iterdir()
    definition = load(packaged_files(), [("my.toml", file.read_text())])
    framer = Framer(definition.links.routes_in_bytes)
    assert sum(isinstance(item, Frame) for item in [*framer.feed(data), *framer.flush()]) == 60


async def test_no_file_is_replaced(folder: Path) -> None:
    (folder / "my.toml").write_text("mine")
    async with running(unknown_line(live=False)) as pilot:
        await until(pilot, lambda: "u looks for a framing" in screen(pilot))
        await pilot.press("u")
        await until(pilot, lambda: FOUND in screen(pilot))
        pilot.app.screen.query_one("#file", Input).value = "my.toml"
        await pilot.press("enter")
        await until(pilot, lambda: "▲ my.toml: it is there already" in screen(pilot))
        pilot.app.screen.query_one("#file", Input).value = "my.txt"
        await pilot.press("enter")
        await until(pilot, lambda: "end in .toml" in screen(pilot))
    assert os.listdir(folder) == ["my.toml"]
    assert (folder / "my.toml").read_text() == "mine"


async def test_an_undetermined_part_is_reported() -> None:
    source = FakeSource(Chunk(bytes(3000), 1), live=True)
    async with running(source) as pilot:
        await until(pilot, lambda: "u looks for a framing" in screen(pilot))
        await pilot.press("u")
        await until(pilot, lambda: "Undetermined: no head and length" in screen(pilot))
        await pilot.press("enter", "escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, FramingDialog))


async def test_a_known_line_is_offered_nothing() -> None:
    async with running(FakeSource(*captured())) as pilot:
        await until(pilot, lambda: "all read" in screen(pilot))
        assert "looks for a framing" not in screen(pilot)


async def test_the_search_ends_when_the_dialog_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    began, ended = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def search(data: bytes, is_cancelled: Callable[[], bool]) -> list[object]:
        loop.call_soon_threadsafe(began.set)
        while not is_cancelled():
            pass
        loop.call_soon_threadsafe(ended.set)
        return []

    monkeypatch.setattr(framing_dialog, "find_framings", search)
    async with running(unknown_line()) as pilot:
        await pilot.press("u")
        await asyncio.wait_for(began.wait(), 100)
        await pilot.press("escape")
        await asyncio.wait_for(ended.wait(), 100)
