"""The fold: messages, log lines and noise in, events out, and an immutable snapshot whenever somebody asks.

It reads no clock and does no I/O: the same items give the same events and equal snapshots. What a message means to
the charger is told by its command's `tells` in the definition, not by its code, so a definition can add commands.
Memory is bounded: one tracker for each connector number (a byte on the wire), a short path each, and the last few
sequences.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from sniffer.charger.boots import BootCounter, Boots
from sniffer.charger.connector import Connector, ConnectorTracker
from sniffer.charger.events import Event, Fault, FaultCodes, SourceLost
from sniffer.charger.faults import Faults
from sniffer.charger.ledger import Ledger, LedgerBook
from sniffer.protocol.conversions import Raw, as_number
from sniffer.protocol.definition import Command, Definition
from sniffer.protocol.logline import TextMessage
from sniffer.protocol.message import Message
from sniffer.wire.frame import Noise
from sniffer.wire.link import COM_TO_OCPP, COM_TO_PWR, PWRBOARD, SPECIAL_SEQUENCES

RELAYS_REMEMBERED = 32
"""How many status reports may lie between a report and its relay on the other link."""


SAID_BY_COM = (COM_TO_PWR, COM_TO_OCPP)
"""What the communication processor says: it is what boots."""

NO_CODES = FaultCodes()
"""What a report without a fault gives."""


@dataclass(frozen=True, slots=True)
class PhaseVoltages:
    """The voltages of the three phases, in volts, and when they were told."""

    time: int | None
    l1: float
    l2: float
    l3: float


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole charger at one moment."""

    charge_point_id: str | None
    connectors: tuple[Connector, ...]
    faults: tuple[Fault, ...]
    voltages: PhaseVoltages | None
    boots: Boots
    ledger: Ledger


class Charger:
    """One session's charger."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._no_error = definition.ocpp_errors.number_of("NoError")
        self._charge_point_id: str | None = None
        self._trackers: dict[int, ConnectorTracker] = {}
        self._faults = Faults(definition.errors)
        self._voltages: Message | None = None
        self._boots = BootCounter()
        self._book = LedgerBook()
        self._reported: deque[int] = deque(maxlen=RELAYS_REMEMBERED)
        self._latest_status: tuple[tuple[Raw, ...], Command | None, ConnectorTracker] | None = None
        self._handlers: dict[str, Callable[[Message], list[Event]]] = {
            "boot": self._boot_frame,
            "handshake": self._boot_frame,
            "handshake answer": self._handshake_answer,
            "status": self._status,
            "voltages": self._phase_voltages,
            "information": self._information,
        }
        self._line_handlers: dict[str, Callable[[TextMessage], list[Event]]] = {
            "boot": lambda line: [self._boots.line(line.time)],
            "pending": self._boot_pending,
            "fault": self._fault_line,
            "information": self._information,
        }

    def read(self, count: int) -> None:
        """Count bytes that the source gave."""
        self._book.read(count)

    def apply(self, item: Message | Noise | TextMessage) -> list[Event]:
        """Take one item, in order; return what it shows."""
        if isinstance(item, Message):
            frame, command = item.frame, item.command
            self._book.frame(len(frame.raw))
            tells = command.tells if command else None
            route = command.route if command else frame.route
            if route in SAID_BY_COM and tells not in ("boot", "handshake"):
                self._boots.other()
            return self._handlers[tells](item) if tells in self._handlers else []
        if isinstance(item, Noise):
            self._book.noise(item.reason, len(item.raw))
            return []
        self._book.line()
        tells = item.meaning.tells if item.meaning else None
        return self._line_handlers[tells](item) if tells in self._line_handlers else []

    def lost(self, time: int | None, reason: str) -> list[Event]:
        """The source ended before its time."""
        return [SourceLost(time, reason)]

    def snapshot(self) -> Snapshot:
        """The charger as it is now. What did not change since the last snapshot is equal to what stood there."""
        connectors = (self._trackers[number].now() for number in sorted(self._trackers))
        return Snapshot(
            charge_point_id=self._charge_point_id,
            connectors=tuple(connector for connector in connectors if connector),
            faults=self._faults.active,
            voltages=_phase_voltages(self._voltages) if self._voltages else None,
            boots=self._boots.now(),
            ledger=self._book.balance(),
        )

    def _boot_frame(self, message: Message) -> list[Event]:
        assert message.command is not None
        frame = message.frame
        booted = self._boots.frame(frame.time, message.command.name, frame.sequence)
        return [*([booted] if booted else []), *self._information(message)]

    def _handshake_answer(self, message: Message) -> list[Event]:
        self._boots.answered()
        return []

    def _boot_pending(self, line: TextMessage) -> list[Event]:
        self._boots.pending()
        return []

    def _information(self, message: Message | TextMessage) -> list[Event]:
        found = message.value("charge_point_id")
        if found:
            self._charge_point_id = str(found)
        return []

    def _phase_voltages(self, message: Message) -> list[Event]:
        self._voltages = message
        return []

    def _status(self, message: Message) -> list[Event]:
        frame, latest = message.frame, self._latest_status
        sequence = frame.sequence
        if frame.link is PWRBOARD:
            if sequence not in SPECIAL_SEQUENCES:
                self._reported.append(sequence)
        elif sequence in self._reported:
            return self._relay(message)
        if latest and message.values == latest[0] and message.command is latest[1] and not self._faults.active:
            latest[2].repeat(frame.time)
            return []
        return self._new_status(message)

    def _new_status(self, message: Message) -> list[Event]:
        """A report that may tell something new."""
        time, connector, status = message.frame.time, message.raw("connector"), message.raw("status")
        if not isinstance(connector, int) or not isinstance(status, int):
            return []
        tracker = self._trackers.get(connector)
        if tracker is None:
            tracker = self._trackers[connector] = ConnectorTracker(connector, self._definition.transitions)
        self._latest_status = (message.values, message.command, tracker)
        codes = self._codes(message)
        name = self._definition.statuses.name_of(status)
        move = tracker.report(time, name, _number(message, "ocpp_error"), _number(message, "cp_voltage"))
        faulted = codes is not NO_CODES or name == "Faulted"
        if not faulted and message.raw("ocpp_error") is None:
            # A report that was cut short does not say that all is well.
            return [move] if move else []
        faults = self._faults.report(time, connector, codes if faulted else None)
        return [move, *faults] if move else [*faults]

    def _relay(self, message: Message) -> list[Event]:
        """The same report again, on the other link: it can only add to what the report told."""
        connector = message.raw("connector")
        if self._faults.active and isinstance(connector, int):
            return [*self._faults.hint(message.frame.time, self._codes(message), connector)]
        return []

    def _fault_line(self, line: TextMessage) -> list[Event]:
        codes = self._codes(line)
        return [*self._faults.hint(line.time, None if codes is NO_CODES else codes)]

    def _codes(self, message: Message | TextMessage) -> FaultCodes:
        """The codes that tell of a fault: NoError, and a zero of the other two, tell of none."""
        ocpp = _number(message, "ocpp_error")
        vendor = _number(message, "vendor_error")
        m4 = _number(message, "m4_error")
        if ocpp == self._no_error:
            ocpp = None
        return FaultCodes(ocpp, vendor or None, m4 or None) if ocpp is not None or vendor or m4 else NO_CODES


def _phase_voltages(message: Message) -> PhaseVoltages | None:
    """The voltages that a message tells; None where it does not tell all three."""
    volts = [message.value(f"{phase}_voltage") for phase in ("l1", "l2", "l3")]
    l1, l2, l3 = (float(volt) if volt is not None else None for volt in volts)
    return None if l1 is None or l2 is None or l3 is None else PhaseVoltages(message.frame.time, l1, l2, l3)


def _number(message: Message | TextMessage, name: str) -> int | None:
    raw = message.raw(name)
    return None if raw is None else as_number(raw)
