"""The steps of axes: round, ascending, and far enough for any session."""

import pytest

from sniffer.base.axis_steps import NUMBER_STEPS, TIME_STEPS
from sniffer.base.times import DAY, HOUR, MILLISECOND, MINUTE, SECOND


@pytest.mark.parametrize("steps", [TIME_STEPS, NUMBER_STEPS])
def test_steps_ascend(steps: tuple[int, ...]) -> None:
    assert list(steps) == sorted(set(steps))


def test_time_steps_divide_the_next_unit() -> None:
    for low, unit in ((MILLISECOND, SECOND), (SECOND, MINUTE), (MINUTE, HOUR), (HOUR, DAY)):
        assert [step for step in TIME_STEPS if low <= step < unit and unit % step] == []


def test_time_steps_of_each_unit() -> None:
    assert [step // MILLISECOND for step in TIME_STEPS if step < SECOND] == [1, 2, 5, 10, 20, 50, 100, 200, 500]
    assert [step // SECOND for step in TIME_STEPS if SECOND <= step < MINUTE] == [1, 2, 5, 10, 15, 30]
    assert [step // MINUTE for step in TIME_STEPS if MINUTE <= step < HOUR] == [1, 2, 5, 10, 15, 30]
    assert [step // HOUR for step in TIME_STEPS if HOUR <= step < DAY] == [1, 2, 3, 6, 12]
    assert (TIME_STEPS[-21] // DAY, TIME_STEPS[-1] // DAY) == (1, 5_000_000)


def test_number_steps_reach_every_record_number() -> None:
    assert NUMBER_STEPS[:4] == (1, 2, 5, 10)
    assert NUMBER_STEPS[-1] == 5 * 10**17
