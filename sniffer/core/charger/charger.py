"""The charger of a session: messages, log lines and noise go in; events and an immutable snapshot come out.

The charger is a fold. It reads no clock and does no I/O: the same items give the same events and equal snapshots. The
meaning of a message for the charger comes from the role of its command in the definition, not from its code, so a
definition can add commands. Memory is bounded, whatever the length of the session: `CONNECTORS_KEPT` connectors, the
last `PATH_LENGTH` moves of each, the faults and exchanges that their modules keep, and the last events.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from typing import NamedTuple

from sniffer.base.times import duration_between
from sniffer.core.charger.boots import BootCounter
from sniffer.core.charger.byte_ledger import ByteLedgerCounter
from sniffer.core.charger.command_stats import CommandCounter
from sniffer.core.charger.connector import ConnectorTracker
from sniffer.core.charger.consistency_rules import FAULTED, NO_ERROR, StatusReport, find_contradictions
from sniffer.core.charger.events import (
    Event,
    Evidence,
    LatenessKnown,
    Miswired,
    MiswiringEnded,
    RateFound,
    Reference,
    SourceBack,
    SourceLost,
)
from sniffer.core.charger.exchanges import GENERATION, ExchangeBook
from sniffer.core.charger.fault_codes import NO_CODES, codes_of, number_of
from sniffer.core.charger.faults import Faults
from sniffer.core.charger.recent_events import RecentEvents
from sniffer.core.charger.relay_check import REPORTS_REMEMBERED, Reported, find_disagreements, find_report
from sniffer.core.charger.snapshot import Snapshot, phase_voltages, volts
from sniffer.core.protocol.conversions import Raw
from sniffer.core.protocol.definition import Command, Definition
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Noise
from sniffer.core.wire.items import BaudChange, LatencyBound, LineErrorMark, TapGap, TapRestored
from sniffer.core.wire.links import COM_TO_OCPP, COM_TO_PWR, DBUS_EITHER_WAY, PWR_TO_COM, ROUTES

ROUTES_FROM_COM = (COM_TO_PWR, COM_TO_OCPP)
"""The routes on which the communication processor sends: it is what boots."""

BOOT_MESSAGES = ("boot", "handshake")
"""The roles of the messages that it sends when it boots."""

CONNECTORS_KEPT = 256
"""The highest number of connectors: as many as a byte can name. A user's own report could name more."""

_NOTHING: tuple[tuple[Event, ...], None] = ((), None)
"""The result of most items."""

_Handler = Callable[["Charger", Message, int, int | None], Reference | None]
"""The handler of a message, with the number of its record and its line in a text log."""

_Plan = tuple[CommandCounter, _Handler | None]


class _Latest(NamedTuple):
    """The last status report that differed from the one before it."""

    values: tuple[Raw, ...]
    command: Command | None
    connector: int
    tracker: ConnectorTracker | None


class Charger:
    """The charger of one session."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._events: list[Event] = []
        self._no_error = definition.ocpp_errors.number_of(NO_ERROR)
        self._charge_point_id: str | None = None
        self._trackers: dict[int, ConnectorTracker] = {}
        self._faults = Faults(definition.errors)
        self._voltages: Message | None = None
        self._boots = BootCounter()
        self._exchanges = ExchangeBook(definition)
        self._reports: deque[Reported] = deque(maxlen=REPORTS_REMEMBERED)
        self._ledger = ByteLedgerCounter()
        self._lost_at: dict[int, int | None] = {}
        self._wiring: dict[tuple[str, tuple[int, ...]], Miswired] = {}
        self._recent = RecentEvents()
        self._plans: dict[Command | None, _Plan] = {}
        self._latest = _Latest((), None, 0, None)

    def count_read(self, count: int) -> None:
        """Count bytes that the source read."""
        self._ledger.count_read(count)

    def apply_wiring(self, events: Iterable[Event]) -> None:
        """Keep signs of wrong wiring until they have ended; other events change nothing."""
        for event in events:
            if isinstance(event, Miswired):
                self._wiring[event.kind, event.taps] = event
            elif isinstance(event, MiswiringEnded):
                self._wiring.pop((event.kind, event.taps), None)

    def count_line_errors(self, marks: Iterable[LineErrorMark]) -> None:
        """Count the bytes with a framing, parity or break error."""
        for mark in marks:
            self._ledger.count_line_error(mark.error)

    def apply(
        self, item: Message | Noise | TextMessage, number: int, line: int | None = None
    ) -> tuple[tuple[Event, ...], Reference | None]:
        """Apply the next item; return the events that follow from it, and the earlier frame that it refers to.

        `number` is that of its record, `line` the number that a text log printed on it.
        """
        if not isinstance(item, Message):
            return self._apply_other(item, number, line), None
        frame, exchanges = item.frame, self._exchanges
        time, due = frame.time, exchanges.due
        if time is not None and (time >= due or due - time > GENERATION):
            self._advance_time(time)
        counter, handler = self._plans.get(item.command) or self._make_plan(item)
        relayed = handler(self, item, number, line) if handler else None
        reference = exchanges.add_frame(counter, frame, number, line) or relayed
        if exchanges.events:
            self._events += exchanges.take_events()
        if self._events:
            return self._take_events(number, line, time), reference
        return ((), reference) if reference else _NOTHING

    def fork(self) -> "Charger":
        """Return a copy of the charger that goes on by itself. Both share what never changes, as the definition."""
        definition = self._definition
        constants = (
            definition,
            definition.errors,
            definition.transitions,
            *definition.commands,
            *ROUTES,
            DBUS_EITHER_WAY,
            NO_CODES,
        )
        return deepcopy(self, {id(constant): constant for constant in constants})

    def apply_gap(self, gap: TapGap) -> tuple[Event, ...]:
        """Return the event of a tap that was lost, or that lost data."""
        self._lost_at.setdefault(gap.tap, gap.time)
        return (SourceLost(gap.time, gap.reason, gap.tap),)

    def apply_restored(self, restored: TapRestored) -> tuple[Event, ...]:
        """Return the event of a lost tap that is back."""
        away = duration_between(self._lost_at.pop(restored.tap, None), restored.time)
        return (SourceBack(restored.time, restored.how, away, restored.tap),)

    def apply_baud(self, change: BaudChange) -> tuple[Event, ...]:
        """Return the event of a tap that reads at another baud rate from here on."""
        return (RateFound(change.time, change.baud, change.evidence, change.tap),)

    def apply_lateness(self, bound: LatencyBound) -> tuple[Event, ...]:
        """Return the event of a tap whose times may be late by so much from here on."""
        return (LatenessKnown(bound.time, bound.late, bound.tap),)

    def snapshot(self) -> Snapshot:
        """Return the charger as it is now. Parts that did not change are equal to those of the last snapshot."""
        exchanges = self._exchanges.snapshot()
        connectors = (self._trackers[number].snapshot() for number in sorted(self._trackers))
        return Snapshot(
            charge_point_id=self._charge_point_id,
            connectors=tuple(connector for connector in connectors if connector),
            faults=self._faults.active,
            past_faults=self._faults.past,
            voltages=phase_voltages(self._voltages) if self._voltages else None,
            boots=self._boots.snapshot(),
            exchanges=exchanges,
            ledger=self._ledger.balance(
                frames=sum(side.frames for side in exchanges.sides),
                frame_bytes=sum(side.bytes for side in exchanges.sides),
            ),
            wiring=tuple(self._wiring.values()),
        )

    def _make_plan(self, message: Message) -> _Plan:
        """Return the counter and the handler of a message's command. They are looked up once for each known command."""
        command = message.command
        if command is None:
            return self._exchanges.counter_of(message), None
        handler = _HANDLERS.get(command.role) if command.role else None
        plan = self._plans[command] = (self._exchanges.counter_of(message), handler)
        return plan

    def _apply_other(self, item: Noise | TextMessage, number: int, line: int | None) -> tuple[Event, ...]:
        """Apply an item that is no frame; return the events that follow from it."""
        if item.time is not None:
            self._advance_time(item.time)
        if isinstance(item, Noise):
            self._ledger.count_noise(item.reason, len(item.raw))
        else:
            self._ledger.count_line()
            role = item.meaning.role if item.meaning else None
            if role and role in _LINE_HANDLERS:
                _LINE_HANDLERS[role](self, item, number, line)
        return self._take_events(number, line, item.time) if self._events else ()

    def _advance_time(self, time: int) -> None:
        """Collect the events that follow from the time alone."""
        self._exchanges.advance_time(time)
        self._events += self._exchanges.take_events()
        self._events += self._boots.advance_time(time)

    def _take_events(self, number: int, line: int | None, time: int | None) -> tuple[Event, ...]:
        """Return the events collected for this record, and keep them among the recent ones."""
        events = tuple(self._events)
        self._events.clear()
        self._recent.add(events, Evidence(number, line, time))
        return events

    def _add_boot_frame(self, message: Message, number: int, line: int | None) -> None:
        frame, others = message.frame, self._exchanges.count_frames(ROUTES_FROM_COM, but=BOOT_MESSAGES)
        booted = self._boots.add_frame(frame.time, message.name, frame.sequence, others)
        if booted:
            self._events += booted
            self._exchanges.forget_request(self._exchanges.counter_of(message), frame)
        self._add_information(message, number, line)

    def _add_boot_line(self, message: TextMessage, number: int, line: int | None) -> None:
        self._events += self._boots.add_line(message.time)

    def _add_handshake_answer(self, message: Message, number: int, line: int | None) -> None:
        self._events += self._boots.set_answered(message.frame.time)

    def _add_boot_pending(self, message: TextMessage, number: int, line: int | None) -> None:
        self._boots.set_pending()

    def _add_information(self, message: Message | TextMessage, number: int, line: int | None) -> None:
        found = message.value("charge_point_id")
        if found:
            self._charge_point_id = str(found)

    def _add_phase_voltages(self, message: Message, number: int, line: int | None) -> None:
        self._voltages = message

    def _add_status(self, message: Message, number: int, line: int | None) -> Reference | None:
        frame, latest = message.frame, self._latest
        if frame.route is PWR_TO_COM:
            self._reports.append((message, number, line))
        elif report := find_report(message, self._reports):
            return self._relay(message, report, Evidence(number, line, frame.time))
        is_same = message.values == latest.values and message.command is latest.command
        if is_same and latest.tracker and None not in self._faults.by_connector:
            latest.tracker.add_repeat(frame.time)
            if self._faults.by_connector:
                self._faults.add_repeat(frame.time, latest.connector)
        else:
            self._new_status(message, Evidence(number, line, frame.time))
        return None

    def _new_status(self, message: Message, seen: Evidence) -> None:
        """Apply a report that may differ from the one before it."""
        connector, status = message.raw("connector"), message.raw("status")
        if not isinstance(connector, int) or not isinstance(status, int):
            return
        tracker = self._trackers.get(connector)
        if tracker is None:
            if len(self._trackers) >= CONNECTORS_KEPT:
                return
            tracker = self._trackers[connector] = ConnectorTracker(connector, self._definition.transitions)
        codes = codes_of(message, self._no_error)
        name = self._definition.statuses.name_of(status)
        ocpp_error, cp_voltage = number_of(message, "ocpp_error"), volts(message, "cp_voltage")
        if move := tracker.add_report(seen, name, ocpp_error, cp_voltage):
            self._events.append(move)
        faulted = codes is not NO_CODES or name == FAULTED
        # A report without an error code was cut short: it does not say that there is no fault.
        if faulted or ocpp_error is not None:
            # Only a fault keeps the events before it, and most reports are of none.
            before = self._recent.before(seen.time) if faulted else ()
            self._events += self._faults.add_report(seen, connector, codes if faulted else None, before)
        report = StatusReport(
            connector=connector,
            status=name,
            ocpp_error=None if ocpp_error is None else self._definition.ocpp_errors.name_of(ocpp_error),
            has_code=codes.ocpp is not None or codes.vendor is not None,
            has_m4=codes.m4 is not None,
            pilot=self._find_pilot(cp_voltage),
        )
        self._events += tracker.set_contradictions(seen.time, find_contradictions(report))
        self._latest = _Latest(message.values, message.command, connector, tracker)

    def _relay(self, message: Message, report: Reported, seen: Evidence) -> Reference:
        """Apply a report that was passed on to the other link; return the reference to the first one.

        It can add codes to a fault, and changes no state.
        """
        connector = message.raw("connector")
        self._events += find_disagreements(message, report)
        if self._faults.by_connector and isinstance(connector, int):
            codes = codes_of(message, self._no_error)
            self._events += self._faults.add_codes(seen, codes, self._recent.before(seen.time), connector)
        reported, number, line = report
        return Reference("relays", number, line, self._exchanges.elapsed(reported.frame.time, seen.time))

    def _add_fault_line(self, message: TextMessage, number: int, line: int | None) -> None:
        codes = codes_of(message, self._no_error)
        seen = Evidence(number, line, message.time)
        before = self._recent.before(seen.time)
        self._events += self._faults.add_codes(seen, None if codes is NO_CODES else codes, before)

    def _find_pilot(self, cp_voltage: float | None) -> str | None:
        state = None if cp_voltage is None else self._definition.pilot_state(cp_voltage)
        return state.state if state else None


_HANDLERS: Mapping[str, _Handler] = {
    "boot": Charger._add_boot_frame,
    "handshake": Charger._add_boot_frame,
    "status": Charger._add_status,
    "handshake answer": Charger._add_handshake_answer,
    "voltages": Charger._add_phase_voltages,
    "information": Charger._add_information,
}
"""The handlers of messages, by the role of their command."""

_LINE_HANDLERS: Mapping[str, Callable[[Charger, TextMessage, int, int | None], None]] = {
    "boot": Charger._add_boot_line,
    "pending": Charger._add_boot_pending,
    "fault": Charger._add_fault_line,
    "information": Charger._add_information,
}
"""The handlers of lines of a text log, likewise."""
