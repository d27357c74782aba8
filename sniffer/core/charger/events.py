"""What a session concludes from what was said: the events, and the values that they carry.

All are frozen. Times are nanoseconds since the Unix epoch, or None where the source has none; `time` is that of the
item which showed the event. Codes are numbers as the wire has them; names for them are in the definition.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

from msgspec import Struct

from sniffer.core.charger.fault_codes import Diagnosis, FaultCodes
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.wire.links import Route


class Value:
    """What never changes: a copy of what holds it may hold the same one."""

    __slots__ = ()

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self


@dataclass(frozen=True, slots=True)
class Evidence(Value):
    """Where in the session something was seen: the record's number, and the line that a text log printed on it."""

    number: int
    line: int | None
    time: int | None


@dataclass(frozen=True, slots=True)
class Preceding(Value):
    """An event that came before another, and where it was seen."""

    seen: Evidence
    event: "Event"


@dataclass(frozen=True, slots=True)
class Fault(Value):
    """One fault of one connector; `connector` is None while only log lines, which do not name it, told of it.

    `codes` were all seen; what they mean is the diagnosis. `evidence` is what raised and completed it, `before` the
    events of the ten seconds until then. `cleared` is when it ended. `earlier` is how often this connector had a fault
    of the same meaning before, and `total` how long it had them together, this one included.
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
    """A connector's first status (`before` is None) or a move; `legal` as OCPP 1.6, section 4.9, has it.

    `seen` is the report that told it. `dwell` is how long the connector was in `before`, in nanoseconds; `cp_voltage`
    the control pilot's voltage in that report. Either is None where it is not known.
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
    """A report that contradicts itself, by the rule of this name; told once, until the rule holds no more."""

    time: int | None
    connector: int
    rule: str
    about: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Disagreed(Value):
    """A status notification that says other than the status report which it passes on."""

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
    """More codes of an active fault are known, and they say something else, or something more, than before."""

    time: int | None
    fault: Fault


@dataclass(frozen=True, slots=True)
class FaultCleared(Value):
    """A fault that is over, or that another one has taken the place of."""

    time: int | None
    fault: Fault


@dataclass(frozen=True, slots=True)
class Booted(Value):
    """The communication processor started; `count` is how often it did in this session."""

    time: int | None
    count: int


@dataclass(frozen=True, slots=True)
class BootLoop(Value):
    """The communication processor starts again and again: `boots` times since `since`, each `period` apart.

    `period` is the median in nanoseconds; None where no times are known.
    """

    time: int | None
    since: int | None
    boots: int
    period: int | None


@dataclass(frozen=True, slots=True)
class BootLoopEnded(Value):
    """The boot loop is over; `loop` is what it was in the end."""

    time: int | None
    loop: BootLoop


@dataclass(frozen=True, slots=True)
class Unanswered(Value):
    """A request that got no answer; `asked` is where it was seen last, `tries` how often it was sent."""

    time: int | None
    route: Route
    name: str
    sequence: int
    command: int
    asked: Evidence
    tries: int


@dataclass(frozen=True, slots=True)
class Retransmitted(Value):
    """The same frame again, with the same sequence; `first` is where it was seen first, `tries` how often by now."""

    time: int | None
    route: Route
    name: str
    sequence: int
    command: int
    first: Evidence
    tries: int


@dataclass(frozen=True, slots=True)
class SourceLost(Value):
    """The source ended before its time, or lost data; `reason` says how. `tap` is which of several it was, or 0."""

    time: int | None
    reason: str
    tap: int = 0


@dataclass(frozen=True, slots=True)
class SourceBack(Value):
    """A source that was lost is there again; `how` says where, `away` for how many nanoseconds it was gone."""

    time: int | None
    how: str
    away: int | None = None
    tap: int = 0


@dataclass(frozen=True, slots=True)
class RateFound(Value):
    """The rate that a tap reads at from here on, with the evidence for it; `baud` is None where no rate fits."""

    time: int | None
    baud: int | None
    evidence: str
    tap: int = 0


@dataclass(frozen=True, slots=True)
class LatenessKnown(Value):
    """From here on a tap's times may be `late` by so many nanoseconds, as its adapter holds bytes back."""

    time: int | None
    late: int
    tap: int = 0


@dataclass(frozen=True, slots=True)
class Miswired(Value):
    """What was heard tells that a tap is wired wrongly, or set wrongly; `about` says what to do.

    `kind` names what is wrong (`sniffer.core.line.wiring`), `taps` are where, counted from 1; empty where there is only one.
    """

    time: int | None
    kind: str
    about: str
    taps: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MiswiringEnded(Value):
    """It is not so any more."""

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
"""What scripts and filters call them (contract.md, `dump --json`)."""


class Reference(Struct, frozen=True, gc=False):
    """What a frame refers to: the request that it answers, the frame that it repeats or the report that it relays.

    `number` and `line` are the earlier frame's. `after` is the time between both, in nanoseconds; None where the
    source's times do not tell it.
    """

    kind: Literal["answers", "repeats", "relays"]
    number: int
    line: int | None
    after: int | None
