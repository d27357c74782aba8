"""The line of keys: what helps in the focused pane, as much as there is room for, and what was done."""

from functools import partial

import pytest
from textual.pilot import Pilot

from sniffer.config.settings import Settings
from sniffer.tui.bars import key_bar
from sniffer.tui.bars.key_bar import KeyBar
from sniffer.tui.base_app import Preferences
from sniffer.tui.screens.monitor import Monitor
from tests.tui.helpers import FakeSource, app_for, parameter, replayed, rows, running, sees, until


def line(pilot: Pilot[None]) -> str:
    """Return the lowest line of the screen."""
    return rows(pilot)[-1].strip()


def begins_with(pilot: Pilot[None], text: str) -> bool:
    return line(pilot).startswith(text)


@pytest.mark.parametrize("width", [40, 80, 120, 200])
async def test_jumps_panes_note_export_and_help_are_on_the_line(width: int) -> None:
    async with replayed((width, 24)) as pilot:
        await until(pilot, lambda: line(pilot).startswith("space replay a fault s state"))
        assert line(pilot).endswith("? help")
        assert len(line(pilot)) <= width
        if width >= 80:
            assert "1-4 pane ; note x export : go / find" in line(pilot)
        if width >= 200:
            assert "f filter d detail r restart i gap w contradiction m mark t times q quit ? help" in line(pilot)


async def test_live_list_that_is_paused_has_another_space() -> None:
    source = FakeSource(live=True, ends=False)
    async with running(source, (80, 24)) as pilot:
        source.frames(parameter(1))
        await until(pilot, lambda: line(pilot).startswith("space pause a fault"))
        await pilot.press("space")
        await until(pilot, lambda: line(pilot).startswith("space resume a fault"))


async def test_replay_and_panes_have_keys_of_their_own() -> None:
    async with replayed((80, 24)) as pilot:
        await pilot.press("left")
        await until(pilot, lambda: line(pilot).startswith("space play ←→ step <> speed esc all rows"))
        for key, shown in (
            ("2", "⏎ what to do o its frame"),
            ("4", "←→ move [] event"),
            ("d", "↑↓ field ←→ byte h changes"),
        ):
            await pilot.press("escape", key)
            await until(pilot, partial(begins_with, pilot, shown))
        await pilot.press("escape", "f")
        await until(pilot, lambda: line(pilot).startswith("tab complete"))


async def test_what_was_done_is_shown_for_some_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_bar, "REPORT_SECONDS", 0.2)
    async with replayed((80, 24)) as pilot:
        await pilot.press("t")
        await until(pilot, lambda: line(pilot) == "✓ times: since the beginning of the session")
        assert "times:" not in rows(pilot)[2]
        await until(pilot, lambda: line(pilot).endswith("? help"))


async def test_a_click_on_a_key_presses_it() -> None:
    async with replayed((120, 36)) as pilot:
        await until(pilot, lambda: "/ find" in line(pilot))
        bar = pilot.app.screen.query_one(KeyBar)
        at = rows(pilot)[-1].index("find")
        await pilot.hover(KeyBar, offset=(at, 0))
        assert bar.tooltip == "Find a text, or bytes in hex; on a live list upward"
        await pilot.click(KeyBar, offset=(rows(pilot)[-1].index("1-4") + 1, 0))
        await until(pilot, lambda: pilot.app.screen.query_one("#connector").has_focus)
        await pilot.press("escape")
        await until(pilot, lambda: "/ find" in line(pilot))
        await pilot.click(KeyBar, offset=(rows(pilot)[-1].index("find"), 0))
        await until(pilot, lambda: pilot.app.screen.query_one("Prompt").has_focus_within)
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, Monitor)
        await sees(pilot, "traffic", "traffic")


async def test_key_of_the_user_stands_in_the_line() -> None:
    settings = Settings(keys=(("next_fault", "F5"), ("note", "m"), ("next_note", "F6")))
    app = app_for(FakeSource(), preferences=Preferences(settings))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: line(pilot).startswith("space replay f5 fault s state b noise 1-4 pane m note"))
