"""The session of `sniffer.tap`: it runs while a test reads the charger and waits for states, records and events."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from sniffer.base.errors import EndedError, NotSeenError, SnifferError
from sniffer.core.charger.events import Event
from sniffer.core.charger.health.link_health import LinkHealth, assess_link
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.charger.startup.registration_events import RegistrationState
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.items import TapState
from sniffer.core.wire.link_parts import Direction
from sniffer.filter.value_types import parse_number
from sniffer.filter.vocabulary import Vocabulary
from sniffer.recording.recorder import RecordingState
from sniffer.rig.broadcast import Broadcast
from sniffer.rig.conditions import REGISTRATION, Criteria, build_filter, check_criteria
from sniffer.rig.diagnostics import format_diagnosis
from sniffer.rig.state_tracker import AwaitedState
from sniffer.rig.subscription import MAX_WAITING, Reader
from sniffer.session import Session

Result = TypeVar("Result")


class LiveSession:
    """The state of the charger, and what happens on the line. Timeouts are in seconds; None waits without limit.

    Waiting raises `NotSeenError`, which is a `TimeoutError`, after the timeout or at the end of a file; `EndedError`,
    which is a `SourceError`, as soon as reading has failed; and `QueryError` at once for an unknown name or value. Each
    message says in one line what was waited for and what was seen.
    """

    def __init__(self, session: Session, definition: Definition, broadcast: Broadcast) -> None:
        self._session = session
        self._definition = definition
        self._broadcast = broadcast
        self._vocabulary = Vocabulary(definition, lambda: session.source.zone)
        self._end_reason = ""
        self._failure: Exception | None = None

    @property
    def name(self) -> str:
        """The name of the source, for people."""
        return self._session.source.name

    @property
    def snapshot(self) -> Snapshot:
        """The charger as it is now: connectors, faults, registration, exchanges, measurements, and the byte ledger."""
        return self._session.snapshot()

    @property
    def health(self) -> LinkHealth:
        """The verdict on the link: now on a live line, at the last bytes of a file."""
        source, link = self._session.source, self.snapshot.link
        return assess_link(link, source.now() if source.is_live else link.last)

    @property
    def taps(self) -> tuple[TapState, ...]:
        """The state of each tap: its baud rate, its settings, whether it is lost. Empty for a file."""
        return self._session.source.taps

    @property
    def recording(self) -> RecordingState | None:
        """The state of the recording; None if the session is not recorded."""
        return self._session.recorder.state if self._session.recorder else None

    async def until(
        self,
        *,
        status: str | None = None,
        connector: int | None = None,
        fault: str | None = None,
        registration: RegistrationState | None = None,
        timeout: float | None = None,
    ) -> Snapshot:
        """Wait until one connector has this state, and return the charger then; at once if it has it already.

        `status` is a connector status (`Charging`), `fault` a meaning of the error table (`Under voltage`),
        `registration` is `pending` while the power board announces itself, and `accepted` after it. With `connector`
        alone, that connector has reported. A state counts however briefly it lasted: if one read brought its end as
        well, the returned charger has left the state.
        """
        criteria: Criteria = {"status": status, "connector": connector, "fault": fault, REGISTRATION: registration}
        check_criteria(criteria, self._vocabulary)
        number = None if status is None else parse_number(status)
        if number is not None:
            status = self._definition.statuses.name_of(int(number))
        state = AwaitedState(status, connector, fault, registration)
        waiting = self._broadcast.wait_until(state, lambda: self.snapshot, timeout)
        return await self._wait_for(waiting, str(state), timeout)

    async def seen(
        self,
        filter: str = "",  # noqa: A002 - it is what the command line calls it
        *,
        command: str | int | None = None,
        direction: Direction | None = None,
        status: str | None = None,
        connector: int | None = None,
        event: str | None = None,
        fault: str | None = None,
        timeout: float | None = None,
    ) -> Record:
        """Wait for the next record that matches all criteria, and return it. Earlier records do not count.

        `filter` is a filter as the command line takes it. The others are names of its language: `command` is
        hexadecimal digits, a name or a number; `status` and `connector` are fields of the frame; `event` is an event of
        the record (`boot`, `fault_cleared`); `fault` is the meaning of a fault that the record raised, changed or
        cleared. Without criteria any record matches.
        """
        criteria: Criteria = {
            "command": command,
            "direction": direction,
            "status": status,
            "connector": connector,
            "event": event,
            "fault": fault,
        }
        record_filter = build_filter(criteria, filter, self._vocabulary)
        parts = [f"{name} {value}" for name, value in criteria.items() if value is not None]
        wanted = ", ".join([*parts, *([filter] if filter else [])])
        return await self._wait_for(
            self._broadcast.wait_for_record(record_filter, timeout), wanted or "any record", timeout
        )

    def records(self) -> Reader[Record]:
        """Return a reader of all records from now on: frames, noise and log lines, with their events."""
        return self._add_reader(lambda record: (record,))

    def messages(self) -> Reader[Message]:
        """Return a reader of all frames from now on, decoded."""
        return self._add_reader(lambda record: (record.item,) if isinstance(record.item, Message) else ())

    def events(self) -> Reader[Event]:
        """Return a reader of all events from now on: status changes, faults, restarts, a tap that is lost or back."""
        return self._add_reader(lambda record: record.events)

    def __aiter__(self) -> Reader[Record]:
        return self.records()

    def end(self, reason: str, failure: Exception | None = None) -> None:
        """End all readers and waiting calls. `reason` is for people, and empty if the source just ended."""
        self._end_reason, self._failure = reason, failure
        self._broadcast.close(self._make_end_error)

    def _add_reader(self, pick: Callable[[Record], Iterable[Result]]) -> Reader[Result]:
        """Return a new reader of what `pick` yields of each record from now on."""
        reader = Reader(pick, MAX_WAITING)
        self._broadcast.add(reader)
        return reader

    async def _wait_for(self, waiting: Awaitable[Result | None], wanted: str, timeout: float | None) -> Result:
        """Return the result of a wait.

        Raises `NotSeenError` if there was none within the timeout or before the source ended, and `EndedError` if
        reading has failed.
        """
        result = await waiting
        if result is not None:
            return result
        if not self._broadcast.is_closed:
            raise NotSeenError(f"{wanted} was not seen in {timeout:g} s: {self._format_diagnosis()}")
        if not self._end_reason:
            raise NotSeenError(f"{wanted} was not seen before the source ended: {self._format_diagnosis()}")
        raise EndedError(
            f"{wanted} cannot be seen any more: {self._end_reason}; {self._format_diagnosis()}"
        ) from self._failure

    def _make_end_error(self) -> SnifferError | None:
        """Return the error for a reader; None if the source ended or the block was left, which is no failure."""
        if self._failure is None:
            return None
        error = EndedError(self._end_reason)
        error.__cause__ = self._failure
        return error

    def _format_diagnosis(self) -> str:
        return format_diagnosis(self._session.source, self.snapshot, self._broadcast.last, self._definition)
