"""`record`: a session without a screen, which ends when its source does, when it is told to, or at a limit.

In: a session with its recorder. Out: the capture, and a line on what is in it. SIGINT and SIGTERM end it as cleanly as
its source would: what was read is written first.
"""

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress

from sniffer.charger.snapshot import Snapshot
from sniffer.pipeline import Record
from sniffer.protocol.message import Message
from sniffer.recording.recorder import Recorder, Recording
from sniffer.session import Session


class Limit:
    """A sink that ends the session after so many frames; None: never."""

    def __init__(self, frames: int | None) -> None:
        self._left = frames
        self.reached = asyncio.Event()

    def receive(self, records: Sequence[Record]) -> None:
        """Count what the session gives."""
        if self._left is not None:
            self._left -= sum(isinstance(record.item, Message) for record in records)
            if self._left <= 0:
                self.reached.set()

    def told(self, snapshot: Snapshot, recording: Recording) -> str:
        """What is in the capture."""
        ledger = snapshot.ledger
        noise = sum(ledger.noise.values())
        counts = f"{ledger.read:,} bytes: {ledger.frames:,} frames and {noise:,} pieces of noise"
        lost = f"; {recording.lost:,} packets could not be recorded" if recording.lost else ""
        return f"recorded {counts}, into {recording.path or 'no file'} ({recording.size:,} bytes){lost}"


async def record(
    session: Session, recorder: Recorder, limit: Limit, duration: float | None, say: Callable[[str], None]
) -> None:
    """Run the session to its end; `say` is told when it begins.

    Raises `OutputError` where the capture cannot be begun, and as the session does.
    """
    await recorder.open()
    say(f"recording {session.source.name} into {recorder.state.path}: Ctrl-C ends it")
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    if os.name == "posix":
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stopped.set)
    running = asyncio.create_task(session.run())
    ends = [asyncio.create_task(event.wait()) for event in (stopped, limit.reached)]
    await asyncio.wait([running, *ends], timeout=duration, return_when=asyncio.FIRST_COMPLETED)
    for task in (running, *ends):
        task.cancel()
    with suppress(asyncio.CancelledError):
        await running
