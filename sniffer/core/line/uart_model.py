"""Model a serial line as levels over time, and what a UART receiver reads from it at any rate.

In: bytes, and the times at which they are sent. Out: the times at which the line changes its level (`Waveform.edges`),
and from these the bytes and line errors that a receiver of any rate reads (`Receiver`). The model shows what a wrong
rate, a wrong parity or an inverted line does to bytes. The baud rate finder, the check of the wiring and the tests use
it.

Times are integers in ticks of a little less than a picosecond (`TICKS_PER_SECOND`), so that bit times add up exactly.
An idle line is high. A character is a start bit (low), eight data bits from the lowest, a parity bit if there is one,
and a stop bit (high). The receiver waits for a falling edge and samples the middle of each bit. It is ready for the
next edge from the middle of the stop bit on. A low level there is a framing error, or a break if all bits were low. A
level that changes at the very moment of sampling is read as changed; a real receiver that samples sixteen times per bit
is late by up to a sixteenth of a bit.

An inverted line, such as RS-232 levels on a TTL adapter, is low when idle. The receiver then starts at the first
falling edge after the start bit, which is high there. Its characters are shifted and inverted, and depend on the data.
But a head that follows silence is always read as the same byte: 95 for AA and 22 for BB. `begins_inverted` recognises
these.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from sniffer.core.wire.items import LineError, LineErrorMark
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM

TICKS_PER_SECOND = 1_152_000_000_000
"""One second in ticks. Half a bit of every usual rate is a whole number of ticks."""

Parity = Literal["N", "E", "O"]

_ODD_ONES = tuple(value.bit_count() & 1 for value in range(256))


def parity_bit(value: int, parity: Literal["E", "O"]) -> int:
    """Return the parity bit that makes the number of ones, itself included, even ("E") or odd ("O")."""
    return _ODD_ONES[value] ^ (parity == "O")


class Waveform:
    """The levels of a line over time.

    `edges` holds the times at which the level changes, ascending; the first change is from high to low. `end` is when
    the last transmission ends.
    """

    def __init__(self) -> None:
        self.edges: list[int] = []
        self.end = 0
        self._high = True

    def send(self, data: bytes, baud: int, *, at: int | None = None, parity: Parity = "N", gap: int = 0) -> int:
        """Send bytes, not before `at` and not before the end of the previous transmission.

        Return when the last stop bit ends. `gap` is the number of bits that the line is idle between two bytes. If `at`
        is None, the bytes are sent at once.
        """
        begin = self.end if at is None else max(at, self.end)
        bit = 0
        for value in data:
            levels = value << 1 | 1 << 9
            size = 10
            if parity != "N":
                levels = value << 1 | parity_bit(value, parity) << 9 | 1 << 10
                size = 11
            for step in range(size):
                self._set_level(bool(levels >> step & 1), begin + (bit + step) * TICKS_PER_SECOND // baud)
            bit += size + gap
        self.end = begin + bit * TICKS_PER_SECOND // baud
        return self.end

    def hold_low(self, at: int, until: int) -> None:
        """Send a break: keep the line low from `at` until `until`, but not before what was sent has ended."""
        self._set_level(False, max(at, self.end))
        self._set_level(True, until)
        self.end = until

    def inverted_edges(self) -> list[int]:
        """Return the edges of the inverted line, which is low when idle, from the first moment on."""
        return [-1, *self.edges]

    def _set_level(self, high: bool, time: int) -> None:
        """Add an edge at this time if the level changes."""
        if high != self._high:
            self.edges.append(time)
            self._high = high


class ReceivedByte(NamedTuple):
    """One received character. `time` is the middle of its stop bit, in ticks."""

    value: int
    error: LineError | None
    time: int


class Receiver:
    """A UART receiver at `baud`. Edges may be appended to `edges` while it reads."""

    def __init__(self, edges: Sequence[int], baud: int, parity: Parity = "N") -> None:
        self.baud = baud
        self._edges = edges
        self._parity = parity
        self._ready = -TICKS_PER_SECOND
        self._next = 0

    def tune(self, baud: int, time: int) -> None:
        """Change the rate at a time in ticks.

        The character that is being received is lost; the rest of it is read as new characters.
        """
        self.baud = baud
        self._ready = max(time, self._ready)

    def read_characters(self, until: int) -> list[ReceivedByte]:
        """Return the characters that are complete at the time `until`, in ticks, and were not returned before."""
        edges, half, last = self._edges, 2 * self.baud, len(self._edges)
        stop_bit = 9 if self._parity == "N" else 10
        out: list[ReceivedByte] = []
        at, ready = self._next, self._ready
        while True:
            while at < last and (at & 1 or edges[at] < ready):
                at += 1
            if at >= last:
                break
            stop = edges[at] + (2 * stop_bit + 1) * TICKS_PER_SECOND // half
            if stop > until:
                break
            levels = self._sample(at, stop_bit)
            if levels & 1:
                # The pulse is too short for a start bit.
                ready = edges[at] + TICKS_PER_SECOND // half
                continue
            value, parity = levels >> 1 & 0xFF, stop_bit == 10 and levels >> 9 & 1
            out.append(ReceivedByte(value, self._find_error(value, parity, high=bool(levels >> stop_bit & 1)), stop))
            ready = stop
        self._ready, self._next = ready, at
        return out

    def _sample(self, at: int, stop_bit: int) -> int:
        """Return the levels in the middle of the start bit, which is bit 0, and of those up to the stop bit.

        The start bit begins with the edge number `at`.
        """
        edges, half, last = self._edges, 2 * self.baud, len(self._edges)
        start, levels, seen = edges[at], 0, at
        for bit in range(stop_bit + 1):
            middle = start + (2 * bit + 1) * TICKS_PER_SECOND // half
            while seen < last and edges[seen] <= middle:
                seen += 1
            # Edges are from high to low and from low to high by turns.
            if not seen & 1:
                levels |= 1 << bit
        return levels

    def read(self, until: int) -> tuple[bytes, tuple[LineErrorMark, ...]]:
        """Return the same as `read_characters` in the form that a tap delivers: bytes and line errors."""
        characters = self.read_characters(until)
        marks = tuple(LineErrorMark(at, one.error) for at, one in enumerate(characters) if one.error)
        return bytes(one.value for one in characters), marks

    def _find_error(self, value: int, parity: int, *, high: bool) -> LineError | None:
        """Return the line error of a character or None. `high` is the level in the middle of the stop bit."""
        if not high:
            return LineError.FRAMING if value or parity else LineError.BREAK
        if self._parity != "N" and parity != parity_bit(value, self._parity):
            return LineError.PARITY
        return None


def simulate_reception(frames: Iterable[bytes], *, sent_at: int, read_at: int) -> list[list[ReceivedByte]]:
    """Return the characters that a receiver reads from each frame by itself, with a long silence around it."""
    out = []
    for frame in frames:
        line = Waveform()
        end = line.send(frame, sent_at)
        out.append(Receiver(line.edges, read_at).read_characters(end + 20 * TICKS_PER_SECOND // read_at))
    return out


def _read_first_character(head: bytes) -> int:
    """Return the first byte read from an inverted frame with this head, after the break of the idle line.

    A following byte without a pause makes no difference to it.
    """
    line = Waveform()
    end = line.send(head + b"\x00", 9600, at=TICKS_PER_SECOND)
    return Receiver(line.inverted_edges(), 9600).read_characters(end + TICKS_PER_SECOND)[1].value


INVERTED_HEADS = frozenset(_read_first_character(route.head) for route in (COM_TO_PWR, PWR_TO_COM))
"""The bytes that the heads of an inverted pwrboard line are read as."""


def begins_inverted(burst: bytes) -> bool:
    """Return True if a burst begins like an inverted frame, possibly after breaks (00) of the idle line."""
    rest = burst.lstrip(b"\x00")
    return bool(rest) and rest[0] in INVERTED_HEADS
