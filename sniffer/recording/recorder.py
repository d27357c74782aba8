"""The sink that saves a session while it happens.

In: the session's records and notes. Out: a capture on the disk, at most a second behind. Records become packets on the
loop, some hundred at a time, which takes a millisecond; they are written in a thread, because a disk that is slow or
gone must not hold up the line that is read. What cannot be written waits, and is tried again every second; `state`
says so, for the screen to shout. When too much waits, the oldest packets are given up, and a gap in the capture says
how many they were.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from functools import partial
from pathlib import Path

from sniffer.base.blocking import aside
from sniffer.base.errors import RecordingError
from sniffer.core.record import Record
from sniffer.core.wire.items import Tap
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.recording.destination import Destination
from sniffer.recording.rotation import Batch, CaptureFiles

FLUSH = 0.5
"""Seconds after which what came is written."""

RETRY = 1.0
"""Seconds after which a disk that failed is tried again."""

SLOW = 2.0
"""Seconds after which a disk that does not answer is told of."""

PACKED_AT_ONCE = 256
"""Records that become packets together at most: one by one they take twice as long."""

MOST_WAITING = 16 << 20
"""Bytes that wait at most for a disk that fails."""

AT_ONCE = 1 << 18
"""Bytes that are written with one call at most, where they came in several."""

LAST_WORDS = 5.0
"""Seconds that a disk has at the end, before what waits is given up."""

NO_ANSWER = "the disk does not answer"


@dataclass(frozen=True, slots=True)
class RecordingState:
    """How it goes: the file, how many bytes are in it, how many packets were written, and what is wrong now.

    `lost` packets were given up. `failure` is empty where all is well.
    """

    path: Path | None = None
    size: int = 0
    packets: int = 0
    lost: int = 0
    failure: str = ""


class Recorder:
    """Saves one session. `zone` tells that of a text log's times. `told` is called with each new failure, and with an
    empty text when it is over.
    """

    def __init__(
        self,
        place: Destination,
        name: str,
        baud: int | None,
        zone: Callable[[], tzinfo | None] = lambda: None,
        told: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.state = RecordingState()
        self._writer = CaptureWriter(name, baud)
        self._files = CaptureFiles(place, self._writer)
        self._zone = zone
        self._told = told
        self._next = 1
        self._early: dict[int, str] = {}
        self._records: list[Record] = []
        self._waiting: deque[Batch] = deque()
        self._waiting_size = 0
        self._given_up = 0
        self._why = NO_ANSWER
        self._due: asyncio.TimerHandle | None = None
        self._writing: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin the file, so that what stands in the way is told at once. Raises `RecordingError`."""
        await aside(partial(self._files.begin, self._writer.encode_preamble()))
        self.state = replace(self.state, path=self._files.path, size=self._files.size)

    def tap(self, tap: Tap) -> None:
        """The session has this tap among several; it is told before any record of it."""
        self._writer.encode_tap(tap)

    def receive(self, records: Sequence[Record]) -> None:
        """Take what the session gives."""
        self._records += records
        if len(self._records) >= PACKED_AT_ONCE:
            self._pack()
        self._write_in(FLUSH)

    def note(self, number: int, text: str) -> None:
        """Save a note; an empty one takes away what was noted at that record, which may be still to come."""
        self._pack()
        if number >= self._next:
            self._early[number] = text
            return
        begins = self._writer.encode_preamble()
        # Its packet is made when its file is known; what it needs described is described where the session has it.
        self._writer.encode_note(number, text)
        described = self._writer.encode_preamble()[len(begins) :]
        self._take(Batch(begins, described, 0, len(described), self._next, notes=((number, text),)))

    async def close(self) -> None:
        """Write what waits, as far as the disk takes it within `LAST_WORDS`, and let go of the file.

        Being cancelled meanwhile does not stop it, as all that was read is to be saved.
        """
        closing, cancelled = asyncio.ensure_future(self._close()), None
        while not closing.done():
            try:
                await asyncio.shield(closing)
            except asyncio.CancelledError as error:
                cancelled = error
        closing.result()
        if cancelled:
            raise cancelled

    async def _close(self) -> None:
        self._pack()
        if self._due:
            self._due.cancel()
        try:
            async with asyncio.timeout(LAST_WORDS):
                if self._writing:
                    await self._writing
                await self._write()
                if not self._waiting:
                    await aside(self._files.close)
        except TimeoutError:
            self._fail(NO_ANSWER)
        if self._due:
            self._due.cancel()
        if self._waiting:
            left = sum(batch.packets for batch in self._waiting)
            notes = sum(len(batch.notes) for batch in self._waiting)
            self.state = replace(self.state, lost=self.state.lost + left)
            what = f"{left:,} packets and {notes:,} notes" if notes else f"{left:,} packets"
            self._told(f"{what} were not recorded: {self._why}")

    def _pack(self) -> None:
        """Make packets of the records that have none yet."""
        records, early = self._records, self._early
        if not records:
            return
        self._records = []
        self._writer.zone = self._zone()
        begins, packet = self._writer.encode_preamble(), self._writer.encode_record
        data = b"".join([packet(one, early.pop(one.number, "") if early else "") for one in records])
        described = len(self._writer.encode_preamble()) - len(begins)
        self._next = records[-1].number + 1
        self._take(Batch(begins, data, len(records), described, records[0].number, records[-1].time))

    def _take(self, batch: Batch) -> None:
        self._waiting.append(batch)
        self._waiting_size += len(batch.data)
        notes: list[tuple[int, str]] = []
        while self._waiting_size > MOST_WAITING and len(self._waiting) > 1:
            oldest = self._waiting.popleft()
            self._waiting_size -= len(oldest.data)
            self._given_up += oldest.packets
            self.state = replace(self.state, lost=self.state.lost + oldest.packets)
            notes += oldest.notes
        if notes:
            # Somebody typed them, and they are short: they are kept where the bytes are not.
            last = self._waiting.pop()
            self._waiting.append(replace(last, notes=(*notes, *last.notes)))
        self._write_in(FLUSH)

    def _write_in(self, seconds: float) -> None:
        if self._due is None and (self._writing is None or self._writing.done()):
            self._due = asyncio.get_running_loop().call_later(seconds, self._begin_to_write)

    def _begin_to_write(self) -> None:
        self._due = None
        self._writing = asyncio.create_task(self._write_and_go_on())

    async def _write_and_go_on(self) -> None:
        await self._write()
        self._writing = None
        if self._waiting or self._records:
            self._write_in(RETRY if self.state.failure else FLUSH)

    async def _write(self) -> None:
        """Write all that waits; what fails goes on waiting."""
        self._pack()
        while self._waiting:
            batch, given_up = self._gathered(), self._given_up
            slow = asyncio.get_running_loop().call_later(SLOW, self._fail, NO_ANSWER)
            try:
                await aside(partial(self._files.write, batch, self._gap(batch)))
            except RecordingError as error:
                self._fail(f"{error.why} ({error.path})")
                return
            finally:
                slow.cancel()
            if self._waiting and self._waiting[0] is batch:
                self._waiting.popleft()
                self._waiting_size -= len(batch.data)
            else:
                # It was given up while it was written after all.
                self._given_up -= batch.packets
                self.state = replace(self.state, lost=self.state.lost - batch.packets)
            self._given_up -= given_up
            self.state = replace(
                self.state, path=self._files.path, size=self._files.size, packets=self.state.packets + batch.packets
            )
            self._succeed()

    def _gathered(self) -> Batch:
        """The first batches that wait as one: a line in use gives hundreds of them in a second."""
        size, batches = 0, list[Batch]()
        while self._waiting and (not batches or size + len(self._waiting[0].data) <= AT_ONCE):
            batches.append(self._waiting.popleft())
            size += len(batches[-1].data)
        together = batches[0]
        if len(batches) > 1:
            together = replace(
                together,
                data=b"".join([batch.data for batch in batches]),
                packets=sum(batch.packets for batch in batches),
                described=sum(batch.described for batch in batches),
                time=batches[-1].time,
                notes=tuple(note for batch in batches for note in batch.notes),
            )
        self._waiting.appendleft(together)
        return together

    def _gap(self, batch: Batch) -> bytes:
        """What the capture says before this batch, where packets before it were given up."""
        if not self._given_up:
            return b""
        return self._writer.encode_gap(batch.time, f"{self._given_up:,} packets were not recorded: {self._why}")

    def _fail(self, why: str) -> None:
        if self.state.failure != why:
            self._why = why
            self.state = replace(self.state, failure=why)
            self._told(why)

    def _succeed(self) -> None:
        if self.state.failure:
            self.state = replace(self.state, failure="")
            self._told("")
