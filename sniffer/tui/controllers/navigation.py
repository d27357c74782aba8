"""Where in the session the screen is: the newest record, a moment of a replay, or a row that the list stands still at.

In: what the keys of the app ask for. Out: the `SessionView` and the list, moved there. What is read and counted does not know
of it.
"""

import time
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from sniffer.tui.screens.monitor import Monitor
from sniffer.tui.state.session_view import SessionView


class Beat(Protocol):
    """Let the screen look at the session now."""

    def __call__(self, *, list_only: bool = False) -> None: ...


class Navigation:
    """The moves on one screen. `run` works in the background, `after` calls something when the list is drawn."""

    def __init__(
        self,
        watch: SessionView,
        monitor: Monitor,
        beat: Beat,
        *,
        run: Callable[[Coroutine[Any, Any, None], str], None],
        after: Callable[[Callable[[], None]], object],
    ) -> None:
        self.session_view = watch
        self.monitor = monitor
        self._beat = beat
        self._run = run
        self._after = after

    def stay(self) -> None:
        """What is asked for is in what was read."""
        if self.session_view.is_previewing:
            self.session_view.end_preview()
            self._beat()

    def pause(self) -> None:
        """Let the screen stand still, or catch up at once. In a replay: play, or pause."""
        self.stay()
        playback, traffic = self.session_view.playback, self.monitor.traffic
        if playback is None:
            self.session_view.toggle_pause()
        else:
            playback.toggle(None if traffic.following else traffic.number, time.monotonic())
            traffic.follow_end()
        self._beat()

    def newest(self) -> None:
        """Show all that was read, and follow what comes."""
        if self.session_view.playback:
            self.session_view.playback.end()
        elif self.session_view.paused:
            self.session_view.toggle_pause()
        self._beat()
        self.monitor.traffic.follow_end()
        if not self.session_view.complete:
            self._run(self._look_ahead(), "ahead")

    def oldest(self) -> None:
        """Go to the oldest row."""
        self.stay()
        self.monitor.traffic.go_to_oldest()

    def step(self, by: int) -> None:
        """Go on or back by some records of a replay."""
        self.stay()
        if playback := self.session_view.playback:
            playback.step(by)
            self._show_moment()

    def speed(self, by: int) -> None:
        """Play a replay faster or slower."""
        if playback := self.session_view.playback:
            playback.change_speed(by)
            self._beat()

    def landmark(self, name: str, step: int) -> None:
        """Go to the next fault, move or noise, or the one before."""
        self.stay()
        traffic, playback = self.monitor.traffic, self.session_view.playback
        at = traffic.number or 0
        if playback and playback.moment is not None and traffic.following:
            at = playback.moment
        elif traffic.following and step > 0:
            at = 0 if playback else self.session_view.until
        found = self.session_view.rows.landmark(name, at, step)
        if found is None or (playback is None and found > self.session_view.until):
            traffic.show_message(f"no {name} {'after' if step > 0 else 'before'} #{at}")
        else:
            self.go_to(found)

    def go_to(self, number: int) -> None:
        """Show a record: a replay goes to that moment, a live list stands still there."""
        self.stay()
        if self.session_view.playback:
            self.session_view.playback.seek(number)
            self._show_moment()
        else:
            self.monitor.traffic.go_to(number)

    def jump(self, number: int) -> None:
        """Show a record that something on the screen leads to: the moment stays where it is in sight already."""
        if number <= self.session_view.until:
            self.monitor.traffic.go_to(number)
        else:
            self.go_to(number)

    async def _look_ahead(self) -> None:
        await self.session_view.preview_end()
        self._beat()

    def _show_moment(self) -> None:
        """The list shows it at once; what was known then has to be folded first, and stands around it right after."""
        self.monitor.traffic.follow_end()
        self._beat(list_only=True)
        number = self.session_view.until
        self._after(lambda: self._tell_moment(number))

    def _tell_moment(self, number: int) -> None:
        # Keys that come faster than a fold takes go on through the list alone.
        if number == self.session_view.until:
            self._beat()
