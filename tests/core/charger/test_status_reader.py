"""The status reader: what one report says, the same each time, and in bounded memory."""

from copy import deepcopy

import pytest

from sniffer.core.charger.fault_codes import NO_CODES, FaultCodes
from sniffer.core.charger.status_reader import READINGS_KEPT, StatusReader, read_volts
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.links import PWR_TO_COM
from tests.core.protocol.helpers import CODEC, DEFINITION, decoded


def report(status: str, error: str = "NoError", **values: int) -> Message:
    named = {"connector": 1, "m4_error": 0, "cp_voltage": 12, **values}
    command = DEFINITION.command("status report")
    raw = CODEC.encode(command, 7, {"status": status, "ocpp_error": error, **named})
    return CODEC.decode(Frame(command.route, None, raw))


def test_a_report_without_a_fault() -> None:
    reading = StatusReader(DEFINITION).read(report("Available"))
    assert reading
    assert (reading.connector, reading.status, reading.cp_voltage, reading.rules) == (1, "Available", 12, ())
    assert reading.codes is NO_CODES
    assert reading.ocpp_error is not None


def test_a_report_with_a_fault_that_contradicts_its_status() -> None:
    message = report("Charging", "UnderVoltage", m4_error=4, cp_voltage=6)
    reader = StatusReader(DEFINITION)
    reading = reader.read(message)
    assert reading
    assert reading.codes == FaultCodes(ocpp=reading.ocpp_error, m4=4) == reader.read_codes(message)
    assert reading.rules


def test_the_whole_station_has_no_control_pilot() -> None:
    reading = StatusReader(DEFINITION).read(report("Available", connector=0))
    assert reading
    assert (reading.connector, reading.cp_voltage) == (0, None)


@pytest.mark.parametrize("count", [0, 1])
def test_a_report_that_was_cut_short_before_its_status_says_nothing(count: int) -> None:
    whole = report("Available")
    assert StatusReader(DEFINITION).read(Message(whole.frame, whole.command, whole.values[:count])) is None


def test_an_equal_report_has_the_same_reading_and_another_one_its_own() -> None:
    reader = StatusReader(DEFINITION)
    assert reader.read(report("Available")) is reader.read(report("Available"))
    assert reader.read(report("Preparing", cp_voltage=9)) != reader.read(report("Available"))
    assert deepcopy(reader) is reader


def test_readings_kept_are_bounded() -> None:
    reader = StatusReader(DEFINITION)
    first = reader.read(report("Available"))
    for connector in range(2, 2 + READINGS_KEPT):
        reader.read(report("Available", connector=connector))
    again = reader.read(report("Available"))
    assert again == first
    assert again is not first


VOLTAGES = bytes.fromhex("592A596859AD")


def test_volts_are_numbers_only() -> None:
    assert read_volts(decoded(PWR_TO_COM, 0x32, VOLTAGES), "l2_voltage") == 228.88
    assert read_volts(decoded(PWR_TO_COM, 0x32, VOLTAGES[:4]), "l3_voltage") is None
    assert read_volts(decoded(PWR_TO_COM, 0x01, bytes(11)), "l1_voltage") is None
    assert read_volts(decoded(PWR_TO_COM, 0x01, bytes(11)), "status") is None
