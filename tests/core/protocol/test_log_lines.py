"""Lines of the text log: those that are understood give values; all others, near misses too, stay text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.core.protocol.log_lines import LogLine, LogLineParser
from tests.core.protocol.helpers import DEFINITION, UNDERSTOOD

READER = LogLineParser(DEFINITION)


def read(text):
    return READER.read(LogLine(None, "comproc", text))


def test_there_is_a_line_for_each_pattern():
    assert [name for name, _ in UNDERSTOOD.values()] == [line.name for line in DEFINITION.lines]


@pytest.mark.parametrize("text", UNDERSTOOD)
def test_a_line_of_the_log_is_understood(text):
    message = read(text)
    name, values = UNDERSTOOD[text]
    assert message.meaning.name == name
    assert {field: message.value(field) for field in message.fields} == values


def test_how_well_each_part_of_a_line_is_known():
    assert {line.provenance for line in DEFINITION.lines} == {"documented"}
    code, index = (read("icomCode = 4,index=3").fields[name][0] for name in ("m4_error", "index"))
    assert (code.provenance, index.provenance) == ("documented", "assumed")


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("Com boot!", "Com boot!"),
        ("icomCode = 4,index=3", "icomCode = 4,index=3  (m4_error 4, index 3)"),
        (
            "boardtemp = 46, conntemp = -7 ;",
            "boardtemp = 46, conntemp = -7 ;  (board_temperature 46 °C, connector_temperature -7 °C)",
        ),
        (
            "[run]: 77 hours 59 minutes [mem_used]: 42.5",
            "[run]: 77 hours 59 minutes [mem_used]: 42.5  (hours 77 h, minutes 59 min)",
        ),
        ("availabilitySrc = 0x01,0x01", "availabilitySrc = 0x01,0x01"),
        (
            "ocpp error Code :14,2097672",
            "ocpp error Code :14,2097672  (ocpp_error UnderVoltage, vendor_error 0x200208)",
        ),
        (
            "pwrCom error Code vol:4,8,9",
            "pwrCom error Code vol:4,8,9  (m4_error 4, status Faulted, cp_voltage 9 V)",
        ),
        ("hello", "hello"),
    ],
)
def test_the_summary_keeps_the_text_and_adds_what_it_means(text, summary):
    assert read(text).summary == summary


def test_numbers_may_stand_in_hexadecimal():
    message = read("ocpp error Code :0x0E,0X200208")
    assert (message.raw("ocpp_error"), message.raw("vendor_error")) == (14, 0x200208)


def test_numbers_without_a_name_are_shown():
    assert read("ocpp error Code :99,1").value("ocpp_error") == "99 (unknown)"
    assert read("pwrCom error Code vol:4,12,9").value("status") == "12 (unknown)"


def test_blanks_around_the_text_do_not_matter():
    assert read("  Com boot! \t").meaning.name == "announcement of the power board"


def test_a_field_that_a_line_does_not_have_is_none():
    assert read("Com boot!").raw("m4_error") is None
    assert read("hello").value("m4_error") is None


@pytest.mark.parametrize(
    "text",
    [
        *["", "com boot!", "Com boot", "Com boot!!", "xCom boot!", "Comboot!", "CP_INFO:"],
        *["icomCode = 4,index=", "icomCode = ,index=3", "icomCode = -4,index=3", "icomCode = 4, index=3"],
        *["icomCode = 4,index=3,", "icomCode = 4x,index=3", "icomCode = 0x,index=3", "icomCode = 4.0,index=3"],
        *["icomCode = \u0664,index=3", "icomCode = 4,index=3\nCom boot!", "icomCode = 123456789012345678901,index=3"],
        *["pwrCom error Code vol:4,8", "pwrCom error Code vol:4,8,9,1", "pwrCom error Code vol:4 8 9"],
        *["ocpp error Code :14", "ocpp error Code :0E,200208x", "ocpp error Code 14,2097672"],
        *["boardtemp = 46,conntemp = 37 ;", "boardtemp = 46.5, conntemp = 37 ;", "CPU temperature: +1"],
        *["[run]: 77 hours 59 minutes [mem_used]: 42.", "[run]: 77 hours 59 minutes [mem_used]: .42"],
        *["[run]: 77 hours 59 minutes [mem_used]: 42.123", "[run]: 77 hours 59 minutes [mem_used]: 0x2A"],
        *["[run]: 7.5 hours 59 minutes [mem_used]: 42.12", "[run]: -7 hours 59 minutes [mem_used]: -1.00"],
        *["cpid = 1,2,evseNum = 1", "cpid = 1,evseNum = one", "NumberOfConnectors =1"],
    ],
)
def test_a_near_miss_stays_text(text):
    message = read(text)
    assert (message.meaning, message.values, message.fields, message.summary) == (None, (), {}, text)


def test_an_id_may_hold_anything_but_a_comma():
    assert read("cpid = ,evseNum = 1").value("charge_point_id") == ""
    assert read("cpid = a b\x1b[2J,evseNum = 1").value("charge_point_id") == r"a b\x1b[2J"


def test_an_id_that_is_no_valid_unicode_is_shown_as_an_escape():
    shown = read("cpid = \udcff,evseNum = 1").value("charge_point_id")
    assert shown.isascii()
    assert shown.isprintable()


ODD = st.text(st.characters(exclude_categories=()), max_size=12)
NUMBERS = st.integers(0, 10**20).map(str) | st.integers(0, 10**20).map(hex) | ODD
NEARLY = st.sampled_from([line.pattern for line in DEFINITION.lines])


@settings(max_examples=300, deadline=None)
@given(NEARLY, st.data())
def test_a_line_with_anything_in_its_places_is_read(pattern, data):
    text = pattern
    while "{" in text:
        before, _, rest = text.partition("{")
        text = before + data.draw(NUMBERS).replace("{", "(") + rest.partition("}")[2]
    message = read(text)
    assert message.line.text == text
    assert message.summary.startswith(text)
    for name in message.fields:
        assert message.value(name) is not None


@settings(max_examples=200, deadline=None)
@given(ODD)
def test_any_text_is_read(text):
    assert read(text).summary.startswith(text)


@pytest.mark.parametrize("text", ["Com  boot!", "Com\tboot!", "Com \t boot!"])
def test_a_run_of_white_space_in_a_pattern_stands_for_any(text):
    assert read(text).meaning.name == "announcement of the power board"


@pytest.mark.parametrize(
    ("printed", "raw", "value"),
    [("42.46", 4246, 42.46), ("42.4", 4240, 42.4), ("42", 4200, 42.0), ("0.01", 1, 0.01), ("007.50", 750, 7.5)],
)
def test_a_decimal_is_counted_in_its_smallest_step(printed, raw, value):
    message = read(f"[run]: 1 hours 2 minutes [mem_used]: {printed}")
    assert (message.raw("memory_used"), message.value("memory_used")) == (raw, value)


def test_a_decimal_with_a_unit_may_be_negative():
    text = next(text for text in UNDERSTOOD if text.startswith("connId"))
    message = read(text.replace("240.1", "-240.1").replace("0.01", "-0.01"))
    assert (message.value("l1_voltage"), message.value("l1_current")) == (-240.1, -0.01)
    assert (message.raw("l1_voltage"), message.raw("l1_current")) == (-24010, -1)


def test_a_negative_pilot_voltage_is_understood():
    message = read("pwrCom error Code vol:5,8,-12")
    assert (message.value("m4_error"), message.value("status"), message.value("cp_voltage")) == (5, "Faulted", -12)


def test_lines_that_differ_in_their_zone_only_are_equal() -> None:
    one, other = LogLine(5, "ocpp", "a", zone=0), LogLine(5, "ocpp", "a", zone=3600)
    assert one == other
    assert not one != other  # noqa: SIM202
    assert hash(one) == hash(other)
    assert one != LogLine(6, "ocpp", "a", zone=0)
    assert one != 5
