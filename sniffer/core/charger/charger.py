"""The charger of a session: messages, log lines and noise go in; events and an immutable snapshot come out.

The charger is a fold. It reads no clock and does no I/O: the same items give the same events and equal snapshots. The
meaning of a message for the charger comes from the role of its command in the definition, not from its code, so a
definition can add commands. Memory is bounded, whatever the length of the session: `CONNECTORS_KEPT` connectors, the
last `PATH_LENGTH` moves of each, the faults and exchanges that their modules keep, and the last events.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from functools import partial

from sniffer.base.native import mypyc_attr
from sniffer.core.charger.byte_ledger import ByteLedgerCounter
from sniffer.core.charger.card_reader import CARD_READER_FAULT, CardReaderMonitor
from sniffer.core.charger.connector_book import ConnectorBook
from sniffer.core.charger.events import Event, Reference
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.exchanges.command_stats import CommandCounter
from sniffer.core.charger.exchanges.exchange_book import ExchangeBook
from sniffer.core.charger.exchanges.exchange_chains import ChainTracker
from sniffer.core.charger.exchanges.periods import PeriodMonitor
from sniffer.core.charger.handlers import NOTHING, Conclusion, Handler, join_handlers
from sniffer.core.charger.health.link_health import LinkHealthChanged
from sniffer.core.charger.health.link_monitor import LinkMonitor
from sniffer.core.charger.health.passing_time import PassingTime
from sniffer.core.charger.measurements.tracker import MeasurementTracker
from sniffer.core.charger.ocpp.calls import ROLES_JOINED, OcppCalls
from sniffer.core.charger.recent_events import RecentEvents
from sniffer.core.charger.shared_values import find_shared_values
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.charger.startup.startup_tracker import COUNTER, SIGNS, StartupEvent, StartupTracker
from sniffer.core.charger.tap_tracker import TapItem, TapTracker
from sniffer.core.charger.wiring_signs import WiringSigns
from sniffer.core.protocol.definition import Command, Definition
from sniffer.core.protocol.log_lines import LogLine, TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.protocol.ocpp_message import OcppMessage
from sniffer.core.wire.frame import Noise
from sniffer.core.wire.items import LineErrorMark
from sniffer.core.wire.links import DBUS, PWR_TO_COM

_MessagePlan = tuple[CommandCounter, Handler | None]
"""The counter and the handler of the messages of one command."""

_Plans = dict[Command | CommandCounter | None, _MessagePlan]


@mypyc_attr(allow_interpreted_subclasses=True)
class Charger:
    """The charger of one session."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._events: list[Event] = []
        self._charge_point_id: str | None = None
        self._recent = RecentEvents()
        self._measurements = MeasurementTracker(self._events)
        self._book = ConnectorBook(definition, self._events, self._recent, self._measurements)
        self._startup = StartupTracker(self._events)
        self._exchanges = ExchangeBook(definition, self._events)
        self._chains = ChainTracker(definition)
        self._periods = PeriodMonitor(self._exchanges)
        self._card_reader = CardReaderMonitor()
        self._has_both_links = False
        self._ocpp = OcppCalls(definition, self._book.reports)
        self._ledger = ByteLedgerCounter()
        self._link = LinkMonitor(self._exchanges, self._periods, self._ledger)
        self._time = PassingTime(self._exchanges, self._startup, self._periods, self._link, self._card_reader)
        self._taps = TapTracker(self._periods, self._link, self._ledger, definition.links.all_routes)
        self._wiring = WiringSigns()
        self._plan_sets: tuple[_Plans, _Plans] = {}, {}
        """The plans while registration is not pending, and while it is."""
        self._plans = self._plan_sets[False]
        self._handlers: dict[Command, Sequence[Handler]] = {}
        """The handlers of each command, whatever the state of the link is."""

    def count_read(self, count: int) -> None:
        """Count bytes that the source read."""
        self._ledger.count_read(count)

    def apply_wiring(self, events: Iterable[Event]) -> None:
        """Keep signs of wrong wiring until they have ended; other events change nothing."""
        self._wiring.apply_events(events)

    def expect_both_links(self) -> None:
        """Tie the frames of both links from here on, and the last status reports to what follows them."""
        if self._has_both_links:
            return
        self._has_both_links = True
        self._forget_plans()
        for message, number, line in self._book.reports:
            if message.command and (hop := self._chains.find_hop(message.command)):
                self._chains.add(hop, message, number, line)

    def count_line_errors(self, marks: Iterable[LineErrorMark]) -> None:
        """Count the bytes with a framing, parity or break error."""
        for mark in marks:
            self._ledger.count_line_error(mark.error)
            self._link.count_line_error(mark.error)

    def set_mended(self, *, mended: bool) -> None:
        """Note whether the next items were misread in a log and mended."""
        self._book.is_mended = mended

    def apply(self, item: Message | Noise | TextMessage, number: int, line: int | None = None) -> Conclusion:
        """Apply the next item; return the events that follow from it, and the earlier frame that it refers to.

        `number` is that of its record, `line` the number that a text log printed on it.
        """
        if isinstance(item, TextMessage):
            return self.apply_line(item, number, line)
        return self.apply_all((item,), number, line)[0]

    def apply_all(self, items: Sequence[Message | Noise], first: int, line: int | None = None) -> list[Conclusion]:
        """Apply the next items; return for each what `apply` returns. `first` is the number of the first record."""
        exchanges, events, passing = self._exchanges, self._events, self._time
        conclusions: list[Conclusion] = []
        for number, item in enumerate(items, first):
            if not isinstance(item, Message):
                conclusions.append(self._apply_noise(item, number, line))
                continue
            frame = item.frame
            time = frame.time
            if time is not None and not passing.quiet_since <= time < passing.due:
                self._add_and_replan(passing.advance(time, item))
            counter, handler = self._plans.get(item.command) or self._make_plan(item)
            relayed = handler(item, number, line) if handler else None
            reference = exchanges.add_frame(counter, frame, number, line) or relayed
            if events:
                conclusions.append((self._take_events(number, line, time), reference))
            else:
                conclusions.append(((), reference) if reference else NOTHING)
        return conclusions

    def apply_line(self, message: TextMessage, number: int, line: int | None) -> Conclusion:
        """Apply a log line without a frame; return the events that follow, and the record that it refers to or None."""
        time, meaning, ocpp = message.line.time, message.meaning, message.ocpp
        if time is not None:
            if time != self._time.latest:
                self._add_and_replan(self._time.advance(time, message))
            elif time >= self._card_reader.due:
                self._events += self._card_reader.add_traffic(message, time)
        self._ledger.lines += 1
        if meaning is not None and (handler := _LINE_HANDLERS.get(meaning.role)):
            handler(self, message, number, line)
        reference = self._add_ocpp(ocpp, message.line, number, line) if ocpp else None
        if self._events:
            return self._take_events(number, line, time), reference
        return ((), reference) if reference else NOTHING

    def fork(self) -> "Charger":
        """Return a copy of the charger that goes on by itself. Both share what never changes, as the definition."""
        self._forget_plans()
        return deepcopy(self, find_shared_values(self._definition))

    def apply_tap(self, item: TapItem) -> tuple[Event, ...]:
        """Return the events of an item that concerns a tap itself."""
        self._clear_plans()
        return self._taps.apply(item)

    def end_loss(self, tap: int) -> None:
        """Note that a tap delivers bytes. A loss of data, unlike that of the tap, has no other end."""
        self._link.end_loss(tap)

    def repeat_events(self, events: Iterable[Event]) -> None:
        """Apply the events of a record without an item, in a session that is applied again."""
        self._clear_plans()
        self._taps.repeat_events(events)

    def set_text_log(self) -> None:
        """Note that the frames were printed by a text log. It has those of both links, and may lack pieces."""
        if not self._periods.is_text_log:
            self._periods.is_text_log = True
            self.expect_both_links()

    def snapshot(self) -> Snapshot:
        """Return the charger as it is now. Parts that did not change are equal to those of the last snapshot."""
        exchanges = self._exchanges.snapshot()
        return Snapshot(
            charge_point_id=self._charge_point_id,
            connectors=self._book.connectors,
            availability=self._book.availability,
            faults=self._book.faults.active,
            past_faults=self._book.faults.past,
            fault_reports=self._book.fault_reports,
            measurements=self._measurements.snapshot(),
            registration=self._startup.registration,
            restarts=self._startup.restarts,
            exchanges=exchanges,
            chains=self._chains.snapshot(),
            ocpp=self._ocpp.snapshot(),
            ledger=self._ledger.balance(
                frames=sum(side.frames for side in exchanges.sides),
                frame_bytes=sum(side.bytes for side in exchanges.sides),
            ),
            wiring=self._wiring.snapshot(),
            periods=self._periods.snapshot(),
            card_reader=self._card_reader.snapshot(),
            link=self._link.snapshot(),
            is_text_log=self._periods.is_text_log,
        )

    def _list_handlers(self) -> Mapping[str, Handler]:
        """Return the handlers of messages, by the role of their command."""
        return {
            **dict.fromkeys(SIGNS, self._add_sign),
            "status": self._book.add_status,
            "fault": self._book.add_fault,
            "availability": self._book.add_availability,
            "voltages": self._measurements.apply,
            "meter": self._measurements.apply,
            "information": self._add_information,
            CARD_READER_FAULT: self._add_card_reader_fault,
        }

    def _make_plan(self, message: Message) -> _MessagePlan:
        """Return the counter and the handler of a message's command. They are looked up once for each command."""
        command, counter = message.command, self._exchanges.counters.counter_of(message)
        if (plan := self._plans.get(command or counter)) is None:
            plan = self._plans[command or counter] = counter, self._compose_handler(message, command)
        return plan

    def _apply_noise(self, noise: Noise, number: int, line: int | None) -> Conclusion:
        """Apply bytes that are no frame; return the events that follow."""
        if noise.time is not None:
            self._add_and_replan(self._time.advance(noise.time, noise))
        self._ledger.count_noise(noise.reason, len(noise.raw))
        self._add_and_replan(self._link.add_noise(noise.time, len(noise.raw)))
        return (self._take_events(number, line, noise.time), None) if self._events else NOTHING

    def _take_events(self, number: int, line: int | None, time: int | None) -> tuple[Event, ...]:
        """Return the events collected for this record, and keep them among the recent ones."""
        events = tuple(self._events)
        self._events.clear()
        self._recent.add(events, Evidence(number, line, time))
        return events

    def _compose_handler(self, message: Message, command: Command | None) -> Handler | None:
        """Return the handler of all messages of a command on this link; None if they are only counted."""
        handlers: list[Handler] = [self._add_link_frame] if self._link.needs_frames(message.route) else []
        if message.frame.route is PWR_TO_COM and self._startup.is_pending and not (command and command.role == "boot"):
            handlers.append(self._add_board_frame)
        if command:
            handlers += self._handlers.get(command) or self._list_command_handlers(message, command)
        return join_handlers(handlers)

    def _list_command_handlers(self, message: Message, command: Command) -> Sequence[Handler]:
        """Return the handlers of a known command, and keep them."""
        if message.frame.link is DBUS and not self._has_both_links:
            self.expect_both_links()
        handlers: list[Handler] = []
        if self._has_both_links and (hop := self._chains.find_hop(command)):
            handlers.append(partial(self._chains.add, hop))
        if COUNTER in command.sequences:
            handlers.append(self._startup.add_counter)
        if handler := self._list_handlers().get(command.role or ""):
            handlers.append(handler)
        if self._has_both_links and command.role in ROLES_JOINED:
            handlers.append(self._add_ocpp_frame)
        self._handlers[command] = handlers
        return handlers

    def _forget_plans(self) -> None:
        """Make all plans anew: what they depend on has changed, or they would hold a charger that nobody uses."""
        self._clear_plans()
        self._handlers.clear()

    def _clear_plans(self) -> None:
        """Make the plans anew from the handlers of each command: the state of the link has changed."""
        for plans in self._plan_sets:
            plans.clear()

    def _add_link_frame(self, message: Message, number: int, line: int | None) -> None:
        self._add_and_replan(self._link.add_frame(message.route, message.frame.time))
        if not self._link.needs_frames(message.route):
            self._clear_plans()

    def _add_and_replan(self, events: Sequence[Event]) -> None:
        """Add events. Those of the link change which frames need a handler."""
        if events:
            self._events += events
            if any(isinstance(event, LinkHealthChanged) for event in events):
                # Only while the link is not alive is each frame looked at.
                self._clear_plans()

    def _add_sign(self, message: Message, number: int, line: int | None) -> None:
        self._add_startup_events(self._startup.add_message(message, number))
        self._add_information(message, number, line)

    def _add_announcement_line(self, message: TextMessage, number: int, line: int | None) -> None:
        self._add_startup_events(self._startup.add_announcement_line(message.time, number))

    def _add_pending_line(self, message: TextMessage, number: int, line: int | None) -> None:
        self._add_startup_events(self._startup.add_pending_line(message.time, number))

    def _add_board_frame(self, message: Message, number: int, line: int | None) -> None:
        self._add_startup_events(self._startup.add_board_frame(message.frame.time, number))

    def _add_startup_events(self, events: Sequence[StartupEvent]) -> None:
        """Add events that change whether registration is pending. While it is, each frame is looked at."""
        if events:
            self._events += events
            self._plans = self._plan_sets[self._startup.is_pending]

    def _add_uptime(self, message: TextMessage, number: int, line: int | None) -> None:
        self._events += self._startup.add_uptime(message, number)

    def _add_ocpp(self, message: OcppMessage, line: LogLine, number: int, printed: int | None) -> Reference | None:
        """Apply the OCPP message of a line; return the record that it answers or relays, or None."""
        elapsed, is_pending = self._exchanges.elapsed, self._startup.is_pending
        outcome = self._ocpp.apply(message, line, number, printed, elapsed, is_pending=is_pending)
        self._events += outcome.events
        if outcome.boot_status is not None:
            self._add_startup_events(self._startup.add_boot_result(line.time, number, outcome.boot_status))
        elif outcome.is_answered_call:
            self._add_startup_events(self._startup.add_answered_call(line.time, number))
        return outcome.reference

    def _add_ocpp_frame(self, message: Message, number: int, line: int | None) -> Reference | None:
        """Add a frame that OCPP messages pass on; return the call that has caused it, or None."""
        return self._ocpp.add_frame(message, number, line, self._exchanges.elapsed)

    def _add_information(self, message: Message | TextMessage, number: int, line: int | None) -> None:
        if found := message.value("charge_point_id"):
            self._charge_point_id = str(found)

    def _add_card_reader_fault(self, message: Message | TextMessage, number: int, line: int | None) -> None:
        self._events += self._card_reader.add_report(message)

    def _add_measured_line(self, message: TextMessage, number: int, line: int | None) -> None:
        self._events += self._measurements.add_line(message, number, line)

    def _add_meter_line(self, message: TextMessage, number: int, line: int | None) -> None:
        self._add_measured_line(message, number, line)
        self._ocpp.add_reading(message, number, line)


_LINE_HANDLERS: Mapping[str | None, Callable[[Charger, TextMessage, int, int | None], None]] = {
    "boot": Charger._add_announcement_line,
    "pending": Charger._add_pending_line,
    "uptime": Charger._add_uptime,
    "fault": lambda charger, message, number, line: charger._book.add_fault_line(message, number, line),
    "meter": Charger._add_meter_line,
    "temperatures": Charger._add_measured_line,
    "information": Charger._add_information,
    CARD_READER_FAULT: Charger._add_card_reader_fault,
}
"""The handlers of lines of a text log, by the role of the line."""
