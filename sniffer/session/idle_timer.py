"""The idle time of a live line: how long it is silent before unfinished bytes are resolved, and the timer for it."""

import asyncio
from collections.abc import Callable

from sniffer.base.times import SECOND
from sniffer.core.wire.framer import BITS_PER_BYTE, LONGEST_LIVE_DBUS, LiveLimits

IDLE_SECONDS = 0.05
"""Silence after which the unfinished bytes of a live line are resolved."""

PATIENCE = 0.4
"""The longest delay of the bytes of a frame, as a share of that silence: adapters deliver them in bursts of 16 ms."""

MIN_IDLE_BYTES = 4
"""The silence is at least as long as this many bytes take: on a slow line the next byte may just be on its way."""


def live_limits(idle: float = IDLE_SECONDS, longest_dbus: int = LONGEST_LIVE_DBUS) -> LiveLimits:
    """Return the limits of a live line on which `idle` seconds of silence end an unfinished frame."""
    return LiveLimits(longest_dbus, round(PATIENCE * idle * SECOND))


class IdleTimer:
    """The timer of a live line. It calls `on_idle` after `idle` seconds of silence, if `is_waiting` returns True.

    `baud` is the rate of the line; None if it is not known. One timer checks from time to time: to stop one and start
    another with every read costs more than the framing.
    """

    def __init__(
        self, idle: float, baud: int | None, is_waiting: Callable[[], bool], on_idle: Callable[[], None]
    ) -> None:
        self._idle = max(idle, MIN_IDLE_BYTES * BITS_PER_BYTE / baud) if baud else idle
        self._is_waiting = is_waiting
        self._on_idle = on_idle
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._was_held_up = False

    def restart(self, now: float) -> None:
        """Begin the silence anew. `now` is the time of the loop, in seconds."""
        self._due = now + self._idle
        self._was_held_up = False
        if self._timer is None and self._is_waiting():
            self._timer = asyncio.get_running_loop().call_at(self._due, self._check)

    def stop(self) -> None:
        """End the timer: `on_idle` is not called any more."""
        if self._timer:
            self._timer.cancel()
        self._timer = None

    def _check(self) -> None:
        """Call `on_idle` if the line was silent, else check again later."""
        timer, self._timer = self._timer, None
        if timer is None:
            return
        loop = asyncio.get_running_loop()
        now = loop.time()
        if now >= self._due and now - timer.when() > self._idle / 2 and not self._was_held_up:
            # The whole loop was held up, and with it the delivery of what arrived meanwhile: the line was not silent.
            self._was_held_up = True
            self._due = now + self._idle
        if now < self._due:
            self._timer = loop.call_at(self._due, self._check)
        else:
            self._on_idle()
