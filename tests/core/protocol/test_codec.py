"""Known frames, taken apart and put together again: what each says, and what is shown where a frame says it oddly."""

import pytest

from sniffer.core.protocol.conversions import Value
from sniffer.core.wire.links import COM_TO_OCPP, COM_TO_PWR, DBUS_EITHER_WAY, OCPP_TO_COM, PWR_TO_COM
from tests.core.protocol.helpers import CODEC, KNOWN, ROUTE_OF_ARROW, decoded, frame, known_message, values_of
from tests.known_frames import KNOWN_FRAMES

BOOT: dict[str, Value] = {
    "unknown_0": "0000",
    "acceptance": "not accepted",
    "unknown_3": "000000000000",
    "charge_point_id": "10427240",
}

SAYS: dict[str, tuple[str, dict[str, Value]]] = {
    "charge point information answer": ("charge point information answer", {"unknown_0": "00"}),
    "announcement relay": ("announcement relay", {}),
    "announcement answer": ("announcement answer", BOOT),
    "announcement relay answer": ("announcement relay answer", {"unknown_0": "000000000000"}),
    "status notification": (
        "StatusNotification",
        {
            "connector": 1,
            "connector_type": 1,
            "status": "Faulted",
            "ocpp_error": "UnderVoltage",
            "vendor_error": "0x200208",
            "unknown_8": "000000",
        },
    ),
    "acceptance relay": ("acceptance", {"unknown_0": "0000", "acceptance": "not accepted", "unknown_3": "00"}),
    "unasked acceptance request": ("acceptance request", {"unknown_0": "01"}),
    "status report answer": ("status answer", {"connector": 1, "unknown_1": 999, "acceptance": "pending"}),
    "acceptance": ("acceptance", {"acceptance": "not accepted", "unknown_1": "00"}),
    "status notification answer": ("StatusNotification answer", {}),
    "phase voltages": ("phase voltages", {"l1_voltage": 228.26, "l2_voltage": 228.88, "l3_voltage": 229.57}),
    "second announcement answer": ("announcement answer", BOOT),
    "second announcement relay": ("announcement relay", {}),
    "status report": (
        "status report",
        {
            "connector": 1,
            "status": "Faulted",
            "ocpp_error": "UnderVoltage",
            "unknown_3": "000000",
            "m4_error": 4,
            "cp_voltage": 9,
            "board_temperature": 28,
            "connector_temperature": 21,
        },
    ),
}

names_of_known = pytest.mark.parametrize("name", [known.name for known in KNOWN_FRAMES])


@names_of_known
def test_a_known_frame_has_the_values_of_the_document(name):
    message = known_message(name)
    assert (message.name, values_of(message)) == SAYS[name]
    assert message.problem == ""


@names_of_known
def test_encoding_the_values_of_a_known_frame_returns_the_frame(name):
    known, message = KNOWN[name], known_message(name)
    assert CODEC.encode(message.command, known.sequence, SAYS[name][1]) == known.raw


@names_of_known
def test_the_unknown_parts_of_a_known_frame_are_the_defaults(name):
    known, message = KNOWN[name], known_message(name)
    if name == "charge point information answer":
        assert CODEC.encode(message.command, known.sequence) == known.raw
    values = {key: value for key, value in SAYS[name][1].items() if not key.startswith("unknown_")}
    assert CODEC.encode(message.command, known.sequence, values) == known.raw


@pytest.mark.parametrize("name", [known.name for known in KNOWN_FRAMES if known.link == "dbus"])
def test_bytes_alone_say_the_same_as_the_arrow(name):
    known = KNOWN[name]
    by_arrow = decoded(ROUTE_OF_ARROW[known.arrow], known.command, known.payload)
    by_bytes = decoded(DBUS_EITHER_WAY, known.command, known.payload)
    assert by_bytes.command is by_arrow.command
    assert by_bytes.frame.direction is None


def test_texts_are_for_people_and_say_how_well_each_is_known():
    assert [(field.name, field.text, field.provenance) for field in known_message("status report").fields] == [
        ("connector", "1", "documented"),
        ("status", "Faulted", "documented"),
        ("ocpp_error", "UnderVoltage", "documented"),
        ("unknown_3", "00 00 00", None),
        ("m4_error", "4", "documented"),
        ("cp_voltage", "9 V", "assumed"),
        ("board_temperature", "28 °C", "documented"),
        ("connector_temperature", "21 °C", "documented"),
    ]


@pytest.mark.parametrize(
    ("name", "summary"),
    [
        ("status report", "connector 1 Faulted, UnderVoltage, M4 4, CP 9 V, board 28 °C, connector 21 °C"),
        ("status notification", "connector 1 Faulted, UnderVoltage, vendor 0x200208"),
        ("phase voltages", "L1 228.26 V, L2 228.88 V, L3 229.57 V"),
        ("announcement answer", "charge point 10427240, not accepted"),
        ("acceptance relay", "not accepted"),
        ("status notification answer", "received"),
    ],
)
def test_a_summary_is_one_line(name, summary):
    assert known_message(name).summary == summary


def test_fields_stand_where_their_bytes_stand():
    fields = {field.name: (field.start, field.end) for field in known_message("status notification").fields}
    assert fields == {
        "connector": (9, 11),
        "connector_type": (11, 12),
        "status": (12, 13),
        "ocpp_error": (13, 14),
        "vendor_error": (14, 17),
        "unknown_8": (17, 20),
    }


def test_charge_point_information_begins_with_the_id():
    message = decoded(COM_TO_OCPP, 0x0021, b"10427240".ljust(43, b"\0") + b"\x01\x00\x01\x02")
    assert message.name == "charge point information"
    assert values_of(message) == {"charge_point_id": "10427240", "unknown_43": "01000102"}
    assert message.problem == ""


def test_an_id_that_is_no_text_is_shown_as_an_escape():
    message = decoded(COM_TO_OCPP, 0x0021, b"\x1b[31m\x9b\xff".ljust(47, b"\0"))
    assert message.value("charge_point_id") == r"\x1b[31m\x9b\xff"


# Odd, and valid on the wire


@pytest.mark.parametrize(
    ("route", "command", "name"),
    [(COM_TO_PWR, 0x7F, "command 7F (unknown)"), (PWR_TO_COM, 0x2C, "command 2C (unknown)")],
)
def test_an_unknown_command_is_shown_raw(route, command, name):
    message = decoded(route, command, b"\x01\xaa")
    assert (message.command, message.name, message.summary) == (None, name, "01 AA")
    assert [(field.name, field.value, field.text) for field in message.fields] == [("undefined", "01aa", "01 AA")]
    assert message.raw("connector") is None
    assert message.value("connector") is None


@pytest.mark.parametrize("route", [COM_TO_OCPP, OCPP_TO_COM, DBUS_EITHER_WAY])
def test_an_unknown_dbus_command_has_four_digits(route):
    message = decoded(route, 0x0102)
    assert (message.name, message.summary, message.fields) == ("command 0102 (unknown)", "no payload", ())


def test_a_number_without_a_name_is_shown_as_a_number():
    message = decoded(PWR_TO_COM, 0x01, bytes.fromhex("01 0C 63 000000 04 0009 1C15"))
    assert (message.value("status"), message.value("ocpp_error")) == ("12 (unknown)", "99 (unknown)")
    assert message.summary == (
        "connector 1 status 12 (unknown), OCPP error 99 (unknown), M4 4, CP 9 V, board 28 °C, connector 21 °C"
    )


def test_a_short_payload_gives_the_fields_that_are_whole():
    message = decoded(PWR_TO_COM, 0x01, bytes.fromhex("01 08 0E 00 00"))
    assert values_of(message) == {
        "connector": 1,
        "status": "Faulted",
        "ocpp_error": "UnderVoltage",
        "undefined": "0000",
    }
    missing = "unknown_3, m4_error, cp_voltage, board_temperature, connector_temperature"
    assert message.problem == f"payload has 5 bytes, not 11, without {missing}"
    values = "connector 1, status Faulted, ocpp_error UnderVoltage, undefined 00 00"
    assert message.summary == f"{values}; {message.problem}"
    assert message.raw("m4_error") is None


def test_a_long_payload_gives_all_fields_and_the_rest():
    message = decoded(PWR_TO_COM, 0x32, bytes.fromhex("592A 5968 59AD 77"))
    assert values_of(message) == {**SAYS["phase voltages"][1], "undefined": "77"}
    assert message.problem == "payload has 7 bytes, not 6"


def test_an_empty_payload_names_what_is_missing():
    message = decoded(PWR_TO_COM, 0x32)
    assert message.fields == ()
    assert message.summary == "payload has 0 bytes, not 6, without l1_voltage, l2_voltage, l3_voltage"


@pytest.mark.parametrize(
    ("code", "size", "name"),
    [
        *[(0x0000, 0, "announcement relay"), (0x0000, 6, "announcement relay answer")],
        *[(0x0001, 0, "StatusNotification answer"), (0x0001, 11, "StatusNotification")],
        *[(0x0021, 1, "charge point information answer"), (0x0021, 47, "charge point information")],
        *[(0x0004, 3, "meter request"), (0x0004, 32, "meter values")],
        *[(0x000B, 9, "start-up request"), (0x000B, 1, "start-up answer")],
        *[(0x000F, 4, "ChangeAvailability"), (0x000F, 5, "ChangeAvailability answer")],
    ],
)
def test_without_a_direction_the_size_decides_the_command(code, size, name):
    message = decoded(DBUS_EITHER_WAY, code, bytes(size))
    assert (message.name, message.problem) == (name, "")


@pytest.mark.parametrize(("size", "route"), [(1, COM_TO_OCPP), (2, OCPP_TO_COM)])
def test_without_a_direction_the_size_distinguishes_a_parameter_from_its_answer(size, route):
    assert decoded(DBUS_EITHER_WAY, 0x002D, bytes(size)).command is decoded(route, 0x002D, bytes(size)).command


def test_without_a_direction_a_size_that_fits_none_claims_nothing():
    message = decoded(DBUS_EITHER_WAY, 0x0001, bytes.fromhex("00 01 01 08"))
    assert (message.name, message.command, message.direction) == ("command 0001 (unknown)", None, None)


def test_without_a_direction_the_matching_size_decides():
    request, answer = (decoded(DBUS_EITHER_WAY, 0x0000, payload) for payload in (b"", bytes(6)))
    assert (request.direction, answer.direction) == ("com>ocpp", "ocpp>com")


def test_a_message_equals_another_of_the_same_frame():
    one = frame(PWR_TO_COM, 0x32, bytes(6))
    assert CODEC.decode(one) == CODEC.decode(one)
    assert CODEC.decode(one) != CODEC.decode(frame(PWR_TO_COM, 0x32, bytes(5) + b"\1"))
