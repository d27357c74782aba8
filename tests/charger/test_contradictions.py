"""Each rule finds its contradiction, and not what stands next to it."""

import pytest

from sniffer.charger.contradictions import RULES
from sniffer.charger.events import Contradicted
from tests.charger.bench import Bench

CASES = {
    "faulted-without-error": [({"status": "Faulted"}, {"status": "Faulted", "error": "UnderVoltage"})],
    "error-without-fault": [
        ({"status": "Charging", "cp": 6, "m4": 4}, {"status": "Charging", "cp": 6}),
        ({"status": "Available", "error": "OverVoltage"}, {"status": "Faulted", "error": "OverVoltage"}),
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


def test_a_contradiction_is_told_once_until_it_stopped():
    bench = Bench()
    assert found(bench.report("Charging", cp=12)) == ["charging-without-vehicle"]
    assert [one.rule for one in bench.connector.contradictions] == ["charging-without-vehicle"]
    assert found(bench.report("Charging", cp=12)) == found(bench.report("Charging", cp=11.9)) == []
    assert found(bench.report("Charging", cp=6)) == []
    assert bench.connector.contradictions == ()
    assert found(bench.report("Charging", cp=12)) == ["charging-without-vehicle"]
