"""The meaning of the messages of a backend: their parameters in words, and the codes of faults in them.

In: a message and a definition. Out: lines, and the codes or rows of the error table that they name. A vendor code may
be that of the error table, an M4 code, or a word of another vocabulary, such as ChargeX MREC.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from sniffer.base.late_pattern import compile_late
from sniffer.commands.explain.backend_messages import NOTIFY_EVENT, STATUS_NOTIFICATION, BackendMessage
from sniffer.core.charger.consistency_rules import FAULTED, NO_ERROR
from sniffer.core.charger.fault_codes import NO_CODES, FaultCodes
from sniffer.core.protocol.definition import Definition, ErrorRow
from sniffer.core.protocol.ocpp_message import OcppMessage
from sniffer.core.protocol.ocpp_parameters import parameters_of
from sniffer.text.code_numbers import format_vendor_code, read_number
from sniffer.text.describe import name_ocpp_message
from sniffer.text.faults.fault_vocabularies import describe_foreign_code, find_rows_called

WIDTH = 24
"""The width of the names of parameters, in columns."""

_CONTRADICTION = f"{FAULTED} with {NO_ERROR} contradicts itself (protocol.md, Connector status)"
_NO_CODE = "OCPP 2.x states no error here: the fault is in the NotifyEvent of the same time"
_NO_STATUS = "a status of OCPP 2.x only"

_BYTES = compile_late(r"[0-9a-fA-F]{2}(?:[ :-][0-9a-fA-F]{2}){2}")
"""A vendor code as its bytes stand in a frame."""

_BETWEEN_CODES = compile_late(r"[\s,;/|+&]+")


class VendorCodeReading(Struct, frozen=True):
    """The description of a vendor code: a text about it, and its codes or rows."""

    about: str = ""
    codes: FaultCodes = NO_CODES
    rows: tuple[ErrorRow, ...] = ()


class MessagePart(Struct, frozen=True):
    """Lines on a message or an event, and what it says of a fault: codes, and rows that a word names.

    `further` are the other vendor codes, where it has several.
    """

    lines: tuple[str, ...]
    codes: FaultCodes = NO_CODES
    rows: tuple[ErrorRow, ...] = ()
    further: tuple[VendorCodeReading, ...] = ()


def explain_message(message: BackendMessage, definition: Definition) -> list[MessagePart]:
    """Return the parts of a message: one, or one for each event after the first with the title."""
    title = _format_title(message)
    end = () if message.complete else ("  the message is cut off",)
    if message.action == NOTIFY_EVENT:
        others = {name: value for name, value in message.payload.items() if name != "eventData"}
        events = [event for event in message.payload.get("eventData", ()) if isinstance(event, dict)]
        head = MessagePart((title, *_format_parameters(others, {}), *end))
        return [head, *(_explain_event(number, event, definition) for number, event in enumerate(events, 1))]
    if message.action == STATUS_NOTIFICATION and message.version:
        part = _explain_status(message.payload, definition)
        return [replace(part, lines=(title, *part.lines, *end))]
    return [MessagePart((title, *_format_parameters(message.payload, {}), *end))]


def _format_title(message: BackendMessage) -> str:
    kind = f"{message.action} {message.kind}" if message.action else message.kind
    about = [f"OCPP {message.version}" if message.version else "OCPP"]
    about += [] if message.id is None else [f"id {message.id}"]
    return f"{kind}  ({', '.join(about)})"


def _explain_status(payload: Mapping[str, Any], definition: Definition) -> MessagePart:
    """Return the part of a StatusNotification: of OCPP 1.6 with its codes, of 2.x with a pointer to the event."""
    meanings: dict[str, str] = {}
    if "connectorStatus" in payload:
        meanings["connectorStatus"] = _describe_status(payload["connectorStatus"], definition) or _NO_STATUS
        return MessagePart((*_format_parameters(payload, meanings), f"  {_NO_CODE}"))
    if status := _describe_status(payload.get("status"), definition):
        meanings["status"] = status
    errors = definition.ocpp_errors
    name = str(payload.get("errorCode", ""))
    number = errors.number_of(name)
    if number is not None:
        meanings["errorCode"] = f"OCPP error code {number}  ({errors.provenance[number]})"
    elif name:
        meanings["errorCode"] = "none of OCPP 1.6's error codes"
    vendor, *further = _read_codes(payload.get("vendorErrorCode"), definition)
    meanings["vendorErrorCode"] = _join_meanings([vendor, *further])
    lines = [*_format_parameters(payload, meanings)]
    if payload.get("status") == FAULTED and name == NO_ERROR:
        lines.append(f"  {_CONTRADICTION}")
    codes = FaultCodes(None if name == NO_ERROR else number, vendor.codes.vendor, vendor.codes.m4)
    return MessagePart(tuple(lines), codes, vendor.rows, tuple(further))


def _explain_event(number: int, event: Mapping[str, Any], definition: Definition) -> MessagePart:
    """Return the part of an event of OCPP 2.x."""
    code, *further = _read_codes(event.get("techCode"), definition)
    shown = {name: _name_of(value) if name in ("component", "variable") else value for name, value in event.items()}
    lines = (f"event {number}", *_format_parameters(shown, {"techCode": _join_meanings([code, *further])}))
    return MessagePart(lines, code.codes, code.rows, tuple(further))


def _read_codes(value: object, definition: Definition) -> list[VendorCodeReading]:
    """Return the meaning of each code of a vendor in a parameter: at least one, of which nothing may be known.

    Several are a list, or a text with something between them.
    """
    parts = [str(one) for one in value] if isinstance(value, list) else ["" if value is None else str(value)]
    if len(parts) == 1 and _BYTES.fullmatch(parts[0].strip()):
        parts = ["".join(filter(str.isalnum, parts[0]))]
    readings = [_read_code(part.strip(), definition) for part in parts]
    if len(parts) == 1 and readings[0] == VendorCodeReading():
        several = [_read_code(part, definition) for part in _BETWEEN_CODES.split(parts[0].strip())]
        readings = several if VendorCodeReading() not in several else readings
    return readings or [VendorCodeReading()]


def _join_meanings(codes: Sequence[VendorCodeReading]) -> str:
    """Return the texts about the codes of one parameter."""
    return ", ".join(one.about for one in codes if one.about)


def _read_code(text: str, definition: Definition) -> VendorCodeReading:
    """Return the meaning of the code of a vendor as a backend shows it."""
    if called := find_rows_called(text, definition):
        vocabularies = dict.fromkeys(f"{entry.vocabulary} ({entry.provenance})" for _, entry in called)
        return VendorCodeReading(", ".join(vocabularies), NO_CODES, tuple(row for row, _ in called))
    numbers = [number for number in read_number(text) if number]
    by_vendor = {row.vendor: row.provenance for row in definition.errors if row.vendor is not None}
    for number in numbers:
        if number in by_vendor:
            about = f"vendor error code {format_vendor_code(number)}  ({by_vendor[number]})"
            return VendorCodeReading(about, FaultCodes(vendor=number))
    for number in numbers:
        if words := [row.m4[number] for row in definition.errors if number in row.m4]:
            return VendorCodeReading(f"perhaps M4 error code {number}  ({words[0]})", FaultCodes(m4=number))
    if numbers:
        return VendorCodeReading("", FaultCodes(vendor=numbers[-1]))
    return VendorCodeReading(describe_foreign_code(text) if definition.is_charger else "")


def _describe_status(value: object, definition: Definition) -> str:
    """Return the meaning of a status by the definition; empty if it has none of this name."""
    statuses = definition.statuses
    number = statuses.number_of(value) if isinstance(value, str) else None
    if number is None or number not in statuses.names:
        return ""
    return f"connector status {number}, {statuses.meanings[number]}  ({statuses.provenance[number]})"


def _format_parameters(payload: Mapping[str, Any], meanings: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each parameter, with its meaning if it has one."""
    for name, value in payload.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        meaning = meanings.get(name, "")
        yield f"  {name:<{WIDTH}} {text}" + (f"  = {meaning}" if meaning else "")


def _name_of(value: object) -> object:
    """Return the name of a component or a variable, with its EVSE; anything else as it is."""
    if not isinstance(value, dict) or not isinstance(value.get("name"), str):
        return value
    evse = value.get("evse")
    place = f", EVSE {evse.get('id')}" if isinstance(evse, dict) else ""
    connector = f", connector {evse['connectorId']}" if isinstance(evse, dict) and "connectorId" in evse else ""
    instance = f" {value['instance']}" if "instance" in value else ""
    return f"{value['name']}{instance}{place}{connector}"


def explain_ocpp(message: OcppMessage) -> Iterator[str]:
    """Yield the lines on an OCPP message that the charger's log printed: its kind and its parameters."""
    sent = "the charger" if message.direction == "ocpp>csms" else "the central system"
    yield f"{name_ocpp_message(message, None)}  (OCPP 1.6, from {sent}, id {message.id})"
    for name, text in parameters_of(message):
        yield f"  {name:<24} {text}"
    if not message.complete:
        yield "  the message is cut off"
