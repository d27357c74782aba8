"""A fault is raised once, whoever tells of it; its codes are put together, and looked up whole in the error table."""

import pytest

from sniffer.base.times import SECOND
from sniffer.core.charger.events import FaultChanged, FaultCleared, FaultRaised
from sniffer.core.charger.fault_codes import FaultCodes, diagnose
from sniffer.core.charger.faults import EVIDENCE_KEPT, KINDS_KEPT
from sniffer.core.charger.recent_events import BEFORE
from sniffer.core.wire.links import PWR_TO_COM, PWRBOARD
from tests.core.charger.helpers import RELAY, UNDER_VOLTAGE, Bench, raised
from tests.core.protocol.helpers import DEFINITION


@pytest.fixture
def bench():
    return Bench()


def cleared(events):
    return [event.fault for event in events if isinstance(event, FaultCleared)]


def meanings(**codes):
    return [row.meaning for row in diagnose(FaultCodes(**codes), DEFINITION.errors).rows]


def test_a_report_raises_a_fault_and_the_next_without_clears_it(bench):
    bench.time = 1
    (fault,) = raised(bench.report("Faulted", "UnderVoltage", m4=4))
    assert (fault.connector, fault.codes, fault.since, fault.last) == (1, FaultCodes(ocpp=14, m4=4), 1, 1)
    bench.time = 2
    events = bench.report("Available")
    (over,) = cleared(events)
    assert (over.codes, over.since, over.last, over.cleared, over.total) == (fault.codes, 1, 1, 2, 1)
    assert [event.time for event in events] == [2, 2]
    assert bench.fault is None


def test_a_fault_is_cleared_once(bench):
    bench.report("Faulted", "UnderVoltage")
    bench.report("Available")
    assert bench.report("Available") == []
    assert bench.report("Preparing")[1:] == []


def test_a_fault_that_is_reported_again_is_the_same(bench):
    for bench.time in (1, 2, 3):
        events = bench.report("Faulted", "UnderVoltage", m4=4)
        assert len(raised(events)) == (bench.time == 1)
    assert (bench.fault.since, bench.fault.last, bench.fault.reports) == (1, 3, 3)


def test_all_that_tell_of_a_fault_complete_its_codes(bench):
    (fault,) = raised(bench.report("Faulted", "UnderVoltage", sequence=0x61D9))
    assert fault.codes == FaultCodes(ocpp=14)
    assert bench.line("icomCode = 4,index=3") == []
    assert bench.fault.codes == FaultCodes(ocpp=14, m4=4)
    assert bench.notify("Faulted", "UnderVoltage", vendor=UNDER_VOLTAGE, sequence=0x61D9) == []
    assert bench.line("ocpp error Code :14,2097672") == []
    assert bench.fault.codes == FaultCodes(14, UNDER_VOLTAGE, 4)
    assert bench.fault.reports == 1


def test_another_fault_takes_the_place_of_the_first(bench):
    (first,) = raised(bench.report("Faulted", "UnderVoltage"))
    events = bench.report("Faulted", "OverVoltage")
    assert (cleared(events), [fault.codes for fault in raised(events)]) == ([first], [FaultCodes(ocpp=9)])
    assert bench.fault.codes == FaultCodes(ocpp=9)


def test_codes_that_contradict_the_fault_do_not_change_it(bench):
    bench.report("Faulted", "UnderVoltage", m4=4)
    before = bench.fault
    assert bench.line("ocpp error Code :9,2097670") == []
    assert bench.line("icomCode = 5,index=3") == []
    assert bench.fault == before


def test_a_late_relay_of_a_fault_that_is_over_raises_nothing(bench):
    bench.report("Faulted", "UnderVoltage", sequence=0x0A0A)
    bench.report("Available", sequence=0x0B0B)
    assert bench.notify("Faulted", "UnderVoltage", vendor=UNDER_VOLTAGE, sequence=0x0A0A) == []
    assert bench.fault is None


def test_a_status_that_contradicts_its_error_shows_both(bench):
    (fault,) = raised(bench.report("Charging", "UnderVoltage"))
    assert (bench.connector.status, bench.connector.ocpp_error, fault.codes) == ("Charging", 14, FaultCodes(ocpp=14))


def test_faulted_without_an_error_is_a_fault_of_which_nothing_is_known(bench):
    (fault,) = raised(bench.report("Faulted", "NoError"))
    assert (fault.codes, fault.diagnosis.rows, fault.diagnosis.implied) == (FaultCodes(), (), FaultCodes())
    assert bench.connector.ocpp_error == 6


def test_faults_of_two_connectors_are_two(bench):
    bench.report("Faulted", "UnderVoltage", connector=1)
    (second,) = raised(bench.report("Faulted", "UnderVoltage", connector=2))
    assert len(bench.now.faults) == 2
    assert cleared(bench.report("Available", connector=2)) == [second]
    assert bench.fault.connector == 1


def test_a_relay_completes_the_fault_of_the_connector_that_it_names(bench):
    bench.report("Faulted", "PowerMeterFailure", connector=1, sequence=0x0A0A)
    bench.report("Faulted", "PowerMeterFailure", connector=2, sequence=0x0B0B)
    bench.notify("Faulted", "PowerMeterFailure", connector=2, vendor=0x10022F, sequence=0x0B0B)
    assert {fault.connector: fault.codes.vendor for fault in bench.now.faults} == {1: None, 2: 0x10022F}
    bench.notify("Faulted", "PowerMeterFailure", connector=1, vendor=0x10020F, sequence=0x0A0A)
    assert {fault.connector: fault.codes.vendor for fault in bench.now.faults} == {1: 0x10020F, 2: 0x10022F}


def test_the_other_link_alone_tells_of_a_fault(bench):
    (fault,) = raised(bench.notify("Faulted", "UnderVoltage", vendor=UNDER_VOLTAGE))
    assert (fault.codes, fault.diagnosis.implied) == (FaultCodes(14, UNDER_VOLTAGE), FaultCodes(m4=4))
    assert bench.notify("Faulted", "UnderVoltage", vendor=UNDER_VOLTAGE) == []
    assert len(cleared(bench.notify("Available"))) == 1


# Lines alone


def test_lines_alone_raise_one_fault_of_no_connector(bench):
    (fault,) = raised(bench.line("icomCode = 4,index=3"))
    assert (fault.connector, fault.codes) == (None, FaultCodes(m4=4))
    assert bench.line("pwrCom error Code vol:4,8,9") == []
    assert bench.line("ocpp error Code :14,2097672") == []
    assert (bench.fault.connector, bench.fault.codes) == (None, FaultCodes(14, UNDER_VOLTAGE, 4))
    assert bench.now.connectors == ()


def test_a_frame_names_the_connector_of_a_fault_that_lines_reported(bench):
    bench.time = 1
    bench.line("ocpp error Code :14,2097672")
    bench.time = 2
    assert raised(bench.report("Faulted", "UnderVoltage", m4=4)) == []
    assert (bench.fault.connector, bench.fault.since, bench.fault.last) == (1, 1, 2)
    assert bench.fault.codes == FaultCodes(14, UNDER_VOLTAGE, 4)


def test_a_frame_that_tells_of_another_fault_replaces_it(bench):
    (first,) = raised(bench.line("ocpp error Code :9,2097670"))
    events = bench.report("Faulted", "UnderVoltage")
    assert (cleared(events), bench.fault.codes) == ([first], FaultCodes(ocpp=14))


@pytest.mark.parametrize("text", ["ocpp error Code :6,0", "icomCode = 0,index=3", "pwrCom error Code vol:0,0,12"])
def test_a_line_that_says_that_all_is_well_raises_nothing(bench, text):
    assert bench.line(text) == []
    assert bench.fault is None


def test_lines_that_tell_of_another_fault_or_of_none_end_the_one_before(bench):
    (under,) = raised(bench.line("ocpp error Code :14,2097672"))
    events = bench.line("ocpp error Code :9,2097670")
    assert (cleared(events), [fault.codes.vendor for fault in raised(events)]) == ([under], [0x200206])
    assert len(cleared(bench.line("ocpp error Code :6,0"))) == 1
    assert bench.fault is None
    assert len(raised(bench.line("ocpp error Code :8,1049107"))) == 1


def test_a_report_that_was_cut_short_does_not_end_a_fault(bench):
    bench.report("Faulted", "UnderVoltage", m4=4)
    assert cleared(bench.frame(PWR_TO_COM, PWRBOARD.build(PWR_TO_COM.head, 1, 0x01, b"\1\2"))) == []
    assert bench.fault is not None


# What a fault rests on


def test_the_records_that_reported_a_fault_are_its_evidence(bench):
    bench.report("Faulted", "UnderVoltage", sequence=0x61D9)
    bench.line("icomCode = 4,index=3")
    bench.notify("Faulted", "UnderVoltage", vendor=UNDER_VOLTAGE, sequence=0x61D9)
    assert [seen.number for seen in bench.fault.evidence] == [1, 2, 3]
    for _ in range(EVIDENCE_KEPT):
        bench.line("icomCode = 4,index=3")
    assert [seen.number for seen in bench.fault.evidence] == [*range(1, EVIDENCE_KEPT + 1)]


def test_a_fault_holds_the_events_of_the_ten_seconds_before_and_none_older(bench):
    bench.time = 0
    bench.report("Available")
    bench.time = 1
    bench.report("Preparing")
    bench.time = BEFORE + 1
    (fault,) = raised(bench.report("Faulted", "UnderVoltage"))
    assert [(events.event.after, events.seen.number) for events in fault.before] == [("Preparing", 2)]


def test_what_came_before_a_fault_does_not_nest(bench):
    for _ in range(3):
        bench.report("Available")
        bench.report("Faulted", "UnderVoltage")
    faults = [
        events.event.fault for events in bench.fault.before if isinstance(events.event, FaultRaised | FaultCleared)
    ]
    assert len(faults) == 4
    assert {fault.before for fault in faults} == {()}


def test_faults_of_the_same_meaning_are_counted_and_their_times_add_up(bench):
    for turn in range(3):
        bench.time = 100 * turn
        (fault,) = raised(bench.report("Faulted", "UnderVoltage"))
        assert fault.earlier == turn
        bench.time += 10
        (over,) = cleared(bench.report("Available"))
        assert (over.earlier, over.total) == (turn, 10 * (turn + 1))
    (past,) = bench.now.past_faults
    assert (past.count, past.first, past.last, past.total) == (3, 0, 210, 30)
    assert past.raised == fault.evidence[0]
    assert past.raised.time == 200


def test_the_history_keeps_the_latest_kinds(bench):
    for connector in range(KINDS_KEPT + 5):
        bench.report("Faulted", "UnderVoltage", connector=connector)
        bench.report("Available", connector=connector)
    assert [past.connector for past in bench.now.past_faults] == [*range(5, KINDS_KEPT + 5)]


def test_a_code_that_changes_the_meaning_is_reported_and_one_that_confirms_it_is_not(bench):
    bench.report("Faulted", "PowerMeterFailure", sequence=1)
    (changed,) = bench.notify("Faulted", "PowerMeterFailure", vendor=0x10022F, sequence=1)
    assert isinstance(changed, FaultChanged)
    assert changed.fault.diagnosis.meanings == ("Power sequence fault",)
    assert bench.notify("Faulted", "PowerMeterFailure", vendor=0x10022F, sequence=1)[1:] == []


def test_codes_that_begin_to_disagree_change_the_fault(bench):
    bench.report("Faulted", "UnderVoltage", sequence=1)
    (changed,) = bench.notify("Faulted", "UnderVoltage", vendor=RELAY, sequence=1)
    assert (type(changed), changed.fault.diagnosis.agree) == (FaultChanged, False)


def test_a_line_completes_the_fault_that_was_reported_last(bench):
    bench.report("Faulted", "OtherError", connector=1)
    bench.report("Faulted", "UnderVoltage", connector=2, m4=4)
    bench.line("ocpp error Code :14,2097672")
    assert {fault.connector: fault.codes.vendor for fault in bench.now.faults} == {1: None, 2: UNDER_VOLTAGE}
    bench.report("Faulted", "PowerMeterFailure", connector=1)
    bench.report("Faulted", "PowerMeterFailure", connector=2)
    bench.report("Faulted", "PowerMeterFailure", connector=1)
    bench.line("ocpp error Code :10,1049135")
    assert {fault.connector: fault.codes.vendor for fault in bench.now.faults} == {1: 0x10022F, 2: None}


def test_a_fault_was_seen_last_when_a_line_completed_it(bench):
    bench.time = 1
    bench.report("Faulted", "UnderVoltage", m4=4)
    bench.time = 5
    bench.line("ocpp error Code :14,2097672")
    assert (bench.fault.since, bench.fault.last, bench.fault.reports) == (1, 5, 1)


def test_a_report_that_all_is_well_ends_the_faults_of_lines_though_it_is_the_same_as_before(bench):
    bench.report("Available")
    (events,) = raised(bench.line("icomCode = 4,index=3"))
    assert [fault.codes for fault in cleared(bench.report("Available"))] == [events.codes]


def test_how_often_a_fault_was_there_goes_by_what_it_means_in_the_end(bench):
    changed = []
    for turn in range(3):
        bench.time = 10 * turn
        bench.report("Faulted", "PowerMeterFailure")
        changed += [event.fault for event in bench.line("ocpp error Code :10,1049103")]
        bench.time += 4
        bench.report("Available")
    assert [fault.earlier for fault in changed] == [0, 1, 2]
    (history,) = bench.now.past_faults
    assert (history.count, history.total) == (3, 12)


def test_a_clock_that_is_set_back_gives_no_negative_time(bench):
    bench.time = 7200 * SECOND
    bench.report("Faulted", "UnderVoltage", m4=4)
    bench.time = 3600 * SECOND
    move, over = bench.report("Available")
    assert (move.dwell, over.fault.total) == (None, None)
