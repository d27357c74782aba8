"""The events of a tap: it is lost or back, reads at another rate, delivers late, or is wired wrongly."""

from msgspec import Struct

from sniffer.core.charger.evidence import FrozenValue
from sniffer.core.wire.items import LineError


class SourceLost(FrozenValue, Struct, frozen=True):
    """A source that ended before its time, or lost data, with the `reason`.

    `tap` is its number, or 0 if there is only one.
    """

    time: int | None
    reason: str
    tap: int = 0


class SourceBack(FrozenValue, Struct, frozen=True):
    """A lost source that is back. `how` says where it was found, `away` how long it was lost, in nanoseconds."""

    time: int | None
    how: str
    away: int | None = None
    tap: int = 0


class RateFound(FrozenValue, Struct, frozen=True):
    """The baud rate at which a tap reads from here on, with the evidence. `baud` is None if no rate fits."""

    time: int | None
    baud: int | None
    evidence: str
    tap: int = 0


class LatenessKnown(FrozenValue, Struct, frozen=True):
    """A bound on how late the times of a tap may be from here on, in nanoseconds: its adapter holds bytes back."""

    time: int | None
    late: int
    tap: int = 0


class SourceShared(FrozenValue, Struct, frozen=True):
    """Another program that has the port of a tap open, `holder`: bytes may be missing from here on."""

    time: int | None
    holder: str
    tap: int = 0


class LineErrorReported(FrozenValue, Struct, frozen=True):
    """A line error of a byte that the capture does not hold."""

    time: int | None
    error: LineError
    tap: int = 0


class Miswired(FrozenValue, Struct, frozen=True):
    """A sign that a tap is wired or set wrongly; `about` says what to do.

    `kind` names the fault (`sniffer.core.line.wiring`). `taps` are the numbers of the taps, from 1; empty if there is
    only one tap.
    """

    time: int | None
    kind: str
    about: str
    taps: tuple[int, ...] = ()


class MiswiringEnded(FrozenValue, Struct, frozen=True):
    """The end of a sign of wrong wiring."""

    time: int | None
    kind: str
    taps: tuple[int, ...] = ()
