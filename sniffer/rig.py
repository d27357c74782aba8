"""A session for test rigs: tap a charger in a test, wait for what must happen, look at what was said.

    async with sniffer.tap("/dev/ttyUSB0") as session:
        await session.until(status="Charging", timeout=10)

In: sources as the command line takes them. Out: the charger as it is (`snapshot`), waiting (`until`, `seen`), and all
that happens from a moment on (`records`, `messages`, `events`). Everything runs on the caller's loop; nothing is
polled. Leaving the block closes the port. What ended the reading too early is raised there, and by whoever waits.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from difflib import get_close_matches
from pathlib import Path

from sniffer.charger.events import Event
from sniffer.charger.snapshot import Snapshot
from sniffer.cli.sessions import pipeline_for
from sniffer.definitions import definition_of
from sniffer.errors import NotSeenError, SnifferError
from sniffer.pipeline import Record
from sniffer.protocol.definition import Definition
from sniffer.protocol.message import Message
from sniffer.query.parser import parse
from sniffer.query.vocabulary import Vocabulary
from sniffer.recording.places import OneFile
from sniffer.recording.recorder import Recorder
from sniffer.session import IDLE_SECONDS, Session
from sniffer.sources.taps import open_sources

MOST_UNREAD = 100_000
"""Records that a reader may leave unread; minutes of a line in use."""


@asynccontextmanager
async def tap(
    *sources: str,
    baud: int | None = None,
    definition: Sequence[str | Path] = (),
    record: str | Path | None = None,
    idle: float = IDLE_SECONDS,
) -> AsyncIterator["LiveSession"]:
    """A session of these sources (contract.md, Sources), read until the block is left.

    `baud` None: the rate of a port is found. `definition` are files that add to what is known of the protocol, `record`
    is a new capture, `idle` the silence in seconds that ends an unfinished frame. Raises `SnifferError` where a source
    cannot be opened or ended before its time.
    """
    known = definition_of([str(path) for path in definition])
    source = open_sources(sources, baud=baud)
    recorder = None
    if record is not None:
        recorder = Recorder(OneFile(Path(record)), source.name, source.baud, lambda: source.zone)
        await recorder.open()
    live = LiveSession(known)
    session = Session(source, pipeline_for(source, known), [live], idle=idle, recorder=recorder)
    live.begin(session)
    reading = asyncio.create_task(session.run())
    reading.add_done_callback(live.end)
    try:
        yield live
    finally:
        reading.cancel()
        await asyncio.wait([reading])
    if not reading.cancelled() and (error := reading.exception()):
        raise error


class LiveSession:
    """What a test sees of a session."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._readers: list[_Reader] = []
        self._failure: BaseException | None = None
        self._ended = False

    def begin(self, session: Session) -> None:
        """The session that this is; called before anything is read."""
        self._session = session
        self._names = Vocabulary(self._definition, lambda: session.source.zone)

    def receive(self, records: Sequence[Record]) -> None:
        """Take what the session gives."""
        for reader in self._readers:
            reader.receive(records)

    def end(self, reading: "asyncio.Task[None]") -> None:
        """The session has ended."""
        self._ended = True
        self._failure = None if reading.cancelled() else reading.exception()
        for reader in self._readers:
            reader.wake()

    @property
    def snapshot(self) -> Snapshot:
        """The charger as it is now."""
        return self._session.snapshot()

    async def until(self, *, status: str, connector: int | None = None, timeout: float | None = None) -> Snapshot:
        """Wait until a connector, or this one, has this status; at once where it has it already.

        `timeout` is in seconds. Raises `NotSeenError`, with what was seen instead, and what ended the session.
        """
        known = [*self._definition.statuses.names.values()]
        if status not in known:
            near = get_close_matches(status, known, 1)
            raise SnifferError(f"{status}: no such status{f': did you mean {near[0]}?' if near else ''}")

        def holds() -> bool:
            return any(one.status == status and connector in (None, one.number) for one in self.snapshot.connectors)

        where = "" if connector is None else f" of connector {connector}"
        with self._reader() as reader:
            if not holds():
                await self._wait(reader, lambda _: holds(), f"status {status}{where}", timeout)
        return self.snapshot

    async def seen(self, filter: str = "", *, timeout: float | None = None) -> Record:  # noqa: A002
        """The first record from now on that this filter lets through (README, Filter).

        `timeout` is in seconds. Raises `QueryError`, `NotSeenError`, and what ended the session.
        """
        query = parse(filter, self._names) if filter else None
        what = f"a record that is {filter!r}" if filter else "a record"
        with self._reader() as reader:
            return await self._wait(reader, lambda one: query is None or query.matches(one, None), what, timeout)

    def records(self) -> AsyncIterator[Record]:
        """All records from this call on, to the end of the session."""
        reader = self._reader()

        async def given() -> AsyncIterator[Record]:
            with reader:
                while (record := await reader.next()) is not None:
                    yield record
            self._raise_failure()

        return given()

    async def messages(self) -> AsyncIterator[Message]:
        """The messages of valid frames, as they come."""
        async for record in self.records():
            if isinstance(record.item, Message):
                yield record.item

    async def events(self) -> AsyncIterator[Event]:
        """What the session concludes, as it does."""
        async for record in self.records():
            for event in record.events:
                yield event

    def __aiter__(self) -> AsyncIterator[Record]:
        return self.records()

    def _reader(self) -> "_Reader":
        return _Reader(self._readers, lambda: self._ended)

    async def _wait(
        self, reader: "_Reader", wanted: Callable[[Record], bool], what: str, seconds: float | None
    ) -> Record:
        try:
            async with asyncio.timeout(seconds):
                while (record := await reader.next()) is not None:
                    if wanted(record):
                        return record
        except TimeoutError as error:
            raise NotSeenError(f"{what} was not seen in {seconds:g} s: {self._story()}") from error
        self._raise_failure()
        raise NotSeenError(f"{what} was not seen before the source ended: {self._story()}")

    def _raise_failure(self) -> None:
        if self._failure:
            raise self._failure

    def _story(self) -> str:
        """What there was instead, in a few words."""
        now, ledger = self.snapshot, self.snapshot.ledger
        states = ", ".join(f"connector {one.number} is {one.status}" for one in now.connectors) or "no status report"
        noise = sum(ledger.noise_bytes.values())
        return f"{states}; {ledger.read:,} bytes were read, {ledger.frames:,} frames and {noise:,} bytes of noise"


class _Reader:
    """One who reads along: what came and was not read yet."""

    def __init__(self, readers: list["_Reader"], has_ended: Callable[[], bool]) -> None:
        self._unread: deque[Record] = deque()
        self._came = asyncio.Event()
        self._missed = 0
        self._readers = readers
        self._has_ended = has_ended
        readers.append(self)

    def receive(self, records: Sequence[Record]) -> None:
        room = MOST_UNREAD - len(self._unread)
        self._unread.extend(records[:room])
        self._missed += max(0, len(records) - room)
        self.wake()

    def wake(self) -> None:
        self._came.set()

    async def next(self) -> Record | None:
        """The next record; None at the end. Raises `SnifferError` where some were not read in time."""
        while not self._unread:
            if self._missed:
                raise SnifferError(f"{self._missed:,} records were not read in time, and are not kept: read faster")
            if self._has_ended():
                return None
            self._came.clear()
            await self._came.wait()
        return self._unread.popleft()

    def __enter__(self) -> "_Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self._readers.remove(self)
