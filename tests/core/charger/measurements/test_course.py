"""The course of a value before a fault: half a minute of reports in bounded memory."""

from copy import deepcopy

from sniffer.base.times import SECOND
from sniffer.core.charger.events import FaultRaised
from sniffer.core.charger.measurements.course import STEP, WINDOW, Course, CoursePoint, RecentReports, build_course
from tests.core.charger.measurements.helpers import MeasuredCharger

FAULTED = {"connector": 1, "status": "Faulted", "ocpp_error": "UnderVoltage", "m4_error": 4, "cp_voltage": 9}


def seconds(*samples: tuple[float, float]) -> list[CoursePoint]:
    return [CoursePoint(int(time * SECOND), value) for time, value in samples]


def course_of(*samples: tuple[float, float | None], until: float = 100) -> Course | None:
    series = [int(time * SECOND) for time, _ in samples], [value for _, value in samples]
    return build_course("l1_voltage", "V", None, [series], int(until * SECOND))


def test_a_course_has_the_value_of_ten_seconds_before() -> None:
    course = course_of((75, 228), (89, 221), (91, 218), (95, 180), (99, 197.9))
    assert course is not None
    assert [course.earliest, course.before, course.at_fault] == seconds((75, 228), (89, 221), (99, 197.9))
    assert (course.lowest, course.highest) == (180, 221)


def test_a_source_that_began_less_than_ten_seconds_before_has_its_first_value() -> None:
    course = course_of((95, 228), (99, 197.9))
    assert course is not None
    assert course.earliest == course.before == CoursePoint(95 * SECOND, 228)


def test_one_report_is_no_course() -> None:
    assert course_of() is None
    assert course_of((99, 228)) is None
    assert course_of((99, 228), (99, 228)) is None


def test_values_that_a_report_lacks_are_left_out() -> None:
    course = course_of((90, 228), (95, None), (99, 220))
    assert course == course_of((90, 228), (99, 220))
    assert course_of((90, None), (99, 220)) is None


def test_the_series_of_two_sources_are_one_course() -> None:
    one, other = ([90 * SECOND, 98 * SECOND], [228, 220]), ([95 * SECOND], [180])
    course = build_course("l1_voltage", "V", None, [one, other], 100 * SECOND)
    assert course == course_of((90, 228), (95, 180), (98, 220))


def kept(recent: RecentReports, until: int) -> list[tuple[int, float | None]]:
    """Return the seconds of what is kept, and the values of the first quantity."""
    times, columns = recent.columns(until * SECOND)
    return [(time // SECOND, value) for time, value in zip(times, columns[0] if columns else (), strict=True)]


def test_reports_are_kept_for_half_a_minute_in_bounded_memory() -> None:
    recent = RecentReports()
    for number in range(100):
        recent.add(number * SECOND, (number,))
    assert kept(recent, 99) == [(number, number) for number in range(99 - WINDOW // SECOND, 100)]
    assert kept(recent, 80)[-1] == (80, 80)
    assert kept(recent, 120) == [(number, number) for number in range(89, 100)]
    assert kept(recent, 200) == []


def test_a_clock_that_is_set_back_drops_what_is_later() -> None:
    recent = RecentReports()
    recent.add(50 * SECOND, (1,))
    recent.add(40 * SECOND, (2,))
    assert kept(recent, 60) == [(40, 2)]


def test_a_copy_goes_on_by_itself() -> None:
    recent = RecentReports([(SECOND, (1,))])
    copy = deepcopy(recent)
    copy.add(2 * SECOND, (2,))
    assert kept(recent, 9) == [(1, 1)]
    assert kept(copy, 9) == [(1, 1), (2, 2)]


def raised_after_a_sag(charger: MeasuredCharger) -> FaultRaised:
    """Return the fault after ten voltages that fall by two volts each second, and a status report before and after."""
    charger.at(0).status("Charging", volts=6)
    for second in range(1, 21):
        charger.at(second).mains(230 - second, 230, 230)
    charger.at(20.5)
    events = charger.bench.say("status report", 0x61D9, **FAULTED, board_temperature=45)
    (raised,) = [event for event in events if isinstance(event, FaultRaised)]
    return raised


def test_a_fault_keeps_how_the_values_moved() -> None:
    courses = {course.name: course for course in raised_after_a_sag(MeasuredCharger()).fault.courses}
    l1, pilot = courses["l1_voltage"], courses["cp_voltage"]
    assert (l1.earliest.value, l1.before.value, l1.at_fault.value) == (229, 220, 210)
    assert (l1.lowest, l1.highest, l1.connector) == (210, 220, None)
    assert (pilot.before.value, pilot.at_fault.value, pilot.unit, pilot.connector) == (6, 9, "V", 1)
    assert courses["l2_voltage"].lowest == courses["l2_voltage"].highest == 230


def test_a_fault_keeps_the_pilot_voltage_among_what_was_measured() -> None:
    measured = {one.name: one.value for one in raised_after_a_sag(MeasuredCharger()).fault.measured}
    assert measured["cp_voltage"] == 9


def test_an_ended_fault_keeps_its_courses() -> None:
    charger = MeasuredCharger()
    raised = raised_after_a_sag(charger)
    charger.at(30).status("Available", volts=12)
    (past,) = charger.bench.now.past_faults
    assert past.courses == raised.fault.courses


def test_reports_in_a_short_time_count_as_one_but_the_last_is_that_at_the_fault() -> None:
    charger = MeasuredCharger()
    for number in range(100):
        charger.at(number * STEP / SECOND / 10).mains(230 - number / 10, 230, 230)
    charger.at(5)
    (raised,) = (e for e in charger.bench.say("status report", 1, **FAULTED) if isinstance(e, FaultRaised))
    course = next(course for course in raised.fault.courses if course.name == "l1_voltage")
    assert (course.earliest.value, course.at_fault.value) == (230, 220.1)


def test_without_times_there_is_no_course() -> None:
    charger = MeasuredCharger()
    charger.at(None).mains(230, 230, 230)
    charger.at(None).mains(200, 230, 230)
    (raised,) = (e for e in charger.bench.say("status report", 1, **FAULTED) if isinstance(e, FaultRaised))
    assert raised.fault.courses == ()
