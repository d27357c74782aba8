"""A fault card in JSON: every fact of the text, with how well it is known."""

import json

import pytest
from msgspec.structs import replace

from sniffer.core.protocol.enumeration import Provenance
from sniffer.formats.jsonl.card_keys import build_card_object
from sniffer.text.faults.fault_card import build_fault_card
from tests.core.protocol.helpers import DEFINITION

ROWS = {row.meaning: row for row in DEFINITION.errors}


@pytest.mark.parametrize("row", DEFINITION.errors, ids=lambda row: row.meaning)
def test_a_card_has_all_codes_and_names_that_are_known(row):
    card = build_fault_card(row, DEFINITION)
    made = json.loads(json.dumps(build_card_object(card)))
    assert made["meaning"] == row.meaning
    assert [code["value"] for code in made["codes"]] == [code.value for code in card.codes if code.value]
    assert [(one["vocabulary"], one["names"]) for one in made["vocabularies"]] == [
        (name.vocabulary, list(name.names)) for name in card.names
    ]
    assert list(made["advice"]) == ["electrical", "danger", "safety", "measure", "afterwards"]


def test_under_voltage_says_how_well_each_fact_is_known():
    made = build_card_object(build_fault_card(ROWS["Under voltage"], DEFINITION))
    assert made["codes"][2] == {"code": "M4 error code", "value": "4", "provenance": "documented"}
    assert made["vocabularies"][0] == {
        "vocabulary": "ChargeX MREC",
        "names": ["CX006"],
        "provenance": "inferred",
        "remark": "both OCPP UnderVoltage",
    }
    assert {one["meaning"] for one in made["confused_with"]} == {"Relay fault"}


def test_a_row_of_the_user_has_no_advice_and_no_names():
    mine = replace(ROWS["Under voltage"], vendor=0x300001, meaning="Mine", provenance=Provenance.USER)
    made = build_card_object(build_fault_card(mine, DEFINITION))
    assert (made["provenance"], made["advice"], made["vocabularies"]) == ("user", None, [])
