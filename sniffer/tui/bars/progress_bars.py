"""The bars that show progress: of a replay, and of an export.

`ReplayBar` takes a `ReplayProgress` and sends `Sought` when the user clicks on it; it is visible during a replay.
`ExportBar` takes the name of the file and the share that is written; it is visible while an export runs.
"""

from math import isinf

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from sniffer.base import times
from sniffer.base.sanitize import printable
from sniffer.tui.content import fit
from sniffer.tui.state.playback import ReplayProgress
from sniffer.tui.state.time_formatter import TimeFormatter

MIN_BAR_WIDTH = 8
"""The least length of a bar in cells."""

LONG_WAIT = times.SECOND
"""The least time until the next record that the replay bar shows, in nanoseconds."""


class ReplayBar(Widget):
    """The bar of a replay: playing or paused, the speed, the time, and the place in the session."""

    class Sought(Message):
        """The user wants the replay to go to this record."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self) -> None:
        super().__init__(id="replay")
        self._progress: ReplayProgress | None = None
        self._clock = TimeFormatter()
        self._bar = range(0)
        self.display = False

    def show(self, progress: ReplayProgress | None, clock: TimeFormatter) -> None:
        """Show the state of the replay, and hide the bar while none is started. None in a live session.

        `clock` says how times are shown.
        """
        is_new = (progress, clock) != (self._progress, self._clock)
        self._progress, self._clock = progress, clock
        self.display = progress is not None and progress.is_replaying
        if is_new:
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Send `Sought` with the record at the place of the click."""
        if self._progress and event.x in self._bar:
            share = (event.x - self._bar.start) / max(1, len(self._bar) - 1)
            self.post_message(self.Sought(max(1, round(share * self._progress.total))))

    def render(self) -> Content:
        """Return the bar for the current width."""
        progress = self._progress
        if progress is None:
            return Content("")
        state = "▶" if progress.playing else "‖"
        speed = "as fast as possible" if isinf(progress.speed) else f"{progress.speed:g} x"
        when = self._clock.format(progress.time)
        left = f" {state} {speed}  {when}  "
        is_long = progress.wait is not None and progress.wait >= LONG_WAIT
        wait = f"  next {times.format_duration(progress.wait)} later" if is_long and progress.wait is not None else ""
        right = f"  #{progress.moment:,} of {progress.total:,}{wait} "
        length = max(MIN_BAR_WIDTH, self.size.width - len(left) - len(right))
        done = round(length * progress.moment / max(1, progress.total))
        self._bar = range(len(left), len(left) + length)
        return Content.assemble(
            (left, "bold $accent" if progress.playing else "bold"),
            ("━" * done, "$accent"),
            ("╌" * (length - done), "$faint"),
            (right, "$quiet"),
        )


class ExportBar(Widget):
    """The bar of an export: the file, and the share that is written."""

    DEFAULT_CSS = "ExportBar { height: 1; background: $panel; }"

    def __init__(self) -> None:
        super().__init__(id="export")
        self._file_name = ""
        self._percent = 0
        self.display = False

    def show_progress(self, name: str, share: float) -> None:
        """Show the bar with the file's name and the share that is written, from 0 to 1."""
        shown = (printable(name), int(share * 100))
        if shown != (self._file_name, self._percent):
            self._file_name, self._percent = shown
            self.refresh()
        self.display = True

    def hide(self) -> None:
        """Hide the bar when the export has ended."""
        self.display = False

    def render(self) -> Content:
        """Return the bar for the current width."""
        right = f" {self._percent:3} %   x stops "
        left = f" exporting {fit(self._file_name, min(len(self._file_name), max(8, self.size.width // 2)))}  "
        length = max(MIN_BAR_WIDTH, self.size.width - len(left) - len(right))
        done = length * self._percent // 100
        return Content.assemble(
            (left, "bold $accent"), ("━" * done, "$accent"), ("╌" * (length - done), "$faint"), (right, "$quiet")
        )
