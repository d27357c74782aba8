"""The whole charger at one moment: an immutable value. Parts that did not change are equal to those of the last
snapshot.
"""

from dataclasses import dataclass, field

from sniffer.core.charger.byte_ledger import ByteLedger
from sniffer.core.charger.connector import Connector
from sniffer.core.charger.events import Fault
from sniffer.core.charger.exchange_chains import ExchangeStats
from sniffer.core.charger.exchanges import Exchanges
from sniffer.core.charger.faults import FaultHistory
from sniffer.core.charger.registration import Registration
from sniffer.core.charger.restarts import Restarts
from sniffer.core.charger.tap_events import Miswired
from sniffer.core.protocol.message import Message


@dataclass(frozen=True, slots=True)
class PhaseVoltages:
    """The voltages of the three phases, in volts, and the time of their message."""

    time: int | None
    l1: float
    l2: float
    l3: float


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole charger at one moment.

    `past_faults` are the ended faults by kind, the latest last. `chains` are the exchanges across both links by kind.
    """

    charge_point_id: str | None = None
    connectors: tuple[Connector, ...] = ()
    faults: tuple[Fault, ...] = ()
    past_faults: tuple[FaultHistory, ...] = ()
    voltages: PhaseVoltages | None = None
    registration: Registration = field(default_factory=Registration)
    restarts: tuple[Restarts, ...] = ()
    exchanges: Exchanges = field(default_factory=Exchanges)
    chains: tuple[ExchangeStats, ...] = ()
    ledger: ByteLedger = field(default_factory=ByteLedger)
    wiring: tuple[Miswired, ...] = ()


def phase_voltages(message: Message) -> PhaseVoltages | None:
    """Return the voltages of a message; None if it does not have all three."""
    l1, l2, l3 = volts(message, "l1_voltage"), volts(message, "l2_voltage"), volts(message, "l3_voltage")
    return None if l1 is None or l2 is None or l3 is None else PhaseVoltages(message.frame.time, l1, l2, l3)


def volts(message: Message, name: str) -> float | None:
    """Return a field of a message in volts; None if the message has no such field. The definition makes it a number."""
    value = message.value(name)
    return None if value is None or isinstance(value, str) else value
