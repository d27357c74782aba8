"""Measured quantities are read by the names of their fields, from frames and from lines of the log."""

import pytest

from sniffer.core.charger.measurements.measurement import (
    QUANTITIES,
    SAME_REPORT,
    MeasurementReader,
    Reading,
    build_plan,
    is_near,
    may_be_missing,
)
from sniffer.core.protocol.log_lines import LogLine, LogLineParser
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM
from tests.core.protocol.helpers import CODEC, DEFINITION

METER = bytes.fromhex("BBEEEE041E01635700006109010000000000 2E000161090100000000000000000000000097A7".replace(" ", ""))
STATUS = bytes.fromhex("BBA9C0010B0101060000000000092E2577B0")
LINES = LogLineParser(DEFINITION)


def frame(raw: bytes, time: int | None = None) -> Reading | None:
    return MeasurementReader().read(CODEC.decode(Frame(PWR_TO_COM, time, raw)))


def line(reader: MeasurementReader, text: str, time: int | None) -> Reading | None:
    return reader.read(LINES.read(LogLine(time, "comproc", text)))


def test_the_meter_of_the_real_charger() -> None:
    found = frame(METER, 7)
    assert found is not None
    assert (found.connector, found.time) == (1, 7)
    assert dict(found.values) == {
        "l1_voltage": 240.1,
        "l1_current": 0.01,
        "l2_voltage": 0,
        "l2_current": 0,
        "l3_voltage": 0,
        "l3_current": 0,
        "voltage": 240.1,
        "current": 0.01,
        "energy": 223710,
        "temperature": 46,
        "l1_power": 2.4,
        "l2_power": 0,
        "l3_power": 0,
    }


def test_the_status_report_of_the_real_charger() -> None:
    found = frame(STATUS)
    assert found is not None
    assert found.connector == 1
    assert dict(found.values) == {"board_temperature": 46, "connector_temperature": 37}


@pytest.mark.parametrize("raw", [PWR_TO_COM.link.build(PWR_TO_COM.head, 1, code, b"") for code in (0x04, 0x01, 0x32)])
def test_a_payload_that_was_cut_short_has_no_values(raw: bytes) -> None:
    found = frame(raw)
    assert found is not None
    assert (found.connector, dict(found.values)) == (None, {})


def test_other_commands_and_lines_are_not_read() -> None:
    unknown = COM_TO_PWR.link.build(COM_TO_PWR.head, 1, 0x7F, b"\1")
    assert MeasurementReader().read(CODEC.decode(Frame(COM_TO_PWR, None, unknown))) is None
    assert line(MeasurementReader(), "Com boot!", 1) is None
    assert line(MeasurementReader(), "what is this", 1) is None


def test_the_plan_of_a_command_is_made_once_and_by_its_role() -> None:
    assert build_plan(DEFINITION.command("status answer")) is None
    plan = build_plan(DEFINITION.command("phase voltages"))
    assert plan is not None
    assert ([name for name, _, _ in plan.quantities], plan.connector) == (
        ["l1_voltage", "l2_voltage", "l3_voltage"],
        None,
    )


TEMPERATURES = "boardtemp = 45, conntemp = 36 ;"


def test_temperatures_belong_to_the_report_before_them() -> None:
    reader = MeasurementReader()
    for connector in (1, 2):
        values = {
            "connector": connector,
            "status": "Available",
            "ocpp_error": "NoError",
            "m4_error": 0,
            "cp_voltage": 12,
        }
        raw = CODEC.encode(DEFINITION.command("status report"), 1, values)
        reader.read(CODEC.decode(Frame(PWR_TO_COM, connector * SAME_REPORT, raw)))
        found = line(reader, TEMPERATURES, connector * SAME_REPORT)
        assert found is not None
        assert found.connector == connector
    late = line(reader, TEMPERATURES, 9 * SAME_REPORT)
    assert late is not None
    assert late.connector is None


def test_temperatures_without_a_report_belong_to_the_only_connector() -> None:
    reader = MeasurementReader()
    first = line(reader, TEMPERATURES, 1)
    reader.read(CODEC.decode(Frame(PWR_TO_COM, 2, STATUS)))
    late = line(reader, TEMPERATURES, 100 * SAME_REPORT)
    assert first is not None
    assert late is not None
    assert (first.connector, late.connector) == (None, 1)
    assert dict(late.values) == {"board_temperature": 45, "connector_temperature": 36}


def test_times_that_are_near() -> None:
    assert is_near(1, 3, 2)
    assert not is_near(1, 4, 2)
    assert is_near(None, None, 0)
    assert not is_near(None, 1, 9)


def test_only_phases_and_the_station_may_be_missing() -> None:
    missing = [name for name in QUANTITIES if may_be_missing(name, 1)]
    assert missing == [name for name in QUANTITIES if name[0] == "l"]
    assert may_be_missing("board_temperature", 0)
