"""The exchanges in lines of a panel: nothing is lost in any width, and what is wrong is marked in all."""

from collections.abc import Iterator
from typing import Any

import pytest

from sniffer.base.times import MILLISECOND, SECOND
from sniffer.core.charger.exchanges.command_stats import CommandStats, Latency, Period
from sniffer.core.charger.exchanges.exchange_book import DirectionActivity, Exchanges
from sniffer.core.charger.exchanges.periods import LearntPeriod
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.wire.links import ROUTES
from sniffer.tui.panels.exchanges import format_exchanges, measure_silence
from sniffer.tui.state.time_formatter import TimeFormatter

COM, PWR = ROUTES[0], ROUTES[1]
REPORT = CommandStats(
    PWR, 1, "status report", 1234, 22_212, 0, 9, answered=1200, unanswered=3, retransmissions=7, unasked=2,
    latency=Latency(5 * MILLISECOND, 12 * MILLISECOND, 102 * MILLISECOND), period=Period(SECOND, 4 * MILLISECOND),
)  # fmt: skip
HOSTILE = CommandStats(COM, 2, "[red]\x1b[2Jname\u202e", 1, 11, 0, 9)
EXCHANGES = Exchanges(
    (REPORT, HOSTILE), (DirectionActivity(COM, 9, 99, 20 * SECOND), DirectionActivity(PWR, 1, 9, SECOND)), 1, False
)


SNAPSHOT = Snapshot(exchanges=EXCHANGES)


def silence(at: int, now: int | None, *, is_live: bool = True, **known: Any) -> int | None:
    return measure_silence(EXCHANGES.sides[at], Snapshot(**known), now, is_live=is_live)


def shown(width: int) -> Iterator[str]:
    for line in format_exchanges(SNAPSHOT, 20 * SECOND, width, TimeFormatter(), is_live=True):
        assert not isinstance(line, str) or not line
        yield line if isinstance(line, str) else line.plain


@pytest.mark.parametrize("width", [33, 34, 38, 40, 41, 49, 50, 75, 117, 198])
def test_every_figure_is_there_and_in_the_width(width: int) -> None:
    found = [*shown(width)]
    text = "\n".join(found)
    assert max(map(len, found)) <= width
    for figure in ("1,234", "1,200", "5.0 ms", "12.0 ms", "102.0 ms", "▲ 3", "▲ 7", "▲ 2 without a request"):
        assert figure in text, figure
    assert "1 request waiting" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_wide_table_has_a_column_for_each() -> None:
    title = next(line for line in shown(117) if line.startswith("command"))
    words = "command count answered p50 p95 max period jitter retries unanswered"
    assert title.split() == words.split()
    row = next(line for line in shown(117) if "status report" in line)
    assert row.endswith("▲ 3")
    assert len(row) == len(title)


def test_table_of_a_maximised_pane_on_a_small_terminal_tells_the_rest_below() -> None:
    found = [*shown(77)]
    at = next(index for index, line in enumerate(found) if "status report" in line)
    assert found[at + 1] == "  every 1.00 s ±4.0 ms  ▲ 3 unanswered  ▲ 7 sent again  ▲ 2 without a request"


def test_side_is_silent_since() -> None:
    assert any("silent for 19 s  since " in line for line in shown(60))
    assert silence(0, 20 * SECOND) is None
    assert silence(1, 20 * SECOND) == 19 * SECOND
    assert silence(1, None) is None


def test_silence_is_judged_by_what_was_due() -> None:
    periods = (LearntPeriod(PWR, 1, "status report", 29 * SECOND, SECOND, is_overdue=False),)
    assert silence(1, 73 * SECOND, periods=periods) is None
    assert silence(1, 74 * SECOND, periods=periods) == 73 * SECOND
    assert silence(1, 74 * SECOND, periods=periods, is_live=False) == 73 * SECOND
    assert silence(1, 74 * SECOND, periods=periods, is_text_log=True) is None


def test_a_command_that_was_overdue_before_makes_no_silence() -> None:
    periods = (LearntPeriod(PWR, 1, "status report", SECOND, -60 * SECOND, is_overdue=True),)
    assert silence(1, 74 * SECOND, periods=periods) is None


def test_without_a_period_only_a_live_side_is_silent() -> None:
    assert silence(1, 20 * SECOND, is_live=False) is None
    assert silence(1, 20 * SECOND, is_text_log=True) is None


def test_an_overdue_command_has_a_line() -> None:
    late = LearntPeriod(PWR, 1, "[red]status", 29 * SECOND, SECOND, is_overdue=True)
    (line,) = (
        line.plain
        for line in format_exchanges(
            Snapshot(exchanges=EXCHANGES, periods=(late,)), 90 * SECOND, 80, TimeFormatter(), is_live=True
        )
        if not isinstance(line, str) and "overdue" in line.plain
    )
    assert line.split() == ["◌", "overdue", "[red]status", "every", "29.00", "s", "60", "s", "late"]


def test_no_exchanges_give_no_lines() -> None:
    assert format_exchanges(Snapshot(), 1, 80, TimeFormatter(), is_live=True) == []
