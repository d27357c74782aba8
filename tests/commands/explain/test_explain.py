"""`explain` of codes in both notations and of names, with the provenance of each fact."""

import json

import pytest
from msgspec.structs import replace

from sniffer.base.errors import ExplainError
from sniffer.commands.explain.explain import explain, explain_json
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.wire.links import PWR_TO_COM
from sniffer.text.faults.fault_card import build_fault_card, format_card
from tests.commands.explain.helpers import (
    NEAREST_TO_300208,
    PAIR,
    ROWS,
    TRIPLE,
    UNDER_VOLTAGE,
    VENDOR,
    explained,
    short,
    squeezed,
)
from tests.core.protocol.helpers import DEFINITION, frame

# Codes


@pytest.mark.parametrize("words", ["14,2097672", "0x0E,0x200208", "14,0X200208", "14, 2097672"])
def test_a_pair_is_an_ocpp_and_a_vendor_code(words):
    assert explained(words) == [*PAIR, *UNDER_VOLTAGE]


@pytest.mark.parametrize("words", ["4,8,9", "0x4,0x08,9"])
def test_a_triple_is_an_m4_code_a_status_and_a_voltage(words):
    assert explained(words) == [*TRIPLE, *UNDER_VOLTAGE]


@pytest.mark.parametrize("word", ["0x200208", "2097672", "0X200208", "200208", "20 02 08"])
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
    lines = explained("10")
    assert lines[6:] == short("Meter data fault", "Meter comm fault", "Power sequence fault")
    assert not any("apart" in line for line in lines)


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
    lines = explained("12")
    assert "  as OCPP error code: ReaderFailure  (inferred)" in lines
    assert explained("0E")[0] == "14 = 0x0E"


def test_an_inferred_code_is_shown_as_such():
    assert "  OCPP error code     11 PowerSwitchFailure   inferred" in explained("0x100208")


@pytest.mark.parametrize("word", ["0xABCDEF", "16", "999999999999999999", "0x300208"])
def test_a_code_that_no_table_has_is_called_unknown(word):
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


def test_an_unknown_m4_code_of_a_triple_is_called_one():
    assert explained("7,8,9")[4:] == [
        "  M4 error code 7 is not known; the only known: 4 Under voltage (documented)",
        "    `evse-sniff learn` can recover others from logs",
    ]


def test_where_no_code_is_known_none_is_near():
    empty = replace(DEFINITION, errors=())
    assert explained("0x300208", definition=empty)[1:] == [
        "  vendor error code 0x300208 is not known; no known code is near it"
    ]
    assert "  M4 error code 16 is not known; the only known: none" in explained("16", definition=empty)


@pytest.mark.parametrize("word", ["1,0xFFFFFFFFFFFFFFFF", "0xFFFFFFFFFFFFFFFF,0,0"])
def test_a_code_of_any_size_that_is_taken_is_explained(word):
    assert "None" not in explain([word], DEFINITION)


def test_a_zero_is_no_fault_and_hides_none():
    assert "Under voltage" in explain(["14,0"], DEFINITION)
    assert "error table" not in explain(["6,0"], DEFINITION)


def test_several_words_are_explained_one_by_one_and_a_row_has_one_card():
    assert explained("0x200208", "14,2097672") == [*VENDOR, "", *PAIR, *UNDER_VOLTAGE]


def test_the_cards_of_several_rows_stand_at_the_end():
    relay = ["1049096 = 0x100208", "  as vendor error code  (documented)", "    error table: Relay fault"]
    assert explained("0x200208", "0x100208") == [*VENDOR, "", *relay, *short("Under voltage", "Relay fault")]


def test_two_codes_are_no_frame():
    lines = explained("14", "10")
    assert "14 = 0x0E" in lines
    assert "10 = 0x0A" in lines


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


def test_a_name_that_is_near_to_none_is_refused_with_what_prints_all():
    with pytest.raises(ExplainError, match=r"nor a line of the log: `evse-sniff definition` prints all that is known$"):
        explain(["zzzz"], DEFINITION)


# Codes that disagree


def test_codes_of_a_frame_that_disagree_are_reported():
    report = frame(PWR_TO_COM, 0x01, bytes([1, 8, 9, 0, 0, 0, 4, 0, 9, 0, 0])).raw.hex(" ")
    lines = squeezed(report)
    at = lines.index("the codes disagree: M4 4 says Under voltage, OCPP 9 OverVoltage says Over")
    assert lines[at - 2 : at] == ["error table: Over voltage", "error table: Under voltage"]
    assert lines[at + 1] == "voltage"


def test_codes_of_a_pair_that_disagree_are_reported():
    lines = " ".join(squeezed("9,2097672"))
    assert "the codes disagree: OCPP 9 OverVoltage says Over voltage, vendor 0x200208 says Under voltage" in lines
    assert "does not show which" not in lines


def test_no_error_disagrees_with_nothing():
    report = frame(PWR_TO_COM, 0x01, bytes([1, 8, 6, 0, 0, 0, 4, 0, 9, 0, 0])).raw.hex(" ")
    assert not any("disagree" in line for line in squeezed(report))


def test_an_ocpp_message_is_explained_by_its_parameters():
    assert explained('<=CSMS:[2,"a","ChangeAvailability",{"connectorId":1,"type":"Operative"}]') == [
        "ChangeAvailability call  (OCPP 1.6, from the central system, id a)",
        "  connectorId              1",
        "  type                     Operative",
    ]
    assert explained('2024-04-03T16:36:11+0900 [ocpp] =>CSMS:[3,"a",{"status":"Accepted"') == [
        "result  (OCPP 1.6, from the charger, id a)",
        "  status                   Accepted",
        "  the message is cut off",
    ]


@pytest.mark.parametrize("head", ["", "2023-11-30T00:00:49+0000 [comproc] "])
def test_the_text_of_a_relay_that_sticks_raises_no_fault_but_warns(head):
    text = " ".join(explained(f"{head} inside error test : board warnning RelayAdhesion error "))
    assert "the protocol definition does not describe it" in text
    assert "take the output as live until tested" in " ".join(text.split())
    assert "Relay fault" not in text


# What a backend shows, and other vocabularies

STATUS = '{"connectorId":1,"errorCode":"UnderVoltage","status":"Faulted","vendorErrorCode":"0x200208"}'


@pytest.mark.parametrize(
    "words", [[STATUS], [f'[2,"a","StatusNotification",{STATUS}]'], STATUS.replace(",", ", ").split()]
)
def test_a_message_of_a_backend_names_its_row(words):
    lines = explained(*words)
    assert "  error table: Under voltage" in lines
    assert lines[-len(UNDER_VOLTAGE) :] == UNDER_VOLTAGE


def test_a_message_in_a_line_of_the_log_names_its_row_too():
    lines = explained(f'2024-04-03T16:36:11+0900 [ocpp] =>CSMS:[2,"a","StatusNotification",{STATUS}]')
    assert lines[0] == "StatusNotification call  (OCPP 1.6, from the charger, id a)"
    assert "  error table: Under voltage" in lines


def test_a_message_and_a_code_are_explained_one_by_one():
    lines = explained(STATUS, "04h")
    assert "StatusNotification call  (OCPP 1.6)" in lines
    assert "4 = 0x04" in lines


def test_codes_of_a_message_that_disagree_are_reported():
    lines = squeezed(STATUS.replace("UnderVoltage", "OverVoltage"))
    assert any(line.startswith("the codes disagree: OCPP 9 OverVoltage says Over voltage") for line in lines)


@pytest.mark.parametrize("word", ["04h", "0x04", "4H"])
def test_a_hexadecimal_code_has_an_h_or_an_x(word):
    assert explained(word) == explained("4")


@pytest.mark.parametrize(
    ("word", "begin"),
    [
        ("CX006", ["CX006 = ChargeX MREC", "  error table: Under voltage  (inferred)"]),
        (
            "CX014",
            ["CX014 = ChargeX MREC", "  error table: CP fault  (assumed)", "  error table: CP-12V fault  (assumed)"],
        ),
        ("liveneutralswap", ["liveneutralswap = Matter EnergyEvse", "  error table: LN reverse fault  (assumed)"]),
        ("GridPowerLoss", ["GridPowerLoss = CharIN unified", "  error table: Under voltage  (assumed)"]),
    ],
)
def test_a_word_of_another_vocabulary_names_its_rows(word, begin):
    assert explained(word)[: len(begin)] == begin


def test_the_card_says_what_others_call_the_fault_and_how_certain_that_is():
    lines = squeezed("0x100215")
    assert "ChargeX MREC CX002 assumed, plausible; a condition of" in lines
    assert not any("CharIN" in line for line in lines)


@pytest.mark.parametrize("words", [['{"a":1}'], ["[2,id,StatusNotification,{connectorId:1}]"]])
def test_json_that_is_no_message_is_refused_with_what_to_type(words):
    with pytest.raises(ExplainError, match=r"no OCPP message: expected .*in single quotation marks"):
        explain(words, DEFINITION)


def test_json_has_the_lines_and_the_cards():
    made = json.loads(explain_json([STATUS], DEFINITION))
    assert (made["type"], made["of"]) == ("explanation", [STATUS])
    assert made["text"][0][-1] == "  error table: Under voltage"
    (fault,) = made["faults"]
    assert fault["meaning"] == "Under voltage"
    assert fault["vocabularies"][0]["names"] == ["CX006"]
