"""Restarts of the power board and of the OCPP module, and boot loops.

The power board has restarted if it announces itself again after it was accepted; unless the OCPP module has restarted
since, as the board has to be accepted anew then. The OCPP module has restarted if its sequence counter or its running
time began again (protocol.md, Commands on `pwrboard`, Sequences; What a boot is). Both signs of one restart are one
restart: a sign counts only if the last value before it came after the last restart.

A boot loop is three restarts of the same part within ten minutes. It ends when no restart follows for as long, or for
two periods if that is longer. Without times there is no boot loop.
"""

from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low
from typing import get_args

from sniffer.base.native import mypyc_attr
from sniffer.base.times import SECOND
from sniffer.core.charger.startup.registration_events import BootLoop, BootLoopEnded, ChargerPart, Restarted

WITHIN = 600 * SECOND
"""Three restarts within this time, in nanoseconds, are a loop. It is `assumed`: no source says what is normal."""

RESTARTS_IN_A_LOOP = 3
RESTARTS_REMEMBERED = 16
"""The number of last restarts from which the period of a loop is computed."""

OUT_OF_ORDER = 8
"""A counter may be lower by this much without a restart: lines of one second have no fixed order."""

OUT_OF_ORDER_WITHIN = 10 * SECOND
"""The greatest distance of two values of the counter that are out of order, or of a request that is sent again.

A module that restarts soon after its start begins with a value that is lower by little as well, but cannot be back as
fast.
"""

WRAPS_FROM = 0xF000
WRAPS_TO = 0x1000
"""A counter that goes from one of the last 4096 values to one of the first 4096 has wrapped around."""

OCPP_MODULE: ChargerPart = "ocpp module"
POWER_BOARD: ChargerPart = "power board"

RestartEvent = Restarted | BootLoop | BootLoopEnded


@dataclass(frozen=True, slots=True)
class Restarts:
    """The restarts of one part at one moment. `loop` is the active boot loop, or None."""

    part: ChargerPart
    count: int = 0
    last: int | None = None
    loop: BootLoop | None = None


@mypyc_attr(allow_interpreted_subclasses=True)
class RestartTracker:
    """The restarts of one session. Records are distinguished by their numbers, as a source may have no times.

    `counter` is the last value of the OCPP module's counter, -1 before the first one; `counter_at` and `counter_time`
    are its record and its time. `is_in_loop` is true while a boot loop of any part lasts.
    """

    def __init__(self) -> None:
        self._parts = {part: _PartRestarts(part) for part in get_args(ChargerPart)}
        self._restarted_at: dict[ChargerPart, int] = dict.fromkeys(get_args(ChargerPart), 0)
        self.is_in_loop = False
        self.counter = -1
        self.counter_at = 0
        self.counter_time: int | None = None
        self._minutes: int | None = None
        self._minutes_at = 0

    def add_announcements(self, time: int | None, number: int, accepted_at: int) -> list[RestartEvent]:
        """Add announcements that begin again after the record `accepted_at`; return the events that follow."""
        if self._restarted_at[OCPP_MODULE] > accepted_at:
            return []
        return self._add_restart(POWER_BOARD, time, number, "it announces itself again after it was accepted")

    def add_counter(self, value: int, time: int | None, number: int) -> list[RestartEvent]:
        """Add a value of the OCPP module's sequence counter; return the events that follow."""
        before, before_at = self.counter, self.counter_at
        if 0 < before - value <= OUT_OF_ORDER and not self._has_passed(OUT_OF_ORDER_WITHIN, time):
            return []
        self.counter, self.counter_at, self.counter_time = value, number, time
        if value >= before or (before >= WRAPS_FROM and value < WRAPS_TO):
            return []
        return self._add_sign(
            time, number, before_at, f"its sequence counter began again ({before:04X}, then {value:04X})"
        )

    def add_uptime(self, minutes: int, time: int | None, number: int) -> list[RestartEvent]:
        """Add a running time of the OCPP module, in minutes; return the events that follow."""
        before, before_at = self._minutes, self._minutes_at
        self._minutes, self._minutes_at = minutes, number
        if before is None or minutes >= before:
            return []
        evidence = f"its running time began again ({_format_minutes(before)}, then {_format_minutes(minutes)})"
        return self._add_sign(time, number, before_at, evidence)

    def advance_time(self, time: int) -> list[RestartEvent]:
        """Return the ends of boot loops that have ended by this time."""
        if not self.is_in_loop:
            return []
        ended = [event for part in self._parts.values() for event in part.advance_time(time)]
        self._note_loops()
        return ended

    def snapshot(self) -> tuple[Restarts, ...]:
        """Return the restarts of each part as they are now; nothing for a part without one."""
        return tuple(part.snapshot() for part in self._parts.values() if part.count)

    def _has_passed(self, duration: int, time: int | None) -> bool:
        """Return True if more than this time has passed since the last value of the counter, as far as is known."""
        return time is not None and self.counter_time is not None and time - self.counter_time > duration

    def _add_sign(self, time: int | None, number: int, before_at: int, evidence: str) -> list[RestartEvent]:
        """Add a sign of a restart of the OCPP module, unless an earlier one already showed the same restart."""
        if before_at < self._restarted_at[OCPP_MODULE]:
            return []
        return self._add_restart(OCPP_MODULE, time, number, evidence)

    def _add_restart(self, part: ChargerPart, time: int | None, number: int, evidence: str) -> list[RestartEvent]:
        self._restarted_at[part] = number
        events: list[RestartEvent] = [Restarted(time, part, evidence), *self._parts[part].add_restart(time)]
        self._note_loops()
        return events

    def _note_loops(self) -> None:
        self.is_in_loop = any(part.is_in_loop for part in self._parts.values())


@mypyc_attr(allow_interpreted_subclasses=True)
class _PartRestarts:
    """The restarts of one part, and its boot loop."""

    def __init__(self, part: ChargerPart) -> None:
        self._part = part
        self._times: deque[int | None] = deque(maxlen=RESTARTS_REMEMBERED)
        self._began: int | None = None
        self._since: int | None = None
        self._in_loop = 0
        self.count = 0

    @property
    def is_in_loop(self) -> bool:
        """True while a boot loop lasts."""
        return self._in_loop > 0

    def add_restart(self, time: int | None) -> list[RestartEvent]:
        """Add a restart; return the begin or the end of a loop, if either follows from it."""
        last = self._times[-1] if self._times else None
        if time is not None and last is not None and last - time > WITHIN:
            # The clock was set back: the times of earlier restarts say nothing now.
            self._times.clear()
        ended = [] if time is None else self.advance_time(time)
        self._times.append(time)
        self.count += 1
        if self._in_loop:
            self._in_loop += 1
            return ended
        if not self._is_dense():
            return ended
        self._in_loop, self._since, self._began = RESTARTS_IN_A_LOOP, self._times[-RESTARTS_IN_A_LOOP], time
        return [*ended, self._build_loop()]

    def advance_time(self, time: int) -> list[RestartEvent]:
        """Return the end of the loop, if it has ended by this time."""
        last = self._times[-1] if self._times else None
        if not self._in_loop or last is None or time - last <= max(WITHIN, 2 * (self._compute_period() or 0)):
            return []
        loop = self._build_loop()
        self._in_loop = 0
        return [BootLoopEnded(time, loop)]

    def snapshot(self) -> Restarts:
        """Return the restarts as they are now."""
        last = self._times[-1] if self._times else None
        return Restarts(self._part, self.count, last, self._build_loop() if self._in_loop else None)

    def _is_dense(self) -> bool:
        """Return True if the last restarts followed each other so fast that they are a loop."""
        if len(self._times) < RESTARTS_IN_A_LOOP:
            return False
        first, last = self._times[-RESTARTS_IN_A_LOOP], self._times[-1]
        return first is not None and last is not None and 0 <= last - first <= WITHIN

    def _build_loop(self) -> BootLoop:
        """Return the boot loop as it is now."""
        return BootLoop(self._began, self._part, self._since, self._in_loop, self._compute_period())

    def _compute_period(self) -> int | None:
        """Return the median time between the restarts of the loop, in nanoseconds.

        Returns None if fewer than two have times.
        """
        times = [*self._times][-self._in_loop :]
        gaps = [
            after - before
            for before, after in pairwise(times)
            if before is not None and after is not None and after >= before
        ]
        return median_low(gaps) if gaps else None


def _format_minutes(minutes: int) -> str:
    return f"{minutes // 60} h {minutes % 60:02} min"
