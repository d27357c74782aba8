"""Schedule the refreshes of the screen: soon after records arrive, but not more often than people can read.

In: `request_refresh` when records arrive, and `mark_refreshed` when the screen is refreshed for another reason. Out:
calls of `refresh`, which say whether only the list is to be refreshed. In a flood more arrives than the list can show:
then refreshes are less frequent, and those of the panels even less. Nobody can read rows that pass so fast; the last
ones are shown as soon as the flood pauses.
"""

from collections.abc import Callable
from time import monotonic

INTERVAL = 1 / 15
"""Seconds between two refreshes: as fast as text can be read, and slow enough to leave time for reading the line."""

FLOOD_INTERVAL = 0.5
"""Seconds between two refreshes while more arrives than the list can show."""

PAUSE = 0.15
"""Seconds without records after which a flood has ended: longer than the batches of a busy line."""

PANELS_INTERVAL = 1 / 2
"""Seconds between two refreshes of the panels on a busy line: numbers that change faster cannot be read."""

FLOOD_PANELS_INTERVAL = 1.0
"""Seconds between two refreshes of the panels in a flood. The list shows each event earlier."""


class RefreshScheduler:
    """The scheduler of one screen.

    `refresh` is called with True if only the list is due. `after` calls a function after some seconds; `now` is a clock
    in seconds.
    """

    def __init__(
        self,
        refresh: Callable[[bool], object],
        is_flooded: Callable[[], bool],
        after: Callable[[float, Callable[[], None]], object],
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._refresh = refresh
        self._is_flooded = is_flooded
        self._after = after
        self._now = now
        self._refreshed_at = self._requested_at = self._panels_at = -FLOOD_PANELS_INTERVAL
        self._is_due = False

    def request_refresh(self) -> None:
        """Refresh soon, because records arrived."""
        self._requested_at = self._now()
        if not self._is_due:
            self._is_due = True
            self._wait(self._refreshed_at + INTERVAL)

    def is_idle_for(self, seconds: float) -> bool:
        """Return True if no refresh is due and the last one was at least this many seconds ago."""
        return not self._is_due and self._now() >= self._refreshed_at + seconds

    def mark_refreshed(self) -> None:
        """Remember that the screen is refreshed now."""
        self._refreshed_at = self._now()

    def _wait(self, until: float) -> None:
        self._after(max(0.0, until - self._now()), self._run)

    def _run(self) -> None:
        """Refresh the list, and the panels if they are due. While records flood in, wait for a pause first."""
        now, is_flooded = self._now(), self._is_flooded()
        due = min(self._refreshed_at + FLOOD_INTERVAL, self._requested_at + PAUSE)
        if is_flooded and now < due:
            self._wait(due)
            return
        self._is_due = False
        list_only = now < self._panels_at + (FLOOD_PANELS_INTERVAL if is_flooded else PANELS_INTERVAL)
        if not list_only:
            self._panels_at = now
        self._refreshed_at = now
        self._refresh(list_only)
