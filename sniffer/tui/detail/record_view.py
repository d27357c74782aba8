"""The content of the detail pane for a record of any kind: a heading, notes, its bytes and its fields.

In: a record, and its partner, which is its request or its answer. Out: a `RecordView` with texts that are safe to show.
"""

from msgspec import Struct

from sniffer.base.phrasing import format_count
from sniffer.base.sanitize import printable
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.enumeration import MEANING_UNKNOWN
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import FieldValue, Message, framing_fields
from sniffer.core.protocol.ocpp_message import OcppMessage
from sniffer.core.protocol.ocpp_parameters import parameters_of
from sniffer.core.record import Record, mended_of
from sniffer.text import describe
from sniffer.text.event_text import describe_event
from sniffer.text.faults.advice import find_line_advice
from sniffer.text.marks import EVENT_MARKS
from sniffer.text.mended_text import format_chance, list_characters
from sniffer.text.ranks import rank_of_event
from sniffer.tui.theme import RANK_STYLES

PROVENANCES = {
    "verified": "computed: the CRC of every known frame agrees",
    "documented": "the charger's service document says it",
    "inferred": "follows from comparing frames, log lines and standards; likely",
    "assumed": "a working guess",
    "user": "your own definition file says it",
}
"""The claim of each word of provenance about the charger."""

OTHER_PROVENANCES = PROVENANCES | {
    "verified": "computed: the check of every known frame agrees",
    "documented": "a public document about the board says it",
    "inferred": "follows from comparing frames; likely",
}
"""The claim of each word of provenance about the boards of other makers."""


def list_provenances(definition: Definition) -> dict[str, str]:
    """Return the claim of each word of provenance for the links of this definition."""
    return PROVENANCES if definition.is_charger else OTHER_PROVENANCES


FRAME, PAYLOAD = "frame", "payload"
"""The two groups of the fields of a frame."""

OCPP = "OCPP 1.6"
"""The text in place of a provenance for what the OCPP standard defines."""

REASONS = {
    "crc": "It has the shape of a frame, but its CRC is wrong: bytes were damaged or lost on the way.",
    "truncated": "A frame that never ended: the next good frame, silence or the end of the source came first.",
    "garbage": "No frame begins here: a wrong baud rate, a reset, or bytes from before the first whole frame.",
}
"""The reasons why bytes are noise, for a reader who sees the line for the first time."""


class FieldSpan(Struct, frozen=True):
    """One field. `start` and `end` are its place in the bytes; both are equal if it has none.

    `group` is the part of the frame that it is in; `key` is its name in the definition, not escaped.
    """

    name: str
    text: str
    provenance: str
    about: str
    start: int = 0
    end: int = 0
    group: str = ""
    key: str = ""


class Remark(Struct, frozen=True):
    """One remark and its style."""

    text: str
    style: str = ""


class RecordView(Struct, frozen=True):
    """Everything that is shown of one record. `exchange` is the request that it answers, or its answer."""

    name: str
    number: str = ""
    facts: str = ""
    exchange: str = ""
    notes: tuple[Remark, ...] = ()
    raw: bytes = b""
    parts: tuple[FieldSpan, ...] = ()


NO_CHECK = "Frames of this link have no check: noise can look like one."


def build_record_view(record: Record, definition: Definition, partner: Record | None = None) -> RecordView:
    """Return the view of a record; `partner` is its answer, or the record that it refers to."""
    item = record.item
    events = (*_build_mended_notes(record), *_build_reception_notes(record), *_build_event_notes(record, definition))
    number = f"#{record.number}"
    origin = "" if record.line is None else f"  log line {record.line}"
    if isinstance(item, Message):
        return _build_message_view(record, item, number, origin, events, partner)
    if isinstance(item, TextMessage) and item.ocpp:
        return _build_ocpp_view(record, item.ocpp, number, origin, events, partner)
    if isinstance(item, TextMessage):
        return _build_text_view(item, number, origin, events)
    if item is None:
        return RecordView("event", number, notes=events)
    facts = f"{item.reason.value}, {format_count(len(item.raw), 'byte')}"
    notes = (Remark(REASONS.get(item.reason.value, "")), *events)
    return RecordView("noise", number, facts, notes=notes, raw=item.raw)


def _build_message_view(
    record: Record, message: Message, number: str, origin: str, events: tuple[Remark, ...], partner: Record | None
) -> RecordView:
    """Return the view of a frame."""
    frame = message.frame
    route = frame.direction or frame.link.name
    facts = f"{route}  {format_count(len(frame.raw), 'byte')}{origin}"
    parts = [_build_part(field, FRAME, _describe_command(message)) for field in framing_fields(frame)]
    parts += [_build_part(field, PAYLOAD) for field in message.fields]
    problem = (Remark(printable(message.problem), "bold $warning"),) if message.problem else ()
    unchecked = () if frame.link.is_checked else (Remark(NO_CHECK, "bold $warning"),)
    name, exchange = printable(message.name), _format_exchange(record, partner)
    return RecordView(name, number, facts, exchange, (*problem, *unchecked, *events), frame.raw, tuple(parts))


def _build_part(field: FieldValue, group: str, command_about: str = "") -> FieldSpan:
    """Return the part of a record that shows a field. `command_about` describes the command of the frame."""
    return FieldSpan(
        printable(field.name),
        printable(field.text),
        field.provenance or MEANING_UNKNOWN,
        printable(command_about if field.name == "command" and not field.about else field.about),
        field.start,
        field.end,
        group,
        field.name,
    )


def _format_exchange(record: Record, partner: Record | None) -> str:
    """Return the record that the record refers to, and its answer, or an empty text."""
    texts = [describe.format_reference(record.refers)] if record.refers else []
    back = partner.refers if partner else None
    if partner and back and back.kind == "answers" and back.number == record.number:
        texts.append(describe.format_answer(partner.number, partner.line, back))
    return ", ".join(texts)


def _build_text_view(message: TextMessage, number: str, origin: str, events: tuple[Remark, ...]) -> RecordView:
    """Return the view of a line of the log."""
    process = printable(message.line.process or "no process")
    name = message.meaning.name if message.meaning else "log line"
    parts = tuple(
        FieldSpan(
            printable(name),
            printable(field.conversion.text(raw)),
            field.provenance or MEANING_UNKNOWN,
            printable(field.about),
            key=name,
        )
        for name, (field, raw) in message.fields.items()
    )
    facts = f"{printable(name)}{origin}"
    advice = find_line_advice(message.line.text)
    remarks = (Remark(advice, "bold $warning"),) if advice else ()
    notes = (Remark(printable(message.line.text)), *remarks, *events)
    return RecordView(f"[{process}]", number, facts, notes=notes, parts=parts)


def _build_ocpp_view(
    record: Record, message: OcppMessage, number: str, origin: str, events: tuple[Remark, ...], partner: Record | None
) -> RecordView:
    """Return the view of an OCPP message."""
    facts = f"{message.direction}  id {printable(message.id)}{origin}"
    parts = tuple(
        FieldSpan(printable(name), printable(text), OCPP, "a parameter of the OCPP message")
        for name, text in parameters_of(message)
    )
    cut = () if message.complete else (Remark("the log cuts the message off", "bold $warning"),)
    name, exchange = printable(describe.name_ocpp_message(message, record.refers)), _format_exchange(record, partner)
    return RecordView(name, number, facts, exchange, (*cut, *events), parts=parts)


def _describe_command(message: Message) -> str:
    """Return the subject of the command; no field of its own says it."""
    if message.command is None:
        return "no definition has this command"
    return f"{message.command.name}, {message.command.provenance or MEANING_UNKNOWN}. {message.command.about}".strip()


def _build_mended_notes(record: Record) -> list[Remark]:
    """Return notes on how the line of the record was mended, or on the readings of which none was chosen."""
    mended = mended_of(record)
    if mended is None:
        return []
    what = list_characters(mended) or "nothing but its form"
    if mended.readings:
        what = "several readings fit, none is chosen"
    notes = [Remark(printable(f"mended (assumed): {what}; {format_chance(mended)}"), "bold $warning")]
    notes += [Remark(f"a reading that fits: {raw.hex(' ').upper()}") for raw in mended.readings]
    return [*notes, Remark(printable(f"as read: {mended.as_read}"))]


def _build_reception_notes(record: Record) -> list[Remark]:
    """Return notes on the reception: the tap, an uncertain order, and errors in bytes."""
    reception = record.reception
    if reception is None:
        return []
    notes = [Remark(f"received by tap {reception.tap}")] if reception.tap else []
    if reception.order == "uncertain":
        notes.append(
            Remark("the order is uncertain: closer to a record of the other tap than their adapters can resolve")
        )
    for kind in dict.fromkeys(mark.error for mark in reception.marks):
        places = ", ".join(f"{mark.at:02X}" for mark in reception.marks if mark.error is kind)
        notes.append(Remark(f"the receiver found a {kind.value} error in byte {places}", "bold $warning"))
    return notes


def _build_event_notes(record: Record, definition: Definition) -> list[Remark]:
    notes = []
    for event in record.events:
        style = RANK_STYLES[rank_of_event(event)]
        notes.append(Remark(f"{EVENT_MARKS[type(event)]} {describe_event(event, definition)}", style))
    return notes
