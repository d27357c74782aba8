"""Each rule finds what it names, on both sides of its limit, in frames as in lines of the log."""

import pytest

from sniffer.core.charger.measurements.plausibility_rules import RULES
from tests.core.charger.measurements.helpers import MeasuredCharger, rules

ALL = {rule.name for rule in RULES}


def test_every_rule_is_complete() -> None:
    assert {
        "phase-voltage",
        "temperature-high",
        "temperature-rise",
        "energy-backwards",
        "current-without-charging",
        "voltages-differ",
    } == ALL
    for rule in RULES:
        assert rule.about
        assert rule.unit
        assert rule.provenance
        assert rule.low is not None or rule.high is not None


class TestPhaseVoltage:
    """A phase that was above 50 V once must be from 165 to 269 V, but for 6 s."""

    @pytest.mark.parametrize(("volts", "limit"), [(164.99, 165), (269.01, 269)])
    def test_over_six_seconds_outside_is_implausible(self, volts: float, limit: float) -> None:
        charger = MeasuredCharger()
        assert charger.at(0).mains(230) == charger.at(10).mains(volts) == charger.at(16).mains(volts) == []
        (found,) = charger.at(16.1).mains(volts)
        assert (found.rule, found.field, found.value, found.limit) == ("phase-voltage", "l1_voltage", volts, limit)
        assert (found.since, found.time, found.connector) == (10_000_000_000, 16_100_000_000, None)
        assert charger.at(17).mains(volts) == []

    @pytest.mark.parametrize("volts", [165, 269])
    def test_the_limits_themselves_are_allowed(self, volts: float) -> None:
        charger = MeasuredCharger()
        assert [charger.at(second).mains(volts) for second in range(20)] == [[]] * 20

    def test_a_good_value_in_between_begins_anew(self) -> None:
        charger = MeasuredCharger()
        for second, volts in enumerate((230, 150, 150, 150, 150, 165, 150, 150, 150, 150, 150, 150)):
            assert charger.at(second).mains(volts) == []
        assert rules(charger.at(13).mains(150)) == [("phase-voltage", "l1_voltage")]

    def test_a_phase_that_was_never_there_is_not_missed(self) -> None:
        charger = MeasuredCharger()
        assert [charger.at(second).mains(230, 0, 50) for second in range(20)] == [[]] * 20

    def test_a_phase_that_was_lost_is_missed(self) -> None:
        charger = MeasuredCharger()
        charger.at(0).mains(230, 230, 50.01)
        charger.at(1).mains(230, 0, 0)
        assert rules(charger.at(7.5).mains(230, 0, 0)) == [
            ("phase-voltage", "l2_voltage"),
            ("phase-voltage", "l3_voltage"),
        ]

    def test_it_is_reported_again_after_it_has_ended(self) -> None:
        charger = MeasuredCharger()
        found = [rules(charger.at(7 * step).mains(volts)) for step, volts in enumerate((230, 150, 150, 230, 150, 150))]
        assert found == [[], [], [("phase-voltage", "l1_voltage")], [], [], [("phase-voltage", "l1_voltage")]]

    def test_meter_and_mains_report_it_once(self) -> None:
        charger = MeasuredCharger()
        charger.at(0).mains(230)
        charger.at(1).mains(150)
        charger.at(1).meter(voltage=150)
        assert rules(charger.at(10).mains(150)) == [("phase-voltage", "l1_voltage")]
        assert charger.at(31).meter(voltage=150) == []

    def test_one_sample_proves_nothing(self) -> None:
        charger = MeasuredCharger()
        charger.at(0).mains(230)
        assert charger.at(60).mains(150) == []
        assert charger.at(None).mains(150) == []

    def test_the_meter_of_a_log(self) -> None:
        charger = MeasuredCharger()
        charger.at(0).meter_line(l1_voltage=150)
        assert rules(charger.at(30).meter_line(l1_voltage=150)) == [("phase-voltage", "l1_voltage")]


class TestTemperatures:
    """At most 85 °C, and at most 5 K more than in the report before."""

    @pytest.mark.parametrize(("board", "found"), [(85, []), (86, [("temperature-high", "board_temperature")])])
    def test_the_highest_temperature(self, board: int, found: list[tuple[str, str]]) -> None:
        assert rules(MeasuredCharger().status("Available", board=board)) == found

    @pytest.mark.parametrize(("plug", "found"), [(41, []), (42, [("temperature-rise", "connector_temperature")])])
    def test_the_greatest_rise(self, plug: int, found: list[tuple[str, str]]) -> None:
        charger = MeasuredCharger()
        charger.at(0).status("Available", plug=36)
        assert rules(charger.at(29).status("Available", plug=plug)) == found

    def test_values_of_a_rise(self) -> None:
        charger = MeasuredCharger()
        charger.at(1).meter(temperature=-3)
        (found,) = charger.at(31).meter(temperature=7)
        assert (found.field, found.value, found.limit, found.unit) == ("temperature", 10, 5, "K")
        assert (found.since, found.connector) == (1_000_000_000, 1)

    def test_a_fall_is_no_rise(self) -> None:
        charger = MeasuredCharger()
        charger.at(0).status("Available", board=60)
        assert charger.at(29).status("Available", board=20) == []

    def test_reports_minutes_apart_are_not_compared(self) -> None:
        charger = MeasuredCharger()
        charger.at(0).status("Available", board=20)
        assert charger.at(65.1).status("Available", board=60) == []
        assert rules(charger.at(130).status("Available", board=66)) == [("temperature-rise", "board_temperature")]

    def test_prints_of_one_report_are_one_report(self) -> None:
        charger = MeasuredCharger()
        charger.at(0).status("Available", board=40)
        charger.at(0).line("boardtemp = 40, conntemp = 36 ;")
        assert charger.at(29).status("Available", board=45) == []
        assert charger.at(29).line("boardtemp = 45, conntemp = 36 ;") == []
        assert rules(charger.at(58).line("boardtemp = 51, conntemp = 36 ;")) == [
            ("temperature-rise", "board_temperature")
        ]
        assert charger.at(58).status("Available", board=51) == []


class TestEnergy:
    """The register of the meter never goes back."""

    def test_less_than_before_is_implausible_once(self) -> None:
        charger = MeasuredCharger()
        assert charger.at(0).meter(energy=1000) == charger.at(30).meter(energy=1000) == []
        (found,) = charger.at(60).meter(energy=990)
        assert (found.rule, found.value, found.limit, found.since) == ("energy-backwards", 990, 1000, 30_000_000_000)
        assert charger.at(90).meter(energy=1000) == []
        assert charger.now.implausible == ()

    def test_each_connector_has_its_meter(self) -> None:
        charger = MeasuredCharger()
        assert charger.at(0).meter(energy=1000, connector=1) == charger.at(0).meter(energy=10, connector=2) == []
        assert rules(charger.at(30).meter(energy=0, connector=2)) == [("energy-backwards", "energy")]


class TestCurrent:
    """A current of 1 A or more, in two reports, while the connector is known and not Charging."""

    @pytest.mark.parametrize(("amperes", "found"), [(0.99, []), (1.0, [("current-without-charging", "l1_current")])])
    def test_two_reports_are_needed(self, amperes: float, found: list[tuple[str, str]]) -> None:
        charger = MeasuredCharger()
        charger.at(0).status("Finishing")
        assert charger.at(1).meter(current=amperes) == []
        assert rules(charger.at(31).meter(current=amperes)) == found
        assert charger.at(61).meter(current=amperes) == []

    def test_it_says_since_when(self) -> None:
        charger = MeasuredCharger()
        charger.at(0).status("Available")
        charger.at(1).meter(current=16)
        (found,) = charger.at(31).meter(current=15)
        assert (found.value, found.limit, found.since, found.connector) == (15, 1, 1_000_000_000, 1)
        assert "welded" in found.about

    @pytest.mark.parametrize("status", ["Charging", None])
    def test_no_current_is_wrong_while_charging_or_not_known(self, status: str | None) -> None:
        charger = MeasuredCharger()
        if status:
            charger.at(0).status(status)
        assert charger.at(1).meter(current=16) == charger.at(31).meter(current=16) == []

    def test_a_status_of_long_ago_is_not_known(self) -> None:
        charger = MeasuredCharger()
        charger.at(0).status("Available")
        assert charger.at(301).meter(current=16) == charger.at(331).meter(current=16) == []

    def test_a_report_without_current_in_between(self) -> None:
        charger = MeasuredCharger()
        charger.at(0).status("Available")
        for second, amperes in ((1, 16), (31, 0), (61, 16)):
            assert charger.at(second).meter(current=amperes) == []

    def test_three_prints_of_one_report_are_one(self) -> None:
        charger = MeasuredCharger()
        charger.at(0).status("Available")
        for second in (1, 2):
            assert charger.at(second).meter(current=16, link="pwrboard" if second == 1 else "dbus") == []
        assert charger.at(2).meter_line(l1_current=16) == []
        assert rules(charger.at(31).meter_line(l1_current=16)) == [("current-without-charging", "l1_current")]
        assert charger.at(31).meter(current=16) == []

    def test_without_times_the_second_report_breaks_the_rule(self) -> None:
        charger = MeasuredCharger().at(None)
        charger.status("Available")
        assert charger.meter(current=16) == []
        assert rules(charger.meter(current=16)) == [("current-without-charging", "l1_current")]


class TestDifference:
    """Meter and phase voltages within 5 s are at most 5 V apart."""

    @pytest.mark.parametrize(("volts", "found"), [(235.1, []), (235.2, [("voltages-differ", "l1_voltage")])])
    def test_the_greatest_difference(self, volts: float, found: list[tuple[str, str]]) -> None:
        charger = MeasuredCharger()
        charger.at(0).mains(230.1)
        assert rules(charger.at(5).meter(voltage=volts)) == found
        other = MeasuredCharger()
        other.at(0).meter(voltage=volts)
        assert rules(other.at(5).mains(230.1)) == found

    def test_values_of_a_difference(self) -> None:
        charger = MeasuredCharger()
        charger.at(1).mains(230)
        (found,) = charger.at(3).meter(voltage=220)
        assert (found.value, found.limit, found.since, found.connector) == (10, 5, 1_000_000_000, 1)
        assert charger.at(4).mains(230) == []
        assert [event.rule for event in charger.now.implausible] == ["voltages-differ"]
        assert charger.at(5).meter(voltage=229) == []
        assert charger.now.implausible == ()

    def test_only_the_nearest_reports_are_compared_when_the_mains_change(self) -> None:
        charger = MeasuredCharger()
        charger.at(0).mains(230)
        assert charger.at(1).meter(voltage=230) == []
        assert charger.at(2).mains(226) == []
        assert charger.at(3).mains(218) == charger.at(4).mains(210) == []
        assert rules(charger.at(5).meter(voltage=216)) == [("voltages-differ", "l1_voltage")]

    def test_voltages_further_apart_in_time_are_not_compared(self) -> None:
        charger = MeasuredCharger()
        charger.at(0).mains(230)
        assert charger.at(5.1).meter(voltage=200) == []
        assert charger.at(None).meter(voltage=200) == charger.at(None).mains(230) == []

    def test_a_phase_that_only_one_source_has_is_not_compared(self) -> None:
        charger = MeasuredCharger()
        charger.at(0).mains(230, 230, 230)
        assert charger.at(1).meter(voltage=230) == []
