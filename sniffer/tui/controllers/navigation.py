"""The actions that move the screen through the session: to the newest record, a moment of a replay, or a chosen row.

In: actions from keys, and messages from panels and the replay bar. Out: the `SessionView` and the traffic list, moved
there. A jump moves the cursor of the list. Only during a replay it moves the moment that the whole screen shows. What
is read, counted and recorded does not change.
"""

import time

from textual import on

from sniffer.tui.bars.progress_bars import ReplayBar
from sniffer.tui.controllers.session_screen import SessionScreen
from sniffer.tui.messages import JumpToRecord
from sniffer.tui.state.playback import Playback

FILE_ONLY = ("step", "speed")
"""The actions that need a file; in a live session their keys are off."""


class NavigationActions(SessionScreen):
    """A session screen with actions that move through the session."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return False for the actions of a replay while the session is live, else the base's answer, or its None."""
        if action in FILE_ONLY:
            return self.session_view.playback is not None
        return super().check_action(action, parameters)

    def leave_preview(self) -> None:
        """Show what was read in place of the file's end, which may be shown before the rest is read."""
        if self.session_view.is_previewing:
            self.session_view.end_preview()
            self.refresh_now()

    def action_pause(self) -> None:
        """Pause the screen of a live session, or catch up; reading goes on. In a file, play or pause a replay."""
        self.leave_preview()
        playback = self.session_view.playback
        if playback is None:
            self.session_view.toggle_pause()
        else:
            playback.toggle(None if self.traffic.following else self.traffic.number, time.monotonic())
            self.traffic.follow_end()
        self.refresh_now()

    def action_newest(self) -> None:
        """Show all records that were read, and follow the new ones."""
        if self.session_view.playback:
            self.session_view.playback.end()
        elif self.session_view.paused:
            self.session_view.toggle_pause()
        self.refresh_now()
        self.traffic.follow_end()
        if not self.session_view.complete:
            self.run_worker(self._preview_end(), group="preview", exclusive=True)

    def action_oldest(self) -> None:
        """Go to the oldest row."""
        self.leave_preview()
        self.traffic.go_to(0)

    def action_step(self, by: int) -> None:
        """Move a replay by `by` records, back if negative. If none is started, it begins at the cursor."""
        self.leave_preview()
        if playback := self.session_view.playback:
            playback.step(by, self.traffic.number or 0)
            self._show_moment()

    def leave_replay(self) -> None:
        """Show all records of the file again, with the cursor where the replay was."""
        if self.active_replay:
            number = self.traffic.number
            self.active_replay.end()
            self.refresh_now()
            if number is not None:
                self.traffic.go_to(number)

    def action_speed(self, by: int) -> None:
        """Change the speed of a replay by `by` steps, slower if negative."""
        if playback := self.session_view.playback:
            playback.change_speed(by)
            self.refresh_now()

    def action_landmark(self, name: str, step: int) -> None:
        """Go to the next landmark, named as in `SessionView.find_landmark`; with a `step` of -1, to the one before."""
        self.leave_preview()
        traffic, session_view = self.traffic, self.session_view
        start = traffic.number or 0
        if traffic.following and self.active_replay:
            start = session_view.until
        elif traffic.following and step > 0:
            # The cursor is on the newest record: a file is searched from its beginning.
            start = 0 if session_view.playback else session_view.until
        number = session_view.find_landmark(name, start, step)
        if number is None or (session_view.playback is None and number > session_view.until):
            where = f"before #{start}" if step < 0 else f"after #{start}" if start else "in the session"
            traffic.show_message(f"no {'status change' if name == 'move' else name} {where}")
        else:
            self.go_to(number)

    def go_to(self, number: int) -> None:
        """Go to a record: the cursor of the list, which stands still there; during a replay, the whole screen."""
        self.leave_preview()
        if self.active_replay:
            self.active_replay.seek(number)
            self._show_moment()
            return
        # The record may have been read after the list was shown.
        self.refresh_now(list_only=True)
        self.traffic.go_to(number)
        if self.traffic.number != number:
            self.traffic.show_message(self._explain_miss(number))

    @on(ReplayBar.Sought)
    def _seek(self, message: ReplayBar.Sought) -> None:
        message.stop()
        self.go_to(message.number)

    @on(JumpToRecord)
    def _jump(self, message: JumpToRecord) -> None:
        """Show a record that a panel leads to. A replay stays at its moment if the record is in the list already."""
        message.stop()
        if self.active_replay and message.number <= self.session_view.until:
            self.traffic.go_to(message.number)
        else:
            self.go_to(message.number)

    @property
    def active_replay(self) -> Playback | None:
        """The replay that the user has started; None if all records are shown."""
        playback = self.session_view.playback
        return playback if playback and playback.is_replaying else None

    def _explain_miss(self, number: int) -> str:
        """Return why the list has no row of this record."""
        if number > self.session_view.until:
            return f"#{number} came after the pause, Space catches up"
        if self.session_view.is_filtering:
            return f"#{number} was not examined by the filter yet"
        return f"#{number} is not in the filter" if self.session_view.filter_scan else f"#{number} has no row"

    async def _preview_end(self) -> None:
        await self.session_view.preview_end()
        self.refresh_now()

    def _show_moment(self) -> None:
        """Show the moment in the list at once, and in the panels after the list is drawn.

        The panels need the charger's state at that moment, which takes longer to compute than a key may take.
        """
        self.traffic.follow_end()
        self.refresh_now(list_only=True)
        number = self.session_view.until
        self.app.call_after_refresh(lambda: self._show_panels_at(number))

    def _show_panels_at(self, number: int) -> None:
        # Keys that arrive faster than the state is computed move on through the list alone.
        if number == self.session_view.until:
            self.refresh_now()
