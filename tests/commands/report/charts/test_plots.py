"""The plots over the session's axis: bars of traffic, and bands and lines of the phase voltages."""

import re

from sniffer.commands.report.charts.axis import Axis
from sniffer.commands.report.charts.markup import Markup
from sniffer.commands.report.charts.plots import build_voltage_legend, draw_bars, draw_voltages
from sniffer.commands.report.model import ChartColumn, QuietSpan, VoltageSpan
from tests.commands.report.helpers import SECOND, plain_report

NOTHING = Markup("")


def columns(*volts: float | None) -> tuple[ChartColumn, ...]:
    return tuple(
        ChartColumn(
            at * SECOND, (at + 1) * SECOND, 1, 0, () if value is None else (VoltageSpan(value, value, value),) * 3
        )
        for at, value in enumerate(volts)
    )


def plot(*volts: float | None, gaps: tuple[QuietSpan, ...] = ()) -> str:
    known = [value for value in volts if value is not None]
    whole = (VoltageSpan(min(known), sum(known) / len(known), max(known)),) * 3
    report = plain_report(began=0, ended=len(volts) * SECOND, columns=columns(*volts), voltages=whole, gaps=gaps)
    return "".join(draw_voltages(Axis(report)))


def test_bars_are_as_high_as_their_share_of_the_highest() -> None:
    row = draw_bars(plain_report(columns=columns(1, 1, 1)), "frames", [10, 0, 5], NOTHING, "frames")
    assert row.count("<rect") == 2
    assert 'y="0" height="100"' in row
    assert 'y="50" height="50"' in row
    assert "at most 10 in 1.00 s" in row


def test_a_run_of_voltages_is_a_band_and_a_line_for_each_phase() -> None:
    shown = plot(230, 231, 229)
    assert shown.count("<polygon") == shown.count("<polyline") == 3


def test_a_gap_cuts_the_line() -> None:
    gap = QuietSpan(2 * SECOND, 4 * SECOND, 3)
    assert plot(230, 230, 230, 230, 230, 230, gaps=(gap,)).count("<polyline") > 3


def test_a_single_column_is_a_point() -> None:
    shown = plot(230)
    assert shown.count("<polyline") == 0
    assert "●" in shown


def test_a_ripple_is_not_blown_up_to_a_fall() -> None:
    assert plot(230.0, 230.1).count('class="grid"') >= 3


def test_a_band_and_its_line_have_their_places() -> None:
    report = plain_report(
        began=0,
        ended=4 * SECOND,
        gaps=(),
        voltages=(VoltageSpan(200, 220, 240),) * 3,
        columns=(
            ChartColumn(0, 2 * SECOND, 1, 0, (VoltageSpan(200, 210, 220),) * 3),
            ChartColumn(2 * SECOND, 4 * SECOND, 1, 0, (VoltageSpan(220, 230, 240),) * 3),
        ),
    )
    shown = "".join(draw_voltages(Axis(report)))
    # The range is 198 to 242 V: 5 % of 40 V are added at both ends, so that 1 V is 3 pixels.
    assert '<polygon points="0.0,66.0 500.0,6.0 500.0,66.0 0.0,126.0" class="band l1">' in shown
    assert '<polyline points="0.0,96.0 500.0,36.0" class="line l2" stroke-dasharray="7 3">' in shown
    assert '<line x2="100%" y1="126" y2="126" class="grid">' in shown
    assert '<text x="4" y="124" class="tick halo">200 V</text>' in shown
    assert shown.count("tick halo") == shown.count('class="grid"') - 1


def test_a_ripple_is_drawn_over_ten_volts() -> None:
    assert 'class="grid"' in plot(230)
    assert [float(y) for y in re.findall(r'y1="([\d.]+)"', plot(230))] == [118.8, 92.4, 66, 39.6, 13.2]


def test_a_point_stays_inside_of_the_plot() -> None:
    assert '<text x="1.00%" y="70" class="point l1">●</text>' in plot(230)
    assert '<text x="99.00%" y="70" class="point l3">◆</text>' in plot(*[None] * 199, 230)
    assert '<text x="50.00%" y="70" class="point l2">■</text>' in plot(None, 230)


def test_only_a_gap_between_two_columns_cuts_the_line() -> None:
    assert plot(230, 230, 230, gaps=(QuietSpan(SECOND, 3 * SECOND, 3),)).count("<polyline") == 3
    assert plot(230, 230, 230, gaps=(QuietSpan(5 * SECOND, 6 * SECOND, 3),)).count("<polyline") == 3
    assert plot(230, 230, 230, gaps=(QuietSpan(0, 2 * SECOND, 3),)).count('class="point') == 3


def test_the_legend_has_each_phase_with_its_voltages() -> None:
    report = plain_report(voltages=(VoltageSpan(1, 2, 3), VoltageSpan(4, 5, 6), VoltageSpan(7, 8, 9)))
    shown = build_voltage_legend(report)
    assert "L1 ● 1.0 to 3.0 V, mean 2.0 V" in shown
    assert "L3 ◆ 7.0 to 9.0 V, mean 8.0 V" in shown
    line = '<line x1="0" x2="26" y1="6" y2="6" class="line l2" stroke-dasharray="7 3"></line>'
    assert f'<svg width="28" height="12">{line}</svg>' in shown


def test_bars_stand_side_by_side() -> None:
    row = draw_bars(plain_report(columns=columns(1, 1, 1)), "frames", [10, 0, 5], NOTHING, "bar")
    assert '<rect x="0" width="0.9" y="0" height="100" class="bar">' in row
    assert '<rect x="2" width="0.9" y="50" height="50" class="bar">' in row
    assert 'viewBox="0 0 3 100"' in row
