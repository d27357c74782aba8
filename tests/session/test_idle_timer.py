"""The idle timer: given these reads and this silence, it calls or does not."""

import asyncio

import pytest

from sniffer.session.idle_timer import IdleTimer, live_limits
from tests.session.timed_loop import Loop

IDLE = 0.5


class Line:
    """A line whose bytes wait or not, on a loop of its own; `silences` are the times at which silence was reported."""

    def __init__(self, monkeypatch, baud=None, is_waiting=True):
        self.loop = Loop()
        monkeypatch.setattr(asyncio, "get_running_loop", lambda: self.loop)
        self.silences: list[float] = []
        self.timer = IdleTimer(IDLE, baud, lambda: is_waiting, lambda: self.silences.append(self.loop.now))

    def read_at(self, time):
        self.loop.run_until(time)
        self.timer.restart(self.loop.now)


def test_silence_while_bytes_wait_is_reported_once(monkeypatch):
    line = Line(monkeypatch)
    line.read_at(100.0)
    line.loop.run_until(109.0)
    assert line.silences == [100.5]


def test_silence_without_waiting_bytes_is_not_reported(monkeypatch):
    line = Line(monkeypatch, is_waiting=False)
    line.read_at(100.0)
    line.loop.run_until(109.0)
    assert line.silences == []


def test_each_read_begins_the_silence_anew(monkeypatch):
    line = Line(monkeypatch)
    for time in (100.0, 100.375, 100.75):
        line.read_at(time)
    line.loop.run_until(109.0)
    assert line.silences == [101.25]


def test_a_line_that_goes_on_after_a_silence_can_be_silent_again(monkeypatch):
    line = Line(monkeypatch)
    line.read_at(100.0)
    line.read_at(105.0)
    line.loop.run_until(109.0)
    assert line.silences == [100.5, 105.5]


def test_a_stopped_timer_reports_nothing(monkeypatch):
    line = Line(monkeypatch)
    line.read_at(100.0)
    line.timer.stop()
    assert [handle.is_cancelled for handle in line.loop.handles] == [True]
    line.loop.run_until(109.0)
    assert line.silences == []


def test_a_loop_that_was_held_up_waits_once_more(monkeypatch):
    line = Line(monkeypatch)
    line.read_at(100.0)
    line.loop.now = 103.0
    line.loop.run_until(109.0)
    assert line.silences == [103.5]


def test_a_loop_that_is_held_up_all_the_time_reports_silence_in_the_end(monkeypatch):
    line = Line(monkeypatch)
    line.read_at(100.0)
    line.loop.now = 103.0
    line.loop.run_until(103.0)
    line.loop.now = 106.0
    line.loop.run_until(106.0)
    assert line.silences == [106.0]


@pytest.mark.parametrize(("baud", "silence"), [(9600, IDLE), (10, 4.0)])
def test_the_silence_lasts_as_long_as_four_bytes_at_least(monkeypatch, baud, silence):
    line = Line(monkeypatch, baud)
    line.read_at(100.0)
    line.loop.run_until(109.0)
    assert line.silences == [100.0 + silence]


@pytest.mark.parametrize(("idle", "patience"), [(0.05, 20_000_000), (1.0, 400_000_000)])
def test_the_bytes_of_a_frame_may_be_late_by_a_share_of_the_silence(idle, patience):
    assert live_limits(idle).patience == patience
