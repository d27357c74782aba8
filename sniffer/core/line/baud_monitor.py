"""Watch whether a found rate still fits, from samples of the received bytes.

In: the reads, the number of examined bytes, and the times of valid frames. Out: which bytes to examine, and whether the
line deviates so far from what is usual on it that its rate must have changed.

Usual is the longest recent stretch without a valid frame, in bytes, in bursts and in nanoseconds. Silence is never
unusual: the time counts from the first byte after a valid frame, and only together with bytes or bursts.
"""

from sniffer.base.times import SECOND
from sniffer.core.line.baud_trial import BaudTrial

SAMPLE = 2048
SAMPLE_EVERY = SECOND
"""The size of a sample in bytes, and the time between the starts of two samples."""

DOUBTFUL = 2 * SECOND
DOUBTFUL_BYTES = 40
DOUBTFUL_BURSTS = 3
DOUBTFUL_TIMES = 4
"""A rate is doubtful after this time and this many bytes or bursts, and at least `DOUBTFUL_TIMES` the usual number."""

HOPELESS = 6 * SECOND
HOPELESS_BYTES = 256
HOPELESS_TIMES = 12
"""A rate is hopeless after this time and this many bytes, and at least `HOPELESS_TIMES` the usual number of bytes."""

UNUSUAL_TIME_TIMES = 3
"""A rate is doubtful after this many times the usual time without a valid frame, and hopeless after twice as many."""

DECAY = 0.9
"""The share of the usual values that remains after each valid frame."""


class BaudMonitor:
    """The usual stretch without a valid frame on a line whose rate is found, and the current one.

    `room` is the number of bytes that are still to be examined in this sample. No bytes are examined before
    `idle_until`.
    """

    def __init__(self) -> None:
        self.room = 0
        self.idle_until = 0
        self._next_sample = 0
        self._fitted = False
        self._doubted_since: int | None = None
        self._bytes = self._bursts = self._time = 0.0

    def begin_sample(self, time: int) -> bool:
        """Begin a sample if the next one is due. Return True if bytes before it were not examined."""
        if time < self._next_sample:
            return False
        starts = self.room <= 0
        self.room, self._next_sample, self._fitted = SAMPLE, time + SAMPLE_EVERY, False
        return starts

    def count_examined(self, count: int) -> None:
        """Count examined bytes. A sample goes on until it contains a valid frame; after that, `idle_until` is set."""
        self.room -= count
        if self.room <= 0 and not self._fitted:
            self.room = SAMPLE
        elif self.room <= 0:
            self.idle_until = self._next_sample

    def register_frame(self, trial: BaudTrial, time: int) -> None:
        """Take note of a valid frame, and update what is usual from the trial since the frame before it."""
        self._fitted = True
        self._bytes = max(DECAY * self._bytes, trial.bytes)
        self._bursts = max(DECAY * self._bursts, trial.bursts)
        if self._doubted_since is not None:
            self._time = max(DECAY * self._time, time - self._doubted_since)
        self._doubted_since = None

    def is_doubtful(self, trial: BaudTrial, time: int) -> bool:
        """Return True if the stretch without a valid frame is unusually long.

        The first call after a valid frame starts the stretch at `time`. `trial` holds what was received since that
        frame.
        """
        if self._doubted_since is None:
            self._doubted_since = time
        much = trial.bytes >= max(DOUBTFUL_BYTES, DOUBTFUL_TIMES * self._bytes)
        often = trial.bursts >= max(DOUBTFUL_BURSTS, DOUBTFUL_TIMES * self._bursts)
        return (much or often) and time - self._doubted_since >= max(DOUBTFUL, UNUSUAL_TIME_TIMES * self._time)

    def is_hopeless(self, trial: BaudTrial, time: int) -> bool:
        """Return True if the stretch is so long that the rate is wrong even if no other rate is more likely.

        Call it after `is_doubtful`, which starts the stretch, and with the same arguments.
        """
        assert self._doubted_since is not None
        lasting = time - self._doubted_since >= max(HOPELESS, 2 * UNUSUAL_TIME_TIMES * self._time)
        return lasting and trial.bytes >= max(HOPELESS_BYTES, HOPELESS_TIMES * self._bytes)
