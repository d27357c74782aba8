"""A serial line as levels over time, and what a receiver reads of it, at the line's own rate or at another.

In: bytes, and when they are sent. Out: the moments at which the line changes its level (`Waveform.edges`), and from these
the bytes and line errors of a receiver of any rate (`Receiver`). This is what a wrong rate, a wrong parity or an
inverted line does to bytes, as far as it can be known: the finder of the rate and the tests both rest on it.

Times are integers, in ticks of a little less than a picosecond (`SECOND`), so that bit times add up exactly. A line
rests high. A character is a start bit (low), eight data bits from the lowest, a parity bit where there is one, and a
stop bit (high). The receiver waits for a falling edge, looks at the middle of each bit, and is ready for the next edge
from the middle of the stop bit on; a low there is a framing error, and a break where all bits were low. A level that
changes in the very moment of a look is seen changed: a receiver that looks sixteen times a bit is late by up to a
sixteenth.

MERGED:
How a frame begins on a line whose levels are turned round, as RS-232's are to a TTL adapter.

In: the bytes of a burst. Out: whether it begins as an inverted frame would. An inverted line rests low, and a receiver
at its rate waits for a falling edge: not the start bit, which is high there, but the first low after it. So its
characters are shifted and turned round, and what follows depends on the data; but a head that comes after silence is
always read as the same byte: 95 for AA and 22 for BB, computed by the model of the line.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from sniffer.core.wire.items import LineError, LineErrorMark
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM

SECOND = 1_152_000_000_000
"""A second in ticks: half a bit of every usual rate is a whole number of them."""

Parity = Literal["N", "E", "O"]

_ODD_ONES = tuple(value.bit_count() & 1 for value in range(256))


def parity_bit(value: int, parity: Literal["E", "O"]) -> int:
    """The bit that makes the count of ones in byte and parity bit even ("E") or odd ("O")."""
    return _ODD_ONES[value] ^ (parity == "O")


class Waveform:
    """What a wire did: the times at which its level changed, ascending; the first change is from high to low."""

    def __init__(self) -> None:
        self.edges: list[int] = []
        self.end = 0
        self._high = True

    def send(self, data: bytes, baud: int, *, at: int | None = None, parity: Parity = "N", gap: int = 0) -> int:
        """Send bytes, not before `at` nor before what was sent is over; return when the last stop bit ends.

        `gap` is how many bits the line rests between two bytes.
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
                self._level(bool(levels >> step & 1), begin + (bit + step) * SECOND // baud)
            bit += size + gap
        self.end = begin + bit * SECOND // baud
        return self.end

    def hold_low(self, at: int, until: int) -> None:
        """A break: the line is low all that time."""
        self._level(False, max(at, self.end))
        self._level(True, until)
        self.end = until

    def inverted_edges(self) -> list[int]:
        """The edges of the same line with its levels turned round: low at rest, from the first moment on."""
        return [-1, *self.edges]

    def _level(self, high: bool, time: int) -> None:
        if high != self._high:
            self.edges.append(time)
            self._high = high


class ReceivedByte(NamedTuple):
    """One character as it was received; `time` is when it was complete."""

    value: int
    error: LineError | None
    time: int


class Receiver:
    """Reads a line's edges at `baud`; more edges may be added at the end of `edges` while it reads."""

    def __init__(self, edges: Sequence[int], baud: int, parity: Parity = "N") -> None:
        self.baud = baud
        self._edges = edges
        self._parity = parity
        self._ready = -SECOND
        self._next = 0

    def tune(self, baud: int, time: int) -> None:
        """Set another rate. The character that is being received is lost; what is left of it is taken as it comes."""
        self.baud = baud
        self._ready = max(time, self._ready)

    def read_characters(self, until: int) -> list[ReceivedByte]:
        """The characters that are complete by then."""
        edges, half, ready, last = self._edges, 2 * self.baud, self._ready, len(self._edges)
        steps = range(1, 9)
        stop_step = 9 if self._parity == "N" else 10
        out: list[ReceivedByte] = []
        at = self._next
        while True:
            while at < last and (at & 1 or edges[at] < ready):
                at += 1
            if at >= last:
                break
            start = edges[at]
            stop = start + (2 * stop_step + 1) * SECOND // half
            if stop > until:
                break
            seen, value = at, 0
            middle = start + SECOND // half
            while seen < last and edges[seen] <= middle:
                seen += 1
            if not seen & 1:
                # Too short for a start bit.
                ready = middle
                continue
            for step in steps:
                middle = start + (2 * step + 1) * SECOND // half
                while seen < last and edges[seen] <= middle:
                    seen += 1
                if not seen & 1:
                    value |= 1 << step - 1
            parity = 0
            if stop_step == 10:
                middle = start + 19 * SECOND // half
                while seen < last and edges[seen] <= middle:
                    seen += 1
                parity = ~seen & 1
            while seen < last and edges[seen] <= stop:
                seen += 1
            out.append(ReceivedByte(value, self._error(value, parity, high=not seen & 1), stop))
            ready = stop
        self._ready, self._next = ready, at
        return out

    def read(self, until: int) -> tuple[bytes, tuple[LineErrorMark, ...]]:
        """The same as a tap hands it on: bytes and marks."""
        characters = self.read_characters(until)
        marks = tuple(LineErrorMark(at, one.error) for at, one in enumerate(characters) if one.error)
        return bytes(one.value for one in characters), marks

    def _error(self, value: int, parity: int, *, high: bool) -> LineError | None:
        if not high:
            return LineError.FRAMING if value or parity else LineError.BREAK
        if self._parity != "N" and parity != parity_bit(value, self._parity):
            return LineError.PARITY
        return None


def simulate_reception(frames: Iterable[bytes], *, sent_at: int, read_at: int) -> list[list[ReceivedByte]]:
    """What a receiver of one rate reads of each of these frames, sent at another; the line rests long between them."""
    out = []
    for frame in frames:
        line = Waveform()
        end = line.send(frame, sent_at)
        out.append(Receiver(line.edges, read_at).read_characters(end + 20 * SECOND // read_at))
    return out


def _first_character(head: bytes) -> int:
    """The byte that is read first, after the break at rest; any byte that follows without a pause changes nothing."""
    line = Waveform()
    end = line.send(head + b"\x00", 9600, at=SECOND)
    return Receiver(line.inverted_edges(), 9600).read_characters(end + SECOND)[1].value


INVERTED_HEADS = frozenset(_first_character(route.head) for route in (COM_TO_PWR, PWR_TO_COM))


def begins_inverted(burst: bytes) -> bool:
    """Whether a burst begins as an inverted frame would; before it may be breaks, as which the line rests."""
    rest = burst.lstrip(b"\x00")
    return bool(rest) and rest[0] in INVERTED_HEADS
