"""Divide a stream of bytes into frames and noise.

In: the bytes of each read, however they were cut, and the time when the read returned. Out: `Frame` and `Noise` in
order. Their `raw`, joined, is exactly the input. No I/O and no clock: the caller decides when the line has been idle
for long enough, and calls `flush`.

Theory of operation. Every byte that can begin a head is a candidate. Candidates are tried from left to right, and the
first whose CRC is correct is a frame. A candidate that fails costs one byte, so a damaged length cannot hide the frames
behind it. A candidate that is not complete holds back what follows it, because what looks like a frame there may be its
payload. Each candidate is tried once, so the work is linear in the input. The bytes between frames are classified
afterwards: a head with all the bytes that it claims is `crc`, a head with fewer is `truncated`, and the rest is
`garbage`.

The result does not depend on how the input was cut, except for calls of `flush`.

On a live line nothing may wait for long (`LiveLimits`; docs/decisions/0008-live-framing.md). A candidate that claims
more than the longest live frame of its link is none. A frame is sent without a pause, so a candidate that is not
complete when it should be is overdue: the first valid frame behind it is returned. Until its bytes are returned it can
still become a frame. What was returned is final.
"""

import re
from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from sniffer.base.times import MILLISECOND, SECOND
from sniffer.core.wire.crc import crc16
from sniffer.core.wire.frame import Frame, Noise, Reason
from sniffer.core.wire.links import CRC_SIZE, DBUS, PWRBOARD, ROUTES_IN_BYTES, Route

MAX_GARBAGE = 256
"""The most bytes in one piece of garbage. A line of nothing but garbage is still shown as it arrives, in bounded
memory.
"""

BITS_PER_BYTE = 10
"""A start bit, eight data bits and a stop bit: 8N1 (protocol.md; `assumed`)."""


WAIT = SECOND
"""The longest time in nanoseconds for which a byte of a live line waits in the framer. On a line so slow that the
longest frame of the power board link takes longer, it is that time.
"""

LONGEST_LIVE_DBUS = 512
"""The size in bytes of the longest `dbus` frame that is waited for on a live line. The longest known one has 58."""

_NEVER = 1 << 62
"""A time that never comes, and a size that no frame has."""


class LiveLimits(NamedTuple):
    """The limits of a live line.

    `longest_dbus` is the size in bytes of the longest `dbus` frame that is waited for. `patience` is how long the bytes
    of a frame may be late, in nanoseconds: adapters deliver them in bursts.
    """

    longest_dbus: int = LONGEST_LIVE_DBUS
    patience: int = 20 * MILLISECOND


_StartByte = tuple[Route, int, int, slice, int]
"""A byte that can begin a frame, with what the inner loop needs: the route, the offset of the length field, the size of
a frame without payload, the part of a frame that the CRC covers, and the size of the longest frame that is waited for.

The offset of the length field is 0 if head or length field are longer than one byte. The link must be asked then. This
is a plain tuple because the inner loop unpacks it: Python unpacks named ones five times slower.
"""


class Framer:
    """The framer of one wire.

    `routes` are the routes that can occur on the wire. No two different heads may begin with the same byte. `baud` is
    used to compute when the first byte of a frame arrived from the time of its read. Without it, a frame has the time
    of the read that its first byte arrived in. `live` are the limits of a live line; None: the result is exact, and
    bytes wait for as long as they may belong to a frame.
    """

    def __init__(
        self, routes: Iterable[Route] = ROUTES_IN_BYTES, *, baud: int | None = None, live: LiveLimits | None = None
    ) -> None:
        routes = tuple(routes)
        heads = [route.head for route in routes]
        self._starts: list[_StartByte | None] = [None] * 256
        for route in routes:
            link = route.link
            one_byte_each = link.head_size == link.length_size == 1
            length_at = link.length_at if one_byte_each else 0
            longest = live.longest_dbus if live and link is DBUS else link.longest
            checked = slice(link.checked_from, -CRC_SIZE)
            self._starts[route.head[0]] = route, length_at, link.overhead, checked, longest
        self._max_head_size = max(map(len, heads))
        self._head_pattern = re.compile(b"|".join(map(re.escape, heads)))
        self._first_byte_pattern = re.compile(b"[" + b"".join(re.escape(head[:1]) for head in heads) + b"]")
        self._clock = _ByteClock()
        self._live = live
        self._longest_piece = live.longest_dbus if live else _NEVER
        """The most bytes in one piece of truncated noise. A piece that holds no whole frame gives the same alone."""
        self._longest_wait = WAIT
        self.set_baud(baud)
        self._held = bytearray()
        self._scanned = 0
        self._next_size = 1
        self._deadline = _NEVER

    @property
    def waiting(self) -> int:
        """The number of bytes that were fed but not returned yet."""
        return len(self._held)

    @property
    def is_frame_pending(self) -> bool:
        """True if a frame may begin in the waiting bytes and is not complete; False if they are noise already."""
        return self._scanned < len(self._held)

    @property
    def pending_since(self) -> int | None:
        """The time when the first waiting byte arrived; None if no bytes wait, or if the time is not known."""
        return self._clock.time_at(0) if self._held else None

    def set_baud(self, baud: int | None) -> None:
        """Set the rate of the bytes that are fed from now on. None if it is not known."""
        self._clock.byte_time = BITS_PER_BYTE * SECOND // baud if baud else 0
        patience = self._live.patience if self._live else 0
        self._longest_wait = max(WAIT, PWRBOARD.longest * self._clock.byte_time, patience)

    def feed(self, data: bytes, time: int | None = None) -> list[Frame | Noise]:
        """Feed the bytes of one read and return the frames and noise that they complete.

        `time` is when the read returned, in nanoseconds.
        """
        self._held += data
        self._clock.add_read(len(data), time)
        if len(self._held) < self._next_size and (time is None or time <= self._deadline):
            return []
        return self._resolve(ended=False)

    def flush(self) -> list[Frame | Noise]:
        """Return all waiting bytes as frames and noise: the line is idle, or the source has ended."""
        return self._resolve(ended=True)

    def parse_whole(self, data: bytes, time: int | None) -> Frame | None:
        """Return the frame that consists of exactly these bytes; None if they are anything else.

        Waiting bytes are not touched.
        """
        start = self._starts[data[0]] if data else None
        if start is None:
            return None
        route, length_at, overhead, checked, _ = start
        size = len(data)
        if not length_at:
            if not data.startswith(route.head) or route.link.frame_end(data, 0, size) != size:
                return None
        elif length_at >= size or overhead + data[length_at] != size:
            return None
        return Frame(route, time, data) if crc16(data[checked]) == data[-2] << 8 | data[-1] else None

    def _resolve(self, *, ended: bool) -> list[Frame | Noise]:
        """Try all candidates that can be decided, and keep the rest for the next read.

        If `ended` is True, no more bytes follow and nothing is kept.
        """
        data = bytes(self._held)
        size = len(data)
        starts, clock = self._starts, self._clock
        last_read_from, origin, byte_time, earliest = clock.last_read_dating(size)
        out: list[Frame | Noise] = []
        returned, at, next_size, deadline = 0, self._scanned, size + 1, _NEVER
        rejected, has_overdue = b"", False
        while at < size:
            start = starts[data[at]]
            if start is None:
                found = self._first_byte_pattern.search(data, at)
                at = found.start() if found else size
                continue
            route, length_at, overhead, checked, longest = start
            if length_at and at + length_at < size:
                end = at + overhead + data[at + length_at]
            else:
                end = _frame_end(route, data, at, size)
                if not at < end <= at + longest:
                    at += 1
                    continue
            if end > size:
                if not ended:
                    deadline = self._find_deadline(at, end - at)
                    if clock.last_time <= deadline:
                        next_size = end
                        break
                    has_overdue = True
                at += 1
                continue
            raw = data[at:end]
            # A stuck line repeats itself: bytes equal to those just rejected need no second CRC.
            if raw != rejected and crc16(raw[checked]) == raw[-2] << 8 | raw[-1]:
                if returned < at:
                    self._classify_noise(data, returned, at, out, ended=True)
                if at >= last_read_from:
                    time = origin + at * byte_time
                    if time < earliest:
                        time = earliest
                    out.append(Frame(route, time, raw))
                else:
                    out.append(Frame(route, clock.time_at(at), raw))
                returned = at = end
            else:
                rejected = raw
                at += 1
        waits_too_long = self._live is not None and clock.last_time > self._find_deadline(returned, _NEVER)
        returned = self._classify_noise(data, returned, at, out, ended=ended or waits_too_long)
        del self._held[:returned]
        self._clock.release(returned)
        # An overdue candidate whose bytes still wait may become a frame: it is tried again.
        self._scanned, self._next_size = (0, 1) if has_overdue else (at - returned, next_size - returned)
        self._deadline = min(deadline, self._find_deadline(0, _NEVER)) if self._held else _NEVER
        return out

    def _find_deadline(self, at: int, size: int) -> int:
        """Return the time at which a candidate of this size that begins at `at` is overdue: it should be complete.

        The size `_NEVER` gives the time at which the byte at `at` has waited for too long. There is no deadline without
        limits, and for a byte without a time.
        """
        arrived = self._clock.find_time(at) if self._live and at < len(self._held) else None
        if self._live is None or arrived is None:
            return _NEVER
        byte_time = self._clock.byte_time
        takes = size * byte_time + self._live.patience if byte_time and size != _NEVER else _NEVER
        return arrived + min(takes, self._longest_wait)

    def _classify_noise(self, data: bytes, start: int, stop: int, out: list[Frame | Noise], *, ended: bool) -> int:
        """Append `data[start:stop]`, in which no frame begins, to `out` as noise. Return where the part that must wait
        begins.

        A part must wait if more bytes could lengthen its last piece. Nothing waits if `ended` is True.
        """
        while start < stop:
            begun = self._starts[data[start]] if self._head_pattern.match(data, start) else None
            route = begun[0] if begun else None
            end = _frame_end(route, data, start, stop) if route else 0
            if end > stop:
                if not ended:
                    break
                reason, end = Reason.TRUNCATED, min(stop, start + self._longest_piece)
            elif end:
                reason = Reason.CRC
            else:
                reason = Reason.GARBAGE
                limit = min(stop, start + MAX_GARBAGE)
                # The length field that disproves a head stays in its piece, so that the piece alone gives the same.
                claim_size = route.link.length_at + route.link.length_size if route else 1
                found = self._head_pattern.search(data, start + claim_size, min(stop, limit + self._max_head_size - 1))
                end = min(found.start(), limit) if found else limit
                if end == stop and end - start < MAX_GARBAGE and not ended:
                    break
            out.append(Noise(reason, self._clock.time_at(start), data[start:end]))
            start = end
        return start


def _frame_end(route: Route, data: bytes, start: int, stop: int) -> int:
    """Return the offset where a frame of this route that begins at `start` ends; 0 if none can begin there.

    If the bytes before `stop` do not suffice to decide, returns an offset greater than `stop`, by at most the number of
    bytes that are needed to decide.
    """
    head = data[start : min(start + route.link.head_size, stop)]
    if not route.head.startswith(head):
        return 0
    return route.link.frame_end(data, start, stop) if head == route.head else stop + 1


class _ByteClock:
    """Computes when each held byte arrived: the time of its read, minus the duration of the bytes that followed it
    there.

    The result is never earlier than the read before. Otherwise a read that a busy machine made late would overlap it.
    Positions count from the first held byte, as in the framer, and are requested in ascending order.
    """

    def __init__(self) -> None:
        self.byte_time = 0
        self._reads: deque[tuple[int, int | None, int]] = deque()
        self._held_from = 0
        self._total = 0
        self._last_read_time = 0

    def add_read(self, count: int, time: int | None) -> None:
        """Add the bytes of a read; `time` is when the last of them arrived, in nanoseconds, or None."""
        if count:
            self._total += count
            # If the clock was set back, the limit is this read, so that no byte is dated after its own arrival.
            earliest = self._last_read_time if time is None else min(self._last_read_time, time)
            self._reads.append((self._total, time, earliest))
            self._last_read_time = time or 0

    def release(self, count: int) -> None:
        """Forget the first `count` held bytes; later positions count from the byte that follows them."""
        self._held_from += count
        while self._reads and self._reads[0][0] <= self._held_from:
            self._reads.popleft()

    def last_read_dating(self, size: int) -> tuple[int, int, int, int]:
        """Return `(position, origin, byte_time, earliest)` for the bytes of the last read.

        From `position` on, the time of a byte is `origin + position * byte_time`, but at least `earliest`. `position`
        is `size` if the read has no time.
        """
        end, time, earliest = self._reads[-1] if self._reads else (0, None, 0)
        if time is None:
            return size, 0, 0, 0
        begin = self._reads[-2][0] if len(self._reads) > 1 else self._held_from
        origin = time - (end - 1 - self._held_from) * self.byte_time
        return begin - self._held_from, origin, self.byte_time, earliest

    @property
    def last_time(self) -> int:
        """The time of the last read; 0 if it has none."""
        return self._last_read_time

    def find_time(self, position: int) -> int | None:
        """Return when the byte at this position arrived, in any order of positions; None if its read has no time."""
        position += self._held_from
        for end, time, earliest in self._reads:
            if position < end:
                return None if time is None else max(earliest, time - (end - 1 - position) * self.byte_time)
        return None

    def time_at(self, position: int) -> int | None:
        """Return when the byte at this position arrived; None if its read has no time."""
        position += self._held_from
        end, time, earliest = self._reads[0]
        while end <= position:
            self._reads.popleft()
            end, time, earliest = self._reads[0]
        if time is None:
            return None
        time -= (end - 1 - position) * self.byte_time
        return max(earliest, time)
