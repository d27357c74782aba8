"""Records as JSON objects, one a line, to the letter of contract.md (`dump --json`).

In: a record. Out: dictionaries in the order in which they are to be written. Scripts rely on every name here.
"""

import json
from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from sniffer.charger.events import Booted, Event, Fault, FaultCleared, FaultRaised, StatusChanged
from sniffer.pipeline import Record
from sniffer.protocol.definition import Definition
from sniffer.protocol.logline import TextMessage
from sniffer.protocol.message import Message
from sniffer.times import iso

Object = dict[str, Any]


def lines(record: Record, definition: Definition, zone: tzinfo | None) -> Iterator[str]:
    """The record's lines, without line ends; what is not ASCII is escaped, so a terminal takes it as text."""
    for found in objects(record, definition, zone):
        yield json.dumps(found)


def objects(record: Record, definition: Definition, zone: tzinfo | None) -> Iterator[Object]:
    """What was seen, then what it showed."""
    common: Object = {"number": record.number}
    if record.line is not None:
        common["line"] = record.line
    if record.item is not None:
        head = {"type": _type(record), "time": iso(record.time, zone)}
        yield head | common | _body(record.item)
    for event in record.events:
        yield {"type": "event", "time": iso(event.time, zone)} | common | _event(event, definition)


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


def _event(event: Event, definition: Definition) -> Object:
    if isinstance(event, StatusChanged):
        return {
            "event": "status",
            "connector": event.connector,
            "from": event.before,
            "to": event.after,
            "legal": event.legal,
        }
    if isinstance(event, FaultRaised):
        return {"event": "fault_raised"} | _fault(event.fault, definition)
    if isinstance(event, FaultCleared):
        return {"event": "fault_cleared"} | _fault(event.fault, definition)
    if isinstance(event, Booted):
        return {"event": "boot", "count": event.count}
    return {"event": "source_lost", "reason": event.reason}


def _fault(fault: Fault, definition: Definition) -> Object:
    """Codes that were sent, and those that the error table gives for them; `implied` names the latter."""
    seen, implied = fault.codes, fault.implied
    codes = {
        "ocpp_error": (seen.ocpp, implied.ocpp),
        "vendor_error": (seen.vendor, implied.vendor),
        "m4_error": (seen.m4, implied.m4),
    }
    told = {name: sent if sent is not None else by_table for name, (sent, by_table) in codes.items()}
    ocpp, vendor = told["ocpp_error"], told["vendor_error"]
    return {
        "connector": fault.connector,
        "ocpp_error": None if ocpp is None else definition.ocpp_errors.name_of(ocpp),
        "vendor_error": None if vendor is None else f"0x{vendor:06X}",
        "m4_error": told["m4_error"],
        "meaning": list(fault.meanings),
        "implied": [name for name, (sent, by_table) in codes.items() if sent is None and by_table is not None],
    }
