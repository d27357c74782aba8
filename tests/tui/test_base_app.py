"""Preferences: what the user likes is on from the start, what is chosen is kept, and what is wrong is reported."""

import pytest
from msgspec.structs import replace
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.color import Color
from textual.drivers.headless_driver import HeadlessDriver
from textual.filter import ANSIToTruecolor
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import OptionList, Static

from sniffer.config.settings import DEFAULTS, Settings
from sniffer.tui.base_app import BaseApp, Preferences
from sniffer.tui.theme import DAY, THEMES
from tests.tui.helpers import replayed, screen, until


class Program(BaseApp[None]):
    """A program that shows a word."""

    CSS = "Static { color: $quiet; background: $chosen; }"

    def compose(self) -> ComposeResult:
        yield Static("word")


class SettingsStore:
    """A place where settings are kept; it complains as a test says."""

    def __init__(self, complaint: str = "") -> None:
        self.kept: list[Settings] = []
        self.complaint = complaint

    def save(self, settings: Settings) -> str:
        self.kept.append(settings)
        return self.complaint


async def test_theme_of_the_settings_is_on_and_nothing_is_kept() -> None:
    store = SettingsStore()
    async with Program(Preferences(Settings(theme="evse-day"), store.save)).run_test() as pilot:
        assert pilot.app.theme == "evse-day"
        assert pilot.app.query_one(Static).styles.color.hex.lower() == DAY.variables["quiet"]
        await pilot.pause()
    assert store.kept == []


async def test_theme_that_is_chosen_is_kept_and_the_other_settings_stay() -> None:
    store = SettingsStore()
    settings = Settings(time_mode="delta", columns=("time",))
    async with Program(Preferences(settings, store.save)).run_test() as pilot:
        pilot.app.theme = "evse-day"
        await pilot.pause()
        assert pilot.app.query_one(Static).styles.background.hex.lower() == DAY.variables["chosen"]
    assert store.kept == [replace(settings, theme="evse-day")]


async def test_theme_that_is_not_there_is_reported_and_stays_in_the_settings() -> None:
    store = SettingsStore()
    app = Program(Preferences(Settings(theme="[red]pink\x1b"), store.save))
    async with app.run_test(size=(100, 20), notifications=True) as pilot:
        assert pilot.app.theme == DEFAULTS.theme
        await until(pilot, lambda: r"there is no theme '[red]pink\x1b'" in " ".join(screen(pilot).split()))
    assert store.kept == []
    assert app.settings.theme == "[red]pink\x1b"


async def test_notices_are_reported_at_the_start_and_empty_ones_are_not() -> None:
    app = Program(Preferences(notices=("", "settings: theme must be [b]a name[/]")))
    async with app.run_test(size=(100, 20), notifications=True) as pilot:
        await until(pilot, lambda: "settings: theme must be [b]a name[/]" in screen(pilot))
        assert len(pilot.app._notifications) == 1


@pytest.mark.parametrize("complaint", ["settings are not kept: /x: cannot be written", ""])
async def test_complaint_about_keeping_is_reported(complaint: str) -> None:
    store = SettingsStore(complaint)
    app = Program(Preferences(save=store.save))
    async with app.run_test(size=(100, 20), notifications=True) as pilot:
        app.save_settings(replace(app.settings, time_mode="delta"))
        await pilot.pause()
        assert len(pilot.app._notifications) == bool(complaint)
    assert app.settings.time_mode == "delta"


async def test_a_signal_exits_and_a_warning_stays_for_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    on_signals: list[object] = []
    monkeypatch.setattr("sniffer.tui.base_app.call_on_stop_signals", on_signals.append)
    app = Program(Preferences(notices=("careful",)))
    async with app.run_test(notifications=True) as pilot:
        assert on_signals == [app.exit]
        (notice,) = pilot.app._notifications
        assert (notice.message, notice.severity, notice.timeout, notice.markup) == ("careful", "warning", 10, False)


async def test_only_our_own_themes_are_there_and_nothing_is_animated() -> None:
    app = Program()
    assert app.available_themes.keys() == THEMES.keys()
    assert app.animation_level == "none"


async def test_the_theme_that_is_on_is_not_kept_again() -> None:
    store = SettingsStore()
    async with Program(Preferences(save=store.save)).run_test() as pilot:
        for theme in ("evse-day", "evse-day", "evse-calm"):
            pilot.app.theme = theme
            await pilot.pause()
    assert [settings.theme for settings in store.kept] == ["evse-day", "evse-calm"]


async def test_the_colours_of_a_theme_chosen_later_become_attributes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with Program().run_test() as pilot:
        pilot.app.theme = "evse-day"
        await pilot.pause()
        (line_filter,) = pilot.app.get_line_filters()
        drawn = Segment("word", Style.parse(DAY.variables["quiet"]))
        (shown,) = line_filter.apply([drawn], Color.parse("black"))
        assert shown.style is not None
        assert shown.style.dim


class TitleDriver:
    """A driver that keeps what is written to it."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def write(self, text: str) -> None:
        self.written.append(text)


@pytest.mark.parametrize(("terminal", "written"), [("xterm", ["\x1b]2;a\x07", "\x1b]2;b\x07"]), ("vt220", [])])
def test_a_title_is_written_when_it_changes(terminal: str, written: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sniffer.tui.base_app.shows_title", lambda: terminal == "xterm")
    app, driver = Program(), TitleDriver()
    app.set_window_title("before the terminal is there")
    app._driver = driver  # type: ignore[assignment]
    for title in ("a", "a", "b"):
        app.set_window_title(title)
    assert driver.written == written


async def test_the_last_screen_stays_and_those_on_it_go() -> None:
    async with Program().run_test() as pilot:
        await pilot.app.push_screen(Screen())
        assert len(pilot.app.screen_stack) == 2
        for _ in range(3):
            await pilot.app.pop_screen()
        assert len(pilot.app.screen_stack) == 1


async def test_a_list_without_a_size_takes_no_move_and_other_errors_are_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> bool:
        raise KeyError("no line")

    async with Program().run_test() as pilot:
        monkeypatch.setattr(App, "run_action", fail)
        assert await pilot.app.run_action("move", OptionList())
        with pytest.raises(KeyError):
            await pilot.app.run_action("move", pilot.app.query_one(Static))


def test_another_driver_may_be_named_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textual.constants.DRIVER", "textual.drivers.headless_driver:HeadlessDriver")
    assert Program().driver_class is HeadlessDriver


@pytest.mark.parametrize(("terminal", "names"), [("linux", ["Monochrome", "PlainGlyphs"]), ("xterm", ["Monochrome"])])
def test_lines_pass_the_filters_of_their_terminal(
    terminal: str, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", terminal)
    assert [type(one).__name__ for one in Program().get_line_filters()] == names


async def test_no_colour_that_is_drawn_is_one_of_the_palette_of_the_terminal() -> None:
    """The filter that replaces such colours is left out."""
    async with replayed() as pilot:
        for theme in THEMES:
            pilot.app.theme = theme
            for key in ("escape", "3", "4", "colon", "escape", "x", "escape", "question_mark", "escape", "ctrl+p"):
                await pilot.press(key)
                for widget in pilot.app.screen.walk_children(Widget):
                    for strip in widget.render_lines(widget.size.region):
                        for _, style, _ in strip:
                            assert style is None or all(
                                color is None or color.triplet for color in (style.color, style.bgcolor)
                            ), (widget, strip)
            await pilot.press("escape")
        assert not any(isinstance(one, ANSIToTruecolor) for one in pilot.app.get_line_filters())
