"""Outliers by the robust z-score."""

from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.fleet.lake.queries.outliers import LEAST_VALUES, LIMIT, score_values


def test_too_few_values_say_nothing() -> None:
    assert score_values([1.0, 1.0, 1.0, 900.0]) == [None] * (LEAST_VALUES - 1)


def test_one_slow_unit_stands_out_and_does_not_hide_itself() -> None:
    scores = score_values([10.0, 11.0, 10.5, 9.5, 10.2, 400.0])
    assert [score is not None and score > LIMIT for score in scores] == [False] * 5 + [True]


def test_equal_values_have_no_outlier_and_one_that_differs_is_found() -> None:
    assert score_values([5.0] * 6) == [0.0] * 6
    assert score_values([5.0] * 9 + [6.0])[-1] == pytest.approx(1 / (1.2533 * 0.1))


def test_the_score_is_the_standard_score_of_a_normal_distribution() -> None:
    values = [NormalDist(100, 7).inv_cdf((number + 0.5) / 1001) for number in range(1001)]
    scores = score_values(values)
    assert scores[0] == pytest.approx((values[0] - 100) / 7, rel=0.01)


@given(st.lists(st.floats(0, 1e6), min_size=5, max_size=20), st.floats(1, 1e3))
def test_a_shift_of_all_changes_no_score(values: list[float], shift: float) -> None:
    assert len(score_values(values)) == len(values)
    moved = score_values([round(value) + round(shift) for value in values])
    assert moved == score_values([round(value) for value in values])
