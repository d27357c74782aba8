"""The noise on the link: when it came, how much of it was recent, and how much came since the last frame.

In: pieces of noise with their times, and each frame. Out: what the verdict on the link needs to know of noise. Times
are in nanoseconds of the source's clock; they are None in a source without times.
"""

from collections import deque

from sniffer.base.times import SECOND

NOISE_SECONDS = 60
"""The number of seconds for which noise is kept by second."""


class NoiseMeter:
    """The noise of one session.

    `first` and `last` are the times of the first and of the last noise; None if there was none with a time. `size` is
    the number of bytes since the last frame, and `misframed` the number of those with a framing error.
    """

    def __init__(self) -> None:
        self.first: int | None = None
        self.last: int | None = None
        self.size = self.misframed = 0
        self._recent: deque[tuple[int, int]] = deque(maxlen=NOISE_SECONDS)

    @property
    def recent(self) -> tuple[tuple[int, int], ...]:
        """The latest seconds with noise, each with its number of bytes."""
        return tuple(self._recent)

    def add(self, time: int | None, size: int) -> None:
        """Add a piece of noise of `size` bytes."""
        self.size += size
        if time is None:
            return
        second = time // SECOND
        before = self._recent.pop()[1] if self._recent and self._recent[-1][0] == second else 0
        self._recent.append((second, before + size))
        self.last = time
        if self.first is None:
            self.first = time

    def note_frame(self) -> None:
        """Note that a frame was received: the noise before it no longer counts against the link."""
        self.size = self.misframed = 0

    def forget_times(self) -> None:
        """Forget when noise came: the clock of the source was set back."""
        self.first = self.last = None
        self._recent.clear()
