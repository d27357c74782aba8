"""The tracker keeps the last value of each quantity, what is implausible, and never fails."""

from collections.abc import Sequence
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.base.times import SECOND
from sniffer.core.charger.events import FaultRaised
from sniffer.core.charger.measurements import tracker
from sniffer.core.charger.measurements.measurement import QUANTITIES, ImplausibleMeasurement, Measurements
from sniffer.core.charger.measurements.quantity import Quantity
from sniffer.core.charger.measurements.tracker import MeasurementTracker
from sniffer.core.charger.shared_values import find_shared_values
from sniffer.core.protocol.log_lines import LogLine, LogLineParser, TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Frame
from tests.core.charger.measurements.helpers import MeasuredCharger, rules
from tests.core.protocol.helpers import CODEC, DEFINITION


def values(found: Measurements, connector: int | None = 1) -> dict[str, float]:
    return {one.name: one.value for one in found.values if one.connector == connector}


def test_nothing_is_measured_at_first() -> None:
    assert MeasuredCharger().now == Measurements()


def test_a_one_phase_charger_has_one_phase() -> None:
    charger = MeasuredCharger()
    charger.at(1).mains(240.82)
    charger.at(2).status("Preparing")
    charger.at(3).meter()
    assert values(charger.now, None) == {"l1_voltage": 240.82}
    assert values(charger.now) == {
        "l1_voltage": 240.1,
        "l1_current": 0.01,
        "l1_power": 2.4,
        "voltage": 240.1,
        "current": 0.01,
        "energy": 223710,
        "board_temperature": 45,
        "connector_temperature": 36,
        "temperature": 45,
    }


def test_a_value_has_its_unit_time_and_record() -> None:
    charger = MeasuredCharger()
    charger.at(1).mains(240.82)
    charger.at(3).meter()
    found = charger.now.find("energy")
    assert found is not None
    assert (found.unit, found.time, found.number, found.line, found.connector) == ("Wh", 3 * SECOND, 2, None, 1)
    assert all(one.unit == QUANTITIES[one.name] for one in charger.now.values)
    latest = charger.now.find("l1_voltage")
    assert latest is not None
    assert latest.value == 240.1
    assert charger.now.find("l1_voltage", 2) is charger.now.find("soc") is None


def test_a_phase_that_carries_current_only_is_there() -> None:
    charger = MeasuredCharger()
    charger.at(1).meter(l1_voltage=0, l1_current=0, l2_current=3)
    assert {name for name in values(charger.now) if name[0] == "l"} == {"l2_voltage", "l2_current", "l2_power"}


def test_the_station_has_no_temperatures_of_its_own() -> None:
    charger = MeasuredCharger()
    charger.at(1).status("Available", connector=0, board=0, plug=0)
    assert charger.now.values == ()


def test_connectors_have_values_of_their_own() -> None:
    charger = MeasuredCharger()
    charger.at(1).meter(connector=1, energy=100)
    charger.at(1).meter(connector=2, energy=90)
    assert (values(charger.now)["energy"], values(charger.now, 2)["energy"]) == (100, 90)


def test_a_line_without_a_connector_is_of_the_one_that_was_named_last_also_by_an_equal_report() -> None:
    charger = MeasuredCharger()
    charger.at(1).status("Available", connector=1)
    charger.at(2).meter(connector=2)
    charger.at(3).status("Available", connector=1)
    charger.line("boardtemp = 50, conntemp = 40 ;")
    assert (values(charger.now, 1)["board_temperature"], values(charger.now, 1)["connector_temperature"]) == (50, 40)
    assert "board_temperature" not in values(charger.now, 2)


def test_a_fault_keeps_what_was_measured_when_it_was_raised() -> None:
    charger = MeasuredCharger()
    charger.at(0).mains(230, 230, 230)
    charger.at(100).mains(196.2, 230, 230)
    charger.at(101).meter(current=31.8, voltage=196.2)
    charger.at(101).meter(connector=2, energy=10)
    values_of_report = {
        "connector": 1,
        "status": "Faulted",
        "ocpp_error": "UnderVoltage",
        "m4_error": 4,
        "cp_voltage": 9,
    }
    charger.at(102)
    events = charger.bench.say("status report", 0x61D9, **values_of_report, board_temperature=45)
    (raised,) = [event for event in events if isinstance(event, FaultRaised)]
    measured = {(one.connector, one.name): one.value for one in raised.fault.measured}
    assert measured[None, "l1_voltage"] == 196.2
    assert measured[1, "l1_current"] == 31.8
    assert measured[1, "board_temperature"] == 45
    assert (2, "energy") not in measured
    charger.at(103).meter(current=0)
    assert charger.bench.fault.measured == raised.fault.measured


def test_what_was_measured_long_before_a_fault_is_not_of_it() -> None:
    charger = MeasuredCharger()
    charger.at(0).mains(230, 230, 230)
    charger.at(66)
    charger.bench.line("ocpp error Code :14,2097672")
    assert charger.bench.fault.measured == ()


def test_a_copy_goes_on_by_itself() -> None:
    charger = MeasuredCharger()
    charger.at(0).status("Available")
    charger.at(1).meter(current=16)
    copy = MeasuredCharger()
    copy.bench.charger = charger.bench.charger.fork()
    assert rules(copy.at(31).meter(current=16)) == [("current-without-charging", "l1_current")]
    assert charger.now.implausible == ()


def test_no_more_quantities_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracker, "QUANTITIES_KEPT", 30)
    charger = MeasuredCharger()
    for connector in range(256):
        charger.at(connector).status("Available", connector=connector, board=60 + connector % 2)
    assert len(charger.now.values) == 20


def test_a_meter_is_compared_with_mains_that_are_reported_later() -> None:
    charger = MeasuredCharger()
    for connector in (1, 2):
        for second in (0, 1):
            charger.at(second).meter(connector=connector, voltage=200)
    charger.at(30).mains(230)
    assert rules(charger.at(31).meter(connector=1, voltage=200)) == [("voltages-differ", "l1_voltage")]
    assert rules(charger.at(31).meter(connector=2, voltage=200)) == [("voltages-differ", "l1_voltage")]


MEASURING = [command for command in DEFINITION.commands if command.role in ("voltages", "meter", "status")]
LINES = LogLineParser(DEFINITION)
TIMES = st.one_of(st.none(), st.integers(0, 300).map(lambda seconds: seconds * SECOND))


@st.composite
def messages(draw: st.DrawFn) -> Message:
    """Return a measuring frame with any payload, whole or cut short."""
    command = draw(st.sampled_from(MEASURING))
    payload = bytes((draw(st.integers(0, 3)),)) + draw(st.binary(max_size=35))
    raw = command.route.link.build(command.route.head, 1, command.code, payload)
    return CODEC.decode(Frame(command.route, draw(TIMES), raw))


@st.composite
def lines(draw: st.DrawFn) -> TextMessage:
    """Return a measuring line with any numbers."""
    one, other = draw(st.integers(-(10**20), 10**20)), draw(st.integers(-200, 200))
    text = draw(
        st.sampled_from(
            (
                f"boardtemp = {other}, conntemp = {one} ;",
                f"connId:{abs(other)},connectorType:1,meterval:{abs(one)},AC_voltage_A:{abs(other)}.5,AC_current_A:0.01,"
                f"MaxPowerOffered:0,temperature:{other},soc:0,AC_Power:2",
            )
        )
    )
    return LINES.read(LogLine(draw(TIMES), "ocpp", text))


def add(followed: MeasurementTracker, item: Message | TextMessage, number: int) -> Sequence[ImplausibleMeasurement]:
    if isinstance(item, Message):
        return followed.add(item, number, None)
    return followed.add_line(item, number, None)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(messages(), lines()), max_size=30))
def test_any_sequence_is_followed(items: list[Message | TextMessage]) -> None:
    followed = MeasurementTracker([])
    events: list[ImplausibleMeasurement] = []
    for number, item in enumerate(items, 1):
        before = followed.snapshot().implausible
        new = add(followed, item, number)
        assert not {*new} & {*before}
        events += new
    now = followed.snapshot()
    assert {*now.implausible} <= {*events}
    assert len({(one.connector, one.name) for one in now.values}) == len(now.values)
    assert all(1 <= one.number <= len(items) and one.name in QUANTITIES for one in now.values)
    assert deepcopy(followed, find_shared_values(DEFINITION)).snapshot() == now


@st.composite
def voltages(draw: st.DrawFn, *roles: str) -> Message:
    """Return voltages of one of these roles, which differ by little or too much, some seconds after a moment."""
    command = draw(st.sampled_from([one for one in MEASURING if one.role in roles]))
    values: dict[str, float] = dict.fromkeys([one.name for one in command.fields if one.default is None], 0)
    for name in command.positions.keys() & {"l1_voltage", "l2_voltage"}:
        values[name] = draw(st.sampled_from((0, 228, 230, 234, 238)))
    if "connector" in command.positions:
        values["connector"] = draw(st.integers(1, 2))
    time = draw(st.sampled_from((0, 1, 8))) * SECOND
    return CODEC.decode(Frame(command.route, time, CODEC.encode(command, 1, values)))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(messages(), lines()), max_size=30), st.lists(st.integers(0, 29), max_size=60))
def test_values_in_the_calm_range_would_break_no_rule(items: list[Message | TextMessage], order: list[int]) -> None:
    """With repeats, as the calm range is for these: judging every value gives the same."""
    check_calm_ranges([items[place] for place in order if place < len(items)] or items)


@settings(max_examples=300, deadline=None)
@given(voltages("voltages"), st.lists(voltages("voltages", "meter"), min_size=5, max_size=30))
def test_voltages_in_the_calm_range_do_not_differ(first: Message, others: list[Message]) -> None:
    check_calm_ranges([first, *others])


def check_calm_ranges(sequence: Sequence[Message | TextMessage]) -> None:
    """Compare with a tracker that judges every value."""
    usual, strict = MeasurementTracker([]), MeasurementTracker([])
    for number, item in enumerate(sequence, 1):
        found = [*add(usual, item, number)]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Quantity, "set_calm_range", lambda *_, **__: None)
            assert [*add(strict, item, number)] == found
        assert strict.snapshot() == usual.snapshot()
