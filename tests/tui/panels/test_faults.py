"""The faults panel: what is chosen stays chosen, Enter opens its card, `o` leads to the frame that raised it."""

import pytest
from textual.pilot import Pilot

from sniffer.base.times import SECOND
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.wire.items import Chunk
from sniffer.tui.screens.fault_card import FaultCardScreen
from tests.tui.helpers import (
    FakeSource,
    boot,
    parameter,
    part,
    replayed,
    rows,
    running,
    screen,
    sees,
    status_report,
    until,
)


def marked(pilot: Pilot[None]) -> list[str]:
    """Return the first line of the item under the cursor."""
    lines = [row.strip("│") for row in part(pilot, "faults").splitlines()]
    return [line[1:].strip() for line in lines if line.startswith("▌")][:1]


def faulted(connector: int, sequence: int, ocpp_error: str = "UnderVoltage", m4_error: int = 4) -> bytes:
    return status_report("Faulted", connector=connector, sequence=sequence, ocpp_error=ocpp_error, m4_error=m4_error)


async def test_faults_stand_in_the_order_in_which_they_were_raised() -> None:
    source = FakeSource(ends=False)
    async with running(source, (200, 60)) as pilot:
        await pilot.press("2", "backslash")
        source.frames(faulted(1, 1), faulted(2, 2, "OverCurrentFailure", 0), faulted(1, 3), parameter(9))
        await sees(pilot, "faults", "2 reports")
        shown = part(pilot, "faults")
        assert shown.index("▲ Under voltage") < shown.index("▲ Over current")


async def test_cursor_goes_over_active_and_past_faults() -> None:
    source = FakeSource(ends=False)
    async with running(source, (200, 60)) as pilot:
        await pilot.press("2", "backslash")
        source.frames(faulted(2, 1), status_report("Available", connector=2, sequence=2), faulted(1, 3))
        await sees(pilot, "faults", "1 FAULT")
        assert marked(pilot) == ["▲ Under voltage  connector 1"]
        await pilot.press("j")
        await until(pilot, lambda: marked(pilot) == ["▽ Under voltage"])
        await pilot.press("k")
        await until(pilot, lambda: marked(pilot) == ["▲ Under voltage  connector 1"])


async def test_cursor_stays_on_its_fault_while_others_come_and_when_it_is_over() -> None:
    source = FakeSource(ends=False)
    async with running(source, (200, 60)) as pilot:
        await pilot.press("2", "backslash")
        source.frames(faulted(1, 1), faulted(2, 2, "OverCurrentFailure", 0))
        await sees(pilot, "faults", "2 FAULTS")
        await pilot.press("j")
        await until(pilot, lambda: marked(pilot) == ["▲ Over current  connector 2"])
        source.frames(status_report("Available", connector=1, sequence=3))
        await sees(pilot, "faults", "1 FAULT")
        assert marked(pilot) == ["▲ Over current  connector 2"]
        source.frames(status_report("Available", connector=2, sequence=4))
        await until(pilot, lambda: marked(pilot) == ["▽ Over current"])
        source.frames(faulted(1, 5))
        await sees(pilot, "faults", "1 FAULT")
        assert marked(pilot) == ["▽ Over current"]


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
async def test_key_leads_to_the_frame_that_raised_the_fault(size: tuple[int, int]) -> None:
    source = FakeSource(live=True, ends=False)
    async with running(source, size) as pilot:
        source.frames(parameter(1), faulted(1, 2), parameter(3), status_report("Available", sequence=4), parameter(5))
        await sees(pilot, "traffic", "fault cleared")
        await pilot.press("2", "o")
        await sees(pilot, "detail", "#2 ")
        source.frames(faulted(1, 6), parameter(7))
        await sees(pilot, "faults", "1 FAULT")
        await pilot.press("g", "o")
        await sees(pilot, "detail", "#6 ")


@pytest.mark.parametrize("key", ["escape", "q", "enter"])
async def test_card_opens_and_closes(key: str) -> None:
    async with replayed((120, 60)) as pilot:
        await pilot.press("2", "enter")
        await until(pilot, lambda: "Under voltage (documented), connector 1" in screen(pilot))
        shown = screen(pilot)
        for text in ("seen here: M4 4, OCPP 14 UnderVoltage, vendor 0x200208", "0x200208 = 2097672", "measure first"):
            assert text in shown
        await pilot.press(key)
        await until(pilot, lambda: not isinstance(pilot.app.screen, FaultCardScreen))
        assert pilot.app.is_running


async def test_card_of_codes_that_mean_several_rows_has_all_of_them_and_scrolls() -> None:
    source = FakeSource(ends=False)
    async with running(source, (80, 24)) as pilot:
        source.frames(faulted(1, 1, "PowerMeterFailure", 0))
        await sees(pilot, "glance", "Meter")
        await pilot.press("2", "enter")
        await until(pilot, lambda: "those of 3 rows" in screen(pilot))
        assert "Meter data fault  (documented)" in screen(pilot)
        assert "Power sequence fault  (documented)" not in screen(pilot)
        await pilot.press("pagedown", "j", "space", "k", "G")
        await until(pilot, lambda: "Meter data fault  (documented)" not in screen(pilot))
        await pilot.press("g")
        await until(pilot, lambda: "those of 3 rows" in screen(pilot))
        assert all(len(row) == 80 for row in rows(pilot))


async def test_card_has_its_dangers_the_safety_line_and_the_first_step_on_the_smallest_terminal() -> None:
    async with replayed((80, 24)) as pilot:
        await pilot.press("2", "enter")
        await until(pilot, lambda: "1. Phase voltages on the tool" in screen(pilot))
        for text in ("DANGER: Phases that swing apart", "Qualified persons only, not alone", "N or PEN: stop."):
            assert text in screen(pilot)


async def test_card_of_codes_that_no_row_names_says_so() -> None:
    source = FakeSource(ends=False)
    async with running(source) as pilot:
        source.frames(faulted(1, 1, "NoError", 77))
        await sees(pilot, "glance", "unknown fault")
        await pilot.press("2", "enter")
        await until(pilot, lambda: "No row of the error table has these codes" in screen(pilot))
        assert "≠ M4 77 is in no row of the error table" in screen(pilot)


async def test_card_of_codes_that_disagree_has_the_rows_of_all() -> None:
    source = FakeSource(ends=False)
    async with running(source, (120, 90)) as pilot:
        source.frames(faulted(1, 1, "OverVoltage", 4))
        await sees(pilot, "faults", "1 FAULT")
        await pilot.press("2", "enter")
        await until(pilot, lambda: "≠ the codes disagree" in screen(pilot))
        assert "Under voltage  (documented)" in screen(pilot)
        assert "Over voltage  (documented)" in screen(pilot)


async def test_card_of_a_past_fault() -> None:
    source = FakeSource(ends=False)
    async with running(source) as pilot:
        source.frames(faulted(1, 1), status_report("Available", sequence=2))
        await sees(pilot, "faults", "▽ Under voltage")
        await pilot.press("2", "enter")
        await until(pilot, lambda: "by the error table: vendor 0x200208" in screen(pilot))


async def test_reading_goes_on_under_the_card() -> None:
    source = FakeSource(ends=False)
    async with running(source) as pilot:
        source.frames(faulted(1, 1))
        await sees(pilot, "faults", "1 FAULT")
        await pilot.press("2", "enter")
        assert isinstance(pilot.app.screen, FaultCardScreen)
        source.frames(status_report("Available", sequence=2), boot(b"1", 3))
        await pilot.press("q")
        await sees(pilot, "faults", "no active fault")


async def test_card_is_written_anew_for_another_width() -> None:
    async with replayed((120, 60)) as pilot:
        await pilot.press("2", "enter")
        await until(pilot, lambda: "measure first" in screen(pilot))
        await pilot.resize_terminal(50, 24)
        await until(pilot, lambda: all(len(row) == 50 for row in rows(pilot)) and "electrically" in screen(pilot))
        lines = [row.strip(" │▎") for row in rows(pilot)]
        assert not any(line.endswith("…") for line in lines)


async def test_history_has_counts_durations_and_times() -> None:
    source = FakeSource(ends=False)
    async with running(source, (200, 60)) as pilot:
        await pilot.press("2", "backslash")
        for turn, seconds in enumerate((10, 30)):
            source.time = turn * 100 * SECOND
            source.give(Chunk(faulted(1, 2 * turn), source.time))
            source.time += seconds * SECOND
            source.give(Chunk(status_report("Available", sequence=2 * turn + 1), source.time))
        await sees(pilot, "faults", "2 times  40 s in all  the last 30 s  00:00:00.000 to 00:02:10.000")


async def test_fault_with_all_its_codes() -> None:
    async with replayed() as pilot:
        shown = part(pilot, "faults")
        for text in (
            "▲ Under voltage",
            "M4 4",
            "OCPP 14 UnderVoltage",
            "vendor 0x200208",
            "since 00:00:49.000",
            "for 3 s",
        ):
            assert text in shown


async def test_code_that_nobody_sent_is_marked() -> None:
    report = status_report("Faulted", ocpp_error="UnderVoltage", m4_error=4)
    async with running(FakeSource(Chunk(report, 1))) as pilot:
        await sees(pilot, "faults", "vendor 0x200208 by table")
        assert "M4 4 by table" not in part(pilot, "faults")


async def test_cleared_fault_leaves_calm() -> None:
    source = FakeSource(ends=False)
    async with running(source) as pilot:
        await sees(pilot, "faults", "faults unknown")
        source.frames(status_report("Faulted", ocpp_error="UnderVoltage", m4_error=4))
        await sees(pilot, "faults", "1 FAULT")
        source.frames(status_report("Available", sequence=2))
        await sees(pilot, "faults", "no active fault")
        assert "▽ fault cleared" in part(pilot, "traffic")
        assert "no active fault · 1 earlier (a)" in part(pilot, "glance")


async def test_fault_shows_what_reported_it_and_what_came_before() -> None:
    async with replayed((120, 60)) as pilot:
        await pilot.press("2", "backslash")
        await sees(pilot, "faults", "reported by  #13  #14  #15  #16  #17")
        assert "in the ten seconds before" in part(pilot, "faults")
        assert "00:00:47.000  the power board announces itself" in part(pilot, "faults")


async def test_codes_that_disagree_and_codes_that_nobody_knows_are_shown() -> None:
    report = status_report("Faulted", ocpp_error="OverVoltage", m4_error=4)
    async with running(FakeSource(Chunk(report, 1))) as pilot:
        await pilot.press("2", "backslash")
        await sees(pilot, "faults", "≠ the codes disagree: M4 4 says Under voltage, OCPP 9 OverVoltage says Over")
    async with running(FakeSource(Chunk(status_report("Faulted", m4_error=77), 1))) as pilot:
        await pilot.press("2", "backslash")
        await sees(pilot, "faults", "≠ M4 77 is in no row of the error table")


async def test_faults_that_are_over_are_kept_by_kind() -> None:
    source = FakeSource(ends=False)
    async with running(source) as pilot:
        await pilot.press("2", "backslash")
        for turn in range(3):
            source.frames(status_report("Faulted", ocpp_error="UnderVoltage", m4_error=4, sequence=2 * turn + 1))
            source.frames(status_report("Available", sequence=2 * turn + 2))
        await sees(pilot, "faults", "3 times  3 s in all  the last 1 s  00:00:01.000 to 00:00:06.000")
        source.frames(status_report("Faulted", ocpp_error="UnderVoltage", m4_error=4, sequence=9))
        await sees(pilot, "faults", "4 times so far")


async def test_a_line_that_fell_silent_has_no_green_sign() -> None:
    source = FakeSource(live=True, ends=False)
    async with running(source) as pilot:
        source.frames(parameter(1), status_report("Available"))
        await sees(pilot, "faults", "✓ no active fault")
        source.time = (source.time or 0) + 42 * SECOND
        await sees(pilot, "faults", "◌ faults unknown (none 42 s ago)")
        assert "✓" not in part(pilot, "faults")


MUTE = """
[[link]]
name = "heater"
heads = { "board>panel" = "5A" }
length = { at = 1, size = 1, adds = 3 }
payload = 2
check = { name = "xor" }
"""


async def test_what_no_field_tells_is_not_known() -> None:
    definition = load(packaged_files(), [("my.toml", MUTE)])
    frames = Chunk(bytes.fromhex("5a 01 07 5c"), SECOND)
    async with running(FakeSource(frames), definition=definition) as pilot:
        await sees(pilot, "faults", "faults are not known: no field")
        await sees(pilot, "connector", "states are not known: no field")
