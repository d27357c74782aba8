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
from sniffer.protocol.conversions import as_number
from sniffer.protocol.definition import Definition
from sniffer.protocol.logline import TextMessage
from sniffer.protocol.message import Message
from sniffer.wire.frame import Noise
from sniffer.wire.link import PWRBOARD

RELAYS_REMEMBERED = 32
"""How many status reports may lie between a report and its relay on the other link."""

UNASKED_SEQUENCES = (0xDDDD, 0xFFFF)
"""Sequences that tie nothing together (protocol.md, Framing)."""


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
        self._voltages: PhaseVoltages | None = None
        self._boots = BootCounter()
        self._book = LedgerBook()
        self._reported: deque[int] = deque(maxlen=RELAYS_REMEMBERED)
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
            frame = item.frame
            self._book.frame(len(frame.raw))
            command = item.command
            tells = command.tells if command else None
            if frame.direction == "com>pwr" and tells != "boot":
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
            voltages=self._voltages,
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
        l1, l2, l3 = (message.value(f"{phase}_voltage") for phase in ("l1", "l2", "l3"))
        if isinstance(l1, int | float) and isinstance(l2, int | float) and isinstance(l3, int | float):
            self._voltages = PhaseVoltages(message.frame.time, l1, l2, l3)
        return []

    def _status(self, message: Message) -> list[Event]:
        connector, status = message.raw("connector"), message.raw("status")
        if not isinstance(connector, int) or not isinstance(status, int):
            return []
        frame = message.frame
        ocpp_error = _number(message, "ocpp_error")
        codes = self._codes(message)
        sequence = frame.sequence
        if frame.link is PWRBOARD:
            if sequence not in UNASKED_SEQUENCES:
                self._reported.append(sequence)
        elif sequence in self._reported:
            return [*self._faults.hint(frame.time, codes)] if self._faults.active else []
        tracker = self._trackers.get(connector)
        if tracker is None:
            tracker = self._trackers[connector] = ConnectorTracker(connector, self._definition.transitions)
        name = self._definition.statuses.name_of(status)
        move = tracker.report(frame.time, name, ocpp_error, _number(message, "cp_voltage"))
        is_fault = name == "Faulted" or codes != FaultCodes()
        faults = self._faults.report(frame.time, connector, codes if is_fault else None)
        return [move, *faults] if move else [*faults]

    def _fault_line(self, line: TextMessage) -> list[Event]:
        codes = self._codes(line)
        return [*self._faults.hint(line.time, codes if codes != FaultCodes() else None)]

    def _codes(self, message: Message | TextMessage) -> FaultCodes:
        """The codes that tell of a fault: NoError, and a zero of the other two, tell of none."""
        ocpp = _number(message, "ocpp_error")
        return FaultCodes(
            ocpp=None if ocpp == self._no_error else ocpp,
            vendor=_number(message, "vendor_error") or None,
            m4=_number(message, "m4_error") or None,
        )


def _number(message: Message | TextMessage, name: str) -> int | None:
    raw = message.raw(name)
    return None if raw is None else as_number(raw)
