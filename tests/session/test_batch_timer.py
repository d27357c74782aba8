"""The batches of a live line: given these reads, they are processed at these times."""

import asyncio
from itertools import pairwise

import pytest

from sniffer.session.batch_timer import BATCHES_UNTIL_BUSY, BUSY_SECONDS, MOST_BYTES, BatchTimer
from tests.session.timed_loop import Loop

BATCH = 0.015


class Line:
    """A line whose batches are processed when they are due; `processed` are the times."""

    def __init__(self, monkeypatch, seconds=BATCH):
        self.loop = Loop()
        monkeypatch.setattr(asyncio, "get_running_loop", lambda: self.loop)
        self.processed: list[float] = []
        self.timer = BatchTimer(seconds, self._process)

    def read_at(self, time, size=1):
        self.loop.run_until(time)
        if self.timer.is_due(size):
            self._process()

    def read_every(self, interval, until, size=1):
        """Read so often; return how long the batches of that time were."""
        count = len(self.processed)
        while self.loop.now < until:
            self.read_at(self.loop.now + interval, size)
        times = self.processed[count:]
        return [later - earlier for earlier, later in pairwise(times)]

    def _process(self):
        self.processed.append(self.loop.now)
        self.timer.mark_processed(self.loop.now)


@pytest.fixture
def line(monkeypatch):
    return Line(monkeypatch)


def test_a_read_after_silence_is_processed_at_once(line):
    for time in (101.0, 101.5, 102.0):
        line.read_at(time)
    assert line.processed == [101.0, 101.5, 102.0]


def test_reads_soon_after_a_batch_are_processed_together(line):
    for time in (101.0, 101.005, 101.010):
        line.read_at(time)
    line.loop.run_until(102.0)
    assert line.processed == [101.0, pytest.approx(101.0 + BATCH)]


def test_the_batches_of_a_line_that_is_never_silent_become_longer(line):
    lengths = line.read_every(0.005, until=103.0)
    assert lengths[: BATCHES_UNTIL_BUSY - 1] == pytest.approx([BATCH] * (BATCHES_UNTIL_BUSY - 1))
    assert lengths[BATCHES_UNTIL_BUSY + 1 :] == pytest.approx([BUSY_SECONDS] * len(lengths[BATCHES_UNTIL_BUSY + 1 :]))
    assert len(lengths) > BATCHES_UNTIL_BUSY + 10


def test_the_batches_of_a_fast_line_end_when_they_are_large(line):
    lengths = line.read_every(0.001, until=103.0, size=MOST_BYTES // 30)
    assert max(lengths) == pytest.approx(0.031, abs=0.001)


def test_batches_are_short_again_after_a_silence(line):
    line.read_every(0.005, until=103.0)
    line.loop.run_until(104.0)
    line.processed.clear()
    assert max(line.read_every(0.005, until=104.2)) == pytest.approx(BATCH)


def test_bursts_with_pauses_make_no_line_busy(line):
    for burst in range(10 * BATCHES_UNTIL_BUSY):
        for read in range(3):
            line.read_at(101.0 + 0.04 * burst + 0.005 * read)
    line.loop.run_until(200.0)
    assert len(line.processed) == 2 * 10 * BATCHES_UNTIL_BUSY


def test_a_line_is_busy_until_it_is_marked_silent(line):
    assert not line.timer.is_busy
    line.read_every(0.005, until=103.0)
    assert line.timer.is_busy
    line.timer.mark_silent()
    assert not line.timer.is_busy
    line.loop.run_until(104.0)
    line.processed.clear()
    assert max(line.read_every(0.005, until=104.2)) == pytest.approx(BATCH)


def test_a_batch_that_is_begun_without_an_item_ends_like_that_of_a_busy_line(line):
    line.read_at(101.0)
    line.timer.begin()
    line.read_at(101.05)
    line.loop.run_until(102.0)
    assert line.processed == [101.0, pytest.approx(101.0 + BUSY_SECONDS)]


def test_without_batches_every_read_is_processed_at_once(monkeypatch):
    line = Line(monkeypatch, seconds=0.0)
    lengths = line.read_every(0.001, until=101.0)
    assert lengths == pytest.approx([0.001] * len(lengths))


def test_a_stopped_timer_processes_nothing(line):
    line.read_at(101.0)
    line.read_at(101.001)
    line.timer.stop()
    line.loop.run_until(110.0)
    assert line.processed == [101.0]
