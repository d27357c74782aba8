"""Rules of consistency within one status report, as one table (protocol.md, Connector status).

The error codes and the control pilot of a report must fit its status. The meanings of the statuses come from the
service document and OCPP 1.6, those of the pilot states from IEC 61851-1. That a status report carries the pilot
voltage is itself assumed, and so is every rule that rests on it. A rule flags what it finds and changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sniffer.core.protocol.enumeration import Provenance

STATION = 0
"""The connector number that stands for the whole station."""

STATION_STATUSES = ("Available", "Unavailable", "Faulted")
"""The statuses of the whole station (OCPP 1.6, section 4.9)."""

FAULTED = "Faulted"
NO_ERROR = "NoError"


@dataclass(frozen=True, slots=True)
class StatusReport:
    """One status report, as the rules see it.

    `ocpp_error` and `pilot` (the pilot state of its voltage) are None if the report has none. `has_code`: its OCPP or
    vendor code is that of a fault; `has_m4`: its M4 code is.
    """

    connector: int
    status: str
    ocpp_error: str | None = None
    has_code: bool = False
    has_m4: bool = False
    pilot: str | None = None


@dataclass(frozen=True, slots=True)
class ConsistencyRule:
    """One rule. `finds` returns whether a report contradicts itself in this way."""

    name: str
    about: str
    provenance: Provenance
    finds: Callable[[StatusReport], bool]


def _build_pilot_rule(statuses: tuple[str, ...], pilots: tuple[str, ...]) -> Callable[[StatusReport], bool]:
    return lambda report: report.status in statuses and report.pilot in pilots


RULES = (
    ConsistencyRule(
        "faulted-without-error",
        "Faulted, but the OCPP error code is NoError",
        Provenance.INFERRED,
        lambda report: report.status == FAULTED and report.ocpp_error == NO_ERROR,
    ),
    ConsistencyRule(
        "error-without-fault",
        "an error code, but the status is not Faulted",
        Provenance.INFERRED,
        lambda report: report.status != FAULTED and report.has_code,
    ),
    ConsistencyRule(
        "m4-without-fault",
        "an M4 code, but the status is not Faulted",
        Provenance.ASSUMED,
        lambda report: report.status != FAULTED and report.has_m4 and not report.has_code,
    ),
    ConsistencyRule(
        "charging-without-vehicle",
        "Charging, but the control pilot says that no vehicle is connected",
        Provenance.ASSUMED,
        _build_pilot_rule(("Charging",), ("A",)),
    ),
    ConsistencyRule(
        "charging-without-demand",
        "Charging, but the control pilot says that the vehicle asks for no energy",
        Provenance.ASSUMED,
        _build_pilot_rule(("Charging",), ("B",)),
    ),
    ConsistencyRule(
        "charging-without-pilot",
        "Charging, but the control pilot is dead, shorted or at -12 V",
        Provenance.ASSUMED,
        _build_pilot_rule(("Charging",), ("E", "F")),
    ),
    ConsistencyRule(
        "suspended-without-vehicle",
        "suspended, but the control pilot says that no vehicle is connected",
        Provenance.ASSUMED,
        _build_pilot_rule(("SuspendedEV", "SuspendedEVSE"), ("A",)),
    ),
    ConsistencyRule(
        "finishing-without-vehicle",
        "Finishing, but the control pilot says that no vehicle is connected",
        Provenance.ASSUMED,
        _build_pilot_rule(("Finishing",), ("A",)),
    ),
    ConsistencyRule(
        "available-with-vehicle",
        "Available, but the control pilot says that a vehicle is connected",
        Provenance.ASSUMED,
        _build_pilot_rule(("Available",), ("B", "C", "D")),
    ),
    ConsistencyRule(
        "available-without-pilot",
        "Available, but the control pilot is dead, shorted or at -12 V",
        Provenance.ASSUMED,
        _build_pilot_rule(("Available",), ("E", "F")),
    ),
    ConsistencyRule(
        "station-status",
        f"connector 0 is the whole station, which can only be {', '.join(STATION_STATUSES)}",
        Provenance.INFERRED,
        lambda report: report.connector == STATION and report.status not in STATION_STATUSES,
    ),
)
"""All rules."""


def find_contradictions(report: StatusReport) -> tuple[ConsistencyRule, ...]:
    """Return the rules by which this report contradicts itself."""
    return tuple(rule for rule in RULES if rule.finds(report))
