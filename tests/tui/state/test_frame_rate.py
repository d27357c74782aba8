"""The frame rate, from readings of a counter."""

import pytest

from sniffer.tui.state.frame_rate import SPAN_SECONDS, FrameRate


def test_the_rate_is_that_of_the_last_seconds() -> None:
    rate = FrameRate()
    for tenth in range(300):
        rate.sample(tenth / 10, tenth * 2)
    assert rate.per_second == pytest.approx(20)
    last = 299 / 10
    for tenth in range(1, int(SPAN_SECONDS * 10) + 20):
        rate.sample(last + tenth / 10, 598)
    assert rate.per_second == 0


def test_the_rate_is_unknown_until_two_readings_lie_apart() -> None:
    rate = FrameRate()
    rate.sample(1.0, 5)
    assert rate.per_second is None
    rate.sample(1.1, 50)
    assert rate.per_second is None
    rate.sample(2.0, 15)
    assert rate.per_second == pytest.approx(10)
