"""A session that goes on while a test looks at it and waits."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from sniffer.base.errors import EndedError, NotSeenError, SnifferError
from sniffer.core.charger.events import Event
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.items import TapState
from sniffer.core.wire.links import Direction
from sniffer.filter.value_types import parse_number
from sniffer.filter.vocabulary import Vocabulary
from sniffer.recording.recorder import RecordingState
from sniffer.rig.broadcast import Broadcast
from sniffer.rig.conditions import Criteria, build_filter, check_criteria
from sniffer.rig.diagnostics import format_diagnosis
from sniffer.rig.state_tracker import AwaitedState
from sniffer.rig.subscription import MAX_WAITING, Reader
from sniffer.session import Session

Result = TypeVar("Result")


class LiveSession:
    """What `sniffer.tap` gives: the charger as it is, and what comes. Times in seconds; None waits for ever.

    Waiting raises `NotSeenError`, which is a `TimeoutError`, when the time is over, or when a file has come to its end;
    `EndedError`, which is a `SourceError`, at once when reading has failed; `QueryError` at once for a name or a value
    that there is not. Each message tells in one line what was waited for, and what was seen.
    """

    def __init__(self, session: Session, definition: Definition, broadcast: Broadcast) -> None:
        self._session = session
        self._definition = definition
        self._broadcast = broadcast
        self._vocabulary = Vocabulary(definition, lambda: session.source.zone)
        self._why = ""
        self._failure: Exception | None = None

    @property
    def name(self) -> str:
        """The source, for people."""
        return self._session.source.name

    @property
    def snapshot(self) -> Snapshot:
        """The charger as it is now: connectors, faults, boots, exchanges, voltages, and where every byte went."""
        return self._session.snapshot()

    @property
    def taps(self) -> tuple[TapState, ...]:
        """What is known of each tap now: its baud rate, its settings, whether it is lost. Files have none."""
        return self._session.source.taps

    @property
    def recording(self) -> RecordingState | None:
        """How the recording goes; None where there is none."""
        return self._session.recorder.state if self._session.recorder else None

    async def until(
        self,
        *,
        status: str | None = None,
        connector: int | None = None,
        fault: str | None = None,
        timeout: float | None = None,
    ) -> Snapshot:
        """Wait until a state holds, on one connector: at once where it holds already. Returns the charger then.

        `status` is a connector status (`Charging`), `fault` a meaning of the error table (`Under voltage`); with
        `connector` alone, it has reported. A state counts however briefly it held: where one read told of its end as
        well, the charger that is returned has left it.
        """
        words: Criteria = {"status": status, "connector": connector, "fault": fault}
        check_criteria(words, self._vocabulary)
        number = None if status is None else parse_number(status)
        if number is not None:
            status = self._definition.statuses.name_of(int(number))
        state = AwaitedState(status, connector, fault)
        waiting = self._broadcast.until(state, lambda: self.snapshot, timeout)
        return await self._got(waiting, str(state), timeout)

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
        """Wait for the next record that fits all that is given; what came before the call does not count.

        `filter` is a filter as the command line takes it. The others are names of its language: `command` is
        hexadecimal digits, a name or a number, `status` and `connector` are fields of the frame, `event` is what the
        record showed (`boot`, `fault_cleared`), and `fault` the meaning of a fault that it raised, changed or cleared.
        With nothing given, any record fits.
        """
        words: Criteria = {
            "command": command,
            "direction": direction,
            "status": status,
            "connector": connector,
            "event": event,
            "fault": fault,
        }
        query = build_filter(words, filter, self._vocabulary)
        told = [f"{name} {value}" for name, value in words.items() if value is not None]
        what = ", ".join([*told, *([filter] if filter else [])])
        return await self._got(self._broadcast.next(query, timeout), what or "any record", timeout)

    def records(self) -> Reader[Record]:
        """All records from now on: frames, noise, lines of a log, and what they showed."""
        return self._reader(lambda record: (record,))

    def messages(self) -> Reader[Message]:
        """All frames from now on, decoded."""
        return self._reader(lambda record: (record.item,) if isinstance(record.item, Message) else ())

    def events(self) -> Reader[Event]:
        """All events from now on: status changes, faults, boots, a tap that is lost or back."""
        return self._reader(lambda record: record.events)

    def __aiter__(self) -> Reader[Record]:
        return self.records()

    def end(self, why: str, failure: Exception | None = None) -> None:
        """Nothing comes any more: why, in words, and what failed; no words where the source came to its end."""
        self._why, self._failure = why, failure
        self._broadcast.close(self._ended_reading)

    def _reader(self, pick: Callable[[Record], Iterable[Result]]) -> Reader[Result]:
        reader = Reader(pick, MAX_WAITING)
        self._broadcast.add(reader)
        return reader

    async def _got(self, waiting: Awaitable[Result | None], what: str, timeout: float | None) -> Result:
        got = await waiting
        if got is not None:
            return got
        if not self._broadcast.is_closed:
            raise NotSeenError(f"{what} was not seen in {timeout:g} s: {self._told()}")
        if not self._why:
            raise NotSeenError(f"{what} was not seen before the source ended: {self._told()}")
        raise EndedError(f"{what} cannot be seen any more: {self._why}; {self._told()}") from self._failure

    def _ended_reading(self) -> SnifferError | None:
        """What those who read are told at the end; to leave the block is no failure."""
        if self._failure is None:
            return None
        error = EndedError(self._why)
        error.__cause__ = self._failure
        return error

    def _told(self) -> str:
        return format_diagnosis(self._session.source, self.snapshot, self._broadcast.last, self._definition)
