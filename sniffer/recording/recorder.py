"""The sink that saves a session while it runs.

In: the records and notes of the session. Out: a capture on the disk, at most a second behind.

Records are encoded as packets on the loop, some hundred at a time, which takes a millisecond. They are written in
a thread, because a disk that is slow or gone must not delay the reading of the line. Packets that cannot be written
are tried again every second, as `state` shows. When too many wait, the oldest are dropped, and a gap says how many.

The system takes packets for a disk that was pulled out, too. So the disk has to confirm every few seconds that it has
them. If it does not, those since the last time are lost: they are counted, and the next file begins with a gap.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import tzinfo
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from sniffer.base.blocking import run_detached
from sniffer.base.errors import RecordingError
from sniffer.base.phrasing import format_count
from sniffer.core.protocol.definition_origin import DefinitionOrigin
from sniffer.core.record import Record
from sniffer.core.wire.items import Tap
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.recording.batch_queue import BatchQueue
from sniffer.recording.capture_files import Batch, BatchFiles, CaptureFiles
from sniffer.recording.destination import Destination

FLUSH_INTERVAL = 0.25
"""Seconds after which new records are written."""

RETRY_INTERVAL = 1.0
"""Seconds after which a failed write is tried again."""

SYNC_INTERVAL = 5.0
"""Seconds after which the disk has to confirm what was written. More often wears cards, and holds up writing."""

SLOW_AFTER = 2.0
"""Seconds after which a disk that does not answer is reported."""

RECORDS_PER_BATCH = 256
"""Records that are encoded together. One by one they take twice as long."""

MAX_WRITE = 1 << 18
"""Bytes of several batches that are joined for one write."""

CLOSE_TIMEOUT = 5.0
"""Seconds that the disk has at the end, before the waiting packets are dropped."""

SLOW_SYNC_AFTER = 10.0
"""Seconds after which a disk that does not confirm is reported. A slow card may take some."""

NO_ANSWER = "the disk does not answer"


class RecordingState(Struct, frozen=True):
    """The state of a recording.

    `path` is the present file, None before the first; `size` is its size in bytes. `packets` is how many packets were
    written to all files, `lost` how many were dropped. `failure` is the reason why nothing can be written now; empty if
    all is well.
    """

    path: Path | None = None
    size: int = 0
    packets: int = 0
    lost: int = 0
    failure: str = ""

    @property
    def is_incomplete(self) -> bool:
        """True if something could not be recorded, or cannot be at present."""
        return bool(self.failure or self.lost)


class Recorder:
    """The recorder of one session.

    `zone` returns the time zone of a text log. `on_failure` is called with each new failure, and with an empty text
    when the failure is over. `origins` are the definitions that the session is decoded with.
    """

    def __init__(
        self,
        destination: Destination,
        name: str,
        baud: int | None,
        zone: Callable[[], tzinfo | None] = lambda: None,
        on_failure: Callable[[str], None] = lambda _: None,
        *,
        origins: Sequence[DefinitionOrigin] = (),
    ) -> None:
        self.state = RecordingState()
        self._writer = CaptureWriter(name, baud, origins=origins)
        self._files: BatchFiles = CaptureFiles(destination, self._writer)
        self._zone = zone
        self._on_failure = on_failure
        self._next_number = 1
        self._early_notes: dict[int, str] = {}
        self._records: list[Record] = []
        self._waiting = BatchQueue()
        self._dropped = 0
        self._last_failure = NO_ANSWER
        self._is_confirmed = True
        self._confirmed_at = 0.0
        self._write_timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """The number of records that are not written yet."""
        return len(self._records) + self._waiting.packets

    @property
    def waiting_since(self) -> int | None:
        """The time of the oldest record that is not written yet, in nanoseconds; None if there is none."""
        return self._waiting.began or (self._records[0].time if self._records else None)

    async def open(self) -> None:
        """Create the file now, so that an obstacle is reported at once. Raises `RecordingError`."""
        await run_detached(partial(self._files.begin, self._writer.encode_preamble()))
        self.state = replace(self.state, path=self._files.path, size=self._files.size)

    def add_tap(self, tap: Tap) -> None:
        """Add a tap of a session with several. The call comes before any record of that tap."""
        self._writer.encode_tap(tap)

    def receive(self, records: Sequence[Record]) -> None:
        """Take the next records of the session."""
        self._records += records
        if len(self._records) >= RECORDS_PER_BATCH:
            self._encode_records()
        self._schedule_write(FLUSH_INTERVAL)

    def set_note(self, number: int, text: str) -> None:
        """Save the note of a record, which may be still to come. An empty text removes the note."""
        self._encode_records()
        if number >= self._next_number:
            self._early_notes[number] = text
            return
        preamble = self._writer.encode_preamble()
        # The packet of the note is encoded when its file is known. The interface that it needs is described here.
        self._writer.encode_note(number, text)
        described = self._writer.encode_preamble()[len(preamble) :]
        self._add_batch(Batch(preamble, described, 0, len(described), self._next_number, notes=((number, text),)))

    async def close(self) -> None:
        """Write the waiting packets, for at most `CLOSE_TIMEOUT` seconds, and close the file.

        A cancellation is raised only after that, as everything that was read has to be saved.
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
        """Write what waits and close the file, within `CLOSE_TIMEOUT`; count and report what could not be written."""
        self._encode_records()
        if self._write_timer:
            self._write_timer.cancel()
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT):
                if self._writing:
                    await self._writing
                await self._write()
                if not self._waiting:
                    await self._confirm_end()
                    await run_detached(self._files.close)
        except TimeoutError:
            self._fail(NO_ANSWER)
        if self._write_timer:
            self._write_timer.cancel()
        if self._waiting:
            left, notes = self._waiting.packets, self._waiting.notes
            self.state = replace(self.state, lost=self.state.lost + left)
            what = format_count(left, "packet") + (f" and {format_count(notes, 'note')}" if notes else "")
            self._on_failure(f"{what} not recorded: {self._last_failure}")

    def _encode_records(self) -> None:
        """Encode the new records as packets."""
        records, early = self._records, self._early_notes
        if not records:
            return
        self._records = []
        self._writer.zone = self._zone()
        preamble, packet = self._writer.encode_preamble(), self._writer.encode_record
        data = b"".join([packet(one, early.pop(one.number, "") if early else "") for one in records])
        described = len(self._writer.encode_preamble()) - len(preamble)
        self._next_number = records[-1].number + 1
        first, last = records[0], records[-1]
        self._add_batch(Batch(preamble, data, len(records), described, first.number, last.time, began=first.time))

    def _add_batch(self, batch: Batch) -> None:
        """Add a batch to the queue, and count the packets that leave it because it is too long."""
        dropped = self._waiting.add(batch)
        self._dropped += dropped
        if dropped:
            self.state = replace(self.state, lost=self.state.lost + dropped)
        self._schedule_write(FLUSH_INTERVAL)

    def _schedule_write(self, seconds: float) -> None:
        if self._write_timer is None and (self._writing is None or self._writing.done()):
            self._write_timer = asyncio.get_running_loop().call_later(seconds, self._start_writing)

    def _start_writing(self) -> None:
        self._write_timer = None
        self._writing = asyncio.create_task(self._write_and_reschedule())

    async def _write_and_reschedule(self) -> None:
        """Write what waits, and plan the next attempt if something is left."""
        await self._write()
        await self._sync(SYNC_INTERVAL)
        self._writing = None
        if self._waiting or self._records or not self._is_confirmed:
            self._schedule_write(RETRY_INTERVAL if self.state.failure else FLUSH_INTERVAL)

    async def _confirm_end(self) -> None:
        """Let the disk confirm all that was written. One that is slow is not waited for, and that is no failure."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_TIMEOUT / 2):
                await self._sync(0)

    async def _sync(self, interval: float) -> None:
        """Let the disk confirm what was written, if that is `interval` seconds ago. What it lost is counted."""
        now = asyncio.get_running_loop().time()
        if self._is_confirmed or self.state.failure or now - self._confirmed_at < interval:
            return
        self._is_confirmed, self._confirmed_at = True, now
        slow = asyncio.get_running_loop().call_later(SLOW_SYNC_AFTER, self._fail, NO_ANSWER)
        try:
            await run_detached(self._files.sync)
        except RecordingError as error:
            self._take_failure(error)
        else:
            self._succeed()
        finally:
            slow.cancel()

    def _take_failure(self, error: RecordingError) -> None:
        """Report a failure, and count the packets that were written and are lost."""
        self._dropped += error.lost
        self.state = replace(self.state, packets=self.state.packets - error.lost, lost=self.state.lost + error.lost)
        self._fail(f"{error.why} ({error.path})")

    async def _write(self) -> None:
        """Write the waiting batches until one fails; that one stays in the queue.

        On a full disk smaller and smaller batches are tried, so that every packet that fits is saved.
        """
        self._encode_records()
        most = MAX_WRITE
        while self._waiting:
            batch, dropped = self._waiting.join(most), self._dropped
            slow = asyncio.get_running_loop().call_later(SLOW_AFTER, self._fail, NO_ANSWER)
            try:
                await run_detached(partial(self._files.write, batch, self._encode_gap(batch)))
            except RecordingError as error:
                if error.is_full and (half := self._waiting.split(batch)) is not None:
                    most = half
                    continue
                self._take_failure(error)
                return
            finally:
                slow.cancel()
            if not self._waiting.remove(batch):
                # The batch was dropped from the queue while it was being written, and was written after all.
                self._dropped -= batch.packets
                self.state = replace(self.state, lost=self.state.lost - batch.packets)
            self._dropped -= dropped
            self._is_confirmed = False
            self.state = replace(
                self.state, path=self._files.path, size=self._files.size, packets=self.state.packets + batch.packets
            )
            self._succeed()

    def _encode_gap(self, batch: Batch) -> bytes:
        """Return the packet of the gap before this batch; empty if no packets were dropped before it."""
        if not self._dropped:
            return b""
        lost = format_count(self._dropped, "packet")
        return self._writer.encode_gap(batch.time, f"{lost} not recorded: {self._last_failure}")

    def _fail(self, reason: str) -> None:
        """Report a failure, once for each reason, and keep it in the state."""
        if self.state.failure != reason:
            self._last_failure = reason
            self.state = replace(self.state, failure=reason)
            self._on_failure(reason)

    def _succeed(self) -> None:
        """Report that writing works again, if it failed before."""
        if self.state.failure:
            self.state = replace(self.state, failure="")
            self._on_failure("")
