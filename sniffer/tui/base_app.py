"""The base of the terminal programs: themes, saved settings, and a command palette.

In: `Preferences`. Out: the settings that the user changes, to be saved. `NO_COLOR` removes all colours (no-color.org:
any value except the empty one counts).
"""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, TypeVar

from msgspec import Struct
from msgspec.structs import replace
from textual.actions import ActionParseResult
from textual.await_complete import AwaitComplete
from textual.command import CommandPalette, Provider
from textual.dom import DOMNode
from textual.driver import Driver
from textual.filter import ANSIToTruecolor, LineFilter
from textual.widgets import OptionList

from sniffer.base.platform import DRIVER_VARIABLE, IS_POSIX
from sniffer.base.sanitize import printable
from sniffer.base.stop_signals import call_on_stop_signals
from sniffer.config.settings import DEFAULTS, Settings
from sniffer.tui import plain_glyphs
from sniffer.tui.command_palette import PaletteProvider
from sniffer.tui.key_queue import KeyQueueApp
from sniffer.tui.monochrome import Monochrome
from sniffer.tui.plain_glyphs import PlainGlyphs
from sniffer.tui.theme import CALM, THEMES
from sniffer.tui.window_title import encode_title, shows_title

Result = TypeVar("Result")


def _save_nothing(_: object) -> str:
    return ""


class Preferences(Struct, frozen=True):
    """The user's settings and recent filters, and how to save them.

    `save` and `save_filter` return an error message, or an empty text if they succeeded. `filters` are the filters used
    last, newest first. `notices` are warnings that are shown when the program starts.
    """

    settings: Settings = DEFAULTS
    save: Callable[[Settings], str] = _save_nothing
    filters: tuple[str, ...] = ()
    save_filter: Callable[[str], str] = _save_nothing
    notices: tuple[str, ...] = ()


NO_PREFERENCES = Preferences()
"""The default settings; changes are not saved."""


class BaseApp(KeyQueueApp[Result]):
    """A program with the user's settings. `settings` are the current ones; `save_settings` changes them.

    The first style sheet of a subclass must be palette.tcss.
    """

    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {PaletteProvider}

    def __init__(self, preferences: Preferences = NO_PREFERENCES) -> None:
        super().__init__()
        self.settings = preferences.settings
        self.keymap: dict[str, str] = {}
        """The keys of the settings by the names of actions, as far as they can be used."""
        self._save = preferences.save
        self._notices = [notice for notice in preferences.notices if notice]
        self._has_title = shows_title()
        self._window_title = ""
        self._has_plain_glyphs = plain_glyphs.is_wanted()
        self.no_color = bool(os.environ.get("NO_COLOR"))
        # A key takes effect at once: an animation would still run when the next key arrives.
        self.animation_level = "none"
        self._apply_theme(self.settings.theme)
        self._css_variables = self.get_css_variables()
        self.stylesheet.set_variables(self._css_variables)
        self._monochrome = Monochrome(self._css_variables)

    def _apply_theme(self, name: str) -> None:
        """Use this theme, and remove those of Textual, which lack variables that our styles use."""
        for theme, _ in THEMES.values():
            self.register_theme(theme)
        if name not in THEMES:
            self._notices.append(f"settings: there is no theme {name!r}: choose one of {', '.join(THEMES)}")
            name = CALM.name
        self._theme_name = name
        self.theme = name
        for other in self.available_themes.keys() - THEMES.keys():
            self.unregister_theme(other)

    def refresh_css(self, animate: bool = True) -> None:
        """Parse the styles again, unless a theme is set whose variables they were parsed with.

        Textual asks for it, without animation, also for the theme of the start: the screen would be laid out and drawn
        twice. For another reason the styles are always parsed.
        """
        variables = self.get_css_variables()
        if animate or variables != self._css_variables:
            self._css_variables = variables
            super().refresh_css(animate)

    def on_mount(self) -> None:
        """Show the notices, and exit on signals from now on."""
        call_on_stop_signals(self.exit)
        for notice in self._notices:
            self.warn(notice)

    def warn(self, text: str) -> None:
        """Show a warning; reading goes on."""
        self.notify(printable(text), severity="warning", timeout=10, markup=False)

    def set_window_title(self, title: str) -> None:
        """Show a title in the window of the terminal, if the terminal has one."""
        if title != self._window_title and self._driver and self._has_title:
            self._window_title = title
            self._driver.write(encode_title(title))

    def save_settings(self, settings: Settings) -> None:
        """Use these settings, now and at the next start."""
        self.settings = settings
        if error := self._save(settings):
            self.warn(error)

    def watch_theme(self, name: str) -> None:
        """Save the theme that the user has chosen."""
        if name != self._theme_name:
            self._theme_name = name
            self._monochrome = Monochrome(self.get_css_variables())
            self.save_settings(replace(self.settings, theme=name))

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run the action of a key. Return True if it was handled."""
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except KeyError:
            # Textual fails to move in a list that has no size yet, as in a palette that has just opened.
            if isinstance(default_namespace, OptionList | CommandPalette):
                return True
            raise

    def pop_screen(self) -> AwaitComplete:
        """Remove the top screen. The last one stays: a click and a key may both close the same dialog."""
        return super().pop_screen() if len(self.screen_stack) > 1 else AwaitComplete()

    def get_driver_class(self) -> type[Driver]:
        """Return the driver of the terminal, or the one that Textual's environment variable names."""
        driver = super().get_driver_class()
        if os.environ.get(DRIVER_VARIABLE):
            from sniffer.tui.web_driver import BoundedWebDriver

            return BoundedWebDriver if issubclass(BoundedWebDriver, driver) else driver
        if IS_POSIX:
            from sniffer.tui.terminal_driver import TerminalDriver

            if issubclass(TerminalDriver, driver):
                return TerminalDriver
        return driver

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the variables that the styles use, for the time before a theme is set."""
        return CALM.variables

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return the filters that each line passes before it is drawn.

        That of Textual which replaces colours of the terminal's palette is left out: our themes have none, and to apply
        it takes an eighth of the time of drawing.
        """
        filters = super().get_line_filters()
        colours = (
            [self._monochrome] if self.no_color else [one for one in filters if not isinstance(one, ANSIToTruecolor)]
        )
        return [*colours, PlainGlyphs()] if self._has_plain_glyphs else colours
