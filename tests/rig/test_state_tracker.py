"""The states that a test can wait for: followed record by record, and all parts of one on the same connector."""

import pytest
from msgspec.structs import replace

from sniffer.core.charger.events import FaultChanged, FaultCleared, FaultRaised
from sniffer.core.charger.startup.registration_events import RegistrationChanged, RegistrationState
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk
from sniffer.formats.charger_log import parse_line
from sniffer.rig.state_tracker import AwaitedState, StateTracker
from tests.records import records_of
from tests.rig.helpers import AVAILABLE, CHARGING, FAULTED, M4_UNDER_VOLTAGE, PREPARING, UNDER_VOLTAGE, report

LINE = "ocpp error Code :14,2097672"
"""A log line that reports an under voltage without a connector."""


def follow(*items: bytes | str) -> StateTracker:
    tracker = StateTracker()
    for record in records_of(*(Chunk(item) if isinstance(item, bytes) else parse_line(item) for item in items)):
        tracker.follow(record)
    return tracker


def faulted(sequence: int = 1, connector: int = 1) -> bytes:
    return report(FAULTED, sequence, connector=connector, ocpp=UNDER_VOLTAGE, m4=M4_UNDER_VOLTAGE)


def test_nothing_holds_before_the_first_report() -> None:
    tracker = StateTracker()
    for state in (AwaitedState(), AwaitedState("Available"), AwaitedState(connector=1), AwaitedState(fault="x")):
        assert not tracker.holds(state)


@pytest.mark.parametrize(
    ("state", "holds"),
    [
        (AwaitedState(), True),
        (AwaitedState("Charging"), True),
        (AwaitedState("charging"), True),
        (AwaitedState("Available"), False),
        (AwaitedState("Charging", 1), True),
        (AwaitedState("Charging", 2), False),
        (AwaitedState(connector=1), True),
        (AwaitedState(connector=2), False),
        (AwaitedState(fault="Under voltage"), False),
    ],
    ids=repr,
)
def test_the_latest_status_of_a_connector_holds(state: AwaitedState, holds: bool) -> None:
    assert follow(report(AVAILABLE, 1), report(CHARGING, 2)).holds(state) is holds


@pytest.mark.parametrize(
    ("state", "holds"),
    [
        (AwaitedState(fault="Under voltage"), True),
        (AwaitedState(fault="UNDER VOLTAGE"), True),
        (AwaitedState(fault="Over voltage"), False),
        (AwaitedState("Faulted", 2, "Under voltage"), True),
        (AwaitedState("Charging", 1, "Under voltage"), False),
        (AwaitedState("Charging", None, "Under voltage"), False),
        (AwaitedState(None, 1, "Under voltage"), False),
    ],
    ids=repr,
)
def test_status_and_fault_hold_on_one_connector(state: AwaitedState, holds: bool) -> None:
    assert follow(report(CHARGING, 1, connector=1), faulted(2, connector=2)).holds(state) is holds


def test_a_fault_ends_with_its_connector() -> None:
    under_voltage = AwaitedState(fault="Under voltage")
    assert follow(report(CHARGING, 1), faulted(2)).holds(under_voltage)
    after = follow(report(CHARGING, 1), faulted(2), report(CHARGING, 3))
    assert not after.holds(under_voltage)
    assert after.holds(AwaitedState("Charging"))


def test_a_fault_that_only_a_log_line_reports_may_be_on_any_connector() -> None:
    tracker = follow(LINE)
    for connector in (None, 1, 2):
        assert tracker.holds(AwaitedState(None, connector, "Under voltage"))
    assert not tracker.holds(AwaitedState("Faulted", None, "Under voltage"))
    assert not tracker.holds(AwaitedState(connector=1))


def test_a_fault_that_gets_its_connector_later_is_on_that_one_only() -> None:
    (raised,) = (event for record in records_of(parse_line(LINE)) for event in record.events)
    assert isinstance(raised, FaultRaised)
    tracker = StateTracker()
    tracker.follow(Record(1, None, (raised,)))
    tracker.follow(Record(2, None, (FaultChanged(None, replace(raised.fault, connector=1)),)))
    assert tracker.holds(AwaitedState(None, 1, "Under voltage"))
    assert not tracker.holds(AwaitedState(None, 2, "Under voltage"))
    tracker.follow(Record(3, None, (FaultCleared(None, raised.fault),)))
    assert not tracker.holds(AwaitedState(fault="Under voltage"))


def test_a_state_within_one_read_is_not_missed() -> None:
    tracker = StateTracker()
    seen = []
    for record in records_of(Chunk(report(AVAILABLE, 1) + report(PREPARING, 2) + report(CHARGING, 3))):
        tracker.follow(record)
        seen.append(tracker.holds(AwaitedState("Preparing")))
    assert seen == [False, True, False]


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (AwaitedState("Faulted", 2, "Under voltage"), "status Faulted, connector 2, fault Under voltage"),
        (AwaitedState(connector=0), "connector 0"),
        (AwaitedState(), ""),
    ],
)
def test_a_state_is_named_by_its_parts(state: AwaitedState, text: str) -> None:
    assert str(state) == text


BOOT = "Com boot!"


def test_registration_holds_for_the_whole_charger() -> None:
    pending, accepted = AwaitedState(registration="pending"), AwaitedState(registration="accepted")
    assert not follow(report(AVAILABLE)).holds(pending)
    assert follow(BOOT).holds(pending)
    assert not follow(BOOT).holds(accepted)
    assert not follow(BOOT).holds(AwaitedState())
    both = AwaitedState("Available", registration="pending")
    assert not follow(BOOT).holds(both)
    assert follow(BOOT, report(AVAILABLE)).holds(both)
    assert not follow(BOOT, report(CHARGING)).holds(both)


def test_the_latest_registration_holds() -> None:
    tracker = StateTracker()
    states: tuple[RegistrationState, ...] = ("pending", "accepted")
    for state in states:
        tracker.follow(Record(1, None, (RegistrationChanged(None, state, None, 1, None),)))
    assert tracker.holds(AwaitedState(registration="accepted"))
    assert not tracker.holds(AwaitedState(registration="pending"))
    assert str(AwaitedState("Available", registration="accepted")) == "status Available, registration accepted"
