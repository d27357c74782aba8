"""`explain` of nonsense, of hostile text, and of anything."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sniffer.base.errors import ExplainError
from sniffer.commands.explain.explain import explain
from tests.commands.explain.helpers import (
    ROWS,
)
from tests.core.protocol.helpers import DEFINITION


@pytest.mark.parametrize("word", ["hello", "", " ", "1,2,3,4", ",", "0x", "-4", "1.5", "zz zz", "["])
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
        text = explain([line], DEFINITION)
        assert hostile not in text
        assert all(line.isprintable() for line in text.splitlines())


@pytest.mark.parametrize("hostile", ["\x1b[2J", "\x9b31m", "\u202e", "e\u0301"])
def test_hostile_text_of_a_users_definition_is_escaped(hostile):
    mine = replace(ROWS["Relay fault"], meaning=hostile, stop_reason=hostile)
    definition = replace(DEFINITION, errors=(mine, *DEFINITION.errors))
    for words in (["0x300208"], ["0x100208"], [hostile], ["0x200208"]):
        text = explain(words, definition)
        assert hostile not in text
        assert all(line.isprintable() for line in text.split("\n"))


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
        text = explain(words, DEFINITION)
    except ExplainError:
        return
    assert all(line.isprintable() for line in text.split("\n"))
    assert "None" not in text


@settings(max_examples=150, deadline=None)
@given(st.binary(min_size=2, max_size=40))
def test_any_bytes_are_explained(data):
    text = explain([data.hex(" ")], DEFINITION)
    assert all(line.isprintable() for line in text.split("\n"))
