"""A report is fresh up to two and a half periods: given this line so far, a report is this old, or as it should be."""

import pytest
from msgspec.structs import replace

from sniffer.base.times import SECOND
from sniffer.core.charger.exchanges.periods import compute_wait
from sniffer.core.charger.health.freshness import find_fault_age, find_stale_age, find_stale_measurement_age
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.wire.items import TapGap
from tests.core.charger.helpers import Bench
from tests.core.protocol.helpers import DEFINITION

PERIOD = 5 * SECOND


class Line(Bench):
    """A line on which the board reports its status every five seconds."""

    def report_until(self, seconds: int) -> Snapshot:
        for second in range(0, seconds + 1, 5):
            self.time = second * SECOND
            self.report("Available")
        return self.charger.snapshot()


@pytest.mark.parametrize(("seconds", "age"), [(40, None), (45, None), (52.4, None), (52.5, 12.5), (60, 20)])
def test_a_report_is_too_old_after_two_and_a_half_periods(seconds: float, age: float | None) -> None:
    snapshot = Line().report_until(40)
    found = find_stale_age(40 * SECOND, ("status",), snapshot, DEFINITION, round(seconds * SECOND))
    assert found == (None if age is None else round(age * SECOND))


def test_the_period_is_that_of_the_role() -> None:
    """Another message of the board comes as it should, the status does not."""
    line = Line()
    line.report_until(20)
    for second in range(20, 33):
        line.time = second * SECOND
        line.say("phase voltages", 0xDDDD, l1_voltage=230.0, l2_voltage=230.0, l3_voltage=230.0)
    snapshot, overdue = line.charger.snapshot(), 20 * SECOND + compute_wait(PERIOD)
    assert find_stale_age(20 * SECOND, ("status",), snapshot, DEFINITION, overdue - 1) is None
    assert find_stale_age(20 * SECOND, ("status",), snapshot, DEFINITION, overdue) == compute_wait(PERIOD)
    assert find_stale_age(32 * SECOND, ("voltages",), snapshot, DEFINITION, overdue) is None


def test_nothing_is_fresh_while_the_tap_is_lost() -> None:
    line = Line()
    line.report_until(20)
    line.charger.apply_tap(TapGap(21 * SECOND, "unplugged"))
    assert find_stale_age(20 * SECOND, ("status",), line.charger.snapshot(), DEFINITION, 22 * SECOND) == 2 * SECOND


def test_without_periods_the_silence_of_the_line_decides() -> None:
    line = Line()
    snapshot = line.report_until(0)
    assert find_stale_age(0, ("status",), snapshot, DEFINITION, 9 * SECOND) is None
    assert find_stale_age(0, ("status",), snapshot, DEFINITION, 10 * SECOND) == 10 * SECOND


def test_no_report_of_a_text_log_and_none_without_a_time_is_too_old() -> None:
    line = Line()
    line.charger.set_text_log()
    snapshot = line.report_until(20)
    assert find_stale_age(20 * SECOND, ("status",), snapshot, DEFINITION, 1000 * SECOND) is None
    assert find_stale_age(None, ("status",), Line().report_until(20), DEFINITION, 1000 * SECOND) is None
    assert find_stale_age(5, ("status",), Line().report_until(20), DEFINITION, None) is None


def test_the_newest_report_of_any_connector_says_whether_faults_are_known() -> None:
    line = Line()
    line.report_until(20)
    line.report("Available", connector=2)
    snapshot = line.charger.snapshot()
    assert find_fault_age(snapshot, DEFINITION, 32 * SECOND) is None
    assert find_fault_age(snapshot, DEFINITION, 60 * SECOND) == 40 * SECOND
    assert find_fault_age(Bench().charger.snapshot(), DEFINITION, 60 * SECOND) is None


def test_of_several_reports_of_a_value_the_slowest_decides() -> None:
    """The board reports voltages each second, and temperatures with its status, each five seconds."""
    line = Line()
    line.report_until(20)
    for second in range(20, 33):
        line.time = second * SECOND
        line.say("phase voltages", 0xDDDD, l1_voltage=230.0, l2_voltage=230.0, l3_voltage=230.0)
    snapshot, overdue = line.charger.snapshot(), 20 * SECOND + compute_wait(PERIOD)
    assert find_stale_measurement_age(20 * SECOND, snapshot, DEFINITION, overdue - 1) is None
    assert find_stale_measurement_age(20 * SECOND, snapshot, DEFINITION, overdue) == compute_wait(PERIOD)


def test_a_fresh_report_of_one_kind_is_enough_to_know_of_faults() -> None:
    line = Line()
    line.report_until(20)
    for second in range(20, 41):
        line.time = second * SECOND
        line.say("phase voltages", 0xDDDD, l1_voltage=230.0, l2_voltage=230.0, l3_voltage=230.0)
    snapshot = line.charger.snapshot()
    assert find_fault_age(snapshot, DEFINITION, 40 * SECOND) == 20 * SECOND
    # A board of another maker may report faults by a command of their own.
    both = replace(snapshot, fault_reports=replace(snapshot.fault_reports, last=39 * SECOND))
    assert find_fault_age(both, DEFINITION, 40 * SECOND) is None


@pytest.mark.parametrize("distances", [(0, 7, 14, 21), (0, 1, 2, 3), (0, 14)])
def test_each_connector_has_its_turn(distances: tuple[int, ...]) -> None:
    """Every connector is reported every 29 seconds, and is too old after two and a half times that."""
    line = Bench()
    for start in range(0, 29 * 12, 29):
        for connector, distance in enumerate(distances, 1):
            line.time = (start + distance) * SECOND
            line.report("Available", connector=connector)
    snapshot = line.charger.snapshot()
    oldest = min(one.last or 0 for one in snapshot.connectors)
    assert find_stale_age(oldest, ("status",), snapshot, DEFINITION, oldest + 29 * SECOND) is None
    assert find_stale_age(oldest, ("status",), snapshot, DEFINITION, oldest + 75 * SECOND) == 75 * SECOND


def test_a_connector_that_is_reported_no_more_takes_no_turn() -> None:
    line = Bench()
    for start in range(0, 29 * 20, 29):
        for connector in (1, 2) if start < 29 * 8 else (1,):
            line.time = (start + connector) * SECOND
            line.report("Available", connector=connector)
    snapshot = line.charger.snapshot()
    first, second = (one.last or 0 for one in snapshot.connectors)
    assert find_stale_age(second, ("status",), snapshot, DEFINITION, line.time) == line.time - second
    assert find_stale_age(first, ("status",), snapshot, DEFINITION, first + 72 * SECOND) is None
    assert find_stale_age(first, ("status",), snapshot, DEFINITION, first + 73 * SECOND) == 73 * SECOND
