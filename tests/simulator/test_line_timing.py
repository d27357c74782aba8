"""The time of bytes on the simulated line, and the pacer, with a clock that the test sets."""

import asyncio

import pytest

from sniffer.base.errors import SourceError
from sniffer.base.times import SECOND
from sniffer.simulator.line_timing import Pacer, byte_time


@pytest.mark.parametrize(("baud", "nanoseconds"), [(9600, 1_041_666), (115200, 86_805), (1_000_000, 10_000)])
def test_a_byte_takes_ten_bits(baud: int, nanoseconds: int) -> None:
    assert byte_time(baud) == nanoseconds


@pytest.mark.parametrize("baud", [0, -9600, 10**12])
def test_an_impossible_rate_is_refused(baud: int) -> None:
    with pytest.raises(SourceError, match=f"{baud} is no baud rate"):
        byte_time(baud)


class Clock:
    """A clock that sleeping turns, `late` nanoseconds too far each time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.time = 0
        self.late = 0
        self.slept: list[float] = []
        monkeypatch.setattr(asyncio, "sleep", self.sleep)

    def now(self) -> int:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += round(seconds * SECOND) + self.late


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


async def test_it_waits_for_the_moment(clock: Clock) -> None:
    pace = Pacer(clock.now)
    assert await pace.until(3 * SECOND) == 3 * SECOND
    assert clock.slept == [3]


async def test_being_late_each_time_adds_up_to_nothing(clock: Clock) -> None:
    pace = Pacer(clock.now)
    clock.late = SECOND // 10
    for second in range(1, 100):
        assert await pace.until(second * SECOND) == second * SECOND
    assert clock.now() == 99 * SECOND + SECOND // 10


async def test_a_moment_that_has_passed_still_gives_the_loop_a_turn(clock: Clock) -> None:
    clock.time = SECOND
    assert await Pacer(clock.now).until(SECOND // 2) == SECOND // 2
    assert clock.slept == [0]


async def test_after_a_standstill_it_goes_on_where_it_was(clock: Clock) -> None:
    pace = Pacer(clock.now)
    clock.late = 3600 * SECOND
    assert await pace.until(SECOND) == 3601 * SECOND
    clock.late = 0
    assert await pace.until(2 * SECOND) == 3602 * SECOND
    assert clock.slept == [1, 1]
