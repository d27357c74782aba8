"""The recorder that keeps only what surrounds an event (`record --until`).

In: the records of the session, and a condition on them. Out: a capture for each event, with the records around it
(`sniffer.recording.black_box_files`). All else is as in a `Recorder`: what was read is on the disk within a second.
"""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from sniffer.base.errors import SourceError
from sniffer.base.phrasing import format_count
from sniffer.base.times import SECOND, format_clock
from sniffer.core.protocol.definition_origin import DefinitionOrigin
from sniffer.core.record import Record
from sniffer.recording.black_box_files import DISORDER, BlackBoxFiles, BlackBoxLimits, Hit
from sniffer.recording.event_files import EventDestination
from sniffer.recording.recorder import Recorder
from sniffer.sources.source import Source


class BlackBoxRecorder(Recorder):
    """A recorder of the records around those of which `matches` is true. It is called with each record in order.

    `reached` is set when all of the only event was read. `say` is called with a line for each event.
    """

    def __init__(
        self,
        destination: EventDestination,
        limits: BlackBoxLimits,
        matches: Callable[[Record], bool],
        source: Source,
        on_failure: Callable[[str], None],
        say: Callable[[str], None],
        *,
        origins: Sequence[DefinitionOrigin] = (),
    ) -> None:
        super().__init__(destination, source.name, source.baud, lambda: source.zone, on_failure, origins=origins)
        self._files = self._boxes = BlackBoxFiles(destination, self._writer, limits, self._report_event)
        self.reached = asyncio.Event()
        self._limits = limits
        self._matches = matches
        self._source = source
        self._say = say
        self._last_time: int | None = None
        self._end: int | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def open(self) -> None:
        """Create the first files, so that an obstacle is reported at once. Raises `RecordingError`."""
        await super().open()
        self._loop = asyncio.get_running_loop()

    def receive(self, records: Sequence[Record]) -> None:
        """Take the next records of the session. Raises `SourceError` if they have no times."""
        for record in records:
            self._watch(record)
        super().receive(records)

    @property
    def announcement(self) -> str:
        """One line on what is waited for."""
        before, after = (f"{time / SECOND:g} s" for time in (self._limits.before, self._limits.after))
        each = "each event" if self._limits.is_repeated else "the event"
        return f"waiting in {self._source.name}: {before} before and {after} after {each} are kept; Ctrl-C ends it"

    @property
    def summary(self) -> str:
        """One line on what was kept; empty if the first files could not be created."""
        boxes, state = self._boxes, self.state
        if self._loop is None:
            return ""
        if not boxes.events:
            return "no record matched: nothing was kept"
        lost = f"; {state.lost:,} packets could not be recorded" if state.lost else ""
        events, records = format_count(boxes.events, "event"), format_count(boxes.packets, "record")
        last = "the last of them into" if boxes.events > 1 else "into"
        return f"kept {records} around {events}, {last} {boxes.path}{lost}"

    def _watch(self, record: Record) -> None:
        """Look for the event, and for its end."""
        time = self._last_time = self._last_time if record.time is None else record.time
        if time is None:
            if record.item is None:
                return
            raise SourceError(f"{self._source.name}: it has no times, by which --until keeps what surrounds an event")
        if self._end is not None and not self._limits.is_repeated:
            if time > self._end + DISORDER:
                self.reached.set()
        elif self._matches(record):
            self._boxes.add_hit(Hit(record.number, time))
            self._end = time + self._limits.after
            if self._source.is_live and not self._limits.is_repeated:
                self._end_when_silent(self._end)

    def _end_when_silent(self, end: int) -> None:
        """End the session also if no record comes after the event."""
        now = self._source.now()
        left = 0 if now is None else max(0, end + DISORDER - now)
        asyncio.get_running_loop().call_later(left / SECOND, self.reached.set)

    def _report_event(self, path: Path, hit: Hit) -> None:
        """Report an event; the call comes from the thread that writes."""
        text = f"event at {format_clock(hit.time, self._source.zone)}, record {hit.number}: kept in {path}"
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._say, text)
