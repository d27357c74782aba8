"""The limit on how often something is started: one at a time, and at most one start within an interval.

In: requests with their times. Out: permission to start, and the number of requests that were skipped. No clock.
"""


class StartLimit:
    """A limit of one start in `interval` seconds. `starts` and `skipped` count all requests so far."""

    def __init__(self, interval: float) -> None:
        self.interval = interval
        self.starts = 0
        self.skipped = 0
        self._skipped_at_start = 0
        self._started: float | None = None
        self._is_running = False

    def request(self, now: float) -> int | None:
        """Return the number of requests skipped since the last start if a start is allowed now, else None.

        `now` is in seconds of a clock that never steps back. What was allowed counts as running until `end` is called.
        """
        is_too_soon = self._started is not None and now - self._started < self.interval
        if self._is_running or is_too_soon:
            self.skipped += 1
            return None
        skipped = self.skipped - self._skipped_at_start
        self._skipped_at_start = self.skipped
        self._started, self._is_running = now, True
        self.starts += 1
        return skipped

    def end(self) -> None:
        """Mark what was started last as ended."""
        self._is_running = False
