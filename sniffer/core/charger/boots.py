"""Boots of the communication processor, each counted once, and boot loops.

Three things show a boot, in no fixed number: the log line `Com boot!`, the boot announcement to the power board, and
the boot handshake with the OCPP module. Both frames share a sequence (protocol.md, Commands on `pwrboard`). A line is
always a new boot. A frame belongs to the boot before it, unless that boot has such a frame already, or one with another
sequence. The same frame again, soon and without another frame of its sender in between, is a retransmission.

A boot loop is three boots within a minute, or two boots with `ocpp boot pending!` between them and no answered
handshake. The first condition holds while the last three boots lie within a minute, the second until a handshake is
answered. The loop ends when neither holds, or when no boot follows for a minute, or for two periods if that is longer.
All times are the source's. Without times, only the second condition can begin a loop.
"""

from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low

from sniffer.core.charger.events import Booted, BootLoop, BootLoopEnded

WITHIN = 60_000_000_000
"""Three boots within this time, in nanoseconds, are a loop."""

BOOTS_IN_A_LOOP = 3
BOOTS_REMEMBERED = 16
"""The number of last boots from which the period of a loop is computed."""

LoopEvent = BootLoop | BootLoopEnded
BootEvent = Booted | LoopEvent


class BootLoopDetector:
    """The boot loop detector of one session."""

    def __init__(self) -> None:
        self._times: deque[int | None] = deque(maxlen=BOOTS_REMEMBERED)
        self._pending = self._answered = self._unanswered = False
        self._began: int | None = None
        self._since: int | None = None
        self._boots = 0
        self._is_on = False

    @property
    def loop(self) -> BootLoop | None:
        """The active loop as it is now; None if there is none."""
        return self._build_loop() if self._is_on else None

    def add_boot(self, time: int | None) -> list[LoopEvent]:
        """Add a boot; return the begin or the end of a loop, if either follows from it."""
        self._handle_clock_step(time)
        self._unanswered = self._pending and not self._answered
        self._pending = self._answered = False
        self._times.append(time)
        self._boots += 1
        if self._is_on:
            return self.advance_time(time)
        if not (self._unanswered or self._is_dense()):
            return []
        self._boots = BOOTS_IN_A_LOOP if self._is_dense() else 2
        self._since, self._began, self._is_on = self._times[-self._boots], time, True
        return [self._build_loop()]

    def set_pending(self) -> None:
        """Note that the OCPP module has not accepted the last boot, as the log says."""
        self._pending = bool(self._times)

    def set_answered(self, time: int | None) -> list[LoopEvent]:
        """Note that a handshake was answered; return the end of the loop, if it follows from that."""
        self._answered, self._unanswered = True, False
        return self.advance_time(time)

    def advance_time(self, time: int | None) -> list[LoopEvent]:
        """Return the end of the loop, if it has ended by this time."""
        self._handle_clock_step(time)
        if not self._is_on or ((self._unanswered or self._is_dense()) and self._is_recent(time)):
            return []
        self._is_on = self._unanswered = False
        return [BootLoopEnded(time, self._build_loop())]

    def _handle_clock_step(self, time: int | None) -> None:
        """Forget the times of earlier boots if the clock was set back."""
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
        return time is None or last is None or time - last <= max(WITHIN, 2 * (self._compute_period() or 0))

    def _build_loop(self) -> BootLoop:
        return BootLoop(self._began, self._since, self._boots, self._compute_period())

    def _compute_period(self) -> int | None:
        times = [*self._times][-self._boots :]
        gaps = [
            after - before
            for before, after in pairwise(times)
            if before is not None and after is not None and after >= before
        ]
        return median_low(gaps) if gaps else None


@dataclass(frozen=True, slots=True)
class Boots:
    """The boots at one moment, with the times of the last two.

    `pending` is true while the log says that a boot is not accepted. `loop` is the active boot loop, or None.
    """

    count: int = 0
    last: int | None = None
    previous: int | None = None
    pending: bool = False
    loop: BootLoop | None = None


RETRANSMITTED_WITHIN = 2_000_000_000
"""The same boot frame is a retransmission within this time, in nanoseconds. It is `assumed`, as no source says how long
the boards wait.
"""


class BootCounter:
    """The boot counter of one session."""

    def __init__(self) -> None:
        self._count = 0
        self._last: int | None = None
        self._previous: int | None = None
        self._pending = False
        self._sequence: int | None = None
        self._sources: set[str] = set()
        self._other_frames = 0
        self._detector = BootLoopDetector()

    def add_line(self, time: int | None) -> list[BootEvent]:
        """Add the log line of a boot; return the events that follow."""
        return self._add_boot(time, None, "line")

    def add_frame(self, time: int | None, kind: str, sequence: int, other_frames: int) -> list[BootEvent]:
        """Add a frame that is sent at a boot; return the events that follow, or none if it belongs to the last boot.

        `kind` is the name of its command. `other_frames` counts the other frames that the communication processor has
        sent: if the number has changed, the same boot frame belongs to another boot.
        """
        is_late = None not in (time, self._last) and (time or 0) - (self._last or 0) > RETRANSMITTED_WITHIN
        repeated = kind in self._sources and (is_late or other_frames != self._other_frames)
        self._other_frames = other_frames
        if self._count == 0 or repeated or self._sequence not in (None, sequence):
            return self._add_boot(time, sequence, kind)
        self._sources.add(kind)
        self._sequence = sequence
        return []

    def set_pending(self) -> None:
        """Note that the OCPP module has not accepted the boot, as the log says."""
        self._pending = True
        self._detector.set_pending()

    def set_answered(self, time: int | None) -> list[LoopEvent]:
        """Note that the OCPP module answered a boot handshake; return the end of a boot loop, if that follows."""
        self._pending = False
        return self._detector.set_answered(time)

    def advance_time(self, time: int) -> list[LoopEvent]:
        """Return the end of a boot loop, if it has ended by this time."""
        return self._detector.advance_time(time)

    def snapshot(self) -> Boots:
        """Return the boots as they are now."""
        return Boots(self._count, self._last, self._previous, self._pending, self._detector.loop)

    def _add_boot(self, time: int | None, sequence: int | None, kind: str) -> list[BootEvent]:
        self._count += 1
        self._previous, self._last = self._last, time
        self._sequence = sequence
        self._sources = {kind}
        return [Booted(time, self._count), *self._detector.add_boot(time)]
