"""The sizes that are measured, and the slope through their times."""

import pytest

from tests.benchmarks.measurements.scaling import find_slope, list_sizes


def test_each_size_is_ten_times_the_one_before() -> None:
    assert list_sizes() == [10_000, 100_000, 1_000_000]
    assert list_sizes(10_000_000)[-1] == 10_000_000
    assert list_sizes(99_999) == [10_000]


def test_the_slope_of_what_is_linear_is_one_and_of_what_is_quadratic_two() -> None:
    sizes = list_sizes()
    assert find_slope({size: 3e-6 * size for size in sizes}) == pytest.approx(1)
    assert find_slope({size: 1e-9 * size**2 for size in sizes}) == pytest.approx(2)
