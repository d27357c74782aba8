"""Measured quantities in words: short, and with the units that people use."""

import pytest

from sniffer.text.quantities import format_number, format_quantity, format_short_name, format_value
from tests.core.protocol.helpers import DEFINITION
from tests.core.protocol.layout.test_payload_layout import load_panels


@pytest.mark.parametrize(
    ("name", "text"),
    [("l1_voltage", "L1 voltage"), ("energy", "energy"), ("board_temperature", "board temperature")],
)
def test_a_quantity_has_a_name_for_people(name: str, text: str) -> None:
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
def test_a_number_has_two_decimals_at_most(value: float, text: str) -> None:
    assert format_number(value) == text
    assert format_value(value, "V") == f"{text} V"
