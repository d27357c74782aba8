"""Lines and frames of one fault are combined: each case is a log, with the combinations of codes found in it."""

import pytest

from sniffer.commands.learn import code_cooccurrence
from tests.commands.learn.helpers import Log, counts_of, learner_of
from tests.core.charger.helpers import SAMPLE

RELAY_FAULT = (7, 11, 0x100208)
UNDER_VOLTAGE = (4, 14, 0x200208)
GROUNDING = (2, 2, 0x100206)


@pytest.fixture
def log():
    return Log()


def seen(*logs):
    return dict(counts_of(*logs).counts)


def test_the_sample_log_has_one_episode():
    log = Log()
    log.lines = SAMPLE.read_text("ascii").splitlines()
    assert seen(log) == {UNDER_VOLTAGE: 1}


def test_each_fault_is_an_episode(log):
    for codes_of_one in (RELAY_FAULT, UNDER_VOLTAGE, RELAY_FAULT):
        log.fault(*codes_of_one)
    assert seen(log) == {RELAY_FAULT: 2, UNDER_VOLTAGE: 1}


def test_faults_within_one_second_stay_apart(log):
    for codes_of_one in (RELAY_FAULT, UNDER_VOLTAGE, GROUNDING):
        log.fault(*codes_of_one)
        log.second = 0
    assert seen(log) == {RELAY_FAULT: 1, UNDER_VOLTAGE: 1, GROUNDING: 1}


def test_lines_alone_make_an_episode(log):
    log.text("icomCode = 7,index=3")
    log.text("pwrCom error Code vol:7,8,9")
    log.text("ocpp error Code :11,1049096")
    assert seen(log) == {RELAY_FAULT: 1}


def test_a_line_of_the_same_kind_begins_another_episode(log):
    for m4, ocpp, vendor in (RELAY_FAULT, UNDER_VOLTAGE):
        log.text(f"pwrCom error Code vol:{m4},8,9")
        log.text(f"ocpp error Code :{ocpp},{vendor}")
    assert seen(log) == {RELAY_FAULT: 1, UNDER_VOLTAGE: 1}


def test_frames_alone_make_an_episode_by_their_sequence(log):
    first = log.report(error="PowerSwitchFailure", m4=7)
    second = log.report(error="UnderVoltage", m4=4)
    log.second += 30
    log.relay(second, error="UnderVoltage", vendor=0x200208)
    log.relay(first, error="PowerSwitchFailure", vendor=0x100208)
    assert seen(log) == {RELAY_FAULT: 1, UNDER_VOLTAGE: 1}


def test_a_relay_may_be_printed_before_its_report(log):
    for sequence in (0x5001, 0x5002):
        log.relay(sequence, error="PowerSwitchFailure", vendor=0x100208)
        log.report(error="PowerSwitchFailure", m4=7, sequence=sequence)
        log.text("pwrCom error Code vol:7,8,9")
    assert seen(log) == {RELAY_FAULT: 2}


def test_a_report_joins_no_relay_of_long_before(log):
    log.relay(0x5001, error="PowerSwitchFailure", vendor=0x100208)
    log.second += 60
    log.report(error="PowerSwitchFailure", m4=7, sequence=0x5001)
    assert seen(log) == {(None, 11, 0x100208): 1, (7, 11, None): 1}


def test_a_relay_of_another_report_does_not_join(log):
    log.report(error="PowerSwitchFailure", m4=7)
    log.relay(0x1111, error="UnderVoltage", vendor=0x200208)
    assert seen(log) == {(7, 11, None): 1, (None, 14, 0x200208): 1}


def test_a_relay_without_a_sequence_of_its_own_joins_as_a_line_does(log):
    log.report(error="PowerSwitchFailure", m4=7, sequence=0xDDDD)
    log.relay(0xFFFF, error="PowerSwitchFailure", vendor=0x100208)
    log.relay(0xFFFF, error="UnderVoltage", vendor=0x200208)
    assert seen(log) == {RELAY_FAULT: 1, (None, 14, 0x200208): 1}


def test_a_relay_that_is_sent_again_is_counted_once(log):
    sequence = log.report(error="PowerSwitchFailure", m4=7)
    for _ in range(3):
        log.relay(sequence, error="PowerSwitchFailure", vendor=0x100208)
    assert seen(log) == {RELAY_FAULT: 1}


def test_what_comes_seconds_later_does_not_join(log):
    log.text("icomCode = 7,index=3")
    log.second += 3
    log.text("ocpp error Code :14,2097672")
    assert seen(log) == {(None, 14, 0x200208): 1}
    assert counts_of(log).single == 1


def test_what_comes_within_the_same_two_seconds_joins(log):
    log.text("icomCode = 7,index=3")
    log.second += 2
    log.text("ocpp error Code :11,1049096")
    assert seen(log) == {RELAY_FAULT: 1}


def test_what_comes_many_records_later_does_not_join(log):
    log.text("icomCode = 7,index=3")
    for _ in range(code_cooccurrence.MOST_RECORDS):
        log.text("something else")
    log.text("ocpp error Code :14,2097672")
    assert seen(log) == {(None, 14, 0x200208): 1}


def test_a_report_without_a_fault_is_none(log):
    log.fault(0, 6, 0)
    log.report("Available")
    log.text("icomCode = 0,index=0")
    assert counts_of(log) == code_cooccurrence.CooccurrenceCounts(
        {}, indexed={code_cooccurrence.IndexedCode(0, 0, None): 2}
    )


def test_parts_that_disagree_pair_nothing(log):
    log.report(error="PowerSwitchFailure", m4=7)
    log.text("icomCode = 4,index=3")
    counts = counts_of(log)
    assert (dict(counts.counts), dict(counts.indexed), counts.disagreeing) == ({}, {}, 1)


def test_an_index_is_paired_with_its_code_and_the_vendor_code_of_the_fault(log):
    log.fault(*RELAY_FAULT)
    log.fault(*RELAY_FAULT)
    log.fault(*UNDER_VOLTAGE, index=9)
    log.second += 10
    log.text("icomCode = 7,index=12")
    assert counts_of(log).indexed == {(7, 12, 0x100208): 2, (4, 9, 0x200208): 1, (7, 12, None): 1}


def test_an_index_that_no_table_can_have_is_left_out(log):
    log.text("icomCode = 7,index=99999999999999999999")
    assert counts_of(log).indexed == {}


def test_an_episode_does_not_reach_into_the_next_file():
    first, second = Log(), Log()
    first.text("icomCode = 7,index=3")
    second.text("ocpp error Code :14,2097672")
    assert seen(first, second) == {(None, 14, 0x200208): 1}


def test_files_are_counted_together():
    logs = [Log(), Log(), Log()]
    for log in logs:
        log.fault(*RELAY_FAULT)
    assert seen(*logs) == {RELAY_FAULT: 3}


def test_a_number_that_no_code_can_have_is_left_out(log):
    log.text("icomCode = 7,index=3")
    log.text("ocpp error Code :11,99999999999999999999")
    assert seen(log) == {(7, 11, None): 1}


def test_memory_is_bounded(log, monkeypatch):
    monkeypatch.setattr(code_cooccurrence, "MOST_COMBINATIONS", 10)
    for vendor in range(1, 31):
        log.text(f"ocpp error Code :11,{vendor}")
    counts = counts_of(log)
    assert (len(counts.counts), counts.left_out) == (10, 20)
    for index in range(1, 31):
        log.text(f"icomCode = 7,index={index}")
    assert len(counts_of(log).indexed) == 10


def test_waiting_episodes_are_bounded(log):
    for _ in range(10 * code_cooccurrence.MOST_EPISODES):
        log.report(error="PowerSwitchFailure", m4=7)
    learner = learner_of(log)
    assert len(learner._episodes._episodes) == code_cooccurrence.MOST_EPISODES
    assert learner.result().codes.counts == {(7, 11, None): 10 * code_cooccurrence.MOST_EPISODES}
