"""The frame rate of a live session over the last seconds.

In: readings of the counter of frames, each with its time. Out: frames per second. It reads no clock.
"""

from collections import deque

SPAN_SECONDS = 5.0
"""The time over which the rate is measured: long enough for a steady number, short enough to show silence."""

STEP_SECONDS = 0.5
"""The least time between two changes of the rate."""


class FrameRate:
    """The frame rate of one session. `per_second` is None until there are two readings."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int]] = deque()
        self.per_second: float | None = None

    def sample(self, now: float, count: int) -> None:
        """Take the reading `count` at `now`, in seconds of a clock that never steps back."""
        if self._samples and now - self._samples[-1][0] < STEP_SECONDS:
            return
        self._samples.append((now, count))
        while len(self._samples) > 2 and now - self._samples[1][0] >= SPAN_SECONDS:
            self._samples.popleft()
        then, before = self._samples[0]
        self.per_second = (count - before) / (now - then) if now > then else None
