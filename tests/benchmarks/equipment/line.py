"""A serial line that is fed at a rate: a raw pseudo-terminal, and a writer that writes bytes when they are due.

Bytes come in pieces as an FTDI adapter delivers them: 62 of them make a USB packet, which at 115200 baud is full every
5 ms. A writer that finds the line full tries again at its next turn. So bytes wait here if a reader is too slow, and no
byte is lost without a trace.
"""

import fcntl
import os
import struct
import termios
import tty
from bisect import bisect_left
from itertools import accumulate
from time import monotonic

PIECE_SECONDS = 0.005


class Line:
    """Both ends of a pseudo-terminal; `port` is the path that a tap opens, `master` the end that is written to."""

    def __init__(self) -> None:
        self.master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self.master, False)
        self.port = os.ttyname(self._slave)

    def write(self, data: bytes) -> int:
        """Write as many bytes as there is room for, and return their number."""
        try:
            return os.write(self.master, data)
        except BlockingIOError:
            return 0

    @property
    def unread(self) -> int:
        """Return the number of bytes that wait for the tap."""
        (count,) = struct.unpack("i", fcntl.ioctl(self._slave, termios.FIONREAD, bytes(4)))
        return int(count)

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._slave)
        os.close(self.master)


class Feed:
    """Frames in a loop, at `rate` bytes a second from the first turn on, until `end` is called.

    `fed` bytes are written so far. At the worst moment, `waited` more were due and found no room.
    """

    def __init__(self, line: Line, frames: list[bytes], rate: float) -> None:
        self._line = line
        self._round = b"".join(frames)
        self._ends = list(accumulate(map(len, frames)))
        self._rate = rate
        self._began: float | None = None
        self._next = 0.0
        self._limit: int | None = None
        self.fed = 0
        self.waited = 0

    @property
    def ended(self) -> bool:
        """Return True if the last frame is written to its end."""
        return self.fed == self._limit

    def turn(self) -> float:
        """Write the bytes that are due, piece by piece, and return when to call this again."""
        now = monotonic()
        if now < self._next:
            return self._next
        if self._began is None:
            self._began = now
        self._next = now + PIECE_SECONDS
        due = int((now - self._began) * self._rate)
        if self._limit is not None:
            due = min(due, self._limit)
        self._write(due - self.fed)
        self.waited = max(self.waited, due - self.fed)
        return self._next

    def end(self) -> None:
        """Stop after the frame that is being written."""
        rounds, at = divmod(self.fed, len(self._round))
        self._limit = rounds * len(self._round) + (self._ends[bisect_left(self._ends, at)] if at else 0)

    def _write(self, count: int) -> None:
        while count > 0:
            at = self.fed % len(self._round)
            written = self._line.write(self._round[at : at + count])
            if not written:
                return
            self.fed += written
            count -= written
