"""Frames a second over the last seconds. In: readings of a clock and of a counter. Out: a rate. It reads no clock."""

from collections import deque

SPAN_SECONDS = 5.0
"""Over how long the rate is taken: long enough to be read, short enough to notice silence."""

STEP_SECONDS = 0.5
"""How often it changes at most."""


class Rate:
    """A rate that follows a counter."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int]] = deque()
        self.per_second: float | None = None

    def sample(self, now: float, count: int) -> None:
        """The counter stands at `count` at `now`, in seconds of a clock that never steps back."""
        if self._samples and now - self._samples[-1][0] < STEP_SECONDS:
            return
        self._samples.append((now, count))
        while len(self._samples) > 2 and now - self._samples[1][0] >= SPAN_SECONDS:
            self._samples.popleft()
        then, before = self._samples[0]
        self.per_second = (count - before) / (now - then) if now > then else None
