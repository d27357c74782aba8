"""Tests of the keys and the mouse of the detail pane: bytes, changes, copying and filters."""

import pytest
from textual.app import App

from sniffer.base.times import SECOND
from sniffer.core.wire.items import Chunk
from sniffer.tui.bars.key_bar import KeyBar
from sniffer.tui.detail.pane import DetailPane
from tests.tui.detail.helpers import find_text, marked_text
from tests.tui.helpers import (
    FakeSource,
    boot,
    parameter,
    part,
    replayed,
    running,
    sees,
    status_answer,
    status_report,
    until,
)


async def test_byte_after_byte_is_chosen_with_the_field_that_holds_it() -> None:
    async with running(FakeSource(Chunk(status_report("Charging", volts=9), 1))) as pilot:
        await sees(pilot, "detail", "status report")
        await pilot.press("d")
        detail = pilot.app.screen.query_one(DetailPane)
        frame = status_report("Charging", volts=9)
        await pilot.press("home", "right")
        for at in range(len(frame)):
            assert (detail.byte, marked_text(pilot)) == (at, f"{frame[at]:02X}")
            assert detail.chosen is not None
            assert at in range(detail.chosen.start, detail.chosen.end)
            assert f"byte {at:02X}: {frame[at]:02X} = {frame[at]} = " in part(pilot, "detail")
            await pilot.press("right")
        assert detail.byte == len(frame) - 1
        await pilot.press("left")
        assert detail.byte == len(frame) - 2
        await pilot.press("down")
        assert detail.byte is None
        assert detail.chosen is not None
        assert detail.chosen.name == "connector"
        await pilot.press("end", "left")
        assert detail.byte == 15


async def test_noise_has_a_byte_cursor_too() -> None:
    async with running(FakeSource(Chunk(bytes([1, 2, 3, 4]) * 60, 1)), (80, 24)) as pilot:
        await sees(pilot, "detail", "noise")
        detail = pilot.app.screen.query_one(DetailPane)
        await pilot.press("d", "right", "right")
        assert (detail.byte, marked_text(pilot)) == (1, "02")
        await pilot.press("down")
        assert detail.byte == 9
        await pilot.press("end", "right", "right")
        assert detail.byte == 239
        await pilot.press("home", "left")
        assert detail.byte == 0


async def test_keys_do_no_harm_where_there_are_no_bytes() -> None:
    async with replayed() as pilot:
        await pilot.press("g", "d", "left", "right", "h", "enter")
        assert pilot.app.screen.query_one(DetailPane).byte is None


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_mouse_chooses_fields_and_bytes(size: tuple[int, int]) -> None:
    async with running(FakeSource(Chunk(boot(b"10427240"), 1)), size) as pilot:
        await sees(pilot, "detail", "announcement answer")
        await pilot.press("d", "G")
        detail = pilot.app.screen.query_one(DetailPane)
        x, y = find_text(pilot, "[31 30")
        await pilot.click(DetailPane, offset=(x + 1, y))
        assert (detail.byte, marked_text(pilot)) == (14, "31")
        assert detail.chosen is not None
        assert detail.chosen.name == "charge_point_id"
        x, y = find_text(pilot, "······10")
        await pilot.click(DetailPane, offset=(x + 7, y))
        assert (detail.byte, marked_text(pilot)) == (15, "30")
        await pilot.press("up")
        assert detail.chosen.name == "unknown_3"
        x, y = find_text(pilot, " charge_poi")
        await pilot.click(DetailPane, offset=(x + 3, y))
        assert detail.byte is None
        assert detail.chosen.name == "charge_point_id"
        heading = [find_text(pilot, "payload  ")] if "payload  " in part(pilot, "detail") else []
        for nowhere in (*heading, (1, 1)):
            await pilot.click(DetailPane, offset=nowhere)
            assert detail.chosen.name == "charge_point_id"


async def test_changes_are_marked_when_asked_for() -> None:
    source = FakeSource(
        Chunk(status_report("Available", volts=12), 1),
        Chunk(parameter(5), 2),
        Chunk(status_report("Charging", volts=6, sequence=2), 3),
    )
    async with running(source, (200, 60)) as pilot:
        await sees(pilot, "detail", "#3 status report")
        assert "Δ" not in part(pilot, "detail")
        await pilot.press("d", "h")
        shown = part(pilot, "detail")
        assert "changed since #1: status, cp_voltage" in shown
        assert "Δstatus" in shown
        assert "Charging  was Available" in shown
        assert "Δcp_voltage" in shown
        assert "Δ06" in shown
        assert "Δsequence" not in shown
        await pilot.press("h")
        await until(pilot, lambda: "Δ" not in part(pilot, "detail"))
        await pilot.press("h", "escape", "g")
        await sees(pilot, "detail", "#1 status report")
        assert "nothing to compare with" in part(pilot, "detail")


async def test_earlier_value_is_shown_below_where_it_has_no_room_beside() -> None:
    frames = [
        Chunk(status_report(status, sequence=turn), turn + 1)
        for turn, status in enumerate(("SuspendedEVSE", "Faulted"))
    ]
    async with running(FakeSource(*frames), (80, 24)) as pilot:
        await sees(pilot, "detail", "#2 ")
        await pilot.press("d", "h", "down")
        assert "was SuspendedEVSE." in part(pilot, "detail")


async def test_answer_and_request_lead_to_each_other() -> None:
    source = FakeSource(
        Chunk(status_report("Charging"), SECOND), Chunk(status_answer(1), SECOND + 4_200_001), live=True
    )
    async with running(source, (200, 60)) as pilot:
        await sees(pilot, "detail", "answers #1 after 4.2 ms")
        await pilot.press("d", "enter")
        await sees(pilot, "detail", "#1 status report")
        await sees(pilot, "detail", "answered by #2 after 4.2 ms")
        await pilot.press("d")


async def test_exchange_has_a_line_of_its_own_where_the_first_is_full() -> None:
    source = FakeSource(Chunk(status_report("Charging"), SECOND), Chunk(status_answer(1), SECOND + 4_200_001))
    async with running(source, (80, 24)) as pilot:
        await sees(pilot, "detail", "answers #1 after 4.2 ms")
        assert part(pilot, "detail").splitlines()[2].strip().startswith("answers")


class Clipboard:
    """The texts that were copied, and the notices about them."""

    def __init__(self, app: App[None], monkeypatch: pytest.MonkeyPatch) -> None:
        self.texts: list[str] = []
        self.said: list[str] = []
        monkeypatch.setattr(app, "copy_to_clipboard", self.texts.append)
        monkeypatch.setattr(app.screen.query_one(KeyBar), "report", self.said.append)


async def test_field_is_copied_as_text_and_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(FakeSource(Chunk(status_report("Charging", volts=9), 1))) as pilot:
        await sees(pilot, "detail", "status report")
        copied = Clipboard(pilot.app, monkeypatch)
        await pilot.press("d", "down", "y", "end", "left", "y")
        assert copied.texts == ["status = Charging", "00"]
        assert copied.said == ["copied: status = Charging", "copied: 00"]


async def test_noise_is_copied_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(FakeSource(Chunk(b"\1\2\x1b", 1))) as pilot:
        await sees(pilot, "detail", "noise")
        copied = Clipboard(pilot.app, monkeypatch)
        await pilot.press("d", "y", "right", "y")
        assert copied.texts == ["01 02 1B"] * 2


@pytest.mark.parametrize(
    ("raw", "shown"), [(b"[/]", "[/]"), (b"\x1b]0;t\x07", r"\x1b]0;t\x07"), (b"[red]x", "[red]x"), (b"z" * 25, "zzzz")]
)
async def test_what_is_copied_is_harmless(raw: bytes, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(FakeSource(Chunk(boot(raw), 1))) as pilot:
        await sees(pilot, "detail", "announcement answer")
        copied = Clipboard(pilot.app, monkeypatch)
        await pilot.press("d", "G", "y")
        assert copied.said[0].startswith(f"copied: charge_point_id = {shown}")
        (text,) = copied.texts
        assert text.startswith(f"charge_point_id = {shown}")
        assert text.isprintable()


async def test_filter_for_the_value_of_a_field() -> None:
    source = FakeSource(
        Chunk(status_report("Available"), 1),
        Chunk(status_report("Charging", volts=6, sequence=2), 2),
        Chunk(parameter(3), 3),
    )
    async with running(source) as pilot:
        await sees(pilot, "traffic", "acceptance")
        await pilot.press("k", "k", "d", "down", "equals_sign")
        await sees(pilot, "traffic", "filter: status == Charging: 1 found")


async def test_filter_for_the_value_in_a_log_line() -> None:
    async with replayed() as pilot:
        await pilot.press("colon", *"15", "enter")
        await sees(pilot, "detail", "pwrCom error Code")
        await pilot.press("d", "equals_sign")
        await sees(pilot, "traffic", "filter: m4_error == 4")


async def test_chosen_byte_stays_from_frame_to_frame_of_one_shape() -> None:
    source = FakeSource(*(Chunk(status_report("Available", sequence=turn), turn + 1) for turn in range(3)))
    async with running(source) as pilot:
        await sees(pilot, "detail", "#3 status report")
        await pilot.press("d", "right", "right", "escape", "k")
        await sees(pilot, "detail", "#2 status report")
        assert pilot.app.screen.query_one(DetailPane).byte == 6
