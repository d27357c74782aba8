"""Figures and ratios know whether their limits hold."""

import pytest

from tests.benchmarks.measure import Figure, Ratio, percentile


def test_percentile_is_one_of_the_values() -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert percentile(values, 0.5) == 50
    assert percentile(values, 0.99) == 99
    assert percentile([7.0], 0.01) == 7


def test_percentile_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        percentile([], 0.5)


def test_figure_that_is_too_high_is_low() -> None:
    assert str(Figure("lag", 50.1, "ms", 50)).startswith("LOW lag")
    assert "50.1 ms (at most 50)" in str(Figure("lag", 50.1, "ms", 50))
    assert str(Figure("lag", 50.0, "ms", 50)).startswith("ok ")
    assert str(Figure("lag", 12345.0, "ms")).startswith("ok ")


def test_ratio_that_is_too_low_is_low() -> None:
    assert str(Ratio("framing", 0.3, 0.4, 2.0, 0.6)).startswith("LOW framing")
    assert str(Ratio("framing", 0.4, 0.4, 2.0, 0.8)).startswith("ok ")
