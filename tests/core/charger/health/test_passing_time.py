"""What the passing of time shows, by itself."""

import pytest

from sniffer.base.times import SECOND
from sniffer.core.charger.byte_ledger import ByteLedgerCounter
from sniffer.core.charger.card_reader import CardReaderMonitor
from sniffer.core.charger.events import Event
from sniffer.core.charger.exchanges.exchange_book import ExchangeBook
from sniffer.core.charger.exchanges.periods import PeriodMonitor
from sniffer.core.charger.health.link_monitor import LinkMonitor
from sniffer.core.charger.health.passing_time import PassingTime
from sniffer.core.charger.startup.startup_tracker import StartupTracker
from sniffer.core.wire.frame import Noise, Reason
from tests.core.protocol.helpers import DEFINITION


class Clock:
    """The passing of time without any traffic. `calls` are the times that reached the exchanges."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[int] = []
        events: list[Event] = []
        exchanges = ExchangeBook(DEFINITION, events)
        advance = exchanges.advance_time

        def note(time: int) -> None:
            self.calls.append(time)
            advance(time)

        monkeypatch.setattr(exchanges, "advance_time", note)
        periods = PeriodMonitor(exchanges)
        link = LinkMonitor(exchanges, periods, ByteLedgerCounter())
        self.passing = PassingTime(exchanges, StartupTracker(events), periods, link, CardReaderMonitor())

    def advance(self, *times: int) -> None:
        """Pass on the times that may show something."""
        for time in times:
            if not self.passing.quiet_since <= time < self.passing.due:
                assert self.passing.advance(time, Noise(Reason.GARBAGE, time, b"")) == []


def test_each_second_of_a_log_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    clock.advance(SECOND, SECOND, SECOND, 2 * SECOND, 2 * SECOND, 5 * SECOND)
    assert clock.calls == [SECOND, 2 * SECOND, 5 * SECOND]


def test_fine_times_are_looked_at_about_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    clock.advance(*range(1, 3 * SECOND, SECOND // 100))
    assert clock.calls == [1, SECOND + 1, 2 * SECOND + 1]


def test_a_clock_that_was_set_back_is_looked_at_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    clock.advance(100 * SECOND + 1, 100 * SECOND + 2, 50 * SECOND, 50 * SECOND + 2)
    assert clock.calls == [100 * SECOND + 1, 50 * SECOND]
