"""The values at a fault in words: what was measured, and how it moved before."""

import pytest
from msgspec.structs import replace

from sniffer.base.times import SECOND
from sniffer.core.charger.events import Fault
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.fault_codes import NO_CODES, diagnose
from sniffer.core.charger.faults import FaultHistory
from sniffer.core.charger.measurements.course import Course, CoursePoint
from sniffer.core.charger.measurements.measurement import QUANTITIES, Measurement
from sniffer.core.protocol.loader import packaged_definition
from sniffer.text.faults.fault_values import format_fault_values, list_fault_values, summarize_fault_values

DEFINITION = packaged_definition()
NOW = 100 * SECOND


def measured(age: float, **values: float) -> list[Measurement]:
    """Return values that were measured this many seconds before the fault."""
    time = NOW - int(age * SECOND)
    return [
        Measurement(name, value, QUANTITIES.get(name, "V"), 1, time, number, None)
        for number, (name, value) in enumerate(values.items(), time)
    ]


def course(name: str, *values: float, lowest: float | None = None, highest: float | None = None) -> Course:
    """Return the course of a value: 30 s and 10 s before the fault, and half a second before it."""
    earliest, before, at_fault = (
        CoursePoint(NOW - int(age * SECOND), value) for age, value in zip((30, 10, 0.5), values, strict=True)
    )
    low, high = min(values[1:]), max(values[1:])
    return Course(
        name=name,
        unit=QUANTITIES.get(name, "V"),
        connector=1,
        earliest=earliest,
        before=before,
        at_fault=at_fault,
        lowest=low if lowest is None else lowest,
        highest=high if highest is None else highest,
    )


def fault(found: list[Measurement], *courses: Course) -> Fault:
    diagnosis = diagnose(NO_CODES, DEFINITION.errors)
    return Fault(1, NO_CODES, diagnosis, NOW, NOW, measured=tuple(found), courses=courses)


def values_of(found: list[Measurement], *courses: Course) -> list[str]:
    return summarize_fault_values(fault(found, *courses), DEFINITION)


def test_a_fault_without_measured_values_has_no_lines() -> None:
    assert values_of([]) == format_fault_values(fault([]), DEFINITION, 80) == []


def test_values_that_did_not_move_stand_together() -> None:
    found = measured(0.5, l1_voltage=230.12, l2_voltage=231, l3_voltage=229.5, board_temperature=45)
    assert values_of(found) == ["at the fault: 230.1 / 231 / 229.5 V, board 45 °C"]
    assert values_of(measured(0.5, l1_voltage=196.2)) == ["at the fault: L1 196.2 V"]
    assert values_of(measured(0.5, voltage=230, current=16)) == ["at the fault: 230 V, 16 A"]


def test_a_value_that_moved_has_its_course() -> None:
    found = measured(0.5, l1_voltage=197.94, l2_voltage=230)
    assert values_of(found, course("l1_voltage", 227.97, 218.84, 197.94), course("l2_voltage", 230, 230.1, 230)) == [
        "30 s → 10 s before → at the fault: L1 228 → 218.8 → 197.9 V, L2 230 V"
    ]


def test_a_course_that_began_ten_seconds_before_has_two_numbers() -> None:
    found = measured(0.5, l1_voltage=197.94)
    assert values_of(found, course("l1_voltage", 218.8, 218.84, 197.94)) == [
        "10 s before → at the fault: L1 218.8 → 197.9 V"
    ]


@pytest.mark.parametrize(
    ("extremes", "remark"),
    [
        ({"lowest": 180}, " (lowest 180)"),
        ({"highest": 260}, " (highest 260)"),
        ({"lowest": 180, "highest": 260}, " (lowest 180, highest 260)"),
        ({"lowest": 229.9}, ""),
    ],
)
def test_a_dip_between_is_named(extremes: dict[str, float], remark: str) -> None:
    (shown,) = values_of(measured(0.5, l1_voltage=230), course("l1_voltage", 240, 230, 230, **extremes))
    assert shown.endswith(f"L1 240 → 230 → 230 V{remark}")


def test_the_pilot_voltage_is_marked_as_assumed() -> None:
    assert values_of(measured(0, cp_voltage=9), course("cp_voltage", 6, 6, 9)) == [
        "10 s before → at the fault: CP 6 → 9 V (assumed)"
    ]


def test_values_from_long_before_have_their_age() -> None:
    found = measured(0, board_temperature=45) + measured(21, energy=223710, temperature=34)
    shown = list_fault_values(fault(found), DEFINITION)
    assert (shown.fresh, shown.age, shown.older) == (["board 45 °C"], 21, ["energy 223,710 Wh", "meter 34 °C"])
    assert values_of(found)[1] == "21 s before: energy 223,710 Wh, meter 34 °C"


def test_a_past_fault_has_the_values_of_its_last_time() -> None:
    active = fault(measured(0.5, l1_voltage=196.2))
    past = FaultHistory(1, NO_CODES, active.diagnosis, 2, 0, NOW, None, Evidence(1, None, NOW), active.measured)
    assert summarize_fault_values(past, DEFINITION) == summarize_fault_values(active, DEFINITION)


def test_without_times_all_values_are_of_the_fault() -> None:
    untimed = [one._replace(time=None) for one in measured(0, energy=5)]
    assert summarize_fault_values(replace(fault(untimed), since=None), DEFINITION) == ["at the fault: energy 5 Wh"]


@pytest.mark.parametrize("width", [33, 40, 73, 100])
def test_lines_are_no_wider_than_the_screen(width: int) -> None:
    found = measured(0.5, l1_voltage=197.94, l2_voltage=198, cp_voltage=9) + measured(21, energy=223710, temperature=34)
    moved = course("l1_voltage", 227.97, 218.84, 197.94), course("l2_voltage", 228, 219, 198)
    lines = format_fault_values(fault(found, *moved), DEFINITION, width)
    assert all(len(line) <= width + 1 for line in lines)
    assert " ".join(" ".join(lines).split()) == (
        "30 s → 10 s before → at the fault: L1 228 → 218.8 → 197.9 V L2 228 → 219 → 198 V CP 9 V (assumed) "
        "21 s before: energy 223,710 Wh meter 34 °C"
    )
