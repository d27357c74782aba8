"""`explain` of frames and of pasted log lines, with the packaged definition and with one of the user."""

import pytest

from sniffer.commands.explain.explain import explain
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.wire.links import COM_TO_PWR
from tests.commands.explain.helpers import PAIR, TRIPLE, UNDER_VOLTAGE, explained, squeezed
from tests.core.charger.helpers import SAMPLE
from tests.core.protocol.helpers import CODEC, DEFINITION, UNDERSTOOD, frame, known_message, values_of
from tests.known_frames import KNOWN_FRAMES, REAL_FRAMES, STATUS_REPORT

VOLTAGES = bytes.fromhex("BBDDDD3206592A596859AD6BBC")

# Frames


def test_a_frame_is_explained_part_by_part():
    assert squeezed("BB DD DD 32 06 59 2A 59 68 59 AD 6B BC") == [
        "phase voltages (pwrboard, pwr>com, sequence DDDD)",
        "Sent without a request. A charger with one phase sends 0 for the others.",
        "L1 228.26 V, L2 228.88 V, L3 229.57 V",
        "head BB BB verified pwrboard, pwr>com",
        "sequence DD DD DD DD verified an answer repeats it; DDDD, EEEE, FFFF and 0000 are shared",
        "command 32 32 verified",
        "length 06 06 verified bytes of payload: 6",
        "l1_voltage 59 2A 228.26 V inferred",
        "l2_voltage 59 68 228.88 V inferred",
        "l3_voltage 59 AD 229.57 V inferred",
        "crc 6B BC 6B BC verified CRC-16/MODBUS, high byte first",
    ]


@pytest.mark.parametrize("known", [*KNOWN_FRAMES, *REAL_FRAMES], ids=lambda known: known.name)
def test_a_known_frame_is_explained_however_it_is_pasted(known):
    plain = explained(known.raw.hex(" "))
    assert f"({known.link}, " in plain[0]
    assert f"sequence {known.sequence:04X})" in plain[0]
    assert explained(known.text) == explained(*known.text.split()) == plain
    by_arrow = explained(f"{known.arrow}:{known.text}")
    assert f"({known.link}, {known.direction}, " in by_arrow[0]
    assert explained(f"5 2023-11-30T00:00:49+0000 [ocpp] {known.arrow}:{known.text}") == by_arrow
    assert explained(*f"2023-11-30T00:00:49+0000 [ocpp] {known.arrow}:{known.text}".split()) == by_arrow


@pytest.mark.parametrize(
    "text",
    [
        VOLTAGES.hex(":"),
        ",".join(f"0x{byte:02X}" for byte in VOLTAGES),
        f"[13:53:45.065] Rx <= {VOLTAGES.hex(' ')}",
        f"00000000: {VOLTAGES.hex(' ', -2)}  ...2.Y*YhY.k.",
        "const uint8_t f[] = { " + ", ".join(f"0x{byte:02X}" for byte in VOLTAGES) + " };",
        f"[10:00:01] <=pwrboard:{VOLTAGES.hex(' ')}",
        f"[10:00:01] 7 2023-11-30T00:00:49+0000 [comproc] <=pwrboard:{VOLTAGES.hex(' ')}",
    ],
)
def test_a_frame_is_explained_as_any_program_prints_it(text):
    assert explain([text], DEFINITION) == explain([VOLTAGES.hex(" ")], DEFINITION)


def test_hex_that_may_be_a_code_stays_one():
    assert "vendor error code" in explain(["0x200208"], DEFINITION)


def test_unknown_and_assumed_parts_are_shown_as_such_and_the_fault_is_looked_up():
    lines = squeezed(STATUS_REPORT.text)
    assert "unknown_3 00 00 00 00 00 00 meaning unknown" in lines
    (voltage,) = (line for line in lines if line.startswith("cp_voltage"))
    assert voltage.startswith("cp_voltage 00 09 9 V assumed Control pilot voltage: documented for 0 and 9 V")
    assert "ocpp_error 0E UnderVoltage documented" in lines
    assert "error table: Under voltage" in lines
    assert explained(STATUS_REPORT.text)[-len(UNDER_VOLTAGE) :] == UNDER_VOLTAGE


def test_an_unknown_code_in_a_frame_is_compared_with_what_is_known():
    known = known_message("status report")
    values = values_of(known) | {"m4_error": 7, "ocpp_error": "NoError"}
    raw = CODEC.encode(known.command, 1, values)
    assert "M4 error code 7 is not known; the only known: 4 Under voltage (documented)" in squeezed(raw.hex(" "))


def test_a_long_field_has_its_bytes_on_a_line_of_its_own():
    lines = squeezed(KNOWN_FRAMES[2].text)
    at = lines.index("charge_point_id 31 30 34 32 37 32 34 30" + " 00" * 17)
    assert lines[at + 1] == "10427240 inferred"


def test_meter_values_are_explained_with_their_units():
    lines = squeezed(next(known.text for known in REAL_FRAMES if known.name == "real meter values"))
    assert lines[2] == "connector 1: 223710 Wh, 240.1 V, 0.01 A, 46 °C"
    assert "energy 63 57 00 00 223710 Wh documented" in lines
    assert "temperature 2E 46 °C documented" in lines
    assert "l2_voltage 00 00 0.0 V assumed" in lines


def test_a_voltage_below_zero_is_explained():
    lines = squeezed("bb0001010b01020600000000fff400009894")
    assert lines[3].startswith("connector 1 Charging, NoError, M4 0, CP -12 V")
    assert any(line.startswith("cp_voltage FF F4 -12 V assumed") for line in lines)


def test_an_announcement_is_explained_with_its_texts():
    values = {field.name: "" for field in DEFINITION.command("announcement").fields}
    values |= {"charge_point_vendor": "StarCharge", "firmware_version": "107", "charge_point_serial_number": "20000001"}
    lines = explained(CODEC.encode(DEFINITION.command("announcement"), 0x3458, values).hex(" "))
    assert lines[0] == "announcement  (pwrboard, pwr>com, sequence 3458)"
    assert "  StarCharge, serial 20000001, firmware 107" in lines
    starts = {line.index("verified") for line in lines if line.endswith("verified")}
    assert len(starts) == 1


def test_an_unknown_command_is_shown_raw():
    lines = squeezed("AA 00 54 7F 01 02 0000")
    assert lines == ["a frame with a wrong CRC: it holds 0000, its bytes give A8B9: AA 00 54 7F 01 02 00 00"]
    lines = squeezed("AA 00 54 7F 01 02 A8B9")
    assert lines[0] == "command 7F (unknown) (pwrboard, com>pwr, sequence 0054)"
    assert "undefined 02 02 meaning unknown no definition covers these bytes" in lines


@pytest.mark.parametrize("known", [*KNOWN_FRAMES, *REAL_FRAMES], ids=lambda known: known.name)
def test_a_damaged_frame_says_which_crc_would_be_right(known):
    sent = known.raw[-2] ^ 1, known.raw[-1]
    damaged = known.raw[:-2] + bytes(sent)
    expected = f"it holds {bytes(sent).hex().upper()}, its bytes give {known.raw[-2:].hex().upper()}: "
    for pasted in (damaged.hex(" "), f"{known.arrow}:{damaged.hex(' ')}"):
        assert explained(pasted) == [f"a frame with a wrong CRC: {expected}{damaged.hex(' ').upper()}"]


def test_what_is_no_whole_frame_is_called_none():
    assert explained("AA 00 54") == ["a frame that was cut off: AA 00 54"]
    assert explained("01 02 03") == ["no frame: 01 02 03"]


def test_noise_around_a_frame_is_shown_too():
    lines = explained("01 " + STATUS_REPORT.text)
    assert lines[0] == "no frame: 01"
    assert lines[1:] == explained(STATUS_REPORT.text)


# Lines


@pytest.mark.parametrize("head", ["", "2023-11-30T00:00:49+0000 [comproc] ", "720 2023-11-30T00:00:49+0000 [comproc] "])
def test_a_pasted_line_is_explained_with_and_without_its_head(head):
    assert explained(head + "ocpp error Code :14,2097672") == [*PAIR, *UNDER_VOLTAGE]
    assert explained(*(head + "pwrCom error Code vol:4,8,9").split()) == [*TRIPLE, *UNDER_VOLTAGE]


@pytest.mark.parametrize("line", SAMPLE.read_text("ascii").splitlines(), ids=lambda line: line[:3])
def test_every_line_of_the_log_can_be_pasted(line):
    assert explained(line)
    assert "does not describe" not in explain([line], DEFINITION)


def test_a_line_that_is_not_understood_is_called_one():
    assert explained("7 2023-11-30T00:00:49+0000 [comproc] hello") == [
        "log line of comproc: the protocol definition does not describe it"
    ]


@pytest.mark.parametrize("text", UNDERSTOOD)
def test_every_kind_of_line_that_is_understood_is_explained(text):
    lines = squeezed(text)
    name, values = UNDERSTOOD[text]
    assert lines[0] == f"{name} (log line, documented)"
    assert [line.partition(" ")[0] for line in lines[1 : 1 + len(values)]] == [*values]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("icomCode = 4,index=3", "by its index: row 3 of the error table, Under voltage (assumed)"),
        ("icomCode = 7,index=12", "by its index: row 12 of the error table, Relay fault (assumed)"),
        ("icomCode = 0,index=0", "by its index: no fault (assumed)"),
        ("icomCode = 4,index=22", "by its index: a row that the error table does not have"),
    ],
)
def test_an_index_names_a_row_by_assumption(line, says):
    lines = squeezed(line)
    assert says in lines
    assert any(row.startswith("index ") and row.endswith(" assumed") for row in lines)


def test_an_index_names_the_row_of_the_package_with_what_the_user_calls_it():
    own = load(packaged_files(), [("my.toml", OWN)])
    says = "by its index: row 7 of the error table, Meter wire loose (assumed)"
    assert says in squeezed("icomCode = 3,index=7", definition=own)


# A user's own definition


OWN = """\
[[error]]
vendor = 0x10020F
stop_reason = "SR_METERCOM"
meaning = "Meter wire loose"
m4 = 9

[[error]]
vendor = 0x10020F
stop_reason = "SR_METERDATA"
m4 = 9
m4_provenance = "assumed"

[[command]]
link = "pwrboard"
direction = "com>pwr"
code = 0x40
name = "fan"
summary = "{speed}"
fields = [{ name = "speed", size = 2, unit = "rpm" }]
"""


def test_rows_of_one_code_that_are_known_in_different_ways_say_so_each():
    own = load(packaged_files(), [("my.toml", OWN)])
    assert explained("0x10020F", definition=own)[1:5] == [
        "  as vendor error code  (documented, user)",
        "    error table: Meter data fault  (documented)",
        "    error table: Meter wire loose  (user)",
        "      the code alone does not show which of the 2 it is",
    ]
    lines = explained("9", definition=own)
    assert lines[lines.index("  as M4 error code  (assumed, user)") + 1 :][:2] == [
        "    error table: Meter data fault  (assumed)",
        "    error table: Meter wire loose  (user)",
    ]


def test_a_frame_and_a_pasted_line_of_a_command_of_ones_own_are_read():
    own = load(packaged_files(), [("my.toml", OWN)])
    fan = frame(COM_TO_PWR, 0x40, b"\x04\xb0").raw.hex(" ").upper()
    bare = squeezed(fan, definition=own)
    assert bare[:2] == ["fan (pwrboard, com>pwr, sequence 0102)", "1200 rpm"]
    assert "speed 04 B0 1200 rpm user" in bare
    line = f"700 2023-11-30T00:00:49+0000 [comproc] =>pwrboard:{fan}"
    assert squeezed(line, definition=own) == bare
