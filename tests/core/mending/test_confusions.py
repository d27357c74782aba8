"""The confusion table: which digits a character can stand for."""

import pytest

from sniffer.core.mending.confusions import DIGITS, packaged_table

TABLE = packaged_table()


@pytest.mark.parametrize(
    ("glyph", "digit"), [("€", "6"), ("O", "0"), ("S", "9"), ("S", "5"), ("l", "1"), ("I", "1"), ("Z", "2"), ("?", "7")]
)
def test_a_glyph_stands_for_the_digits_that_look_like_it_at_no_cost(glyph, digit):
    assert TABLE.digits_of(glyph)[int(digit, 16)] == 0


@pytest.mark.parametrize("digit", DIGITS)
def test_a_printed_digit_stands_for_itself_and_every_other_one_costs_much(digit):
    costs = TABLE.digits_of(digit)
    assert len(costs) == 16
    assert costs[int(digit, 16)] == 0
    assert min(cost for other, cost in costs.items() if other != int(digit, 16)) >= 5


def test_b_and_8_are_confused_more_likely_than_any_other_two_digits():
    costs = TABLE.digits_of("B")
    assert min((other for other in costs if other != 0xB), key=costs.__getitem__) == 8


@pytest.mark.parametrize(("letter", "digit"), [("a", "0"), ("b", "6"), ("d", "4"), ("e", "0")])
def test_a_small_letter_is_a_glyph_that_may_stand_for_another_digit(letter, digit):
    costs = TABLE.digits_of(letter)
    assert costs[int(digit, 16)] == 0
    assert costs[int(letter, 16)] <= 2


def test_an_unknown_glyph_stands_for_each_digit_alike():
    assert set(TABLE.digits_of("☃").values()) == {TABLE.costs.unknown_glyph}


def test_brackets_and_stains_stand_for_nothing_more_likely_than_digits():
    assert TABLE.cost_of_extra("[") == 0
    assert TABLE.cost_of_extra(".") < TABLE.cost_of_extra("|") < TABLE.cost_of_extra("7") < TABLE.cost_of_extra("3")


@pytest.mark.parametrize(
    ("one", "other", "doubles"), [("€", "6", True), ("S", "5", True), ("c", "C", True), ("A", "1", False)]
)
def test_neighbours_are_one_digit_if_both_likely_stand_for_it(one, other, doubles):
    assert TABLE.can_double(one, other) is doubles


@pytest.mark.parametrize(("glyph", "digit"), [("É", 0xE), ("Á", 0xA), ("ć", 0xC), ("\uff10", 0), ("⑧", 8)])
def test_a_character_with_a_digit_as_its_base_likely_stands_for_it(glyph, digit):
    costs = TABLE.digits_of(glyph)
    assert costs[digit] == 0
    assert min(cost for other, cost in costs.items() if other != digit) == TABLE.costs.unlisted_digit


def test_a_character_counts_as_the_listed_one_that_is_its_base():
    assert TABLE.digits_of("ż") == TABLE.digits_of("z")
    assert TABLE.digits_of("Ö") == TABLE.digits_of("O")


@pytest.mark.parametrize("glyph", "?#Xx")
def test_what_people_write_for_an_illegible_digit_stands_for_any(glyph):
    assert max(TABLE.digits_of(glyph).values()) == 1
