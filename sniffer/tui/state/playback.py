"""The place in a replay: which record is the last that is shown, and how it moves.

In: the archive, keys and readings of a clock. Out: `moment`, the number of that record, or None for "all that was
read". Where the source has no times, records follow each other at `PACE`.
"""

from dataclasses import dataclass
from math import inf

from sniffer.history.record_store import RecordStore

SPEEDS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, inf)
"""How many times as fast as it happened; the last one is as fast as possible."""

NORMAL = SPEEDS.index(1.0)
PACE = 100_000_000
"""How far apart records without times are played, in nanoseconds."""

MOST_AT_ONCE = 2000
"""How many records one beat plays at most, so that the screen keeps its beat."""


@dataclass(frozen=True, slots=True)
class ReplayProgress:
    """Where the replay stands: at record `moment` of `total`. Times are the source's; `wait` is until the next record.

    `is_reading`: the file is not read to its end yet, so `total` grows. `at_end`: it follows what is read.
    """

    moment: int
    total: int
    playing: bool
    speed: float
    time: int | None
    wait: int | None
    is_reading: bool
    at_end: bool


class Playback:
    """The moment of one replay."""

    def __init__(self, store: RecordStore) -> None:
        self._archive = store
        self._speed = NORMAL
        self._clock = 0.0
        self._played = 0.0
        self.moment: int | None = None
        self.playing = False

    @property
    def speed(self) -> float:
        return SPEEDS[self._speed]

    def toggle(self, chosen: int | None, now: float) -> None:
        """Play or pause. At the end it begins at the `chosen` record, or from the beginning where that is the last."""
        self.playing = not self.playing
        total = len(self._archive)
        if self.playing and (self.moment is None or self.moment >= total):
            self.moment = chosen if chosen is not None and chosen < total else 0
        self._clock, self._played = now, 0.0

    def step(self, by: int) -> None:
        """Go on or back by some records, and stay there."""
        total = len(self._archive)
        self.seek((total if self.moment is None else self.moment) + by)

    def seek(self, number: int) -> None:
        """Go to a record, and stay there."""
        self.playing = False
        self.moment = max(0, min(number, len(self._archive)))

    def end(self) -> None:
        """Go to the end, and follow what is read."""
        self.playing = False
        self.moment = None

    def change_speed(self, by: int) -> None:
        """Faster or slower, by so many steps."""
        self._speed = max(0, min(self._speed + by, len(SPEEDS) - 1))

    def advance(self, now: float, *, complete: bool) -> None:
        """The clock stands at `now`, in seconds: play what is due. At the end of a file that was read it stops."""
        if not self.playing or self.moment is None:
            return
        self._played += (now - self._clock) * min(self.speed, 1e12) * 1e9
        self._clock = now
        for _ in range(MOST_AT_ONCE):
            wait = self.wait
            if wait is None or wait > self._played:
                break
            self._played -= wait
            self.moment += 1
        else:
            self._played = 0.0
        if self.moment >= len(self._archive):
            self._played = 0.0
            self.playing = not complete

    @property
    def wait(self) -> int | None:
        """How long after the record that is shown the next one came; None where there is none."""
        if self.moment is None or self.moment >= len(self._archive):
            return None
        before, after = self._archive.time(self.moment), self._archive.time(self.moment + 1)
        if not self.moment:
            return 0
        if before is None or after is None:
            return PACE
        return max(0, after - before)

    def progress(self, *, complete: bool) -> ReplayProgress:
        """Where it stands."""
        total = len(self._archive)
        moment = total if self.moment is None else self.moment
        return ReplayProgress(
            moment=moment,
            total=total,
            playing=self.playing,
            speed=self.speed,
            time=self._archive.time(moment),
            wait=self.wait,
            is_reading=not complete,
            at_end=self.moment is None,
        )
