"""Records as JSON objects, one a line, to the letter of contract.md (`dump --json`).

In: a record. Out: dictionaries in the order in which they are to be written. Scripts rely on every name here.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import tzinfo
from typing import Any

from sniffer.base.times import MILLISECOND, iso, lasted
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
from sniffer.core.pipeline import Record
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Reception
from sniffer.formats.jsonl.fast_frame import format_frame

Object = dict[str, Any]


def format_lines(record: Record, definition: Definition, zone: tzinfo | None, note: str = "") -> Iterator[str]:
    """The record's lines, without line ends; what is not ASCII is escaped, so a terminal takes it as text.

    A note of the user stands on the first of them, which is what was seen wherever something was.
    """
    noted = {"note": note} if note else {}
    told = None if noted else format_frame(record, zone, _rest_text)
    if told is None:
        for found in objects_of(record, definition, zone):
            yield json.dumps(found | noted)
            noted = {}
        return
    yield f"{told}}}"
    for event in record.events:
        yield json.dumps(_event_object(record, event, definition, zone))


def format_late_note(number: int, note: str) -> str:
    """A note at a record that was told before; an empty one takes away what was noted there."""
    return json.dumps({"type": "note", "time": None, "number": number, "note": note})


def objects_of(record: Record, definition: Definition, zone: tzinfo | None) -> Iterator[Object]:
    """What was seen, then what it showed."""
    if record.item is not None:
        head = {"type": _type(record), "time": iso(record.time, zone)}
        yield head | _common(record) | _by(record) | _body(record.item) | _refers(record.refers) | _heard(record.heard)
    for event in record.events:
        yield _event_object(record, event, definition, zone)


def _common(record: Record) -> Object:
    return {"number": record.number} | ({} if record.line is None else {"line": record.line})


def _event_object(record: Record, event: Event, definition: Definition, zone: tzinfo | None) -> Object:
    return {"type": "event", "time": iso(event.time, zone)} | _common(record) | _event(event, definition, zone)


def _rest_text(record: Record) -> str:
    """What a record refers to and how it was heard, as it stands in a JSON object, behind other keys."""
    refers = record.refers
    if refers is None or record.heard or refers.line is not None:
        return f", {json.dumps(_refers(refers) | _heard(record.heard))[1:-1]}"
    return f', "{refers.kind}": {{"number": {refers.number}, "after": {json.dumps(_seconds(refers.after))}}}'


def _by(record: Record) -> Object:
    """Which process of a log printed it, and for bytes that are no frame, as of which way."""
    if record.printed is None:
        return {}
    process, route = record.printed.process, record.printed.route
    way = {} if isinstance(record.item, Message) else {"link": route.link.name, "direction": route.direction}
    return {"process": process} | way


def _refers(refers: Reference | None) -> Object:
    """The earlier frame that this one answers, repeats or relays, and how long after it came."""
    if refers is None:
        return {}
    seen = _seen(Evidence(refers.number, refers.line, None))
    return {refers.kind: seen | {"after": _seconds(refers.after)}}


def _heard(heard: Reception | None) -> Object:
    """Which of several taps heard it, what the receiver found wrong, and what its place among the others rests on."""
    found = _tap(heard.tap if heard else 0)
    if heard and heard.marks:
        found["line_errors"] = [{"at": mark.at, "error": mark.error.value} for mark in heard.marks]
    if heard and heard.order:
        found["order"] = heard.order.value
    return found


def _tap(tap: int) -> Object:
    """Which of several taps it was."""
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
    found: Object = {
        "link": frame.link.name,
        "direction": message.direction,
        "seq": f"{frame.sequence:04X}",
        "command": f"{frame.command:0{2 * frame.link.command_size}X}",
        "name": message.name,
        "payload": frame.payload.hex(),
        "raw": frame.raw.hex(),
        "fields": {field.name: field.value for field in message.fields},
        "summary": f"{message.name}: {message.summary}",
    }
    if message.problem:
        found["problem"] = message.problem
    return found


def _text(message: TextMessage) -> Object:
    found: Object = {"process": message.line.process, "text": message.line.text}
    if message.meaning:
        found["name"] = message.meaning.name
        found["fields"] = {name: field.conversion.value(raw) for name, (field, raw) in message.fields.items()}
    return found


def _event(event: Event, definition: Definition, zone: tzinfo | None) -> Object:
    return {"event": EVENT_NAMES[type(event)]} | _concluded(event, definition, zone)


def _concluded(event: Event, definition: Definition, zone: tzinfo | None) -> Object:
    match event:
        case StatusChanged():
            return _status(event, definition)
        case FaultRaised(fault=fault) | FaultChanged(fault=fault):
            return fault_object(fault, definition) | _story(fault, definition, zone)
        case FaultCleared(fault=fault):
            return fault_object(fault, definition) | _span(fault, zone)
        case Contradicted():
            return {
                "connector": event.connector,
                "rule": event.rule,
                "meaning": event.about,
                "provenance": event.provenance.value,
            }
        case Disagreed():
            return _disagreement(event, definition)
        case Booted():
            return {"count": event.count}
        case BootLoop():
            return _loop(event, zone)
        case BootLoopEnded(loop=loop):
            return _loop(loop, zone)
        case Unanswered(asked=asked):
            return _exchange(event) | {"request": _seen(asked), "tries": event.tries}
        case Retransmitted(first=first):
            return _exchange(event) | {"first": _seen(first), "tries": event.tries}
        case SourceLost():
            return {"reason": event.reason} | _tap(event.tap)
        case SourceBack():
            return {"how": event.how, "away": _seconds(event.away)} | _tap(event.tap)
        case RateFound():
            return {"baud": event.baud, "evidence": event.evidence} | _tap(event.tap)
        case LatenessKnown():
            return {"late_ms": event.late / MILLISECOND} | _tap(event.tap)
        case Miswired():
            return {"kind": event.kind, "meaning": event.about, "taps": list(event.taps)}
        case MiswiringEnded():
            return {"kind": event.kind, "taps": list(event.taps)}


def _status(event: StatusChanged, definition: Definition) -> Object:
    volts = event.cp_voltage
    pilot = None if volts is None else definition.pilot_state(volts)
    return {
        "connector": event.connector,
        "from": event.before,
        "to": event.after,
        "legal": event.legal,
        "dwell": _seconds(event.dwell),
        "cp_voltage": volts,
        "cp_state": pilot.state if pilot else None,
    }


def _disagreement(event: Disagreed, definition: Definition) -> Object:
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
        "report": _seen(event.report),
    }


def _loop(loop: BootLoop, zone: tzinfo | None) -> Object:
    return {"boots": loop.boots, "period": _seconds(loop.period), "since": iso(loop.since, zone)}


def _exchange(event: Unanswered | Retransmitted) -> Object:
    link = event.route.link
    return {
        "link": link.name,
        "direction": event.route.direction,
        "seq": f"{event.sequence:04X}",
        "command": f"{event.command:0{2 * link.command_size}X}",
        "name": event.name,
    }


def fault_object(fault: Fault, definition: Definition) -> Object:
    """Codes that were sent, and those that the error table gives for them; `implied` names the latter."""
    implied = fault.diagnosis.implied
    told = {kind: (fault.codes.of(kind), implied.of(kind)) for kind in KINDS}
    codes = {
        kind: _code(kind, by_table if sent is None else sent, definition) for kind, (sent, by_table) in told.items()
    }
    return {
        "connector": fault.connector,
        "ocpp_error": codes["ocpp"],
        "vendor_error": codes["vendor"],
        "m4_error": codes["m4"],
        "meaning": list(fault.diagnosis.meanings),
        "implied": [
            f"{kind}_error" for kind, (sent, by_table) in told.items() if sent is None and by_table is not None
        ],
        "agree": fault.diagnosis.agree,
        "says": {
            f"{reading.kind}_error": [row.meaning for row in reading.rows] for reading in fault.diagnosis.readings
        },
    }


def _story(fault: Fault, definition: Definition, zone: tzinfo | None) -> Object:
    """Where the fault was seen, what came before it, and how often it was there before."""
    before = [
        {"time": iso(told.event.time, zone)} | _seen(told.seen) | _event(told.event, definition, zone)
        for told in fault.before
    ]
    return {"evidence": [_seen(seen) for seen in fault.evidence], "before": before, "earlier": fault.earlier}


def _span(fault: Fault, zone: tzinfo | None) -> Object:
    """How long the fault was there; `total` counts all of the same meaning."""
    return {
        "since": iso(fault.since, zone),
        "duration": _seconds(lasted(fault.since, fault.cleared)),
        "reports": fault.reports,
        "earlier": fault.earlier,
        "total": _seconds(fault.total),
    }


def _code(kind: Kind, code: int | None, definition: Definition) -> str | int | None:
    if code is None or kind == "m4":
        return code
    return definition.ocpp_errors.name_of(code) if kind == "ocpp" else f"0x{code:06X}"


def _seen(seen: Evidence) -> Object:
    return {"number": seen.number} | ({} if seen.line is None else {"line": seen.line})


def _seconds(nanoseconds: int | None) -> float | None:
    return None if nanoseconds is None else nanoseconds / 1e9
