"""`explain`: codes in both notations, names, frames and pasted lines, with how well each fact is known."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.errors import ExplainError
from sniffer.explain import explain
from tests.charger.bench import SAMPLE
from tests.known_frames import KNOWN_FRAMES, STATUS_REPORT
from tests.protocol.frames import DEFINITION

UNDER_VOLTAGE = [
    "error table: Under voltage",
    "  vendor 0x200208 = 2097672, stop reason SR_UNDERVOL, OCPP 14 UnderVoltage (documented), M4 4",
]
PAIR = [
    "OCPP and vendor error code  (log line, documented)",
    "  ocpp_error         UnderVoltage           documented",
    "  vendor_error       0x200208               documented",
    *[f"  {line}" for line in UNDER_VOLTAGE],
]
TRIPLE = [
    "M4 error code, status and CP voltage  (log line, documented)",
    "  m4_error           4                      documented",
    "  status             Faulted                documented",
    "  cp_voltage         9 V                    documented",
    *[f"  {line}" for line in UNDER_VOLTAGE],
]
VENDOR = ["2097672 = 0x200208", "  as vendor error code  (documented)", *[f"    {line}" for line in UNDER_VOLTAGE]]


def explained(*words):
    return explain(words, DEFINITION).splitlines()


def squeezed(*words):
    """The lines with one blank where there are many."""
    return [" ".join(line.split()) for line in explained(*words)]


# Codes


@pytest.mark.parametrize("words", ["14,2097672", "0x0E,0x200208", "14,0X200208", "14, 2097672"])
def test_a_pair_is_an_ocpp_and_a_vendor_code(words):
    assert explained(words) == PAIR


@pytest.mark.parametrize("words", ["4,8,9", "0x4,0x08,9"])
def test_a_triple_is_an_m4_code_a_status_and_a_voltage(words):
    assert explained(words) == TRIPLE


@pytest.mark.parametrize("word", ["0x200208", "2097672", "0X200208", "200208"])
def test_a_vendor_code_is_known_in_both_notations(word):
    assert explained(word) == VENDOR


def test_a_code_that_names_two_rows_shows_both():
    told = explained("0x10020F")
    assert [line.strip() for line in told if "error table" in line] == [
        "error table: Meter data fault",
        "error table: Meter comm fault",
    ]


@pytest.mark.parametrize("word", ["0x100208", "0x200208", "0x100206", "0x200206"])
def test_a_vendor_code_is_never_taken_for_one_with_the_same_low_bytes(word):
    assert sum("error table" in line for line in explained(word)) == 1


def test_a_small_number_is_everything_that_it_can_be():
    assert [line for line in explained("4") if not line.startswith("    ")] == [
        "4 = 0x04",
        "  as OCPP error code: InternalError  (inferred)",
        "  as connector status: SuspendedEV, EV is not ready  (documented)",
        "  as M4 error code  (documented)",
    ]


def test_digits_are_tried_in_decimal_and_in_hexadecimal():
    told = explained("12")
    assert "  as OCPP error code: ReaderFailure  (inferred)" in told
    assert explained("0E")[0] == "14 = 0x0E"


def test_an_inferred_code_is_shown_as_such():
    assert "OCPP 11 PowerSwitchFailure (inferred)" in explain(["0x100208"], DEFINITION)


@pytest.mark.parametrize("word", ["0xABCDEF", "16", "999999999999999999"])
def test_a_code_that_no_table_has_is_said_to_be_unknown(word):
    assert explained(word) == [f"{word}: no table knows this code"]


def test_unknown_codes_of_a_pair_are_shown_as_numbers():
    told = squeezed("99,1")
    assert told[1:] == ["ocpp_error OCPP error 99 (unknown) meaning unknown", "vendor_error 0x000001 documented"]


@pytest.mark.parametrize("word", ["1,0xFFFFFFFFFFFFFFFF", "0xFFFFFFFFFFFFFFFF,0,0"])
def test_a_code_of_any_size_that_is_taken_is_explained(word):
    assert "None" not in explain([word], DEFINITION)


def test_a_zero_tells_of_no_fault_and_hides_none():
    assert "Under voltage" in explain(["14,0"], DEFINITION)
    assert "error table" not in explain(["6,0"], DEFINITION)


def test_several_words_are_explained_one_by_one():
    assert explain(["0x200208", "14,2097672"], DEFINITION) == "\n".join([*VENDOR, "", *PAIR])


def test_two_codes_are_no_frame():
    assert explained("14", "10") == [*explained("14"), "", *explained("10")]


# Names


@pytest.mark.parametrize("word", ["Faulted", "faulted", "FAULTED"])
def test_a_status_is_known_by_its_name(word):
    assert explained(word) == ["Faulted = connector status 8", "  Fault  (documented)"]


@pytest.mark.parametrize("word", ["UnderVoltage", "undervoltage"])
def test_an_ocpp_error_is_known_by_its_name(word):
    assert explained(word) == [
        "UnderVoltage = OCPP error code 14  (documented)",
        *[f"  {line}" for line in UNDER_VOLTAGE],
    ]


@pytest.mark.parametrize("word", ["relay fault", "RelayFault", "SR_RELAY", "sr_relay"])
def test_a_row_is_known_by_its_meaning_and_by_its_stop_reason(word):
    assert explained(word)[0] == "  error table: Relay fault"


def test_a_stop_reason_can_stand_in_several_rows():
    assert [line.strip() for line in explained("SR_METERCOM")[::2]] == [
        "error table: Meter comm fault",
        "error table: Door opened",
    ]


# Frames


def test_a_frame_is_explained_part_by_part():
    assert squeezed("BB DD DD 32 06 59 2A 59 68 59 AD 6B BC") == [
        "phase voltages (pwrboard, pwr>com, sequence DDDD)",
        "Sent without being asked for.",
        "L1 228.26 V, L2 228.88 V, L3 229.57 V",
        "head BB BB verified pwrboard, pwr>com",
        "sequence DD DD DD DD verified an answer repeats it; DDDD marks a message that nobody asked for",
        "command 32 32 verified",
        "length 06 06 verified bytes of payload: 6",
        "l1_voltage 59 2A 228.26 V inferred",
        "l2_voltage 59 68 228.88 V inferred",
        "l3_voltage 59 AD 229.57 V inferred",
        "crc 6B BC 6B BC verified CRC-16/MODBUS, high byte first",
    ]


@pytest.mark.parametrize("known", KNOWN_FRAMES, ids=lambda known: known.name)
def test_a_known_frame_is_explained_however_it_is_pasted(known):
    plain = explained(known.raw.hex(" "))
    assert f"({known.link}, " in plain[0]
    assert f"sequence {known.sequence:04X})" in plain[0]
    assert explained(known.text) == explained(*known.text.split()) == plain
    by_arrow = explained(f"{known.arrow}:{known.text}")
    assert f"({known.link}, {known.direction}, " in by_arrow[0]
    assert explained(f"5 2023-11-30T00:00:49+0000 [ocpp] {known.arrow}:{known.text}") == by_arrow
    assert explained(*f"2023-11-30T00:00:49+0000 [ocpp] {known.arrow}:{known.text}".split()) == by_arrow


def test_unknown_and_assumed_parts_are_shown_as_such_and_the_fault_is_looked_up():
    told = squeezed(STATUS_REPORT.text)
    assert "unknown_9 1C 15 1C 15 meaning unknown" in told
    assert "cp_voltage 00 09 9 V assumed Control pilot voltage." in told
    assert "ocpp_error 0E UnderVoltage inferred" in told
    assert told[-2] == UNDER_VOLTAGE[0]


def test_a_long_field_has_its_bytes_on_a_line_of_its_own():
    told = squeezed(KNOWN_FRAMES[2].text)
    at = told.index("charge_point_id 31 30 34 32 37 32 34 30" + " 00" * 17)
    assert told[at + 1] == "10427240 inferred"


def test_an_unknown_command_is_shown_raw():
    told = squeezed("AA 00 54 7F 01 02 0000")
    assert told == ["a frame with a wrong CRC: it says 0000, its bytes give A8B9: AA 00 54 7F 01 02 00 00"]
    told = squeezed("AA 00 54 7F 01 02 A8B9")
    assert told[0] == "command 7F (unknown) (pwrboard, com>pwr, sequence 0054)"
    assert "undefined 02 02 meaning unknown no definition covers these bytes" in told


@pytest.mark.parametrize("known", KNOWN_FRAMES, ids=lambda known: known.name)
def test_a_damaged_frame_says_which_crc_would_be_right(known):
    sent = known.raw[-2] ^ 1, known.raw[-1]
    damaged = known.raw[:-2] + bytes(sent)
    says = f"it says {bytes(sent).hex().upper()}, its bytes give {known.raw[-2:].hex().upper()}: "
    for pasted in (damaged.hex(" "), f"{known.arrow}:{damaged.hex(' ')}"):
        assert explained(pasted) == [f"a frame with a wrong CRC: {says}{damaged.hex(' ').upper()}"]


def test_what_is_no_whole_frame_is_said_to_be_none():
    assert explained("AA 00 54") == ["a frame that was cut off: AA 00 54"]
    assert explained("01 02 03") == ["no frame: 01 02 03"]


def test_noise_around_a_frame_is_told_too():
    told = explained("01 " + STATUS_REPORT.text)
    assert told[0] == "no frame: 01"
    assert told[1:] == explained(STATUS_REPORT.text)


# Lines


@pytest.mark.parametrize("head", ["", "2023-11-30T00:00:49+0000 [comproc] ", "720 2023-11-30T00:00:49+0000 [comproc] "])
def test_a_pasted_line_is_explained_with_and_without_its_head(head):
    assert explained(head + "ocpp error Code :14,2097672") == PAIR
    assert explained(*(head + "pwrCom error Code vol:4,8,9").split()) == TRIPLE


@pytest.mark.parametrize("line", SAMPLE.read_text("ascii").splitlines(), ids=lambda line: line[:3])
def test_every_line_of_the_log_can_be_pasted(line):
    assert explained(line)
    assert "not one that" not in explain([line], DEFINITION)


def test_a_line_that_is_not_understood_is_said_to_be_one():
    assert explained("7 2023-11-30T00:00:49+0000 [comproc] hello") == [
        "log line of comproc: not one that the protocol description knows"
    ]


# Neither


@pytest.mark.parametrize("word", ["hello", "", " ", "1,2,3,4", "1,", ",", "0x", "-4", "1.5", "zz zz", "["])
def test_nonsense_is_refused(word):
    with pytest.raises(ExplainError) as refused:
        explain([word], DEFINITION)
    assert str(refused.value).startswith(f"{word}: ")


def test_an_unknown_number_in_the_tools_own_words_is_no_name():
    with pytest.raises(ExplainError):
        explain(["12 (unknown)"], DEFINITION)


def test_one_word_that_is_nonsense_refuses_all():
    with pytest.raises(ExplainError, match="hello"):
        explain(["14", "hello"], DEFINITION)


@pytest.mark.parametrize("hostile", ["\x1b[2J", "\x9b31m", "\u202e", "\udc9b", "e\u0301"])
def test_hostile_text_is_escaped(hostile):
    for line in (f"2023-11-30T00:00:49Z [{hostile}] hello", f"cpid = {hostile},evseNum = 1"):
        told = explain([line], DEFINITION)
        assert hostile not in told
        assert all(line.isprintable() for line in told.splitlines())


PIECES = [
    "14",
    ",",
    " ",
    "0x",
    "AA",
    "BB 00",
    "<=Dbus:",
    "[",
    "FF 6A A6 ",
    "cpid = ",
    ",evseNum = 1",
    " (unknown)",
    "8",
]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(PIECES) | st.text(st.characters(exclude_categories=()), max_size=5), max_size=6).map(
            "".join
        ),
        max_size=3,
    )
)
def test_anything_is_explained_in_safe_text_or_refused(words):
    try:
        told = explain(words, DEFINITION)
    except ExplainError:
        return
    assert all(line.isprintable() for line in told.split("\n"))
    assert "None" not in told


@settings(max_examples=150, deadline=None)
@given(st.binary(min_size=2, max_size=40))
def test_any_bytes_are_explained(data):
    told = explain([data.hex(" ")], DEFINITION)
    assert all(line.isprintable() for line in told.split("\n"))
