"""The events of registration and restarts: announcements, acceptance, restarts, and boot loops."""

from typing import Literal

from msgspec import Struct

from sniffer.core.charger.evidence import FrozenValue


class Announcement(FrozenValue, Struct, frozen=True):
    """The identity that the power board announces; empty for a part that it leaves out."""

    vendor: str
    model: str
    serial: str
    firmware: str


class Booted(FrozenValue, Struct, frozen=True):
    """The first of a series of announcements of the power board; `count` is the number of series in this session.

    `announcement` is what the board says about itself; None if only other signs were seen by then.
    """

    time: int | None
    count: int
    announcement: Announcement | None = None


RegistrationState = Literal["pending", "accepted"]


class RegistrationChanged(FrozenValue, Struct, frozen=True):
    """The registration of the charger: `pending` while the power board announces itself, `accepted` when that is over.

    `since` is the time of the first announcement of the series, `announcements` their number by now, and `period` the
    time between two of them, in nanoseconds. `evidence` says what shows the acceptance; None while it is pending.
    """

    time: int | None
    state: RegistrationState
    since: int | None
    announcements: int
    period: int | None
    evidence: str | None = None


ChargerPart = Literal["power board", "ocpp module"]
"""A part of the charger that can restart by itself."""


class Restarted(FrozenValue, Struct, frozen=True):
    """A restart of a part of the charger; `evidence` says what shows it."""

    time: int | None
    part: ChargerPart
    evidence: str


class BootLoop(FrozenValue, Struct, frozen=True):
    """A part of the charger that restarts again and again: `boots` times since `since`.

    `period` is the median interval in nanoseconds; None if no times are known.
    """

    time: int | None
    part: ChargerPart
    since: int | None
    boots: int
    period: int | None


class BootLoopEnded(FrozenValue, Struct, frozen=True):
    """The end of a boot loop; `loop` is its last state."""

    time: int | None
    loop: BootLoop
