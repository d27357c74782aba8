"""Messages: the fields and their bytes, the summary line, and the problem of a payload of the wrong size."""

import pytest

from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.protocol.loader import load, load_board_routes, packaged_files
from sniffer.core.protocol.message import FRAMING, UNDEFINED, framing_fields
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import COM_TO_OCPP, COM_TO_PWR, DBUS_EITHER_WAY, OCPP_TO_COM, PWR_TO_COM
from tests.core.protocol.helpers import CODEC, decoded, frame, known_message

REPORT = known_message("status report")
NOTIFICATION = known_message("status notification")


@pytest.mark.parametrize("message", [REPORT, NOTIFICATION], ids=lambda message: message.name)
def test_fields_follow_each_other_from_the_start_of_the_payload_to_its_end(message) -> None:
    fields = message.fields
    assert fields[0].start == message.frame.link.payload_at
    assert [field.end for field in fields[:-1]] == [field.start for field in fields[1:]]
    assert fields[-1].end == len(message.frame.raw) - 2


def test_a_field_has_its_value_for_scripts_and_its_text_for_people() -> None:
    voltage = next(field for field in known_message("phase voltages").fields if field.name == "l1_voltage")
    assert (voltage.value, voltage.text) == (228.26, "228.26 V")
    assert voltage.provenance is not None


def test_a_value_is_found_by_the_name_of_its_field() -> None:
    assert REPORT.raw("status") == 8
    assert REPORT.value("status") == "Faulted"
    assert REPORT.raw("no such field") is None
    assert REPORT.value("no such field") is None


def test_a_field_that_did_not_arrive_has_no_value() -> None:
    cut_off = decoded(PWR_TO_COM, 0x01, bytes([1, 8]))
    assert cut_off.value("status") == "Faulted"
    assert cut_off.raw("ocpp_error") is None
    assert cut_off.value("ocpp_error") is None


def test_bytes_that_are_left_over_are_the_last_field() -> None:
    longer = CODEC.decode(frame(PWR_TO_COM, 0x01, REPORT.frame.payload + b"\x0a\x0b"))
    last = longer.fields[-1]
    assert (last.name, last.value, last.text) == (UNDEFINED, "0a0b", "0A 0B")
    assert (last.start, last.end, last.provenance) == (len(longer.frame.raw) - 4, len(longer.frame.raw) - 2, None)
    assert [field.name for field in longer.fields[:-1]] == [field.name for field in REPORT.fields]
    assert longer.problem == "payload has 13 bytes, not 11"


def test_a_payload_that_is_too_short_names_what_is_missing() -> None:
    cut_off = CODEC.decode(frame(PWR_TO_COM, 0x01, REPORT.frame.payload[:7]))
    assert cut_off.problem == (
        "payload has 7 bytes, not 11, without cp_voltage, board_temperature, connector_temperature"
    )
    assert cut_off.summary.startswith("connector 1, status Faulted, ")
    assert cut_off.summary.endswith(f"; {cut_off.problem}")


def test_a_payload_without_one_whole_field_has_only_a_problem_for_a_summary() -> None:
    empty = decoded(PWR_TO_COM, 0x01)
    assert empty.fields == ()
    assert empty.summary == empty.problem != ""


def test_a_whole_message_has_no_problem() -> None:
    assert REPORT.problem == NOTIFICATION.problem == ""


@pytest.mark.parametrize(
    ("route", "payload", "name", "summary"),
    [
        (PWR_TO_COM, b"\x01\xab", "command 99 (unknown)", "01 AB"),
        (OCPP_TO_COM, b"", "command 0099 (unknown)", "no payload"),
    ],
    ids=["power board", "Dbus"],
)
def test_an_unknown_command_is_shown_by_its_code_and_bytes(
    route: Route, payload: bytes, name: str, summary: str
) -> None:
    unknown = decoded(route, 0x99, payload)
    assert unknown.command is None
    assert (unknown.name, unknown.summary, unknown.problem) == (name, summary, "")
    assert unknown.raw("status") is None
    assert unknown.value("status") is None
    assert [(field.name, field.value) for field in unknown.fields] == ([(UNDEFINED, payload.hex())] if payload else [])


def test_the_direction_is_that_of_the_frame_or_else_that_of_the_command() -> None:
    assert REPORT.direction == PWR_TO_COM.direction
    either_way = decoded(DBUS_EITHER_WAY, NOTIFICATION.frame.command, NOTIFICATION.frame.payload)
    assert either_way.frame.direction is None
    assert either_way.direction in (COM_TO_OCPP.direction, OCPP_TO_COM.direction)
    assert decoded(DBUS_EITHER_WAY, 0x7777).direction is None


@pytest.mark.parametrize("route", [COM_TO_PWR, OCPP_TO_COM], ids=str)
def test_the_parts_around_the_payload_cover_all_other_bytes(route: Route) -> None:
    framed = frame(route, 0x21, b"\xaa\xbb\xcc", sequence=0x1234)
    parts = framing_fields(framed)
    covered = [at for part in parts for at in range(part.start, part.end)]
    payload_at = framed.link.payload_at
    assert covered == [at for at in range(len(framed.raw)) if not payload_at <= at < payload_at + 3]
    assert all(part.text == framed.raw[part.start : part.end].hex(" ").upper() for part in parts)
    texts = {part.name: part.text for part in parts}
    assert texts["sequence"] == "12 34"
    assert texts["command"] == framed.link.code_text(0x21) or texts["command"] == "00 21"
    assert {part.provenance for part in parts} == {FRAMING}
    assert {part.about for part in parts if part.name == "length"} == {"bytes of payload: 3"}
    assert parts[0].about == f"{framed.link.name}, {framed.direction}"


def test_a_frame_that_leaves_its_direction_open_is_shown_so() -> None:
    head = framing_fields(frame(DBUS_EITHER_WAY, 0x21))[0]
    assert head.about == "dbus, either direction"


LINK = """
[[link]]
name = "x"
heads = { "a>b" = "A5" }
sequence = { at = 1, size = 1, shared = ["FF"] }
length = { at = 2, size = 1, adds = 3 }
payload = 3
check = { name = "none" }
"""


@pytest.mark.parametrize(("shared", "about"), [(', shared = ["FF"]', "; FF is shared"), ("", "")])
def test_the_parts_of_a_link_of_a_user_are_the_user_s_and_only_those_that_are_there(shared: str, about: str) -> None:
    definition = load(packaged_files(), [("my.toml", LINK.replace(', shared = ["FF"]', shared))])
    frame = Frame(definition.links.routes_in_bytes[0], None, bytes.fromhex("A5 07 01 33"))
    parts = framing_fields(frame)
    assert [(part.name, part.text, part.provenance) for part in parts] == [
        ("head", "A5", Provenance.USER),
        ("sequence", "07", Provenance.USER),
        ("length", "01", Provenance.USER),
    ]
    assert parts[1].about == f"an answer repeats it{about}"


def test_a_frame_without_a_head_has_no_part_of_that_name() -> None:
    route = load_board_routes()["modbus"][0]
    parts = framing_fields(Frame(route, None, bytes.fromhex("01 06 00 01 00 55 18 35")))
    assert [(part.name, part.text) for part in parts] == [("address", "01"), ("command", "06"), ("crc", "18 35")]
