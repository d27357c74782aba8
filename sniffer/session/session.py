"""The pump of a session: items of a source go through the core and become records for the sinks, on one asyncio loop.

In: an open source, a pipeline, and sinks. Out: each record, once and in order, to the recorder, the sinks and the view.
Records of a live line are delivered at once. With `batch_seconds` those of a short time are delivered together, which
costs half as much on a busy line (`batch_timer`); arrival times are taken before that. If the source can, it holds the
reads of a busy line until the batch is due, so that the loop need not be woken for each. Bytes that wait for more are
resolved after a moment of silence. The records of a saved session are delivered together when its source gives the loop
a turn.

A recorder reports its own failures and goes on. `record_delivery` says what follows where a sink, an observer or the
view raises.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol, cast

from msgspec import Struct, field

from sniffer.base.errors import CutOffError, NothingReadError, SourceError
from sniffer.core.charger.charger import Charger
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.pipeline import Pipeline, SourceItem
from sniffer.core.wire.items import Chunk, Note, Tap, TapGap
from sniffer.recording.recorder import Recorder
from sniffer.session.batch_timer import BatchTimer
from sniffer.session.idle_timer import IDLE_SECONDS, IdleTimer
from sniffer.session.record_delivery import DetachableSink, RecordDelivery, Sink
from sniffer.sources.source import HoldingSource, Item, Source

MOST_BATCHED = 512
"""The most items of a saved session that are delivered together, so that its records stay few in memory."""

HELD_SILENCE = 0.05
"""Seconds without a read after which a line is no longer busy, so that its reads are not held."""


class Trigger(Sink, Protocol):
    """A consumer of records that acts at some of them."""

    async def close(self) -> None:
        """End what it started, within a bounded time."""
        ...


class Observer(DetachableSink, Protocol):
    """A consumer of records beside the session, such as the metrics of a dashboard. It cannot end the session."""

    def start(self, session: "Session") -> None:
        """Begin, on the loop of the session. No record was delivered yet."""
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

    `idle` is the silence in seconds that ends an unfinished frame; None if no silence does. `batch_seconds` is how long
    the records of a live line may wait for the next ones. `notes` are those that the session begins with.
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
        self._pipeline = pipeline
        self._notes = notes or SessionNotes()
        # The recorder comes first: a sink that fails must not keep bytes from the recording.
        own_sinks = (recorder, *sinks, *triggers) if recorder else (*sinks, *triggers)
        self._delivery = RecordDelivery(own_sinks, self.observers, view)
        self._triggers = triggers
        self._idle_timer: IdleTimer | None = None
        if idle is not None:
            self._idle_timer = IdleTimer(idle, source.baud, self._has_waiting_bytes, self._flush_by_timer)
        self._batch: list[Item] = []
        self._batch_timer = BatchTimer(batch_seconds, self._process_by_timer) if source.is_live else None
        self._holder = source if isinstance(source, HoldingSource) else None
        self._is_held = False
        """True while the source holds its reads."""
        self._next_turn: asyncio.Handle | None = None
        """The call that processes the batch of a saved session."""
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

    @property
    def view_error(self) -> Exception | None:
        """The error for which the view was detached; None while it is attached."""
        return self._delivery.view_error

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
            self._delivery.deliver(self._pipeline.feed(TapGap(self.source.now(), str(error))))
            raise
        finally:
            try:
                self._process()
                self._delivery.deliver(self._pipeline.flush())
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

        The batch of a live line is processed when it is due, that of a saved session at the next turn of the loop.
        """
        self._batch.append(item)
        if self._batch_timer:
            if self._batch_timer.is_due(len(item.data) if isinstance(item, Chunk) else 0):
                self._process()
        elif self._next_turn is None:
            self._next_turn = asyncio.get_running_loop().call_soon(self._process_by_timer)
        elif len(self._batch) >= MOST_BATCHED:
            self._process()

    def _process(self) -> None:
        """Feed the items of the batch to the core and deliver their records."""
        items, self._batch = self._batch, []
        # Most batches have neither: then no item is looked at by itself.
        is_plain = {Note, Tap}.isdisjoint(map(type, items))
        read = cast("list[SourceItem]", items) if is_plain else self._apply_descriptions(items)
        self._delivery.deliver(self._pipeline.feed_all(read))
        if self._batch_timer:
            self._note_processed(self._batch_timer)

    def _apply_descriptions(self, items: Sequence[Item]) -> list[SourceItem]:
        """Add the taps and notes in a batch, process what is before a note, and return the items after the last one."""
        read: list[SourceItem] = []
        for item in items:
            if isinstance(item, Note):
                self._delivery.deliver(self._pipeline.feed_all(read))
                read = []
                self._add_note(item)
                continue
            if isinstance(item, Tap):
                self._add_tap(item)
            read.append(item)
        return read

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

    def _note_processed(self, timer: BatchTimer) -> None:
        """Note that a batch of a live line was processed now: its silence begins anew."""
        now = asyncio.get_running_loop().time()
        timer.mark_processed(now)
        self._is_held = bool(self._holder and timer.is_busy and self._holder.hold(self._process_by_timer))
        if self._is_held:
            timer.begin()
        if self._idle_timer:
            if self._is_held:
                self._idle_timer.stop()
            else:
                self._idle_timer.restart(now)

    def _collect(self, holder: HoldingSource, timer: BatchTimer) -> None:
        """Add the reads that the source holds to the batch. Once the line is silent, the loop reads it again."""
        if holder.collect() >= HELD_SILENCE:
            holder.release()
            timer.mark_silent()

    def _has_waiting_bytes(self) -> bool:
        return self._pipeline.waiting > 0

    def _flush_by_timer(self) -> None:
        """Deliver the bytes that wait in the core: the line is silent. It is not while a batch waits."""
        if not self._batch:
            self._run_guarded(lambda: self._delivery.deliver(self._pipeline.flush()))

    def _process_by_timer(self) -> None:
        """Process the items received since the last batch."""
        self._next_turn = None
        self._run_guarded(self._process_received)

    def _process_received(self) -> None:
        timer = self._batch_timer
        if self._holder and self._is_held and timer:
            self._collect(self._holder, timer)
        if self._batch:
            self._process()
        elif timer:
            # Nothing was read, or no whole byte: the next batch begins all the same.
            self._note_processed(timer)

    def _run_guarded(self, action: Callable[[], None]) -> None:
        """Run the action of a timer; an error ends `run`, as the loop would only log it."""
        try:
            action()
        except Exception as error:
            self._failure = error
            if self._task:
                self._task.cancel()

    def _stop_timers(self) -> None:
        if self._idle_timer:
            self._idle_timer.stop()
        if self._batch_timer:
            self._batch_timer.stop()
        if self._next_turn:
            self._next_turn.cancel()
        self._next_turn = None
