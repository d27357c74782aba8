"""Suggestions: similar words come first, and are never offered for a word that resembles none."""

from sniffer.base.suggest import MOST_LISTED, MOST_SIMILAR, find_near_words, format_suggestion


def test_near_words_ignore_case_and_spaces() -> None:
    assert find_near_words("OVERVOLTAGE", ["Over voltage", "Grounding"]) == ["Over voltage"]


def test_most_similar_word_comes_first_and_few_are_named() -> None:
    words = [f"status{letter}" for letter in "abcde"]
    assert find_near_words("statusc", words)[0] == "statusc"
    assert len(find_near_words("status", words)) == MOST_SIMILAR == 3


def test_first_of_two_equal_words_is_named() -> None:
    assert find_near_words("Relay", ["RELAY", "relay"]) == ["RELAY"]


def test_similarity_decides_what_is_near() -> None:
    assert find_near_words("abcd", ["abxy"]) == []
    assert find_near_words("abcd", ["abxy"], similarity=0.5) == ["abxy"]
    assert find_near_words("abcde", ["abcxy"]) == ["abcxy"]


def test_suggestion_names_similar_words() -> None:
    assert format_suggestion("statsu", ["status", "time"]) == ": did you mean status?"
    assert format_suggestion("stat", ["stats", "state", "time"]) == ": did you mean stats or state?"
    assert format_suggestion("statu", ["stats", "state", "status"]) == ": did you mean status, stats or state?"


def test_suggestion_lists_few_allowed_words_once_if_none_is_similar() -> None:
    assert format_suggestion("xyz", ["one", "two", "one"]) == ": choose one of one, two"
    numbers = [str(number) for number in range(MOST_LISTED)]
    assert format_suggestion("xyz", numbers) == f": choose one of {', '.join(numbers)}"
    assert format_suggestion("xyz", [*numbers, "more"]) == ""
    assert format_suggestion("xyz", []) == ""
