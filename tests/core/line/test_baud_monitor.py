"""The monitor of a found rate: which bytes are examined, and when the rate is doubtful or hopeless."""

import pytest

from sniffer.base.times import SECOND
from sniffer.core.line.baud_monitor import BaudMonitor
from sniffer.core.line.baud_trial import BaudTrial

START = 1_700_000_000 * SECOND
JUST_BEFORE = 1
"""One nanosecond."""


def trial_of(*, size: int = 0, bursts: int = 0) -> BaudTrial:
    """Return a trial with this many bytes and bursts."""
    trial = BaudTrial(115200)
    trial.bytes, trial.bursts = size, bursts
    return trial


def monitor_after(*, size: int = 0, bursts: int = 0, lasting: int = 0, frames: int = 1) -> BaudMonitor:
    """Return a monitor that has seen one stretch of this length without a frame, and then so many frames."""
    monitor = BaudMonitor()
    assert not monitor.is_doubtful(trial_of(), START - lasting)
    monitor.register_frame(trial_of(size=size, bursts=bursts), START)
    for _ in range(frames - 1):
        monitor.is_doubtful(trial_of(), START)
        monitor.register_frame(trial_of(), START)
    return monitor


def is_doubtful(monitor: BaudMonitor, trial: BaudTrial, after: int) -> bool:
    """Begin a stretch without a frame, and return whether the rate is doubtful so many nanoseconds later."""
    assert not monitor.is_doubtful(trial_of(), START)
    return monitor.is_doubtful(trial, START + after)


def is_hopeless(monitor: BaudMonitor, trial: BaudTrial, after: int) -> bool:
    assert not monitor.is_doubtful(trial_of(), START)
    return monitor.is_hopeless(trial, START + after)


# Samples


def test_a_new_monitor_examines_nothing_yet() -> None:
    monitor = BaudMonitor()
    assert (monitor.room, monitor.idle_until) == (0, 0)


def test_the_first_sample_begins_at_once_and_has_room_for_2048_bytes() -> None:
    monitor = BaudMonitor()
    assert monitor.begin_sample(START)
    assert monitor.room == 2048


def test_the_next_sample_begins_a_second_later() -> None:
    monitor = BaudMonitor()
    monitor.begin_sample(START)
    monitor.register_frame(trial_of(), START)
    monitor.count_examined(2048)
    assert not monitor.begin_sample(START + SECOND - JUST_BEFORE)
    assert monitor.room == 0
    assert monitor.begin_sample(START + SECOND)
    assert monitor.room == 2048


def test_a_sample_that_was_not_full_goes_on_without_a_break() -> None:
    monitor = BaudMonitor()
    monitor.begin_sample(START)
    monitor.count_examined(2047)
    assert monitor.room == 1
    assert not monitor.begin_sample(START + SECOND)
    assert monitor.room == 2048


def test_a_full_sample_with_a_frame_is_idle_until_the_next() -> None:
    monitor = BaudMonitor()
    monitor.begin_sample(START)
    monitor.register_frame(trial_of(), START)
    monitor.count_examined(2047)
    assert monitor.idle_until == 0
    monitor.count_examined(1)
    assert monitor.idle_until == START + SECOND


def test_a_full_sample_without_a_frame_goes_on() -> None:
    monitor = BaudMonitor()
    monitor.begin_sample(START)
    monitor.count_examined(2048)
    assert (monitor.room, monitor.idle_until) == (2048, 0)


def test_a_frame_counts_for_its_own_sample_only() -> None:
    monitor = BaudMonitor()
    monitor.begin_sample(START)
    monitor.register_frame(trial_of(), START)
    monitor.count_examined(2048)
    monitor.begin_sample(START + SECOND)
    monitor.count_examined(2048)
    assert monitor.room == 2048


# Doubt


@pytest.mark.parametrize(
    ("size", "bursts", "doubtful"), [(39, 2, False), (40, 0, True), (0, 3, True), (40, 3, True), (0, 0, False)]
)
def test_forty_bytes_or_three_bursts_are_doubtful_on_a_quiet_line(size: int, bursts: int, doubtful: bool) -> None:
    assert is_doubtful(BaudMonitor(), trial_of(size=size, bursts=bursts), 2 * SECOND) is doubtful


def test_nothing_is_doubtful_before_two_seconds() -> None:
    assert not is_doubtful(BaudMonitor(), trial_of(size=4000), 2 * SECOND - JUST_BEFORE)
    assert is_doubtful(BaudMonitor(), trial_of(size=4000), 2 * SECOND)


@pytest.mark.parametrize(("size", "doubtful"), [(399, False), (400, True)])
def test_four_times_the_usual_bytes_are_doubtful(size: int, doubtful: bool) -> None:
    assert is_doubtful(monitor_after(size=100), trial_of(size=size), 2 * SECOND) is doubtful


@pytest.mark.parametrize(("bursts", "doubtful"), [(19, False), (20, True)])
def test_four_times_the_usual_bursts_are_doubtful(bursts: int, doubtful: bool) -> None:
    assert is_doubtful(monitor_after(bursts=5), trial_of(bursts=bursts), 2 * SECOND) is doubtful


def test_three_times_the_usual_time_is_doubtful() -> None:
    assert not is_doubtful(monitor_after(lasting=SECOND), trial_of(size=40), 3 * SECOND - JUST_BEFORE)
    assert is_doubtful(monitor_after(lasting=SECOND), trial_of(size=40), 3 * SECOND)


@pytest.mark.parametrize(("size", "doubtful"), [(359, False), (360, True)])
def test_a_frame_lowers_what_is_usual_by_a_tenth(size: int, doubtful: bool) -> None:
    assert is_doubtful(monitor_after(size=100, frames=2), trial_of(size=size), 2 * SECOND) is doubtful


def test_a_frame_lowers_the_usual_bursts_and_time_too() -> None:
    assert is_doubtful(monitor_after(bursts=10, frames=2), trial_of(bursts=36), 2 * SECOND)
    assert not is_doubtful(monitor_after(bursts=10, frames=2), trial_of(bursts=35), 2 * SECOND)
    assert is_doubtful(monitor_after(lasting=10 * SECOND, frames=2), trial_of(size=40), 27 * SECOND)
    assert not is_doubtful(monitor_after(lasting=10 * SECOND, frames=2), trial_of(size=40), 27 * SECOND - JUST_BEFORE)


def test_a_frame_ends_the_stretch() -> None:
    monitor = BaudMonitor()
    monitor.is_doubtful(trial_of(), START)
    monitor.register_frame(trial_of(), START + SECOND // 2)
    assert not monitor.is_doubtful(trial_of(size=40), START + 3 * SECOND)


# Hopeless rates


def test_256_bytes_in_six_seconds_are_hopeless_on_a_quiet_line() -> None:
    assert is_hopeless(BaudMonitor(), trial_of(size=256), 6 * SECOND)
    assert not is_hopeless(BaudMonitor(), trial_of(size=255), 6 * SECOND)
    assert not is_hopeless(BaudMonitor(), trial_of(size=256), 6 * SECOND - JUST_BEFORE)


@pytest.mark.parametrize(("size", "hopeless"), [(1199, False), (1200, True)])
def test_twelve_times_the_usual_bytes_are_hopeless(size: int, hopeless: bool) -> None:
    assert is_hopeless(monitor_after(size=100), trial_of(size=size), 6 * SECOND) is hopeless


def test_six_times_the_usual_time_is_hopeless() -> None:
    monitor = monitor_after(lasting=2 * SECOND)
    assert not is_hopeless(monitor, trial_of(size=256), 12 * SECOND - JUST_BEFORE)
    assert monitor.is_hopeless(trial_of(size=256), START + 12 * SECOND)
