"""Alignments: which characters stand for half bytes, in order of cost."""

import pytest

from sniffer.core.mending.alignments import LOST, find_alignments
from sniffer.core.mending.confusions import packaged_table

TABLE = packaged_table()


def cheapest(text: str) -> tuple[str, int]:
    """Return the characters of the cheapest alignment, `?` for one that is missing, and its cost."""
    best = find_alignments(text, TABLE)[0]
    return "".join("?" if place == LOST else text[place] for place in best.places), best.cost


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("BB DD 32", "BBDD32"),
        ("05 [00 21] 00", "05002100"),
        ("05 (00 21) 00", "05002100"),
        ("BBDD 32", "BBDD32"),
        ("4cC", "4c"),
        ("01]) B8", "01B8"),
        ("B B DD", "BBDD"),
        ("BB — DD", "BBDD"),
    ],
)
def test_words_are_read_as_bytes(text, read):
    assert cheapest(text)[0] == read


def test_what_is_printed_as_it_should_be_costs_nothing():
    assert cheapest("FF 6A A6 [00 21] 00")[1] == 0


def test_each_missing_space_and_each_extra_character_costs_more():
    costs = [cheapest(text)[1] for text in ("BB DD", "BBDD", "BBDD |", "BBDD 3X3")]
    assert costs == sorted(set(costs))


def test_a_lost_character_leaves_a_place_that_any_digit_can_have():
    found = {alignment.places for alignment in find_alignments("BB D 32", TABLE)}
    assert (0, 1, LOST, 3, 5, 6) in found
    assert (0, 1, 3, LOST, 5, 6) in found


def test_alignments_come_in_order_of_their_cost():
    costs = [alignment.cost for alignment in find_alignments("€61 D 0S5 |1", TABLE)]
    assert costs == sorted(costs)
    assert len(costs) > 10


def test_a_word_of_any_length_is_not_searched_without_end():
    assert find_alignments("€" * 100_000, TABLE) == []
