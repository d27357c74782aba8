"""Computes when each byte that a framer holds arrived."""

from collections import deque


class ByteClock:
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
