"""The fold: messages, log lines and noise in, events out, and an immutable snapshot whenever somebody asks.

It reads no clock and does no I/O: the same items give the same events and equal snapshots. What a message means to
the charger is told by its command's `tells` in the definition, not by its code, so a definition can add commands.
Memory is bounded, whatever the length of the session: `CONNECTORS_KEPT` connectors, the
last `PATH_LENGTH` moves of each, the faults and exchanges that their modules say, and the last events.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import NamedTuple

from sniffer.base.times import duration_between
from sniffer.core.charger.boots import BootCounter
from sniffer.core.charger.byte_ledger import ByteLedgerCounter
from sniffer.core.charger.command_stats import CommandCounter
from sniffer.core.charger.connector import ConnectorTracker
from sniffer.core.charger.consistency_rules import FAULTED, NO_ERROR, StatusReport, contradictions
from sniffer.core.charger.events import (
    Event,
    Evidence,
    FaultChanged,
    FaultCleared,
    FaultRaised,
    LatenessKnown,
    Miswired,
    MiswiringEnded,
    Preceding,
    RateFound,
    Reference,
    SourceBack,
    SourceLost,
)
from sniffer.core.charger.exchanges import TURN, ExchangeBook
from sniffer.core.charger.fault_codes import FaultCodes
from sniffer.core.charger.faults import Faults
from sniffer.core.charger.relay_check import REPORTS_REMEMBERED, Reported, disagreements, report_of
from sniffer.core.charger.snapshot import Snapshot, phase_voltages, volts
from sniffer.core.protocol.conversions import Raw, as_number
from sniffer.core.protocol.definition import Command, Definition
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Noise
from sniffer.core.wire.items import BaudChange, LatencyBound, LineErrorMark, TapGap, TapRestored
from sniffer.core.wire.links import COM_TO_OCPP, COM_TO_PWR, DBUS_EITHER_WAY, PWR_TO_COM, ROUTES

SAID_BY_COM = (COM_TO_PWR, COM_TO_OCPP)
"""What the communication processor says: it is what boots."""

BOOTING = ("boot", "handshake")
"""What it says when it does."""

NO_CODES = FaultCodes()
"""What a report without a fault gives."""

CONNECTORS_KEPT = 256
"""How many connectors are followed: as many as a byte can name. A user's own report could name more."""

BEFORE = 10_000_000_000
"""How long before a fault events are kept with it, in nanoseconds."""

EVENTS_BEFORE = 32
"""How many of them at most; where times are missing, those that came last."""

FAULT_EVENTS = (FaultRaised, FaultChanged, FaultCleared)
"""The events that hold the fault which they are about."""

_NOTHING: tuple[tuple[Event, ...], None] = ((), None)
"""What most items show."""

_Handler = Callable[["Charger", Message, int, int | None], Reference | None]
"""What is done with a message; its record's number and its line in a text log come with it."""

_Plan = tuple[CommandCounter, _Handler | None]


class _Latest(NamedTuple):
    """The last status report that told something new."""

    values: tuple[Raw, ...]
    command: Command | None
    connector: int
    tracker: ConnectorTracker | None


class Charger:
    """One session's charger."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._events: list[Event] = []
        self._no_error = definition.ocpp_errors.number_of(NO_ERROR)
        self._charge_point_id: str | None = None
        self._trackers: dict[int, ConnectorTracker] = {}
        self._faults = Faults(definition.errors)
        self._voltages: Message | None = None
        self._boots = BootCounter()
        self._exchanges = ExchangeBook(definition, self._events)
        self._reports: deque[Reported] = deque(maxlen=REPORTS_REMEMBERED)
        self._book = ByteLedgerCounter()
        self._lost_at: dict[int, int | None] = {}
        self._wiring: dict[tuple[str, tuple[int, ...]], Miswired] = {}
        self._recent: deque[Preceding] = deque(maxlen=EVENTS_BEFORE)
        self._plans: dict[Command | None, _Plan] = {}
        self._latest = _Latest((), None, 0, None)

    def read(self, count: int) -> None:
        """Count bytes that the source gave."""
        self._book.read(count)

    def wired(self, events: Iterable[Event]) -> None:
        """Remember what is wired wrongly, until it is over; other events change nothing."""
        for event in events:
            if isinstance(event, Miswired):
                self._wiring[event.kind, event.taps] = event
            elif isinstance(event, MiswiringEnded):
                self._wiring.pop((event.kind, event.taps), None)

    def marked(self, marks: Iterable[LineErrorMark]) -> None:
        """Count bytes that the receiver found an error in."""
        for mark in marks:
            self._book.mark(mark.error)

    def apply(
        self, item: Message | Noise | TextMessage, number: int, line: int | None = None
    ) -> tuple[tuple[Event, ...], Reference | None]:
        """Take one item, in order; return what it shows, and what it refers to.

        `number` is the record's, `line` the one that a text log printed on it.
        """
        if not isinstance(item, Message):
            return self._other(item, number, line), None
        frame, exchanges = item.frame, self._exchanges
        time, due = frame.time, exchanges.due
        if time is not None and (time >= due or due - time > TURN):
            self._passes(time)
        tally, handler = self._plans.get(item.command) or self._plan(item)
        relays = handler(self, item, number, line) if handler else None
        refers = exchanges.frame(tally, frame, number, line) or relays
        if self._events:
            return self._tell(number, line, time), refers
        return ((), refers) if refers else _NOTHING

    def fork(self) -> "Charger":
        """A charger of its own that goes on from here. What both know of the protocol stays the same objects."""
        known = self._definition
        constants = (known, known.errors, known.transitions, *known.commands, *ROUTES, DBUS_EITHER_WAY, NO_CODES)
        return deepcopy(self, {id(constant): constant for constant in constants})

    def lost(self, gap: TapGap) -> tuple[Event, ...]:
        """A source ended before its time, or lost data."""
        self._lost_at.setdefault(gap.tap, gap.time)
        return (SourceLost(gap.time, gap.reason, gap.tap),)

    def back(self, back: TapRestored) -> tuple[Event, ...]:
        """It is there again."""
        away = duration_between(self._lost_at.pop(back.tap, None), back.time)
        return (SourceBack(back.time, back.how, away, back.tap),)

    def rate(self, rate: BaudChange) -> tuple[Event, ...]:
        """A tap reads at another rate from here on."""
        return (RateFound(rate.time, rate.baud, rate.evidence, rate.tap),)

    def lateness(self, told: LatencyBound) -> tuple[Event, ...]:
        """The times of a tap may be late by so much from here on."""
        return (LatenessKnown(told.time, told.late, told.tap),)

    def snapshot(self) -> Snapshot:
        """The charger as it is now. What did not change since the last snapshot is equal to what stood there."""
        exchanges = self._exchanges.now()
        connectors = (self._trackers[number].now() for number in sorted(self._trackers))
        return Snapshot(
            charge_point_id=self._charge_point_id,
            connectors=tuple(connector for connector in connectors if connector),
            faults=self._faults.active,
            past_faults=self._faults.past,
            voltages=phase_voltages(self._voltages) if self._voltages else None,
            boots=self._boots.now(),
            exchanges=exchanges,
            ledger=self._book.balance(
                frames=sum(side.frames for side in exchanges.sides),
                frame_bytes=sum(side.bytes for side in exchanges.sides),
            ),
            wiring=tuple(self._wiring.values()),
        )

    def _plan(self, message: Message) -> _Plan:
        """Where a message's command is counted, and what is done with it: looked up once for each known command."""
        command = message.command
        if command is None:
            return self._exchanges.tally(message), None
        handler = _HANDLERS.get(command.role) if command.role else None
        plan = self._plans[command] = (self._exchanges.tally(message), handler)
        return plan

    def _other(self, item: Noise | TextMessage, number: int, line: int | None) -> tuple[Event, ...]:
        """What is no frame."""
        if item.time is not None:
            self._passes(item.time)
        if isinstance(item, Noise):
            self._book.noise(item.reason, len(item.raw))
        else:
            self._book.line()
            told = item.meaning.role if item.meaning else None
            if told and told in _LINE_HANDLERS:
                _LINE_HANDLERS[told](self, item, number, line)
        return self._tell(number, line, item.time) if self._events else ()

    def _passes(self, time: int) -> None:
        """The source's time goes on."""
        self._exchanges.passes(time)
        self._events += self._boots.passes(time)

    def _tell(self, number: int, line: int | None, time: int | None) -> tuple[Event, ...]:
        """What was found, which is remembered for a while."""
        events, seen = tuple(self._events), Evidence(number, line, time)
        self._events.clear()
        for event in events:
            self._recent.append(Preceding(seen, _alone(event)))
        return events

    def _boot_frame(self, message: Message, number: int, line: int | None) -> None:
        frame, said = message.frame, self._exchanges.said(SAID_BY_COM, but=BOOTING)
        booted = self._boots.frame(frame.time, message.name, frame.sequence, said)
        if booted:
            self._events += booted
            self._exchanges.starts_anew(self._exchanges.tally(message), frame)
        self._information(message, number, line)

    def _boot_line(self, message: TextMessage, number: int, line: int | None) -> None:
        self._events += self._boots.line(message.time)

    def _handshake_answer(self, message: Message, number: int, line: int | None) -> None:
        self._events += self._boots.answered(message.frame.time)

    def _boot_pending(self, message: TextMessage, number: int, line: int | None) -> None:
        self._boots.pending()

    def _information(self, message: Message | TextMessage, number: int, line: int | None) -> None:
        found = message.value("charge_point_id")
        if found:
            self._charge_point_id = str(found)

    def _phase_voltages(self, message: Message, number: int, line: int | None) -> None:
        self._voltages = message

    def _status(self, message: Message, number: int, line: int | None) -> Reference | None:
        frame, latest = message.frame, self._latest
        if frame.route is PWR_TO_COM:
            self._reports.append((message, number, line))
        elif report := report_of(message, self._reports):
            return self._relay(message, report, Evidence(number, line, frame.time))
        is_same = message.values == latest.values and message.command is latest.command
        if is_same and latest.tracker and None not in self._faults.by_connector:
            latest.tracker.repeat(frame.time)
            if self._faults.by_connector:
                self._faults.repeat(frame.time, latest.connector)
        else:
            self._new_status(message, Evidence(number, line, frame.time))
        return None

    def _new_status(self, message: Message, seen: Evidence) -> None:
        """A report that may tell something new."""
        connector, status = message.raw("connector"), message.raw("status")
        if not isinstance(connector, int) or not isinstance(status, int):
            return
        tracker = self._trackers.get(connector)
        if tracker is None:
            if len(self._trackers) >= CONNECTORS_KEPT:
                return
            tracker = self._trackers[connector] = ConnectorTracker(connector, self._definition.transitions)
        codes = self._codes(message)
        name = self._definition.statuses.name_of(status)
        ocpp_error, cp_voltage = _number(message, "ocpp_error"), volts(message, "cp_voltage")
        if move := tracker.report(seen, name, ocpp_error, cp_voltage):
            self._events.append(move)
        faulted = codes is not NO_CODES or name == FAULTED
        # A report that was cut short does not say that all is well.
        if faulted or ocpp_error is not None:
            # Only a fault keeps the events before it, and most reports are of none.
            before = self._before(seen.time) if faulted else ()
            self._events += self._faults.report(seen, connector, codes if faulted else None, before)
        report = StatusReport(
            connector=connector,
            status=name,
            ocpp_error=None if ocpp_error is None else self._definition.ocpp_errors.name_of(ocpp_error),
            has_code=codes.ocpp is not None or codes.vendor is not None,
            has_m4=codes.m4 is not None,
            pilot=self._pilot(cp_voltage),
        )
        self._events += tracker.contradict(seen.time, contradictions(report))
        self._latest = _Latest(message.values, message.command, connector, tracker)

    def _relay(self, message: Message, report: Reported, seen: Evidence) -> Reference:
        """The same report again, on the other link: it can only add to what the report told."""
        connector = message.raw("connector")
        self._events += disagreements(message, report)
        if self._faults.by_connector and isinstance(connector, int):
            self._events += self._faults.hint(seen, self._codes(message), self._before(seen.time), connector)
        reported, number, line = report
        return Reference("relays", number, line, self._exchanges.between(reported.frame.time, seen.time))

    def _fault_line(self, message: TextMessage, number: int, line: int | None) -> None:
        codes = self._codes(message)
        hinted = None if codes is NO_CODES else codes
        seen = Evidence(number, line, message.time)
        self._events += self._faults.hint(seen, hinted, self._before(seen.time))

    def _pilot(self, cp_voltage: float | None) -> str | None:
        state = None if cp_voltage is None else self._definition.pilot_state(cp_voltage)
        return state.state if state else None

    def _before(self, now: int | None) -> tuple[Preceding, ...]:
        """The events of the last ten seconds."""
        return tuple(
            told
            for told in self._recent
            if now is None or told.seen.time is None or 0 <= now - told.seen.time <= BEFORE
        )

    def _codes(self, message: Message | TextMessage) -> FaultCodes:
        """The codes that tell of a fault: NoError, and a zero of the other two, tell of none."""
        ocpp = _number(message, "ocpp_error")
        vendor = _number(message, "vendor_error")
        m4 = _number(message, "m4_error")
        if ocpp == self._no_error:
            ocpp = None
        return FaultCodes(ocpp, vendor or None, m4 or None) if ocpp is not None or vendor or m4 else NO_CODES


_HANDLERS: Mapping[str, _Handler] = {
    "boot": Charger._boot_frame,
    "handshake": Charger._boot_frame,
    "status": Charger._status,
    "handshake answer": Charger._handshake_answer,
    "voltages": Charger._phase_voltages,
    "information": Charger._information,
}
"""What is done with a message, by what its command tells."""

_LINE_HANDLERS: Mapping[str, Callable[[Charger, TextMessage, int, int | None], None]] = {
    "boot": Charger._boot_line,
    "pending": Charger._boot_pending,
    "fault": Charger._fault_line,
    "information": Charger._information,
}
"""What is done with a line of a text log."""


def _number(message: Message | TextMessage, name: str) -> int | None:
    raw = message.raw(name)
    return None if raw is None else as_number(raw)


def _alone(event: Event) -> Event:
    """The event without what came before it, so that events do not hold on to all that ever was."""
    if isinstance(event, FAULT_EVENTS):
        return replace(event, fault=replace(event.fault, before=()))
    return event
