"""The keys of events and faults in JSON, as `docs/json.md` describes them.

In: an event, or a fault, and the definition that names its codes. Out: keys with values that JSON can hold. Scripts
rely on every key here.
"""

from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any

from sniffer.base.times import MILLISECOND, format_iso, format_offset, to_seconds
from sniffer.core.charger.events import (
    EVENT_NAMES,
    CardReaderFault,
    CardReaderFaultEnded,
    Contradicted,
    Disagreed,
    Event,
    Fault,
    FaultChanged,
    FaultCleared,
    FaultRaised,
    Overdue,
    Retransmitted,
    StatusChanged,
    Unanswered,
    Warned,
)
from sniffer.core.charger.health.link_health import Health, LinkHealth, LinkHealthChanged
from sniffer.core.charger.measurements.measurement import ImplausibleMeasurement
from sniffer.core.charger.ocpp.events import ClockOffset, OcppFailed
from sniffer.core.charger.startup.registration_events import (
    Announcement,
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
from sniffer.core.charger.tap_tracker import TapEvent
from sniffer.core.protocol.definition import Definition
from sniffer.formats.jsonl.fault_keys import build_duration_keys, build_evidence, build_mended_key, fault_object

Object = dict[str, Any]


def build_event_keys(event: Event, definition: Definition, zone: tzinfo | None) -> Object:
    """Return the keys of an event: its name, and what it says."""
    return {"event": EVENT_NAMES[type(event)]} | _build_own_keys(event, definition, zone)


def _build_own_keys(event: Event, definition: Definition, zone: tzinfo | None) -> Object:
    """Return the keys of an event that follow those that all events have."""
    match event:
        case StatusChanged():
            return _build_status_keys(event, definition)
        case FaultRaised(fault=fault) | FaultChanged(fault=fault):
            return fault_object(fault, definition) | _build_evidence_keys(fault, definition, zone)
        case FaultCleared(fault=fault):
            return fault_object(fault, definition) | build_duration_keys(fault, zone)
        case Contradicted() | Warned():
            return {
                "connector": event.connector,
                "rule": event.rule,
                "meaning": event.about,
                "provenance": event.provenance.value,
            }
        case Disagreed():
            return _build_disagreement_keys(event, definition)
        case Booted():
            return {"count": event.count} | _build_announcement_keys(event.announcement)
        case RegistrationChanged():
            return {
                "state": event.state,
                "since": format_iso(event.since, zone),
                "announcements": event.announcements,
                "period": to_seconds(event.period),
                "evidence": event.evidence,
            }
        case Restarted():
            return {"of": event.part, "evidence": event.evidence}
        case BootLoop():
            return _build_boot_loop_keys(event, zone)
        case BootLoopEnded(loop=loop):
            return _build_boot_loop_keys(loop, zone)
        case Unanswered(asked=asked):
            return _build_exchange_keys(event) | {"request": build_evidence(asked), "tries": event.tries}
        case Retransmitted(first=first):
            return _build_exchange_keys(event) | {"first": build_evidence(first), "tries": event.tries}
        case ImplausibleMeasurement():
            return _build_measure_keys(event, zone)
        case CardReaderFault():
            return _build_card_reader_keys(event, zone)
        case CardReaderFaultEnded(fault=fault):
            return _build_card_reader_keys(fault, zone)
        case OcppFailed(request=request):
            return {
                "action": event.action,
                "id": event.id,
                "code": event.code,
                "description": event.description,
                "request": build_evidence(request) if request else None,
            }
        case ClockOffset():
            return {
                "difference": event.difference,
                "label": format_offset(event.label),
                "zone": format_offset(event.label + event.difference),
            }
        case _:
            return _build_tap_event_keys(event, zone)


def _build_tap_event_keys(event: TapEvent | Miswired | MiswiringEnded, zone: tzinfo | None) -> Object:
    """Return the keys of an event of a tap: what it reported, and what its bytes, or its silence, show."""
    match event:
        case Overdue():
            return _build_overdue_keys(event)
        case LinkHealthChanged(link=link):
            return build_health_keys(link, zone)
        case SourceLost():
            return {"reason": event.reason} | build_tap_key(event.tap)
        case SourceBack():
            return {"how": event.how, "away": to_seconds(event.away)} | build_tap_key(event.tap)
        case RateFound():
            return {"baud": event.baud, "evidence": event.evidence} | build_tap_key(event.tap)
        case LatenessKnown():
            return {"late_ms": event.late / MILLISECOND} | build_tap_key(event.tap)
        case SourceShared():
            return {"holder": event.holder} | build_tap_key(event.tap)
        case LineErrorReported():
            return {"error": event.error.value} | build_tap_key(event.tap)
        case Miswired():
            return {"kind": event.kind, "meaning": event.about, "taps": list(event.taps)}
        case MiswiringEnded():
            return {"kind": event.kind, "taps": list(event.taps)}


def _build_status_keys(event: StatusChanged, definition: Definition) -> Object:
    volts = event.cp_voltage
    pilot = None if volts is None else definition.pilot_state(volts)
    return {
        "connector": event.connector,
        "from": event.before,
        "to": event.after,
        "legal": event.legal,
        "dwell": to_seconds(event.dwell),
        "cp_voltage": volts,
        "cp_state": pilot.state if pilot else None,
        **build_move_key(definition.name_of_move(event.before, event.after)),
    } | build_mended_key(event.seen.mended)


def build_move_key(name: str) -> Object:
    """Return the key of the name of a move, if the definition names it."""
    return {"move": name} if name else {}


def _build_disagreement_keys(event: Disagreed, definition: Definition) -> Object:
    names: Mapping[str, Callable[[int], str]] = {
        "status": definition.statuses.name_of,
        "ocpp_error": definition.ocpp_errors.name_of,
    }
    reported, relayed = (
        names[event.field](value) if event.field in names and isinstance(value, int) else value
        for value in (event.reported, event.relayed)
    )
    return {
        "connector": event.connector,
        "field": event.field,
        "reported": reported,
        "relayed": relayed,
        "report": build_evidence(event.report),
    } | ({"action": event.action} if event.action else {})


def _build_boot_loop_keys(loop: BootLoop, zone: tzinfo | None) -> Object:
    since = format_iso(loop.since, zone)
    return {"of": loop.part, "boots": loop.boots, "period": to_seconds(loop.period), "since": since}


def _build_announcement_keys(announcement: Announcement | None) -> Object:
    """Return what the power board says about itself; null for what it leaves out."""
    said = announcement or Announcement("", "", "", "")
    return {key: getattr(said, key) or None for key in ("vendor", "model", "serial", "firmware")}


def _build_exchange_keys(event: Unanswered | Retransmitted) -> Object:
    link = event.route.link
    return {
        "link": link.name,
        "direction": event.route.direction,
        "seq": f"{event.sequence:04X}",
        "command": link.code_text(event.command),
        "name": event.name,
    }


def _build_measure_keys(event: ImplausibleMeasurement, zone: tzinfo | None) -> Object:
    return {
        "connector": event.connector,
        "rule": event.rule,
        "field": event.field,
        "value": event.value,
        "limit": event.limit,
        "unit": event.unit,
        "since": format_iso(event.since, zone),
        "meaning": event.about,
        "provenance": event.provenance.value,
    }


def build_health_keys(link: LinkHealth, zone: tzinfo | None) -> Object:
    """Return the keys of the verdict on the link; `direction` only where one side alone is heard."""
    side = {"direction": link.route.direction} if link.health is Health.ONE_SIDE and link.route else {}
    return {"health": link.health.value, "reason": link.reason, "since": format_iso(link.since, zone)} | side


def _build_overdue_keys(event: Overdue) -> Object:
    link = event.route.link
    return {
        "link": link.name,
        "direction": event.route.direction,
        "command": link.code_text(event.command),
        "name": event.name,
        "period": to_seconds(event.period),
        "late": to_seconds(event.late),
    }


def _build_card_reader_keys(fault: CardReaderFault, zone: tzinfo | None) -> Object:
    return {
        "count": fault.count,
        "since": format_iso(fault.since, zone),
        "last": format_iso(fault.last, zone),
        "period": to_seconds(fault.period),
    }


def _build_evidence_keys(fault: Fault, definition: Definition, zone: tzinfo | None) -> Object:
    """Return the records that show the fault, what happened before it, and how often it occurred earlier."""
    before = [
        {"time": format_iso(earlier.event.time, zone)}
        | build_evidence(earlier.seen)
        | build_event_keys(earlier.event, definition, zone)
        for earlier in fault.before
    ]
    return {
        "evidence": [build_evidence(evidence) for evidence in fault.evidence],
        "before": before,
        "earlier": fault.earlier,
    }


def build_tap_key(tap: int) -> Object:
    """Return the number of the tap, or no key if the session has one tap only."""
    return {"tap": tap} if tap else {}
