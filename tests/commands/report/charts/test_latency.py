"""The chart of latencies: a histogram for each command over one logarithmic axis."""

import math
import re

import pytest

from sniffer.base.times import MILLISECOND
from sniffer.commands.report.charts.latency import MOST_HISTOGRAMS, LogScale, draw_latencies
from sniffer.commands.report.latency_histogram import bucket_of, build_histogram
from sniffer.commands.report.model import Exchange
from tests.commands.report.helpers import exchange_of, plain_report


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


def test_bars_and_markers_stand_over_their_latencies() -> None:
    chart = draw_latencies(plain_report(exchanges=(exchange("x", *[MILLISECOND] * 3, 90 * MILLISECOND),)))
    # The axis goes from 1 ms / 1.5 to 90 ms * 1.5; a bar is a 72nd of it.
    span = math.log10(90 * 1.5 * 1.5)
    first = 100 * math.log10(1.5) / span
    assert f'x="{math.floor(first / 100 * 72) * 100 / 72:.2f}%" width="1.25%" y="16" height="44" class="bar"' in chart
    assert 'y="45.33" height="14.67" class="bar"' in chart
    p50, p95 = re.findall(r'<line x1="([\d.]+)%" x2="[\d.]+%" y1="12" y2="60" class="marker p\d+">', chart)
    assert float(p50) == pytest.approx(first, abs=0.2)
    assert float(p95) == pytest.approx(100 - first, abs=0.2)
    assert '" y="11" class="tick" text-anchor="end">p50</text>' in chart
    assert '" y="11" class="tick" text-anchor="start">p95</text>' in chart


def test_labels_of_the_axis_stay_inside() -> None:
    chart = draw_latencies(plain_report(exchanges=(exchange("x", *[MILLISECOND] * 3, 90 * MILLISECOND),)))
    assert re.findall(r'text-anchor="middle">([^<]*)<', chart) == ["1 ms", "10 ms", "100 ms"]
    ten = float(re.findall(r'x="([\d.]+)%" y="14" class="tick" text-anchor="middle">10 ms', chart)[0])
    assert ten == pytest.approx(100 * math.log10(15) / math.log10(90 * 1.5 * 1.5), abs=0.2)
    assert 'y="14" class="tick"' in chart


def test_equal_latencies_have_an_axis() -> None:
    chart = draw_latencies(plain_report(exchanges=(exchange("x", 1),)))
    assert chart.count('class="bar"') == 1
    assert 'x="0.00%"' in chart


def test_a_rare_latency_is_still_visible() -> None:
    chart = draw_latencies(plain_report(exchanges=(exchange("x", *[MILLISECOND] * 500, 90 * MILLISECOND),)))
    assert 'y="58" height="2" class="bar"' in chart
