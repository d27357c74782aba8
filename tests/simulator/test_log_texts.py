"""The lines beside the frames: those of the real log and of the service log, character for character."""

import pytest

from sniffer.base.times import MINUTE
from sniffer.core.protocol.loader import packaged_definition
from sniffer.simulator import log_texts
from sniffer.simulator.scenarios import Phase

NOW = 1_712_126_390 * 1_000_000_000

IDLE = Phase("Preparing", 9, 1)
FAULTED = Phase("Faulted", 9, 1, ocpp_error="UnderVoltage", m4_error=4)


def test_charge_point_information_is_printed_in_four_lines() -> None:
    assert log_texts.format_charge_point("1000") == (
        "CP_INFO",
        "cpid = 1000,evseNum = 1",
        "NumberOfConnectors = 1",
        "availabilitySrc = 0x01,0x01",
    )


@pytest.mark.parametrize(
    ("phase", "row", "power_board", "ocpp"),
    [
        (IDLE, "icomCode = 0,index=0", "pwrCom error Code vol:0,1,9", "ocpp error Code :6,0"),
        (FAULTED, "icomCode = 4,index=3", "pwrCom error Code vol:4,8,9", "ocpp error Code :14,2097672"),
    ],
)
def test_the_codes_of_a_status_report(phase: Phase, row: str, power_board: str, ocpp: str) -> None:
    definition = packaged_definition()
    assert log_texts.format_error_row(definition, phase) == row
    assert log_texts.format_errors(definition, phase) == (power_board, ocpp)


def test_the_vendor_error_is_that_of_the_row() -> None:
    assert log_texts.find_vendor_error(packaged_definition(), FAULTED) == 0x200208
    assert log_texts.find_vendor_error(packaged_definition(), IDLE) == 0


def test_temperatures_are_printed_as_in_the_real_log() -> None:
    temperatures = {"board_temperature": 45, "connector_temperature": 36}
    assert log_texts.format_temperatures(temperatures) == " boardtemp = 45, conntemp = 36 ;"


def test_the_power_of_the_meter_is_cut_to_whole_watts() -> None:
    meter = {"energy": 223_710, "voltage": 240.1, "current": 0.01, "temperature": 46}
    assert log_texts.format_meter(1, meter) == (
        "connId:1,connectorType:1,meterval:223710,AC_voltage_A:240.1,AC_current_A:0.01,MaxPowerOffered:0,"
        "temperature:46,soc:0,AC_Power:2"
    )


def test_the_meter_is_printed_as_precisely_as_it_measures() -> None:
    meter = {"energy": 223_710, "voltage": 229.96, "current": 15.994, "temperature": 46}
    text = log_texts.format_meter(1, meter)
    assert ",AC_voltage_A:230.0,AC_current_A:15.99," in text
    # 230.0 V times 15.99 A are 3677.7 W; with 15.994 A they would be 3678.6 W.
    assert text.endswith(",AC_Power:3677")


def test_a_configuration_that_was_changed() -> None:
    assert log_texts.format_configuration("MeterValuesSampledData", "Current.Import") == (
        "Key:MeterValuesSampledData READonly:false",
        "MeterValuesSampledData -- Energy.Active.Import.Register: [1], voltage: [0], Current.Import: [1],"
        " Power.Active.Import: [0], Temperature: [0], SoC: [0], Power.Offered: [0], Current.Offered: [0]",
    )


@pytest.mark.parametrize(
    ("minutes", "run", "temperature"),
    [
        (0, "[run]:     0 hours\t 0 minutes\t[mem_used]: 42.52", "CPU temperature: 63500"),
        (78 * 60 + 5, "[run]:    78 hours\t 5 minutes\t[mem_used]: 42.52", "CPU temperature: 63680"),
    ],
)
def test_the_state_of_the_ocpp_module(minutes: int, run: str, temperature: str) -> None:
    assert log_texts.format_system(minutes * MINUTE, NOW) == (
        "[2024-04-03T06:38:50.000Z]Network status is:[Connected]!",
        run,
        temperature,
        "net_interface nums: 4",
    )
