"""The cursor of a panel: where it goes, what it stays on, and what it leads to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from sniffer.tui.messages import JumpToRecord
from sniffer.tui.panels.selectable import CURSOR, Block, BlockPanel
from sniffer.tui.theme import CALM


class Bench(App[None]):
    """One panel, and what it asked for."""

    CSS = "BlockPanel { overflow-x: hidden; scrollbar-size: 1 1; }"

    def __init__(self) -> None:
        super().__init__()
        self.register_theme(CALM)
        self.theme = CALM.name
        self.panel = BlockPanel("faults")
        self.jumps: list[int] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return CALM.variables

    def compose(self) -> ComposeResult:
        yield self.panel

    def on_jump_to_record(self, message: JumpToRecord) -> None:
        self.jumps.append(message.number)

    def write(self, *items: str | Block) -> None:
        self.panel.write(items)

    @property
    def chosen(self) -> object:
        return self.panel.block and self.panel.block.key


def chosen_key(app: Bench) -> object:
    """Return the key of the chosen block, or None."""
    return app.chosen


def block(name: str, height: int = 1, number: int = 1) -> Block:
    return Block(name, tuple(f"{name}{line}" for line in range(height)), number)


@asynccontextmanager
async def panel(*items: str | Block, height: int = 6) -> AsyncIterator[tuple[Bench, Pilot[None]]]:
    app = Bench()
    async with app.run_test(size=(20, height)) as pilot:
        app.write(*items)
        app.panel.focus()
        await pilot.pause()
        yield app, pilot


def marked(pilot: Pilot[None]) -> list[str]:
    """Return the lines that begin with the cursor."""
    strips = pilot.app.screen._compositor.render_strips()
    return [strip.text[1:].strip() for strip in strips if strip.text.startswith(CURSOR)]


async def test_keys_go_from_block_to_block_and_past_other_lines() -> None:
    async with panel("head", block("a", 2), "", block("b"), block("c")) as (app, pilot):
        assert marked(pilot) == ["a0", "a1"]
        for keys, expected in (
            (["j"], "b"),
            (["down"], "c"),
            (["j"], "c"),
            (["k", "up"], "a"),
            (["G"], "c"),
            (["g"], "a"),
        ):
            await pilot.press(*keys)
            assert chosen_key(app) == expected, keys
        await pilot.press("end")
        await pilot.pause()
        assert marked(pilot) == ["c0"]


async def test_cursor_is_in_sight_with_the_focus_only() -> None:
    async with panel(block("a")) as (app, pilot):
        assert marked(pilot) == ["a0"]
        app.screen.set_focus(None)
        await pilot.pause()
        assert marked(pilot) == []


async def test_cursor_stays_on_its_block_whatever_comes_before_it() -> None:
    async with panel(block("a"), block("b")) as (app, pilot):
        await pilot.press("j")
        app.write("new", block("z"), block("a"), block("b"))
        await pilot.pause()
        assert chosen_key(app) == "b"
        assert marked(pilot) == ["b0"]


async def test_first_block_is_chosen_until_the_panel_is_looked_at() -> None:
    app = Bench()
    async with app.run_test(size=(20, 6)) as pilot:
        app.panel.can_focus = False
        app.screen.set_focus(None)
        app.write(block("a"))
        app.write(block("b"), block("a"))
        await pilot.pause()
        assert chosen_key(app) == "b"


async def test_block_that_is_gone_leaves_the_cursor_in_its_place() -> None:
    async with panel(block("a"), block("b"), block("c")) as (app, pilot):
        await pilot.press("j")
        app.write(block("a"), block("c"))
        assert chosen_key(app) == "c"
        app.write(block("a"))
        assert chosen_key(app) == "a"
        app.write("nothing")
        assert chosen_key(app) is None
        await pilot.press("j", "k", "g", "G", "enter", "o")
        app.write(block("x"))
        assert chosen_key(app) == "x"


async def test_block_higher_than_the_panel_is_read_to_its_end_before_the_next_is_chosen() -> None:
    async with panel(block("a", 7), block("b"), height=4) as (app, pilot):
        for line in range(1, 4):
            await pilot.press("j")
            assert (app.chosen, app.panel.scroll_y) == ("a", line)
        await pilot.press("j")
        assert chosen_key(app) == "b"
        await pilot.pause()
        assert marked(pilot) == ["b0"]


async def test_what_stands_above_the_first_block_can_be_reached() -> None:
    async with panel(*("above",) * 5, block("a"), block("b"), height=3) as (app, pilot):
        await pilot.press("G", *["k"] * 9)
        assert (app.chosen, app.panel.scroll_y) == ("a", 0)


async def test_lines_in_sight_stay_where_they_are_when_some_come_above() -> None:
    async with panel(*(block(f"n{number}") for number in range(20))) as (app, pilot):
        await pilot.press("G")
        await pilot.pause()
        before = app.panel.scroll_y
        app.write("new", "new", *(block(f"n{number}") for number in range(20)))
        await pilot.pause()
        assert app.panel.scroll_y == before + 2


@pytest.mark.parametrize("key", ["enter", "o"])
async def test_keys_lead_to_the_record(key: str) -> None:
    async with panel(block("a", number=7), block("b", number=9)) as (app, pilot):
        await pilot.press("j", key)
        await pilot.pause()
        assert app.jumps == [9]


async def test_mouse_chooses_and_a_double_click_opens() -> None:
    async with panel("head", block("a", 2, number=7), "", block("b", number=9)) as (app, pilot):
        await pilot.click(BlockPanel, offset=(3, 4))
        assert chosen_key(app) == "b"
        await pilot.click(BlockPanel, offset=(3, 2))
        assert (chosen_key(app), app.jumps) == ("a", [])
        for nowhere in (0, 3, 5):
            await pilot.click(BlockPanel, offset=(3, nowhere))
            assert chosen_key(app) == "a"
        await pilot.double_click(BlockPanel, offset=(3, 4))
        await pilot.pause()
        assert app.jumps == [9]


async def test_nothing_to_open_offers_no_key() -> None:
    async with panel("only text") as (app, pilot):
        assert not {"enter", "o"} & set(app.screen.active_bindings)
        app.write(block("a"))
        await pilot.pause()
        assert {"enter", "o"} <= set(app.screen.active_bindings)


async def test_lines_are_cut_to_the_width_with_an_ellipsis() -> None:
    async with panel(block("a long line that is wider than the panel")) as (_, pilot):
        strips = pilot.app.screen._compositor.render_strips()
        assert strips[0].text.rstrip().endswith("…")
        assert strips[0].cell_length == 20
