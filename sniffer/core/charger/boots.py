"""Boots of the communication processor: each counted once, however many frames and lines tell of it.

Three things tell of a boot, in no fixed number: the log line `Com boot!`, the boot announcement to the power board and
the boot handshake with the OCPP module; the two frames share a sequence (protocol.md, Commands). A line always is a
new boot. A frame belongs to the boot before it unless that boot has such a frame already, or one with another
sequence. The same frame again, soon and with nothing else from its sender in between, is a retransmission.

MERGED:
Boot loops: a communication processor that starts again and again is told of once, with its period.

It is in a loop when it boots three times within a minute, or twice with `ocpp boot pending!` between both and no
answered handshake there. The first holds while the last three boots lie within a minute, the second until a handshake
is answered. The loop is over when neither holds, or no boot follows for a minute, or for two periods where that is
longer. All of it is in the source's time: where that is not known, only the second can begin a loop.
"""

from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low

from sniffer.core.charger.events import Booted, BootLoop, BootLoopEnded

WITHIN = 60_000_000_000
"""How close together three boots are a loop, in nanoseconds."""

BOOTS_IN_A_LOOP = 3
BOOTS_REMEMBERED = 16
"""How many of the last boots a loop's period is taken from."""

LoopEvent = BootLoop | BootLoopEnded
BootEvent = Booted | LoopEvent


class BootLoopDetector:
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


@dataclass(frozen=True, slots=True)
class Boots:
    """The boots at one moment, with the times of the last two; `pending` while the log says so.

    `loop` is the boot loop that goes on, if there is one.
    """

    count: int = 0
    last: int | None = None
    previous: int | None = None
    pending: bool = False
    loop: BootLoop | None = None


RETRANSMITTED_WITHIN = 2_000_000_000
"""Nanoseconds after which the same boot frame is another boot's; `assumed`, as no source tells how long is waited."""


class BootCounter:
    """Counts the boots of one session."""

    def __init__(self) -> None:
        self._count = 0
        self._last: int | None = None
        self._previous: int | None = None
        self._pending = False
        self._sequence: int | None = None
        self._told_by: set[str] = set()
        self._said = 0
        self._watch = BootLoopDetector()

    def line(self, time: int | None) -> list[BootEvent]:
        """The log says that the communication processor booted."""
        return self._new(time, None, "line")

    def frame(self, time: int | None, kind: str, sequence: int, said: int) -> list[BootEvent]:
        """A frame of this kind, which a booting communication processor sends, was seen.

        `said` is how many others it has sent: the same boot frame after one of them is another boot's.
        """
        is_late = None not in (time, self._last) and (time or 0) - (self._last or 0) > RETRANSMITTED_WITHIN
        repeated = kind in self._told_by and (is_late or said != self._said)
        self._said = said
        if self._count == 0 or repeated or self._sequence not in (None, sequence):
            return self._new(time, sequence, kind)
        self._told_by.add(kind)
        self._sequence = sequence
        return []

    def pending(self) -> None:
        """The log says that the OCPP module has not accepted the boot."""
        self._pending = True
        self._watch.pending()

    def answered(self, time: int | None) -> list[LoopEvent]:
        """The OCPP module answered a boot handshake."""
        self._pending = False
        return self._watch.answered(time)

    def passes(self, time: int) -> list[LoopEvent]:
        """The source's time goes on: a boot loop may be over."""
        return self._watch.until(time)

    def now(self) -> Boots:
        return Boots(self._count, self._last, self._previous, self._pending, self._watch.loop)

    def _new(self, time: int | None, sequence: int | None, kind: str) -> list[BootEvent]:
        self._count += 1
        self._previous, self._last = self._last, time
        self._sequence = sequence
        self._told_by = {kind}
        return [Booted(time, self._count), *self._watch.boot(time)]
