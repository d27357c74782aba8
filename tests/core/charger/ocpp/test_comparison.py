"""OCPP messages on a connector and its meter are compared with the frames."""

from typing import Any

import pytest

from sniffer.base.times import SECOND
from sniffer.core.charger.events import Disagreed, Reference
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.exchanges.relay_check import REPORTS_REMEMBERED
from sniffer.core.wire.links import COM_TO_OCPP, PWR_TO_COM
from tests.core.charger.ocpp.helpers import AT, DialogueBench
from tests.core.protocol.helpers import DEFINITION

TIED = 0x0A0A


@pytest.fixture
def bench() -> DialogueBench:
    return DialogueBench()


def notify(
    bench: DialogueBench, status: Any, error: Any = "NoError", connector: Any = 1, *, after: float = 2
) -> list[Disagreed]:
    """Receive a StatusNotification so many seconds after the last record."""
    bench.time += int(after * SECOND)
    payload = {"connectorId": connector, "status": status, "errorCode": error}
    return [
        event
        for event in bench.charger_says(2, "id", "StatusNotification", payload)
        if isinstance(event, Disagreed) and event.action
    ]


class TestStatus:
    def test_a_notification_of_the_last_report_is_tied_to_it(self, bench: DialogueBench) -> None:
        bench.report("Preparing")
        assert notify(bench, "Preparing") == []
        assert bench.refers == Reference("relays", 1, None, None)

    @pytest.mark.parametrize(
        ("status", "error", "differences"),
        [
            ("Charging", "NoError", [("status", 1, 2)]),
            ("Preparing", "UnderVoltage", [("ocpp_error", 6, 14)]),
            ("Faulted", "UnderVoltage", [("status", 1, 8), ("ocpp_error", 6, 14)]),
            ("Sleeping", "NoError", [("status", 1, "Sleeping")]),
            ("preparing", "noerror", []),
            (7, None, []),
        ],
    )
    def test_each_value_that_differs_is_a_disagreement(
        self, bench: DialogueBench, status: Any, error: Any, differences: list[tuple[Any, ...]]
    ) -> None:
        bench.report("Preparing")
        found = notify(bench, status, error)
        assert [(event.field, event.reported, event.relayed) for event in found] == differences
        assert {(event.connector, event.report, event.action) for event in found} <= {
            (1, Evidence(1, None, AT), "StatusNotification")
        }
        assert bench.refers is not None

    def test_there_is_nothing_to_compare_for_another_connector(self, bench: DialogueBench) -> None:
        bench.report("Preparing")
        for connector in (0, 2, "1", None, True):
            assert notify(bench, "Available", connector=connector) == []
            assert bench.refers is None

    def test_a_report_is_compared_until_the_next_one_is_due(self, bench: DialogueBench) -> None:
        bench.report("Preparing")
        assert notify(bench, "Charging", after=30)
        bench.report("Preparing")
        assert notify(bench, "Charging", after=31) == []
        assert bench.refers is None

    def test_without_times_nothing_shows_that_a_report_is_recent(self, bench: DialogueBench) -> None:
        bench.time = None  # type: ignore[assignment]
        bench.report("Preparing")
        payload = {"connectorId": 1, "status": "Charging", "errorCode": "NoError"}
        assert bench.charger_says(2, "id", "StatusNotification", payload) == []

    def test_the_relay_on_the_other_link_counts_as_well(self, bench: DialogueBench) -> None:
        bench.notify("Preparing")
        assert notify(bench, "Charging")
        assert notify(bench, "Preparing") == []
        assert bench.refers == Reference("relays", 1, None, None)

    def test_of_a_report_and_its_relay_the_report_is_named(self, bench: DialogueBench) -> None:
        bench.report("Preparing", sequence=TIED)
        bench.notify("Preparing", sequence=TIED)
        notify(bench, "Preparing", after=0)
        assert bench.refers == Reference("relays", 1, None, None)

    def test_a_report_of_the_same_second_may_be_printed_before_an_older_notification(
        self, bench: DialogueBench
    ) -> None:
        bench.report("Preparing")
        bench.time += 29 * SECOND
        bench.report("Charging")
        assert notify(bench, "Preparing", after=0) == []
        assert bench.refers == Reference("relays", 1, None, None)
        assert notify(bench, "Preparing", after=1)

    def test_a_result_passes_on_nothing(self, bench: DialogueBench) -> None:
        bench.report("Preparing")
        bench.central(3, "id", {"connectorId": 1, "status": "Charging"})
        assert bench.refers is None

    def test_the_last_reports_are_remembered(self, bench: DialogueBench) -> None:
        bench.report("Preparing", connector=1)
        for _ in range(REPORTS_REMEMBERED):
            bench.report("Available", connector=2)
        notify(bench, "Preparing")
        assert bench.refers is None


def meter(bench: DialogueBench, route: Any = PWR_TO_COM) -> None:
    """Receive meter values: 223,710 Wh, 240.1 V, 0.01 A on L1."""
    command = next(one for one in DEFINITION.commands if one.role == "meter" and one.route is route)
    values = {"connector": 1, "energy": 223710, "voltage": 240.1, "current": 0.01, "temperature": 46}
    bench.say(command, 0xEEEE, **values, l1_voltage=240.1, l1_current=0.01)


def send_meter_values(bench: DialogueBench, *samples: dict[str, Any], connector: Any = 1) -> list[tuple[Any, ...]]:
    """Receive MeterValues two seconds later; return the differences that are found."""
    bench.time += 2 * SECOND
    payload = {"connectorId": connector, "meterValue": [{"sampledValue": [*samples]}]}
    events = bench.charger_says(2, "id", "MeterValues", payload)
    return [(event.field, event.reported, event.relayed) for event in events if isinstance(event, Disagreed)]


VOLTAGE = {"measurand": "Voltage", "unit": "V"}
CURRENT = {"measurand": "Current.Import", "unit": "A"}


class TestMeter:
    @pytest.mark.parametrize("route", [PWR_TO_COM, COM_TO_OCPP])
    def test_meter_values_are_tied_to_the_last_frame(self, bench: DialogueBench, route: Any) -> None:
        meter(bench, route)
        samples = [{"value": "223710"}, VOLTAGE | {"value": "240.1", "phase": "L1"}, CURRENT | {"value": "0.01"}]
        assert send_meter_values(bench, *samples) == []
        assert bench.refers == Reference("relays", 1, None, None)

    @pytest.mark.parametrize(
        ("sample", "differences"),
        [
            ({"value": "223720"}, [("energy", 223710, 223720)]),
            ({"value": 223710}, []),
            ({"value": 223720}, [("energy", 223710, 223720)]),
            ({"value": 223710.5}, [("energy", 223710, 223710.5)]),
            ({"value": "223710.5"}, [("energy", 223710, 223710.5)]),
            ({"value": "223.76", "unit": "kWh"}, [("energy", 223710, 223760)]),
            ({"value": "223.71", "unit": "kWh"}, []),
            ({"value": "223.7", "unit": "kWh"}, []),
            ({"value": "223.8", "unit": "kWh"}, [("energy", 223710, 223800)]),
            (VOLTAGE | {"value": "240"}, []),
            (VOLTAGE | {"value": "240.0"}, [("voltage", 240.1, 240)]),
            (VOLTAGE | {"value": "239.9", "phase": "L1-N"}, [("l1_voltage", 240.1, 239.9)]),
            ({"measurand": "Voltage", "value": "100"}, [("voltage", 240.1, 100)]),
            (CURRENT | {"value": "0.0"}, []),
            (CURRENT | {"value": "16.0", "phase": "L1"}, [("l1_current", 0.01, 16)]),
            (VOLTAGE | {"value": "400.0", "phase": "L1-L2"}, []),
            (VOLTAGE | {"value": "0.24", "unit": "kV"}, []),
            ({"value": "1", "measurand": "Power.Active.Import"}, []),
            *[({"value": value}, []) for value in ("NaN", "1e9", "", "x", None, True, "9" * 40)],
            ({"value": ["1"]}, []),
            ({"value": "50", "measurand": "Temperature", "unit": "Celsius"}, [("temperature", 46, 50)]),
            ({"value": "46", "measurand": "Temperature", "unit": "Celcius"}, []),
            ({"value": "115", "measurand": "Temperature", "unit": "Fahrenheit"}, []),
            ({"value": "6", "measurand": "Current.Offered", "unit": "A"}, []),
            ({"value": "5", "location": "Outlet"}, [("energy", 223710, 5)]),
            ({"value": "5", "location": "Inlet"}, []),
            ({"value": "1", "unit": 7}, []),
            ({"value": "1", "phase": ["L1"]}, []),
            ({"value": "1", "measurand": {}}, []),
        ],
    )
    def test_a_value_may_differ_by_half_a_step_of_what_is_printed(
        self, bench: DialogueBench, sample: dict[str, Any], differences: list[tuple[Any, ...]]
    ) -> None:
        meter(bench)
        # As text, so that a whole number is one without a point.
        assert str(send_meter_values(bench, sample)) == str(differences)

    def test_a_phase_that_is_not_in_the_frame_is_not_compared(self, bench: DialogueBench) -> None:
        meter(bench, COM_TO_OCPP)
        assert send_meter_values(bench, VOLTAGE | {"value": "100", "phase": "L2"}) == []

    def test_another_connector_has_no_meter_here(self, bench: DialogueBench) -> None:
        meter(bench)
        assert send_meter_values(bench, {"value": "1"}, connector=2) == []
        assert bench.refers is None

    def test_the_log_line_with_meter_values_counts_as_well(self, bench: DialogueBench) -> None:
        bench.line(
            "connId:1,connectorType:1,meterval:223710,AC_voltage_A:240.1,AC_current_A:0.01,MaxPowerOffered:0,"
            "temperature:46,soc:0,AC_Power:2"
        )
        samples = [{"value": "223710"}, VOLTAGE | {"value": "239.0", "phase": "L1"}, VOLTAGE | {"value": "100"}]
        assert send_meter_values(bench, *samples) == [("l1_voltage", 240.1, 239)]
        assert bench.refers == Reference("relays", 1, None, None)

    def test_meter_values_of_some_seconds_ago_are_others(self, bench: DialogueBench) -> None:
        meter(bench)
        bench.time += SECOND
        assert send_meter_values(bench, {"value": "1"}) == []
        assert bench.refers is None

    def test_only_the_last_of_several_meter_values_is_of_now(self, bench: DialogueBench) -> None:
        meter(bench)
        values = [{"sampledValue": [{"value": "5"}]}, {"sampledValue": [{"value": "223710"}]}]
        payload = {"connectorId": 1, "meterValue": values}
        assert bench.charger_says(2, "id", "MeterValues", payload) == []
