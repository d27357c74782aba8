"""A connector's status: every move is followed, those outside OCPP's table are flagged, and only a report moves it."""

from itertools import pairwise

import pytest

from sniffer.core.charger.connector import PATH_LENGTH, ConnectorTracker
from sniffer.core.charger.events import StatusChanged
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.exchanges.relay_check import REPORTS_REMEMBERED
from sniffer.core.wire.links import PWR_TO_COM
from tests.core.charger.helpers import Bench
from tests.core.protocol.test_packaged_definition import OCPP_STATUS_NAMES, TRANSITIONS

NO_STATION = [name for name in OCPP_STATUS_NAMES if name not in ("Available", "Unavailable", "Faulted")]


@pytest.fixture
def bench():
    return Bench()


def moves(events):
    return [(move.before, move.after, move.legal) for move in events if isinstance(move, StatusChanged)]


@pytest.mark.parametrize("before", TRANSITIONS)
@pytest.mark.parametrize("column", range(9))
def test_each_of_the_81_moves_is_judged_by_the_table(bench, before, column):
    after, mark = OCPP_STATUS_NAMES[column], TRANSITIONS[before].split()[column]
    bench.report(before)
    events = moves(bench.report(after))
    assert events == ([] if mark == "-" else [(before, after, mark == "y")])
    assert bench.connector.status == after


@pytest.mark.parametrize("status", OCPP_STATUS_NAMES)
def test_a_first_report_is_never_illegal(bench, status):
    assert moves(bench.report(status)) == [(None, status, True)]


def test_the_same_status_again_is_no_move(bench):
    bench.time = 1
    bench.report("Charging", cp=6)
    bench.time = 2
    assert bench.report("Charging", cp=6) == []
    bench.time = 3
    assert bench.report("Charging", cp=5) == []
    found = bench.connector
    assert (found.since, found.last, found.reports, len(found.path)) == (1, 3, 3, 1)
    assert (found.cp_voltage, found.cp_time) == (5, 3)


def test_a_number_that_no_table_has_is_followed_and_is_neither_legal_nor_illegal(bench):
    assert moves(bench.report("14 (unknown)")) == [(None, "14 (unknown)", None)]
    bench.report("Available")
    assert moves(bench.report("12 (unknown)")) == [("Available", "12 (unknown)", None)]
    assert moves(bench.report("13 (unknown)")) == [("12 (unknown)", "13 (unknown)", None)]
    assert moves(bench.report("Available")) == [("13 (unknown)", "Available", None)]


def test_a_number_that_no_table_has_is_neither_for_the_station_too(bench):
    bench.report("Available", connector=0)
    assert moves(bench.report("12 (unknown)", connector=0)) == [("Available", "12 (unknown)", None)]


def test_the_station_has_no_control_pilot(bench):
    events = bench.report("Available", connector=0, cp=0)
    assert moves(events) == [(None, "Available", True)]
    assert len(events) == 1
    assert (bench.connector.cp_voltage, bench.connector.path[0].cp_voltage) == (None, None)


def test_a_control_pilot_below_zero_is_no_vehicle_to_charge(bench):
    bench.report("Charging", cp=-12)
    assert bench.connector.cp_voltage == -12
    assert [found.rule for found in bench.connector.contradictions] == ["charging-without-pilot"]


def test_connectors_do_not_mix(bench):
    bench.report("Charging", connector=2)
    bench.report("Available", connector=1)
    assert moves(bench.report("Finishing", connector=2)) == [("Charging", "Finishing", True)]
    assert [(one.number, one.status) for one in bench.now.connectors] == [(1, "Available"), (2, "Finishing")]


@pytest.mark.parametrize("status", ["Available", "Unavailable", "Faulted"])
def test_the_station_may_have_these(bench, status):
    assert moves(bench.report(status, connector=0)) == [(None, status, True)]


@pytest.mark.parametrize("status", NO_STATION)
def test_the_station_may_have_no_other(bench, status):
    assert moves(bench.report(status, connector=0)) == [(None, status, True)], "a first report is never illegal"
    bench.report("Available", connector=0)
    assert moves(bench.report(status, connector=0)) == [("Available", status, False)]


def test_the_path_is_short_and_ends_in_the_status(bench):
    for turn in range(PATH_LENGTH + 9):
        bench.report(("Available", "Preparing")[turn % 2])
    path = bench.connector.path
    assert len(path) == PATH_LENGTH
    assert path[-1].after == bench.connector.status
    assert all(one.after == two.before for one, two in pairwise(path))


def test_a_report_without_a_whole_status_changes_nothing(bench):
    for size in (0, 1):
        assert bench.frame(PWR_TO_COM, PWR_TO_COM.link.build(PWR_TO_COM.head, 1, 0x01, b"\x01"[:size])) == []
    assert bench.now.connectors == ()


def test_a_report_that_ends_after_the_status_is_followed(bench):
    events = bench.frame(PWR_TO_COM, PWR_TO_COM.link.build(PWR_TO_COM.head, 1, 0x01, b"\x01\x02"))
    assert moves(events) == [(None, "Charging", True)]
    assert (bench.connector.ocpp_error, bench.connector.cp_voltage) == (None, None)


# Two links


def test_a_relay_that_comes_late_does_not_move_the_state_back(bench):
    bench.report("Preparing", sequence=0x0A0A)
    bench.report("Charging", sequence=0x0B0B)
    assert bench.notify("Preparing", sequence=0x0A0A) == []
    assert (bench.connector.status, bench.connector.reports) == ("Charging", 2)
    assert bench.notify("Charging", sequence=0x0B0B) == []


def test_a_notification_of_its_own_does_move_it(bench):
    bench.report("Preparing", sequence=0x0A0A)
    assert moves(bench.notify("Charging", sequence=0x0C0C)) == [("Preparing", "Charging", True)]


@pytest.mark.parametrize("sequence", [0xDDDD, 0xFFFF])
def test_a_sequence_that_nobody_asked_for_ties_nothing(bench, sequence):
    bench.report("Preparing", sequence=sequence)
    assert moves(bench.notify("Charging", sequence=sequence)) == [("Preparing", "Charging", True)]


@pytest.mark.parametrize("between", [0, REPORTS_REMEMBERED - 1])
def test_a_relay_is_known_for_some_reports(bench, between):
    bench.report("Preparing", sequence=0x0A0A)
    for turn in range(between):
        bench.report("Charging", sequence=0x1000 + turn)
    before = bench.connector
    assert bench.notify("Preparing", sequence=0x0A0A) == []
    assert bench.connector == before


def test_a_relay_is_forgotten_in_the_end(bench):
    """Sequences come round again: after so many reports it is somebody else's."""
    bench.report("Preparing", sequence=0x0A0A)
    for turn in range(REPORTS_REMEMBERED):
        bench.report("Charging", sequence=0x1000 + turn)
    assert moves(bench.notify("Finishing", sequence=0x0A0A)) == [("Charging", "Finishing", True)]


def test_a_session_of_the_other_link_alone_works(bench):
    assert moves(bench.notify("Available")) == [(None, "Available", True)]
    assert moves(bench.notify("Charging")) == [("Available", "Charging", True)]
    assert moves(bench.notify("Reserved")) == [("Charging", "Reserved", False)]
    assert (bench.connector.reports, bench.connector.cp_voltage) == (3, None)


def test_the_pilot_voltage_keeps_its_time_when_a_report_does_not_tell_it(bench):
    bench.time = 1
    bench.report("Charging", cp=6)
    bench.notify("Charging")
    bench.time = 5
    bench.notify("Charging")
    assert (bench.connector.last, bench.connector.cp_voltage, bench.connector.cp_time) == (5, 6, 1)


def test_a_repeated_report_tells_the_pilot_voltage_anew(bench):
    for bench.time in (1, 5):
        bench.report("Charging", cp=6)
    assert (bench.connector.since, bench.connector.cp_time, bench.connector.reports) == (1, 5, 2)


def test_a_state_rests_on_a_mended_line_until_a_good_one_shows_it():
    tracker = ConnectorTracker(1, {}, ("Available", "Charging"))

    def rests_on_mended():
        found = tracker.snapshot()
        assert found is not None
        return found.is_mended

    def report(status, *, mended):
        tracker.add_report(Evidence(1, None, 1, mended), status, None, None)
        return rests_on_mended()

    def repeat(*, mended):
        tracker.add_repeat(2, mended=mended)
        return rests_on_mended()

    assert not report("Charging", mended=False)
    assert not report("Charging", mended=True), "a good line has shown the same before"
    assert report("Available", mended=True)
    assert report("Available", mended=True)
    assert not report("Available", mended=False)
    assert not repeat(mended=True)
    assert report("Charging", mended=True)
    assert repeat(mended=True)
    assert not repeat(mended=False)
