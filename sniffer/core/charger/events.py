"""The events of a session: what follows from its records, and the values that events carry.

All are immutable. Times are nanoseconds since the Unix epoch, or None if the source has none; `time` is that of the
record which showed the event. Codes are numbers as on the wire; their names are in the definition.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

from msgspec import Struct

from sniffer.core.charger.fault_codes import Diagnosis, FaultCodes
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.wire.links import Route


class Value:
    """A value that never changes: a copy of its holder shares it."""

    __slots__ = ()

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self


@dataclass(frozen=True, slots=True)
class Evidence(Value):
    """A place in the session: the number of a record, and the line that a text log printed on it."""

    number: int
    line: int | None
    time: int | None


@dataclass(frozen=True, slots=True)
class Preceding(Value):
    """An event that came before another one, and its place."""

    seen: Evidence
    event: "Event"


@dataclass(frozen=True, slots=True)
class Fault(Value):
    """One fault of one connector. `connector` is None while only log lines reported it, as they name no connector.

    `codes` are all codes that were sent, `diagnosis` is their meaning. `evidence` are the records that raised and
    completed the fault, `before` the events of the ten seconds before it. `cleared` is when it ended. `earlier` counts
    earlier faults of this connector with the same meaning; `total` is how long all of them lasted, in nanoseconds, this
    one included.
    """

    connector: int | None
    codes: FaultCodes
    diagnosis: Diagnosis
    since: int | None
    last: int | None
    reports: int = 1
    evidence: tuple[Evidence, ...] = ()
    before: tuple[Preceding, ...] = ()
    cleared: int | None = None
    earlier: int = 0
    total: int | None = None


@dataclass(frozen=True, slots=True)
class StatusChanged(Value):
    """The first status of a connector (`before` is None), or a transition. `legal`: OCPP 1.6, section 4.9, allows it.

    `seen` is the report that showed it. `dwell` is how long the connector was in `before`, in nanoseconds, and
    `cp_voltage` the control pilot voltage of the report, in volts; both are None if not known.
    """

    time: int | None
    connector: int
    before: str | None
    after: str
    legal: bool
    seen: Evidence
    dwell: int | None = None
    cp_voltage: float | None = None


@dataclass(frozen=True, slots=True)
class Contradicted(Value):
    """A report that contradicts itself by the named rule. It is reported once, until the rule no longer applies."""

    time: int | None
    connector: int
    rule: str
    about: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Disagreed(Value):
    """A StatusNotification that differs from the status report that it passes on."""

    time: int | None
    connector: int
    field: Literal["connector", "status", "ocpp_error"]
    reported: int
    relayed: int
    report: Evidence


@dataclass(frozen=True, slots=True)
class FaultRaised(Value):
    """A fault that was not active before."""

    time: int | None
    fault: Fault


@dataclass(frozen=True, slots=True)
class FaultChanged(Value):
    """An active fault with more codes than before, which change or complete its meaning."""

    time: int | None
    fault: Fault


@dataclass(frozen=True, slots=True)
class FaultCleared(Value):
    """A fault that has ended, or that another one has replaced."""

    time: int | None
    fault: Fault


@dataclass(frozen=True, slots=True)
class Booted(Value):
    """A boot of the communication processor; `count` is the number of boots in this session."""

    time: int | None
    count: int


@dataclass(frozen=True, slots=True)
class BootLoop(Value):
    """A communication processor that boots again and again: `boots` times since `since`.

    `period` is the median interval in nanoseconds; None if no times are known.
    """

    time: int | None
    since: int | None
    boots: int
    period: int | None


@dataclass(frozen=True, slots=True)
class BootLoopEnded(Value):
    """The end of a boot loop; `loop` is its last state."""

    time: int | None
    loop: BootLoop


@dataclass(frozen=True, slots=True)
class Unanswered(Value):
    """A request without an answer. `asked` is where it was sent last, `tries` how often it was sent."""

    time: int | None
    route: Route
    name: str
    sequence: int
    command: int
    asked: Evidence
    tries: int


@dataclass(frozen=True, slots=True)
class Retransmitted(Value):
    """A frame that was sent again with the same sequence. `first` is its first place, `tries` counts all by now."""

    time: int | None
    route: Route
    name: str
    sequence: int
    command: int
    first: Evidence
    tries: int


@dataclass(frozen=True, slots=True)
class SourceLost(Value):
    """A source that ended before its time, or lost data, with the `reason`. `tap` is its number, or 0 if there is only
    one.
    """

    time: int | None
    reason: str
    tap: int = 0


@dataclass(frozen=True, slots=True)
class SourceBack(Value):
    """A lost source that is back. `how` says where it was found, `away` how long it was lost, in nanoseconds."""

    time: int | None
    how: str
    away: int | None = None
    tap: int = 0


@dataclass(frozen=True, slots=True)
class RateFound(Value):
    """The baud rate at which a tap reads from here on, with the evidence. `baud` is None if no rate fits."""

    time: int | None
    baud: int | None
    evidence: str
    tap: int = 0


@dataclass(frozen=True, slots=True)
class LatenessKnown(Value):
    """A bound on how late the times of a tap may be from here on, in nanoseconds: its adapter holds bytes back."""

    time: int | None
    late: int
    tap: int = 0


@dataclass(frozen=True, slots=True)
class Miswired(Value):
    """A sign that a tap is wired or set wrongly; `about` says what to do.

    `kind` names the fault (`sniffer.core.line.wiring`). `taps` are the numbers of the taps, from 1; empty if there is
    only one tap.
    """

    time: int | None
    kind: str
    about: str
    taps: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MiswiringEnded(Value):
    """The end of a sign of wrong wiring."""

    time: int | None
    kind: str
    taps: tuple[int, ...] = ()


Event = (
    StatusChanged
    | Contradicted
    | Disagreed
    | FaultRaised
    | FaultChanged
    | FaultCleared
    | Booted
    | BootLoop
    | BootLoopEnded
    | Unanswered
    | Retransmitted
    | SourceLost
    | SourceBack
    | RateFound
    | LatenessKnown
    | Miswired
    | MiswiringEnded
)

EVENT_NAMES: Mapping[type[Event], str] = {
    StatusChanged: "status",
    Contradicted: "contradiction",
    Disagreed: "disagreement",
    FaultRaised: "fault_raised",
    FaultChanged: "fault_changed",
    FaultCleared: "fault_cleared",
    Booted: "boot",
    BootLoop: "boot_loop",
    BootLoopEnded: "boot_loop_ended",
    Unanswered: "unanswered",
    Retransmitted: "retransmission",
    SourceLost: "source_lost",
    SourceBack: "source_back",
    RateFound: "rate",
    LatenessKnown: "lateness",
    Miswired: "wiring",
    MiswiringEnded: "wiring_ended",
}
"""The names of the events in JSON and in filters."""


class Reference(Struct, frozen=True, gc=False):
    """The earlier frame that a frame refers to: it answers a request, repeats a frame, or relays a report.

    `number` and `line` are those of the earlier frame. `after` is the time between both, in nanoseconds; None if the
    source's times do not show it.
    """

    kind: Literal["answers", "repeats", "relays"]
    number: int
    line: int | None
    after: int | None
