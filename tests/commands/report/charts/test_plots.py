"""The plots over the session's axis: bars of traffic, and bands and lines of the phase voltages."""

from sniffer.commands.report.charts.axis import Axis
from sniffer.commands.report.charts.markup import Markup
from sniffer.commands.report.charts.plots import draw_bars, draw_voltages
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
