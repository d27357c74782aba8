"""The writer of JSON lines: records as JSON objects, one a line, as `docs/json.md` describes them.

In: a record. Out: its objects in the order in which they are written: the item of the record, then its events. Scripts
rely on every key here.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Any

from sniffer.base.times import format_iso, to_seconds
from sniffer.core.charger.events import Event, Reference
from sniffer.core.charger.evidence import Evidence
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.protocol.ocpp_message import OcppMessage
from sniffer.core.record import Record, mended_of
from sniffer.core.wire.items import Reception
from sniffer.formats.jsonl.event_keys import Object, build_event_keys, build_tap_key
from sniffer.formats.jsonl.fast_frame import format_frame
from sniffer.formats.jsonl.fault_keys import build_evidence
from sniffer.formats.jsonl.mended_keys import build_mended_object
from sniffer.text.describe import find_ocpp_action


def format_lines(record: Record, definition: Definition, zone: tzinfo | None, note: str = "") -> Sequence[str]:
    """Return the lines of a record without line ends. They are ASCII, so that a terminal shows them as text.

    A note of the user is a key of the first object, which is that of the item if the record has one.
    """
    is_plain = not note and (record.printed is None or record.printed.mended is None)
    frame = format_frame(record, zone, _format_rest) if is_plain else None
    if frame is None:
        objects = [*objects_of(record, definition, zone)]
        if note and objects:
            objects[0] |= {"note": note}
        return [*map(json.dumps, objects)]
    if not record.events:
        return (frame,)
    return [frame, *(json.dumps(_build_event_object(record, event, definition, zone)) for event in record.events)]


def format_late_note(number: int, note: str) -> str:
    """Return the line of a note on a record that was written before; an empty note removes the earlier one."""
    return json.dumps({"type": "note", "time": None, "number": number, "note": note})


def objects_of(record: Record, definition: Definition, zone: tzinfo | None) -> Iterator[Object]:
    """Yield the object of the item of a record, then those of its events."""
    if record.item is not None:
        head = {"type": _find_type(record), "time": format_iso(record.time, zone)}
        yield (
            head
            | _build_number_keys(record)
            | _build_origin_keys(record)
            | _build_item_keys(record)
            | _build_reference(record.refers)
            | _build_reception_keys(record.reception)
            | _build_mended_key(record)
        )
    for event in record.events:
        yield _build_event_object(record, event, definition, zone)


def build_whole_object(record: Record, definition: Definition, zone: tzinfo | None) -> Object:
    """Return a record as one object: that of its item, or of its first event if it has no item.

    All of its events are in the key `events`, as they are printed on lines of their own elsewhere.
    """
    first, *others = objects_of(record, definition, zone)
    return first | {"events": others if record.item is not None else [first, *others]}


def _build_number_keys(record: Record) -> Object:
    """Return the number of the record, and its line number if it is from a text log."""
    return {"number": record.number} | ({} if record.line is None else {"line": record.line})


def _build_event_object(record: Record, event: Event, definition: Definition, zone: tzinfo | None) -> Object:
    return (
        {"type": "event", "time": format_iso(event.time, zone)}
        | _build_number_keys(record)
        | build_event_keys(event, definition, zone)
    )


def _format_rest(record: Record) -> str:
    """Return the keys after the summary as text: the reference of a record, and how it was received."""
    refers = record.refers
    if refers is None or record.reception or refers.line is not None:
        return f", {json.dumps(_build_reference(refers) | _build_reception_keys(record.reception))[1:-1]}"
    # A number is printed by `json.dumps` as by `repr`, which is five times as fast.
    after = "null" if refers.after is None else repr(to_seconds(refers.after))
    return f', "{refers.kind}": {{"number": {refers.number}, "after": {after}}}'


def _build_origin_keys(record: Record) -> Object:
    """Return the process of a text log that printed the bytes, and for noise also the route that it printed."""
    if record.printed is None:
        return {}
    process, route = record.printed.process, record.printed.route
    keys = {} if isinstance(record.item, Message) else {"link": route.link.name, "direction": route.direction}
    return {"process": process} | _build_continuation(record.printed.continues) | keys


def _build_continuation(continues: bool) -> Object:
    """Return the key of a line that has no time stamp and belongs to the record before it."""
    return {"continues": True} if continues else {}


def _build_reference(refers: Reference | None) -> Object:
    """Return the earlier frame that this one answers, repeats or relays, and the time between them."""
    if refers is None:
        return {}
    earlier = build_evidence(Evidence(refers.number, refers.line, None))
    return {refers.kind: earlier | {"after": to_seconds(refers.after)}}


def _build_mended_key(record: Record) -> Object:
    """Return how the line of the record was mended, or no key if it was read as it was printed."""
    mended = mended_of(record)
    return {"mended": build_mended_object(mended)} if mended else {}


def _build_reception_keys(reception: Reception | None) -> Object:
    """Return the tap, the line errors of the bytes, and what the order among the taps is based on."""
    keys = build_tap_key(reception.tap if reception else 0)
    if reception and reception.marks:
        keys["line_errors"] = [{"at": mark.at, "error": mark.error.value} for mark in reception.marks]
    if reception and reception.order:
        keys["order"] = reception.order.value
    return keys


def _find_type(record: Record) -> str:
    """Return the value of the key `type` for a record with an item."""
    if isinstance(record.item, Message):
        return "frame"
    if isinstance(record.item, TextMessage):
        return "ocpp" if record.item.ocpp else "text"
    return "noise"


def _build_item_keys(record: Record) -> Object:
    """Return the keys of an item, by its type."""
    item: Any = record.item
    if isinstance(item, Message):
        return _build_frame_keys(item)
    if isinstance(item, TextMessage):
        return _build_text_keys(item) | (_build_ocpp_keys(item.ocpp, record.refers) if item.ocpp else {})
    return {"reason": item.reason.value, "raw": item.raw.hex()}


def _build_frame_keys(message: Message) -> Object:
    """Return the object of a frame without the keys that all records have."""
    frame = message.frame
    keys: Object = {
        "link": frame.link.name,
        "direction": message.direction,
        "seq": f"{frame.sequence:04X}",
        **({"address": frame.address_text} if frame.link.address else {}),
        "command": frame.link.code_text(frame.command),
        "name": message.name,
        "payload": frame.payload.hex(),
        "raw": frame.raw.hex(),
        "fields": {field.name: field.value for field in message.fields},
        "summary": ": ".join(filter(None, (message.name, message.summary))),
    }
    if not frame.link.is_checked:
        keys["checked"] = False
    if message.problem:
        keys["problem"] = message.problem
    return keys


def _build_text_keys(message: TextMessage) -> Object:
    line = message.line
    keys: Object = {"process": line.process} | _build_continuation(line.continues) | {"text": line.text}
    if message.meaning:
        keys["name"] = message.meaning.name
        keys["fields"] = {name: field.conversion.value(raw) for name, (field, raw) in message.fields.items()}
    return keys


def _build_ocpp_keys(message: OcppMessage, refers: Reference | None) -> Object:
    """Return the content of an OCPP message; the action of a result or an error is that of its call, if known."""
    keys: Object = {
        "call": message.kind,
        "id": message.id,
        "action": find_ocpp_action(message, refers),
        "direction": message.direction,
        "payload": message.payload,
    }
    if message.kind == "error":
        keys |= {"code": message.code, "description": message.description}
    return keys if message.complete else keys | {"complete": False}
