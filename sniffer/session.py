"""The pump of a session: what the source gives goes through the core and out to the sinks, on one asyncio loop.

The source calls in, the core turns it into records, the sinks get them in order: at once, or, where nobody looks more
often, what comes within a moment together, which costs half as much on a busy line. What was read has its time by then.
On a live line, bytes that wait for more are resolved after a moment of silence.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from sniffer.base.errors import CutOffError, SourceError
from sniffer.core.charger.charger import Charger
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.pipeline import Pipeline, Record
from sniffer.core.wire.frame import Tap, TapGap
from sniffer.core.wire.framer import BITS_PER_BYTE
from sniffer.core.wire.items import Note
from sniffer.recording.recorder import Recorder
from sniffer.sources.source import Item, Source

IDLE_SECONDS = 0.05
"""Silence after which a live line's unfinished bytes are resolved."""

MIN_IDLE_BYTES = 4
"""Silence is at least as long as so many bytes take: on a slow line the next byte may just be on its way."""


class Sink(Protocol):
    """What a session ends in. Records come in order, each once; a sink must not keep the loop for long."""

    def receive(self, records: Sequence[Record]) -> None: ...


class Session:
    """One source, read once. `idle` is in seconds; where it is None, silence ends no frame. For `gather` seconds at
    most, what a live line gives may wait for what comes next.

    `notes` are what the user noted at records, by their numbers. `recorder` saves all of it, and is closed at the end.
    `late` is told of a note at a record that the sinks have already, as a recording that was noted at holds them.
    """

    def __init__(
        self,
        source: Source,
        pipeline: Pipeline,
        sinks: Sequence[Sink],
        *,
        idle: float | None = IDLE_SECONDS,
        batch_seconds: float = 0.0,
        notes: dict[int, str] | None = None,
        on_late_note: Callable[[int, str], None] | None = None,
        recorder: Recorder | None = None,
    ) -> None:
        self.source = source
        self.notes = {} if notes is None else notes
        self.taps: tuple[Tap, ...] = ()
        self._on_late_note = on_late_note
        self._pipeline = pipeline
        self.recorder = recorder
        # A sink that fails must not keep from the recording what was read.
        self._sinks = (recorder, *sinks) if recorder else tuple(sinks)
        self._idle = idle
        if idle is not None and source.baud:
            self._idle = max(idle, MIN_IDLE_BYTES * BITS_PER_BYTE / source.baud)
        self._timer: asyncio.TimerHandle | None = None
        self._silent_at = 0.0
        self._batch_seconds = batch_seconds if source.is_live else 0.0
        self._gathered: list[Item] = []
        self._work_due: asyncio.TimerHandle | None = None
        self._worked_at = 0.0
        self._task: asyncio.Task[object] | None = None
        self._failure: Exception | None = None

    def snapshot(self) -> Snapshot:
        """The charger as it is now."""
        return self._pipeline.snapshot()

    def charger(self) -> Charger:
        """A copy of the charger that goes on by itself."""
        return self._pipeline.charger()

    async def run(self) -> None:
        """Read the source to its end. Raises `SourceError` where it cannot be read, after all that was read is out."""
        self._task = asyncio.current_task()
        try:
            await self.source.run(self._take)
        except asyncio.CancelledError:
            if self._failure is None or self._task is None:
                raise
            self._task.uncancel()
            raise self._failure from None
        except CutOffError:
            raise
        except SourceError as error:
            self._work()
            self._give(self._pipeline.feed(TapGap(self.source.now(), str(error))))
            raise
        finally:
            try:
                self._work()
                self._give(self._pipeline.flush())
            finally:
                self._stop_timers()
                if self.recorder:
                    await self.recorder.close()

    def set_note(self, number: int, text: str) -> None:
        """Something is noted at a record; an empty text takes it away."""
        if text:
            self.notes[number] = text
        else:
            self.notes.pop(number, None)
        if self.recorder:
            self.recorder.note(number, text)

    def _take(self, item: Item) -> None:
        self._gathered.append(item)
        if not self._batch_seconds:
            self._work()
        elif self._work_due is None:
            loop = asyncio.get_running_loop()
            due = self._worked_at + self._batch_seconds
            if due <= loop.time():
                self._work()
            else:
                self._work_due = loop.call_at(due, self._work_by_timer)

    def _work(self) -> None:
        """Do what was gathered."""
        items, self._gathered = self._gathered, []
        records: list[Record] = []
        for item in items:
            if isinstance(item, Note):
                self._give(records)
                records = []
                self._note(item)
                continue
            if isinstance(item, Tap):
                self._tap(item)
            records += self._pipeline.feed(item)
        self._give(records)
        if self.source.is_live:
            self._await_silence()

    def _tap(self, tap: Tap) -> None:
        if tap not in self.taps:
            self.taps = (*self.taps, tap)
            if self.recorder:
                self.recorder.tap(tap)

    def _await_silence(self) -> None:
        """The line was not silent just now."""
        loop = asyncio.get_running_loop()
        self._worked_at = loop.time()
        if self._idle is not None:
            self._silent_at = self._worked_at + self._idle
            if self._timer is None and self._pipeline.waiting:
                self._timer = loop.call_at(self._silent_at, self._line_may_be_idle)

    def _note(self, note: Note) -> None:
        number = self._pipeline.next_number if note.number is None else note.number
        self.set_note(number, note.text)
        if self._on_late_note and number < self._pipeline.next_number:
            self._on_late_note(number, note.text)

    def _line_may_be_idle(self) -> None:
        """One timer looks now and then: to stop one and start another with every read costs more than the framing."""
        self._timer = None
        loop = asyncio.get_running_loop()
        if loop.time() < self._silent_at:
            self._timer = loop.call_at(self._silent_at, self._line_may_be_idle)
            return
        self._safely(lambda: self._give(self._pipeline.flush()))

    def _work_by_timer(self) -> None:
        self._work_due = None
        self._safely(self._work)

    def _safely(self, act: Callable[[], None]) -> None:
        """The loop would only log what a timer raises: it is for whoever runs the session."""
        try:
            act()
        except Exception as error:
            self._failure = error
            if self._task:
                self._task.cancel()

    def _stop_timers(self) -> None:
        for timer in (self._timer, self._work_due):
            if timer:
                timer.cancel()
        self._timer = self._work_due = None

    def _give(self, records: list[Record]) -> None:
        if records:
            for sink in self._sinks:
                sink.receive(records)
