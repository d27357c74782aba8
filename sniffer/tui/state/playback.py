"""The moment of a replay: the number of the last record that is shown, and how it moves.

In: the record store, commands and readings of a clock. Out: `moment`, the number of that record, or None for "follow
all that is read". Where the source has no times, records are played at intervals of `PACE`.
"""

from math import inf

from msgspec import Struct

from sniffer.base.times import MILLISECOND, SECOND
from sniffer.history.records.record_store import RecordStore

SPEEDS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, inf)
"""Multiples of real time; the last one is as fast as possible."""

NORMAL = SPEEDS.index(1.0)
PACE = 100 * MILLISECOND
"""Nanoseconds between two records without times."""

MOST_AT_ONCE = 2000
"""The most records that one call of `advance` plays, so that the screen is refreshed in time."""


class ReplayProgress(Struct, frozen=True):
    """The state of the replay: at record `moment` of `total`.

    `time` is that record's time on the source's clock and `wait` the time until the next record, both in nanoseconds;
    each is None if it is not known. `is_reading` is true until the file is read to its end; `total` grows meanwhile.
    `is_replaying` is false while all that is read is shown.
    """

    moment: int
    total: int
    playing: bool
    speed: float
    time: int | None
    wait: int | None
    is_reading: bool
    is_replaying: bool


class Playback:
    """The moment of one replay, and whether it is playing.

    `moment` is None until the user starts the replay, and after `end`: all that is read is shown then. `_played` is the
    time played since the current record, in nanoseconds of the session.
    """

    def __init__(self, store: RecordStore) -> None:
        self._archive = store
        self._speed = NORMAL
        self._clock = 0.0
        self._played = 0.0
        self.moment: int | None = None
        self.playing = False

    @property
    def is_replaying(self) -> bool:
        """True if the session is shown as it was known at `moment`."""
        return self.moment is not None

    @property
    def speed(self) -> float:
        """The speed, as a multiple of the session's own."""
        return SPEEDS[self._speed]

    def toggle(self, chosen: int | None, now: float) -> None:
        """Play or pause at `now`, in seconds.

        At the end, play from the `chosen` record, or from the beginning if that is None or the last one.
        """
        self.playing = not self.playing
        total = len(self._archive)
        if self.playing and (self.moment is None or self.moment >= total):
            self.moment = chosen if chosen is not None and chosen < total else 0
        self._clock, self._played = now, 0.0

    def step(self, by: int, chosen: int) -> None:
        """Move by `by` records, back if negative, and pause there. A replay that is not started begins at `chosen`."""
        self.seek((chosen if self.moment is None else self.moment) + by)

    def seek(self, number: int) -> None:
        """Move to a record, and pause there. A number outside of the session is limited to it."""
        self.playing = False
        self.moment = max(0, min(number, len(self._archive)))

    def end(self) -> None:
        """Move to the end, and follow all that is read."""
        self.playing = False
        self.moment = None

    def change_speed(self, by: int) -> None:
        """Change the speed by `by` steps, slower if negative."""
        self._speed = max(0, min(self._speed + by, len(SPEEDS) - 1))

    def advance(self, now: float, *, complete: bool) -> None:
        """Play the records that are due at `now`, in seconds. At the end, stop if the file is read completely."""
        if not self.playing or self.moment is None:
            return
        self._played += (now - self._clock) * min(self.speed, 1e12) * SECOND
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
        """The time between the record shown last and the next one, in nanoseconds; None if there is no next one."""
        if self.moment is None or self.moment >= len(self._archive):
            return None
        before, after = self._archive.time(self.moment), self._archive.time(self.moment + 1)
        if not self.moment:
            return 0
        if before is None or after is None:
            return PACE
        return max(0, after - before)

    def progress(self, *, complete: bool) -> ReplayProgress:
        """Return the state of the replay."""
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
            is_replaying=self.is_replaying,
        )
