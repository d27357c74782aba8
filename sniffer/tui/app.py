"""The terminal program: it owns the session's task and the screen's beat, and nothing else.

In: a way to make a session with the screen's store as its sink, and the protocol's definition. Out: a screen, until
the user quits. Reading and showing meet in `SessionView` only: the task fills it, and the screen looks at it some times a
second, and soon after something came on a quiet line. A source that is lost is told on the screen, which stays; any
other error ends the program loudly.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.types import CSSPathType
from textual.worker import Worker, WorkerError

from sniffer.base.errors import CutOffError, SourceError
from sniffer.config.settings import TIME_MODES, Settings
from sniffer.core.protocol.definition import Definition
from sniffer.session import Session, Sink
from sniffer.tui.bars.progress_bars import ReplayBar
from sniffer.tui.base_app import NO_PREFERENCES, BaseApp, Preferences
from sniffer.tui.controllers.navigation import Navigation
from sniffer.tui.controllers.output import OutputController
from sniffer.tui.controllers.prompts import PromptController
from sniffer.tui.detail.pane import DetailPane
from sniffer.tui.messages import JumpToRecord
from sniffer.tui.screens.column_chooser import ColumnChoice, ColumnChooser
from sniffer.tui.screens.monitor import Monitor
from sniffer.tui.state.refresh_scheduler import RefreshScheduler
from sniffer.tui.state.session_view import SessionView
from sniffer.tui.state.tail_preview import SavedSession

HURRY = 0.05
"""For how many seconds after a key what it asks for goes before all else."""

IDLE_BEAT = 1 / 4
"""Seconds between two looks where nothing is new: how long something lasts goes on."""

REPLAY_ONLY = ("step", "speed")
"""What a live session has no use for."""


class SnifferApp(BaseApp[None]):
    """One session on one screen."""

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
    ) -> None:
        super().__init__(preferences)
        self._definition = definition
        self._preferences = preferences
        self._saved = saved
        self.session_view = SessionView(session_for, definition, self._wake, saved)
        self._scheduler = RefreshScheduler(self._look_due, lambda: self._is_flooded, self._after)
        self._looked = 0
        self._noted: dict[int, str] = {}
        self._pressed = 0.0

    @property
    def view_error(self) -> Exception | None:
        """Why the screen was detached from the session; None while it is attached."""
        return self.session_view.session.view_error

    def get_default_screen(self) -> Screen[None]:
        """The one screen."""
        self.monitor = Monitor(self._definition, self.session_view.timeline)
        self._moving = Navigation(
            self.session_view, self.monitor, self._beat, run=self._in_background, after=self.call_after_refresh
        )
        self._asking = PromptController(
            self.session_view,
            self.monitor,
            self._definition,
            run=self._in_background,
            look=self._beat,
            look_soon=self._wake,
            was_pressed=lambda: time.monotonic() < self._pressed + HURRY,
            go_to=self._moving.go_to,
            filters=self._preferences.filters,
            keep_filter=self._keep_filter,
        )
        self._outgoing = OutputController(self, self.session_view, self.monitor, self._definition)
        return self.monitor

    def on_mount(self) -> None:
        """Begin to read, and to look."""
        self.monitor.traffic.apply_settings(self.settings)
        self._reading: Worker[None] = self.run_worker(self._read(), name="session", exit_on_error=True)
        self.set_interval(IDLE_BEAT, self._beat_idle)

    async def on_unmount(self) -> None:
        """Let the source close before the loop ends."""
        self._reading.cancel()
        with suppress(WorkerError):
            await self._reading.wait()

    async def on_event(self, event: events.Event) -> None:
        """Remember when a key came, so that work in the background gives way to it."""
        if isinstance(event, events.Key):
            self._pressed = time.monotonic()
        await super().on_event(event)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Some keys are for a replay only, and one is for an export that runs."""
        if action == "stop_export":
            return self._outgoing.is_exporting
        return self.session_view.playback is not None if action in REPLAY_ONLY else True

    def action_pause(self) -> None:
        """Let the screen stand still, or catch up at once; reading does not know of it. In a replay: play, or pause."""
        self._moving.pause()

    def action_newest(self) -> None:
        """Show all that was read, and follow what comes."""
        self._moving.newest()

    def action_oldest(self) -> None:
        """Go to the oldest row."""
        self._moving.oldest()

    def action_step(self, by: int) -> None:
        """Go on or back by some records of a replay."""
        self._moving.step(by)

    def action_speed(self, by: int) -> None:
        """Play faster or slower."""
        self._moving.speed(by)

    def action_landmark(self, name: str, step: int) -> None:
        """Go to the next fault, move or noise, or the one before."""
        self._moving.landmark(name, step)

    @on(JumpToRecord)
    def _jump(self, message: JumpToRecord) -> None:
        self._moving.jump(message.number)

    @on(ReplayBar.Sought)
    def _seek(self, message: ReplayBar.Sought) -> None:
        self._moving.go_to(message.number)

    @on(DetailPane.FilterFor)
    def _filter_for(self, message: DetailPane.FilterFor) -> None:
        self._asking.sift_part(message.record, message.name, message.start)

    def action_find(self) -> None:
        """Find something in the list."""
        self._moving.stay()
        self._asking.find()

    def action_find_next(self, step: int) -> None:
        """Find it again."""
        self._moving.stay()
        self._asking.find_next(step)

    def action_filter(self) -> None:
        """Show some records only."""
        self._moving.stay()
        self._asking.filter()

    def action_filter_alike(self) -> None:
        """Show only records like the chosen one."""
        self._asking.sift_alike()

    def action_go(self) -> None:
        """Go to a record or a time."""
        self._asking.go()

    def action_note(self) -> None:
        """Keep a note."""
        self._asking.note()

    def action_time_mode(self) -> None:
        """Tell times in the next way."""
        modes = TIME_MODES
        following = modes[(modes.index(self.settings.time_mode) + 1) % len(modes)]
        self.keep(replace(self.settings, time_mode=following))

    def action_columns(self) -> None:
        """Choose the columns of the list."""

        def chosen(columns: ColumnChoice) -> None:
            self.keep(replace(self.settings, columns=columns))

        self.push_screen(ColumnChooser(self.settings.columns), chosen)

    def watch_theme(self, name: str) -> None:
        """Draw the list in the colours of this theme."""
        super().watch_theme(name)
        if self.is_running:
            self.monitor.traffic.refresh_colours()

    def _keep_filter(self, text: str) -> None:
        if complaint := self._preferences.save_filter(text):
            self.warn(complaint)

    def keep(self, settings: Settings) -> None:
        """Let these settings hold, and show the list by them."""
        super().keep(settings)
        self.monitor.traffic.apply_settings(settings)

    def action_export(self) -> None:
        """Export, or stop the export."""
        self._outgoing.export()

    def action_stop_export(self) -> None:
        """Stop the export."""
        self._outgoing.stop()

    def action_picture(self) -> None:
        """Save a picture of the screen."""
        self._outgoing.picture()

    def action_copy(self, what: str) -> None:
        """Copy what the chosen row tells, or the whole row."""
        self._outgoing.copy(what)

    async def action_quit(self) -> None:
        """Leave, unless something is lost with it that the user was not told of."""
        if self._outgoing.may_leave():
            await super().action_quit()

    def _in_background(self, work: Coroutine[Any, Any, None], group: str) -> None:
        self.run_worker(work, group=group, exclusive=True)

    async def _read(self) -> None:
        if not self.session_view.session.source.is_live:
            await self._let_screen_stand()
        try:
            await self.session_view.session.run()
        except CutOffError as error:
            self.session_view.warning = str(error)
        except SourceError as error:
            self.session_view.lost = str(error)
        finally:
            self.session_view.complete = True
            self._wake()

    async def _let_screen_stand(self) -> None:
        """A long file takes the loop's time only when the screen stands; of a capture, with the first rows."""
        shown = asyncio.Event()
        self.call_after_refresh(shown.set)
        if self._saved:
            self._saved.pause_until(shown)
            self.monitor.call_later(self._beat)
        else:
            await shown.wait()

    def _wake(self) -> None:
        if self.is_running:
            self._scheduler.request_refresh()

    @staticmethod
    def _after(seconds: float, call: Callable[[], None]) -> None:
        # The loop's own timer: Textual's is a task each, which costs more than what it waits for.
        asyncio.get_running_loop().call_later(seconds, call)

    def _look_due(self, list_only: bool) -> None:
        self.call_next(self._beat, list_only=list_only)

    @property
    def _is_flooded(self) -> bool:
        """Whether more records came since the last look than the list can show."""
        return len(self.session_view.store) - self._looked > self.monitor.traffic.rows_in_sight

    def _beat_idle(self) -> None:
        if self._scheduler.is_idle_for(IDLE_BEAT / 2):
            self._beat()

    def _beat(self, *, list_only: bool = False) -> None:
        self._scheduler.mark_refreshed()
        self._looked = len(self.session_view.store)
        self.session_view.advance()
        # The timer may tick once more while the screen is taken down.
        if self.is_running and self.monitor.is_mounted and self.monitor.is_attached:
            if self.session_view.notes != self._noted:
                self._noted = dict(self.session_view.notes)
                self.monitor.traffic.set_notes(self._noted)
            self.monitor.show(*self.session_view.current_state(list_only=list_only), list_only=list_only)
            self._asking.go_on_sifting()
            if self.session_view.playback and self.session_view.playback.playing:
                self._wake()
