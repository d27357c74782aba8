"""The screen: what stands where at which size, and where the keys lead."""

from functools import partial

import pytest
from textual.pilot import Pilot
from textual.widget import Widget

from sniffer.core.wire.items import Chunk
from sniffer.tui.screens.help import Help
from sniffer.tui.screens.monitor import Monitor
from sniffer.tui.traffic.traffic_list import TrafficList
from tests.tui.helpers import FakeSource, parameter, part, replayed, rows, running, screen, sees, until

PANELS = ("connector", "faults", "link")
TIMELINE_FROM = 50
"""The rows of a screen on which the timeline has a place of its own."""


def focus(pilot: Pilot[None]) -> str | None:
    focused = pilot.app.screen.focused
    return focused.id if focused else None


def in_sight(pilot: Pilot[None]) -> set[str]:
    found = (pilot.app.screen.query_one(f"#{name}") for name in ("traffic", "detail", *PANELS, "timeline"))
    return {widget.id or "" for widget in found if widget in pilot.app.screen._compositor.visible_widgets}


@pytest.mark.parametrize("size", [(120, 36), (200, 60), (118, 30)])
async def test_all_panes_are_in_sight_where_there_is_room(size: tuple[int, int]) -> None:
    async with replayed(size) as pilot:
        timeline = {"timeline"} if size[1] >= TIMELINE_FROM else set()
        assert in_sight(pilot) == {"traffic", "detail", *PANELS, *timeline}


@pytest.mark.parametrize("size", [(80, 24), (80, 40), (120, 36), (200, 40)])
async def test_timeline_takes_the_place_of_the_panes_under_the_list(size: tuple[int, int]) -> None:
    async with replayed(size) as pilot:
        before = in_sight(pilot)
        await pilot.press("4")
        await until(pilot, lambda: in_sight(pilot) == {"traffic", "timeline"})
        assert focus(pilot) == "timeline"
        assert pilot.app.screen.query_one("#timeline").region.width == size[0]
        await sees(pilot, "timeline", "Under voltage")
        await pilot.press("1")
        await until(pilot, lambda: in_sight(pilot) == before)
        await pilot.press("4", "escape", "enter")
        await until(pilot, lambda: in_sight(pilot) == before and focus(pilot) == "detail")


@pytest.mark.parametrize("size", [(80, 60), (120, 50), (200, 60)])
async def test_high_screen_has_a_row_for_the_timeline(size: tuple[int, int]) -> None:
    async with replayed(size) as pilot:
        before = in_sight(pilot)
        assert "timeline" in before
        region = pilot.app.screen.query_one("#timeline").region
        assert (region.width, region.bottom) == (size[0], size[1] - 1)
        await sees(pilot, "timeline", "L1")
        await pilot.press("4")
        await pilot.pause()
        assert focus(pilot) == "timeline"
        assert in_sight(pilot) == before


async def test_timeline_moves_the_list_and_the_list_the_timeline() -> None:
    async with replayed((120, 36)) as pilot:
        await pilot.press("4", "left_square_bracket")
        await sees(pilot, "timeline", "#13  ▲ fault raised")
        await until(pilot, lambda: "▌  13 " in part(pilot, "traffic"))
        await pilot.press("g")
        await until(pilot, lambda: "▌   1 " in part(pilot, "traffic"))
        await pilot.press("escape", "G")
        await sees(pilot, "timeline", "#27")


async def test_small_screen_has_one_panel_at_a_time() -> None:
    async with replayed((80, 24)) as pilot:
        assert in_sight(pilot) == {"traffic", "detail", "connector"}
        assert pilot.app.screen.query_one(TrafficList).size.height >= 9
        for key, name in (("2", "faults"), ("3", "link"), ("1", "connector")):
            await pilot.press(key)
            await pilot.pause()
            assert in_sight(pilot) == {"traffic", "detail", name}
            assert focus(pilot) == name
            assert all(word in part(pilot, name).splitlines()[0] for word in PANELS if word != "faults")


async def test_no_size_is_too_odd() -> None:
    async with running(FakeSource(*(Chunk(parameter(sequence), sequence) for sequence in range(30)))) as pilot:
        for size in ((20, 5), (2, 1), (117, 29), (300, 8)):
            await pilot.resize_terminal(*size)
            await pilot.press("k", "enter", "j", "3", "4", "left", "plus", "backslash", "escape", "escape", "G")
            assert pilot.app.is_running
            assert all(len(row) == size[0] for row in rows(pilot)), size
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "30 records" in screen(pilot) and focus(pilot) == "traffic")


async def test_tiny_screen_is_a_list() -> None:
    async with replayed((20, 5)) as pilot:
        assert in_sight(pilot) == {"traffic"}
        assert "the power board" in screen(pilot)


def is_alone(pilot: Pilot[None], name: str) -> bool:
    return in_sight(pilot) == {name} and focus(pilot) == name


async def test_pane_without_room_fills_a_low_screen() -> None:
    async with replayed((60, 12)) as pilot:
        assert in_sight(pilot) == {"traffic"}
        for key, name in (("enter", "detail"), ("4", "timeline"), ("3", "link"), ("2", "faults"), ("4", "timeline")):
            await pilot.press(key)
            await until(pilot, partial(is_alone, pilot, name))
        await pilot.press("escape")
        await until(pilot, lambda: in_sight(pilot) == {"traffic"} and focus(pilot) == "traffic")


async def test_tab_goes_round_the_panes_and_escape_back() -> None:
    async with replayed() as pilot:
        seen = [focus(pilot)]
        for _ in range(5):
            await pilot.press("tab")
            seen.append(focus(pilot))
        assert seen == ["traffic", "detail", *PANELS, "traffic"]
        await pilot.press("shift+tab")
        assert focus(pilot) == "link"
        await pilot.press("escape")
        assert focus(pilot) == "traffic"


async def test_enter_opens_the_record_and_escape_returns() -> None:
    async with replayed() as pilot:
        await pilot.press("enter")
        assert focus(pilot) == "detail"
        assert "following" not in part(pilot, "traffic")
        await pilot.press("escape")
        assert focus(pilot) == "traffic"


async def test_pane_fills_the_screen_and_gives_it_back() -> None:
    async with replayed() as pilot:
        await pilot.press("tab")
        for back in ("backslash", "escape", "q"):
            await pilot.press("backslash")
            await until(pilot, partial(is_alone, pilot, "detail"))
            assert rows(pilot)[0].strip().startswith("□ FILE")
            assert "Faulted" in rows(pilot)[1]
            await pilot.press(back)
            await until(pilot, lambda: in_sight(pilot) == {"traffic", "detail", *PANELS})
            assert pilot.app.is_running
            assert focus(pilot) == "detail"


async def test_panel_key_leaves_the_maximised_pane() -> None:
    async with replayed((80, 24)) as pilot:
        await pilot.press("backslash", "3")
        await until(pilot, lambda: in_sight(pilot) == {"traffic", "detail", "link"})


async def test_help_opens_and_closes() -> None:
    async with replayed((80, 24)) as pilot:
        for key in ("question_mark", "escape", "q", "enter"):
            await pilot.press("question_mark")
            await until(pilot, lambda: "type to search" in screen(pilot))
            await pilot.press("down", "up", key)
            await until(pilot, lambda: isinstance(pilot.app.screen, Monitor))
        assert pilot.app.is_running


async def test_help_lists_every_key_and_mark() -> None:
    async with replayed((120, 200)) as pilot:
        await pilot.press("question_mark")
        await until(pilot, lambda: "type to search" in screen(pilot))
        shown = screen(pilot)
        for text in (
            "Space",
            "PgUp",
            "G End",
            "k ↑",
            "\\",
            "Shift+Tab",
            "▲ ",
            "~ ",
            "assumed",
            "In the link panel",
            "Go to the next gap",
            "In the list",
            "In the timeline",
            "[ Shift+←",
        ):
            assert text in shown, text


async def test_reading_goes_on_under_the_help() -> None:
    source = FakeSource(ends=False)
    async with running(source) as pilot:
        await pilot.press("question_mark")
        assert isinstance(pilot.app.screen, Help)
        source.frames(parameter(1), parameter(2))
        await pilot.press("q")
        await until(pilot, lambda: "2 records" in screen(pilot))


async def at_the_end_of_link(pilot: Pilot[None]) -> Widget:
    """Return the link panel, scrolled to its last line."""
    await pilot.press("3")
    link = pilot.app.screen.query_one("#link")
    await sees(pilot, "link", "frames")
    await pilot.press("G")
    await until(pilot, lambda: link.scroll_y == link.max_scroll_y > 0)
    return link


async def test_keys_of_the_list_scroll_a_panel() -> None:
    async with replayed((80, 24)) as pilot:
        link = await at_the_end_of_link(pilot)
        await pilot.press("k")
        await until(pilot, lambda: link.scroll_y < link.max_scroll_y)
        await pilot.press("g")
        await until(pilot, lambda: link.scroll_y == 0)


async def test_panel_that_becomes_higher_ends_with_its_last_line() -> None:
    async with replayed((80, 24)) as pilot:
        link = await at_the_end_of_link(pilot)
        await pilot.resize_terminal(80, 30)
        await until(pilot, lambda: link.size.height > 10 and link.scroll_y == link.max_scroll_y)
