"""The descriptions of records, faults and codes, in one wording for the screen, `dump` and `explain`.

In: values of the core. Out: single lines. Those of records are safe to show (`sniffer.base.sanitize`): text from the
wire is escaped. `sniffer.text.event_text` describes events.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sniffer.base.phrasing import format_count, format_times
from sniffer.base.sanitize import printable
from sniffer.base.times import format_duration, format_seconds
from sniffer.core.charger.events import Fault, Reference
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.fault_codes import KINDS, CodeKind, Diagnosis, FaultCodes
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.protocol.ocpp_message import OcppMessage
from sniffer.core.record import Record, mended_of
from sniffer.core.wire.items import Order, Reception
from sniffer.text.code_numbers import format_vendor_code
from sniffer.text.mended_text import RESTS_ON_MENDED, format_mended

SHOWN_NOISE = 24
"""The number of bytes of a piece of noise that its line shows."""

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


def format_row(record: Record) -> RowText:
    """Return the record as columns of a list. Its events have lines of their own (`describe_event`)."""
    item, mended = record.item, mended_of(record)
    refers = f"  ({format_reference(record.refers)})" if record.refers else ""
    remark = printable(format_mended(mended)) if mended else ""
    if isinstance(item, Message):
        frame = item.frame
        direction = item.direction or frame.link.name
        # The direction of a frame implies its tap.
        reception = format_reception(record.reception, tap=0) if record.reception else ""
        unchecked = "" if frame.link.is_checked else UNCHECKED
        summary = f"{printable(item.summary)}{refers}{reception}{unchecked}{remark}"
        return RowText(direction, frame.key_text, item.name, summary)
    if isinstance(item, TextMessage) and item.ocpp:
        summary = f"{printable(item.summary)}{printable(refers)}".lstrip()
        return RowText(item.ocpp.direction, "", printable(name_ocpp_message(item.ocpp, record.refers)), summary)
    if isinstance(item, TextMessage):
        # Some lines of the charger's log begin with a space, which is no part of their words.
        return RowText("log", "", printable(item.line.process or ""), printable(item.summary.lstrip()) + remark)
    if item is None:
        return RowText("", "", "", "")
    shown = item.raw[:SHOWN_NOISE].hex(" ").upper()
    more = " …" if len(item.raw) > SHOWN_NOISE else ""
    reception = format_reception(record.reception, tap=record.tap) if record.reception else ""
    size = format_count(len(item.raw), "byte")
    return RowText("noise", "", item.reason.value, f"{size}: {shown}{more}{reception}{remark}")


def name_ocpp_message(message: OcppMessage, refers: Reference | None) -> str:
    """Return the action of an OCPP message and what kind it is: `Heartbeat call`, or `result` if its call is unknown.

    `refers` is the reference of its record, which names the call of a result or an error.
    """
    action = find_ocpp_action(message, refers)
    return f"{action} {message.kind}" if action else message.kind


def find_ocpp_action(message: OcppMessage, refers: Reference | None) -> str | None:
    """Return the action of an OCPP message; for a result or an error that of its call, or None if it is unknown."""
    return message.action or (refers.name if refers else None)


def format_reception(reception: Reception, tap: int) -> str:
    """Return the tap, order and line errors of a record, to stand after its summary; `tap` 0 leaves the tap out."""
    notes = [f"tap {tap}"] if tap else []
    if reception.order is Order.UNCERTAIN:
        notes.append("order uncertain")
    kinds = Counter(mark.error.value for mark in reception.marks)
    notes += [f"{count} {kind} {'error' if count == 1 else 'errors'}" for kind, count in kinds.items()]
    return f"  [{', '.join(notes)}]" if notes else ""


def describe_card_reader(count: int, period: int | None) -> str:
    """Return how often the card reader did not answer, and in which period if it is known."""
    every = "" if period is None else f", every {format_duration(period)}"
    return f"card reader does not answer: {format_times(count)}{every}"


def format_place(seen: Evidence | Reference) -> str:
    """Return the number by which the list, `dump` and the exports name a record: `#13`."""
    return f"#{seen.number}"


def format_reference(refers: Reference) -> str:
    """Return the record that a record refers to, and the time between both."""
    after = "" if refers.after is None else f" after {format_duration(refers.after)}"
    return f"{refers.kind.replace('_', ' ')} {format_place(refers)}{after}"


def format_answer(number: int, line: int | None, answer: Reference) -> str:
    """Return which record answered a request, and after how long. `answer` is the reference of that record."""
    back = Reference(answer.kind, number, line, answer.after)
    return format_reference(back).replace(answer.kind, "answered by", 1)


def describe_fault(fault: Fault, definition: Definition) -> str:
    """Return the meaning, codes and connector of a fault in one line."""
    connector = "" if fault.connector is None else f", connector {fault.connector}"
    codes = format_fault_codes(fault.codes, definition)
    implied = format_fault_codes(fault.diagnosis.implied, definition)
    table = f"; by the error table {implied}" if implied else ""
    doubts = "".join(f"; {doubt}" for doubt in list_doubts(fault.diagnosis, definition))
    mended = f"; {RESTS_ON_MENDED}" if fault.is_mended else ""
    return f"{format_meaning(fault)} ({codes or 'no code'}{table}{doubts}{mended}){connector}"


def list_doubts(diagnosis: Diagnosis, definition: Definition) -> list[str]:
    """Return the contradictions: codes that disagree, with the meaning of each, and codes in no row of the table."""
    unknown = [
        f"{format_fault_code(reading.kind, reading.code, definition)} is in no row of the error table"
        for reading in diagnosis.unknown
        if reading.kind != "ocpp"
    ]
    if diagnosis.agree is not False:
        return unknown
    says = [
        f"{format_fault_code(one.kind, one.code, definition)} says {' or '.join(row.meaning for row in one.rows)}"
        for one in diagnosis.readings
        if one.rows
    ]
    if len(says) == 1:
        says += [f"{format_fault_code(one.kind, one.code, definition)} does not" for one in diagnosis.unknown]
    return [f"the codes disagree: {', '.join(says)}", *unknown]


def format_meaning(fault: Fault) -> str:
    """Return the meanings in the error table that a fault can have, or `UNKNOWN_FAULT`."""
    return format_meanings(fault.diagnosis.meanings)


def format_meanings(meanings: Sequence[str]) -> str:
    """Return the meanings that the codes of a fault can have, or `UNKNOWN_FAULT` if there is none."""
    return " or ".join(meanings) or UNKNOWN_FAULT


def format_fault_codes(codes: FaultCodes, definition: Definition) -> str:
    """Return the codes that are present, as people write them; the text is empty if there is none."""
    present = [(kind, codes.of(kind)) for kind in KINDS]
    return ", ".join(format_fault_code(kind, code, definition) for kind, code in present if code is not None)


def format_fault_code(kind: CodeKind, code: int, definition: Definition) -> str:
    """Return one code as people write it."""
    if kind == "m4":
        return f"M4 {code}"
    if kind == "vendor":
        return f"vendor {format_vendor_code(code)}" if definition.is_charger else f"code {code}"
    name = definition.ocpp_errors.name_of(code)
    return f"OCPP {name}" if name.startswith(f"{code} ") else f"OCPP {code} {name}"


def describe_illegal_move(definition: Definition) -> str:
    """Return the text for a move that the state machine of the connectors does not have."""
    return f"not a move that {'OCPP' if definition.states in (None, definition.statuses) else 'the definition'} allows"


def describe_no_fault(age: int | None) -> str:
    """Return that no fault is active. `age` is that of the last status report if it is too old: then nobody knows."""
    return "no active fault" if age is None else f"faults unknown (none {format_seconds(age)} ago)"
