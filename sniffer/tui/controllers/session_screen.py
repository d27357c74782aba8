"""The base of the session's screen: what it shows, and when it is drawn again.

In: the `SessionView` of one session. Out: calls of `show`, which a subclass implements. The actions of the screen stand
in subclasses by topic (`navigation`, `prompts`, `output`); they call `refresh_now` after a change that the user made,
and `refresh_soon` when records arrived. Nothing here changes what is read, counted or recorded.
"""

import asyncio
import time
from collections.abc import Callable

from textual.screen import Screen

from sniffer.core.protocol.definition import Definition
from sniffer.tui.bars.prompt import Prompt
from sniffer.tui.key_queue import KeyQueueApp
from sniffer.tui.state.refresh_scheduler import RefreshScheduler
from sniffer.tui.state.rows import Window
from sniffer.tui.state.session_view import SLICE, SessionView
from sniffer.tui.state.view_state import Status, View
from sniffer.tui.traffic.traffic_list import TrafficList

IDLE_REFRESH = 1 / 4
"""Seconds between two refreshes while nothing new arrives: durations and ages on the screen go on."""

PAUSE = SLICE / 2
"""Seconds between two slices. A key passes several tasks until it is drawn; in a pause none of them has to wait."""

LONG_PAUSE = 5 * SLICE
"""Seconds between two slices after a key, so that its effect is drawn before the next slice."""

KEY_PRIORITY = 0.05
"""Seconds after a key during which its effect goes before work in the background."""


class SessionScreen(Screen[None]):
    """A screen that shows one session, with a traffic list and a prompt."""

    def __init__(self, session_view: SessionView, definition: Definition) -> None:
        super().__init__()
        self.session_view = session_view
        self.definition = definition
        self.traffic = TrafficList(definition)
        self.prompt = Prompt(lambda: self.set_focus(self.traffic))
        self._scheduler = RefreshScheduler(self._refresh_when_idle, self._is_flooded, self._call_later)
        self._records_at_refresh = 0
        self._shown_notes: dict[int, str] = {}

    def show(self, window: Window, view: View, status: Status, *, list_only: bool = False) -> None:
        """Show the state of the session; with `list_only`, only in the traffic list. Each screen implements this."""
        raise NotImplementedError

    def continue_filtering(self) -> None:
        """Start the filter again where records arrived that it has not examined. The base has no filter."""

    def on_mount(self) -> None:
        """Start the timer that refreshes a quiet screen."""
        self.set_interval(IDLE_REFRESH, self._refresh_idle)

    @property
    def is_key_recent(self) -> bool:
        """True shortly after a key, while its effect may not be drawn yet."""
        app = self.app
        return isinstance(app, KeyQueueApp) and time.monotonic() < app.last_key_time + KEY_PRIORITY

    async def pause_between_slices(self) -> None:
        """Let bytes and keys be handled before the next slice of a long task."""
        await asyncio.sleep(LONG_PAUSE if self.is_key_recent else PAUSE)

    def refresh_soon(self) -> None:
        """Refresh the screen as soon as the scheduler allows."""
        if self.is_running:
            self._scheduler.request_refresh()

    def refresh_now(self, *, list_only: bool = False) -> None:
        """Refresh the screen at once; with `list_only`, only the traffic list."""
        self._scheduler.mark_refreshed()
        self._records_at_refresh = len(self.session_view.store)
        self.session_view.advance()
        # The timer may tick once more while the screen is taken down.
        if not (self.is_running and self.is_mounted and self.is_attached and self.app.is_running):
            return
        if self.session_view.notes != self._shown_notes:
            self._shown_notes = dict(self.session_view.notes)
            self.traffic.set_notes(self._shown_notes)
        self.show(*self.session_view.current_state(list_only=list_only), list_only=list_only)
        self.continue_filtering()
        if self.session_view.playback and self.session_view.playback.playing:
            self.refresh_soon()

    def _refresh_when_idle(self, list_only: bool) -> None:
        self.call_next(self.refresh_now, list_only=list_only)

    def _refresh_idle(self) -> None:
        if self._scheduler.is_idle_for(IDLE_REFRESH / 2):
            self.refresh_now()

    def _is_flooded(self) -> bool:
        """Return True if more records arrived since the last refresh than the list can show."""
        return len(self.session_view.store) - self._records_at_refresh > self.traffic.rows_in_sight

    @staticmethod
    def _call_later(seconds: float, call: Callable[[], None]) -> None:
        # The loop's own timer: each timer of Textual is a task, which costs more than what it waits for.
        asyncio.get_running_loop().call_later(seconds, call)
