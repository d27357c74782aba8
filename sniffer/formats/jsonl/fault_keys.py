"""The keys of faults in JSON, and of the records that something was concluded from, as `docs/json.md` describes them.

In: a fault and the definition that names its codes. Out: keys with values that JSON can hold.
"""

from datetime import tzinfo
from typing import Any

from sniffer.base.times import duration_between, format_iso, to_seconds
from sniffer.core.charger.events import Fault
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.fault_codes import KINDS, CodeKind
from sniffer.core.charger.measurements.course import Course
from sniffer.core.protocol.definition import Definition

Object = dict[str, Any]


def build_fault_object(fault: Fault, definition: Definition) -> Object:
    """Return the codes of a fault; `implied` names those that were not sent, but follow from the error table."""
    implied = fault.diagnosis.implied
    sources = {kind: (fault.codes.of(kind), implied.of(kind)) for kind in KINDS}
    codes = {
        kind: _format_code(kind, by_table if sent is None else sent, definition)
        for kind, (sent, by_table) in sources.items()
    }
    return {
        "connector": fault.connector,
        "ocpp_error": codes["ocpp"],
        "vendor_error": codes["vendor"],
        "m4_error": codes["m4"],
        "meaning": list(fault.diagnosis.meanings),
        "implied": [
            f"{kind}_error" for kind, (sent, by_table) in sources.items() if sent is None and by_table is not None
        ],
        "agree": fault.diagnosis.agree,
        "says": {
            f"{reading.kind}_error": [row.meaning for row in reading.rows] for reading in fault.diagnosis.readings
        },
        "measured": {one.name: one.value for one in sorted(fault.measured, key=lambda one: one.number)},
        "courses": {course.name: _build_course_object(course, fault.since) for course in fault.courses},
    } | build_mended_key(fault.is_mended)


def _build_course_object(course: Course, since: int | None) -> Object:
    """Return the course of a value before a fault that began at `since`."""
    return {
        "earliest": course.earliest.value,
        "earliest_seconds": to_seconds(duration_between(course.earliest.time, since)),
        "before": course.before.value,
        "before_seconds": to_seconds(duration_between(course.before.time, since)),
        "at_fault": course.at_fault.value,
        "lowest": course.lowest,
        "highest": course.highest,
    }


def build_duration_keys(fault: Fault, zone: tzinfo | None) -> Object:
    """Return the duration of the fault; `total` includes earlier faults of the same meaning."""
    return {
        "since": format_iso(fault.since, zone),
        "duration": to_seconds(duration_between(fault.since, fault.cleared)),
        "reports": fault.reports,
        "earlier": fault.earlier,
        "total": to_seconds(fault.total),
    }


def _format_code(kind: CodeKind, code: int | None, definition: Definition) -> str | int | None:
    """Return a fault code as JSON has it: an M4 code as number, an OCPP code by its name, a vendor code in hexadecimal.

    Returns None if there is no code.
    """
    if code is None or kind == "m4":
        return code
    return definition.ocpp_errors.name_of(code) if kind == "ocpp" else f"0x{code:06X}"


def build_evidence(evidence: Evidence) -> Object:
    """Return the record that something was concluded from."""
    line = {} if evidence.line is None else {"line": evidence.line}
    return {"number": evidence.number} | line | build_mended_key(evidence.mended)


def build_mended_key(is_mended: bool) -> Object:
    """Return the key of what rests on a mended line, or no key for anything else."""
    return {"mended": True} if is_mended else {}
