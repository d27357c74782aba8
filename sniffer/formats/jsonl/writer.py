"""The writer of JSON lines: records as JSON objects, one a line, as `docs/json.md` describes them.

In: a record. Out: its objects in the order in which they are written: the item of the record, then its events. Scripts
rely on every key here.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import tzinfo
from typing import Any

from sniffer.base.times import MILLISECOND, SECOND, duration_between, format_iso
from sniffer.core.charger.events import (
    EVENT_NAMES,
    Booted,
    BootLoop,
    BootLoopEnded,
    Contradicted,
    Disagreed,
    Event,
    Evidence,
    Fault,
    FaultChanged,
    FaultCleared,
    FaultRaised,
    LatenessKnown,
    Miswired,
    MiswiringEnded,
    RateFound,
    Reference,
    Retransmitted,
    SourceBack,
    SourceLost,
    StatusChanged,
    Unanswered,
)
from sniffer.core.charger.fault_codes import KINDS, Kind
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.items import Reception
from sniffer.formats.jsonl.fast_frame import format_frame

Object = dict[str, Any]


def format_lines(record: Record, definition: Definition, zone: tzinfo | None, note: str = "") -> Iterator[str]:
    """Yield the lines of a record without line ends. They are ASCII, so that a terminal shows them as text.

    A note of the user is a key of the first object, which is that of the item if the record has one.
    """
    frame = None if note else format_frame(record, zone, _format_rest)
    if frame is not None:
        yield f"{frame}}}"
        for event in record.events:
            yield json.dumps(_event_object(record, event, definition, zone))
        return
    note_key = {"note": note} if note else {}
    for json_object in objects_of(record, definition, zone):
        yield json.dumps(json_object | note_key)
        note_key = {}


def format_late_note(number: int, note: str) -> str:
    """Return the line of a note on a record that was written before; an empty note removes the earlier one."""
    return json.dumps({"type": "note", "time": None, "number": number, "note": note})


def objects_of(record: Record, definition: Definition, zone: tzinfo | None) -> Iterator[Object]:
    """Yield the object of the item of a record, then those of its events."""
    if record.item is not None:
        head = {"type": _type(record), "time": format_iso(record.time, zone)}
        yield (
            head
            | _numbers(record)
            | _origin(record)
            | _body(record.item)
            | _build_reference(record.refers)
            | _reception(record.heard)
        )
    for event in record.events:
        yield _event_object(record, event, definition, zone)


def _numbers(record: Record) -> Object:
    """Return the number of the record, and its line number if it is from a text log."""
    return {"number": record.number} | ({} if record.line is None else {"line": record.line})


def _event_object(record: Record, event: Event, definition: Definition, zone: tzinfo | None) -> Object:
    return {"type": "event", "time": format_iso(event.time, zone)} | _numbers(record) | _event(event, definition, zone)


def _format_rest(record: Record) -> str:
    """Return the keys behind the summary as text: the reference of a record, and how it was received."""
    refers = record.refers
    if refers is None or record.heard or refers.line is not None:
        return f", {json.dumps(_build_reference(refers) | _reception(record.heard))[1:-1]}"
    return f', "{refers.kind}": {{"number": {refers.number}, "after": {json.dumps(_convert_to_seconds(refers.after))}}}'


def _origin(record: Record) -> Object:
    """Return the process of a text log that printed the bytes, and for noise also the route that it printed."""
    if record.printed is None:
        return {}
    process, route = record.printed.process, record.printed.route
    keys = {} if isinstance(record.item, Message) else {"link": route.link.name, "direction": route.direction}
    return {"process": process} | keys


def _build_reference(refers: Reference | None) -> Object:
    """Return the earlier frame that this one answers, repeats or relays, and the time between them."""
    if refers is None:
        return {}
    earlier = _build_evidence(Evidence(refers.number, refers.line, None))
    return {refers.kind: earlier | {"after": _convert_to_seconds(refers.after)}}


def _reception(reception: Reception | None) -> Object:
    """Return the tap, the line errors of the bytes, and what the order among the taps is based on."""
    keys = _tap(reception.tap if reception else 0)
    if reception and reception.marks:
        keys["line_errors"] = [{"at": mark.at, "error": mark.error.value} for mark in reception.marks]
    if reception and reception.order:
        keys["order"] = reception.order.value
    return keys


def _tap(tap: int) -> Object:
    """Return the number of the tap, or no key if the session has one tap only."""
    return {"tap": tap} if tap else {}


def _type(record: Record) -> str:
    if isinstance(record.item, Message):
        return "frame"
    return "text" if isinstance(record.item, TextMessage) else "noise"


def _body(item: Any) -> Object:
    if isinstance(item, Message):
        return _frame(item)
    if isinstance(item, TextMessage):
        return _text(item)
    return {"reason": item.reason.value, "raw": item.raw.hex()}


def _frame(message: Message) -> Object:
    frame = message.frame
    keys: Object = {
        "link": frame.link.name,
        "direction": message.direction,
        "seq": f"{frame.sequence:04X}",
        "command": frame.link.code_text(frame.command),
        "name": message.name,
        "payload": frame.payload.hex(),
        "raw": frame.raw.hex(),
        "fields": {field.name: field.value for field in message.fields},
        "summary": f"{message.name}: {message.summary}",
    }
    if message.problem:
        keys["problem"] = message.problem
    return keys


def _text(message: TextMessage) -> Object:
    keys: Object = {"process": message.line.process, "text": message.line.text}
    if message.meaning:
        keys["name"] = message.meaning.name
        keys["fields"] = {name: field.conversion.value(raw) for name, (field, raw) in message.fields.items()}
    return keys


def _event(event: Event, definition: Definition, zone: tzinfo | None) -> Object:
    return {"event": EVENT_NAMES[type(event)]} | _event_keys(event, definition, zone)


def _event_keys(event: Event, definition: Definition, zone: tzinfo | None) -> Object:
    match event:
        case StatusChanged():
            return _build_status_keys(event, definition)
        case FaultRaised(fault=fault) | FaultChanged(fault=fault):
            return fault_object(fault, definition) | _evidence_keys(fault, definition, zone)
        case FaultCleared(fault=fault):
            return fault_object(fault, definition) | _duration_keys(fault, zone)
        case Contradicted():
            return {
                "connector": event.connector,
                "rule": event.rule,
                "meaning": event.about,
                "provenance": event.provenance.value,
            }
        case Disagreed():
            return _build_disagreement_keys(event, definition)
        case Booted():
            return {"count": event.count}
        case BootLoop():
            return _build_boot_loop_keys(event, zone)
        case BootLoopEnded(loop=loop):
            return _build_boot_loop_keys(loop, zone)
        case Unanswered(asked=asked):
            return _build_exchange_keys(event) | {"request": _build_evidence(asked), "tries": event.tries}
        case Retransmitted(first=first):
            return _build_exchange_keys(event) | {"first": _build_evidence(first), "tries": event.tries}
        case SourceLost():
            return {"reason": event.reason} | _tap(event.tap)
        case SourceBack():
            return {"how": event.how, "away": _convert_to_seconds(event.away)} | _tap(event.tap)
        case RateFound():
            return {"baud": event.baud, "evidence": event.evidence} | _tap(event.tap)
        case LatenessKnown():
            return {"late_ms": event.late / MILLISECOND} | _tap(event.tap)
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
        "dwell": _convert_to_seconds(event.dwell),
        "cp_voltage": volts,
        "cp_state": pilot.state if pilot else None,
    }


def _build_disagreement_keys(event: Disagreed, definition: Definition) -> Object:
    names: Mapping[str, Callable[[int], str]] = {
        "status": definition.statuses.name_of,
        "ocpp_error": definition.ocpp_errors.name_of,
    }
    name: Callable[[int], str | int] = names.get(event.field, int)
    return {
        "connector": event.connector,
        "field": event.field,
        "reported": name(event.reported),
        "relayed": name(event.relayed),
        "report": _build_evidence(event.report),
    }


def _build_boot_loop_keys(loop: BootLoop, zone: tzinfo | None) -> Object:
    return {"boots": loop.boots, "period": _convert_to_seconds(loop.period), "since": format_iso(loop.since, zone)}


def _build_exchange_keys(event: Unanswered | Retransmitted) -> Object:
    link = event.route.link
    return {
        "link": link.name,
        "direction": event.route.direction,
        "seq": f"{event.sequence:04X}",
        "command": link.code_text(event.command),
        "name": event.name,
    }


def fault_object(fault: Fault, definition: Definition) -> Object:
    """Return the codes of a fault; `implied` names those that were not sent, but follow from the error table."""
    implied = fault.diagnosis.implied
    sources = {kind: (fault.codes.of(kind), implied.of(kind)) for kind in KINDS}
    codes = {
        kind: _format_code(kind, by_table if sent is None else sent, definition)
        for kind, (sent, by_table) in sources.items()
    }
    return {
        "connector": fault.connector,
        "ocpp_error": codes["ocpp"],
        "vendor_error": codes["vendor"],
        "m4_error": codes["m4"],
        "meaning": list(fault.diagnosis.meanings),
        "implied": [
            f"{kind}_error" for kind, (sent, by_table) in sources.items() if sent is None and by_table is not None
        ],
        "agree": fault.diagnosis.agree,
        "says": {
            f"{reading.kind}_error": [row.meaning for row in reading.rows] for reading in fault.diagnosis.readings
        },
    }


def _evidence_keys(fault: Fault, definition: Definition, zone: tzinfo | None) -> Object:
    """Return the records that show the fault, what happened before it, and how often it occurred earlier."""
    before = [
        {"time": format_iso(earlier.event.time, zone)}
        | _build_evidence(earlier.seen)
        | _event(earlier.event, definition, zone)
        for earlier in fault.before
    ]
    return {
        "evidence": [_build_evidence(evidence) for evidence in fault.evidence],
        "before": before,
        "earlier": fault.earlier,
    }


def _duration_keys(fault: Fault, zone: tzinfo | None) -> Object:
    """Return how long the fault lasted; `total` includes earlier faults of the same meaning."""
    return {
        "since": format_iso(fault.since, zone),
        "duration": _convert_to_seconds(duration_between(fault.since, fault.cleared)),
        "reports": fault.reports,
        "earlier": fault.earlier,
        "total": _convert_to_seconds(fault.total),
    }


def _format_code(kind: Kind, code: int | None, definition: Definition) -> str | int | None:
    if code is None or kind == "m4":
        return code
    return definition.ocpp_errors.name_of(code) if kind == "ocpp" else f"0x{code:06X}"


def _build_evidence(evidence: Evidence) -> Object:
    """Return the record that something was concluded from."""
    return {"number": evidence.number} | ({} if evidence.line is None else {"line": evidence.line})


def _convert_to_seconds(nanoseconds: int | None) -> float | None:
    return None if nanoseconds is None else nanoseconds / SECOND
