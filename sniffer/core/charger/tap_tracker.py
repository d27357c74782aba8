"""The events of the taps themselves: a tap is lost, returns, changes its rate, is late, is shared, or is silent.

In: an item of a source. Out: the events that say so. Silence has an event only if it shows that commands are overdue.
"""

from collections.abc import Iterable, Iterator, Sequence

from sniffer.base.times import duration_between
from sniffer.core.charger.byte_ledger import ByteLedgerCounter
from sniffer.core.charger.events import Event, Overdue
from sniffer.core.charger.exchanges.periods import PeriodMonitor
from sniffer.core.charger.health.link_health import LinkHealthChanged
from sniffer.core.charger.health.link_monitor import LinkMonitor
from sniffer.core.charger.tap_events import (
    LatenessKnown,
    LineErrorReported,
    RateFound,
    SourceBack,
    SourceLost,
    SourceShared,
)
from sniffer.core.wire.items import BaudChange, Idle, LatencyBound, TapGap, TapLineError, TapRestored, TapShared
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import ROUTES

TapItem = TapGap | TapRestored | BaudChange | LatencyBound | TapShared | TapLineError | Idle
TapEvent = (
    SourceLost | SourceBack | RateFound | LatenessKnown | SourceShared | LineErrorReported | Overdue | LinkHealthChanged
)


class TapTracker:
    """The taps of one session. It keeps since when each lost tap is away. `routes` are those of the definition."""

    def __init__(
        self, periods: PeriodMonitor, link: LinkMonitor, ledger: ByteLedgerCounter, routes: Sequence[Route] = ROUTES
    ) -> None:
        by_direction = {route.direction or route.link.name: route for route in reversed(routes)}
        self._routes = by_direction | {route.name: route for route in routes}
        self._periods = periods
        self._link = link
        self._ledger = ledger
        self._lost_at: dict[int, int | None] = {}

    def apply(self, item: TapItem) -> tuple[TapEvent, ...]:
        """Return the events of an item, and the change of the link's health that it shows.

        A silence without events changes nothing.
        """
        events = self._find_events(item)
        self._apply_events(events)
        return (*events, *self._link.check(item.time, is_settled=isinstance(item, Idle) and item.shows_health))

    def repeat_events(self, events: Iterable[Event]) -> None:
        """Apply the events of a record without an item, in a session that is applied again."""
        self._periods.repeat_events(events)
        self._apply_events(events)

    def _apply_events(self, events: Iterable[Event]) -> None:
        """Apply events to the state of the link, and count the line errors of bytes that the session does not hold."""
        self._link.apply_events(events)
        for event in events:
            if isinstance(event, LineErrorReported):
                self._ledger.count_line_error(event.error)

    def _find_events(self, item: TapItem) -> tuple[TapEvent, ...]:
        """Return the events of an item of a tap: that it was lost or restored, or what its rate and precision are."""
        match item:
            case TapGap():
                self._lost_at.setdefault(item.tap, item.time)
                self._periods.restart(item.time)
                return (SourceLost(item.time, item.reason, item.tap),)
            case TapRestored():
                away = duration_between(self._lost_at.pop(item.tap, None), item.time)
                return (SourceBack(item.time, item.how, away, item.tap),)
            case BaudChange():
                return (RateFound(item.time, item.baud, item.evidence, item.tap),)
            case LatencyBound():
                return (LatenessKnown(item.time, item.late, item.tap),)
            case TapShared():
                return (SourceShared(item.time, item.holder, item.tap),)
            case TapLineError():
                return (LineErrorReported(item.time, item.error, item.tap),)
            case Idle():
                found = self._periods.check(item.time)
                # A reader of a part of a recording has not received enough to learn what was overdue.
                return tuple(found or self._repeat_overdue(item))

    def _repeat_overdue(self, item: Idle) -> Iterator[Overdue]:
        """Yield what a recorded session found overdue, on the routes that the definition knows."""
        for late in item.overdue:
            if route := self._routes.get(late.route):
                yield Overdue(item.time, route, *late[1:])
