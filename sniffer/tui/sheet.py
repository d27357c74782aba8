"""What the detail pane tells of a record, whatever kind it is: a heading, notes, its bytes and its fields.

In: a record. Out: a `Sheet` of texts that are safe to show.
"""

from dataclasses import dataclass

from sniffer import wording
from sniffer.pipeline import Record
from sniffer.printable import printable
from sniffer.protocol.definition import Definition
from sniffer.protocol.logline import TextMessage
from sniffer.protocol.message import Message, framing_fields
from sniffer.tui.columns import EVENT_MARKS, ROUTES, loudness
from sniffer.tui.view import counted

PROVENANCES = {
    "verified": "computed: the CRC of every known frame agrees",
    "documented": "the charger's service document says it",
    "inferred": "follows from comparing frames, log lines and standards; likely",
    "assumed": "a working guess",
    "user": "your own definition file says it",
}
"""What the words claim."""

NO_MEANING = "meaning unknown"
"""What stands for the provenance of a field that nothing is claimed of."""

_LOUDNESS = {"alarm": "bold $error", "warning": "bold $warning", "cleared": "$success", "event": "$accent"}

REASONS = {
    "crc": "It has the shape of a frame, but its CRC is wrong: bytes were damaged or lost on the way.",
    "truncated": "A frame that never ended: the next good frame, silence or the end of the source came first.",
    "garbage": "No frame begins here: a wrong baud rate, a reset, or bytes from before the first whole frame.",
}
"""Why bytes are noise, for somebody who looks at the line for the first time."""


@dataclass(frozen=True, slots=True)
class Part:
    """One field; `start` and `end` are its place in the bytes, equal where it has none."""

    name: str
    text: str
    provenance: str
    about: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """One remark; `style` is how loud it is."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything about one record."""

    name: str
    number: str = ""
    facts: str = ""
    notes: tuple[Note, ...] = ()
    raw: bytes = b""
    parts: tuple[Part, ...] = ()


def sheet(record: Record, definition: Definition) -> Sheet:
    """The sheet of a record."""
    item = record.item
    events = tuple(_event_notes(record, definition))
    number = f"#{record.number}"
    origin = "" if record.line is None else f"  log line {record.line}"
    if isinstance(item, Message):
        return _of_message(record, item, number, origin, events)
    if isinstance(item, TextMessage):
        return _of_text(item, number, origin, events)
    if item is None:
        return Sheet("event", number, notes=events)
    facts = f"{item.reason.value}, {counted(len(item.raw), 'byte')}"
    return Sheet("noise", number, facts, (Note(REASONS.get(item.reason.value, "")), *events), item.raw)


def _of_message(record: Record, message: Message, number: str, origin: str, events: tuple[Note, ...]) -> Sheet:
    frame = message.frame
    route = ROUTES.get(frame.direction or "", frame.link.name)
    refers = f"  {wording.reference_text(record.refers)}" if record.refers else ""
    facts = f"{route}  {counted(len(frame.raw), 'byte')}{origin}{refers}"
    fields = sorted((*framing_fields(frame), *message.fields), key=lambda field: field.start)
    parts = tuple(
        Part(
            printable(field.name),
            printable(field.text),
            field.provenance or NO_MEANING,
            printable(_command_about(message) if field.name == "command" and not field.about else field.about),
            field.start,
            field.end,
        )
        for field in fields
    )
    problem = (Note(printable(message.problem), "bold $warning"),) if message.problem else ()
    return Sheet(printable(message.name), number, facts, (*problem, *events), frame.raw, parts)


def _of_text(message: TextMessage, number: str, origin: str, events: tuple[Note, ...]) -> Sheet:
    process = printable(message.line.process or "no process")
    name = message.meaning.name if message.meaning else "log line"
    parts = tuple(
        Part(
            printable(name),
            printable(field.conversion.text(raw)),
            field.provenance or NO_MEANING,
            printable(field.about),
        )
        for name, (field, raw) in message.fields.items()
    )
    facts = f"{printable(name)}{origin}"
    return Sheet(f"[{process}]", number, facts, (Note(printable(message.line.text)), *events), b"", parts)


def _command_about(message: Message) -> str:
    """What the whole command is about, which no field says."""
    if message.command is None:
        return "no definition has this command"
    return f"{message.command.name}, {message.command.provenance or NO_MEANING}. {message.command.about}".strip()


def _event_notes(record: Record, definition: Definition) -> list[Note]:
    notes = []
    for event in record.events:
        style = _LOUDNESS[loudness(event)]
        notes.append(Note(f"{EVENT_MARKS[type(event)]} {wording.event_text(event, definition)}", style))
    return notes
