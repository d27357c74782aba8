"""The timer of the batches of a live line: how long its items wait for the next ones.

A batch costs something by itself, however few reads it has. So the batches of a line that is never silent are longer.
Nobody sees the difference, as the screen shows only the last rows of so many.
"""

import asyncio
from collections.abc import Callable

BUSY_SECONDS = 0.1
"""The length of a batch of a busy line in seconds. It is shorter than the time between two refreshes of its screen."""

MOST_BYTES = 4096
"""The bytes of a batch after which it is due, so that those of a fast line do not hold up the loop."""

BATCHES_UNTIL_BUSY = 20
"""The number of batches without silence between them after which a line is busy."""


class BatchTimer:
    """The timer of one session. A batch may last `seconds`; `on_due` is called at its end, unless it is due at once.

    `on_due` has to call `mark_processed` or `mark_silent`. A batch is due at once if none was processed within that
    time.
    """

    def __init__(self, seconds: float, on_due: Callable[[], None]) -> None:
        self._seconds = seconds
        self._on_due = on_due
        self._processed_at = 0.0
        self._unbroken = 0
        """The number of batches since the last silence."""
        self._bytes = 0
        self._timer: asyncio.TimerHandle | None = None

    def is_due(self, size: int) -> bool:
        """Return True if the batch has to be processed at once, now that an item of `size` bytes was added.

        Otherwise the timer runs.
        """
        self._bytes += size
        if self._timer is not None:
            return self._bytes >= MOST_BYTES
        due = self._processed_at + self._seconds
        if due <= asyncio.get_running_loop().time():
            self._unbroken = 0
            return True
        self._unbroken += 1
        if self.is_busy:
            self.begin()
        else:
            self._start(due)
        return False

    @property
    def is_busy(self) -> bool:
        """True if many batches have followed each other without silence."""
        return self._unbroken > BATCHES_UNTIL_BUSY

    def begin(self) -> None:
        """Begin the next batch before its first item, as the line is busy and its reads are held."""
        self._start(self._processed_at + max(self._seconds, BUSY_SECONDS))

    def mark_silent(self) -> None:
        """Note that the line has become silent: it is busy no more."""
        self.stop()
        self._unbroken = 0

    def mark_processed(self, now: float) -> None:
        """Begin the next batch. `now` is the time of the loop, in seconds."""
        self.stop()
        self._processed_at = now
        self._bytes = 0

    def stop(self) -> None:
        """End the timer: `on_due` is not called any more."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None

    def _start(self, due: float) -> None:
        self._timer = asyncio.get_running_loop().call_at(due, self._on_due)
