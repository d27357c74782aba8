"""Progress of a command that collects a session and prints its result only at the end, such as a report of a port.

In: the records of a session. Out: one line on a terminal that counts on every second and is removed at the end. Where
the output is no terminal, one line at the beginning says what is done and how it ends.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from shutil import get_terminal_size
from time import monotonic
from typing import TextIO

from sniffer.base.phrasing import format_count
from sniffer.base.sanitize import printable
from sniffer.base.stop_signals import run_until_stopped
from sniffer.base.times import SECOND, format_seconds
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise
from sniffer.session import Session
from sniffer.sources.saved_file import SavedSource
from sniffer.sources.source import Source

INTERVAL = 1.0
"""Seconds between two lines."""

_ERASE = "\r\x1b[K"
"""The escape sequence that removes the line of the cursor."""


class LiveProgress:
    """The progress of one session, a sink. `result` names what Ctrl-C prints. Nothing is written if `out` is None."""

    def __init__(self, name: str, result: str, out: TextIO | None, clock: Callable[[], float] = monotonic) -> None:
        self._name = printable(name)
        self._end = f"Ctrl-C prints {result}"
        self._out = out
        self._clock = clock
        self._began = clock()
        self._frames = self._noise = 0

    def receive(self, records: Sequence[Record]) -> None:
        """Count the frames and the noise among the records."""
        for record in records:
            self._frames += isinstance(record.item, Message)
            self._noise += isinstance(record.item, Noise)

    def format_line(self) -> str:
        """Return the line of this moment."""
        counts = f"{format_count(self._frames, 'frame')}, {format_count(self._noise, 'piece of noise')}"
        passed = format_seconds(round((self._clock() - self._began) * SECOND))
        return f"{self._name}: {passed}, {counts}; {self._end}"

    async def show(self) -> None:
        """Show the line until cancelled."""
        if self._out is None:
            return
        if not self._out.isatty():
            self._write(f"listening to {self._name}: {self._end}\n")
            return
        try:
            while True:
                self._write(f"{_ERASE}{self.format_line()[: get_terminal_size().columns - 1]}")
                await asyncio.sleep(INTERVAL)
        finally:
            self._write(_ERASE)

    def _write(self, text: str) -> None:
        if self._out:
            # A terminal that is gone ends the session by a signal; its loss here must not.
            with suppress(OSError):
                self._out.write(text)
                self._out.flush()


def progress_for(source: Source, result: str, out: TextIO | None) -> LiveProgress | None:
    """Return the progress of reading this source; None for a saved session, which ends by itself.

    Nothing is written if `out` is None, or for a pipe, which may end soon, where `out` is no terminal.
    """
    if isinstance(source, SavedSource):
        return None
    is_shown = out is not None and (source.is_live or out.isatty())
    return LiveProgress(source.name, result, out if is_shown else None)


async def run_with_progress(session: Session, progress: LiveProgress) -> None:
    """Run the session until it ends or a signal arrives, and show its progress meanwhile.

    Raises the errors of the session.
    """
    showing = asyncio.create_task(progress.show())
    try:
        await run_until_stopped(session.run())
    finally:
        showing.cancel()
        with suppress(asyncio.CancelledError):
            await showing
