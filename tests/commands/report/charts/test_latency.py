"""The chart of latencies: a histogram for each command over one logarithmic axis."""

import pytest

from sniffer.commands.report.charts.latency import MOST_HISTOGRAMS, LogScale, draw_latencies
from sniffer.commands.report.latency_histogram import bucket_of, build_histogram
from sniffer.commands.report.model import Exchange
from tests.commands.report.helpers import exchange_of, plain_report

MILLISECOND = 1_000_000


def exchange(name: str, *latencies: int) -> Exchange:
    counts: dict[int, int] = {}
    for latency in latencies:
        counts[bucket_of(latency)] = counts.get(bucket_of(latency), 0) + 1
    return Exchange(exchange_of(name).stats, build_histogram(counts, max(latencies)))


def test_without_latencies_there_is_no_chart() -> None:
    assert draw_latencies(plain_report(exchanges=(exchange_of(),))) == ""


def test_a_scale_is_logarithmic() -> None:
    scale = LogScale(1, 1000)
    assert [round(scale.position(value), 6) for value in (0.1, 1, 10, 100, 1000)] == [0, 0, 33.333333, 66.666667, 100]


def test_the_commands_with_most_answers_come_first() -> None:
    few, many = exchange("few", MILLISECOND), exchange("many", *[MILLISECOND] * 9)
    chart = draw_latencies(plain_report(exchanges=(few, many)))
    assert chart.index("many, pwr&gt;com") < chart.index("few, pwr&gt;com")
    assert "9 answers: half within" in chart
    assert "1 answer: half within" in chart


def test_the_number_of_histograms_is_bounded() -> None:
    chart = draw_latencies(plain_report(exchanges=tuple(exchange(f"c{n}", n + 1) for n in range(MOST_HISTOGRAMS + 3))))
    assert chart.count("half within") == MOST_HISTOGRAMS


@pytest.mark.parametrize("count", [1, 7])
def test_the_highest_bar_has_the_whole_height(count: int) -> None:
    chart = draw_latencies(plain_report(exchanges=(exchange("x", *[MILLISECOND] * count, 90 * MILLISECOND),)))
    assert chart.count('class="bar"') == 2
    assert 'height="44"' in chart
    assert chart.count("marker p") == 2
