"""The histogram of latencies: buckets in order, percentiles that are right to two percent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.commands.report.latency_histogram import BITS, LatencyHistogram, bucket_of, build_histogram, middle_of

DURATIONS = st.integers(0, 10**13)


def histogram(*durations: int) -> LatencyHistogram:
    counts: dict[int, int] = {}
    for duration in durations:
        counts[bucket_of(duration)] = counts.get(bucket_of(duration), 0) + 1
    return build_histogram(counts, max(durations))


@pytest.mark.parametrize("duration", [0, 1, 64, 127])
def test_short_durations_are_exact(duration: int) -> None:
    assert middle_of(bucket_of(duration)) == duration


@given(DURATIONS)
def test_a_bucket_is_at_most_a_64th_of_its_value_wide(duration: int) -> None:
    assert abs(middle_of(bucket_of(duration)) - duration) <= duration >> (BITS - 1)


@given(DURATIONS, DURATIONS)
def test_buckets_are_ordered_as_durations_are(one: int, other: int) -> None:
    assert (bucket_of(one) <= bucket_of(other)) >= (one <= other)


@given(st.lists(DURATIONS, min_size=1, max_size=50), st.integers(1, 100))
def test_a_percentile_is_the_nearest_rank_to_two_percent(durations: list[int], percent: int) -> None:
    exact = sorted(durations)[max(0, -(-len(durations) * percent // 100) - 1)]
    found = histogram(*durations).percentile(percent)
    assert abs(found - exact) <= 0.02 * exact
    assert found <= max(durations)


def test_the_median_of_four_is_the_second() -> None:
    assert histogram(1, 2, 3, 4).percentile(50) == 2
    assert histogram(1, 2, 3, 4).percentile(95) == 4
    assert histogram(1, 2, 3, 4).percentile(0) == 1
    assert histogram(7).total == 1


def test_nothing_counted_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="nothing"):
        LatencyHistogram({}, 0).percentile(50)


def test_a_distribution_is_in_ascending_order() -> None:
    assert [*build_histogram({5: 1, 2: 3}, 5).counts] == [2, 5]


def test_counts_between_edges_include_what_lies_beyond_them() -> None:
    found = histogram(1, 2, 10, 20, 99)
    assert found.counts_between([0, 2, 20, 50]) == [1, 2, 2]
    assert sum(found.counts_between([0, 1000])) == found.total
    # What lies past the last edge counts in the last part, what lies before the first one in the first.
    assert found.counts_between([15, 16, 17]) == [3, 2]
