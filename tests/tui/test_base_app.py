"""Preferences: what the user likes is on from the start, what is chosen is kept, and what is wrong is reported."""

from dataclasses import replace

import pytest
from textual.app import ComposeResult
from textual.widgets import Static

from sniffer.config.settings import DEFAULTS, Settings
from sniffer.tui.base_app import BaseApp, Preferences
from sniffer.tui.theme import DAY
from tests.tui.helpers import screen, until


class Program(BaseApp[None]):
    """A program that shows a word."""

    CSS = "Static { color: $quiet; background: $chosen; }"

    def compose(self) -> ComposeResult:
        yield Static("word")


class Drawer:
    """Where settings are kept; it complains as a test says."""

    def __init__(self, complaint: str = "") -> None:
        self.kept: list[Settings] = []
        self.complaint = complaint

    def save(self, settings: Settings) -> str:
        self.kept.append(settings)
        return self.complaint


async def test_theme_of_the_settings_is_on_and_nothing_is_kept() -> None:
    drawer = Drawer()
    async with Program(Preferences(Settings(theme="evse-day"), drawer.save)).run_test() as pilot:
        assert pilot.app.theme == "evse-day"
        assert pilot.app.query_one(Static).styles.color.hex.lower() == DAY.variables["quiet"]
        await pilot.pause()
    assert drawer.kept == []


async def test_theme_that_is_chosen_is_kept_and_the_other_settings_stay() -> None:
    drawer = Drawer()
    settings = Settings(time_mode="delta", columns=("time",))
    async with Program(Preferences(settings, drawer.save)).run_test() as pilot:
        pilot.app.theme = "evse-day"
        await pilot.pause()
        assert pilot.app.query_one(Static).styles.background.hex.lower() == DAY.variables["chosen"]
    assert drawer.kept == [replace(settings, theme="evse-day")]


async def test_theme_that_is_not_there_is_reported_and_stays_in_the_settings() -> None:
    drawer = Drawer()
    app = Program(Preferences(Settings(theme="[red]pink\x1b"), drawer.save))
    async with app.run_test(size=(100, 20), notifications=True) as pilot:
        assert pilot.app.theme == DEFAULTS.theme
        await until(pilot, lambda: r"there is no theme '[red]pink\x1b'" in " ".join(screen(pilot).split()))
    assert drawer.kept == []
    assert app.settings.theme == "[red]pink\x1b"


async def test_notices_are_reported_at_the_start_and_empty_ones_are_not() -> None:
    app = Program(Preferences(notices=("", "settings: theme must be [b]a name[/]")))
    async with app.run_test(size=(100, 20), notifications=True) as pilot:
        await until(pilot, lambda: "settings: theme must be [b]a name[/]" in screen(pilot))
        assert len(pilot.app._notifications) == 1


@pytest.mark.parametrize("complaint", ["settings are not kept: /x: cannot be written", ""])
async def test_complaint_about_keeping_is_reported(complaint: str) -> None:
    drawer = Drawer(complaint)
    app = Program(Preferences(save=drawer.save))
    async with app.run_test(size=(100, 20), notifications=True) as pilot:
        app.save_settings(replace(app.settings, time_mode="delta"))
        await pilot.pause()
        assert len(pilot.app._notifications) == bool(complaint)
    assert app.settings.time_mode == "delta"
