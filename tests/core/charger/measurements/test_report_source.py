"""The shortcut of a source: it opens only where no rule can break, and nothing that passes by it is lost."""

from typing import Any

import pytest

from sniffer.core.charger.measurements.measurement import build_plan
from sniffer.core.charger.measurements.quantity import Quantity
from sniffer.core.charger.measurements.report_source import ReportSource
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Frame
from tests.core.protocol.helpers import CODEC, DEFINITION

VOLTAGES: dict[str, Any] = {"l1_voltage": 230.0, "l2_voltage": 231.0, "l3_voltage": 0.0}
STATUS: dict[str, Any] = {
    "connector": 1,
    "status": "Available",
    "ocpp_error": "NoError",
    "m4_error": 0,
    "cp_voltage": 12,
}


def message(name: str, time: int | None = None, **values: Any) -> Message:
    command = DEFINITION.command(name)
    usual = VOLTAGES if name == "phase voltages" else STATUS
    return CODEC.decode(Frame(command.route, time, CODEC.encode(command, 1, usual | values)))


def source_of(first: Message) -> ReportSource:
    """Return a source after this report, with its shortcut open if it can be."""
    assert first.command is not None
    plan = build_plan(first.command)
    assert plan is not None
    source = ReportSource(plan, None if plan.connector is None else 1)
    source.quantities = [Quantity(name, source.connector) for name, _, _ in plan.quantities]
    source.begin_report(first.values, first.frame.time, 1, None)
    for quantity, (name, _, _) in zip(source.quantities, plan.quantities, strict=True):
        quantity.sources = (plan.source,)
        value = first.value(name)
        assert isinstance(value, int | float)
        quantity.add_print(value, plan.source, first.frame.time)
        quantity.set_calm_range(None, is_open=False)
    source.open_shortcut()
    return source


def passes(source: ReportSource, later: Message) -> bool:
    """Return True if a message passes by the shortcut."""
    return source.passes(later, 2, None)


@pytest.mark.parametrize(
    ("changed", "passed"),
    [
        ({}, True),
        ({"l1_voltage": 165.0, "l2_voltage": 269.0}, True),
        ({"l1_voltage": 164.99}, False),
        ({"l2_voltage": 269.01}, False),
        ({"l3_voltage": 0.01}, False),
    ],
)
def test_voltages_pass_within_the_limits_of_the_rules(changed: dict[str, Any], passed: bool) -> None:
    assert passes(source_of(message("phase voltages")), message("phase voltages", **changed)) == passed


@pytest.mark.parametrize(
    ("changed", "passed"),
    [
        ({"status": "Charging"}, True),
        ({"cp_voltage": 6}, True),
        ({"connector": 2}, False),
        ({"board_temperature": 1}, False),
    ],
)
def test_a_status_report_passes_with_the_same_temperatures(changed: dict[str, Any], passed: bool) -> None:
    assert passes(source_of(message("status report")), message("status report", **changed)) == passed


def test_a_quantity_with_two_sources_has_no_shortcut() -> None:
    source = source_of(message("status report"))
    source.quantities[0].sources += ("line",)
    source.end_shortcut()
    source.open_shortcut()
    assert not source.is_calm


def test_a_value_out_of_its_range_has_no_shortcut() -> None:
    assert source_of(message("phase voltages")).is_calm
    assert not source_of(message("phase voltages", l1_voltage=300.0)).is_calm


def test_what_was_skipped_is_passed_on() -> None:
    source = source_of(message("status report", 5))
    source.skipped, source.number = message("status report", 9, status="Charging"), 7
    source.settle()
    assert (source.status, source.time) == ("Charging", 9)
    quantity = source.quantities[0]
    assert (quantity.value, quantity.time, quantity.number, quantity.report) == (0, 9, 7, (0, 9))


def test_a_report_that_was_cut_short_has_no_shortcut() -> None:
    source = source_of(message("phase voltages"))
    source.begin_report(source.values[:2], None, 2, None)
    source.open_shortcut()
    assert not source.is_calm


def other_voltages(numbers: str, **changed: float) -> Message:
    """Return a report of the voltages as numbers of another size or unit."""
    fields = f'[{{ names = ["l1_voltage", "l2_voltage", "l3_voltage"], {numbers}, unit = "V" }}]'
    head = 'link = "pwrboard"\ndirection = "pwr>com"\ncode = 0x32\nname = "other voltages"\nsummary = ""\n'
    definition = load(packaged_files(), [("my.toml", f'[[command]]\n{head}tells = "voltages"\nfields = {fields}')])
    codec, command = Codec(definition), definition.command("other voltages")
    return codec.decode(Frame(command.route, 0, codec.encode(command, 1, VOLTAGES | changed)))


@pytest.mark.parametrize(("size", "is_calm"), [(2, True), (3, False), (4, True), (5, False)])
def test_numbers_that_are_kept_as_bytes_do_not_pass_by_it(size: int, is_calm: bool) -> None:
    assert source_of(other_voltages(f"size = {size}, divisor = 100")).is_calm is is_calm


@pytest.mark.parametrize(
    ("changed", "passed"),
    [
        ({"l1_voltage": 170, "l2_voltage": 260}, True),
        ({"l1_voltage": 160}, False),
        ({"l2_voltage": 270}, False),
    ],
)
def test_a_limit_between_two_steps_of_a_number_is_kept(changed: dict[str, float], passed: bool) -> None:
    tens = "size = 2, multiplier = 10"
    assert passes(source_of(other_voltages(tens)), other_voltages(tens, **changed)) is passed


def test_a_message_that_passes_is_the_one_that_is_passed_on() -> None:
    source = source_of(message("status report", 5))
    assert source.passes(message("status report", 9, status="Charging"), 7, 3)
    source.settle()
    assert (source.status, source.time, source.number, source.line) == ("Charging", 9, 7, 3)
