"""The timeline as a pane: its keys, its cursor, and what it tells the list."""

import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from sniffer.core.charger.events import Evidence, FaultRaised, SourceLost, StatusChanged
from sniffer.core.record import Record
from sniffer.tui.messages import JumpToRecord
from sniffer.tui.state.view_state import View
from sniffer.tui.theme import CALM
from sniffer.tui.timeline.pane import PENDING_JUMPS_KEPT, REDRAW_INTERVAL, TimelinePane
from sniffer.tui.timeline.render import CURSOR, NAME_WIDTH
from tests.history.helpers import SECOND, START, Told
from tests.tui.helpers import part, rows, screen


class Host(App[None]):
    """A screen with nothing but the timeline of a session, and what it tells."""

    CSS = "TimelinePane { border-top: solid $rule; text-wrap: nowrap; text-overflow: ellipsis; }"

    def __init__(self, session: Told) -> None:
        super().__init__()
        self.register_theme(CALM)
        self.theme = CALM.name
        self.session = session
        self.jumps: list[int] = []
        self.timeline = TimelinePane(session.chronicle)
        self.view = View()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return CALM.variables

    def compose(self) -> ComposeResult:
        yield self.timeline

    def on_jump_to_record(self, message: JumpToRecord) -> None:
        self.jumps.append(message.number)

    def look(self, moment: int | None = None, *, rate: float | None = None, now: int | None = None) -> None:
        """Show the session as it is now."""
        timeline = self.session.chronicle
        until = timeline.count if moment is None else moment
        self.view = View(until=until, zone=UTC, now=now or timeline.latest, rate=rate)
        self.timeline.show(timeline, self.view)


def told() -> Told:
    """An hour: a boot, a fault from the 20th to the 30th minute, a boot in the 50th; each minute something is said."""
    session = Told().boot().report("Available", cp=12)
    for minute in range(1, 61):
        session.wait(60).voltages(230, 231, 232)
        if minute == 20:
            session.fault()
        elif minute == 30:
            session.report("Available", cp=12)
        elif minute == 50:
            session.boot()
    return session


@asynccontextmanager
async def hosted(session: Told, size: tuple[int, int] = (100, 14)) -> AsyncIterator[tuple[Host, Pilot[None]]]:
    host = Host(session)
    async with host.run_test(size=size) as pilot:
        host.look()
        host.timeline.focus()
        await pilot.pause()
        yield host, pilot


async def cursor(pilot: Pilot[None]) -> int:
    """The column of the cursor."""
    await pilot.pause()
    return rows(pilot)[2].index(CURSOR) - NAME_WIDTH


async def says(pilot: Pilot[None]) -> str:
    """The readout."""
    await pilot.pause()
    return rows(pilot)[1]


def raised(session: Told) -> int:
    """The number of the record that raised the fault."""
    return next(record.number for record in session.records if any(isinstance(e, FaultRaised) for e in record.events))


async def test_cursor_begins_at_the_end() -> None:
    session = told()
    async with hosted(session) as (host, pilot):
        assert f"#{session.chronicle.count}" in await says(pilot)
        assert host.jumps == []


async def test_left_and_right_move_by_a_column_and_the_list_with_it() -> None:
    async with hosted(told()) as (host, pilot):
        at = await cursor(pilot)
        await pilot.press("left", "left", "right")
        assert await cursor(pilot) == at - 1
        assert len(host.jumps) == 3
        assert host.jumps[0] == host.jumps[2] > host.jumps[1]
        assert f"#{host.jumps[-1]} " in await says(pilot)


async def test_cursor_stays_on_the_axis() -> None:
    async with hosted(told()) as (host, pilot):
        await pilot.press("right", "right")
        end = await cursor(pilot)
        await pilot.press("g", "left", "left")
        assert await cursor(pilot) == 0
        assert host.jumps[-1] == 1
        await pilot.press("G")
        assert await cursor(pilot) == end


@pytest.mark.parametrize(("first", "last"), [("g", "G"), ("home", "end")])
async def test_ends(first: str, last: str) -> None:
    session = told()
    async with hosted(session) as (host, pilot):
        await pilot.press(first)
        assert "boot 1 of" in await says(pilot)
        await pilot.press(last)
        assert host.jumps[0] == 1
        assert host.jumps[1] >= session.chronicle.count - 1


@pytest.mark.parametrize(
    ("before", "after"), [("left_square_bracket", "right_square_bracket"), ("shift+left", "shift+right")]
)
async def test_jumps_from_event_to_event(before: str, after: str) -> None:
    session = told()
    async with hosted(session) as (host, pilot):
        for words in ("boot 2 of", "▽ fault cleared", "▲ fault raised", "boot 1 of"):
            await pilot.press(before)
            assert words in await says(pilot)
        await pilot.press(before)
        assert len(host.jumps) == 4
        await pilot.press(after)
        assert "▲ fault raised" in await says(pilot)
        assert host.jumps[-1] == host.jumps[2] == raised(session)
        for _ in range(3):
            await pilot.press(after)
        assert len(host.jumps) == 7
        assert "boot 2 of" in await says(pilot)


async def test_jumps_pass_over_noise() -> None:
    session = Told().boot().wait(60).noise().wait(60).boot().wait(60).plain()
    async with hosted(session) as (host, pilot):
        await pilot.press("left_square_bracket", "left_square_bracket")
        await pilot.pause()
        assert host.jumps == [3, 1]


async def test_column_in_which_something_happened_leads_to_that_record() -> None:
    session = told()
    async with hosted(session, (40, 14)) as (host, pilot):
        await pilot.press("g")
        while "▲" not in await says(pilot):
            await pilot.press("right")
        await pilot.pause()
        assert host.jumps[-1] == raised(session)


async def test_click_goes_to_the_column() -> None:
    async with hosted(told()) as (host, pilot):
        await pilot.click(host.timeline, offset=(NAME_WIDTH + 20, 5))
        assert await cursor(pilot) == 20
        assert len(host.jumps) == 1
        await pilot.click(host.timeline, offset=(2, 5))
        await pilot.click(host.timeline, offset=(98, 5))
        assert await cursor(pilot) == 20
        assert len(host.jumps) == 1


async def test_list_moves_the_cursor_and_hears_nothing_of_it() -> None:
    session = told()
    async with hosted(session) as (host, pilot):
        host.timeline.point(raised(session))
        assert "▲ fault raised" in await says(pilot)
        host.timeline.point(1)
        assert await cursor(pilot) == 0
        assert host.jumps == []


async def test_what_the_list_says_of_a_jump_does_not_move_the_cursor_back() -> None:
    """In a long silence several columns have the same nearest record."""
    session = Told().plain(20).wait(600).plain()
    async with hosted(session) as (host, pilot):
        await pilot.press("g", "right", "right", "right")
        await pilot.pause()
        for number in host.jumps:
            host.timeline.point(number)
        assert await cursor(pilot) == 3
        host.timeline.point(21)
        assert await cursor(pilot) > 3


async def test_jumps_that_nobody_answers_are_forgotten() -> None:
    session = told()
    async with hosted(session) as (host, pilot):
        for _ in range(PENDING_JUMPS_KEPT // 2 + 5):
            await pilot.press("left", "right")
        host.timeline.point(1)
        assert await cursor(pilot) == 0


async def test_zoom_keeps_the_cursor_and_goes_back() -> None:
    session = told()
    async with hosted(session) as (host, pilot):
        host.timeline.point(raised(session))
        at = await cursor(pilot)
        all_of_it = part(pilot, "timeline")
        assert "whole session" in all_of_it
        await pilot.press("plus", "plus")
        assert await cursor(pilot) == at
        assert "zoomed" in part(pilot, "timeline")
        assert "▲ fault raised" in await says(pilot)
        await pilot.press("minus", "minus")
        await pilot.pause()
        assert part(pilot, "timeline") == all_of_it
        await pilot.press("plus", "0")
        await pilot.pause()
        assert part(pilot, "timeline") == all_of_it


async def test_zoom_ends_at_a_bucket() -> None:
    session = told()
    async with hosted(session) as (_, pilot):
        for _ in range(20):
            await pilot.press("plus")
        await pilot.pause()
        width = session.chronicle.series.grid.width / SECOND
        assert f"{width:.2f} s a column" in screen(pilot)


async def test_zoomed_view_goes_with_the_cursor() -> None:
    async with hosted(told()) as (host, pilot):
        await pilot.press("g", "plus", "plus", "plus")
        assert await cursor(pilot) == 0
        await pilot.press("left_square_bracket", "right_square_bracket")
        assert "▲ fault raised" in await says(pilot)
        await pilot.press("G")
        assert "02:00" not in screen(pilot)
        assert host.jumps[-1] >= host.session.chronicle.count - 1


async def test_moment_of_a_replay_shows_nothing_that_came_later() -> None:
    session = told()
    async with hosted(session) as (host, pilot):
        full = part(pilot, "timeline")
        host.look(moment=raised(session) - 1)
        await pilot.pause()
        assert not {"▲", "▽", "!"} & set(part(pilot, "timeline"))
        assert part(pilot, "timeline").count("│") == full.count("│")
        host.look(moment=raised(session))
        await pilot.pause()
        shown = part(pilot, "timeline")
        assert "▲" in shown
        assert "▽" not in shown


async def test_events_that_came_later_are_not_gone_to_but_later_columns_are() -> None:
    session = told()
    async with hosted(session) as (host, pilot):
        host.timeline.point(1)
        host.look(moment=raised(session) - 1)
        await pilot.press("right_square_bracket")
        await pilot.pause()
        assert host.jumps == []
        await pilot.press("G")
        assert "not known yet" in await says(pilot)
        assert host.jumps == [session.chronicle.count]


async def test_view_that_stands_still_shows_nothing_new() -> None:
    session = told()
    async with hosted(session) as (host, pilot):
        before = part(pilot, "timeline")
        session.wait(4000).fault().wait(1).plain()
        host.timeline.show(session.chronicle, host.view)
        await pilot.pause()
        assert part(pilot, "timeline") == before
        await pilot.press("left", "G")
        await pilot.pause()
        assert rows(pilot)[3].count("▲") == 1
        host.look()
        await pilot.pause()
        assert rows(pilot)[3].count("▲") == 2


async def test_live_axis_has_room_and_is_not_drawn_with_every_beat() -> None:
    session = Told().report("Available", cp=12).wait(1).plain()
    async with hosted(session) as (host, pilot):
        now = session.chronicle.latest + SECOND
        host.look(rate=1.0, now=now)
        await pilot.pause()
        lane = next(row for row in rows(pilot) if row.lstrip().startswith("conn 1"))
        assert "A━" in lane.replace("·", "━")
        assert "Available ·" not in lane
        session.fault()
        host.look(rate=1.0, now=now + REDRAW_INTERVAL - 1)
        await pilot.pause()
        assert "▲" not in screen(pilot)
        host.look(rate=1.0, now=now + REDRAW_INTERVAL)
        await pilot.pause()
        assert "▲" in screen(pilot)


async def test_live_cursor_follows_the_list_with_the_next_view_even_when_paused() -> None:
    session = told()
    async with hosted(session) as (host, pilot):
        host.look(rate=1.0)
        host.timeline.point(1)
        host.timeline.show(session.chronicle, host.view)
        assert await cursor(pilot) == 0


async def test_live_silence_grows() -> None:
    session = Told().plain(20)
    async with hosted(session) as (host, pilot):
        for _ in range(20):
            session.wait(1).plain()
        host.look(rate=1.0, now=session.time)
        await pilot.pause()
        assert "╌" not in screen(pilot)
        assert session.time
        host.look(rate=1.0, now=session.time + 30 * SECOND)
        await pilot.pause()
        assert "╌╌╌╌" in screen(pilot)


async def test_session_without_times() -> None:
    session = Told(timed=False).report("Available", cp=12).plain(30).fault().plain(30)
    async with hosted(session) as (host, pilot):
        assert "#20" in screen(pilot)
        assert "1 record a column" in screen(pilot)
        await pilot.press("left_square_bracket")
        assert "#32  ▲ fault raised" in await says(pilot)
        await pilot.press("left", "g", "G")
        await pilot.pause()
        assert host.jumps == [32, 31, 1, 62]


async def test_session_of_nothing() -> None:
    async with hosted(Told()) as (host, pilot):
        for key in ("left", "right", "g", "G", "plus", "minus", "0", "left_square_bracket", "right_square_bracket"):
            await pilot.press(key)
        assert "nothing was read yet" in await says(pilot)
        assert host.jumps == []


@pytest.mark.parametrize("size", [(1, 1), (4, 2), (12, 3), (30, 5), (80, 10), (300, 80)])
async def test_any_size(size: tuple[int, int]) -> None:
    async with hosted(told(), size) as (_, pilot):
        for key in ("left", "plus", "g", "G", "0", "j", "k"):
            await pilot.press(key)
        assert {cell_len(row) for row in rows(pilot)} == {size[0]}


async def test_lanes_that_have_no_room_are_scrolled_to() -> None:
    session = Told()
    for connector in range(1, 13):
        session.report("Available", connector=connector, cp=12)
    async with hosted(session, (80, 10)) as (_, pilot):
        assert "conn 12" not in screen(pilot)
        for _ in range(9):
            await pilot.press("j")
        await pilot.pause()
        assert "conn 12" in screen(pilot)
        for _ in range(9):
            await pilot.press("k")
        await pilot.pause()
        assert "conn 1 " in screen(pilot)


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
    session = Told().plain()
    moment, records = START, []
    for number, text in enumerate([*HOSTILE, *HOSTILE], 2):
        moment += (number % 7) * 60 * SECOND
        seen = Evidence(number, None, moment)
        records.append(Record(number, None, (StatusChanged(moment, 1, text, text, False, seen),)))
    records.append(Record(len(records) + 2, None, (SourceLost(moment, "".join(HOSTILE)),)))
    session.chronicle.receive(records)
    async with hosted(session, (width, 14)) as (_, pilot):
        await pilot.press("g")
        for _ in records:
            await pilot.press("right_square_bracket")
            await pilot.pause()
            for row in rows(pilot):
                assert cell_len(row) == width
                assert not [char for char in row if unicodedata.category(char) in ("Cc", "Cf", "Mn", "Me")]
        assert "source lost: [/][red]x[/red]" in await says(pilot)


async def test_every_key_has_a_tooltip() -> None:
    assert all(getattr(binding, "tooltip", "") for binding in TimelinePane.BINDINGS)


async def test_view_is_not_kept_twice() -> None:
    """The same session up to another record is another picture."""
    session = told()
    async with hosted(session) as (host, pilot):
        host.timeline.show(session.chronicle, replace(host.view, until=5))
        await pilot.pause()
        assert "▲" not in screen(pilot)
        host.timeline.show(session.chronicle, host.view)
        await pilot.pause()
        assert "▲" in screen(pilot)
