"""The descriptions of records, events and codes, in one wording for the screen, `dump` and `explain`.

In: values of the core. Out: single lines. Those of records and events are safe to show (`sniffer.base.sanitize`): text
from the wire is escaped.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sniffer.base.phrasing import format_count, format_times
from sniffer.base.sanitize import printable
from sniffer.base.times import MILLISECOND, SECOND, duration_between, format_duration, format_offset
from sniffer.core.charger.events import (
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
    Reference,
    Retransmitted,
    StatusChanged,
    Unanswered,
    Warned,
)
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.fault_codes import KINDS, CodeKind, Diagnosis, FaultCodes
from sniffer.core.charger.health.link_health import LinkHealthChanged
from sniffer.core.charger.measurements.measurement import ImplausibleMeasurement
from sniffer.core.charger.ocpp.events import ClockOffset, OcppFailed
from sniffer.core.charger.startup.registration_events import (
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
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.protocol.ocpp_message import OcppMessage
from sniffer.core.record import Record, mended_of
from sniffer.core.wire.items import Order, Reception
from sniffer.core.wire.link import Route
from sniffer.text.link_health import format_age, format_health
from sniffer.text.mended_text import RESTS_ON_MENDED, format_mended
from sniffer.text.quantities import format_quantity, format_value
from sniffer.text.registration_text import PART_NAMES, announcement_text, loop_text, registration_event_text

SHOWN_NOISE = 24
"""How many bytes of a piece of noise are shown in its line."""

UNKNOWN_FAULT = "unknown fault"
"""Shown as the meaning of a fault whose codes are in no row of the error table."""


UNCHECKED = "  [no check]"
"""The mark of a frame whose link has no check: noise can look like it."""


class RowText(NamedTuple):
    """The columns of a record in a list: direction or kind, sequence, name and summary."""

    direction: str
    sequence: str
    name: str
    summary: str


def row_text(record: Record) -> RowText:
    """Return the record as columns of a list. Its events have lines of their own (`event_text`)."""
    item, mended = record.item, mended_of(record)
    refers = f"  ({reference_text(record.refers)})" if record.refers else ""
    remark = printable(format_mended(mended)) if mended else ""
    if isinstance(item, Message):
        frame = item.frame
        direction = item.direction or frame.link.name
        # The direction of a frame implies its tap.
        reception = reception_text(record.heard, tap=0) if record.heard else ""
        unchecked = "" if frame.link.is_checked else UNCHECKED
        summary = f"{printable(item.summary)}{refers}{reception}{unchecked}{remark}"
        return RowText(direction, frame.key_text, item.name, summary)
    if isinstance(item, TextMessage) and item.ocpp:
        summary = f"{printable(item.summary)}{printable(refers)}".lstrip()
        return RowText(item.ocpp.direction, "", printable(ocpp_name(item.ocpp, record.refers)), summary)
    if isinstance(item, TextMessage):
        return RowText("log", "", printable(item.line.process or ""), printable(item.summary) + remark)
    if item is None:
        return RowText("", "", "", "")
    shown = item.raw[:SHOWN_NOISE].hex(" ").upper()
    more = " …" if len(item.raw) > SHOWN_NOISE else ""
    reception = reception_text(record.heard, tap=record.heard.tap) if record.heard else ""
    size = format_count(len(item.raw), "byte")
    return RowText("noise", "", item.reason.value, f"{size}: {shown}{more}{reception}{remark}")


def ocpp_name(message: OcppMessage, refers: Reference | None) -> str:
    """Return the action of an OCPP message and what kind it is: `Heartbeat call`, or `result` if its call is unknown.

    `refers` is the reference of its record, which names the call of a result or an error.
    """
    action = ocpp_action(message, refers)
    return f"{action} {message.kind}" if action else message.kind


def ocpp_action(message: OcppMessage, refers: Reference | None) -> str | None:
    """Return the action of an OCPP message; for a result or an error that of its call, or None if it is unknown."""
    return message.action or (refers.name if refers else None)


def reception_text(reception: Reception, tap: int) -> str:
    """Return the tap, order and line errors of a record, to stand behind its summary; `tap` 0 leaves the tap out."""
    notes = [f"tap {tap}"] if tap else []
    if reception.order is Order.UNCERTAIN:
        notes.append("order uncertain")
    kinds = Counter(mark.error.value for mark in reception.marks)
    notes += [f"{count} {kind} {'error' if count == 1 else 'errors'}" for kind, count in kinds.items()]
    return f"  [{', '.join(notes)}]" if notes else ""


def event_text(event: Event, definition: Definition) -> str:
    """Return the line that describes an event, safe to show."""
    return printable(_format_event(event, definition))


def _format_event(event: Event, definition: Definition) -> str:
    """Return the text of an event, not escaped."""
    match event:
        case StatusChanged():
            dwell = "" if event.dwell is None else f" after {format_duration(event.dwell)}"
            flag = "" if event.legal is not False else f"  ({illegal_move_text(definition)})"
            flag = f"{_format_move_name(event, definition)}{flag}"
            flag += f"  ({RESTS_ON_MENDED})" if event.seen.mended else ""
            return f"connector {event.connector}: {event.before or 'first report'} → {event.after}{dwell}{flag}"
        case FaultRaised(fault=fault):
            again = f", for the {_format_ordinal(fault.earlier + 1)} time" if fault.earlier else ""
            return f"fault raised: {fault_text(fault, definition)}{again}"
        case FaultChanged(fault=fault):
            return f"fault changed: {fault_text(fault, definition)}"
        case FaultCleared(fault=fault):
            own = duration_between(fault.since, fault.cleared)
            after = "" if own is None else f", after {format_duration(own)}"
            return f"fault cleared: {fault_text(fault, definition)}{after}"
        case Contradicted():
            return f"connector {event.connector} contradicts itself: {event.about} ({event.provenance})"
        case Warned():
            return f"connector {event.connector}, warning: {event.about} ({event.provenance})"
        case Disagreed():
            reported, relayed = (_format_field(event.field, raw, definition) for raw in (event.reported, event.relayed))
            passed_on = f"{event.action} says" if event.action else "relayed as"
            report = place_text(event.report)
            return f"connector {event.connector}: {passed_on} {relayed}, but {report} reported {reported}"
        case Booted():
            about = announcement_text(event.announcement)
            return f"the power board announces itself{f': {about}' if about else ''}"
        case RegistrationChanged():
            return registration_event_text(event)
        case Restarted():
            return f"restart of the {PART_NAMES[event.part]}: {event.evidence}"
        case BootLoop():
            return loop_text(event)
        case BootLoopEnded(loop=loop):
            return f"end of the {loop_text(loop)}"
        case Unanswered():
            tries = f", sent {event.tries} times" if event.tries > 1 else ""
            return f"unanswered: {event.name}{_format_key(event)} of {place_text(event.asked)}{tries}"
        case Retransmitted():
            first = place_text(event.first)
            return f"sent again: {event.name}{_format_key(event)}, first in {first}, {event.tries} times now"
        case ImplausibleMeasurement():
            where = "" if event.connector is None else f"connector {event.connector}, "
            value, limit = (format_value(number, event.unit) for number in (event.value, event.limit))
            about = f"{event.about}: {value}, limit {limit} ({event.provenance})"
            return f"implausible: {where}{format_quantity(event.field, definition)} {about}"
        case Overdue():
            due = f"due every {format_duration(event.period)}, {format_duration(event.late)} late"
            return f"overdue: {event.name}{_format_direction(event.route)}, {due}"
        case CardReaderFault():
            return "card reader does not answer"
        case CardReaderFaultEnded(fault=fault):
            return f"card reader fault over: {card_reader_text(fault.count, fault.period)}"
        case LinkHealthChanged(link=link):
            return f"link: {format_health(link, event.time)}: {link.reason}"
        case SourceLost():
            return f"source lost{_format_tap(event.tap)}: {event.reason}"
        case SourceBack():
            away = "" if event.away is None else f", after {format_duration(event.away)}"
            return f"source back{_format_tap(event.tap)}: {event.how}{away}"
        case RateFound():
            found = f"{event.baud} baud" if event.baud else "baud rate undetermined"
            evidence = event.evidence.removeprefix(f"{event.baud or 'undetermined'}: ")
            return f"{found}{_format_tap(event.tap)}: {evidence}"
        case LatenessKnown():
            most = f"{event.late / MILLISECOND:g} ms"
            return f"times{_format_tap(event.tap)} may be up to {most} late: the adapter may hold bytes back so long"
        case SourceShared():
            return f"port shared{_format_tap(event.tap)} with {event.holder}: it takes bytes, so bytes may be missing"
        case LineErrorReported():
            return f"{event.error} error{_format_tap(event.tap)} at a byte that the capture does not hold"
        case Miswired():
            return f"wiring: {event.about}"
        case MiswiringEnded():
            return f"wiring: {event.kind} no more{''.join(_format_tap(tap) for tap in event.taps)}"
        case OcppFailed():
            request = f" of {place_text(event.request)}" if event.request else ""
            description = f": {event.description}" if event.description else ""
            return f"OCPP error: {event.action or 'call'} {event.id}{request} failed with {event.code}{description}"
        case ClockOffset():
            label, zone = format_offset(event.label), format_offset(event.label + event.difference)
            return (
                f"the log's time stamps are labelled {label}, but the clock runs at UTC{zone}: "
                f"the time in the OCPP message of {place_text(event.seen)} shows it"
            )


def card_reader_text(count: int, period: int | None) -> str:
    """Return how often the card reader did not answer, and in which period if it is known."""
    every = "" if period is None else f", every {period / SECOND:.1f} s"
    return f"card reader does not answer: {format_times(count)}{every}"


def _format_direction(route: Route) -> str:
    return f" ({route.direction})" if route.direction else ""


def _format_tap(tap: int) -> str:
    return f" (tap {tap})" if tap else ""


def place_text(seen: Evidence | Reference) -> str:
    """Return the number by which the list, `dump` and the exports name a record: `#13`."""
    return f"#{seen.number}"


def reference_text(refers: Reference) -> str:
    """Return what a record refers to, and how long after that it was received."""
    after = "" if refers.after is None else f" after {format_duration(refers.after)}"
    return f"{refers.kind.replace('_', ' ')} {place_text(refers)}{after}"


def answered_text(number: int, line: int | None, answer: Reference) -> str:
    """Return which record answered a request, and after how long. `answer` is the reference of that record."""
    back = Reference(answer.kind, number, line, answer.after)
    return reference_text(back).replace(answer.kind, "answered by", 1)


def fault_text(fault: Fault, definition: Definition) -> str:
    """Return the meaning, codes and connector of a fault in one line."""
    connector = "" if fault.connector is None else f", connector {fault.connector}"
    codes = codes_text(fault.codes, definition)
    implied = codes_text(fault.diagnosis.implied, definition)
    table = f"; by the error table {implied}" if implied else ""
    doubts = "".join(f"; {doubt}" for doubt in doubts_text(fault.diagnosis, definition))
    mended = f"; {RESTS_ON_MENDED}" if fault.is_mended else ""
    return f"{meaning_text(fault)} ({codes or 'no code'}{table}{doubts}{mended}){connector}"


def doubts_text(diagnosis: Diagnosis, definition: Definition) -> list[str]:
    """Return what does not fit: codes that disagree, with the meaning of each, and codes in no row of the table."""
    unknown = [
        f"{code_text(reading.kind, reading.code, definition)} is in no row of the error table"
        for reading in diagnosis.unknown
        if reading.kind != "ocpp"
    ]
    if diagnosis.agree is not False:
        return unknown
    meanings = [
        f"{code_text(reading.kind, reading.code, definition)} says {' or '.join(row.meaning for row in reading.rows)}"
        for reading in diagnosis.readings
        if reading.rows
    ]
    return [f"the codes disagree: {', '.join(meanings)}", *unknown]


def meaning_text(fault: Fault) -> str:
    """Return the meanings in the error table that a fault can have, or `UNKNOWN_FAULT`."""
    return format_meanings(fault.diagnosis.meanings)


def format_meanings(meanings: Sequence[str]) -> str:
    """Return the meanings that the codes of a fault can have, or `UNKNOWN_FAULT` if there is none."""
    return " or ".join(meanings) or UNKNOWN_FAULT


def codes_text(codes: FaultCodes, definition: Definition) -> str:
    """Return the codes that are present, as people write them; the text is empty if there is none."""
    present = [(kind, codes.of(kind)) for kind in KINDS]
    return ", ".join(code_text(kind, code, definition) for kind, code in present if code is not None)


def code_text(kind: CodeKind, code: int, definition: Definition) -> str:
    """Return one code as people write it."""
    if kind == "m4":
        return f"M4 {code}"
    if kind == "vendor":
        return f"vendor 0x{code:06X}" if definition.is_charger else f"code {code}"
    name = definition.ocpp_errors.name_of(code)
    return f"OCPP {name}" if name.startswith(f"{code} ") else f"OCPP {code} {name}"


def _format_move_name(move: StatusChanged, definition: Definition) -> str:
    """Return the name that the definition has for a move, in brackets; an empty text if it has none."""
    name = definition.name_of_move(move.before, move.after)
    return f"  ({name})" if name else ""


def illegal_move_text(definition: Definition) -> str:
    """Return what is said of a move that the state machine of the connectors does not have."""
    return f"not a move that {'OCPP' if definition.states in (None, definition.statuses) else 'the definition'} allows"


def _format_field(field: str, value: int | float | str, definition: Definition) -> str:
    names = {"status": definition.statuses.name_of, "ocpp_error": definition.ocpp_errors.name_of}
    if field in names:
        return names[field](value) if isinstance(value, int) else str(value)
    return f"{field.replace('_', ' ')} {value}"


def _format_ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def no_fault_text(age: int | None) -> str:
    """Return that no fault is active. `age` is that of the last status report if it is too old: then nobody knows."""
    return "no active fault" if age is None else f"faults unknown (none {format_age(age)} ago)"


def _format_key(event: Unanswered | Retransmitted) -> str:
    """Return the sequence of a frame after a space; nothing on a link whose frames have none."""
    return f" {event.sequence:04X}" if event.route.link.sequence else ""
