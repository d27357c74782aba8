"""One start at a time, and at most one within the interval; what is skipped is counted."""

from itertools import pairwise

import pytest

from sniffer.triggers.start_limit import StartLimit


def test_the_first_request_starts_at_once() -> None:
    assert StartLimit(5).request(100.0) == 0


def test_requests_within_the_interval_are_skipped_and_counted_at_the_next_start() -> None:
    limit = StartLimit(5)
    limit.request(0)
    limit.end()
    assert [limit.request(now) for now in (0.1, 3, 4.999)] == [None, None, None]
    assert limit.request(5) == 3
    limit.end()
    assert limit.request(10) == 0
    assert (limit.starts, limit.skipped) == (3, 3)


def test_nothing_starts_while_something_runs() -> None:
    limit = StartLimit(5)
    limit.request(0)
    assert limit.request(60) is None
    limit.end()
    assert limit.request(60) == 1


@pytest.mark.parametrize(("interval", "most"), [(5, 12), (1, 60), (0.5, 120)])
def test_a_thousand_requests_in_a_second_start_no_more_than_the_limit_allows(interval: float, most: int) -> None:
    limit, starts = StartLimit(interval), list[float]()
    for millisecond in range(60_000):
        if limit.request(millisecond / 1000) is not None:
            starts.append(millisecond / 1000)
            limit.end()
    assert len(starts) == limit.starts == most
    assert limit.skipped == 60_000 - most
    assert all(later - earlier >= interval for earlier, later in pairwise(starts))
