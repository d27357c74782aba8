"""What the programs on the screen have in common: themes, settings that are kept, and a command palette.

In: `Preferences`. Out: what the user changes of them, to be kept. `NO_COLOR` takes all colours away (no-color.org: any
value but an empty one counts).
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, TypeVar

from textual.command import Provider
from textual.filter import LineFilter

from sniffer.base.sanitize import printable
from sniffer.config.settings import DEFAULTS, Settings
from sniffer.tui.command_palette import PaletteProvider
from sniffer.tui.key_queue import KeyQueueApp
from sniffer.tui.monochrome import Monochrome
from sniffer.tui.signals import exit_on_signals
from sniffer.tui.theme import CALM, THEMES

Result = TypeVar("Result")


def _keep_nothing(_: object) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the user likes. `save` keeps other settings and returns why it cannot, or nothing.

    `filters` are those that were used last, the newest first; `save_filter` keeps one, and returns why it cannot.
    `notices` are told when the program starts.
    """

    settings: Settings = DEFAULTS
    save: Callable[[Settings], str] = _keep_nothing
    filters: tuple[str, ...] = ()
    save_filter: Callable[[str], str] = _keep_nothing
    notices: tuple[str, ...] = ()


NO_PREFERENCES = Preferences()
"""The defaults, and no place to keep others."""


class BaseApp(KeyQueueApp[Result]):
    """A program in the colours that its user likes. `settings` are those that hold; `keep` changes them.

    Its styles begin with palette.tcss.
    """

    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {PaletteProvider}

    def __init__(self, preferences: Preferences = NO_PREFERENCES) -> None:
        super().__init__()
        self.settings = preferences.settings
        self._save = preferences.save
        self._notices = [notice for notice in preferences.notices if notice]
        self.no_color = bool(os.environ.get("NO_COLOR"))
        # A key acts at once; what glides is still on its way when the next key comes.
        self.animation_level = "none"
        self._wear(self.settings.theme)
        self._monochrome = Monochrome(self.get_css_variables())

    def _wear(self, name: str) -> None:
        """Put on this theme; the others of Textual leave, as they lack what our styles name."""
        for theme, _ in THEMES.values():
            self.register_theme(theme)
        if name not in THEMES:
            self._notices.append(f"settings: there is no theme {name!r}: choose one of {', '.join(THEMES)}")
            name = CALM.name
        self._worn = name
        self.theme = name
        for other in self.available_themes.keys() - THEMES.keys():
            self.unregister_theme(other)

    def on_mount(self) -> None:
        """Tell what is to be told, and be ready to leave."""
        exit_on_signals(self.exit)
        for notice in self._notices:
            self.warn(notice)

    def warn(self, text: str) -> None:
        """Tell something that is not as it should be; reading goes on."""
        self.notify(printable(text), severity="warning", timeout=10, markup=False)

    def keep(self, settings: Settings) -> None:
        """Let these hold, here and at the next start."""
        self.settings = settings
        complaint = self._save(settings)
        if complaint:
            self.warn(complaint)

    def watch_theme(self, name: str) -> None:
        """Keep the theme that the user has chosen."""
        if name != self._worn:
            self._worn = name
            self._monochrome = Monochrome(self.get_css_variables())
            self.keep(replace(self.settings, theme=name))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The variables that the styles name; Textual asks for them before a theme is on."""
        return CALM.variables

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What each line goes through before it is drawn."""
        return [self._monochrome] if self.no_color else super().get_line_filters()
