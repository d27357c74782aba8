"""Registration: the power board announces itself until the central system has accepted the charger.

An announcement shows itself in several ways, in no fixed number and order: the board's frame, the log line `Com boot!`,
its relay to the OCPP module, and the answers to both frames. All frames of one announcement share a sequence
(protocol.md, What a boot is). Announcements every five seconds are one series: registration is pending. They say
nothing of a restart.

The charger is accepted when the log says so (a BootNotification result, or another call that was answered after the
series began), or when no announcement came for two periods while the board itself sent other frames. Silence alone says
nothing. Announcements that begin again after acceptance are a new series.
"""

from collections import deque
from itertools import pairwise
from statistics import median_low
from typing import Literal

from msgspec import Struct

from sniffer.base.times import SECOND, duration_between, format_duration
from sniffer.core.charger.startup.registration_events import (
    Announcement,
    Booted,
    RegistrationChanged,
    RegistrationState,
)

DEFAULT_PERIOD = 5 * SECOND
"""The period of announcements in nanoseconds, until two of them show it (protocol.md, Commands on `pwrboard`)."""

PERIODS_WITHOUT = 2
"""The number of periods without an announcement after which a board that sends other frames has been accepted."""

SIGNS_WITHIN = 2 * SECOND
"""Signs of one announcement follow each other within this time, in nanoseconds."""

INTERVALS_KEPT = 16

Sign = Literal["line", "frame", "frame answer", "relay", "relay answer"]
"""The ways in which an announcement shows itself."""

RegistrationEvent = Booted | RegistrationChanged


class Registration(Struct, frozen=True):
    """The registration at one moment.

    `state` is None until something shows it. `series` counts the series of announcements. `since` is when the last
    series began, `announcements` how many it had, `last` the time of the last one, and `period` the time between two,
    in nanoseconds. `accepted` is when it was accepted. `announcement` is what the board says about itself.
    """

    state: RegistrationState | None = None
    series: int = 0
    since: int | None = None
    announcements: int = 0
    last: int | None = None
    period: int | None = None
    accepted: int | None = None
    announcement: Announcement | None = None


class RegistrationTracker:
    """The registration of one session."""

    def __init__(self) -> None:
        self._state: RegistrationState | None = None
        self._series = self._announcements = 0
        self._since: int | None = None
        self._accepted: int | None = None
        self._announcement: Announcement | None = None
        self._times: deque[int | None] = deque(maxlen=INTERVALS_KEPT)
        self._signs: set[Sign] = set()
        self._sequence: int | None = None
        self._has_refusal = False

    @property
    def is_pending(self) -> bool:
        """True if announcements go on and the charger is not accepted yet."""
        return self._state == "pending"

    @property
    def is_accepted(self) -> bool:
        """True if the charger is known to be accepted."""
        return self._state == "accepted"

    def is_new(self, time: int | None, sign: Sign, sequence: int | None) -> bool:
        """Return True if this sign shows another announcement than the last one."""
        if not self._signs:
            return True
        apart = duration_between(self._last, time)
        if apart is not None and apart > SIGNS_WITHIN:
            return True
        if sequence is not None and self._sequence is not None:
            return sequence != self._sequence
        return sign in self._signs

    def add_sign(
        self, time: int | None, sign: Sign, sequence: int | None, announcement: Announcement | None = None
    ) -> list[RegistrationEvent]:
        """Add a sign of an announcement; return the events that follow. A series causes them once.

        `sequence` is None for a log line. `announcement` is the content of the board's frame.
        """
        is_new = self.is_new(time, sign, sequence)
        self._announcement = announcement or self._announcement
        if not is_new:
            self._signs.add(sign)
            self._sequence = self._sequence if sequence is None else sequence
            return []
        self._signs, self._sequence = {sign}, sequence
        if self.is_pending:
            self._announcements += 1
            self._times.append(time)
            return []
        return self._begin_series(time)

    def add_pending_line(self, time: int | None) -> list[RegistrationEvent]:
        """Add the log line that says that registration is pending; return the events that follow.

        In the second of an acceptance it may have been printed before it.
        """
        apart = duration_between(self._accepted, time)
        if self.is_pending or (self.is_accepted and (apart is None or apart <= SIGNS_WITHIN)):
            return []
        self._state, self._since, self._announcements = "pending", time, 0
        self._times.clear()
        return [self._build_event(time, None)]

    def add_board_frame(self, time: int | None) -> list[RegistrationEvent]:
        """Add another frame of the board; return the acceptance, if it follows from it."""
        apart = duration_between(self._last, time)
        if not self.is_pending or apart is None or time is None or self._last is None:
            return []
        # Times in whole seconds can be almost a second wrong, each.
        slack = SECOND if time % SECOND == 0 and self._last % SECOND == 0 else 0
        if apart < PERIODS_WITHOUT * (self._period or DEFAULT_PERIOD) + slack:
            return []
        return self._accept(
            time, f"no announcement for {format_duration(apart)} while the power board sends other frames"
        )

    def add_boot_result(self, time: int | None, status: str) -> list[RegistrationEvent]:
        """Add the central system's answer to a BootNotification; return the acceptance, if it is one."""
        if status == "Accepted":
            return [] if self.is_accepted else self._accept(time, "the central system answered Accepted")
        self._has_refusal = True
        return []

    def add_answered_call(self, time: int | None) -> list[RegistrationEvent]:
        """Add another OCPP call that was answered after a BootNotification; return the acceptance, if it follows.

        It shows nothing if the central system has answered that the charger is not accepted.
        """
        if not self.is_pending or self._has_refusal:
            return []
        return self._accept(time, "the OCPP module and the central system go on with other calls")

    def snapshot(self) -> Registration:
        """Return the registration as it is now."""
        return Registration(
            state=self._state,
            series=self._series,
            since=self._since,
            announcements=self._announcements,
            last=self._last,
            period=self._period,
            accepted=self._accepted if self.is_accepted else None,
            announcement=self._announcement,
        )

    @property
    def _last(self) -> int | None:
        """The time of the last announcement, in nanoseconds; None if it had none or there was no announcement."""
        return self._times[-1] if self._times else None

    @property
    def _period(self) -> int | None:
        """The median time between announcements, in nanoseconds; None if fewer than two have times."""
        gaps = [
            after - before
            for before, after in pairwise(self._times)
            if before is not None and after is not None and after > before
        ]
        return median_low(gaps) if gaps else None

    def _begin_series(self, time: int | None) -> list[RegistrationEvent]:
        """Begin a series of announcements; return the events of the boot and of the pending registration."""
        self._series += 1
        self._announcements = 1
        self._state, self._since, self._has_refusal = "pending", time, False
        self._times.clear()
        self._times.append(time)
        return [Booted(time, self._series, self._announcement), self._build_event(time, None)]

    def _accept(self, time: int | None, evidence: str) -> list[RegistrationEvent]:
        self._state, self._accepted, self._has_refusal = "accepted", time, False
        return [self._build_event(time, evidence)]

    def _build_event(self, time: int | None, evidence: str | None) -> RegistrationChanged:
        assert self._state is not None
        return RegistrationChanged(time, self._state, self._since, self._announcements, self._period, evidence)
