"""The rows of events: the tables `events`, `faults`, `transitions`, and the exchanges without an answer.

In: events, and the definition that names their codes. Out: rows without their session, as tuples in the order of the
columns.
"""

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from sniffer.base.times import SECOND, duration_between
from sniffer.core.charger.events import (
    Event,
    Fault,
    FaultCleared,
    FaultRaised,
    StatusChanged,
    Unanswered,
)
from sniffer.core.charger.measurements.measurement import PHASE_VOLTAGES
from sniffer.core.charger.startup.registration_events import Booted
from sniffer.core.protocol.definition import Definition
from sniffer.fleet.lake.tables.frame_rows import Row, encode_json
from sniffer.formats.jsonl.event_keys import build_event_keys
from sniffer.formats.jsonl.fault_keys import build_fault_object
from sniffer.text.describe import format_fault_codes, format_meanings

_NOT_KNOWN = (None, None, None, None)


class EventRows:
    """The rows of the events of one session."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._firmware: str | None = None
        self._firmware_of: dict[int, str | None] = {}
        """The firmware that was announced before each active fault, by the record that raised it."""

    def build_rows(self, number: int, event: Event) -> Iterator[tuple[str, Row]]:
        """Yield the rows of an event of record `number`, each with the name of its table."""
        keys: dict[str, Any] = build_event_keys(event, self._definition, UTC)
        name, connector = keys.pop("event"), keys.pop("connector", None)
        yield "events", (number, event.time, name, connector, encode_json(keys))
        match event:
            case StatusChanged():
                dwell = None if event.dwell is None else event.dwell / SECOND
                moved = (event.before, event.after, event.legal, dwell, event.cp_voltage)
                yield "transitions", (number, event.time, event.connector, *moved)
            case Unanswered():
                link, request = event.route.link.name, event.asked.number
                yield "exchanges", (number, event.time, request, link, event.command, event.name, False, None)
            case Booted(announcement=announcement) if announcement and announcement.firmware:
                self._firmware = announcement.firmware
            case FaultRaised(fault=fault):
                self._firmware_of[_find_place(fault, number)] = self._firmware
            case FaultCleared(fault=fault):
                yield "faults", self.build_fault(fault, number)
            case _:
                pass

    def build_fault(self, fault: Fault, number: int) -> Row:
        """Return the row of a fault that has ended at record `number`, or that is still active."""
        raised, keys = _find_place(fault, number), build_fault_object(fault, self._definition)
        lasted = duration_between(fault.since, fault.cleared)
        meanings = fault.diagnosis.meanings
        kind = format_meanings(meanings) if meanings else format_fault_codes(fault.codes, self._definition)
        courses = {course.name: course for course in reversed(fault.courses)}
        volts = [
            (one.before.value, one.lowest, one.highest, one.at_fault.value) if one else _NOT_KNOWN
            for one in map(courses.get, PHASE_VOLTAGES)
        ]
        return (
            raised,
            fault.since,
            fault.cleared,
            None if lasted is None else lasted / SECOND,
            fault.cleared is None,
            fault.connector,
            kind or "no code",
            keys["ocpp_error"],
            keys["vendor_error"],
            keys["m4_error"],
            keys["agree"],
            fault.reports,
            self._firmware_of.pop(raised, self._firmware),
            *(value for phase in volts for value in phase),
        )


def _find_place(fault: Fault, number: int) -> int:
    """Return the record that raised a fault; `number` if the fault names none."""
    return fault.evidence[0].number if fault.evidence else number
