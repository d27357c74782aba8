"""The bytes of a file that another program still writes, up to where the file is replaced.

A log is rotated in two ways. It is renamed and a new file of its name is begun: the old one is read to its end, also if
its writer goes on writing to it for a moment. Or it is copied and emptied: what was written between the last read and
that moment is in the copy only.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable
from enum import Enum, auto

from sniffer.base.compression import READ_SIZE
from sniffer.base.errors import SourceError

POLL_INTERVAL = 0.1
"""Seconds between two checks of a file that may grow."""

LINGER = 0.5
"""Seconds without new bytes after which a file that was renamed counts as complete."""

ABSENCE = 2.0
"""Seconds after which a file that is not there counts as deleted: in a rotation a new one follows at once."""

_MARK_SIZE = 256
"""Bytes at the beginning of the file by which one that was emptied and written again is recognised."""


class Ending(Enum):
    """The way in which a growing file ended."""

    RENAMED = auto()
    """Another file has its name now. All bytes were read."""
    EMPTIED = auto()
    """It was emptied. Its last bytes may be missing."""


class GrowingFile:
    """One file of this name, from its first byte on. `ending` is set when `pieces` ends.

    `on_absence` is called with True when the name has been absent for a while, and with False when it is there again.
    """

    def __init__(self, name: str, on_absence: Callable[[bool], None]) -> None:
        self.ending = Ending.RENAMED
        self._name = name
        self._on_absence = on_absence
        self._absence = 0.0

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """Yield the bytes of the file as they come. Raises `SourceError` if it cannot be read."""
        try:
            while not self._is_there():
                await asyncio.sleep(POLL_INTERVAL)
            with open(self._name, "rb", buffering=0) as file:
                descriptor, position, mark, quiet = file.fileno(), 0, b"", 0.0
                while True:
                    if os.fstat(descriptor).st_size < position or os.pread(descriptor, len(mark), 0) != mark:
                        self.ending = Ending.EMPTIED
                        return
                    if data := file.read(READ_SIZE):
                        position, quiet = position + len(data), 0.0
                        mark += data[: _MARK_SIZE - len(mark)]
                        yield data
                        continue
                    if self._is_there() and not self._is_same(descriptor) and quiet >= LINGER:
                        return
                    await asyncio.sleep(POLL_INTERVAL)
                    quiet += POLL_INTERVAL
        except OSError as error:
            raise SourceError(f"{self._name}: cannot be read: {error.strerror}") from error

    def _is_there(self) -> bool:
        """Return True if a file has this name now."""
        is_there = os.path.exists(self._name)
        if is_there and self._absence >= ABSENCE:
            self._on_absence(False)
        before, self._absence = self._absence, 0.0 if is_there else self._absence + POLL_INTERVAL
        if before < ABSENCE <= self._absence:
            self._on_absence(True)
        return is_there

    def _is_same(self, descriptor: int) -> bool:
        """Return True if the name still stands for the open file."""
        try:
            return os.path.samestat(os.stat(self._name), os.fstat(descriptor))
        except FileNotFoundError:
            return True
