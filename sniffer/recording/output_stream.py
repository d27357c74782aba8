"""Standard output as the destination of a recording, for a pipe to another program.

In: bytes of whole packets. Out: one capture, without end until the session ends. What a pipe has taken cannot be taken
back, so after half a packet nothing more is written. All calls may block, as the reader does. They raise
`RecordingError`.
"""

import os
from pathlib import Path

from sniffer.base.errors import OutputError, RecordingError, describe_write_failure

NAME = "-"
"""The name of standard output in place of that of a file."""

_PATH = Path("standard output")
_GONE = "its reader has ended"


class OutputStream:
    """An open descriptor that takes a capture. `size` is how many bytes it has taken."""

    def __init__(self, descriptor: int) -> None:
        self.path = _PATH
        self.size = 0
        self.is_broken = False
        """True if nothing more can be written."""
        self.has_lost_reader = False
        self._descriptor = descriptor

    def write(self, data: bytes) -> None:
        """Append whole packets. If nothing of them could be written, they can be written again."""
        if self.is_broken:
            raise RecordingError(self.path, _GONE)
        remaining = memoryview(data)
        try:
            while remaining:
                remaining = remaining[os.write(self._descriptor, remaining) :]
        except OSError as error:
            self.has_lost_reader = isinstance(error, BrokenPipeError)
            self.is_broken = self.has_lost_reader or len(remaining) < len(data)
            why = _GONE if self.has_lost_reader else describe_write_failure(error)
            raise RecordingError(self.path, why) from error
        self.size += len(data)

    def close(self) -> None:
        """Do nothing: standard output stays open until the program ends."""

    def is_intact(self) -> bool:
        """Return True: nobody else can shorten a stream."""
        return True


class StandardOutput:
    """The destination. Raises `OutputError` if standard output is a terminal, which cannot show a capture."""

    limit: int | None = None

    def __init__(self, descriptor: int) -> None:
        if os.isatty(descriptor):
            raise OutputError("a capture cannot be shown on a terminal: pipe it to `evse-sniff -`, or name a file")
        self.stream = OutputStream(descriptor)

    def new_file(self) -> OutputStream:
        """Return the stream."""
        return self.stream
