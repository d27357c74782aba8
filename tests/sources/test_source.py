"""What all sources share: the steady clock, and the members that a session reads."""

import time

import pytest

from sniffer.sources.source import SteadyClock


def test_the_clock_stands_at_the_time_of_the_wall() -> None:
    before = time.time_ns()
    assert before - 50_000_000 <= SteadyClock().now() <= time.time_ns() + 50_000_000


def test_the_clock_goes_on_when_the_wall_clock_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    wall, counted = 1_000_000, 300
    monkeypatch.setattr(time, "time_ns", lambda: wall)
    monkeypatch.setattr(time, "monotonic_ns", lambda: counted)
    clock = SteadyClock()
    assert clock.now() == 1_000_000
    wall, counted = 5, 350
    assert clock.now() == 1_000_050
