"""How many frames come in each period: those of one connector, or of several in turn."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.core.charger.exchanges.turns import MOST_TURNS, find_turns, sum_turns


@pytest.mark.parametrize(
    ("intervals", "turns"),
    [
        ([290, 290, 290, 290, 290, 290, 290], 1),
        ([10, 280] * 5, 2),
        ([280, 10] * 5, 2),
        ([1, 1, 288] * 5, 3),
        ([0, 0, 290] * 5, 3),
        ([10, 280] * 3 + [1900, 280] + [10, 280] * 5, 2),
        ([290, 290, 20, 270, 290, 290, 290, 100, 190, 290], 1),
        ([290, 290, 2900, 290, 580, 290, 290, 870, 290], 1),
        ([290] * 9 + [9000], 1),
        ([290] * 6 + [9000, 290], 1),
        ([100, 100, 90] * 4, 1),
        ([70, 70, 70, 80] * 4, 1),
        ([145, 146] * 5, 1),
        ([100, 190] * 5, 2),
        ([10, 280, 10, 280], 1),
        ([], 1),
        ([0] * 12, 1),
    ],
)
def test_frames_in_turn_are_found(intervals: list[int], turns: int) -> None:
    assert find_turns(intervals) == turns


def test_irregular_frames_come_one_by_one() -> None:
    random = Random(3)
    found = [find_turns([round(random.expovariate(0.01)) for _ in range(30)]) for _ in range(300)]
    assert found.count(1) == len(found)


def test_the_time_over_several_frames_is_that_from_each_frame() -> None:
    assert sum_turns([1, 2, 4, 8], 1) == [1, 2, 4, 8]
    assert sum_turns([1, 2, 4, 8], 2) == [3, 6, 12]
    assert sum_turns([1], 2) == []


@given(st.lists(st.integers(0, 10**12), max_size=70))
def test_no_intervals_raise(intervals: list[int]) -> None:
    assert 1 <= find_turns(intervals) <= MOST_TURNS
