"""The amount of traffic over the session's axis, as bars."""

from sniffer.base.times import SECOND
from sniffer.commands.report.charts.markup import Markup
from sniffer.commands.report.charts.traffic_bars import draw_bars
from sniffer.commands.report.model import ChartColumn
from tests.commands.report.helpers import plain_report

NOTHING = Markup("")
COLUMNS = tuple(ChartColumn(at * SECOND, (at + 1) * SECOND, 1, 0, ()) for at in range(3))


def test_bars_are_as_high_as_their_share_of_the_highest() -> None:
    row = draw_bars(plain_report(columns=COLUMNS), "frames", [10, 0, 5], NOTHING, "frames")
    assert row.count("<rect") == 2
    assert 'y="0" height="100"' in row
    assert 'y="50" height="50"' in row
    assert "at most 10 in 1.00 s" in row


def test_bars_stand_side_by_side() -> None:
    row = draw_bars(plain_report(columns=COLUMNS), "frames", [10, 0, 5], NOTHING, "bar")
    assert '<rect x="0" width="0.9" y="0" height="100" class="bar">' in row
    assert '<rect x="2" width="0.9" y="50" height="50" class="bar">' in row
    assert 'viewBox="0 0 3 100"' in row
