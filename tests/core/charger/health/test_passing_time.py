"""What the passing of time shows, by itself."""

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
    """The passing of time without any traffic. `calls` are the times that may have shown something."""

    def __init__(self) -> None:
        self.calls: list[int] = []
        events: list[Event] = []
        exchanges = ExchangeBook(DEFINITION, events)
        periods = PeriodMonitor(exchanges)
        link = LinkMonitor(exchanges, periods, ByteLedgerCounter())
        self.passing = PassingTime(exchanges, StartupTracker(events), periods, link, CardReaderMonitor())

    def advance(self, *times: int) -> None:
        """Pass on the times that may show something."""
        for time in times:
            if not self.passing.quiet_since <= time < self.passing.due:
                self.calls.append(time)
                assert self.passing.advance(time, Noise(Reason.GARBAGE, time, b"")) == []


def test_each_second_of_a_log_is_looked_at_once() -> None:
    clock = Clock()
    clock.advance(SECOND, SECOND, SECOND, 2 * SECOND, 2 * SECOND, 5 * SECOND)
    assert clock.calls == [SECOND, 2 * SECOND, 5 * SECOND]


def test_fine_times_are_looked_at_about_once_a_second() -> None:
    clock = Clock()
    clock.advance(*range(1, 3 * SECOND, SECOND // 100))
    assert clock.calls == [1, SECOND + 1, 2 * SECOND + 1]


def test_a_clock_that_was_set_back_is_looked_at_anew() -> None:
    clock = Clock()
    clock.advance(100 * SECOND + 1, 100 * SECOND + 2, 50 * SECOND, 50 * SECOND + 2)
    assert clock.calls == [100 * SECOND + 1, 50 * SECOND]
