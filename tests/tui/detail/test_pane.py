"""Tests of what the detail pane shows of each kind of record."""

import re

import pytest

from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Chunk
from sniffer.tui.detail.pane import DetailPane, wrap_text
from tests.tui.detail.helpers import marked_text
from tests.tui.helpers import (
    FakeSource,
    part,
    replayed,
    running,
    sees,
    status_report,
    unknown_command,
    until,
)


async def test_field_and_its_bytes_are_marked_together() -> None:
    async with running(FakeSource(Chunk(status_report("Charging", volts=6), 1))) as pilot:
        await sees(pilot, "detail", "status report")
        await pilot.press("enter", "home")
        seen = []
        detail = pilot.app.screen.query_one(DetailPane)
        for _ in range(20):
            assert detail.chosen is not None
            seen.append((detail.chosen.name, marked_text(pilot)))
            await pilot.press("down")
        assert seen[:13] == [
            ("head", "BB"),
            ("sequence", "00 01"),
            ("command", "01"),
            ("length", "0B"),
            ("crc", seen[4][1]),
            ("connector", "01"),
            ("status", "02"),
            ("ocpp_error", "06"),
            ("unknown_3", seen[8][1]),
            ("m4_error", "00"),
            ("cp_voltage", seen[10][1]),
            ("board_temperature", "00"),
            ("connector_temperature", "00"),
        ]
        await pilot.press("up")
        assert detail.chosen is not None
        assert detail.chosen.name == "board_temperature"


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_chosen_field_is_in_sight_however_low_the_pane_is(size: tuple[int, int]) -> None:
    async with running(FakeSource(Chunk(status_report("Charging"), 1)), size) as pilot:
        await sees(pilot, "detail", "status report")
        await pilot.press("d", "G")
        assert re.search("▌ ?connect", part(pilot, "detail"))
        assert marked_text(pilot) == "00"
        await pilot.press("g")
        assert re.search("▌ ?head", part(pilot, "detail"))
        assert marked_text(pilot) == "BB"


async def test_provenance_and_what_it_claims() -> None:
    async with running(FakeSource(Chunk(status_report("Charging"), 1))) as pilot:
        await sees(pilot, "detail", "status report")
        shown = part(pilot, "detail")
        assert "verified" in shown
        assert "documented" in shown
        await pilot.press("d", "end", "up", "up")
        await sees(pilot, "detail", "assumed")
        assert "unknown" in part(pilot, "detail")
        assert "Control pilot voltage" in part(pilot, "detail")


async def test_unknown_command_has_its_bytes_and_a_field_for_them() -> None:
    async with running(FakeSource(Chunk(unknown_command(), 1))) as pilot:
        await sees(pilot, "detail", "command 7E (unknown)")
        assert "undefined" in part(pilot, "detail")
        assert marked_text(pilot) == "01 02"


async def test_noise_tells_its_reason() -> None:
    damaged = bytearray(status_report("Charging"))
    damaged[-1] ^= 0xFF
    async with running(FakeSource(Chunk(bytes(damaged), 1))) as pilot:
        await sees(pilot, "detail", "noise")
        shown = part(pilot, "detail")
        assert "BB 00 01 01" in shown
        assert "its CRC is wrong" in " ".join(shown.split())


async def test_long_noise_is_gone_through_with_the_keys() -> None:
    async with running(FakeSource(Chunk(bytes([1, 2, 3, 4]) * 60, 1)), (80, 24)) as pilot:
        await sees(pilot, "detail", "noise")
        await pilot.press("enter")
        assert " 00  01 02 03 04" in part(pilot, "detail")
        assert "E8 " not in part(pilot, "detail")
        await pilot.press("end")
        assert "E8 " in part(pilot, "detail")


async def test_log_line_tells_its_process_and_fields() -> None:
    async with replayed() as pilot:
        await pilot.press("colon", *"15", "enter")
        await sees(pilot, "detail", "pwrCom error Code")
        shown = part(pilot, "detail")
        assert "pwrCom error Code vol:4,8,9" in shown
        assert "[comproc]" in shown
        assert "documented" in shown


async def test_problem_is_shown() -> None:
    from sniffer.core.wire.links import PWR_TO_COM, PWRBOARD

    short = PWRBOARD.build(PWR_TO_COM.head, 1, 0x32, b"\x59\x2a")
    async with running(FakeSource(Chunk(short, 1))) as pilot:
        await sees(pilot, "detail", "payload has 2 bytes, not 6")


async def test_detail_follows_the_newest_record_until_it_is_opened() -> None:
    source = FakeSource(ends=False)
    async with running(source) as pilot:
        source.frames(status_report("Available"))
        await sees(pilot, "detail", "status report")
        source.frames(unknown_command())
        await until(pilot, lambda: "unknown" in part(pilot, "detail").splitlines()[1])
        await pilot.press("enter")
        source.frames(status_report("Preparing", sequence=9))
        await sees(pilot, "glance", "Preparing")
        assert "unknown" in part(pilot, "detail").splitlines()[1]


async def test_keys_do_no_harm_before_anything_was_read() -> None:
    async with running(FakeSource(ends=False)) as pilot:
        await sees(pilot, "detail", "nothing was read yet")
        await pilot.press("enter", "down", "up", "home", "end")
        assert "nothing was read yet" in part(pilot, "detail")


async def test_lost_source_has_a_sheet() -> None:
    source = FakeSource(LogLine(None, "a", "b"), ends=False)
    async with running(source) as pilot:
        source.fail("gone")
        await sees(pilot, "detail", "source lost: gone")


def test_wrapped_text_says_that_it_was_cut() -> None:
    lines = [line.plain for line in wrap_text("one two three four five six", 10, 2)]
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert [line.plain.strip() for line in wrap_text("one two", 10, 2)] == ["one two"]


async def test_the_advice_on_a_line_of_the_log_is_shown_as_a_whole() -> None:
    line = LogLine(1, "comproc", " inside error test : board warnning RelayAdhesion error ")
    async with running(FakeSource(line), (120, 36)) as pilot:
        await sees(pilot, "detail", "log line")
        shown = " ".join(part(pilot, "detail").split())
        assert "take the output as live until tested" in shown
        assert "not from the charger's document." in shown
