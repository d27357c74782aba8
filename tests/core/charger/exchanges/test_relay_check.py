"""A relay is tied to its report, and must say what was reported."""

import pytest

from sniffer.core.charger.events import Disagreed, Reference
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.exchanges.relay_check import REPORTS_REMEMBERED
from tests.core.charger.helpers import Bench

TIED = 0x0A0A


@pytest.fixture
def bench():
    bench = Bench()
    bench.report("Preparing", sequence=TIED)
    return bench


def events(events):
    return [event for event in events if isinstance(event, Disagreed)]


def test_a_relay_that_says_the_same_is_tied_and_agrees(bench):
    assert bench.notify("Preparing", sequence=TIED) == []
    assert bench.refers == Reference("relays", 1, None, None)


@pytest.mark.parametrize(
    ("said", "field", "values"),
    [
        ({"status": "Charging"}, "status", (1, 2)),
        ({"status": "Preparing", "error": "UnderVoltage"}, "ocpp_error", (6, 14)),
        ({"status": "Preparing", "connector": 2}, "connector", (1, 2)),
    ],
)
def test_a_relay_that_says_otherwise_disagrees_with_both_values(bench, said, field, values):
    (found,) = events(bench.notify(**said, sequence=TIED))
    assert (found.field, found.reported, found.relayed) == (field, *values)
    assert found.report == Evidence(1, None, None)


def test_a_special_sequence_ties_nothing():
    bench = Bench()
    bench.report("Preparing", sequence=0xDDDD)
    assert events(bench.notify("Charging", sequence=0xDDDD)) == []
    assert bench.refers is None


@pytest.mark.parametrize(("between", "tied"), [(REPORTS_REMEMBERED - 1, True), (REPORTS_REMEMBERED, False)])
def test_a_report_is_remembered_for_so_many_others(bench, between, tied):
    for turn in range(between):
        bench.report("Preparing", sequence=0x1000 + turn)
    assert len(events(bench.notify("Charging", sequence=TIED))) == tied
