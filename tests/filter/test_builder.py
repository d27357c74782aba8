"""Filters written for a part of a record on the screen."""

import pytest

from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise, Reason
from sniffer.core.wire.links import DBUS_EITHER_WAY
from sniffer.filter.builder import build_field_filter, build_part_filter, quote_value
from sniffer.filter.compiler import compile_filter
from sniffer.formats.charger_log import parse_line
from tests.core.protocol.helpers import CODEC, frame, known_message
from tests.filter.helpers import SAMPLE, VOCABULARY, records
from tests.filter.test_field_attributes import TestUserDefinition

REPORT = next(record for record in SAMPLE if record.line == 717)
NOTIFICATION = next(record for record in SAMPLE if record.line == 721)


@pytest.mark.parametrize(
    ("name", "start", "text"),
    [
        ("head", 0, "dir == pwr>com"),
        ("sequence", 1, "seq == 61D9"),
        ("command", 3, "command == 01"),
        ("length", 4, "length == 11"),
        ("crc", 16, 'raw ~ "A3 33"'),
        ("connector", 5, "connector == 1"),
        ("status", 6, "status == Faulted"),
        ("ocpp_error", 7, "ocpp_error == UnderVoltage"),
        ("unknown_3", 8, "unknown_3 == 000000"),
        ("cp_voltage", 12, "cp_voltage == 9"),
    ],
)
def test_parts_of_a_status_report(name: str, start: int, text: str) -> None:
    assert build_part_filter(REPORT, name, start, VOCABULARY) == text


def test_parts_of_a_frame_of_the_other_link() -> None:
    assert build_part_filter(NOTIFICATION, "command", 7, VOCABULARY) == "command == 0001"
    assert build_part_filter(NOTIFICATION, "length", 5, VOCABULARY) == "length == 11"
    assert build_part_filter(NOTIFICATION, "vendor_error", 14, VOCABULARY) == "vendor_error == 0x200208"


def test_head_of_a_frame_without_a_direction() -> None:
    record = Record(1, CODEC.decode(frame(DBUS_EITHER_WAY, 0x7777)))
    assert build_part_filter(record, "head", 0, VOCABULARY) == "link == dbus"


def test_fields_of_a_log_line() -> None:
    (record, _) = records(parse_line("pwrCom error Code vol:4,12,-12"))
    assert build_part_filter(record, "status", 0, VOCABULARY) == 'status == "12 (unknown)"'
    assert build_part_filter(record, "cp_voltage", 0, VOCABULARY) == "cp_voltage == -12"


@pytest.mark.parametrize(
    "text", ["10427240", "", 'a "b" \\ c', "and", "\x1b[31m", "é\n", "0x1", "OR", "a,b".partition(",")[0]]
)
def test_any_text_of_a_log_line_is_found(text: str) -> None:
    (record, _) = records(parse_line(f"cpid = {text},evseNum = 1"))
    written = build_part_filter(record, "charge_point_id", 0, VOCABULARY)
    assert written is not None
    assert compile_filter(written, VOCABULARY).matches(record, None)
    assert not compile_filter(f"not ({written})", VOCABULARY).matches(record, None)


def test_a_missing_part_has_no_filter() -> None:
    assert build_part_filter(REPORT, "l1_voltage", 5, VOCABULARY) is None
    assert build_part_filter(Record(1, Noise(Reason.GARBAGE, None, b"\x01")), "status", 0, VOCABULARY) is None
    assert build_part_filter(records()[0], "status", 0, VOCABULARY) is None
    assert build_part_filter(SAMPLE[0], "status", 0, VOCABULARY) is None


def test_a_field_with_the_name_of_something_else_is_prefixed_or_quoted() -> None:
    vocabulary = TestUserDefinition.VOCABULARY
    (record,) = TestUserDefinition().session([7, 3, 5, 6, 9])
    assert build_part_filter(record, "time", 5, vocabulary) == "field.time == 7"
    assert build_part_filter(record, "Dir", 6, vocabulary) == 'Dir == "and"'
    assert build_part_filter(record, "and", 7, vocabulary) == '"and" == 5'
    assert build_part_filter(record, "a·b", 8, vocabulary) == '"a·b" == 6'


def test_numbers_are_written_without_loss() -> None:
    assert build_field_filter("l1_voltage", 228.26, VOCABULARY) == "l1_voltage == 228.26"
    assert quote_value(1e-05) == "1e-05"
    message = known_message("phase voltages")
    assert compile_filter(
        build_field_filter("l1_voltage", message.value("l1_voltage"), VOCABULARY), VOCABULARY
    ).matches(Record(1, message), None)
