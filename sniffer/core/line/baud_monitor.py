"""Whether a rate that was found still fits, looking at little of what is heard.

In: where reads begin, how much of them was looked at, and when valid frames came. Out: what to look at, and whether
the line is so far from what is usual on it that the rate must have become another.

What is usual is the most that lately went by without a valid frame: bytes, bursts, nanoseconds. Silence is never
unusual: time counts from the first thing heard after a valid frame, and only together with bytes or bursts.
"""

from sniffer.base.times import SECOND
from sniffer.core.line.baud_trial import BaudTrial

SAMPLE = 2048
SAMPLE_EVERY = SECOND

DOUBTFUL = 2 * SECOND
DOUBTFUL_BYTES = 40
DOUBTFUL_BURSTS = 3
DOUBTFUL_TIMES = 4
"""What is unusual: all of this at least, and so many times what is usual."""

HOPELESS = 6 * SECOND
HOPELESS_BYTES = 256
HOPELESS_TIMES = 12

UNUSUAL_TIME_TIMES = 3
"""Times the usual time without a valid frame that are unusual; twice that is hopeless."""

DECAY = 0.9
"""What is left of what was usual after each valid frame."""


class BaudMonitor:
    """What is usual on a line whose rate is found, and how far from it the line is now.

    `room` is how many bytes are still to be looked at; until `idle_until` none are.
    """

    def __init__(self) -> None:
        self.room = 0
        self.idle_until = 0
        self._next_sample = 0
        self._fitted = False
        self._doubted_since: int | None = None
        self._bytes = self._bursts = self._time = 0.0

    def begin_sample(self, time: int) -> bool:
        """Whether a sample begins here, after bytes that were not looked at."""
        if time < self._next_sample:
            return False
        starts = self.room <= 0
        self.room, self._next_sample, self._fitted = SAMPLE, time + SAMPLE_EVERY, False
        return starts

    def count_examined(self, count: int) -> None:
        """So many bytes are looked at. A sample without a valid frame goes on until there is one."""
        self.room -= count
        if self.room <= 0 and not self._fitted:
            self.room = SAMPLE
        elif self.room <= 0:
            self.idle_until = self._next_sample

    def register_frame(self, trial: BaudTrial, time: int) -> None:
        """A valid frame came."""
        self._fitted = True
        self._bytes = max(DECAY * self._bytes, trial.bytes)
        self._bursts = max(DECAY * self._bursts, trial.bursts)
        if self._doubted_since is not None:
            self._time = max(DECAY * self._time, time - self._doubted_since)
        self._doubted_since = None

    def is_doubtful(self, trial: BaudTrial, time: int) -> bool:
        """Whether it is unusual already."""
        if self._doubted_since is None:
            self._doubted_since = time
        much = trial.bytes >= max(DOUBTFUL_BYTES, DOUBTFUL_TIMES * self._bytes)
        often = trial.bursts >= max(DOUBTFUL_BURSTS, DOUBTFUL_TIMES * self._bursts)
        return (much or often) and time - self._doubted_since >= max(DOUBTFUL, UNUSUAL_TIME_TIMES * self._time)

    def is_hopeless(self, trial: BaudTrial, time: int) -> bool:
        """Whether it is so unusual that no other rate need look likelier."""
        assert self._doubted_since is not None
        lasting = time - self._doubted_since >= max(HOPELESS, 2 * UNUSUAL_TIME_TIMES * self._time)
        return lasting and trial.bytes >= max(HOPELESS_BYTES, HOPELESS_TIMES * self._bytes)
