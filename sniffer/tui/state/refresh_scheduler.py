"""When the screen looks at the session: soon after something came, and no more often than people can read.

In: `news`, whenever something came, and `looked`, whenever the screen looked for another reason. Out: calls of `look`,
with whether only the list is to be looked at. In a flood, when more comes than the list can show, looks are further
apart and the panels' further still: only what the flood ends with can be read, and that is shown once it pauses.
"""

from collections.abc import Callable
from time import monotonic

BEAT = 1 / 15
"""Seconds between two looks at what is new: as fast as text can be read, and slow enough to leave the core alone."""

FLOOD_BEAT = 0.4
"""Seconds between two looks while more comes than the list can show."""

PAUSE = 0.03
"""Seconds without news after which a flood has ended: longer than an adapter keeps bytes back."""

PANELS_BEAT = 1 / 2
"""Seconds between two looks of the panels while the line is busy: numbers that change faster cannot be read."""

FLOOD_PANELS_BEAT = 1.0
"""The same in a flood. What happens in it stands in the list before that."""


class RefreshScheduler:
    """The beats of one screen. `after` calls something after so many seconds; `now` is a clock in seconds."""

    def __init__(
        self,
        look: Callable[[bool], object],
        is_flooded: Callable[[], bool],
        after: Callable[[float, Callable[[], None]], object],
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._look = look
        self._is_flooded = is_flooded
        self._after = after
        self._now = now
        self._looked = self._came = self._panels = -FLOOD_PANELS_BEAT
        self._is_due = False

    def request_refresh(self) -> None:
        """Something came: look soon."""
        self._came = self._now()
        if not self._is_due:
            self._is_due = True
            self._wait(self._looked + BEAT)

    def is_idle_for(self, seconds: float) -> bool:
        """Whether no look is due, and the last one is so long ago."""
        return not self._is_due and self._now() >= self._looked + seconds

    def mark_refreshed(self) -> None:
        """The screen looks now."""
        self._looked = self._now()

    def _wait(self, until: float) -> None:
        self._after(max(0.0, until - self._now()), self._beat)

    def _beat(self) -> None:
        now, is_flooded = self._now(), self._is_flooded()
        if is_flooded and now < min(self._looked + FLOOD_BEAT, self._came + PAUSE):
            self._wait(self._came + PAUSE)
            return
        self._is_due = False
        list_only = now < self._panels + (FLOOD_PANELS_BEAT if is_flooded else PANELS_BEAT)
        if not list_only:
            self._panels = now
        self._looked = now
        self._look(list_only)
