"""Each item about a tap has its event, and that of a restored tap holds how long it was lost."""

from sniffer.core.charger.byte_ledger import ByteLedgerCounter
from sniffer.core.charger.events import Overdue
from sniffer.core.charger.exchanges.exchange_book import ExchangeBook
from sniffer.core.charger.exchanges.periods import PeriodMonitor
from sniffer.core.charger.health.link_health import Health, LinkHealth, LinkHealthChanged
from sniffer.core.charger.health.link_monitor import LinkMonitor
from sniffer.core.charger.tap_events import (
    LatenessKnown,
    LineErrorReported,
    RateFound,
    SourceBack,
    SourceLost,
    SourceShared,
)
from sniffer.core.charger.tap_tracker import TapTracker
from sniffer.core.wire.items import (
    BaudChange,
    Idle,
    LateCommand,
    LatencyBound,
    LineError,
    TapGap,
    TapLineError,
    TapRestored,
    TapShared,
)
from sniffer.core.wire.links import PWR_TO_COM
from tests.core.protocol.helpers import DEFINITION


def new_tracker() -> TapTracker:
    book = ExchangeBook(DEFINITION, [])
    periods, ledger = PeriodMonitor(book), ByteLedgerCounter()
    return TapTracker(periods, LinkMonitor(book, periods, ledger), ledger)


def test_each_item_has_its_event() -> None:
    tracker = new_tracker()
    lost = LinkHealthChanged(5, LinkHealth(Health.LOST, "tap 2: unplugged", 5))
    assert tracker.apply(TapGap(5, "unplugged", 2)) == (SourceLost(5, "unplugged", 2), lost)
    assert tracker.apply(BaudChange(6, 9600, "fits", 1)) == (RateFound(6, 9600, "fits", 1),)
    assert tracker.apply(LatencyBound(7, 16, 1)) == (LatenessKnown(7, 16, 1),)
    assert tracker.apply(TapShared(8, "cat (7)", 1)) == (SourceShared(8, "cat (7)", 1),)
    assert tracker.apply(TapLineError(9, LineError.PARITY, 1)) == (LineErrorReported(9, LineError.PARITY, 1),)


def test_a_tap_is_away_since_it_was_lost_first() -> None:
    tracker = new_tracker()
    for time, tap in ((5, 1), (6, 2), (8, 1)):
        tracker.apply(TapGap(time, "unplugged", tap))
    assert tracker.apply(TapRestored(15, "the same port", 1)) == (SourceBack(15, "the same port", 10, 1),)
    assert tracker.apply(TapRestored(16, "the same port", 1)) == (SourceBack(16, "the same port", None, 1),)
    assert tracker.apply(TapRestored(16, "the same port", 2)) == (SourceBack(16, "the same port", 10, 2),)


def test_a_silence_has_an_event_only_if_something_is_overdue() -> None:
    tracker = new_tracker()
    assert tracker.apply(Idle(5)) == ()
    late = LateCommand("pwr>com", 1, "status report", 29, 44)
    elsewhere = LateCommand("display/cpu>display", 1, "of a link that the definition lacks", 29, 44)
    assert tracker.apply(Idle(4, 0, (elsewhere,))) == ()
    assert tracker.apply(Idle(5, 0, (late, elsewhere))) == (Overdue(5, PWR_TO_COM, 1, "status report", 29, 44),)
