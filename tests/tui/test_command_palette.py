"""The command palette: every action that a key does here is there with its key, and does the same."""

import pytest
from textual.command import CommandList, CommandPalette
from textual.pilot import Pilot

from sniffer.tui.screens.help import Help
from sniffer.tui.screens.monitor import Monitor
from sniffer.tui.theme import THEMES
from sniffer.tui.traffic.traffic_list import TrafficList
from tests.tui.helpers import FakeSource, running, screen, until


def offered(pilot: Pilot[None]) -> list[str]:
    """Return the commands in the order of the list."""
    return [str(option.prompt) for option in pilot.app.screen.query_one(CommandList).options]


async def open_palette(pilot: Pilot[None]) -> None:
    await pilot.press("ctrl+p")
    await until(pilot, lambda: isinstance(pilot.app.screen, CommandPalette) and len(offered(pilot)) > 1)


async def run(pilot: Pilot[None], query: str) -> None:
    """Look for a command and run the best."""
    await open_palette(pilot)
    await pilot.press(*("space" if char == " " else char for char in query))
    await until(pilot, lambda: len(offered(pilot)) > 0 and query.lower() in offered(pilot)[0].lower())
    await pilot.press("enter")
    await until(pilot, lambda: not isinstance(pilot.app.screen, CommandPalette))


NOT_NOW = ("app.command_palette", "stop_export", "acknowledge")
"""The palette does not list itself, nor what needs an export that runs or an alert."""


async def test_all_that_keys_do_is_listed_with_the_keys() -> None:
    async with running(FakeSource(ends=False)) as pilot:
        await open_palette(pilot)
        commands = offered(pilot)
        for binding in Monitor.BINDINGS:
            if binding.action not in NOT_NOW:  # type: ignore[union-attr]
                assert any(command.startswith(binding.tooltip) for command in commands)  # type: ignore[union-attr]
        assert "Move down  ↓ j" in commands or "Move down  j ↓" in commands
        assert "List all keys  ?" in commands
        assert not any("palette" in command for command in commands)
        assert len(commands) == len(set(commands))


async def test_themes_are_listed_and_no_others() -> None:
    async with running(FakeSource(ends=False)) as pilot:
        await open_palette(pilot)
        themes = [command for command in offered(pilot) if command.startswith("Theme ")]
        assert [theme.split()[1].rstrip(":") for theme in themes] == list(THEMES)
        assert pilot.app.available_themes.keys() == THEMES.keys()


async def test_chosen_command_does_what_its_key_does() -> None:
    async with running(FakeSource(live=True, ends=False)) as pilot:
        await run(pilot, "pause the screen")
        await until(pilot, lambda: "PAUSED" in screen(pilot))
        await run(pilot, "list all keys")
        await until(pilot, lambda: isinstance(pilot.app.screen, Help))


async def test_command_of_the_focused_pane_works_on_it() -> None:
    async with running(FakeSource(live=True, ends=False)) as pilot:
        await run(pilot, "or stand still")
        await until(pilot, lambda: "following" not in screen(pilot))


async def test_theme_is_put_on() -> None:
    async with running(FakeSource(ends=False)) as pilot:
        await run(pilot, "theme evse-day")
        await until(pilot, lambda: pilot.app.theme == "evse-day")


@pytest.mark.parametrize("size", [(80, 24), (20, 5)])
async def test_escape_leads_back_to_the_list(size: tuple[int, int]) -> None:
    async with running(FakeSource(live=True, ends=False), size) as pilot:
        await open_palette(pilot)
        assert "Search" in screen(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, Monitor) and "Search" not in screen(pilot))
        assert isinstance(pilot.app.screen.focused, TrafficList)


async def test_a_key_that_comes_before_the_palette_has_a_size_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(FakeSource(ends=False)) as pilot:
        await open_palette(pilot)
        found = pilot.app.screen.query_one(CommandList)
        # As Textual has it until the list is laid out.
        monkeypatch.setattr(CommandList, "_index_to_line", {})
        found.highlighted = 1
        await pilot.press("pageup", "pagedown")
        assert isinstance(pilot.app.screen, CommandPalette)


async def test_a_palette_that_is_closed_twice_leaves_the_screen_behind_it() -> None:
    async with running(FakeSource(ends=False)) as pilot:
        await open_palette(pilot)
        palette = pilot.app.screen
        palette.dismiss()
        palette.dismiss()
        await until(pilot, lambda: isinstance(pilot.app.screen, Monitor))
        await open_palette(pilot)
