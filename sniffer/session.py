"""The pump of a session: items of a source go through the core and become records for the sinks, on one asyncio loop.

In: an open source, a pipeline, and sinks. Out: each record, once and in order, to the recorder, the sinks and the view.
Records of a live line are delivered at once. With `batch_seconds` those of a short time are delivered together, which
costs half as much on a busy line; arrival times are taken before that. Bytes that wait for more are resolved after a
moment of silence. The records of a saved session are delivered together when its source gives the loop a turn.

A recorder reports its own failures and goes on. A sink that raises ends the session, as its output is what the session
is for. A view that raises is detached: reading and recording go on, and `view_error` keeps the reason. An observer that
raises is detached as well, and is given its error.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from msgspec import Struct, field

from sniffer.base.errors import CutOffError, NothingReadError, SourceError
from sniffer.base.times import SECOND
from sniffer.core.charger.charger import Charger
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.pipeline import Pipeline
from sniffer.core.record import Record
from sniffer.core.wire.framer import BITS_PER_BYTE, LONGEST_LIVE_DBUS, LiveLimits
from sniffer.core.wire.items import Note, Tap, TapGap
from sniffer.recording.recorder import Recorder
from sniffer.sources.source import Item, Source

IDLE_SECONDS = 0.05
"""Silence after which the unfinished bytes of a live line are resolved."""

PATIENCE = 0.4
"""The longest delay of the bytes of a frame, as a share of that silence: adapters deliver them in bursts of 16 ms."""

MOST_BATCHED = 512
"""The most items of a saved session that are delivered together, so that its records stay few in memory."""

MIN_IDLE_BYTES = 4
"""The silence is at least as long as this many bytes take: on a slow line the next byte may just be on its way."""


def live_limits(idle: float = IDLE_SECONDS, longest_dbus: int = LONGEST_LIVE_DBUS) -> LiveLimits:
    """Return the limits of a live line on which `idle` seconds of silence end an unfinished frame."""
    return LiveLimits(longest_dbus, round(PATIENCE * idle * SECOND))


class Sink(Protocol):
    """A consumer of records."""

    def receive(self, records: Sequence[Record]) -> None:
        """Take the next records. They come in order, each once. The call must not block the loop for long."""
        ...


class Trigger(Sink, Protocol):
    """A consumer of records that acts at some of them."""

    async def close(self) -> None:
        """End what it started, within a bounded time."""
        ...


class Observer(Sink, Protocol):
    """A consumer of records beside the session, such as the metrics of a dashboard. It cannot end the session."""

    def start(self, session: "Session") -> None:
        """Begin, on the loop of the session. No record was delivered yet."""
        ...

    def detach(self, error: Exception) -> None:
        """Take the error that it raised. No record is delivered to it after that."""
        ...

    async def close(self) -> None:
        """End what it started, within a bounded time. The call comes once, also after `detach`."""
        ...


class Attachments(Struct, frozen=True):
    """The parts that a session runs beside its sinks, and closes at its end. Without a `recorder` nothing is saved."""

    recorder: Recorder | None = None
    triggers: Sequence[Trigger] = ()
    observers: Sequence[Observer] = ()


class SessionNotes(Struct, frozen=True):
    """The notes of the user: their texts, by the numbers of their records, which the session adds to and changes.

    `on_late` is called with the number and text of a note whose record was delivered already, as in a recording that
    was annotated while it ran.
    """

    texts: dict[int, str] = field(default_factory=dict)
    on_late: Callable[[int, str], None] = lambda _number, _text: None


NOTHING_ATTACHED = Attachments()


class Session:
    """One source, read once.

    `idle` is the silence in seconds that ends an unfinished frame; None: silence ends none. `batch_seconds` is how long
    the records of a live line may wait for the next ones. `notes` are those that are there already; None: there are
    none.
    """

    def __init__(
        self,
        source: Source,
        pipeline: Pipeline,
        sinks: Sequence[Sink] = (),
        *,
        view: Sink | None = None,
        attachments: Attachments = NOTHING_ATTACHED,
        notes: SessionNotes | None = None,
        idle: float | None = IDLE_SECONDS,
        batch_seconds: float = 0.0,
    ) -> None:
        recorder, triggers = attachments.recorder, attachments.triggers
        self.source = source
        self.taps: tuple[Tap, ...] = ()
        self.recorder = recorder
        self.observers = attachments.observers
        self.view_error: Exception | None = None
        """The error for which the view was detached; None while it is attached."""
        self._pipeline = pipeline
        self._notes = notes or SessionNotes()
        # The recorder comes first: a sink that fails must not keep bytes from the recording.
        self._sinks = (recorder, *sinks, *triggers) if recorder else (*sinks, *triggers)
        self._triggers = triggers
        self._attached = [*self.observers]
        self._view = view
        self._idle = idle
        if idle is not None and source.baud:
            self._idle = max(idle, MIN_IDLE_BYTES * BITS_PER_BYTE / source.baud)
        self._idle_timer: asyncio.TimerHandle | None = None
        self._idle_at = 0.0
        self._was_held_up = False
        self._is_saved = not source.is_live
        self._batch_seconds = batch_seconds
        self._batch: list[Item] = []
        self._batch_timer: asyncio.Handle | None = None
        self._processed_at = 0.0
        self._task: asyncio.Task[object] | None = None
        self._failure: Exception | None = None

    @property
    def notes(self) -> dict[int, str]:
        """The texts of the notes, by the numbers of their records."""
        return self._notes.texts

    @property
    def is_mendable(self) -> bool:
        """True once a line was read that looks misread, and could be mended."""
        return self._pipeline.is_mendable

    def snapshot(self) -> Snapshot:
        """Return the charger as it is now."""
        return self._pipeline.snapshot()

    def charger(self) -> Charger:
        """Return a copy of the charger, which no longer follows the session."""
        return self._pipeline.charger()

    async def run(self) -> None:
        """Read the source to its end. Raises `SourceError` if it fails, after all records read were delivered."""
        self._task = asyncio.current_task()
        for observer in self.observers:
            observer.start(self)
        try:
            await self.source.run(self._take)
        except asyncio.CancelledError:
            if self._failure is None or self._task is None:
                raise
            self._task.uncancel()
            raise self._failure from None
        except (CutOffError, NothingReadError):
            # No part of what was read is lost.
            raise
        except SourceError as error:
            self._process()
            self._deliver(self._pipeline.feed(TapGap(self.source.now(), str(error))))
            raise
        finally:
            try:
                self._process()
                self._deliver(self._pipeline.flush())
            finally:
                self._stop_timers()
                if self.recorder:
                    await self.recorder.close()
                beside = (*self._triggers, *self.observers)
                if beside:
                    await asyncio.gather(*(one.close() for one in beside))

    def set_note(self, number: int, text: str) -> None:
        """Set the note of a record; an empty text removes it."""
        if text:
            self.notes[number] = text
        else:
            self.notes.pop(number, None)
        if self.recorder:
            self.recorder.set_note(number, text)

    def _take(self, item: Item) -> None:
        """Add an item of the source to the current batch.

        The batch is processed at once, or after `batch_seconds`. That of a saved session is with the loop's next turn.
        """
        self._batch.append(item)
        if self._is_saved:
            if self._batch_timer is None:
                self._batch_timer = asyncio.get_running_loop().call_soon(self._process_by_timer)
            elif len(self._batch) >= MOST_BATCHED:
                self._process()
        elif not self._batch_seconds:
            self._process()
        elif self._batch_timer is None:
            loop = asyncio.get_running_loop()
            due = self._processed_at + self._batch_seconds
            if due <= loop.time():
                self._process()
            else:
                self._batch_timer = loop.call_at(due, self._process_by_timer)

    def _process(self) -> None:
        """Feed the items of the batch to the core and deliver their records."""
        items, self._batch = self._batch, []
        records: list[Record] = []
        for item in items:
            if isinstance(item, Note):
                self._deliver(records)
                records = []
                self._add_note(item)
                continue
            if isinstance(item, Tap):
                self._add_tap(item)
            records += self._pipeline.feed(item)
        self._deliver(records)
        if not self._is_saved:
            self._restart_idle_time()

    def _deliver(self, records: list[Record]) -> None:
        """Pass these records to all sinks, then to the observers and the view. Of these, one that raises is dropped."""
        if not records:
            return
        for sink in self._sinks:
            sink.receive(records)
        for observer in [*self._attached]:
            try:
                observer.receive(records)
            except Exception as error:
                self._attached.remove(observer)
                observer.detach(error)
        if self._view:
            try:
                self._view.receive(records)
            except Exception as error:
                self._view, self.view_error = None, error

    def _add_tap(self, tap: Tap) -> None:
        """Add the description of a tap, once, also to the recording."""
        if tap not in self.taps:
            self.taps = (*self.taps, tap)
            if self.recorder:
                self.recorder.add_tap(tap)

    def _add_note(self, note: Note) -> None:
        """Set a note that the source has. A note without a number belongs to the next record."""
        number = self._pipeline.next_number if note.number is None else note.number
        self.set_note(number, note.text)
        if number < self._pipeline.next_number:
            self._notes.on_late(number, note.text)

    def _restart_idle_time(self) -> None:
        """Note that a batch was processed now. Bytes that wait in the core are checked again after the idle time from
        now on.
        """
        loop = asyncio.get_running_loop()
        self._processed_at = loop.time()
        if self._idle is not None:
            self._idle_at = self._processed_at + self._idle
            self._was_held_up = False
            if self._idle_timer is None and self._pipeline.waiting:
                self._idle_timer = loop.call_at(self._idle_at, self._check_idle)

    def _check_idle(self) -> None:
        """Flush the core if the line was silent, else check again later.

        One timer checks from time to time: to stop one and start another with every read costs more than the framing.
        """
        timer, self._idle_timer = self._idle_timer, None
        if timer is None or self._idle is None:
            return
        loop = asyncio.get_running_loop()
        now = loop.time()
        if now >= self._idle_at and now - timer.when() > self._idle / 2 and not self._was_held_up:
            # The whole loop was held up, and with it the delivery of what arrived meanwhile: the line was not silent.
            self._was_held_up = True
            self._idle_at = now + self._idle
        if now < self._idle_at:
            self._idle_timer = loop.call_at(self._idle_at, self._check_idle)
            return
        self._run_guarded(lambda: self._deliver(self._pipeline.flush()))

    def _process_by_timer(self) -> None:
        """Process the items received since the last batch."""
        self._batch_timer = None
        self._run_guarded(self._process)

    def _run_guarded(self, action: Callable[[], None]) -> None:
        """Run the action of a timer; an error ends `run`, as the loop would only log it."""
        try:
            action()
        except Exception as error:
            self._failure = error
            if self._task:
                self._task.cancel()

    def _stop_timers(self) -> None:
        for timer in (self._idle_timer, self._batch_timer):
            if timer:
                timer.cancel()
        self._idle_timer = self._batch_timer = None
