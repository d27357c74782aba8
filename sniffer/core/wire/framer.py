"""Divide a stream of bytes into frames and noise.

In: the bytes of each read, however they were cut, and the time when the read returned. Out: `Frame` and `Noise` in
order. Their `raw`, joined, is exactly the input. No I/O and no clock: the caller decides when the line has been idle
for long enough, and calls `flush`.

Theory of operation. Every byte that can begin a head is a candidate. Candidates are tried from left to right, and the
first whose CRC is correct is a frame. A candidate that fails costs one byte, so a damaged length cannot hide the frames
after it. A candidate that is not complete holds back what follows it, because what looks like a frame there may be its
payload. Each candidate is tried once, so the work is linear in the input. The bytes between frames are classified
afterwards: a head with all the bytes that it claims is `crc`, a head with fewer is `truncated`, and the rest is
`garbage`.

The result does not depend on how the input was cut, except for calls of `flush`.

On a live line nothing may wait for long (`LiveLimits`; docs/decisions/0008-live-framing.md). A candidate that claims
more than the longest live frame of its link is none. A frame is sent without a pause, so a candidate that is not
complete when it should be is overdue: the first valid frame after it is returned. Until its bytes are returned it can
still become a frame. What was returned is final.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from sniffer.base.times import MILLISECOND, SECOND
from sniffer.core.wire.byte_clock import ByteClock
from sniffer.core.wire.candidates import build_start_byte, find_noise_claim, group_by_first_byte, is_whole, judge
from sniffer.core.wire.crc import crc16
from sniffer.core.wire.frame import Frame, Noise, Reason
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import DBUS, ROUTES_IN_BYTES

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

_NOTHING = rb"(?!)"
"""The pattern that matches nowhere: for links whose frames have no head."""

_NEVER = 1 << 62
"""A time that never comes, and a size that no frame has."""


class LiveLimits(NamedTuple):
    """The limits of a live line.

    `longest_dbus` is the size in bytes of the longest `dbus` frame that is waited for. `patience` is how long the bytes
    of a frame may be late, in nanoseconds: adapters deliver them in bursts.
    """

    longest_dbus: int = LONGEST_LIVE_DBUS
    patience: int = 20 * MILLISECOND


class Framer:
    """The framer of one wire.

    `routes` are the routes that can occur on the wire. `baud` is used to compute when the first byte of a frame
    arrived from the time of its read. Without it, a frame has the time of the read that its first byte arrived in.
    `live` are the limits of a live line; None: the result is exact, and bytes wait for as long as they may belong to a
    frame.
    """

    def __init__(
        self, routes: Iterable[Route] = ROUTES_IN_BYTES, *, baud: int | None = None, live: LiveLimits | None = None
    ) -> None:
        routes = tuple(routes)
        self._candidates = group_by_first_byte(routes, {DBUS.name: live.longest_dbus} if live else None)
        self._starts = [*map(build_start_byte, self._candidates)]
        heads = [route.opening for route in routes if route.opening]
        self._max_head_size = max(map(len, heads), default=0)
        self._head_pattern = re.compile(b"|".join(map(re.escape, heads)) or _NOTHING)
        firsts = (re.escape(bytes([byte])) for byte, found in enumerate(self._candidates) if found)
        self._first_byte_pattern = re.compile(b"[" + b"".join(firsts) + b"]")
        self._clock = ByteClock()
        self._live = live
        self._shortest_limit = min(route.link.longest_live for route in routes)
        self._longest_piece = live.longest_dbus if live else _NEVER
        """The most bytes in one piece of truncated noise. A piece that holds no whole frame gives the same alone."""
        self._longest_wait = WAIT
        self.set_baud(baud)
        self._held = bytearray()
        self._scanned = 0
        self._next_size = 1
        self._deadline = _NEVER
        self._has_overdue = False

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
        self._longest_wait = max(WAIT, self._shortest_limit * self._clock.byte_time, patience)

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
        route, length_at, adds, checked_from = start
        size = len(data)
        if route is None:
            candidates = self._candidates[data[0]]
            if len(candidates) == 1:
                return Frame(candidates[0].route, time, data) if is_whole(candidates[0], data) else None
            route, end, _ = judge(candidates, data, 0, b"", ended=True)
            return Frame(route, time, data) if route and end == size else None
        if length_at >= size or adds + data[length_at] != size:
            return None
        return Frame(route, time, data) if crc16(data[checked_from:-2]) == data[-2] << 8 | data[-1] else None

    def _resolve(self, *, ended: bool) -> list[Frame | Noise]:
        """Return the frames and noise in the held bytes that can be decided, and keep the rest for the next read.

        If `ended` is True, no more bytes follow and nothing is kept.
        """
        data = bytes(self._held)
        out: list[Frame | Noise] = []
        self._next_size, self._deadline, self._has_overdue = len(data) + 1, _NEVER, False
        framed, at = self._find_frames(data, out, ended=ended)
        latest = self._find_deadline(framed, _NEVER)
        returned = self._classify_noise(data, framed, at, out, ended=ended or self._clock.last_time > latest)
        if returned > framed:
            latest = self._find_deadline(returned, _NEVER)
        self._deadline = min(self._deadline, latest)
        self._keep_rest(returned, at)
        return out

    def _find_frames(self, data: bytes, out: list[Frame | Noise], *, ended: bool) -> tuple[int, int]:
        """Try the candidates from left to right. Append each frame to `out`, after the noise before it.

        Returns where the last frame ends, and the first candidate that needs more bytes or time; without one, the end
        of the bytes.
        """
        size, starts, clock = len(data), self._starts, self._clock
        last_read_from, origin, byte_time, earliest = clock.last_read_dating(size)
        returned, at, rejected = 0, self._scanned, b""
        while at < size:
            start = starts[data[at]]
            if start is None:
                found = self._first_byte_pattern.search(data, at)
                at = found.start() if found else size
                continue
            route, length_at, adds, checked_from = start
            if route:
                length_at += at
                end = at + adds + data[length_at] if length_at < size else length_at + 1
                raw = data[at:end]
                # A stuck line repeats itself: bytes equal to those just rejected need no second CRC.
                if end <= size and (
                    (rejected and raw == rejected) or crc16(raw[checked_from:-2]) != raw[-2] << 8 | raw[-1]
                ):
                    rejected, route = raw, None
            else:
                route, end, wrong_end = judge(self._candidates[data[at]], data, at, rejected, ended=ended)
                if wrong_end:
                    rejected = data[at:wrong_end]
                raw = data[at:end] if route else b""
            if end > size:
                if not ended and self._wait_for(at, end):
                    break
                at += 1
            elif route:
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
                at += 1
        return returned, at

    def _wait_for(self, at: int, end: int) -> bool:
        """Return True if the rest of the candidate between these offsets is waited for, and False if it is overdue."""
        self._deadline = self._find_deadline(at, end - at)
        if self._clock.last_time > self._deadline:
            self._has_overdue = True
            return False
        self._next_size = end
        return True

    def _keep_rest(self, returned: int, at: int) -> None:
        """Keep the bytes from `returned` on. The next read goes on at `at`, as no frame begins before it."""
        del self._held[:returned]
        self._clock.release(returned)
        if self._has_overdue:
            # An overdue candidate whose bytes still wait may become a frame: it is tried again with any next byte.
            self._scanned, self._next_size = 0, 1
        else:
            self._scanned, self._next_size = at - returned, self._next_size - returned

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
            begun = self._candidates[data[start]] if self._head_pattern.match(data, start) else ()
            end, header_end = find_noise_claim(begun, data, start, stop)
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
                found = self._head_pattern.search(data, header_end, min(stop, limit + self._max_head_size - 1))
                end = min(found.start(), limit) if found else limit
                if end == stop and end - start < MAX_GARBAGE and not ended:
                    break
            out.append(Noise(reason, self._clock.time_at(start), data[start:end]))
            start = end
        return start
