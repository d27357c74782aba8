"""The sink that saves a session while it happens.

In: the session's records and notes. Out: a capture on the disk, at most a second behind. Records become packets on the
loop, which takes microseconds; they are written in a thread, because a disk that is slow or gone must not hold up the
line that is read. What cannot be written waits, and is tried again every second; `state` says so, for the screen to
shout. When too much waits, the oldest packets are given up, and a gap in the capture says how many they were.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path
from typing import NamedTuple

from sniffer.errors import OutputError
from sniffer.formats.pcapng.writer import Writer
from sniffer.pipeline import Record
from sniffer.recording.growing import GrowingFile
from sniffer.recording.places import Place

FLUSH = 0.5
"""Seconds after which what came is written."""

RETRY = 1.0
"""Seconds after which a disk that failed is tried again."""

MOST_WAITING = 16 << 20
"""Bytes that wait at most for a disk that fails."""

AT_ONCE = 1 << 18
"""Bytes that are written with one call at most, where they came in several."""

LAST_WORDS = 5.0
"""Seconds that a disk has at the end, before what waits is given up."""


@dataclass(frozen=True, slots=True)
class Recording:
    """How it goes: the file, how many bytes and packets are in it and those before it, and what is wrong now.

    `lost` packets were given up. `failure` is empty where all is well.
    """

    path: Path | None = None
    size: int = 0
    packets: int = 0
    lost: int = 0
    failure: str = ""


class _Batch(NamedTuple):
    """Packets that are written together. `begins` is what a file must hold before them: its head, and all interfaces
    that were described so far. They describe interfaces themselves in so many bytes as `described` says. `first` is the
    number of their first record.
    """

    begins: bytes
    data: bytes
    packets: int
    described: int
    first: int
    time: int | None


class Recorder:
    """Saves one session. `zone` tells that of a text log's times. `told` is called with each new failure, and with an
    empty text when it is over.
    """

    def __init__(
        self,
        place: Place,
        name: str,
        baud: int | None,
        zone: Callable[[], tzinfo | None] = lambda: None,
        told: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.state = Recording()
        self._place = place
        self._writer = Writer(name, baud)
        self._zone = zone
        self._told = told
        self._file: GrowingFile | None = None
        self._waiting: deque[_Batch] = deque()
        self._waiting_size = 0
        self._given_up = 0
        self._shift = self._known = self._records_in_file = 0
        self._due: asyncio.TimerHandle | None = None
        self._writing: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin the file, so that what stands in the way is told at once. Raises `OutputError`."""
        self._file = await asyncio.to_thread(self._new_file, self._writer.begin())
        self.state = replace(self.state, path=self._file.path, size=self._file.size)

    def receive(self, records: Sequence[Record]) -> None:
        """Take what the session gives."""
        self._writer.zone = self._zone()
        begins, record = self._writer.begin(), self._writer.record
        data = b"".join([record(one) for one in records])
        described = len(self._writer.begin()) - len(begins)
        self._take(_Batch(begins, data, len(records), described, records[0].number, records[-1].time))

    def note(self, number: int, text: str) -> None:
        """Save a note at a record that was given before."""
        begins, here = self._writer.begin(), number - self._shift
        if here < 1:
            here, text = 1, f"at record {number} of the session, in a file before this one: {text}"
        data = self._writer.note(here, text)
        described = len(self._writer.begin()) - len(begins)
        self._take(_Batch(begins, data, 0, described, number + 1, None))

    async def close(self) -> None:
        """Write what waits, as far as the disk takes it, and let go of the file."""
        if self._due:
            self._due.cancel()
        try:
            async with asyncio.timeout(LAST_WORDS):
                if self._writing:
                    await self._writing
                await self._write()
        except TimeoutError:
            self._fail("the disk does not answer")
        if self._waiting:
            left = sum(batch.packets for batch in self._waiting)
            self.state = replace(self.state, lost=self.state.lost + left)
            self._told(f"{left:,} packets were not recorded")
        elif self._file:
            await asyncio.to_thread(self._file.close)

    def _take(self, batch: _Batch) -> None:
        self._waiting.append(batch)
        self._waiting_size += len(batch.data)
        while self._waiting_size > MOST_WAITING and len(self._waiting) > 1:
            oldest = self._waiting.popleft()
            self._waiting_size -= len(oldest.data)
            self._given_up += oldest.packets
            self.state = replace(self.state, lost=self.state.lost + oldest.packets)
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
        if self._waiting:
            self._write_in(RETRY if self.state.failure else FLUSH)

    async def _write(self) -> None:
        """Write all that waits; what fails goes on waiting."""
        while self._waiting:
            batch, gap = self._gathered(), self._given_up
            try:
                self._file = await asyncio.to_thread(self._written, self._file, batch, self._gap(batch))
            except OutputError as error:
                self._fail(str(error))
                return
            if self._waiting and self._waiting[0] is batch:
                self._waiting.popleft()
                self._waiting_size -= len(batch.data)
            else:
                # It was given up while it was written after all.
                self._given_up -= batch.packets
                self.state = replace(self.state, lost=self.state.lost - batch.packets)
            self._given_up -= gap
            self.state = replace(
                self.state, path=self._file.path, size=self._file.size, packets=self.state.packets + batch.packets
            )
            self._succeed()

    def _gathered(self) -> _Batch:
        """The first batches that wait as one: a line in use gives hundreds of them in a second."""
        first, size, count = self._waiting[0], 0, 0
        for batch in self._waiting:
            size += len(batch.data)
            if count and size > AT_ONCE:
                break
            count += 1
        batches = [self._waiting.popleft() for _ in range(count)]
        together = first._replace(
            data=b"".join([batch.data for batch in batches]),
            packets=sum(batch.packets for batch in batches),
            described=sum(batch.described for batch in batches),
        )
        self._waiting.appendleft(together)
        return together

    def _gap(self, batch: _Batch) -> bytes:
        """What the capture says before this batch, where packets before it were given up."""
        if not self._given_up:
            return b""
        return self._writer.gap(batch.time, f"{self._given_up:,} packets were not recorded: {self.state.failure}")

    def _written(self, file: GrowingFile | None, batch: _Batch, gap: bytes) -> GrowingFile:
        """Write a batch, into another file where this one is full or gone. Runs in a thread."""
        limit, size = self._place.limit, len(gap) + len(batch.data)
        is_full = file is not None and limit is not None and file.size > len(batch.begins) and file.size + size > limit
        if file and (is_full or not file.is_there()):
            file.close()
            file = self._file = None
        if file is None:
            file = self._file = self._new_file(batch.begins)
            self._shift = batch.first - 1 - bool(gap)
        elif gap:
            self._shift = batch.first - 1 - self._records_in_file - 1
        # What was given up may have described interfaces.
        file.write(batch.begins[self._known :] + gap + batch.data)
        self._known = len(batch.begins) + batch.described
        self._records_in_file += batch.packets + bool(gap)
        return file

    def _new_file(self, begins: bytes) -> GrowingFile:
        file = self._place.new_file()
        try:
            file.write(begins)
        except BaseException:
            file.close()
            raise
        self._known, self._records_in_file = len(begins), 0
        return file

    def _fail(self, why: str) -> None:
        if self.state.failure != why:
            self.state = replace(self.state, failure=why)
            self._told(why)

    def _succeed(self) -> None:
        if self.state.failure:
            self.state = replace(self.state, failure="")
            self._told("")
