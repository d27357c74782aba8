"""The passing of time in a session: what the time of an item shows, whatever the item is.

In: the time of each item that may show something. Out: requests that wait for too long, commands that are overdue, the
end of a boot loop or of a fault of the card reader, and changes of the link's health.
"""

from sniffer.base.native import mypyc_attr
from sniffer.core.charger.card_reader import CardReaderMonitor
from sniffer.core.charger.events import Event
from sniffer.core.charger.exchanges.exchange_book import GENERATION, ExchangeBook
from sniffer.core.charger.exchanges.periods import PeriodMonitor
from sniffer.core.charger.health.link_monitor import LinkMonitor
from sniffer.core.charger.startup.startup_tracker import StartupTracker
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Noise


@mypyc_attr(allow_interpreted_subclasses=True)
class PassingTime:
    """The passing of time in one session. The book of exchanges appends its events itself.

    Times from `quiet_since` until `due` show nothing. `latest` is the last time that was passed on.
    """

    def __init__(
        self,
        exchanges: ExchangeBook,
        startup: StartupTracker,
        periods: PeriodMonitor,
        link: LinkMonitor,
        card_reader: CardReaderMonitor,
    ) -> None:
        self.quiet_since = self.due = 0
        self.latest: int | None = None
        self._exchanges = exchanges
        self._startup = startup
        self._periods = periods
        self._link = link
        self._card_reader = card_reader

    def advance(self, time: int, item: Message | Noise | TextMessage) -> list[Event]:
        """Return the events that the time of this item shows, beside those of exchanges."""
        exchanges, card_reader = self._exchanges, self._card_reader
        events: list[Event] = []
        if time != self.latest:
            self.latest = time
            if time >= exchanges.due or exchanges.due - time > GENERATION:
                exchanges.advance_time(time)
                events += self._startup.advance_time(time)
            events += self._periods.advance_time(time)
            events += self._link.advance_time(time, item.route if isinstance(item, Message) else None)
            if not exchanges.is_coarse:
                self.due = min(exchanges.due, self._periods.due, self._link.due)
                self.quiet_since = self.due - GENERATION
        if time >= card_reader.due:
            events += card_reader.add_traffic(item, time)
        if exchanges.is_coarse:
            # Lines of a log share their second: after the first of them, their time shows nothing more.
            self.quiet_since, self.due = time, min(time + 1, card_reader.due)
        return events
