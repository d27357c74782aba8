"""Times since a moment, and the rate."""

import pytest

from sniffer.tui.state.session_view import SPAN_SECONDS, FrameRate
from sniffer.tui.state.view_state import elapsed_since


def test_since() -> None:
    assert elapsed_since(3, 10) == 7
    assert elapsed_since(None, 10) is None
    assert elapsed_since(3, None) is None


def test_rate_is_over_the_last_seconds() -> None:
    rate = FrameRate()
    for tenth in range(300):
        rate.sample(tenth / 10, tenth * 2)
    assert rate.per_second == pytest.approx(20)
    last = 299 / 10
    for tenth in range(1, int(SPAN_SECONDS * 10) + 20):
        rate.sample(last + tenth / 10, 598)
    assert rate.per_second == 0


def test_rate_is_not_known_at_once() -> None:
    rate = FrameRate()
    rate.sample(1.0, 5)
    assert rate.per_second is None
    rate.sample(1.1, 50)
    assert rate.per_second is None
    rate.sample(2.0, 15)
    assert rate.per_second == pytest.approx(10)
