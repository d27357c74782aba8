"""The events of a session: what follows from its records, and the values that events carry.

All are immutable. Times are nanoseconds since the Unix epoch, or None if the source has none; `time` is that of the
record which showed the event. Codes are numbers as on the wire; their names are in the definition.
"""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from sniffer.core.charger.evidence import Evidence, FrozenValue
from sniffer.core.charger.fault_codes import Diagnosis, FaultCodes
from sniffer.core.charger.health.link_health import LinkHealthChanged
from sniffer.core.charger.measurements.course import Course
from sniffer.core.charger.measurements.measurement import ImplausibleMeasurement, Measurement
from sniffer.core.charger.ocpp.events import ClockOffset, OcppFailed
from sniffer.core.charger.startup.registration_events import (
    Booted,
    BootLoop,
    BootLoopEnded,
    RegistrationChanged,
    Restarted,
)
from sniffer.core.charger.tap_events import (
    LatenessKnown,
    LineErrorReported,
    Miswired,
    MiswiringEnded,
    RateFound,
    SourceBack,
    SourceLost,
    SourceShared,
)
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.wire.link import Route

__all__ = [
    "EVENT_NAMES",
    "BootLoop",
    "BootLoopEnded",
    "Booted",
    "CardReaderFault",
    "CardReaderFaultEnded",
    "ClockOffset",
    "Contradicted",
    "Disagreed",
    "Event",
    "Fault",
    "FaultChanged",
    "FaultCleared",
    "FaultRaised",
    "ImplausibleMeasurement",
    "LatenessKnown",
    "LineErrorReported",
    "LinkHealthChanged",
    "Miswired",
    "MiswiringEnded",
    "OcppFailed",
    "Overdue",
    "Preceding",
    "RateFound",
    "Reference",
    "RegistrationChanged",
    "Restarted",
    "Retransmitted",
    "SourceBack",
    "SourceLost",
    "SourceShared",
    "StatusChanged",
    "Unanswered",
    "Warned",
]
"""All events, also those whose classes stand with what reports them: a table of all has them as `events.Booted`."""


class Preceding(FrozenValue, Struct, frozen=True, gc=False):
    """An event that came before another one, and its place."""

    seen: Evidence
    event: "Event"


class Fault(FrozenValue, Struct, frozen=True):
    """One fault of one connector. `connector` is None while only log lines reported it, as they name no connector.

    `codes` are all codes that were sent, `diagnosis` is their meaning. `evidence` are the records that raised and
    completed the fault, `before` the events of the ten seconds before it. `cleared` is when it ended. `earlier` counts
    earlier faults of this connector with the same meaning; `total` is how long all of them lasted, in nanoseconds, this
    one included. `measured` are the last values of its connector and of the charger when it was raised, and `courses`
    how these moved in the half minute before.
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
    measured: tuple[Measurement, ...] = ()
    courses: tuple[Course, ...] = ()

    @property
    def is_mended(self) -> bool:
        """True if one of the records that show it was read wrongly and mended: the fault is `assumed`."""
        return any(one.mended for one in self.evidence)


class StatusChanged(FrozenValue, Struct, frozen=True, gc=False):
    """The first status of a connector (`before` is None), or a transition.

    `legal`: OCPP 1.6, section 4.9, allows it; None if a status has a number that no table has.

    `seen` is the report that showed it. `dwell` is how long the connector was in `before`, in nanoseconds, and
    `cp_voltage` the control pilot voltage of the report, in volts; both are None if not known.
    """

    time: int | None
    connector: int
    before: str | None
    after: str
    legal: bool | None
    seen: Evidence
    dwell: int | None = None
    cp_voltage: float | None = None


class Contradicted(FrozenValue, Struct, frozen=True):
    """A report that contradicts itself by the named rule. It is reported once, until the rule no longer applies."""

    time: int | None
    connector: int
    rule: str
    about: str
    provenance: Provenance


class Warned(FrozenValue, Struct, frozen=True):
    """A report that OCPP counts as a warning, by the named rule. It is reported once, until the rule no longer applies.

    The report does not contradict itself: OCPP 1.6, section 4.9, allows an error with another status than Faulted.
    """

    time: int | None
    connector: int
    rule: str
    about: str
    provenance: Provenance


class Disagreed(FrozenValue, Struct, frozen=True):
    """A value that is not passed on as it was reported.

    `action` is the OCPP call that passes it on, or None if a frame does. `report` is the frame with the value
    `reported`, `relayed` is what became of it: a number, or a name that no table has.
    """

    time: int | None
    connector: int
    field: str
    reported: int | float
    relayed: int | float | str
    report: Evidence
    action: str | None = None


class FaultRaised(FrozenValue, Struct, frozen=True):
    """A fault that was not active before."""

    time: int | None
    fault: Fault


class FaultChanged(FrozenValue, Struct, frozen=True):
    """An active fault with more codes than before, which change or complete its meaning."""

    time: int | None
    fault: Fault


class FaultCleared(FrozenValue, Struct, frozen=True):
    """A fault that has ended, or that another one has replaced."""

    time: int | None
    fault: Fault


class Unanswered(FrozenValue, Struct, frozen=True):
    """A request without an answer. `asked` is where it was sent last, `tries` how often it was sent."""

    time: int | None
    route: Route
    name: str
    sequence: int
    command: int
    asked: Evidence
    tries: int


class Overdue(FrozenValue, Struct, frozen=True):
    """A command that was not received for 2.5 of its learnt periods. It is reported once, until it is received again.

    `period` is the learnt period and `late` the time since the command was due, in nanoseconds.
    """

    time: int | None
    route: Route
    command: int
    name: str
    period: int
    late: int


class CardReaderFault(FrozenValue, Struct, frozen=True):
    """A card reader that does not answer, as reported `count` times since `since`, the last time at `last`.

    `period` is the time between two reports in nanoseconds; None if it is not known. The event comes with the first
    report.
    """

    time: int | None
    since: int | None
    last: int | None
    count: int = 1
    period: int | None = None


class CardReaderFaultEnded(FrozenValue, Struct, frozen=True):
    """The end of a fault of the card reader: it was not reported for three periods. `fault` is its last state."""

    time: int | None
    fault: CardReaderFault


class Retransmitted(FrozenValue, Struct, frozen=True):
    """A frame that was sent again with the same sequence. `first` is its first place, `tries` counts all by now."""

    time: int | None
    route: Route
    name: str
    sequence: int
    command: int
    first: Evidence
    tries: int


Event = (
    StatusChanged
    | Contradicted
    | Warned
    | Disagreed
    | FaultRaised
    | FaultChanged
    | FaultCleared
    | Booted
    | RegistrationChanged
    | Restarted
    | BootLoop
    | BootLoopEnded
    | Unanswered
    | Overdue
    | CardReaderFault
    | CardReaderFaultEnded
    | Retransmitted
    | ImplausibleMeasurement
    | LinkHealthChanged
    | SourceLost
    | SourceBack
    | RateFound
    | LatenessKnown
    | SourceShared
    | LineErrorReported
    | Miswired
    | MiswiringEnded
    | OcppFailed
    | ClockOffset
)

EVENT_NAMES: Mapping[type[Event], str] = {
    StatusChanged: "status",
    Contradicted: "contradiction",
    Warned: "warning",
    Disagreed: "disagreement",
    FaultRaised: "fault_raised",
    FaultChanged: "fault_changed",
    FaultCleared: "fault_cleared",
    Booted: "boot",
    RegistrationChanged: "registration",
    Restarted: "restart",
    BootLoop: "boot_loop",
    BootLoopEnded: "boot_loop_ended",
    Unanswered: "unanswered",
    Overdue: "overdue",
    CardReaderFault: "card_reader",
    CardReaderFaultEnded: "card_reader_ended",
    Retransmitted: "retransmission",
    ImplausibleMeasurement: "measure",
    LinkHealthChanged: "link_health",
    SourceLost: "source_lost",
    SourceBack: "source_back",
    RateFound: "rate",
    LatenessKnown: "lateness",
    SourceShared: "shared",
    LineErrorReported: "line_error",
    Miswired: "wiring",
    MiswiringEnded: "wiring_ended",
    OcppFailed: "ocpp_error",
    ClockOffset: "clock",
}
"""The names of the events in JSON and in filters."""


class Reference(Struct, frozen=True, gc=False):
    """The earlier frame that a frame refers to: it answers, repeats or relays that frame, or was relayed by it.

    `number` and `line` are those of the earlier frame. `after` is the time between both, in nanoseconds; None if the
    source's times do not show it. A cause comes after its relay only where lines of one second have no fixed order.
    `name` is the action of an earlier OCPP call, and None for a frame.
    """

    kind: Literal["answers", "repeats", "relays", "relayed_by"]
    number: int
    line: int | None
    after: int | None
    name: str | None = None
