"""Tests of the cursor of the timeline pane: its keys, the mouse, and the jumps that it asks for."""

import pytest
from textual.binding import Binding

from sniffer.tui.timeline.pane import PENDING_JUMPS_KEPT, TimelinePane
from sniffer.tui.timeline.render import NAME_WIDTH
from tests.history.helpers import SimulatedSession
from tests.tui.timeline.helpers import cursor_column, fault_record, fault_session, readout_line, running_pane


def test_keys_of_the_timeline_are_explained_in_the_help_and_take_no_room_in_the_key_bar() -> None:
    bindings = [binding for binding in TimelinePane.BINDINGS if isinstance(binding, Binding)]
    assert len(bindings) == len(TimelinePane.BINDINGS)
    assert all(binding.tooltip and not binding.show for binding in bindings)


async def test_cursor_begins_at_the_end() -> None:
    session = fault_session()
    async with running_pane(session) as (host, pilot):
        assert f"#{session.timeline.count}" in await readout_line(pilot)
        assert host.jumps == []


async def test_left_and_right_move_by_a_column_and_the_list_with_it() -> None:
    async with running_pane(fault_session()) as (host, pilot):
        at = await cursor_column(pilot)
        await pilot.press("left", "left", "right")
        assert await cursor_column(pilot) == at - 1
        assert len(host.jumps) == 3
        assert host.jumps[0] == host.jumps[2] > host.jumps[1]
        assert f"#{host.jumps[-1]} " in await readout_line(pilot)


async def test_cursor_stays_on_the_axis() -> None:
    async with running_pane(fault_session()) as (host, pilot):
        await pilot.press("right", "right")
        end = await cursor_column(pilot)
        await pilot.press("g", "left", "left")
        assert await cursor_column(pilot) == 0
        assert host.jumps[-1] == 1
        await pilot.press("G")
        assert await cursor_column(pilot) == end


@pytest.mark.parametrize(("first", "last"), [("g", "G"), ("home", "end")])
async def test_keys_go_to_both_ends_of_the_session(first: str, last: str) -> None:
    session = fault_session()
    async with running_pane(session) as (host, pilot):
        await pilot.press(first)
        assert "announces itself" in await readout_line(pilot)
        await pilot.press(last)
        assert host.jumps[0] == 1
        assert host.jumps[1] >= session.timeline.count - 1


@pytest.mark.parametrize(
    ("before", "after"), [("left_square_bracket", "right_square_bracket"), ("shift+left", "shift+right")]
)
async def test_jumps_from_event_to_event(before: str, after: str) -> None:
    session = fault_session()
    async with running_pane(session) as (host, pilot):
        events = ("® registered", "announces itself", "▽ fault cleared", "▲ fault raised", "® registered")
        for words in (*events, "announces itself"):
            await pilot.press(before)
            assert words in await readout_line(pilot)
        await pilot.press(before)
        assert len(host.jumps) == 6
        await pilot.press(after, after)
        assert "▲ fault raised" in await readout_line(pilot)
        assert host.jumps[-1] == host.jumps[3] == fault_record(session)
        for _ in range(4):
            await pilot.press(after)
        assert len(host.jumps) == 11
        assert "® registered" in await readout_line(pilot)


async def test_jumps_pass_over_noise() -> None:
    session = SimulatedSession().report("Charging", cp=12).wait(60).noise().wait(60).fault().wait(60).noise()
    async with running_pane(session) as (host, pilot):
        await pilot.press("left_square_bracket", "left_square_bracket")
        await pilot.pause()
        assert host.jumps == [3, 1]


async def test_column_in_which_something_happened_leads_to_that_record() -> None:
    session = fault_session()
    async with running_pane(session, (40, 14)) as (host, pilot):
        await pilot.press("g")
        while "▲" not in await readout_line(pilot):
            await pilot.press("right")
        await pilot.pause()
        assert host.jumps[-1] == fault_record(session)


async def test_click_goes_to_the_column() -> None:
    async with running_pane(fault_session()) as (host, pilot):
        await pilot.click(host.timeline, offset=(NAME_WIDTH + 20, 5))
        assert await cursor_column(pilot) == 20
        assert len(host.jumps) == 1
        await pilot.click(host.timeline, offset=(2, 5))
        await pilot.click(host.timeline, offset=(98, 5))
        assert await cursor_column(pilot) == 20
        assert len(host.jumps) == 1


async def test_list_moves_the_cursor_and_hears_nothing_of_it() -> None:
    session = fault_session()
    async with running_pane(session) as (host, pilot):
        host.timeline.point(fault_record(session))
        assert "▲ fault raised" in await readout_line(pilot)
        host.timeline.point(1)
        assert await cursor_column(pilot) == 0
        assert host.jumps == []


async def test_what_the_list_says_of_a_jump_does_not_move_the_cursor_back() -> None:
    """In a long silence several columns have the same nearest record."""
    session = SimulatedSession().plain(20).wait(600).plain()
    async with running_pane(session) as (host, pilot):
        await pilot.press("g", "right", "right", "right")
        await pilot.pause()
        for number in host.jumps:
            host.timeline.point(number)
        assert await cursor_column(pilot) == 3
        host.timeline.point(21)
        assert await cursor_column(pilot) > 3


async def test_jumps_that_nobody_answers_are_forgotten() -> None:
    session = fault_session()
    async with running_pane(session) as (host, pilot):
        for _ in range(PENDING_JUMPS_KEPT // 2 + 5):
            await pilot.press("left", "right")
        host.timeline.point(1)
        assert await cursor_column(pilot) == 0
