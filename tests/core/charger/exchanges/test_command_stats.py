"""Statistics of a command: counts, percentiles of the last latencies, and a period only if it is regular."""

import pytest

from sniffer.base.times import SECOND
from sniffer.core.charger.exchanges.command_stats import (
    LATENCIES_KEPT,
    OTHERS,
    TIMES_KEPT,
    CommandCounter,
    CommandStats,
    Latency,
    Period,
)
from sniffer.core.wire.links import PWR_TO_COM
from tests.core.protocol.helpers import decoded

REPORT = decoded(PWR_TO_COM, 0x01, bytes(11))


def stats_of(counter: CommandCounter, *, is_coarse: bool = False) -> CommandStats:
    return counter.snapshot(is_coarse=is_coarse)


def with_times(*times: float | None) -> CommandCounter:
    counter = CommandCounter(PWR_TO_COM, REPORT)
    counter.times.extend(None if time is None else round(time * SECOND) for time in times)
    return counter


def test_a_counter_has_the_name_and_code_of_its_command() -> None:
    stats = stats_of(CommandCounter(PWR_TO_COM, REPORT))
    assert (stats.name, stats.code, stats.route) == ("status report", 1, PWR_TO_COM)
    others = stats_of(CommandCounter(PWR_TO_COM, None))
    assert (others.name, others.code) == (OTHERS, None)


def test_a_command_without_frames_has_empty_statistics() -> None:
    stats = stats_of(CommandCounter(PWR_TO_COM, REPORT))
    assert (stats.count, stats.bytes, stats.last, stats.latency, stats.period) == (0, 0, None, None, None)


def test_latencies_are_percentiles_of_the_last_ones_and_the_longest_of_all() -> None:
    counter = CommandCounter(PWR_TO_COM, REPORT)
    counter.latencies.extend(range(1, 101))
    counter.longest = 999
    assert stats_of(counter).latency == Latency(50, 95, 999)
    counter.latencies.extend([7] * LATENCIES_KEPT)
    assert stats_of(counter).latency == Latency(7, 7, 999)


def test_one_latency_is_every_percentile() -> None:
    counter = CommandCounter(PWR_TO_COM, REPORT)
    counter.latencies.append(5)
    counter.longest = 5
    assert stats_of(counter).latency == Latency(5, 5, 5)


def test_a_regular_command_has_a_period_and_a_jitter() -> None:
    stats = stats_of(with_times(0, 1, 2.1, 3, 4))
    assert stats.period == Period(SECOND, SECOND // 10)
    assert stats.last == 4 * SECOND


def test_the_jitter_is_the_deviation_that_95_of_100_intervals_do_not_exceed() -> None:
    assert stats_of(with_times(*range(20), 20.1)).period == Period(SECOND, 0), "19 of 20 intervals are 95 of 100"
    assert stats_of(with_times(*range(19), 19.1)).period == Period(SECOND, SECOND // 10), "18 of 19 are fewer"


def test_coarse_times_have_a_period_without_a_jitter() -> None:
    assert stats_of(with_times(0, 1, 2, 3, 4), is_coarse=True).period == Period(SECOND, None)


@pytest.mark.parametrize("times", [(0, 1, 2, 3), (0, 0, 0, 0, 0), (0, 1, 5, 7, 13, 14)])
def test_an_irregular_command_has_no_period(times: tuple[float, ...]) -> None:
    assert stats_of(with_times(*times)).period is None


def test_the_period_of_two_connectors_in_turn_is_that_of_each() -> None:
    times = [29 * number + distance for number in range(8) for distance in (0, 1)]
    assert stats_of(with_times(*times)).period == Period(29 * SECOND, 0)


def test_series_of_announcements_are_no_turns() -> None:
    counter = with_times(*[18 * number + distance for number in range(8) for distance in (0, 5)])
    counter.message = decoded(PWR_TO_COM, 0x00, bytes(230))
    assert stats_of(counter).period == Period(5 * SECOND, 8 * SECOND)


def test_missing_times_are_left_out() -> None:
    stats = stats_of(with_times(0, None, 1, 2, None, 3, 4, None))
    assert stats.period == Period(SECOND, 0)
    assert stats.last == 4 * SECOND


def test_memory_is_bounded() -> None:
    counter = with_times(*range(1000))
    assert len(counter.times) == TIMES_KEPT


def test_requests_at_hand_and_forgotten_ones_are_counted() -> None:
    counter = CommandCounter(PWR_TO_COM, REPORT)
    request = (b"", 1, None, None, None, 1)
    counter.requests.young = {b"a": request, b"b": request}
    counter.requests.old = {b"c": request}
    counter.requests.answers = {b"a": (b"", 2, None, None)}
    counter.requests.forgotten, counter.unasked, counter.unsolicited, counter.retransmissions = 10, 20, 30, 40
    assert counter.requests.waiting == 2
    assert counter.count == 3 + 10 + 20 + 30 + 40
    counter.given = 7
    assert counter.count == 3 + 10 + 20 + 30 + 40 + 7
