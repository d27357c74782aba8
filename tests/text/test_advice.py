"""The packaged advice: an entry for each row of the error table and no other, in a form that can be followed."""

import tomllib
from dataclasses import replace

import pytest

from sniffer.base.errors import DefinitionError
from sniffer.core.protocol.toml_table import TomlTable
from sniffer.text.advice import find_advice, load_handbook, parse_handbook
from tests.core.protocol.helpers import DEFINITION

ENTRY = (
    'vendor = 0x100208\nstop_reason = "SR_RELAY"\nmeaning = "Relay fault"\nelectrical = ["It."]\nmeasure = ["That."]'
)
BOOK = f'safety = "Care."\nregistration = ["Look."]\n[[advice]]\n{ENTRY}'
RELAY = next(row for row in DEFINITION.errors if row.meaning == "Relay fault")


def book(text):
    return parse_handbook(TomlTable("advice.toml", tomllib.loads(text)))


@pytest.mark.parametrize("row", DEFINITION.errors, ids=lambda row: row.meaning)
def test_each_row_has_its_own_advice(row):
    advice = find_advice(row)
    assert advice is not None
    assert advice.meaning == row.meaning


def test_no_advice_is_for_a_row_that_is_not_there():
    assert set(load_handbook().entries) == {(row.vendor, row.stop_reason) for row in DEFINITION.errors}


def test_a_pending_registration_has_its_own_advice():
    assert book(BOOK).registration == ("Look.",)
    steps = load_handbook().registration
    assert [step.partition(":")[0] for step in steps] == ["Network", "Server address", "Charge point id"]
    assert all(step.endswith(".") for step in steps)


@pytest.mark.parametrize("advice", load_handbook().entries.values(), ids=lambda advice: advice.meaning)
def test_advice_is_short_and_in_a_safe_order(advice):
    assert 1 <= len(advice.electrical) <= 2
    assert 2 <= len(advice.measure) <= 4
    assert all(text[-1] in ".?" for text in (*advice.electrical, *advice.measure))
    live = [step.startswith("Live") for step in advice.measure]
    dead = [step.startswith("Dead") for step in advice.measure]
    assert not any(dead[live.index(True) :] if True in live else [])


def test_the_users_own_name_for_a_row_keeps_its_advice():
    assert find_advice(replace(RELAY, meaning="Schütz klebt")) is find_advice(RELAY)


@pytest.mark.parametrize("change", [{"vendor": 0x300208}, {"vendor": None}, {"stop_reason": "SR_OTHER"}])
def test_another_row_has_none(change):
    assert find_advice(replace(RELAY, **change)) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BOOK.replace('"Care."', "1"), "advice.toml: safety = 1: must be a text"),
        (BOOK.replace("0x100208", '"0x100208"'), "advice.toml: advice 1: vendor = '0x100208'"),
        (BOOK.replace('["It."]', "[]"), "advice 1: electrical = []: must be a list with at least one text"),
        (BOOK.replace('["That."]', '"That."'), "advice 1: measure = 'That.': must be a list with at least one text"),
        (f"{BOOK}\n[[advice]]\n{ENTRY}", "advice 2: vendor = 1049096: must be a code that no other entry"),
    ],
)
def test_what_is_wrong_in_the_file_is_reported_with_its_place(text, message):
    assert book(BOOK).safety == "Care."
    with pytest.raises(DefinitionError) as refused:
        book(text)
    assert message in str(refused.value)
