"""The rules that do not hold: an event for each, once, until it holds again."""

import pytest

from sniffer.core.charger.measurements.breaches import Breaches
from sniffer.core.charger.measurements.plausibility_rules import RULES, MeasuredSample

RULE_OF = {rule.name: rule for rule in RULES}
HOT = [RULE_OF["temperature-high"]]
MAINS = [RULE_OF["phase-voltage"]]


def hot(value: float, connector: int | None = 1, time: int | None = 5) -> MeasuredSample:
    return MeasuredSample("board_temperature", connector, value, time, value)


def mains(value: float, connector: int | None, time: int | None) -> MeasuredSample:
    return MeasuredSample("l1_voltage", connector, value, time, 230)


def test_a_breach_is_reported_once() -> None:
    breaches = Breaches()
    (event,) = breaches.add(HOT, hot(90), is_new=True)
    assert (event.time, event.since, event.rule, event.connector) == (5, 5, "temperature-high", 1)
    assert [*breaches.add(HOT, hot(91), is_new=True)] == []
    assert breaches.events == (event,)
    assert breaches.concerns("board_temperature")
    assert not breaches.concerns("temperature")


def test_it_ends_when_the_rule_holds_again() -> None:
    breaches = Breaches()
    for value, count in ((90, 1), (85, 0), (90, 1)):
        assert len([*breaches.add(HOT, hot(value), is_new=True)]) == count
    assert [*breaches.add(HOT, hot(20), is_new=True)] == []
    assert breaches.events == ()


def test_connectors_have_events_of_their_own_but_not_beside_the_whole_charger() -> None:
    breaches = Breaches()
    for connector, count in ((1, 1), (2, 1), (None, 0)):
        assert len([*breaches.add(HOT, hot(90, connector), is_new=True)]) == count


@pytest.mark.parametrize("is_new", [True, False])
def test_rules_for_reports_see_only_the_first_print(is_new: bool) -> None:
    sample = MeasuredSample("energy", 1, 5, None, 10, before=(10, None))
    assert len([*Breaches().add([RULE_OF["energy-backwards"]], sample, is_new=is_new)]) == is_new


def test_a_clock_that_was_set_back_begins_anew() -> None:
    breaches, second = Breaches(), 1_000_000_000
    for time in (100, 50, 56):
        assert [*breaches.add(MAINS, mains(100, None, time * second), is_new=True)] == []
    (event,) = breaches.add(MAINS, mains(100, None, 57 * second), is_new=True)
    assert event.since == 50 * second
