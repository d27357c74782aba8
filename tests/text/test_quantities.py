"""Measured quantities in words: short, and with the units that people use."""

import pytest

from sniffer.core.charger.measurements.measurement import QUANTITIES, Measurement
from sniffer.text.quantities import format_measured, format_number, format_quantity, format_short_name, format_value
from tests.core.protocol.helpers import DEFINITION
from tests.core.protocol.layout.test_payload_layout import load_panels


def measured(**values: float) -> list[Measurement]:
    return [
        Measurement(name, value, QUANTITIES[name], 1, None, number, None)
        for number, (name, value) in enumerate(values.items())
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [("l1_voltage", "L1 voltage"), ("energy", "energy"), ("board_temperature", "board temperature")],
)
def test_names(name: str, text: str) -> None:
    assert format_quantity(name, DEFINITION) == text


def test_what_the_field_of_another_board_tells_has_its_name() -> None:
    panels = load_panels()
    assert format_quantity("temperature", DEFINITION) == "meter temperature"
    assert [format_quantity(name, panels) for name in ("temperature", "l1_voltage")] == ["heat", "L1 voltage"]
    assert [format_short_name(name, DEFINITION) for name in ("temperature", "l1_voltage")] == ["meter", ""]
    assert [format_short_name(name, panels) for name in ("temperature", "l1_voltage")] == ["heat", ""]
    several = load_panels(more='{ name = "warmth", size = 1, tells = "board_temperature", unit = "°C" }')
    assert format_quantity("board_temperature", several) == "warmth"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (-0.001, "0"), (0.01, "0.01"), (196.2, "196.2"), (228.256, "228.26"), (223710, "223,710"), (-12, "-12")],
)
def test_numbers(value: float, text: str) -> None:
    assert format_number(value) == text
    assert format_value(value, "V") == f"{text} V"


def test_the_values_of_one_phase() -> None:
    found = measured(l1_voltage=196.2, l1_current=31.8, board_temperature=45)
    assert format_measured(found) == "196.2 V, 31.8 A, board 45 °C"


def test_the_values_of_three_phases_stand_together() -> None:
    found = measured(l2_voltage=230, l1_voltage=196.2, l3_voltage=229.5, energy=223710, temperature=46)
    assert format_measured(found) == "196.2 / 230 / 229.5 V, energy 223,710 Wh, meter 46 °C"


def test_values_that_no_phase_has() -> None:
    assert format_measured(measured(voltage=230, current=16)) == "230 V, 16 A"
    assert format_measured([]) == ""


def test_the_latest_of_several_values_is_shown() -> None:
    older, newer = measured(l1_voltage=230, l2_voltage=231)
    assert format_measured([newer._replace(name="l1_voltage"), older]) == "231 V"
