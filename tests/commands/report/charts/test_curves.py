"""The curves of measured values: bands and lines that differ by patterns, cut by gaps, with labels at round values."""

import re

from sniffer.base.times import SECOND
from sniffer.commands.report.charts.axis import Axis
from sniffer.commands.report.charts.curves import CURVE_KINDS, Curve, build_legend, draw_curves, draw_measured
from sniffer.commands.report.charts.markup import Markup
from sniffer.commands.report.model import ChartColumn, MeasuredSeries, MeasuredSpan, QuietSpan, SessionReport
from sniffer.core.charger.measurements.measurement import QUANTITIES
from tests.commands.report.helpers import plain_report, report_of

VOLTAGES = CURVE_KINDS[0]
CURVES = [Curve(0, 0), Curve(1, 1), Curve(2, 2)]


def span_of(low: float, high: float) -> MeasuredSpan:
    return MeasuredSpan(low, high, low, (low + high) / 2, high)


def measured(name: str, low: float, high: float, connector: int | None = None) -> MeasuredSeries:
    return MeasuredSeries(connector, name, QUANTITIES[name], span_of(low, high))


def columns_of(*spans: MeasuredSpan | None, each: int = SECOND, series: int = 3) -> tuple[ChartColumn, ...]:
    return tuple(ChartColumn(at * each, (at + 1) * each, 1, 0, (), (span,) * series) for at, span in enumerate(spans))


def voltages(*volts: float | None, gaps: tuple[QuietSpan, ...] = ()) -> SessionReport:
    """Return a report with these voltages, the same on all phases, each for a second."""
    known = [value for value in volts if value is not None]
    whole = tuple(measured(f"l{phase}_voltage", min(known), max(known)) for phase in (1, 2, 3))
    columns = columns_of(*(None if value is None else span_of(value, value) for value in volts))
    return plain_report(began=0, ended=len(volts) * SECOND, columns=columns, measured=whole, gaps=gaps)


def plot(*volts: float | None, gaps: tuple[QuietSpan, ...] = ()) -> str:
    return "".join(draw_curves(Axis(voltages(*volts, gaps=gaps)), VOLTAGES, CURVES))


def test_a_run_is_a_band_and_a_line_for_each_curve() -> None:
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
        measured=tuple(measured(f"l{phase}_voltage", 200, 240) for phase in (1, 2, 3)),
        columns=columns_of(span_of(200, 220), span_of(220, 240), each=2 * SECOND),
    )
    shown = "".join(draw_curves(Axis(report), VOLTAGES, CURVES))
    # The range is 198 to 242 V: 5 % of 40 V are added at both ends, so that 1 V is 3 pixels.
    assert '<polygon points="0.0,66.0 500.0,6.0 500.0,66.0 0.0,126.0" class="band l1">' in shown
    assert '<polyline points="0.0,96.0 500.0,36.0" class="line l2" stroke-dasharray="7 3">' in shown
    assert '<line x2="100%" y1="126" y2="126" class="grid">' in shown
    plate = '<rect x="2" y="113" width="44" height="14" class="plate"></rect>'
    assert f'{plate}<text x="4" y="124" class="tick">200 V</text>' in shown
    assert shown.count('class="tick"') == shown.count('class="grid"') - 1


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


def test_the_legend_has_each_curve_with_its_values() -> None:
    report = plain_report(measured=(measured("l1_voltage", 1, 3), measured("l2_voltage", 4, 6)))
    shown = build_legend(report, CURVES[:2])
    assert "L1 voltage ● 1 to 3 V, mean 2 V" in shown
    assert "L2 voltage ■ 4 to 6 V, mean 5 V" in shown
    line = '<line x1="0" x2="26" y1="6" y2="6" class="line l2" stroke-dasharray="7 3"></line>'
    assert f'<svg width="28" height="12">{line}</svg>' in shown


def test_each_kind_of_value_and_each_connector_has_a_plot() -> None:
    report = plain_report(
        began=0,
        ended=2 * SECOND,
        gaps=(),
        measured=(
            measured("l1_voltage", 230, 230),
            measured("energy", 5, 9, connector=1),
            measured("board_temperature", -5, 40, connector=1),
            measured("temperature", 20, 30, connector=1),
            measured("energy", 5, 9, connector=2),
        ),
        columns=columns_of(span_of(5, 9), span_of(5, 9), series=5),
    )
    rows = [*draw_measured(Axis(report), Markup(""))]
    names = [re.findall(r'class="name">(.*?)<', row)[0] for row in rows]
    assert names == ["phase voltages", "energy, connector 1", "energy, connector 2", "temperatures, connector 1"]
    assert [row.count("<polyline") for row in rows] == [1, 1, 1, 2]
    assert "meter temperature ◆ 20 to 30 °C" in rows[3]


def test_a_sample_without_measured_values_has_no_plot() -> None:
    assert [*draw_measured(Axis(plain_report(measured=())), Markup(""))] == []
    assert len([*draw_measured(Axis(report_of("charging.pcapng")), Markup(""))]) >= 2
