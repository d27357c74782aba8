"""The values that were measured at a fault, and how they moved in the half minute before it.

In: a fault, active or ended, and the definition. Out: short parts, and lines of text, safe to show. A value that moved
is written with its course, `L1 228 → 218.8 → 197.9 V`: half a minute before the fault, ten seconds before it, at it.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sniffer.base.sanitize import printable
from sniffer.base.times import SECOND, duration_between
from sniffer.core.charger.events import Fault
from sniffer.core.charger.faults import FaultHistory
from sniffer.core.charger.measurements.course import PILOT, Course
from sniffer.core.charger.measurements.measurement import (
    PHASE_CURRENTS,
    PHASE_VOLTAGES,
    Measurement,
    measures,
)
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.protocol.phases import PHASES
from sniffer.text.quantities import SHORT_NAMES, format_number, format_short_name

AT_FAULT = "at the fault:"
"""The heading where no value moved."""

FRESH = 12 * SECOND
"""The greatest age of a value that counts as measured at the fault: the period of most reports, and some seconds."""

STEADY = 0.005
"""A value has moved if it changed by more than this share of itself."""

_GAP = "  "

_SHOWN = (
    (PHASE_VOLTAGES, ("voltage",)),
    ((PILOT,),),
    (PHASE_CURRENTS, ("current",)),
    (("power",),),
    *(((name,),) for name in SHORT_NAMES),
)
"""The quantities in the order in which they are shown; of several groups in one row the first that is there."""


class FaultValues(NamedTuple):
    """The values at a fault. `fresh` are those measured at it, and `heading` says what their numbers are.

    `older` are those measured long before it, `age` is how many seconds.
    """

    heading: str
    fresh: Sequence[str]
    age: int
    older: Sequence[str]


def list_fault_values(fault: Fault | FaultHistory, definition: Definition) -> FaultValues:
    """Return the values that were measured when a fault was raised. The power of a phase follows from the others."""
    since = fault.since if isinstance(fault, Fault) else fault.raised.time
    courses = {(course.name, course.connector): course for course in fault.courses if _has_moved(course)}
    fresh, older, ages = [], [], []
    heading = AT_FAULT
    for group in _group_shown(fault.measured):
        found = [course for one in group if (course := courses.get((one.name, one.connector)))]
        age = max(duration_between(one.time, since) or 0 for one in group)
        remark = " (assumed)" if all(_is_assumed(one.name, definition) for one in group) else ""
        if found:
            heading = heading if heading != AT_FAULT else _format_heading(found[0], since)
            fresh += [f"{_format_name(course.name, definition)}{_format_course(course)}{remark}" for course in found]
            group = [one for one in group if (one.name, one.connector) not in courses]
        text = f"{_format_steady(group, definition)}{remark}" if group else ""
        if age > FRESH and text:
            older.append(text)
            ages.append(age)
        elif text:
            fresh.append(text)
    return FaultValues(heading, fresh, max(ages, default=0) // SECOND, older)


def format_fault_values(fault: Fault | FaultHistory, definition: Definition, width: int) -> list[str]:
    """Return the values at a fault in lines of at most `width` columns; empty if nothing was measured."""
    values = list_fault_values(fault, definition)
    lines = _fill(values.heading, values.fresh, width) if values.fresh else []
    return lines + (_fill(f"{values.age} s before:", values.older, width) if values.older else [])


def summarize_fault_values(fault: Fault | FaultHistory, definition: Definition) -> list[str]:
    """Return the values at a fault as one or two phrases; none if nothing was measured."""
    values = list_fault_values(fault, definition)
    parts = [f"{values.heading} {', '.join(values.fresh)}"] if values.fresh else []
    return parts + ([f"{values.age} s before: {', '.join(values.older)}"] if values.older else [])


def _group_shown(measured: Iterable[Measurement]) -> Iterator[list[Measurement]]:
    """Yield the latest value of each quantity that is shown, those of several phases together."""
    latest = {one.name: one for one in sorted(measured, key=lambda one: one.number)}
    for candidates in _SHOWN:
        groups = ([latest[name] for name in names if name in latest] for names in candidates)
        if found := next(filter(None, groups), None):
            yield found


def _format_name(name: str, definition: Definition) -> str:
    """Return the short name of a quantity with a space after it; empty where the unit says enough."""
    if name == PILOT:
        return "CP "
    phase = name.partition("_")[0]
    short = f"{phase.upper()}" if phase in PHASES else format_short_name(name, definition)
    return f"{short} " if short else ""


def _format_steady(group: Sequence[Measurement], definition: Definition) -> str:
    """Return values that did not move: those of several phases without their names, in the order of the phases."""
    numbers = " / ".join(_format_rounded(one.value, one.unit) for one in group)
    return f"{_format_name(group[0].name, definition) if len(group) == 1 else ''}{numbers} {group[0].unit}"


def _format_course(course: Course) -> str:
    """Return the numbers of a course with the unit, and the lowest or highest one if it is beyond them."""
    points, unit = _list_points(course), course.unit
    beyond = []
    if course.lowest < min(points) and _differs(min(points), course.lowest):
        beyond.append(f"lowest {_format_rounded(course.lowest, unit)}")
    if course.highest > max(points) and _differs(max(points), course.highest):
        beyond.append(f"highest {_format_rounded(course.highest, unit)}")
    remark = f" ({', '.join(beyond)})" if beyond else ""
    return f"{' → '.join(_format_rounded(value, unit) for value in points)} {unit}{remark}"


def _list_points(course: Course) -> list[float]:
    """Return the values half a minute and ten seconds before the fault and at it; the first only if it differs."""
    points = [course.before.value, course.at_fault.value]
    return [course.earliest.value, *points] if _differs(course.earliest.value, points[0]) else points


def _format_heading(course: Course, since: int | None) -> str:
    """Return the label of the numbers of this course, with their true times."""
    earliest, before = (
        (duration_between(point.time, since) or 0) // SECOND for point in (course.earliest, course.before)
    )
    return f"{f'{earliest} s → ' if len(_list_points(course)) > 2 else ''}{before} s before → at the fault:"


def _has_moved(course: Course) -> bool:
    values = (course.earliest.value, course.before.value, course.at_fault.value, course.lowest, course.highest)
    return _differs(min(values), max(values))


def _differs(one: float, other: float) -> bool:
    return abs(one - other) > STEADY * max(abs(one), abs(other))


def _format_rounded(value: float, unit: str) -> str:
    """Return a number; a voltage has one decimal, as nobody reads hundredths of a volt."""
    return format_number(round(value, 1) if unit == "V" else value)


def _is_assumed(name: str, definition: Definition) -> bool:
    """Return True if the definition says of each frame with this quantity that its meaning is a guess."""
    provenances = [
        command.fields[command.positions[name]].provenance
        for command in definition.commands
        if measures(command) and name in command.positions
    ]
    return bool(provenances) and all(provenance is Provenance.ASSUMED for provenance in provenances)


def _fill(head: str, parts: Sequence[str], width: int) -> list[str]:
    """Return a heading and parts in lines of at most `width` columns, if no part is wider by itself."""
    lines = [head]
    for part in map(printable, parts):
        if len(lines[-1]) + len(_GAP) + len(part) <= width:
            lines[-1] += f"{_GAP}{part}"
        else:
            lines.append(f"{_GAP}{part}")
    return lines
