"""The events of a tap: it is lost or back, reads at another rate, delivers late, or is wired wrongly."""

from dataclasses import dataclass

from sniffer.core.charger.evidence import FrozenValue
from sniffer.core.wire.items import LineError


@dataclass(frozen=True, slots=True)
class SourceLost(FrozenValue):
    """A source that ended before its time, or lost data, with the `reason`. `tap` is its number, or 0 if there is only
    one.
    """

    time: int | None
    reason: str
    tap: int = 0


@dataclass(frozen=True, slots=True)
class SourceBack(FrozenValue):
    """A lost source that is back. `how` says where it was found, `away` how long it was lost, in nanoseconds."""

    time: int | None
    how: str
    away: int | None = None
    tap: int = 0


@dataclass(frozen=True, slots=True)
class RateFound(FrozenValue):
    """The baud rate at which a tap reads from here on, with the evidence. `baud` is None if no rate fits."""

    time: int | None
    baud: int | None
    evidence: str
    tap: int = 0


@dataclass(frozen=True, slots=True)
class LatenessKnown(FrozenValue):
    """A bound on how late the times of a tap may be from here on, in nanoseconds: its adapter holds bytes back."""

    time: int | None
    late: int
    tap: int = 0


@dataclass(frozen=True, slots=True)
class SourceShared(FrozenValue):
    """Another program that has the port of a tap open, `holder`: bytes may be missing from here on."""

    time: int | None
    holder: str
    tap: int = 0


@dataclass(frozen=True, slots=True)
class LineErrorReported(FrozenValue):
    """A line error of a byte that the capture does not hold."""

    time: int | None
    error: LineError
    tap: int = 0


@dataclass(frozen=True, slots=True)
class Miswired(FrozenValue):
    """A sign that a tap is wired or set wrongly; `about` says what to do.

    `kind` names the fault (`sniffer.core.line.wiring`). `taps` are the numbers of the taps, from 1; empty if there is
    only one tap.
    """

    time: int | None
    kind: str
    about: str
    taps: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MiswiringEnded(FrozenValue):
    """The end of a sign of wrong wiring."""

    time: int | None
    kind: str
    taps: tuple[int, ...] = ()
