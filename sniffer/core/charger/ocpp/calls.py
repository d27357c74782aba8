"""The OCPP calls of a session, with their results, and the frames that they cause or pass on.

In: the OCPP messages of a text log, and the frames that have to do with them. Out: for each message its reference to an
earlier record, the events that follow from it, and what it says of the charger's registration. A result or an error has
the id of its call and goes the other way (OCPP-J 1.6, section 4.1.4). A log may lack lines, so a call without a result
is counted, and no event.

Memory is bounded: `CALLS_KEPT` calls wait for their results, and `ACTIONS_KEPT` actions are counted by themselves. A
call with a longer id or action than `LONGEST_NAME` waits for nothing.
"""

from collections import deque
from collections.abc import Callable
from typing import Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from sniffer.base.times import SECOND
from sniffer.core.charger.events import Disagreed, Reference
from sniffer.core.charger.evidence import Evidence, FrozenValue
from sniffer.core.charger.exchanges.relay_check import FrameReport
from sniffer.core.charger.ocpp.clock import ClockCheck
from sniffer.core.charger.ocpp.comparison import PassedReports, time_of
from sniffer.core.charger.ocpp.events import ClockOffset, OcppFailed
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.log_lines import LogLine, TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.protocol.ocpp_message import OcppDirection, OcppMessage

CALLS_KEPT = 256
ACTIONS_KEPT = 64
LONGEST_NAME = 255
"""Characters. OCPP allows 36 for an id."""

CHANGES_KEPT = 8
"""The number of ChangeAvailability calls that a frame can follow."""

CHANGE_WITHIN = 60 * SECOND
"""A frame follows a ChangeAvailability call within this time, in nanoseconds. It is `assumed`."""

OTHER_ACTIONS = "other actions"

ROLES_JOINED = ("meter", "availability request")
"""The roles of the frames that `OcppCalls.add_frame` wants."""

BOOT_NOTIFICATION = "BootNotification"
CHANGE_AVAILABILITY = "ChangeAvailability"

Elapsed = Callable[[int | None, int | None], int | None]
"""Returns the nanoseconds between two times, or None if the source's times are too coarse."""

OcppEvent = ClockOffset | Disagreed | OcppFailed


class OcppAction(FrozenValue, Struct, frozen=True):
    """The calls of one action in one direction, and how many of them were answered with a result or an error."""

    action: str
    direction: OcppDirection
    calls: int = 0
    results: int = 0
    errors: int = 0

    @property
    def unanswered(self) -> int:
        """The number of calls without an answer in the log, which may lack lines."""
        return self.calls - self.results - self.errors


class OcppTraffic(FrozenValue, Struct, frozen=True):
    """All OCPP messages at one moment. `without_call` counts the results and errors whose call is not in the log."""

    actions: tuple[OcppAction, ...] = ()
    without_call: int = 0


class OcppOutcome(NamedTuple):
    """The consequences of an OCPP message.

    `boot_status` is the status of a BootNotification's result. `is_answered_call` is True for the result of another
    call that came after a BootNotification, or while registration was pending.
    """

    events: list[OcppEvent]
    reference: Reference | None = None
    boot_status: str | None = None
    is_answered_call: bool = False


class _Call(FrozenValue, Struct, frozen=True):
    """A call. `connector` and `change` are those of a ChangeAvailability.

    `is_in_registration`: it came after a BootNotification, or while registration was pending.
    """

    action: str | None
    direction: OcppDirection
    seen: Evidence
    is_in_registration: bool
    connector: int | None = None
    change: str = ""


class OcppCalls:
    """The OCPP calls of one session. `reports` holds its last status reports and relays, and goes on growing."""

    def __init__(self, definition: Definition, reports: deque[FrameReport]) -> None:
        self._waiting: dict[tuple[OcppDirection, str], _Call] = {}
        self._changes: deque[_Call] = deque(maxlen=CHANGES_KEPT)
        self._counts: dict[tuple[str, OcppDirection], list[int]] = {}
        self._without_call = 0
        self._is_booting = False
        """True from a BootNotification on, until a later call is answered."""
        self._frames = PassedReports(definition, reports)
        self._clock = ClockCheck()

    def add_frame(self, message: Message, number: int, line: int | None, elapsed: Elapsed) -> Reference | None:
        """Add a frame that OCPP messages pass on; return the reference to the call that has caused it, or None."""
        if message.command and message.command.role == "meter":
            self.add_reading(message, number, line)
            return None
        connector, change, time = message.raw("connector"), message.value("availability"), message.frame.time
        for call in reversed(self._changes):
            is_recent = time is None or call.seen.time is None or 0 <= time - call.seen.time <= CHANGE_WITHIN
            # A call for connector 0 is about the whole charger.
            if is_recent and call.connector in (0, connector) and call.change == change:
                return _refer("relays", call, elapsed, time)
        return None

    def add_reading(self, message: Message | TextMessage, number: int, line: int | None) -> None:
        """Add a frame or a log line with meter values, which MeterValues can pass on."""
        self._frames.add_reading(message, number, line)

    def apply(
        self,
        message: OcppMessage,
        line: LogLine,
        number: int,
        printed: int | None,
        elapsed: Elapsed,
        *,
        is_pending: bool = False,
    ) -> OcppOutcome:
        """Apply the message of a line; `printed` is the number that the log printed on the line.

        `is_pending` is True while the power board announces itself and the charger is not accepted.
        """
        seen = Evidence(number, printed, line.time)
        events: list[OcppEvent] = [*self._clock.check(message, line, seen)]
        if message.kind == "call":
            passed, disagreements = self._frames.check(message, line.time)
            self._add_call(message, seen, is_pending=is_pending)
            if passed is None:
                return OcppOutcome(events)
            frame, at, at_line = passed
            after = elapsed(time_of(frame), line.time)
            return OcppOutcome([*events, *disagreements], Reference("relays", at, at_line, after))
        return self._add_answer(message, seen, events, elapsed)

    def snapshot(self) -> OcppTraffic:
        """Return the counts of calls as they are now, in the order of the first call of each action."""
        actions = (OcppAction(*key, *counts) for key, counts in self._counts.items())
        return OcppTraffic(tuple(actions), self._without_call)

    def _add_call(self, message: OcppMessage, seen: Evidence, *, is_pending: bool) -> None:
        """Keep a call until its answer comes. The oldest call makes room for it.

        `is_pending` is True while the power board announces itself and the charger is not accepted.
        """
        payload, action = message.payload, message.action or ""
        if len(message.id) > LONGEST_NAME or len(action) > LONGEST_NAME:
            return
        self._count(message.action, message.direction, 0)
        call = _Call(message.action, message.direction, seen, self._is_booting or is_pending)
        if action == CHANGE_AVAILABILITY:
            connector, change = payload.get("connectorId"), payload.get("type")
            if type(connector) is int and isinstance(change, str) and len(change) <= LONGEST_NAME:
                call = replace(call, connector=connector, change=change)
                self._changes.append(call)
        if action == BOOT_NOTIFICATION and message.direction == "ocpp>csms":
            self._is_booting = True
        key = message.direction, message.id
        # An id that comes again belongs to the new call, which is the latest one.
        self._waiting.pop(key, None)
        self._waiting[key] = call
        if len(self._waiting) > CALLS_KEPT:
            del self._waiting[next(iter(self._waiting))]

    def _add_answer(
        self, message: OcppMessage, seen: Evidence, events: list[OcppEvent], elapsed: Elapsed
    ) -> OcppOutcome:
        """Add a result or an error."""
        asked: OcppDirection = "csms>ocpp" if message.direction == "ocpp>csms" else "ocpp>csms"
        call = self._waiting.pop((asked, message.id), None)
        is_error = message.kind == "error"
        if call is None:
            self._without_call += 1
        else:
            self._count(call.action, asked, 2 if is_error else 1)
        if is_error:
            action, request = (call.action, call.seen) if call else (None, None)
            code, description = message.code or "", message.description or ""
            events.append(OcppFailed(seen.time, action, message.id, code, description, request))
        if call is None:
            return OcppOutcome(events)
        reference = _refer("answers", call, elapsed, seen.time)
        if is_error:
            return OcppOutcome(events, reference)
        if call.action == BOOT_NOTIFICATION:
            status = message.payload.get("status")
            return OcppOutcome(events, reference, status if isinstance(status, str) else None)
        self._is_booting &= not call.is_in_registration
        return OcppOutcome(events, reference, None, call.is_in_registration)

    def _count(self, action: str | None, direction: OcppDirection, column: int) -> None:
        """Count a call (column 0), a result (1) or an error (2)."""
        key = action or OTHER_ACTIONS, direction
        if key not in self._counts and len(self._counts) >= ACTIONS_KEPT:
            key = OTHER_ACTIONS, direction
        self._counts.setdefault(key, [0, 0, 0])[column] += 1


def _refer(kind: Literal["answers", "relays"], call: _Call, elapsed: Elapsed, time: int | None) -> Reference:
    """Return the reference to a call from a record at this time."""
    return Reference(kind, call.seen.number, call.seen.line, elapsed(call.seen.time, time), call.action)
