"""The list: what its rows show, how it follows, and how it stands still."""

import pytest

from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Chunk
from sniffer.tui.state.filter_scan import FilterScan
from sniffer.tui.traffic.row_renderer import CURSOR
from sniffer.tui.traffic.traffic_list import TrafficList
from tests.tui.helpers import (
    FakeSource,
    parameter,
    part,
    replayed,
    rows,
    running,
    sees,
    status_report,
    unknown_command,
    until,
)


def line_with(text: str, shown: str) -> str:
    """Return the only line of the screen that contains this text."""
    (found,) = (line for line in shown.splitlines() if text in line)
    return found


def chosen(shown: str) -> str:
    """Return the line under the cursor, or an empty text if it is not visible."""
    return next((line for line in shown.splitlines() if line.startswith(CURSOR)), "")


async def test_row_of_a_frame() -> None:
    async with replayed((200, 60)) as pilot:
        row = line_with("status report", part(pilot, "traffic"))
        assert row.split()[:4] == ["13", "00:00:49.000", "+2.000", "!"]
        assert "pwr>com" in row
        assert "61D9" in row
        assert "connector 1 Faulted, UnderVoltage, M4 4, CP 9 V" in row


async def test_events_stand_under_their_record() -> None:
    async with replayed((200, 60)) as pilot:
        lines = part(pilot, "traffic").splitlines()
        at = next(index for index, line in enumerate(lines) if "status report" in line)
        assert lines[at + 1].strip().startswith("» connector 1: first report → Faulted")
        assert lines[at + 2].strip().startswith("▲ fault raised: Under voltage (M4 4")


async def test_columns_give_way_to_the_summary() -> None:
    async with replayed((80, 24)) as pilot:
        row = line_with("status answer", part(pilot, "traffic"))
        assert "+0.000" not in row
        assert "61D9" not in row
        assert "00:00:49.000" in row
        assert "C1, pending  (answers #13)" in row


async def test_noise_log_text_and_unknown_commands_are_marked() -> None:
    source = FakeSource(LogLine(None, "comproc", "hello there"), Chunk(b"\x01\x02\x03" + unknown_command(), 5 * 10**9))
    async with running(source) as pilot:
        await sees(pilot, "traffic", "command 7E (unknown)")
        shown = part(pilot, "traffic")
        assert "~ noise" in line_with("garbage", shown)
        assert "3 bytes: 01 02 03" in line_with("garbage", shown)
        assert "¶ log" in line_with("hello there", shown)
        assert "? com>pwr" in line_with("7E (unknown)", shown)
        assert " - " in line_with("hello there", shown)


async def test_move_that_ocpp_does_not_allow_is_flagged() -> None:
    source = FakeSource()
    source = FakeSource(Chunk(status_report("Reserved"), 1), Chunk(status_report("Charging", sequence=2), 2))
    async with running(source) as pilot:
        await sees(pilot, "traffic", "not a move that OCPP allows")


async def test_list_follows_until_it_is_moved_and_again_on_request() -> None:
    source = FakeSource(live=True, ends=False)
    async with running(source) as pilot:
        source.frames(*(parameter(sequence) for sequence in range(50)))
        await until(pilot, lambda: " 50 " in chosen(part(pilot, "traffic")))
        assert "following" in part(pilot, "traffic")
        await pilot.press("k")
        assert " 49 " in chosen(part(pilot, "traffic"))
        still = part(pilot, "traffic").splitlines()[1:]
        source.frames(*(parameter(sequence) for sequence in range(50, 73)))
        await sees(pilot, "traffic", "+23 new")
        # The scroll bar moves in the last column; the rows do not.
        assert [line[:-1] for line in part(pilot, "traffic").splitlines()[1:]] == [line[:-1] for line in still]
        await pilot.press("G")
        await until(pilot, lambda: " 73 " in chosen(part(pilot, "traffic")))
        assert "following" in part(pilot, "traffic")
        source.frames(parameter(99))
        await until(pilot, lambda: " 74 " in chosen(part(pilot, "traffic")))


async def test_keys_move_the_cursor() -> None:
    source = FakeSource(*(Chunk(parameter(sequence), sequence) for sequence in range(100)))
    async with running(source) as pilot:
        await until(pilot, lambda: " 100 " in chosen(part(pilot, "traffic")))
        page = pilot.app.screen.query_one(TrafficList).size.height - 1
        for key, number in (
            ("home", 1),
            ("j", 2),
            ("down", 3),
            ("up", 2),
            ("k", 1),
            ("k", 1),
            ("pagedown", 1 + page),
            ("pageup", 1),
            ("end", 100),
            ("down", 100),
            ("g", 1),
        ):
            await pilot.press(key)
            assert f" {number} " in chosen(part(pilot, "traffic")), key


async def test_the_list_scrolls_by_one_row_where_the_cursor_leaves_it() -> None:
    source = FakeSource(*(Chunk(parameter(sequence), sequence) for sequence in range(100)))
    async with running(source) as pilot:
        await until(pilot, lambda: " 100 " in chosen(part(pilot, "traffic")))
        traffic = pilot.app.screen.query_one(TrafficList)
        await pilot.press("home", "pagedown")
        assert (traffic.scroll_offset.y, f" {traffic.size.height} " in chosen(part(pilot, "traffic"))) == (0, True)
        await pilot.press("down")
        assert traffic.scroll_offset.y == 1


async def test_a_filter_keeps_the_cursor_on_its_record_and_a_list_that_follows_at_its_end() -> None:
    source = FakeSource(*(Chunk(parameter(sequence), sequence) for sequence in range(40)), ends=False)
    async with running(source) as pilot:
        await until(pilot, lambda: " 40 " in chosen(part(pilot, "traffic")))
        await pilot.press("f", *"number <= 35", "enter")
        await until(pilot, lambda: " 35 " in chosen(part(pilot, "traffic")))
        await sees(pilot, "traffic", "35 found ")
        await pilot.press("home", *["j"] * 11)
        assert " 12 " in chosen(part(pilot, "traffic"))
        await pilot.press("f", "ctrl+u", *"number <= 20", "enter")
        await sees(pilot, "traffic", "20 found ")
        assert " 12 " in chosen(part(pilot, "traffic"))


@pytest.fixture
def slices(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Let a filter examine 16 records for each entry of this list, and no more."""
    allowed: list[None] = []
    run_for = FilterScan.run_for

    def run_one(scan: FilterScan, seconds: float) -> None:
        if allowed:
            allowed.pop()
            run_for(scan, -1.0)

    monkeypatch.setattr(FilterScan, "run_for", run_one)
    return allowed


async def test_the_cursor_moves_on_to_its_record_when_the_filter_has_found_it(slices: list[None]) -> None:
    source = FakeSource(*(Chunk(parameter(sequence), sequence) for sequence in range(60)), ends=False)
    async with running(source) as pilot:
        await until(pilot, lambda: " 60 " in chosen(part(pilot, "traffic")))
        await pilot.press("colon", *"5", "enter")
        assert " 5 " in chosen(part(pilot, "traffic"))
        slices += [None]
        await pilot.press("f", *"number != 20", "enter")
        await until(pilot, lambda: "looking" in part(pilot, "traffic") and chosen(part(pilot, "traffic")) != "")
        assert " 5 " not in chosen(part(pilot, "traffic"))
        slices += [None] * 9
        await sees(pilot, "traffic", "59 found ")
        assert " 5 " in chosen(part(pilot, "traffic"))


async def test_the_oldest_row_is_that_of_the_whole_filter_unless_the_cursor_was_moved_since(slices: list[None]) -> None:
    source = FakeSource(*(Chunk(parameter(sequence), sequence) for sequence in range(60)), ends=False)
    async with running(source) as pilot:
        await until(pilot, lambda: " 60 " in chosen(part(pilot, "traffic")))
        for keys, number in ((["home"], 1), (["home", "end", "k"], 59)):
            slices += [None]
            await pilot.press("end", "f", "ctrl+u", *f"number != {10 + number}", "enter")
            await until(pilot, lambda: "looking" in part(pilot, "traffic") and " 60 " in chosen(part(pilot, "traffic")))
            await pilot.press(*keys)
            assert " 1 " not in chosen(part(pilot, "traffic"))
            slices += [None] * 9
            await until(pilot, lambda: "looking" not in part(pilot, "traffic"))
            assert f" {number} " in chosen(part(pilot, "traffic"))
            slices.clear()


async def test_a_jump_to_a_record_that_the_filter_has_not_examined_yet_arrives_later(slices: list[None]) -> None:
    source = FakeSource(*(Chunk(parameter(sequence), sequence) for sequence in range(60)), ends=False)
    async with running(source) as pilot:
        await until(pilot, lambda: " 60 " in chosen(part(pilot, "traffic")))
        slices += [None]
        await pilot.press("f", *"number != 20", "enter")
        await sees(pilot, "traffic", "looking")
        await pilot.press("colon", *"7", "enter")
        await sees(pilot, "traffic", "#7 was not examined by the filter yet")
        slices += [None] * 9
        await until(pilot, lambda: " 7 " in chosen(part(pilot, "traffic")))


async def test_follow_is_toggled() -> None:
    source = FakeSource(live=True, ends=False)
    async with running(source) as pilot:
        source.frames(*(parameter(sequence) for sequence in range(27)))
        await until(pilot, lambda: " 27 " in chosen(part(pilot, "traffic")))
        await pilot.press("F")
        assert "following" not in part(pilot, "traffic")
        await pilot.press("g", "F")
        assert "following" in part(pilot, "traffic")
        assert " 27 " in chosen(part(pilot, "traffic"))
        await pilot.press("j")
        assert "following" in part(pilot, "traffic")


async def test_mouse_chooses_and_its_wheel_scrolls() -> None:
    source = FakeSource(live=True, ends=False)
    async with running(source) as pilot:
        source.frames(*(parameter(sequence) for sequence in range(60)))
        await until(pilot, lambda: " 60 " in chosen(part(pilot, "traffic")))
        traffic = pilot.app.screen.query_one(TrafficList)
        number = rows(pilot)[traffic.region.y + 3].split()[0]
        await pilot.click(TrafficList, offset=(20, 3))
        assert chosen(part(pilot, "traffic")).split()[1] == number
        top = traffic.scroll_offset.y
        for _ in range(3):
            await pilot._post_mouse_events([_wheel_up()], widget=traffic, offset=(20, 3))
        await until(pilot, lambda: traffic.scroll_offset.y < top)
        before = traffic.scroll_offset.y
        source.frames(parameter(61))
        await sees(pilot, "traffic", "+1 new")
        assert traffic.scroll_offset.y == before


def _wheel_up() -> type:
    from textual.events import MouseScrollUp

    return MouseScrollUp
