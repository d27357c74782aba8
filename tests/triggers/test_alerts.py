"""Alerts fire at the first record that matches, count the next ones, and are forgotten when they are acknowledged."""

from sniffer.base.times import SECOND
from sniffer.core.pipeline import Pipeline
from sniffer.core.wire.items import TapGap
from sniffer.triggers.alerts import Alerts, describe_record
from tests.triggers.helpers import DEFINITION, FAULT, filter_of, status_records


def alerts_of(*expressions: str) -> Alerts:
    return Alerts([filter_of(text) for text in expressions], DEFINITION)


def fired(alerts: Alerts) -> list[tuple[str, int, int]]:
    return [(one.expression, one.number, one.matches) for one in alerts.fired]


def test_the_first_match_fires_and_the_next_ones_are_counted() -> None:
    alerts = alerts_of("status == Faulted")
    alerts.receive(FAULT[:1])
    assert (alerts.fired, alerts.count) == ((), 0)
    alerts.receive(FAULT[1:])
    assert fired(alerts) == [("status == Faulted", 2, 2)]
    assert alerts.fired[0].time == 2 * SECOND
    assert alerts.count == 1


def test_several_fire_in_the_order_of_their_records() -> None:
    alerts = alerts_of("status == Faulted", "noise", "status == Available")
    alerts.receive(FAULT)
    assert fired(alerts) == [("status == Available", 1, 2), ("status == Faulted", 2, 2)]


def test_an_acknowledged_alert_fires_again() -> None:
    alerts = alerts_of("status == Faulted")
    alerts.receive(FAULT[:2])
    alerts.acknowledge()
    assert alerts.fired == ()
    alerts.receive(FAULT[2:3])
    assert alerts.fired == ()
    alerts.receive(FAULT[3:])
    assert fired(alerts) == [("status == Faulted", 4, 1)]
    assert alerts.count == 2


def test_a_record_is_described_by_its_fault_first_then_by_what_it_is_and_its_other_events() -> None:
    first, _, third = status_records((1, "Available"), (2, "Available"), (3, "Faulted"))
    row = "status report: connector 1 Available, NoError, M4 0, CP 12 V"
    assert describe_record(first, DEFINITION).startswith(row)
    assert describe_record(first, DEFINITION).endswith("; connector 1: first report → Available")
    texts = describe_record(third, DEFINITION).split("; ")
    assert [text.split(":")[0] for text in texts[:3]] == ["fault raised", "connector 1", "status report"]


def test_what_comes_from_the_wire_is_safe_to_show() -> None:
    pipeline = Pipeline(DEFINITION)
    (record,) = pipeline.feed(TapGap(1, "\x1b[31mpulled"))
    assert "\\x1b[31mpulled" in describe_record(record, DEFINITION)
