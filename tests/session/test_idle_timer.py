"""The idle timer: given these reads and this silence, it calls or does not."""

import asyncio

import pytest

from sniffer.session.idle_timer import IdleTimer, live_limits

IDLE = 0.02


class Line:
    """A line on which bytes wait or not, and the calls of its timer."""

    def __init__(self, baud=None, is_waiting=True):
        self.is_waiting = is_waiting
        self.calls = 0
        self.timer = IdleTimer(IDLE, baud, lambda: self.is_waiting, self.count)

    def count(self):
        self.calls += 1

    def read(self):
        self.timer.restart(asyncio.get_running_loop().time())


async def test_silence_while_bytes_wait_is_reported_once():
    line = Line()
    line.read()
    await asyncio.sleep(5 * IDLE)
    assert line.calls == 1


async def test_silence_without_waiting_bytes_is_not_reported():
    line = Line(is_waiting=False)
    line.read()
    await asyncio.sleep(3 * IDLE)
    assert line.calls == 0


async def test_a_read_begins_the_silence_anew():
    line = Line()
    line.read()
    line.timer.restart(asyncio.get_running_loop().time() + 60)
    await asyncio.sleep(3 * IDLE)
    assert line.calls == 0
    line.timer.stop()


async def test_a_stopped_timer_reports_nothing():
    line = Line()
    line.read()
    line.timer.stop()
    await asyncio.sleep(3 * IDLE)
    assert line.calls == 0


async def test_on_a_slow_line_the_silence_lasts_four_bytes():
    # Four bytes at 10 baud take four seconds.
    line = Line(baud=10)
    line.read()
    await asyncio.sleep(3 * IDLE)
    assert line.calls == 0
    line.timer.stop()


@pytest.mark.parametrize(("idle", "patience"), [(0.05, 20_000_000), (1.0, 400_000_000)])
def test_the_bytes_of_a_frame_may_be_late_by_a_share_of_the_silence(idle, patience):
    assert live_limits(idle).patience == patience
