"""The frames of the real charger's log, byte by byte: what each says, and that encoding gives the same bytes."""

import pytest

from sniffer.core.protocol.conversions import Value
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.links import DBUS_EITHER_WAY, PWR_TO_COM
from sniffer.formats.charger_log import parse_line
from tests.core.protocol.helpers import CODEC, ROUTE_OF_ARROW, decoded, values_of
from tests.known_frames import REAL_FRAMES, KnownFrame
from tests.paths import CAPTURES

METER: dict[str, Value] = {
    "connector": 1,
    "energy": 223710,
    "voltage": 240.1,
    "current": 0.01,
    "unknown_9": "00000000",
    "temperature": 46,
    "unknown_14": "0001",
    "l1_voltage": 240.1,
    "l1_current": 0.01,
    "l2_voltage": 0,
    "l2_current": 0,
    "l3_voltage": 0,
    "l3_current": 0,
    "unknown_28": "0000",
}

SAYS: dict[str, tuple[str, dict[str, Value]]] = {
    "real status report": (
        "status report",
        {
            "connector": 1,
            "status": "Preparing",
            "ocpp_error": "NoError",
            "unknown_3": "000000",
            "m4_error": 0,
            "cp_voltage": 9,
            "board_temperature": 46,
            "connector_temperature": 37,
        },
    ),
    "real status answer": ("status answer", {"connector": 1, "unknown_1": 999, "acceptance": "accepted"}),
    "real meter request": ("meter request", {"connector": 1}),
    "real meter values": ("meter values", METER),
    "real meter request relay": ("meter request", {"connector": 1, "connector_type": 1}),
    "real meter values relay": (
        "meter values",
        {
            "connector": 1,
            "connector_type": 1,
            "energy": 223710,
            "voltage": 240.1,
            "current": 0.01,
            "unknown_11": "00" * 9,
            "l1_voltage": 240.1,
            "l1_current": 0.01,
            "unknown_24": "00000000",
            "temperature": 46,
            "unknown_29": "010000",
        },
    ),
    "real ChangeAvailability": (
        "ChangeAvailability",
        {"connector": 1, "connector_type": 1, "availability": "Operative"},
    ),
    "real ChangeAvailability to the power board": ("ChangeAvailability", {"connector": 1, "availability": "Operative"}),
    "real ChangeAvailability answer of the power board": (
        "ChangeAvailability answer",
        {"connector": 1, "availability": "Operative", "result": 0},
    ),
    "real ChangeAvailability answer": (
        "ChangeAvailability answer",
        {"connector": 1, "connector_type": 1, "availability": "Operative", "result": 0},
    ),
    "real acceptance request": ("acceptance request", {"unknown_0": "01"}),
    "real acceptance": ("acceptance", {"unknown_0": "0000", "acceptance": "accepted", "unknown_3": "00"}),
    "real card reader fault": ("card reader fault", {"unknown_0": "00ff"}),
    "real phase voltages": ("phase voltages", {"l1_voltage": 240.82, "l2_voltage": 0, "l3_voltage": 0}),
    "real start-up request": ("start-up request", {"unknown_0": "000000000000000141"}),
    "real start-up answer of the power board": ("start-up answer", {"unknown_0": "0000"}),
    "real end of status exchange": ("end of status exchange", {}),
}

of_each_frame = pytest.mark.parametrize("known", REAL_FRAMES, ids=lambda known: known.name)


def decode(known: KnownFrame) -> Message:
    return CODEC.decode(Frame(ROUTE_OF_ARROW[known.arrow], None, known.raw))


def test_each_frame_of_the_page_is_here() -> None:
    assert [known.name for known in REAL_FRAMES] == [*SAYS]
    assert len({known.raw for known in REAL_FRAMES}) == len(REAL_FRAMES)


@of_each_frame
def test_a_frame_is_its_parts(known: KnownFrame) -> None:
    route = ROUTE_OF_ARROW[known.arrow]
    assert route.link.build(known.head, known.sequence, known.command, known.payload) == known.raw
    message = decode(known)
    assert (message.frame.sequence, message.frame.command, message.frame.payload) == (
        known.sequence,
        known.command,
        known.payload,
    )


@of_each_frame
def test_a_frame_says_what_the_page_says(known: KnownFrame) -> None:
    message = decode(known)
    assert (message.name, values_of(message), message.problem) == (*SAYS[known.name], "")


@of_each_frame
def test_the_values_give_the_frame(known: KnownFrame) -> None:
    command = decode(known).command
    assert command is not None
    values = SAYS[known.name][1]
    assert CODEC.encode(command, known.sequence, values) == known.raw
    without_unknown = {name: value for name, value in values.items() if not name.startswith("unknown_")}
    assert CODEC.encode(command, known.sequence, without_unknown) == known.raw


@of_each_frame
def test_the_sequence_is_one_that_the_command_has(known: KnownFrame) -> None:
    command = decode(known).command
    assert command is not None
    fixed = {sequence for sequence in command.sequences if sequence.isupper() or sequence.isdigit()}
    assert not fixed or f"{known.sequence:04X}" in fixed


@pytest.mark.parametrize(
    "known", [known for known in REAL_FRAMES if known.link == "dbus"], ids=lambda known: known.name
)
def test_bytes_without_an_arrow_say_the_same(known: KnownFrame) -> None:
    assert CODEC.decode(Frame(DBUS_EITHER_WAY, None, known.raw)).command is decode(known).command


LINES = [parse_line(line) for line in (CAPTURES / "starcharge-idle.log").read_text("utf-8").splitlines()]
PRINTED = {(line.route, line.frame): line for line in LINES if line.frame is not None}


@pytest.mark.parametrize("line", PRINTED.values(), ids=lambda line: line.frame.hex()[:20])
def test_every_frame_of_the_real_log_is_understood_and_encoded_again(line: LogLine) -> None:
    assert line.route is not None
    assert line.frame is not None
    message = CODEC.decode(Frame(line.route, None, line.frame))
    assert message.command is not None
    assert message.problem == ""
    assert CODEC.encode(message.command, message.frame.sequence, values_of(message)) == line.frame


def test_the_announcement_of_the_real_log_has_its_texts() -> None:
    announcement = next(frame for route, frame in PRINTED if route == PWR_TO_COM and frame[3] == 0x00)
    values = values_of(decoded(PWR_TO_COM, 0x00, announcement[5:-2]))
    assert {name: value for name, value in values.items() if value} == {
        "charge_point_serial_number": "20000001",
        "charge_point_vendor": "StarCharge",
        "firmware_version": "107",
    }


BELOW_ZERO = bytes.fromhex("bb0001010b01020600000000fff400009894")
CONNECTOR_0 = bytes.fromhex("bb0001010b00000600000000000000004840")


@pytest.mark.parametrize(
    ("raw", "values"),
    [
        (BELOW_ZERO, {"connector": 1, "status": "Charging", "ocpp_error": "NoError", "m4_error": 0, "cp_voltage": -12}),
        (CONNECTOR_0, {"connector": 0, "status": "Available", "ocpp_error": "NoError", "m4_error": 0, "cp_voltage": 0}),
    ],
)
def test_a_voltage_may_be_below_zero_and_a_connector_0(raw: bytes, values: dict[str, Value]) -> None:
    message = CODEC.decode(Frame(PWR_TO_COM, None, raw))
    assert message.command is not None
    assert values.items() <= values_of(message).items()
    assert CODEC.encode(message.command, message.frame.sequence, values) == raw
