"""One wording for records, events and codes, whoever shows them: the screen, `dump` and `explain`.

All texts are safe to show (`sniffer.printable`): what the wire put into them is escaped.
"""

from typing import NamedTuple

from sniffer.charger.events import Booted, Event, Fault, FaultCleared, FaultCodes, FaultRaised, StatusChanged
from sniffer.pipeline import Record
from sniffer.printable import printable
from sniffer.protocol.definition import Definition
from sniffer.protocol.logline import TextMessage
from sniffer.protocol.message import Message

SHOWN_NOISE = 24
"""How many bytes of a piece of noise fit into one line."""


class Row(NamedTuple):
    """What one record shows in a list: direction or kind, sequence, name and summary."""

    direction: str
    sequence: str
    name: str
    summary: str


def row(record: Record) -> Row:
    """The record in a list's columns; events have lines of their own (`event_text`)."""
    item = record.item
    if isinstance(item, Message):
        frame = item.frame
        direction = item.direction or frame.link.name
        return Row(direction, f"{frame.sequence:04X}", item.name, printable(item.summary))
    if isinstance(item, TextMessage):
        return Row("log", "", printable(item.line.process or ""), printable(item.summary))
    if item is None:
        return Row("", "", "", "")
    shown = item.raw[:SHOWN_NOISE].hex(" ").upper()
    more = " …" if len(item.raw) > SHOWN_NOISE else ""
    size = len(item.raw)
    return Row("noise", "", item.reason.value, f"{size} {'byte' if size == 1 else 'bytes'}: {shown}{more}")


def event_text(event: Event, definition: Definition) -> str:
    """One line that says what happened."""
    if isinstance(event, StatusChanged):
        before = event.before or "first report"
        flag = "" if event.legal else "  (not a move that OCPP allows)"
        return printable(f"connector {event.connector}: {before} → {event.after}{flag}")
    if isinstance(event, FaultRaised):
        return f"fault raised: {fault_text(event.fault, definition)}"
    if isinstance(event, FaultCleared):
        return f"fault cleared: {fault_text(event.fault, definition)}"
    if isinstance(event, Booted):
        return f"boot {event.count} of the communication processor"
    return printable(f"source lost: {event.reason}")


def fault_text(fault: Fault, definition: Definition) -> str:
    """Meaning, codes and connector of a fault, in one line."""
    connector = "" if fault.connector is None else f", connector {fault.connector}"
    codes = codes_text(fault.codes, definition)
    implied = codes_text(fault.implied, definition)
    table = f"; by the error table {implied}" if implied else ""
    return f"{meaning_text(fault)} ({codes or 'no code'}{table}){connector}"


def meaning_text(fault: Fault) -> str:
    """The rows of the error table that a fault can mean, or that there is none."""
    return " or ".join(fault.meanings) or "unknown fault"


def codes_text(codes: FaultCodes, definition: Definition) -> str:
    """The codes that are there, as people write them; empty where none is."""
    parts = []
    if codes.m4 is not None:
        parts.append(f"M4 {codes.m4}")
    if codes.ocpp is not None:
        parts.append(f"OCPP {codes.ocpp} {definition.ocpp_errors.name_of(codes.ocpp)}")
    if codes.vendor is not None:
        parts.append(f"vendor 0x{codes.vendor:06X}")
    return ", ".join(parts)
