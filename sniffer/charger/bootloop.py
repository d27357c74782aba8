"""Boot loops: a communication processor that starts again and again is told of once, with its period.

It is in a loop when it boots three times within a minute, or twice with `ocpp boot pending!` between both and no
answered handshake there. The first holds while the last three boots lie within a minute, the second until a handshake
is answered. The loop is over when neither holds, or no boot follows for a minute, or for two periods where that is
longer. All of it is in the source's time: where that is not known, only the second can begin a loop.
"""

from collections import deque
from itertools import pairwise
from statistics import median_low

from sniffer.charger.events import BootLoop, BootLoopEnded

WITHIN = 60_000_000_000
"""How close together three boots are a loop, in nanoseconds."""

BOOTS_IN_A_LOOP = 3
BOOTS_REMEMBERED = 16
"""How many of the last boots a loop's period is taken from."""

LoopEvent = BootLoop | BootLoopEnded


class BootLoopWatch:
    """Watches the boots of one session."""

    def __init__(self) -> None:
        self._times: deque[int | None] = deque(maxlen=BOOTS_REMEMBERED)
        self._pending = self._answered = self._unanswered = False
        self._began: int | None = None
        self._since: int | None = None
        self._boots = 0
        self._is_on = False

    @property
    def loop(self) -> BootLoop | None:
        """The loop that goes on now, as it stands."""
        return self._loop() if self._is_on else None

    def boot(self, time: int | None) -> list[LoopEvent]:
        """The communication processor booted: a loop may begin, or turn out to be over."""
        self._keep_up(time)
        self._unanswered = self._pending and not self._answered
        self._pending = self._answered = False
        self._times.append(time)
        self._boots += 1
        if self._is_on:
            return self.until(time)
        if not (self._unanswered or self._is_dense()):
            return []
        self._boots = BOOTS_IN_A_LOOP if self._is_dense() else 2
        self._since, self._began, self._is_on = self._times[-self._boots], time, True
        return [self._loop()]

    def pending(self) -> None:
        """The log says that the OCPP module has not accepted the last boot."""
        self._pending = bool(self._times)

    def answered(self, time: int | None) -> list[LoopEvent]:
        """A handshake was answered."""
        self._answered, self._unanswered = True, False
        return self.until(time)

    def until(self, time: int | None) -> list[LoopEvent]:
        """The end of the loop, if it is over by this time."""
        self._keep_up(time)
        if not self._is_on or ((self._unanswered or self._is_dense()) and self._is_recent(time)):
            return []
        self._is_on = self._unanswered = False
        return [BootLoopEnded(time, self._loop())]

    def _keep_up(self, time: int | None) -> None:
        """Where the clock was set back, when the boots before were is not known any more."""
        last = self._times[-1] if self._times else None
        if time is not None and last is not None and last - time > WITHIN:
            self._times = deque([None] * len(self._times), maxlen=BOOTS_REMEMBERED)

    def _is_dense(self) -> bool:
        if len(self._times) < BOOTS_IN_A_LOOP:
            return False
        last, third_last = self._times[-1], self._times[-BOOTS_IN_A_LOOP]
        return last is not None and third_last is not None and last - third_last <= WITHIN

    def _is_recent(self, time: int | None) -> bool:
        last = self._times[-1]
        return time is None or last is None or time - last <= max(WITHIN, 2 * (self._period() or 0))

    def _loop(self) -> BootLoop:
        return BootLoop(self._began, self._since, self._boots, self._period())

    def _period(self) -> int | None:
        times = [*self._times][-self._boots :]
        gaps = [
            after - before
            for before, after in pairwise(times)
            if before is not None and after is not None and after >= before
        ]
        return median_low(gaps) if gaps else None
