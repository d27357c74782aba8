"""Mending words by the known lines."""

import pytest

from sniffer.core.mending.word_mender import LONGEST_LINE, WordMender, count_edits
from sniffer.core.protocol.loader import packaged_definition

WORDS = WordMender(packaged_definition().lines)


CARD_READER = "##########_HJ CardReader_##########: CardReader ComErr!"
METER_VALUES = (
    "connId:1,connectorType:1,meterval:223710,AC_voltage_A:241.5,AC_current_A:0.01,MaxPowerOffered:0,temperature:45,"
    "soc:0,AC_Power:2"
)


@pytest.mark.parametrize(
    ("read", "mended"),
    [
        ("pwrCom error Code yol:4,8,9", "pwrCom error Code vol:4,8,9"),
        ("icomCode = 4, index=3", "icomCode = 4,index=3"),
        ("icornCode = 4,index=3", "icomCode = 4,index=3"),
        ("Com bool!", "Com boot!"),
        ("CP_1NFO", "CP_INFO"),
        ("ocpperror Code:14,2097672", "ocpp error Code :14,2097672"),
        ("CPU tempcrature: 64070", "CPU temperature: 64070"),
        ("Corn boot!", "Com boot!"),
        ("availabilitySrc = 0x01.0x01", "availabilitySrc = 0x01,0x01"),
        ("ocpp error Code :14.2097672", "ocpp error Code :14,2097672"),
        ("ocpp error Code 14,2097672", "ocpp error Code :14,2097672"),
        ("boardtemp = 45, conntemp = 36", "boardtemp = 45, conntemp = 36 ;"),
        ("#t########_HJ CardReader_#######4##: CardReader ComErr!", CARD_READER),
        (METER_VALUES.replace("_", " ").replace("O", "0"), METER_VALUES),
    ],
)
def test_a_line_that_is_near_a_known_one_is_mended(read, mended):
    found = WORDS.mend(read)
    assert found
    assert found.text == mended


def test_it_names_what_was_read_and_where():
    found = WORDS.mend("pwrCom error Code yol:4,8,9")
    assert found
    assert [(one.at, one.read, one.mended) for one in found.characters] == [(18, "y", "v")]


def test_two_letters_that_were_read_for_one_are_one_wrong_character():
    found = WORDS.mend("Corn boot!")
    assert found
    assert [(one.at, one.read, one.mended) for one in found.characters] == [(2, "rn", "m")]


def test_a_missing_mark_is_named_at_its_place():
    found = WORDS.mend("ocpp error Code 14,2097672")
    assert found
    assert [(one.at, one.read, one.mended) for one in found.characters] == [(15, "", ":")]


@pytest.mark.parametrize(
    "read",
    [
        "pwrCom error Codf :4,8,9",
        "pwrCom error Code vol:4,S,9",
        "cpid = 1042",
        "Com b00l!",
        "[run]: 77 hours 59 minutes [mem_used]: 42,52",
        "icomCode = 4,index=3,7",
        "availabilitySrc = 0x01",
        "pwrCom error Code vol:48,9",
        METER_VALUES.replace("0.01", "0,01"),
        "hello world",
        "",
        "x" * (LONGEST_LINE + 1),
    ],
)
def test_a_line_that_differs_in_more_or_in_a_number_is_left(read):
    assert WORDS.mend(read) is None


@pytest.mark.parametrize(
    ("read", "process"), [("compzoc", "comproc"), ("cornproc", "comproc"), ("ocp", "ocpp"), ("of", None), ("run", None)]
)
def test_the_name_of_a_process_is_mended(read, process):
    assert WORDS.find_process(read) == process


@pytest.mark.parametrize(
    ("one", "other", "edits"), [("", "abc", 3), ("abc", "abc", 0), ("abc", "axc", 1), ("ab", "ba", 2)]
)
def test_edits_are_counted(one, other, edits):
    assert count_edits(one, other) == count_edits(other, one) == edits
