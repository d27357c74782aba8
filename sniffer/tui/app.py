"""The terminal program: it reads one session, keeps the user's settings, and shows the monitor screen.

In: a function that creates the session with the screen as its sink, and the protocol's definition. Out: a screen, until
the user quits. Reading and display meet in `SessionView` only: the reading task fills it, and the monitor shows it.
When the source is lost, the screen reports it and stays; any other error ends the program with a traceback.
"""

import asyncio
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import ClassVar

from msgspec.structs import replace
from textual import on
from textual.actions import ActionParseResult
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.screen import Screen
from textual.types import CSSPathType
from textual.worker import Worker, WorkerError

from sniffer.base.atomic_file import write_whole
from sniffer.base.blocking import run_to_end
from sniffer.base.errors import CutOffError, OutputError, SourceError
from sniffer.base.sanitize import printable
from sniffer.config.settings import TIME_MODE_NAMES, TIME_MODES, Settings
from sniffer.core.protocol.definition import Definition
from sniffer.session import Session, Sink
from sniffer.triggers.alerts import Alerts
from sniffer.tui.base_app import NO_PREFERENCES, BaseApp, Preferences
from sniffer.tui.controllers.output import name_file_by_time, number_name
from sniffer.tui.controllers.prompts import PromptActions
from sniffer.tui.key_names import build_keymap
from sniffer.tui.messages import ActionDone
from sniffer.tui.read_only import is_looking
from sniffer.tui.screens.column_chooser import ColumnChoice, ColumnChooser, find_unknown_columns
from sniffer.tui.screens.monitor import SECTIONS, Monitor
from sniffer.tui.state.session_view import SessionView
from sniffer.tui.state.tail_preview import SavedSession


class SnifferApp(BaseApp[None]):
    """The program that shows one session. `saved` is set for a file, whose end can be shown before the rest is read.

    `alerts` is a sink of the session; None without alerts. With `read_only`, only actions that look are run.
    """

    TITLE = "evse-sniff"

    CSS_PATH: ClassVar[CSSPathType | None] = ["palette.tcss", "style.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q,ctrl+c", "quit", "quit", show=False, priority=True, tooltip="Quit"),
        Binding(
            "ctrl+s", "picture", "picture", show=False, priority=True, tooltip="Save a picture of the screen (SVG)"
        ),
    ]

    def __init__(
        self,
        session_for: Callable[[Sink], Session],
        definition: Definition,
        preferences: Preferences = NO_PREFERENCES,
        saved: SavedSession | None = None,
        alerts: Alerts | None = None,
        *,
        read_only: bool = False,
    ) -> None:
        super().__init__(preferences)
        self.is_read_only = read_only
        self._alerts = alerts
        self.keymap, complaints = build_keymap(
            self.settings.keys,
            Monitor.BINDINGS,
            [*type(self).BINDINGS, *(binding for _, pane in SECTIONS for binding in pane.BINDINGS)],
        )
        self.set_keymap(self.keymap)
        self._notices += [f"settings: keys: {complaint}" for complaint in complaints]
        self._notices += find_unknown_columns(self.settings.columns)
        self._definition = definition
        self._preferences = preferences
        self._saved = saved
        self._pictures: set[str] = set()
        self.session_view = SessionView(session_for, definition, self._refresh_soon, saved)

    @property
    def view_error(self) -> Exception | None:
        """The error for which the screen was detached from the session; None while it is attached."""
        return self.session_view.session.view_error

    def get_default_screen(self) -> Screen[None]:
        """Return the monitor, the screen that everything else lies on."""
        self.monitor = Monitor(self.session_view, self._definition, self._preferences.filters, self._alerts)
        return self.monitor

    def on_mount(self) -> None:
        """Start reading."""
        self._apply_settings(self.settings)
        self._reading: Worker[None] = self.run_worker(self._read(), name="session", exit_on_error=True)

    async def on_unmount(self) -> None:
        """Close the source before the loop ends."""
        self._reading.cancel()
        with suppress(WorkerError):
            await self._reading.wait()

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run the action of a key, unless the screen is to be looked at only. Return True if it was handled."""
        if self.is_read_only and not is_looking(action):
            self.warn("this screen can only be looked at: nothing is noted, exported or saved here")
            return True
        return await super().run_action(action, default_namespace, namespaces)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return False for what a screen that is to be looked at only does not do; None is that of other screens."""
        if self.is_read_only and not is_looking(action):
            return False
        return super().check_action(action, parameters)

    def action_time_mode(self) -> None:
        """Show times in the next mode."""
        index = TIME_MODES.index(self.settings.time_mode) + 1
        mode = TIME_MODES[index % len(TIME_MODES)]
        self.save_settings(replace(self.settings, time_mode=mode))
        self.monitor.post_message(ActionDone(f"times: {TIME_MODE_NAMES[mode]}"))

    def action_columns(self) -> None:
        """Let the user choose the columns of the list."""

        def save(columns: ColumnChoice) -> None:
            self.save_settings(replace(self.settings, columns=columns))

        self.push_screen(ColumnChooser(self.settings.columns), save)

    def action_picture(self) -> None:
        """Save a picture of the screen, or of the dialog on it, in the current folder."""
        name = number_name(name_file_by_time(".svg"), lambda name: name in self._pictures or os.path.lexists(name))
        self._pictures.add(name)
        path = Path(name)
        picture = self.export_screenshot().encode("utf-8", "backslashreplace")
        self.run_worker(self._save_picture(path, picture), group="picture")

    async def action_quit(self) -> None:
        """Quit, unless something would be lost that the user was not warned of."""
        if self.monitor.confirm_quit():
            await super().action_quit()

    def watch_theme(self, name: str) -> None:
        """Draw the list in the colours of this theme."""
        super().watch_theme(name)
        if self.is_running:
            self.monitor.traffic.refresh_colours()

    def save_settings(self, settings: Settings) -> None:
        """Use these settings, save them, and draw the list by them."""
        super().save_settings(settings)
        self._apply_settings(settings)
        self.monitor.refresh_now()

    def _apply_settings(self, settings: Settings) -> None:
        self.session_view.time_mode = settings.time_mode
        self.monitor.traffic.apply_settings(settings)

    @on(PromptActions.FilterUsed)
    def _save_filter(self, message: PromptActions.FilterUsed) -> None:
        if error := self._preferences.save_filter(message.text):
            self.warn(error)

    async def _save_picture(self, path: Path, picture: bytes) -> None:
        """Write the picture, and show its path or why it could not be saved."""
        try:
            await run_to_end(partial(write_whole, path, picture))
        except OutputError as error:
            self.notify(printable(str(error)), severity="error", markup=False)
        else:
            self.monitor.post_message(ActionDone(f"saved {path} in {os.getcwd()}"))

    async def _read(self) -> None:
        self.monitor.call_later(self.monitor.refresh_now)
        if not self.session_view.session.source.is_live:
            await self._wait_for_first_screen()
        try:
            await self.session_view.session.run()
        except CutOffError as error:
            self.session_view.warning = self._without_name(error)
        except SourceError as error:
            self.session_view.lost = self._without_name(error)
        finally:
            self.session_view.complete = True
            self._refresh_soon()

    async def _wait_for_first_screen(self) -> None:
        """Wait until the screen is drawn before a long file takes the loop's time.

        A capture file reads its first records meanwhile, so that the first screen has rows.
        """
        shown = asyncio.Event()
        self.call_after_refresh(shown.set)
        if self._saved:
            self._saved.pause_until(shown)
        else:
            await shown.wait()

    def _without_name(self, error: SourceError) -> str:
        """Return the message of an error without the name of the source, which is in the line above it."""
        return str(error).removeprefix(f"{self.session_view.session.source.name}: ")

    def _refresh_soon(self) -> None:
        if self.is_running:
            self.monitor.refresh_soon()
