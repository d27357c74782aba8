"""The keys of events and faults in JSON, as `docs/json.md` describes them.

In: an event, or a fault, and the definition that names its codes. Out: keys with values that JSON can hold. Scripts
rely on every key here.
"""

from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any

from sniffer.base.times import MILLISECOND, format_iso, format_offset, to_seconds
from sniffer.core.charger import events
from sniffer.core.charger.health.link_health import Health, LinkHealth
from sniffer.core.charger.startup.registration_events import Announcement
from sniffer.core.charger.tap_tracker import TapEvent
from sniffer.core.protocol.definition import Definition
from sniffer.formats.jsonl.fault_keys import build_duration_keys, build_evidence, build_fault_object, build_mended_key

Object = dict[str, Any]


def build_event_keys(event: events.Event, definition: Definition, zone: tzinfo | None) -> Object:
    """Return the keys of an event: its name and its values."""
    return {"event": events.EVENT_NAMES[type(event)]} | _build_own_keys(event, definition, zone)


def _build_own_keys(event: events.Event, definition: Definition, zone: tzinfo | None) -> Object:
    """Return the keys of an event that follow those that all events have."""
    match event:
        case events.StatusChanged():
            return _build_status_keys(event, definition)
        case events.FaultRaised(fault=fault) | events.FaultChanged(fault=fault):
            return build_fault_object(fault, definition) | _build_evidence_keys(fault, definition, zone)
        case events.FaultCleared(fault=fault):
            return build_fault_object(fault, definition) | build_duration_keys(fault, zone)
        case events.CardReaderFault():
            return _build_card_reader_keys(event, zone)
        case events.CardReaderFaultEnded(fault=fault):
            return _build_card_reader_keys(fault, zone)
        case events.Contradicted() | events.Warned():
            return _build_rule_keys(event)
        case events.Disagreed():
            return _build_disagreement_keys(event, definition)
        case events.ImplausibleMeasurement():
            return build_measure_keys(event, zone)
        case events.Unanswered() | events.Retransmitted():
            return _build_exchange_keys(event)
        case events.OcppFailed():
            return _build_ocpp_failure_keys(event)
        case events.ClockOffset():
            return _build_clock_keys(event)
        case events.Booted() | events.RegistrationChanged() | events.Restarted():
            return _build_startup_keys(event, zone)
        case events.BootLoop():
            return build_boot_loop_keys(event, zone)
        case events.BootLoopEnded(loop=loop):
            return build_boot_loop_keys(loop, zone)
        case _:
            return _build_tap_event_keys(event, zone)


def _build_rule_keys(event: events.Contradicted | events.Warned) -> Object:
    """Return the keys of a report that breaks a rule of consistency."""
    return {
        "connector": event.connector,
        "rule": event.rule,
        "meaning": event.about,
        "provenance": event.provenance.value,
    }


def _build_startup_keys(
    event: events.Booted | events.RegistrationChanged | events.Restarted, zone: tzinfo | None
) -> Object:
    """Return the keys of a part that starts, announces itself, or is registered."""
    match event:
        case events.Booted():
            return {"count": event.count} | _build_announcement_keys(event.announcement)
        case events.RegistrationChanged():
            return {
                "state": event.state,
                "since": format_iso(event.since, zone),
                "announcements": event.announcements,
                "period": to_seconds(event.period),
                "evidence": event.evidence,
            }
        case events.Restarted():
            return {"of": event.part, "evidence": event.evidence}


def _build_ocpp_failure_keys(event: events.OcppFailed) -> Object:
    return {
        "action": event.action,
        "id": event.id,
        "code": event.code,
        "description": event.description,
        "request": build_evidence(event.request) if event.request else None,
    }


def _build_clock_keys(event: events.ClockOffset) -> Object:
    return {
        "difference": event.difference,
        "label": format_offset(event.label),
        "zone": format_offset(event.label + event.difference),
    }


def _build_tap_event_keys(event: TapEvent | events.Miswired | events.MiswiringEnded, zone: tzinfo | None) -> Object:
    """Return the keys of an event of a tap: its reports, and conclusions from its bytes or its silence."""
    match event:
        case events.Overdue():
            return _build_exchange_keys(event)
        case events.LinkHealthChanged(link=link):
            return build_health_keys(link, zone)
        case events.SourceLost():
            return {"reason": event.reason} | build_tap_key(event.tap)
        case events.SourceBack():
            return {"how": event.how, "away": to_seconds(event.away)} | build_tap_key(event.tap)
        case events.RateFound():
            return {"baud": event.baud, "evidence": event.evidence} | build_tap_key(event.tap)
        case events.LatenessKnown():
            return {"late_ms": event.late / MILLISECOND} | build_tap_key(event.tap)
        case events.SourceShared():
            return {"holder": event.holder} | build_tap_key(event.tap)
        case events.LineErrorReported():
            return {"error": event.error.value} | build_tap_key(event.tap)
        case events.Miswired():
            return {"kind": event.kind, "meaning": event.about, "taps": list(event.taps)}
        case events.MiswiringEnded():
            return {"kind": event.kind, "taps": list(event.taps)}


def _build_status_keys(event: events.StatusChanged, definition: Definition) -> Object:
    """Return the keys of a change of a connector's status."""
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


def _build_disagreement_keys(event: events.Disagreed, definition: Definition) -> Object:
    """Return the keys of a value that was sent to the backend otherwise than the boards reported it."""
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


def build_boot_loop_keys(loop: events.BootLoop, zone: tzinfo | None) -> Object:
    """Return the keys of a boot loop: the part that restarts, how often and since when."""
    since = format_iso(loop.since, zone)
    return {"of": loop.part, "boots": loop.boots, "period": to_seconds(loop.period), "since": since}


def _build_announcement_keys(announcement: Announcement | None) -> Object:
    """Return the identity that the power board announces; null for a part that it leaves out."""
    said = announcement or Announcement("", "", "", "")
    return {key: getattr(said, key) or None for key in ("vendor", "model", "serial", "firmware")}


def _build_exchange_keys(event: events.Unanswered | events.Retransmitted | events.Overdue) -> Object:
    """Return the keys of an exchange that is not as it should be; only a frame that was sent has a sequence."""
    link = event.route.link
    keys = {"link": link.name, "direction": event.route.direction}
    command = {"command": link.code_text(event.command), "name": event.name}
    match event:
        case events.Overdue():
            return keys | command | {"period": to_seconds(event.period), "late": to_seconds(event.late)}
        case events.Unanswered(asked=asked):
            shown = {"request": build_evidence(asked), "tries": event.tries}
        case events.Retransmitted(first=first):
            shown = {"first": build_evidence(first), "tries": event.tries}
    return keys | {"seq": f"{event.sequence:04X}"} | command | shown


def build_measure_keys(event: events.ImplausibleMeasurement, zone: tzinfo | None) -> Object:
    """Return the keys of an implausible measured value."""
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
    """Return the keys of the verdict on the link; `direction` only where one side alone is received."""
    side = {"direction": link.route.direction} if link.health is Health.ONE_SIDE and link.route else {}
    return {"health": link.health.value, "reason": link.reason, "since": format_iso(link.since, zone)} | side


def _build_card_reader_keys(fault: events.CardReaderFault, zone: tzinfo | None) -> Object:
    return {
        "count": fault.count,
        "since": format_iso(fault.since, zone),
        "last": format_iso(fault.last, zone),
        "period": to_seconds(fault.period),
    }


def _build_evidence_keys(fault: events.Fault, definition: Definition, zone: tzinfo | None) -> Object:
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
