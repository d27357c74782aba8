"""The screen is refreshed at once on a quiet line, at every beat on a busy one, and seldom in a flood."""

import heapq
from collections.abc import Callable

import pytest

from sniffer.tui.state.refresh_scheduler import (
    FLOOD_INTERVAL,
    FLOOD_PANELS_INTERVAL,
    INTERVAL,
    PANELS_INTERVAL,
    PAUSE,
    RefreshScheduler,
)


class Bench:
    """Beats on a clock that goes on when it has to. `looks` are moments, and whether only the list is looked at."""

    def __init__(self) -> None:
        self.now = 100.0
        self.is_flooded = False
        self.looks: list[tuple[float, bool]] = []
        self._waiting: list[tuple[float, int, Callable[[], None]]] = []
        self.scheduler = RefreshScheduler(self._look, lambda: self.is_flooded, self._after, lambda: self.now)

    def run(self, until: float, *, news_every: float | None = None) -> None:
        """Let time go on, with news so often."""
        moment = self.now
        while moment <= until:
            self._until(moment)
            if news_every is None:
                break
            self.scheduler.request_refresh()
            moment += news_every
        self._until(until)

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def _until(self, moment: float) -> None:
        while self._waiting and self._waiting[0][0] <= moment:
            due, _, call = heapq.heappop(self._waiting)
            self.now = max(self.now, due)
            call()
        self.now = max(self.now, moment)

    def _after(self, seconds: float, call: Callable[[], None]) -> None:
        heapq.heappush(self._waiting, (self.now + seconds, len(self.looks), call))

    def _look(self, list_only: bool) -> None:
        self.looks.append((self.now, list_only))


def test_news_on_a_quiet_line_are_looked_at_at_once() -> None:
    bench = Bench()
    bench.scheduler.request_refresh()
    bench.run(100.0)
    assert bench.looks == [(100.0, False)]
    assert bench.scheduler.is_idle_for(0)


def test_it_rests_when_nothing_is_due_and_the_last_look_is_a_while_ago() -> None:
    bench = Bench()
    bench.scheduler.mark_refreshed()
    assert not bench.scheduler.is_idle_for(1.0)
    bench.run(101.5)
    assert bench.scheduler.is_idle_for(1.0)
    bench.is_flooded = True
    bench.scheduler.mark_refreshed()
    bench.scheduler.request_refresh()
    assert not bench.scheduler.is_idle_for(0)


def test_looks_do_not_pile_up() -> None:
    bench = Bench()
    bench.scheduler.mark_refreshed()
    for _ in range(5):
        bench.scheduler.request_refresh()
    assert bench.waiting == 1
    bench.run(101.0)
    assert [moment for moment, _ in bench.looks] == [pytest.approx(100.0 + INTERVAL)]


def test_a_look_for_another_reason_does_not_hold_up_what_is_due() -> None:
    bench = Bench()
    bench.scheduler.mark_refreshed()
    bench.scheduler.request_refresh()
    bench.run(100.0 + INTERVAL / 2)
    bench.scheduler.mark_refreshed()
    bench.run(101.0)
    assert [moment for moment, _ in bench.looks] == [pytest.approx(100.0 + INTERVAL)]


def test_busy_line_shows_the_list_at_every_beat_and_the_panels_at_some() -> None:
    bench = Bench()
    bench.run(104.0, news_every=0.005)
    both = [moment for moment, list_only in bench.looks if not list_only]
    assert len(bench.looks) == pytest.approx(4.0 / INTERVAL, rel=0.1)
    assert len(both) == pytest.approx(4.0 / PANELS_INTERVAL, rel=0.2)


def test_flood_is_looked_at_seldom() -> None:
    bench = Bench()
    bench.is_flooded = True
    bench.run(108.0, news_every=0.005)
    both = [moment for moment, list_only in bench.looks if not list_only]
    assert len(bench.looks) == pytest.approx(8.0 / FLOOD_INTERVAL, rel=0.15)
    assert len(both) == pytest.approx(8.0 / FLOOD_PANELS_INTERVAL, rel=0.2)


def test_flood_is_shown_when_it_pauses() -> None:
    bench = Bench()
    bench.is_flooded = True
    bench.run(100.1, news_every=0.005)
    seen = len(bench.looks)
    bench.run(100.1 + 2 * PAUSE)
    assert len(bench.looks) == seen + 1
    assert bench.waiting == 0
