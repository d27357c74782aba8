"""The terminal program: it owns the session's task and the screen's beat, and nothing else.

In: a way to make a session with the screen's store as its sink, and the protocol's definition. Out: a screen, until
the user quits. Reading and showing meet in the store only: the task fills it, and a timer looks at it some times a
second. A source that is lost is told on the screen, which stays; any other error ends the program loudly.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.worker import Worker, WorkerError

from sniffer.errors import SourceError
from sniffer.protocol.definition import Definition
from sniffer.session import Session, Sink
from sniffer.tui.history import History
from sniffer.tui.monitor import Monitor
from sniffer.tui.rate import Rate
from sniffer.tui.theme import CALM
from sniffer.tui.view import State, Status, View

BEATS_A_SECOND = 12
"""How often the screen looks at what is new: as fast as text can be read, and slow enough to leave the core alone."""


class SnifferApp(App[None]):
    """One session on one screen."""

    CSS_PATH = "style.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q,ctrl+c", "quit", "quit", show=False, priority=True, tooltip="Quit"),
    ]

    def __init__(self, session_for: Callable[[Sink], Session], definition: Definition) -> None:
        super().__init__()
        self.register_theme(CALM)
        self.theme = CALM.name
        self._definition = definition
        self._history = History()
        self._session = session_for(self._history)
        self._rate = Rate()
        self._view = View()
        self._seen = -1
        self._paused = False
        self._is_complete = False
        self._lost = ""

    def get_default_screen(self) -> Screen[None]:
        """The one screen."""
        self._monitor = Monitor(self._definition)
        return self._monitor

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The colours that the styles name, whatever theme is on."""
        return CALM.variables

    def on_mount(self) -> None:
        """Begin to read, and to look."""
        self._reading: Worker[None] = self.run_worker(self._read(), name="session", exit_on_error=True)
        self.set_interval(1 / BEATS_A_SECOND, self._beat)

    async def on_unmount(self) -> None:
        """Let the source close before the loop ends."""
        self._reading.cancel()
        with suppress(WorkerError):
            await self._reading.wait()

    def action_pause(self) -> None:
        """Let the screen stand still, or catch up at once. Reading does not know of it."""
        self._paused = not self._paused
        self._beat()

    async def _read(self) -> None:
        try:
            await self._session.run()
        except SourceError as error:
            self._lost = str(error)
        finally:
            self._is_complete = True

    def _beat(self) -> None:
        if self._session.source.is_live:
            self._rate.sample(time.monotonic(), self._history.frames)
        if not self._paused:
            self._view = self._look()
        # The timer may tick once more while the screen is taken down.
        if self.is_running and self._monitor.is_mounted and self._monitor.is_attached:
            self._monitor.show(self._view, self._status())

    def _look(self) -> View:
        """The session as it is now; what did not change is not made again."""
        history, source = self._history, self._session.source
        is_new = self._seen != history.records
        self._seen = history.records
        return View(
            window=history.window() if is_new else self._view.window,
            snapshot=self._session.snapshot() if is_new else self._view.snapshot,
            now=source.now(),
            began=history.began,
            records=history.records,
            zone=source.zone,
            rate=self._rate.per_second if source.is_live and not self._is_complete else None,
        )

    def _status(self) -> Status:
        source = self._session.source
        return Status(
            name=source.name,
            baud=source.baud,
            state=self._state(),
            paused=self._paused,
            waiting=self._history.end - self._view.window.end,
            complete=self._is_complete,
            lost=self._lost,
        )

    def _state(self) -> State:
        if self._lost:
            return State.LOST
        if not self._session.source.is_live:
            return State.REPLAY
        return State.ENDED if self._is_complete else State.LIVE
