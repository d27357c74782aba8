"""Each rule finds its contradiction, and not what stands next to it."""

from itertools import takewhile
from typing import Any

import pytest

from sniffer.core.charger.consistency_rules import RULES
from sniffer.core.charger.events import Contradicted, FaultRaised, StatusChanged
from sniffer.core.pipeline import Pipeline
from sniffer.simulator.traffic import generate_reads
from tests.core.charger.helpers import Bench
from tests.core.protocol.helpers import DEFINITION

SECOND = 1_000_000_000

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
    "charging-without-vehicle": [({"status": "Charging", "cp": 12}, {"status": "Charging", "cp": 6})],
    "charging-without-demand": [({"status": "Charging", "cp": 9}, {"status": "Charging", "cp": 3})],
    "charging-without-pilot": [({"status": "Charging", "cp": 0}, {"status": "Charging", "cp": 6})],
    "suspended-without-vehicle": [
        ({"status": "SuspendedEV", "cp": 12}, {"status": "SuspendedEV", "cp": 9}),
        ({"status": "SuspendedEVSE", "cp": 12}, {"status": "SuspendedEVSE", "cp": 6}),
    ],
    "finishing-without-vehicle": [({"status": "Finishing", "cp": 12}, {"status": "Finishing", "cp": 9})],
    "available-with-vehicle": [({"status": "Available", "cp": 9}, {"status": "Available", "cp": 12})],
    "available-without-pilot": [({"status": "Available", "cp": 0}, {"status": "Available", "cp": 12})],
    "station-status": [
        ({"status": "Reserved", "connector": 0}, {"status": "Unavailable", "connector": 0}),
        ({"status": "Reserved", "connector": 0}, {"status": "Reserved", "connector": 1}),
    ],
}


def found(events):
    return [event.rule for event in events if isinstance(event, Contradicted)]


def test_every_rule_has_a_case():
    assert list(CASES) == [rule.name for rule in RULES]


@pytest.mark.parametrize(("rule", "bad", "good"), [(rule, *case) for rule, cases in CASES.items() for case in cases])
def test_a_rule_finds_what_it_names_and_nothing_next_to_it(rule, bad, good):
    assert found(Bench().report(**bad)) == [rule]
    assert found(Bench().report(**good)) == []


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
    assert [type(event) for event in events] == [StatusChanged, FaultRaised, Contradicted, Contradicted]
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
