"""Each rule finds what it names, and not what stands next to it: contradictions, and what OCPP counts as a warning."""

from itertools import takewhile
from typing import Any

import pytest

from sniffer.base.times import SECOND
from sniffer.core.charger.consistency_rules import NO_ERROR, RULES, STATION, StatusReport, find_rules
from sniffer.core.charger.events import EVENT_NAMES, Contradicted, FaultRaised, StatusChanged, Warned
from sniffer.core.pipeline import Pipeline
from sniffer.simulator.traffic import generate_reads
from tests.core.charger.helpers import Bench
from tests.core.protocol.helpers import DEFINITION

CASES: dict[str, list[Any]] = {
    "faulted-without-error": [({"status": "Faulted"}, {"status": "Faulted", "error": "UnderVoltage"})],
    "error-without-fault": [
        ({"status": "Charging", "cp": 6, "error": "OverVoltage"}, {"status": "Charging", "cp": 6}),
        ({"status": "Available", "error": "OverVoltage"}, {"status": "Faulted", "error": "OverVoltage"}),
    ],
    "m4-without-fault": [
        ({"status": "Charging", "cp": 6, "m4": 4}, {"status": "Charging", "cp": 6}),
        ({"status": "Charging", "cp": 6, "m4": 4}, {"status": "Faulted", "cp": 6, "m4": 4, "error": "UnderVoltage"}),
    ],
    "vehicle-error-status": [
        ({"status": status, "cp": cp, "error": "EVCommunicationError"}, {"status": good, "cp": 9})
        for status, cp in (("Faulted", 9), ("Available", 12), ("Charging", 6), ("Reserved", 12), ("Unavailable", 12))
        for good in ("Preparing", "SuspendedEV")
    ],
    "charging-without-vehicle": [({"status": "Charging", "cp": 12}, {"status": "Charging", "cp": 6})],
    "charging-without-pilot": [({"status": "Charging", "cp": 0}, {"status": "Charging", "cp": 6})],
    "available-without-pilot": [({"status": "Available", "cp": 0}, {"status": "Available", "cp": 12})],
    "station-status": [
        ({"status": "Reserved", "connector": 0}, {"status": "Unavailable", "connector": 0}),
        ({"status": "Reserved", "connector": 0}, {"status": "Reserved", "connector": 1}),
    ],
}


PERSISTENT = {"charging-without-demand"}
"""The rules that one report alone does not break; they have tests of their own."""


def found(events):
    return [event.rule for event in events if isinstance(event, Contradicted | Warned)]


def test_every_rule_has_a_case():
    assert [*CASES] == [rule.name for rule in RULES if not rule.persistence]
    assert {rule.name for rule in RULES if rule.persistence} == PERSISTENT


@pytest.mark.parametrize(("rule", "bad", "good"), [(rule, *case) for rule, cases in CASES.items() for case in cases])
def test_a_rule_finds_what_it_names_and_nothing_next_to_it(rule, bad, good):
    assert found(Bench().report(**bad)) == [rule]
    assert found(Bench().report(**good)) == []


# Warnings


@pytest.mark.parametrize("status", ["Available", "Preparing", "SuspendedEV", "Finishing", "Reserved", "Unavailable"])
@pytest.mark.parametrize("codes", [{"error": "OverVoltage"}, {"m4": 4}])
def test_an_error_with_another_status_than_faulted_is_a_warning(status, codes):
    bench = Bench()
    (*_, event) = bench.report(status, cp=12, **codes)
    assert isinstance(event, Warned)
    assert bench.connector.warnings == (event,)
    assert bench.connector.contradictions == ()
    assert EVENT_NAMES[type(event)] == "warning"


@pytest.mark.parametrize("status", ["Preparing", "SuspendedEV", "SuspendedEVSE", "Finishing"])
def test_a_fault_of_the_communication_with_the_vehicle_is_a_warning_where_ocpp_allows_it(status):
    bench = Bench()
    bench.report(status, "EVCommunicationError", cp=9)
    assert [one.rule for one in bench.connector.warnings] == ["error-without-fault"]
    assert bench.connector.contradictions == ()


@pytest.mark.parametrize("status", ["Faulted", "Available", "Charging", "Reserved", "Unavailable"])
def test_a_fault_of_the_communication_with_the_vehicle_contradicts_every_other_status(status):
    bench = Bench()
    bench.report(status, "EVCommunicationError", cp=6)
    assert [one.rule for one in bench.connector.contradictions] == ["vehicle-error-status"]
    assert bench.connector.warnings == ()


def test_a_warning_is_reported_once_until_it_ends():
    bench = Bench()
    assert found(bench.report("Charging", "OverVoltage", cp=6)) == ["error-without-fault"]
    assert found(bench.report("Charging", "OverVoltage", cp=6)) == []
    assert found(bench.report("Charging", cp=6)) == []
    assert bench.connector.warnings == ()
    assert found(bench.report("Charging", "OverVoltage", cp=6)) == ["error-without-fault"]


# What is legal


@pytest.mark.parametrize(
    ("status", "cp"),
    [
        ("SuspendedEV", 12),
        ("SuspendedEVSE", 12),
        ("Finishing", 12),
        ("Available", 9),
        ("Available", 6),
        ("Available", 3),
    ],
)
def test_what_ocpp_allows_without_or_with_a_vehicle_is_no_finding(status, cp):
    bench = Bench()
    for second in range(0, 120, 20):
        bench.time = second * SECOND
        assert found(bench.report(status, cp=cp)) == []


@pytest.mark.parametrize("status", ["Available", "Charging"])
@pytest.mark.parametrize("pilot", ["A", "B", "E", "F"])
def test_no_rule_of_the_control_pilot_applies_to_the_station(status, pilot):
    of_station = {rule.name for rule in find_rules(StatusReport(STATION, status, NO_ERROR, pilot=pilot))}
    assert of_station <= {"station-status"}


# Persistence


@pytest.mark.parametrize(("seconds", "count"), [((0, 9.9), 0), ((0, 10), 1), ((0, 5, 10, 20), 1), ((None, None), 1)])
def test_charging_without_demand_must_last(seconds, count):
    bench, events = Bench(), []
    for second in seconds:
        bench.time = None if second is None else int(second * SECOND)
        events += bench.report("Charging", cp=9)
    assert found(events) == ["charging-without-demand"] * count
    assert len(bench.connector.contradictions) == count


def test_demand_in_between_begins_the_wait_again():
    bench = Bench()
    for second, cp, expected in ((0, 9, 0), (6, 6, 0), (8, 9, 0), (14, 9, 0), (18, 9, 1), (30, 9, 0), (40, 6, 0)):
        bench.time = second * SECOND
        assert len(found(bench.report("Charging", cp=cp))) == expected
    assert bench.connector.contradictions == ()


def test_a_contradiction_is_reported_once_until_it_ends():
    bench = Bench()
    assert found(bench.report("Charging", cp=12)) == ["charging-without-vehicle"]
    assert [one.rule for one in bench.connector.contradictions] == ["charging-without-vehicle"]
    assert found(bench.report("Charging", cp=12)) == found(bench.report("Charging", cp=11.9)) == []
    assert found(bench.report("Charging", cp=6)) == []
    assert bench.connector.contradictions == ()
    assert found(bench.report("Charging", cp=12)) == ["charging-without-vehicle"]


def test_a_contradiction_changes_neither_moves_nor_faults():
    bench = Bench()
    events = bench.report("Charging", "UnderVoltage", cp=12, m4=4)
    assert [type(event) for event in events] == [StatusChanged, FaultRaised, Warned, Contradicted]
    assert found(events) == ["error-without-fault", "charging-without-vehicle"]
    assert bench.connector.path[-1].legal


@pytest.mark.parametrize("scenario", ["charging", "undervoltage", "pending", "restarts"])
def test_the_simulated_charger_does_not_contradict_itself(scenario):
    pipeline, found_any = Pipeline(DEFINITION, baud=115200), []
    for chunk in takewhile(
        lambda chunk: (chunk.time or 0) < 120 * SECOND, generate_reads(scenario, baud=115200, seed=2)
    ):
        found_any += [event for record in pipeline.feed(chunk) for event in record.events]
    assert found_any
    assert found(found_any) == []
    assert all(not connector.contradictions for connector in pipeline.snapshot().connectors)
