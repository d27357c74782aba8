"""`explain`: codes in both notations, names, frames and pasted lines, with how well each fact is known."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.base.errors import ExplainError
from sniffer.commands.explain import explain
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM
from sniffer.text.fault_card import build_fault_card, format_card, format_short_card
from tests.core.charger.helpers import SAMPLE
from tests.core.protocol.helpers import CODEC, DEFINITION, frame, known_message, values_of
from tests.known_frames import KNOWN_FRAMES, STATUS_REPORT

ROWS = {row.meaning: row for row in DEFINITION.errors}
UNDER_VOLTAGE = ["", *format_card(build_fault_card(ROWS["Under voltage"], DEFINITION))]
PAIR = [
    "OCPP and vendor error code  (log line, documented)",
    "  ocpp_error         UnderVoltage           documented",
    "  vendor_error       0x200208               documented",
    "  error table: Under voltage",
]
TRIPLE = [
    "M4 error code, status and CP voltage  (log line, documented)",
    "  m4_error           4                      documented",
    "  status             Faulted                documented",
    "  cp_voltage         9 V                    documented",
    "  error table: Under voltage",
]
VENDOR = ["2097672 = 0x200208", "  as vendor error code  (documented)", "    error table: Under voltage"]
NEAREST_TO_300208 = [
    "  vendor error code 0x300208 is not known; nearest, but not the same:",
    "    0x200208 Under voltage: differs in the leading digit only",
    "    0x100208 Relay fault: differs in the leading digit only",
]


def explained(*words, definition=DEFINITION):
    return explain(words, definition).splitlines()


def short(*meanings):
    """The short cards of these rows, and where a whole one is, as they end an answer."""
    rows = [ROWS[meaning] for meaning in meanings]
    cards = [line for row in rows for line in ["", *format_short_card(build_fault_card(row, DEFINITION), rows)]]
    return [*cards, "", f"A full card: evse-sniff explain '{meanings[0]}'"]


def squeezed(*words, definition=DEFINITION):
    """The lines with one blank where there are many."""
    return [" ".join(line.split()) for line in explained(*words, definition=definition)]


# Codes


@pytest.mark.parametrize("words", ["14,2097672", "0x0E,0x200208", "14,0X200208", "14, 2097672"])
def test_a_pair_is_an_ocpp_and_a_vendor_code(words):
    assert explained(words) == [*PAIR, *UNDER_VOLTAGE]


@pytest.mark.parametrize("words", ["4,8,9", "0x4,0x08,9"])
def test_a_triple_is_an_m4_code_a_status_and_a_voltage(words):
    assert explained(words) == [*TRIPLE, *UNDER_VOLTAGE]


@pytest.mark.parametrize("word", ["0x200208", "2097672", "0X200208", "200208"])
def test_a_vendor_code_is_known_in_both_notations(word):
    assert explained(word) == [*VENDOR, *UNDER_VOLTAGE]


def test_a_code_that_names_two_rows_shows_both():
    assert explained("0x10020F") == [
        "1049103 = 0x10020F",
        "  as vendor error code  (documented)",
        "    error table: Meter data fault",
        "    error table: Meter comm fault",
        "      the code alone does not show which of the 2 it is",
        *short("Meter data fault", "Meter comm fault"),
    ]


def test_the_cards_of_a_code_for_three_rows_are_short():
    told = explained("10")
    assert told[6:] == short("Meter data fault", "Meter comm fault", "Power sequence fault")
    assert not any("apart" in line for line in told)


@pytest.mark.parametrize("word", ["0x100208", "0x200208", "0x100206", "0x200206"])
def test_a_vendor_code_is_never_taken_for_one_with_the_same_low_bytes(word):
    assert sum("error table" in line for line in explained(word)) == 1


def test_a_small_number_is_everything_that_it_can_be():
    assert explained("4") == [
        "4 = 0x04",
        "  as OCPP error code: InternalError  (inferred)",
        "  as connector status: SuspendedEV, EV is not ready  (documented)",
        "  as M4 error code  (documented)",
        "    error table: Under voltage",
        *UNDER_VOLTAGE,
    ]


def test_digits_are_tried_in_decimal_and_in_hexadecimal():
    told = explained("12")
    assert "  as OCPP error code: ReaderFailure  (inferred)" in told
    assert explained("0E")[0] == "14 = 0x0E"


def test_an_inferred_code_is_shown_as_such():
    assert "  OCPP error code     11 PowerSwitchFailure   inferred" in explained("0x100208")


@pytest.mark.parametrize("word", ["0xABCDEF", "16", "999999999999999999", "0x300208"])
def test_a_code_that_no_table_has_is_said_to_be_unknown(word):
    assert explained(word)[0] == f"{word}: this code is in no table"


@pytest.mark.parametrize("word", ["0x300208", "3146248", "300208"])
def test_the_nearest_of_an_unknown_vendor_code_differ_in_the_leading_digit(word):
    assert explained(word) == [f"{word}: this code is in no table", *NEAREST_TO_300208]


def test_nearest_is_next_what_differs_in_one_digit_and_three_are_enough():
    assert explained("0x10020E")[1:] == [
        "  vendor error code 0x10020E is not known; nearest, but not the same:",
        "    0x10020F Meter data fault or Meter comm fault: differs in one digit",
        "    0x10020C Door opened: differs in one digit",
        "    0x100208 Relay fault: differs in one digit",
    ]


def test_nearest_is_last_what_is_close_in_number():
    assert explained("0x100244")[1:] == [
        "  vendor error code 0x100244 is not known; nearest, but not the same:",
        "    0x100233 CP-12V fault: 17 away",
        "    0x100232 3rd party device offline: 18 away",
        "    0x100231 Output short circuit: 19 away",
    ]


def test_a_small_unknown_number_is_compared_with_what_is_known():
    assert explained("16") == [
        "16: this code is in no table",
        "  OCPP error code 16 is not known: the list ends at 15 WeakSignal",
        "  M4 error code 16 is not known; the only known: 4 Under voltage (documented)",
        "    `evse-sniff learn` can recover others from logs",
    ]


def test_an_m4_code_of_the_user_is_known_too():
    mine = replace(ROWS["Relay fault"], m4={7: Provenance.USER})
    definition = replace(DEFINITION, errors=(mine, ROWS["Under voltage"]))
    assert "M4 error code       7                       user" in explain(["7,8,9"], definition)
    assert "the only known: 4 Under voltage (documented), 7 Relay fault (user)" in " ".join(
        squeezed("16", definition=definition)
    )


def test_unknown_codes_of_a_pair_are_shown_as_numbers():
    assert squeezed("99,0x300208") == [
        "OCPP and vendor error code (log line, documented)",
        "ocpp_error OCPP error 99 (unknown) meaning unknown",
        "vendor_error 0x300208 documented",
        *[line.strip() for line in NEAREST_TO_300208],
        "OCPP error code 99 is not known: the list ends at 15 WeakSignal",
    ]


def test_an_unknown_m4_code_of_a_triple_is_said_to_be_one():
    assert explained("7,8,9")[4:] == [
        "  M4 error code 7 is not known; the only known: 4 Under voltage (documented)",
        "    `evse-sniff learn` can recover others from logs",
    ]


def test_where_no_code_is_known_none_is_near():
    empty = replace(DEFINITION, errors=())
    assert explained("0x300208", definition=empty)[1:] == NEAREST_TO_300208[:1]
    assert "  M4 error code 16 is not known; the only known: none" in explained("16", definition=empty)


@pytest.mark.parametrize("word", ["1,0xFFFFFFFFFFFFFFFF", "0xFFFFFFFFFFFFFFFF,0,0"])
def test_a_code_of_any_size_that_is_taken_is_explained(word):
    assert "None" not in explain([word], DEFINITION)


def test_a_zero_tells_of_no_fault_and_hides_none():
    assert "Under voltage" in explain(["14,0"], DEFINITION)
    assert "error table" not in explain(["6,0"], DEFINITION)


def test_several_words_are_explained_one_by_one_and_a_row_has_one_card():
    assert explained("0x200208", "14,2097672") == [*VENDOR, "", *PAIR, *UNDER_VOLTAGE]


def test_the_cards_of_several_rows_stand_at_the_end():
    relay = ["1049096 = 0x100208", "  as vendor error code  (documented)", "    error table: Relay fault"]
    assert explained("0x200208", "0x100208") == [*VENDOR, "", *relay, *short("Under voltage", "Relay fault")]


def test_two_codes_are_no_frame():
    told = explained("14", "10")
    assert "14 = 0x0E" in told
    assert "10 = 0x0A" in told


# Names


@pytest.mark.parametrize("word", ["Faulted", "faulted", "FAULTED"])
def test_a_status_is_known_by_its_name(word):
    assert explained(word) == ["Faulted = connector status 8", "  Fault  (documented)"]


@pytest.mark.parametrize("word", ["UnderVoltage", "undervoltage"])
def test_an_ocpp_error_is_known_by_its_name(word):
    assert explained(word) == [
        "UnderVoltage = OCPP error code 14  (documented)",
        "  error table: Under voltage",
        *UNDER_VOLTAGE,
    ]


@pytest.mark.parametrize("word", ["relay fault", "RelayFault", "SR_RELAY", "sr_relay"])
def test_a_row_is_known_by_its_meaning_and_by_its_stop_reason(word):
    assert explained(word) == format_card(build_fault_card(ROWS["Relay fault"], DEFINITION))


def test_a_stop_reason_can_stand_in_several_rows():
    assert explained("SR_METERCOM") == short("Meter comm fault", "Door opened")[1:]


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("UnderVolt", "Under voltage, SR_UNDERVOL, Over voltage"),
        ("relay", "SR_RELAY, Relay fault"),
        ("SuspendedEVS", "SuspendedEVSE, SuspendedEV"),
        ("GroundFailur", "GroundFailure, Grounding, ReaderFailure"),
    ],
)
def test_a_misspelt_name_is_refused_with_the_nearest(word, near):
    with pytest.raises(ExplainError) as refused:
        explain([word], DEFINITION)
    assert str(refused.value).endswith(f"nor a line of the log; nearest names: {near}")


def test_a_name_that_is_near_to_none_is_just_refused():
    with pytest.raises(ExplainError, match=r"nor a line of the log$"):
        explain(["zzzz"], DEFINITION)


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
    assert "error table: Under voltage" in told
    assert explained(STATUS_REPORT.text)[-len(UNDER_VOLTAGE) :] == UNDER_VOLTAGE


def test_an_unknown_code_in_a_frame_is_compared_with_what_is_known():
    known = known_message("status report")
    values = values_of(known) | {"m4_error": 7, "ocpp_error": "NoError"}
    raw = CODEC.encode(known.command, 1, values)
    assert "M4 error code 7 is not known; the only known: 4 Under voltage (documented)" in squeezed(raw.hex(" "))


def test_a_long_field_has_its_bytes_on_a_line_of_its_own():
    told = squeezed(KNOWN_FRAMES[2].text)
    at = told.index("charge_point_id 31 30 34 32 37 32 34 30" + " 00" * 17)
    assert told[at + 1] == "10427240 inferred"


def test_an_unknown_command_is_shown_raw():
    told = squeezed("AA 00 54 7F 01 02 0000")
    assert told == ["a frame with a wrong CRC: it holds 0000, its bytes give A8B9: AA 00 54 7F 01 02 00 00"]
    told = squeezed("AA 00 54 7F 01 02 A8B9")
    assert told[0] == "command 7F (unknown) (pwrboard, com>pwr, sequence 0054)"
    assert "undefined 02 02 meaning unknown no definition covers these bytes" in told


@pytest.mark.parametrize("known", KNOWN_FRAMES, ids=lambda known: known.name)
def test_a_damaged_frame_says_which_crc_would_be_right(known):
    sent = known.raw[-2] ^ 1, known.raw[-1]
    damaged = known.raw[:-2] + bytes(sent)
    expected = f"it holds {bytes(sent).hex().upper()}, its bytes give {known.raw[-2:].hex().upper()}: "
    for pasted in (damaged.hex(" "), f"{known.arrow}:{damaged.hex(' ')}"):
        assert explained(pasted) == [f"a frame with a wrong CRC: {expected}{damaged.hex(' ').upper()}"]


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
    assert explained(head + "ocpp error Code :14,2097672") == [*PAIR, *UNDER_VOLTAGE]
    assert explained(*(head + "pwrCom error Code vol:4,8,9").split()) == [*TRIPLE, *UNDER_VOLTAGE]


@pytest.mark.parametrize("line", SAMPLE.read_text("ascii").splitlines(), ids=lambda line: line[:3])
def test_every_line_of_the_log_can_be_pasted(line):
    assert explained(line)
    assert "does not describe" not in explain([line], DEFINITION)


def test_a_line_that_is_not_understood_is_said_to_be_one():
    assert explained("7 2023-11-30T00:00:49+0000 [comproc] hello") == [
        "log line of comproc: the protocol definition does not describe it"
    ]


# Neither


@pytest.mark.parametrize("word", ["hello", "", " ", "1,2,3,4", "1,", ",", "0x", "-4", "1.5", "zz zz", "["])
def test_nonsense_is_refused(word):
    with pytest.raises(ExplainError) as refused:
        explain([word], DEFINITION)
    assert str(refused.value).startswith(f"{word if word.strip() else 'an empty word'}: ")


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


@pytest.mark.parametrize("hostile", ["\x1b[2J", "\x9b31m", "\u202e", "e\u0301"])
def test_hostile_text_of_a_users_definition_is_escaped(hostile):
    mine = replace(ROWS["Relay fault"], meaning=hostile, stop_reason=hostile)
    definition = replace(DEFINITION, errors=(mine, *DEFINITION.errors))
    for words in (["0x300208"], ["0x100208"], [hostile], ["0x200208"]):
        told = explain(words, definition)
        assert hostile not in told
        assert all(line.isprintable() for line in told.split("\n"))


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
    told = explained("9", definition=own)
    assert told[told.index("  as M4 error code  (assumed, user)") + 1 :][:2] == [
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


# Codes that disagree


def test_codes_of_a_frame_that_disagree_are_told_to():
    report = frame(PWR_TO_COM, 0x01, bytes([1, 8, 9, 0, 0, 0, 4, 0, 9, 0, 0])).raw.hex(" ")
    told = squeezed(report)
    at = told.index("the codes disagree: M4 4 says Under voltage, OCPP 9 OverVoltage says Over")
    assert told[at - 2 : at] == ["error table: Over voltage", "error table: Under voltage"]
    assert told[at + 1] == "voltage"


def test_codes_of_a_pair_that_disagree_are_told_to():
    told = " ".join(squeezed("9,2097672"))
    assert "the codes disagree: OCPP 9 OverVoltage says Over voltage, vendor 0x200208 says Under voltage" in told
    assert "does not show which" not in told


def test_no_error_disagrees_with_nothing():
    report = frame(PWR_TO_COM, 0x01, bytes([1, 8, 6, 0, 0, 0, 4, 0, 9, 0, 0])).raw.hex(" ")
    assert not any("disagree" in line for line in squeezed(report))
