"""Cut a stream of bytes into frames and noise.

In: the bytes of each read, however they were cut, and the time at which the read returned. Out: `Frame` and `Noise`
in order; their `raw`, joined, is exactly what went in. No I/O, no clock: when the line has been idle for long
enough is for the caller to say, with `flush`.

How it works. Every byte that can begin a head is a candidate. Candidates are tried from left to right, and the first
whose CRC fits is a frame; a candidate that fails costs one byte, so a damaged length can hide nothing behind it. A
candidate that waits for bytes holds back what follows it, because what looks like a frame there may be its payload.
Each candidate is tried once, so the work is linear in the input. What lies between frames is named afterwards: a
head whose claimed bytes are all there is `crc`, one that was cut short is `truncated`, the rest is `garbage`.

Nothing but `flush` makes the result depend on how the input was cut.
"""

import re
from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from sniffer.base.times import SECOND
from sniffer.core.wire.crc import crc16
from sniffer.core.wire.frame import Frame, Noise, Reason
from sniffer.core.wire.links import CRC_SIZE, ROUTES_IN_BYTES, Route

LONGEST_GARBAGE = 256
"""Bytes in one piece of garbage: a line of nothing but garbage still shows as it comes, and uses bounded memory."""

BITS_PER_BYTE = 10
"""Start bit, eight data bits, stop bit: 8N1 (protocol.md; `assumed`)."""


class _Start(NamedTuple):
    """What a first byte can begin, flat, for the loop that runs for every frame.

    `length_at` is 0 where head or length are longer than a byte, and the link must be asked.
    """

    route: Route
    length_at: int
    overhead: int
    checked_from: int


class Framer:
    """One wire's framer.

    `routes` are what may stand on the wire; heads that begin with the same byte exclude each other. `baud` dates a
    frame's first byte back from the arrival of the read that brought it; without it a frame has the time of that
    read.
    """

    def __init__(self, routes: Iterable[Route] = ROUTES_IN_BYTES, *, baud: int | None = None) -> None:
        routes = tuple(routes)
        heads = [route.head for route in routes]
        self._start_of: list[_Start | None] = [None] * 256
        for route in routes:
            link = route.link
            one_byte_each = link.head_size == link.length_size == 1
            length_at = link.length_at if one_byte_each else 0
            self._start_of[route.head[0]] = _Start(route, length_at, link.overhead, link.checked_from)
        self._longest_head = max(map(len, heads))
        self._head = re.compile(b"|".join(map(re.escape, heads)))
        self._first_byte = re.compile(b"[" + b"".join(re.escape(head[:1]) for head in heads) + b"]")
        self._clock = _Clock()
        self.set_baud(baud)
        self._held = bytearray()
        self._tried = 0
        self._wanted = 1

    @property
    def waiting(self) -> int:
        """How many bytes were read but are not given out yet."""
        return len(self._held)

    @property
    def waits_since(self) -> int | None:
        """When the first of them arrived; None where none wait, or that is not known."""
        return self._clock.time_at(0) if self._held else None

    def set_baud(self, baud: int | None) -> None:
        """What is read from here on came at this rate."""
        self._clock.byte_time = BITS_PER_BYTE * SECOND // baud if baud else 0

    def feed(self, data: bytes, time: int | None = None) -> list[Frame | Noise]:
        """Take one read and return what it completes."""
        self._held += data
        self._clock.arrived(len(data), time)
        if len(self._held) < self._wanted:
            return []
        return self._resolve(ended=False)

    def flush(self) -> list[Frame | Noise]:
        """Resolve what still waits: the line is idle, or the source has ended."""
        return self._resolve(ended=True)

    def whole(self, data: bytes, time: int | None) -> Frame | None:
        """The frame that these bytes are from the first to the last; None where they are anything else.

        What waits here is left alone, and so are frames whose head or length is longer than a byte.
        """
        start = self._start_of[data[0]] if data else None
        if start is None:
            return None
        route, length_at, overhead, checked_from = start
        size = len(data)
        if not 0 < length_at < size or overhead + data[length_at] != size:
            return None
        return Frame(route, time, data) if crc16(data[checked_from:-2]) == data[-2] << 8 | data[-1] else None

    def _resolve(self, *, ended: bool) -> list[Frame | Noise]:
        """Try every candidate that can be decided; keep the rest for the next read."""
        data = bytes(self._held)
        size = len(data)
        start_of, clock = self._start_of, self._clock
        dated_from, origin, byte_time, earliest = clock.last_read(size)
        out: list[Frame | Noise] = []
        given, at, wanted = 0, self._tried, size + 1
        refused = b""
        while at < size:
            start = start_of[data[at]]
            if start is None:
                found = self._first_byte.search(data, at)
                at = found.start() if found else size
                continue
            route, length_at, overhead, checked_from = start
            if length_at and at + length_at < size:
                end = at + overhead + data[at + length_at]
            else:
                end = _frame_end(route, data, at, size)
            if end > size:
                if not ended:
                    wanted = end
                    break
                at += 1
                continue
            raw = data[at:end]
            # A line that is stuck repeats itself: what was just refused need not be checked again.
            if raw and raw != refused and crc16(raw[checked_from:-CRC_SIZE]) == raw[-2] << 8 | raw[-1]:
                if given < at:
                    self._name_noise(data, given, at, out, ended=True)
                if at >= dated_from:
                    time = origin + at * byte_time
                    if time < earliest:
                        time = earliest
                    out.append(Frame(route, time, raw))
                else:
                    out.append(Frame(route, clock.time_at(at), raw))
                given = at = end
            else:
                refused = raw or refused
                at += 1
        given = self._name_noise(data, given, at, out, ended=ended)
        del self._held[:given]
        self._clock.given(given)
        self._tried, self._wanted = at - given, wanted - given
        return out

    def _name_noise(self, data: bytes, start: int, stop: int, out: list[Frame | Noise], *, ended: bool) -> int:
        """Cut `data[start:stop]`, in which no frame begins, into noise; return where the part that must wait begins.

        It must wait while more bytes could lengthen its last piece; with `ended` none can.
        """
        while start < stop:
            head = self._start_of[data[start]] if self._head.match(data, start) else None
            end = _frame_end(head.route, data, start, stop) if head else 0
            if end > stop:
                if not ended:
                    break
                reason, end = Reason.TRUNCATED, stop
            elif end:
                reason = Reason.CRC
            else:
                reason = Reason.GARBAGE
                limit = min(stop, start + LONGEST_GARBAGE)
                # Its length shows that a head is none: it stays with it, so that each piece by itself tells the same.
                told = head.route.link.length_at + head.route.link.length_size if head else 1
                found = self._head.search(data, start + told, min(stop, limit + self._longest_head - 1))
                end = min(found.start(), limit) if found else limit
                if end == stop and end - start < LONGEST_GARBAGE and not ended:
                    break
            out.append(Noise(reason, self._clock.time_at(start), data[start:end]))
            start = end
        return start


def _frame_end(route: Route, data: bytes, start: int, stop: int) -> int:
    """Where a frame of this route that begins at `start` would end; 0 if none can begin there.

    Past `stop` where what stands before it does not tell yet: by no more than it takes to tell.
    """
    head = data[start : min(start + route.link.head_size, stop)]
    if not route.head.startswith(head):
        return 0
    return route.link.frame_end(data, start, stop) if head == route.head else stop + 1


class _Clock:
    """When each byte that is still held arrived: the time of its read, less the bytes that followed it there.

    Never before the read that came earlier, though, which a read that a busy machine made late would otherwise
    reach. Positions count from the first byte held, as in the framer, and are asked for in ascending order.
    """

    def __init__(self) -> None:
        self.byte_time = 0
        self._reads: deque[tuple[int, int | None, int]] = deque()
        self._held_from = 0
        self._arrived = 0
        self._last_read = 0

    def arrived(self, count: int, time: int | None) -> None:
        if count:
            self._arrived += count
            # A clock that was set back does not date a byte after its own arrival.
            self._reads.append((self._arrived, time, self._last_read if time is None else min(self._last_read, time)))
            self._last_read = time or 0

    def given(self, count: int) -> None:
        self._held_from += count
        while self._reads and self._reads[0][0] <= self._held_from:
            self._reads.popleft()

    def last_read(self, size: int) -> tuple[int, int, int, int]:
        """From which position on `origin + position * byte_time`, but no less than `earliest`, is the time."""
        end, time, earliest = self._reads[-1] if self._reads else (0, None, 0)
        if time is None:
            return size, 0, 0, 0
        begin = self._reads[-2][0] if len(self._reads) > 1 else self._held_from
        origin = time - (end - 1 - self._held_from) * self.byte_time
        return begin - self._held_from, origin, self.byte_time, earliest

    def time_at(self, position: int) -> int | None:
        position += self._held_from
        end, time, earliest = self._reads[0]
        while end <= position:
            self._reads.popleft()
            end, time, earliest = self._reads[0]
        if time is None:
            return None
        time -= (end - 1 - position) * self.byte_time
        return max(earliest, time)
