"""One quantity: prints of one report are counted once, and its calm range follows from the rules."""

import pytest

from sniffer.base.times import SECOND
from sniffer.core.charger.measurements.quantity import Quantity


def quantity(name: str, *values: float, connector: int | None = 1) -> Quantity:
    found = Quantity(name, connector)
    for second, value in enumerate(values):
        found.add_print(value, "pwrboard", 30 * second * SECOND)
    found.set_calm_range(None, is_open=False)
    return found


def test_prints_of_one_report() -> None:
    found = Quantity("energy", 1)
    prints = [("pwrboard", 0), ("dbus", 1), ("line", 2), ("pwrboard", 30), ("line", 33), ("line", 34)]
    assert [found.add_print(5, source, second * SECOND) for source, second in prints] == [
        True,
        False,
        False,
        True,
        True,
        True,
    ]


def test_the_last_value_is_a_measurement() -> None:
    found = quantity("energy", 10, 20)
    assert (found.report, found.before, found.highest) == ((20, 30 * SECOND), (10, 0), 20)
    assert (found.measurement.name, found.measurement.value, found.measurement.unit) == ("energy", 20, "Wh")


def test_the_highest_value_is_that_without_its_sign() -> None:
    assert quantity("l1_current", 3, -5, 4).highest == 5


@pytest.mark.parametrize(
    ("found", "calm", "judged"),
    [
        (quantity("l1_voltage", 230), (165, 269), (164.9, 269.1)),
        (quantity("l1_voltage", 50), (-50, 50), (51,)),
        (quantity("l1_voltage", 0), (0,), (0.1, -0.1)),
        (quantity("l1_current", 0.5), (0.99, -3), (1, 2)),
        (quantity("board_temperature", 40, 40), (45, -40), (45.1,)),
        (quantity("board_temperature", 84, 84), (85,), (85.1,)),
        (quantity("energy", 100, 100), (100, 1e9), (99,)),
        (quantity("connector_temperature", 0, connector=0), (0,), (1,)),
    ],
)
def test_values_within_the_calm_range_are_not_judged(
    found: Quantity, calm: tuple[float, ...], judged: tuple[float, ...]
) -> None:
    assert [found.is_calm(value, is_new=True) for value in calm] == [True] * len(calm)
    assert [found.is_calm(value, is_new=True) for value in judged] == [False] * len(judged)


def test_the_other_source_narrows_the_calm_range() -> None:
    found = quantity("l1_voltage", 230)
    found.set_calm_range(240, is_open=False)
    assert (found.low, found.high) == (235, 245)
    found.set_calm_range(240, is_open=True)
    assert not found.is_calm(240, is_new=False)
