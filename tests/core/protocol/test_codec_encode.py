"""A message is encoded, or refused with an `EncodeError` that names the message, the place and the reason."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.base.errors import EncodeError
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.loader import load, packaged_files
from tests.core.protocol.helpers import CODEC, DEFINITION

REPORT = {"connector": 1, "status": "Faulted", "ocpp_error": "UnderVoltage", "m4_error": 4, "cp_voltage": 9}
TEMPERATURES = {"board_temperature": 28, "connector_temperature": 21}
NOTIFICATION = {"connector": 1, "status": "Faulted", "ocpp_error": "UnderVoltage", "vendor_error": "0x200208"}
METER = {"connector": 1, "energy": 223710, "voltage": 240.1, "current": 0.01, "temperature": 46}
VOLTAGES = {"l1_voltage": 228.26, "l2_voltage": 228.88, "l3_voltage": 229.57}


def encode(name, values, sequence=0x61D9):
    return CODEC.encode(DEFINITION.command(name), sequence, values)


def payload(name, values):
    return encode(name, values)[5:-2]


def test_a_report_is_put_together_from_names_and_numbers():
    assert encode("status report", REPORT | TEMPERATURES) == bytes.fromhex("BB61D9010B01080E0000000400091C15A333")


def test_a_default_gives_way_to_a_value():
    assert payload("status report", REPORT | {"unknown_3": "01 02 03"}).hex() == "01080e0102030400090000"


@pytest.mark.parametrize("status", ["Faulted", "faulted", "FAULTED", "8 (unknown)"])
def test_a_name_is_taken_in_any_case_of_letters(status):
    assert payload("status report", REPORT | {"status": status})[1] == 8


def test_a_number_without_a_name_is_put_on_the_wire():
    assert payload("status report", REPORT | {"status": "200 (unknown)"})[1] == 200


@pytest.mark.parametrize(("volts", "raw"), [(0, "0000"), (228.26, "592a"), (228.264, "592a"), (655.35, "ffff")])
def test_volts_are_rounded_to_the_step_of_the_field(volts, raw):
    assert payload("phase voltages", VOLTAGES | {"l1_voltage": volts}).hex() == raw + "596859ad"


def test_an_id_is_padded_with_zeros():
    assert payload("announcement answer", {"charge_point_id": "CP-1"})[9:] == b"CP-1" + bytes(21)


def test_an_escape_is_the_byte_that_it_shows():
    assert payload("announcement answer", {"charge_point_id": r"\x1b\\\xff"})[9:12] == b"\x1b\\\xff"


@pytest.mark.parametrize(
    ("command", "values", "message"),
    [
        ("status report", {}, "status report: connector: a value is needed"),
        ("status report", REPORT | {"voltage": 1}, "status report has no field voltage"),
        ("status report", REPORT | {"connector": 256}, "status report: connector: 256 does not fit into 1 byte"),
        ("status report", REPORT | {"connector": -1}, "status report: connector: -1 does not fit into 1 byte"),
        ("status report", REPORT | {"connector": "1"}, "status report: connector: '1' is no number"),
        ("status report", REPORT | {"cp_voltage": 32768}, "cp_voltage: 32768 does not fit into 2 bytes"),
        ("status report", REPORT | {"cp_voltage": -32769}, "cp_voltage: -32769 does not fit into 2 bytes"),
        ("status report", REPORT | {"board_temperature": 128}, "board_temperature: 128 does not fit into 1 byte"),
        ("meter values", METER | {"energy": 42949672960}, "energy: 4294967296 does not fit into 4 bytes"),
        ("meter values", METER | {"energy": -10}, "energy: -1 does not fit into 4 bytes"),
        ("meter values", METER | {"energy": float("inf")}, "energy: inf is no number"),
        ("meter values", METER | {"voltage": 6553.6}, "voltage: 65536 does not fit into 2 bytes"),
        ("status report", REPORT | {"status": "Broken"}, "'Broken' is no status: Available, Preparing, Charging"),
        ("status report", REPORT | {"status": 8}, "8 is no status"),
        ("status report", REPORT | {"status": "256 (unknown)"}, "256 does not fit into 1 byte"),
        ("status report", REPORT | {"ocpp_error": "Faulted"}, "'Faulted' is no OCPP error: ConnectorLockFailure"),
        ("status report", REPORT | {"unknown_3": "0102"}, "unknown_3: 2 bytes, not 3"),
        ("status report", REPORT | {"unknown_3": "xyz"}, "'xyz' is no row of bytes in hexadecimal"),
        ("StatusNotification", NOTIFICATION | {"vendor_error": "0x1000000"}, "does not fit into 3 bytes"),
        ("StatusNotification", NOTIFICATION | {"vendor_error": "relay"}, "'relay' is no hexadecimal number"),
        ("announcement answer", {"charge_point_id": "x" * 26}, "charge_point_id: 26 bytes, not 25"),
        ("announcement answer", {"charge_point_id": "Säule"}, "'Säule' is no ASCII text"),
        ("announcement answer", {"charge_point_id": r"\u20ac"}, "is no ASCII text"),
        ("announcement answer", {"charge_point_id": "\\x"}, "is no ASCII text"),
        ("phase voltages", VOLTAGES | {"l1_voltage": 655.36}, "65536 does not fit into 2 bytes"),
        ("phase voltages", VOLTAGES | {"l1_voltage": "228 V"}, "'228 V' is no number"),
        ("phase voltages", VOLTAGES | {"l1_voltage": float("inf")}, "l1_voltage: inf"),
        ("phase voltages", VOLTAGES | {"l1_voltage": float("nan")}, "l1_voltage: nan"),
    ],
)
def test_what_does_not_fit_is_refused(command, values, message):
    with pytest.raises(EncodeError) as refused:
        encode(command, values)
    assert message in str(refused.value)


@pytest.mark.parametrize("sequence", [-1, 0x10000])
def test_a_sequence_that_does_not_fit_is_refused(sequence):
    with pytest.raises(EncodeError, match="status report: sequence or payload is too large"):
        encode("status report", REPORT, sequence)


def test_a_payload_that_no_length_can_tell_is_refused():
    text = """[[command]]
link = "dbus"
direction = "com>ocpp"
code = 0x77
name = "long"
summary = ""
fields = [{ name = "rest", size = "rest", type = "unknown" }]
"""
    definition = load(packaged_files(), [("my.toml", text)])
    with pytest.raises(EncodeError, match="sequence or payload is too large"):
        Codec(definition).encode(definition.command("long"), 1, {"rest": "00" * 0x10000})


ODD = [-1, 2**80, -0.5, 1e300, float("inf"), float("nan"), "", "\\d", "\\x", "\\", "-0x1", "1_0", "\0", "\ud800", "é"]


def encoded_or_refused(command, values):
    try:
        return CODEC.encode(command, 1, values)
    except EncodeError as refused:
        return refused


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(ODD) | st.integers() | st.floats() | st.text(max_size=30))
def test_one_odd_value_is_put_on_the_wire_or_refused(data, odd):
    """Nothing but `EncodeError` escapes; what is put on the wire has the right size."""
    command = data.draw(st.sampled_from([command for command in DEFINITION.commands if command.fields]))
    good = {field.name: field.conversion.value(bytes(1)) for field in command.fields if field.default is None}
    good |= {"charge_point_id": "1"} if "charge_point_id" in good else {}
    name = data.draw(st.sampled_from([field.name for field in command.fields]))
    result = encoded_or_refused(command, good | {name: odd})
    if isinstance(result, EncodeError):
        assert f"{command.name}: {name}: " in str(result)
    else:
        assert command.size in (None, len(result) - command.route.link.overhead)


def test_a_number_of_thousands_of_digits_is_refused():
    with pytest.raises(EncodeError, match="status report: status"):
        encode("status report", REPORT | {"status": "9" * 5000 + " (unknown)"})


def test_a_backslash_that_begins_no_escape_is_refused():
    with pytest.raises(EncodeError, match="announcement answer: charge_point_id"):
        encode("announcement answer", {"charge_point_id": r"C:\dir"})
