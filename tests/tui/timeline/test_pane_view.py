"""Tests of the part of the session that the timeline pane shows: zoom, replay, live sessions and sizes."""

import unicodedata

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from sniffer.base.times import SECOND
from sniffer.core.charger.events import StatusChanged
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.tap_events import SourceLost
from sniffer.core.record import Record
from sniffer.tui.timeline.pane import REDRAW_INTERVAL, TimelinePane
from tests.history.helpers import START, SimulatedSession
from tests.tui.helpers import part, rows, screen
from tests.tui.timeline.helpers import cursor_column, fault_record, fault_session, readout_line, running_pane


async def test_zoom_keeps_the_cursor_and_goes_back() -> None:
    session = fault_session()
    async with running_pane(session) as (host, pilot):
        host.timeline.point(fault_record(session))
        at = await cursor_column(pilot)
        all_of_it = part(pilot, "timeline")
        assert "whole session" in all_of_it
        await pilot.press("plus", "plus")
        assert await cursor_column(pilot) == at
        assert "zoomed" in part(pilot, "timeline")
        assert "▲ fault raised" in await readout_line(pilot)
        await pilot.press("minus", "minus")
        await pilot.pause()
        assert part(pilot, "timeline") == all_of_it
        await pilot.press("plus", "0")
        await pilot.pause()
        assert part(pilot, "timeline") == all_of_it


async def test_zoom_ends_at_a_bucket() -> None:
    session = fault_session()
    async with running_pane(session) as (_, pilot):
        for _ in range(20):
            await pilot.press("plus")
        await pilot.pause()
        width = session.timeline.series.grid.width / SECOND
        assert f"{width:.2f} s a column" in screen(pilot)


async def test_zoomed_view_goes_with_the_cursor() -> None:
    async with running_pane(fault_session()) as (host, pilot):
        await pilot.press("g", "plus", "plus", "plus")
        assert await cursor_column(pilot) == 0
        await pilot.press("left_square_bracket", "right_square_bracket", "right_square_bracket")
        assert "▲ fault raised" in await readout_line(pilot)
        await pilot.press("G")
        assert "02:00" not in screen(pilot)
        assert host.jumps[-1] >= host.session.timeline.count - 1


async def test_moment_of_a_replay_shows_nothing_that_came_later() -> None:
    session = fault_session()
    async with running_pane(session) as (host, pilot):
        full = part(pilot, "timeline")
        host.show_session(moment=fault_record(session) - 1)
        await pilot.pause()
        assert not {"▲", "▽", "!"} & set(part(pilot, "timeline"))
        assert part(pilot, "timeline").count("│") == full.count("│")
        host.show_session(moment=fault_record(session))
        await pilot.pause()
        shown = part(pilot, "timeline")
        assert "▲" in shown
        assert "▽" not in shown


async def test_events_that_came_later_are_not_gone_to_but_later_columns_are() -> None:
    session = fault_session()
    async with running_pane(session) as (host, pilot):
        host.timeline.point(1)
        host.show_session(moment=fault_record(session) - 1)
        await pilot.press("right_square_bracket", "right_square_bracket")
        await pilot.pause()
        (registered,) = host.jumps
        assert registered < fault_record(session)
        await pilot.press("G")
        assert "not known yet" in await readout_line(pilot)
        assert host.jumps == [registered, session.timeline.count]


async def test_view_that_stands_still_shows_nothing_new() -> None:
    session = fault_session()
    async with running_pane(session) as (host, pilot):
        before = part(pilot, "timeline")
        session.wait(4000).fault().wait(1).plain()
        host.timeline.show(session.timeline, host.view)
        await pilot.pause()
        assert part(pilot, "timeline") == before
        await pilot.press("left", "G")
        await pilot.pause()
        assert rows(pilot)[3].count("▲") == 1
        host.show_session()
        await pilot.pause()
        assert rows(pilot)[3].count("▲") == 2


async def test_live_axis_has_room_and_is_not_drawn_with_every_beat() -> None:
    session = SimulatedSession().report("Available", cp=12).wait(1).plain()
    async with running_pane(session) as (host, pilot):
        now = session.timeline.latest + SECOND
        host.show_session(rate=1.0, now=now)
        await pilot.pause()
        lane = next(row for row in rows(pilot) if row.lstrip().startswith("C1"))
        assert "A━" in lane.replace("·", "━")
        assert "Available ·" not in lane
        session.fault()
        host.show_session(rate=1.0, now=now + REDRAW_INTERVAL - 1)
        await pilot.pause()
        assert "▲" not in screen(pilot)
        host.show_session(rate=1.0, now=now + REDRAW_INTERVAL)
        await pilot.pause()
        assert "▲" in screen(pilot)


async def test_live_cursor_follows_the_list_with_the_next_view_even_when_paused() -> None:
    session = fault_session()
    async with running_pane(session) as (host, pilot):
        host.show_session(rate=1.0)
        host.timeline.point(1)
        host.timeline.show(session.timeline, host.view)
        assert await cursor_column(pilot) == 0


async def test_live_silence_grows() -> None:
    session = SimulatedSession().plain(20)
    async with running_pane(session) as (host, pilot):
        for _ in range(20):
            session.wait(1.001).plain()
        host.show_session(rate=1.0, now=session.time)
        await pilot.pause()
        assert "╌" not in screen(pilot)
        session.wait(3).idle()
        assert session.time
        host.show_session(rate=1.0, now=session.time + 30 * SECOND)
        await pilot.pause()
        assert "╌╌╌╌" in screen(pilot)


async def test_a_session_without_times_is_shown_by_record_numbers() -> None:
    session = SimulatedSession(timed=False).report("Available", cp=12).plain(30).fault().plain(30)
    async with running_pane(session) as (host, pilot):
        assert "#20" in screen(pilot)
        assert "1 record a column" in screen(pilot)
        await pilot.press("left_square_bracket")
        assert "#32  ▲ fault raised" in await readout_line(pilot)
        await pilot.press("left", "g", "G")
        await pilot.pause()
        assert host.jumps == [32, 31, 1, 62]


async def test_keys_do_no_harm_before_anything_was_read() -> None:
    async with running_pane(SimulatedSession()) as (host, pilot):
        for key in ("left", "right", "g", "G", "plus", "minus", "0", "left_square_bracket", "right_square_bracket"):
            await pilot.press(key)
        assert "nothing was read yet" in await readout_line(pilot)
        assert host.jumps == []


@pytest.mark.parametrize("size", [(1, 1), (4, 2), (12, 3), (30, 5), (80, 10), (300, 80)])
async def test_at_any_size_the_rows_fill_the_width(size: tuple[int, int]) -> None:
    async with running_pane(fault_session(), size) as (_, pilot):
        for key in ("left", "plus", "g", "G", "0", "j", "k"):
            await pilot.press(key)
        assert {cell_len(row) for row in rows(pilot)} == {size[0]}


async def test_lanes_that_have_no_room_are_scrolled_to() -> None:
    session = SimulatedSession()
    for connector in range(1, 13):
        session.report("Available", connector=connector, cp=12)
    async with running_pane(session, (80, 10)) as (_, pilot):
        assert "C12" not in screen(pilot)
        for _ in range(9):
            await pilot.press("j")
        await pilot.pause()
        assert "C12" in screen(pilot)
        for _ in range(9):
            await pilot.press("k")
        await pilot.pause()
        assert "C1 " in screen(pilot)


HOSTILE = (
    "[/]",
    "[red]x[/red]",
    "a\x1b[2Jb",
    "a\x9b31mb",
    "right\u202eleft",
    "e\u0301",
    "漢字",
    "\u1160漢",
    "≈",
    "$error",
)


@pytest.mark.parametrize("width", [60, 150])
async def test_what_the_wire_says_is_text(width: int) -> None:
    session = SimulatedSession().plain()
    moment, records = START, []
    for number, text in enumerate([*HOSTILE, *HOSTILE], 2):
        moment += (number % 7) * 60 * SECOND
        seen = Evidence(number, None, moment)
        records.append(Record(number, None, (StatusChanged(moment, 1, text, text, False, seen),)))
    records.append(Record(len(records) + 2, None, (SourceLost(moment, "".join(HOSTILE)),)))
    session.timeline.receive(records)
    async with running_pane(session, (width, 14)) as (_, pilot):
        await pilot.press("g")
        for _ in records:
            await pilot.press("right_square_bracket")
            await pilot.pause()
            for row in rows(pilot):
                assert cell_len(row) == width
                assert not [char for char in row if unicodedata.category(char) in ("Cc", "Cf", "Mn", "Me")]
        assert "source lost: [/][red]x[/red]" in await readout_line(pilot)


async def test_every_key_has_a_tooltip() -> None:
    assert all(getattr(binding, "tooltip", "") for binding in TimelinePane.BINDINGS)


async def test_view_is_not_kept_twice() -> None:
    """The same session up to another record is another picture."""
    session = fault_session()
    async with running_pane(session) as (host, pilot):
        host.timeline.show(session.timeline, replace(host.view, until=5))
        await pilot.pause()
        assert "▲" not in screen(pilot)
        host.timeline.show(session.timeline, host.view)
        await pilot.pause()
        assert "▲" in screen(pilot)
