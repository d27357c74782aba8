"""The whole charger at one moment: an immutable value.

Parts that did not change are equal to those of the last snapshot.
"""

from msgspec import Struct, field

from sniffer.core.charger.byte_ledger import ByteLedger
from sniffer.core.charger.card_reader import CardReader
from sniffer.core.charger.connector import Connector
from sniffer.core.charger.events import Fault
from sniffer.core.charger.exchanges.exchange_book import Exchanges
from sniffer.core.charger.exchanges.exchange_chains import ExchangeStats
from sniffer.core.charger.exchanges.periods import LearntPeriod
from sniffer.core.charger.faults import FaultHistory, FaultReports
from sniffer.core.charger.health.link_health import LinkActivity
from sniffer.core.charger.measurements.measurement import Measurements
from sniffer.core.charger.ocpp.calls import OcppTraffic
from sniffer.core.charger.startup.registration import Registration
from sniffer.core.charger.startup.restarts import Restarts
from sniffer.core.charger.tap_events import Miswired


class Snapshot(Struct, frozen=True):
    """The whole charger at one moment.

    `availability` has the number of a connector and what the last ChangeAvailability made it, by number; connector 0 is
    the whole station. `past_faults` are the ended faults by kind, the latest last. `chains` are the exchanges across
    both links by kind.
    `periods` are the learnt periods of commands. `card_reader` is None if its fault was never reported.
    `fault_reports` are those of fault codes without a status.
    `is_text_log`: the frames were printed by a text log, which may lack pieces.
    """

    charge_point_id: str | None = None
    connectors: tuple[Connector, ...] = ()
    availability: tuple[tuple[int, str], ...] = ()
    faults: tuple[Fault, ...] = ()
    past_faults: tuple[FaultHistory, ...] = ()
    fault_reports: FaultReports = field(default_factory=FaultReports)
    measurements: Measurements = field(default_factory=Measurements)
    registration: Registration = field(default_factory=Registration)
    restarts: tuple[Restarts, ...] = ()
    exchanges: Exchanges = field(default_factory=Exchanges)
    chains: tuple[ExchangeStats, ...] = ()
    ocpp: OcppTraffic = field(default_factory=OcppTraffic)
    ledger: ByteLedger = field(default_factory=ByteLedger)
    wiring: tuple[Miswired, ...] = ()
    periods: tuple[LearntPeriod, ...] = ()
    card_reader: CardReader | None = None
    link: LinkActivity = field(default_factory=LinkActivity)
    is_text_log: bool = False

    @property
    def earlier_faults(self) -> int:
        """The number of faults that have ended."""
        return sum(history.count for history in self.past_faults)

    @property
    def says_faults(self) -> bool:
        """True if a report said whether there is a fault."""
        return bool(self.fault_reports.count) or any(one.reports_faults for one in self.connectors)
