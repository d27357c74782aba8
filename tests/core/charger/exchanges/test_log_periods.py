"""Periods in a log that lacks pieces: of the card reader, the meter values and what has none."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.base.times import SECOND
from sniffer.core.charger.exchanges.log_periods import find_log_period


def seconds_of(*lengths: float) -> list[int]:
    return [round(length * SECOND) for length in lengths]


def test_the_card_reader_of_the_real_log_is_reported_every_8_19_s() -> None:
    intervals = seconds_of(8, 9, 73, 9, 8, 131, 8, 8, 49, 9, 286, 279, 8, 8, 136)
    assert find_log_period(intervals) == pytest.approx(8.19 * SECOND, abs=0.05 * SECOND)


@pytest.mark.parametrize("lengths", [(61, 149, 660), (149, 660, 60), (150, 660, 60)])
def test_a_period_may_be_known_although_no_interval_is_one(lengths: tuple[int, ...]) -> None:
    """The meter values of the real log."""
    assert find_log_period(seconds_of(*lengths)) == pytest.approx(30 * SECOND, abs=0.3 * SECOND)


@pytest.mark.parametrize(
    "lengths", [(), (29,), (29, 29), (145, 639), (5, 90, 17, 3, 44, 9), (0, 0, 0, 0), (1, 2, 4, 8, 16, 32)]
)
def test_what_is_irregular_or_rare_has_no_period(lengths: tuple[float, ...]) -> None:
    assert find_log_period(seconds_of(*lengths)) is None


def test_extra_reports_on_a_change_do_not_spoil_it() -> None:
    assert find_log_period(seconds_of(29, 29, 2, 27, 29, 290, 30)) == pytest.approx(29 * SECOND, abs=SECOND / 2)


def test_a_burst_is_no_period() -> None:
    reports = seconds_of(1, 29, 10, 30, 29, 29, 2, 1, 1, 1, 7, 1, 1)
    assert find_log_period(reports) == pytest.approx(29 * SECOND, abs=SECOND / 2)
    assert find_log_period(seconds_of(1, 1, 1, 1, 1, 90, 40)) == SECOND


def test_it_is_rarely_known_by_chance() -> None:
    random = Random(1)
    found = [
        find_log_period([random.randint(5, 700) * SECOND for _ in range(random.randint(3, 8))]) for _ in range(2000)
    ]
    assert sum(period is not None for period in found) < 200


@given(st.lists(st.integers(0, 100 * SECOND), max_size=70))
def test_no_intervals_raise(intervals: list[int]) -> None:
    period = find_log_period(intervals)
    assert period is None or 0 < period <= max(intervals)
