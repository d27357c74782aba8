"""Record a session without a screen, until its source ends, a signal arrives, or a limit is reached.

In: a session with its recorder. Out: the capture, and a line on what it holds. SIGINT and SIGTERM end the session as
cleanly as the end of its source: what was read is written first.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import takewhile
from typing import Protocol

from sniffer.base.phrasing import format_count
from sniffer.base.stop_signals import call_on_interrupt, call_on_stop_signals
from sniffer.core.protocol.definition_origin import DefinitionOrigin
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise
from sniffer.recording.destination import Destination
from sniffer.recording.output_stream import OutputStream
from sniffer.recording.recorder import Recorder
from sniffer.session import Session
from sniffer.sources.source import Source


class EndingRecorder(Protocol):
    """A recorder that may end the session, by setting `reached`."""

    reached: asyncio.Event

    @property
    def announcement(self) -> str:
        """One line on what begins, once the recorder is open."""
        ...

    @property
    def summary(self) -> str:
        """One line on what was recorded, at the end; empty if nothing was."""
        ...

    async def open(self) -> None:
        """Create the file. Raises `RecordingError`."""
        ...


class LimitedRecorder(Recorder):
    """A recorder that stops after `frames` frames, or never if that is None; `reached` is set at the limit."""

    def __init__(
        self,
        destination: Destination,
        source: Source,
        on_failure: Callable[[str], None],
        frames: int | None = None,
        *,
        origins: Sequence[DefinitionOrigin] = (),
    ) -> None:
        super().__init__(destination, source.name, source.baud, lambda: source.zone, on_failure, origins=origins)
        self.reached = asyncio.Event()
        self._name = source.name
        self._frame_limit = frames
        self._counts: Counter[str] = Counter()

    def receive(self, records: Sequence[Record]) -> None:
        """Record these records up to the limit. Those after it are dropped."""
        within = list(takewhile(self._admit, records))
        if within:
            super().receive(within)

    def _admit(self, record: Record) -> bool:
        """Count a record and return True, or return False if the limit was reached before it.

        The record that reaches the limit sets `reached`.
        """
        if self.reached.is_set():
            return False
        item = record.item
        if isinstance(item, Message):
            self._count("frame", item.frame.raw)
        elif isinstance(item, Noise):
            self._count("noise", item.raw)
        if self._frame_limit is not None and self._counts["frame"] >= self._frame_limit:
            self.reached.set()
        return True

    def _count(self, kind: str, raw: bytes) -> None:
        self._counts[kind] += 1
        self._counts["bytes"] += len(raw)

    @property
    def announcement(self) -> str:
        """One line on where it records."""
        return f"recording {self._name} into {self.state.path}: Ctrl-C ends it"

    @property
    def summary(self) -> str:
        """One line on what the capture holds; empty before there is one."""
        counts, state = self._counts, self.state
        if state.path is None:
            return ""
        frames, noise = format_count(counts["frame"], "frame"), format_count(counts["noise"], "piece of noise")
        contents = f"{format_count(counts['bytes'], 'byte')}: {frames} and {noise}"
        lost = f"; {format_count(state.lost, 'packet')} of them could not be recorded" if state.lost else ""
        return f"recorded {contents}, into {state.path} ({state.size:,} bytes){lost}"


async def record(
    session: Session,
    recorder: EndingRecorder,
    duration: float | None,
    say: Callable[[str], None],
    stream: OutputStream | None = None,
) -> None:
    """Run the session with this recorder to its end, to the recorder's limit, or for `duration` seconds.

    The time is not limited if `duration` is None. SIGINT, SIGTERM and SIGHUP end the session as well, and so does the
    end of the program that reads the `stream` into which is recorded; None is a recording into files. `say` is called
    with a line when recording begins. Raises `RecordingError` if the capture cannot be created, and the errors of the
    session.
    """
    stopped = asyncio.Event()
    call_on_stop_signals(stopped.set)
    with call_on_interrupt(stopped.set):
        await recorder.open()
        say(recorder.announcement)
        if stream:
            stream.watch_reader(recorder.reached.set)
        running = asyncio.create_task(session.run())
        ends = [asyncio.create_task(event.wait()) for event in (stopped, recorder.reached)]
        await asyncio.wait([running, *ends], timeout=duration, return_when=asyncio.FIRST_COMPLETED)
        for task in (running, *ends):
            task.cancel()
        with suppress(asyncio.CancelledError):
            await running
