"""A written file loads to an equal definition, states how well each fact is known, and reads as people write."""

import re
import tomllib

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from sniffer.base.errors import DefinitionError
from sniffer.core.protocol.definition_writer import format_definition
from sniffer.core.protocol.loader import load, packaged_files
from tests.core.protocol.helpers import DEFINITION, assert_works, user_files
from tests.thoroughness import repetitions

# A file at random is small already, and making it smaller takes minutes.
thorough = settings(
    max_examples=repetitions(12, 40), phases=[Phase.generate], deadline=None, suppress_health_check=[*HealthCheck]
)


def loaded(*texts):
    return load(packaged_files(), [(f"{number}.toml", text) for number, text in enumerate(texts)])


def test_the_packaged_definition_survives_being_written_and_read_back():
    text = format_definition(DEFINITION)
    assert loaded(text) == DEFINITION
    assert format_definition(loaded(text)) == text


def test_it_is_whole_without_the_packaged_files():
    assert load({"written.toml": format_definition(DEFINITION)}) == DEFINITION


def test_codes_stand_in_hexadecimal_with_their_digits():
    text = format_definition(DEFINITION)
    assert "vendor = 0x100208\n" in text
    assert "code = 0x01\n" in text
    assert "code = 0x002D\n" in text


def test_each_fact_states_how_well_it_is_known():
    table = tomllib.loads(format_definition(DEFINITION))
    rows = [row for enumeration in table["enumeration"].values() for row in enumeration["values"]]
    rows += [row for key in ("transition", "pilot", "error", "line") for row in table[key]]
    assert len(rows) == (9 + 2 + 2 + 2 + 16) + 9 + 6 + 21 + 18
    assert all("provenance" in row for row in rows)
    assert all("ocpp_provenance" in row for row in table["error"] if "ocpp" in row)
    assert [row["m4_provenance"] for row in table["error"] if "m4" in row] == ["documented"]
    unclaimed = [command["name"] for command in table["command"] if "provenance" not in command]
    assert set(unclaimed) == {"start-up request", "start-up answer", "end of status exchange"}
    assert {row["provenance"] for row in table["exchange"]} == {"inferred"}


def test_one_m4_code_is_written_without_a_list():
    text = format_definition(DEFINITION)
    assert re.search(r"^m4 = \d+$", text, re.MULTILINE)
    assert not re.search(r"^m4 = \[\d+\]$", text, re.MULTILINE)


def test_m4_codes_that_are_not_equally_well_known_have_a_word_each():
    definition = loaded("[[error]]\nvendor = 0x200208\nm4 = [9, 10]\nm4_provenance = ['assumed', 'user']")
    text = format_definition(definition)
    assert 'm4 = [4, 9, 10]\nm4_provenance = ["documented", "assumed", "user"]' in text
    assert loaded(text) == definition


@pytest.mark.parametrize("answers", ["0", "[0, 1]", "true"])
def test_what_a_command_answers_is_written_and_read_again(answers):
    definition = loaded(
        'link = "pwrboard"\n[[command]]\ndirection = "pwr>com"\ncode = 0x70\nname = "x"\nsummary = ""\nfields = []\n'
        f"answers = {answers}"
    )
    assert loaded(format_definition(definition)) == definition


@thorough
@given(st.lists(user_files(), min_size=1, max_size=3))
def test_any_user_definition_survives_being_written_and_read_back(texts):
    try:
        definition = loaded(*texts)
    except DefinitionError:
        assume(False)
    text = format_definition(definition)
    assert loaded(text) == definition
    assert loaded(*texts, text) == definition
    assert load({"written.toml": text}) == definition


@thorough
@given(user_files())
def test_any_user_definition_works(text):
    try:
        definition = loaded(text)
    except DefinitionError:
        assume(False)
    assert_works(definition)
