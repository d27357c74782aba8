"""Rules of consistency within one status report, as one table (protocol.md, Connector status).

The error codes and the control pilot of a report must fit its status. The meanings of the statuses come from the
service document and OCPP 1.6, those of the pilot states from IEC 61851-1. That a status report carries the pilot
voltage is itself assumed, and so is every rule that rests on it. A rule flags what it finds and changes nothing.

Three combinations look odd, are legal, and have no rule: Finishing or suspended without a vehicle, as a charger with a
socket may go on after the plug is pulled (StopTransactionOnEVSideDisconnect), and Available with a vehicle, as a
charger returns to it when nobody authorizes in time (ConnectionTimeOut).
"""

from collections.abc import Callable

from msgspec import Struct

from sniffer.base.times import SECOND
from sniffer.core.protocol.enumeration import Provenance

STATION = 0
"""The connector number that stands for the whole station."""

STATION_STATUSES = ("Available", "Unavailable", "Faulted")
"""The statuses of the whole station (OCPP 1.6, section 4.9)."""

FAULTED = "Faulted"
NO_ERROR = "NoError"

VEHICLE_ERROR = "EVCommunicationError"
"""The error of the communication with the vehicle. It is always a warning."""

VEHICLE_ERROR_STATUSES = ("Preparing", "SuspendedEV", "SuspendedEVSE", "Finishing")
"""The only statuses with which `VEHICLE_ERROR` may be reported (OCPP 1.6 edition 2, section 4.9)."""

DEMAND_PERSISTENCE = 10 * SECOND
"""The longest time of Charging without demand before it is a contradiction. OCPP's MinimumStatusDuration, which is set
in the charger, keeps a short SuspendedEV from being reported; its value is not known.
"""


class StatusReport(Struct, frozen=True, gc=False):
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


class ConsistencyRule(Struct, frozen=True):
    """One rule. `finds` returns whether it applies to a report.

    `is_warning`: OCPP allows the combination as a warning; otherwise the report contradicts itself. `persistence` is
    how long the rule must apply before it is reported, in nanoseconds; 0 if one report is enough.
    """

    name: str
    about: str
    provenance: Provenance
    finds: Callable[[StatusReport], bool]
    is_warning: bool = False
    persistence: int = 0


def _build_pilot_rule(statuses: tuple[str, ...], pilots: tuple[str, ...]) -> Callable[[StatusReport], bool]:
    """Return a rule of the control pilot, which the whole station does not have."""
    return lambda report: report.status in statuses and report.pilot in pilots and report.connector != STATION


def _is_misplaced_vehicle_error(report: StatusReport) -> bool:
    return report.ocpp_error == VEHICLE_ERROR and report.status not in VEHICLE_ERROR_STATUSES


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
        lambda report: report.status != FAULTED and report.has_code and not _is_misplaced_vehicle_error(report),
        is_warning=True,
    ),
    ConsistencyRule(
        "m4-without-fault",
        "an M4 code, but the status is not Faulted",
        Provenance.ASSUMED,
        lambda report: report.status != FAULTED and report.has_m4 and not report.has_code,
        is_warning=True,
    ),
    ConsistencyRule(
        "vehicle-error-status",
        f"{VEHICLE_ERROR}, which is only reported with {', '.join(VEHICLE_ERROR_STATUSES)}",
        Provenance.INFERRED,
        _is_misplaced_vehicle_error,
    ),
    ConsistencyRule(
        "charging-without-vehicle",
        "Charging, but the control pilot says that no vehicle is connected",
        Provenance.ASSUMED,
        _build_pilot_rule(("Charging",), ("A",)),
    ),
    ConsistencyRule(
        "charging-without-demand",
        "Charging, but the control pilot says for 10 s that the vehicle asks for no energy",
        Provenance.ASSUMED,
        _build_pilot_rule(("Charging",), ("B",)),
        persistence=DEMAND_PERSISTENCE,
    ),
    ConsistencyRule(
        "charging-without-pilot",
        "Charging, but the control pilot is dead, shorted or at -12 V",
        Provenance.ASSUMED,
        _build_pilot_rule(("Charging",), ("E", "F")),
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


def find_rules(report: StatusReport) -> tuple[ConsistencyRule, ...]:
    """Return the rules that apply to this report by itself, whatever their persistence is."""
    return tuple([rule for rule in RULES if rule.finds(report)])
