"""Voltages, current, energy and temperatures of the simulated charger through the phases of a charge."""

from random import Random

import pytest

from sniffer.base.times import SECOND
from sniffer.simulator.measured_values import FIRST_ENERGY, PHASE_VOLTAGES, MeasuredValues
from sniffer.simulator.scenarios import Phase

START = 100 * SECOND
IDLE = Phase("Available", 12, 10)
CHARGING = Phase("Charging", 6, 60, current=16)


class Middle(Random):
    """A random number generator without chance: always the middle of the range."""

    def uniform(self, a: float, b: float) -> float:
        return (a + b) / 2


class Highest(Random):
    def uniform(self, a: float, b: float) -> float:
        return b


def measured(*phases: Phase, random: Random | None = None) -> MeasuredValues:
    """Return the values at the end of the phases, of which the last has just begun."""
    values, now = MeasuredValues(random or Middle(0), START), START
    for phase in phases:
        values.begin_phase(phase, now, round(phase.seconds * SECOND))
        now += round(phase.seconds * SECOND)
    return values


def test_an_idle_charger_shows_the_normal_mains_and_no_heat() -> None:
    values = measured(IDLE)
    assert values.read_voltages(START + 5 * SECOND) == PHASE_VOLTAGES
    assert values.read_temperatures(START + 5 * SECOND) == {"board_temperature": 36, "connector_temperature": 28}
    assert values.read_meter(START + 5 * SECOND) == {
        "energy": 223_710,
        "voltage": 228.26,
        "current": 0.01,
        "temperature": 34,
        "l1_voltage": 228.26,
        "l2_voltage": 228.88,
        "l3_voltage": 229.57,
        "l1_current": 0.01,
        "l2_current": 0.01,
        "l3_current": 0.01,
    }


@pytest.mark.parametrize(("seconds", "amperes"), [(0, 0.01), (1, 4.01), (2, 8.01), (4, 16), (30, 16)])
def test_the_current_rises_by_four_amperes_a_second(seconds: int, amperes: float) -> None:
    values = measured(IDLE, CHARGING)
    assert values.read_meter(START + (10 + seconds) * SECOND)["current"] == pytest.approx(amperes)


def test_the_current_falls_at_once() -> None:
    values = measured(CHARGING, IDLE)
    assert values.read_meter(START + 60 * SECOND)["current"] == 0.01


def test_the_energy_is_that_of_three_phases_in_steps_of_ten() -> None:
    values = measured(CHARGING)
    values.read_meter(START + 4 * SECOND)
    energies = [int(values.read_meter(START + second * SECOND)["energy"]) for second in range(4, 60)]
    watts = 16 * sum(PHASE_VOLTAGES.values())
    grown = energies[-1] - FIRST_ENERGY
    assert grown == pytest.approx(watts * 55 / 3600, abs=20)
    assert energies == sorted(energies)
    assert {energy % 10 for energy in energies} == {0}


def test_energy_does_not_depend_on_how_often_it_is_read() -> None:
    often, once = measured(CHARGING), measured(CHARGING)
    for values in (often, once):
        values.read_meter(START + 4 * SECOND)
    for second in range(4, 60):
        often.read_meter(START + second * SECOND)
    assert often.read_meter(START + 60 * SECOND) == once.read_meter(START + 60 * SECOND)


def test_the_temperatures_rise_slowly_and_fall_again() -> None:
    values = measured(Phase("Charging", 6, 1000, current=16))
    assert values.read_temperatures(START + 29 * SECOND) == {"board_temperature": 40, "connector_temperature": 32}
    hot = values.read_temperatures(START + 1000 * SECOND)
    assert hot == {"board_temperature": 50, "connector_temperature": 42}
    assert values.read_meter(START + 1000 * SECOND)["temperature"] == 46
    values.begin_phase(IDLE, START + 1000 * SECOND, 1000 * SECOND)
    assert values.read_temperatures(START + 1100 * SECOND) == {"board_temperature": 41, "connector_temperature": 33}
    assert values.read_temperatures(START + 2000 * SECOND) == {"board_temperature": 36, "connector_temperature": 28}


def test_a_quarter_of_the_current_gives_a_sixteenth_of_the_heat() -> None:
    values = measured(Phase("Charging", 6, 2000, current=4))
    assert values.read_temperatures(START + 2000 * SECOND) == {"board_temperature": 37, "connector_temperature": 29}


@pytest.mark.parametrize(("seconds", "level"), [(0, 1), (5, 0.95), (10, 0.9)])
def test_the_voltages_change_evenly_to_the_level_of_the_phase(seconds: int, level: float) -> None:
    values = measured(IDLE, Phase("Available", 12, 10, level=0.9))
    expected = {name: normal * level for name, normal in PHASE_VOLTAGES.items()}
    assert values.read_voltages(START + (10 + seconds) * SECOND) == pytest.approx(expected)


def test_the_next_phase_begins_at_the_level_of_the_one_before() -> None:
    values = measured(Phase("Available", 12, 10, level=0.9), Phase("Available", 12, 10, level=0.9))
    assert values.read_voltages(START + 10 * SECOND)["l1_voltage"] == pytest.approx(228.26 * 0.9)


def test_each_voltage_varies_by_two_volts_at_most() -> None:
    values = measured(IDLE, random=Highest(0))
    for second in range(100):
        voltages = values.read_voltages(START + second * SECOND)
    assert voltages == pytest.approx({name: normal + 2 for name, normal in PHASE_VOLTAGES.items()})


def test_the_meter_reads_the_voltages_that_were_sent_last() -> None:
    values = measured(IDLE, random=Random(1))
    sent = values.read_voltages(START + SECOND)
    assert values.read_meter(START + SECOND)["voltage"] == sent["l1_voltage"]
