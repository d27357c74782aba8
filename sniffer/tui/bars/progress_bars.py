"""The line of a replay: playing or not, how fast, where it stands, and how far that is into the session.

In: a `Status` with its `ReplayProgress`. Out: `Sought`, where somebody clicks on the bar. It is in sight once a replay stands
anywhere but at the end.

MERGED:
The line of an export: where it goes, and how far it is. In sight while one runs.

In: a name and a share (`show`). Out: nothing; the keys that stop it are the screen's.
"""

from datetime import tzinfo
from math import isinf

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from sniffer.base import times
from sniffer.base.sanitize import printable
from sniffer.tui.content import fit
from sniffer.tui.state.playback import ReplayProgress

LEAST_BAR = 8
LONG_WAIT = 1_000_000_000
"""From how many nanoseconds on it is worth saying how long the next record takes to come."""


class ReplayBar(Widget):
    """One line."""

    class Sought(Message):
        """The replay is to go to this record."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self) -> None:
        super().__init__(id="replay")
        self._progress: ReplayProgress | None = None
        self._zone: tzinfo | None = None
        self._bar = range(0)
        self.display = False

    def show(self, progress: ReplayProgress | None, zone: tzinfo | None) -> None:
        """Take where the replay stands now."""
        is_new = (progress, zone) != (self._progress, self._zone)
        self._progress, self._zone = progress, zone
        self.display = progress is not None and (progress.playing or not progress.at_end)
        if is_new:
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Go where the bar was clicked."""
        if self._progress and event.x in self._bar:
            share = (event.x - self._bar.start) / max(1, len(self._bar) - 1)
            self.post_message(self.Sought(max(1, round(share * self._progress.total))))

    def render(self) -> Content:
        """The line in this width."""
        progress = self._progress
        if progress is None:
            return Content("")
        state = "▶" if progress.playing else "‖"
        speed = "as fast as possible" if isinf(progress.speed) else f"{progress.speed:g} x"
        clock = times.format_clock(progress.time, self._zone)
        left = f" {state} {speed}  {clock}  "
        is_long = progress.wait is not None and progress.wait >= LONG_WAIT
        wait = f"  next {times.format_duration(progress.wait)} later" if is_long and progress.wait is not None else ""
        right = f"  #{progress.moment:,} of {progress.total:,}{wait} "
        length = max(LEAST_BAR, self.size.width - len(left) - len(right))
        done = round(length * progress.moment / max(1, progress.total))
        self._bar = range(len(left), len(left) + length)
        return Content.assemble(
            (left, "bold $accent" if progress.playing else "bold"),
            ("━" * done, "$accent"),
            ("╌" * (length - done), "$faint"),
            (right, "$quiet"),
        )


LEAST_BAR = 8


class ExportBar(Widget):
    """One line."""

    DEFAULT_CSS = "ExportBar { height: 1; background: $panel; }"

    def __init__(self) -> None:
        super().__init__(id="export")
        self._goal = ""
        self._percent = 0
        self.display = False

    def show(self, name: str, share: float) -> None:
        """So much of it is written, up to 1."""
        shown = (printable(name), int(share * 100))
        if shown != (self._goal, self._percent):
            self._goal, self._percent = shown
            self.refresh()
        self.display = True

    def hide(self) -> None:
        """There is no export any more."""
        self.display = False

    def render(self) -> Content:
        """The line in this width."""
        right = f" {self._percent:3} %   x stops "
        left = f" exporting {fit(self._goal, min(len(self._goal), max(8, self.size.width // 2)))}  "
        length = max(LEAST_BAR, self.size.width - len(left) - len(right))
        done = length * self._percent // 100
        return Content.assemble(
            (left, "bold $accent"), ("━" * done, "$accent"), ("╌" * (length - done), "$faint"), (right, "$quiet")
        )
