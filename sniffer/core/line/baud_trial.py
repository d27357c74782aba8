"""What was heard at one rate: frames, line errors, and how likely all that is if the line's rate is another.

In: the bytes and marks of each read, and where a burst of traffic is over. Out: counts for people, `believed` (the
frames cannot be there by chance) and `likelihood` of any rate.

The odds. In random bytes a head stands at one place in 128, and its CRC fits one time in 65536, whatever its length.
With `heads` places tried, k frames by chance have the odds (heads / 65536) ** k / k!; they must be below `CHANCE_LIMIT`,
two in a thousand million. So two frames are enough where no more than two other heads stood in between, three with 166
heads, four with some thousand. One is enough only where it was all that was heard, from one silence to the next: its
first byte is a head (1 in 128), its length ends it with the burst (1 in 256) and its CRC fits, which is one burst in
two thousand million. A short frame among noise is never enough by itself. Random noise without a pause and without a
line error at 921600 baud would be believed about once in a month, and be found out within seconds.

Frames count whatever line errors stand on them: wrong parity marks half the bytes of a frame that is right.
"""

from collections.abc import Iterable, Sequence
from math import factorial

from sniffer.core.line.baud_likelihood import expect_symbols
from sniffer.core.line.uart_model import begins_inverted
from sniffer.core.wire.frame import Frame, Noise, Reason
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.items import LineErrorMark
from sniffer.core.wire.links import ROUTES_IN_BYTES

CHANCE_LIMIT = 2e-9
CRC_VALUES = 65536

SYMBOLS_COMPARED = 64
"""Bytes whose values are compared with what a rate would give: they tell enough, and memory stays bounded."""

SAME_SYMBOL_LIMIT = 6
"""Of one value so many at most: traffic that repeats itself tells nothing new."""

SHORT_BURST_PENALTY = 2.3
"""What a burst that is shorter than any frame at a rate tells against it, ten to one; twice that below half of it."""
SHORT_BURSTS_KEPT = 3

BURST_START_KEPT = 4
"""Bytes at the beginning of a burst that are kept."""

_HEADS = tuple({route.head for route in ROUTES_IN_BYTES})


class BaudTrial:
    """What was heard while the line was set to `baud`."""

    def __init__(self, baud: int) -> None:
        self.baud = baud
        self._framer = Framer()
        self.clear()

    def clear(self) -> None:
        """Forget what was heard, but not the frame that has begun."""
        self.bytes = self.errors = self.bursts = 0
        self.valid = self.damaged = 0
        self._stray = self._heads = self._burst = 0
        self._inverted = 0
        self._burst_start = b""
        self._short: list[int] = []
        self._symbols: list[int] = []
        self._after_silence = False

    def restart_framing(self) -> None:
        """Forget the frame that has begun: bytes were left out."""
        self._framer = Framer()

    def feed(self, data: bytes, marks: Sequence[LineErrorMark], *, after_silence: bool) -> None:
        """Take one read."""
        if not self.bytes:
            self._after_silence = after_silence
        self.bytes += len(data)
        self.errors += len(marks)
        if len(self._burst_start) < BURST_START_KEPT:
            self._burst_start += data[:BURST_START_KEPT]
        self._burst += len(data)
        self._keep_symbols(data[:SYMBOLS_COMPARED], marks)
        self._count(self._framer.feed(data))

    def end_burst(self) -> None:
        """The burst is over: what waits is resolved."""
        self._count(self._framer.flush())
        if self._after_silence or self.bursts:
            self._short.append(self._burst)
            del self._short[:-SHORT_BURSTS_KEPT]
        else:
            # It was heard from somewhere in its middle: what is no frame in it tells nothing of the line.
            self._stray = self._heads = 0
        self._inverted += begins_inverted(self._burst_start)
        self.bursts += 1
        self._burst, self._burst_start = 0, b""

    @property
    def believed(self) -> bool:
        """Chance does not make such frames."""
        if self.valid < 2:
            return bool(self.valid and self.bursts and not self._burst and not self._stray)
        tried = (self.valid + self._heads) / CRC_VALUES
        return tried**self.valid / factorial(min(self.valid, 20)) < CHANCE_LIMIT

    @property
    def plausible(self) -> bool:
        """Whether something speaks for the rate, though not enough: a frame, or bursts that are inverted frames."""
        return self.valid > 0 or 2 * self._inverted > self.bursts

    def likelihood(self, baud: int, *, marked: bool) -> float:
        """The logarithm of how likely this is if the line runs at `baud`; `marked`: the source tells line errors."""
        expected = expect_symbols(self.baud, baud)
        if marked:
            total = sum(expected.marked[symbol] for symbol in self._symbols)
        else:
            total = sum(expected.plain[symbol & 255] for symbol in self._symbols)
        short = sum((size < expected.fewest) + (2 * size < expected.fewest) for size in self._short)
        return total - SHORT_BURST_PENALTY * short

    def describe(self) -> str:
        """What the rate gave, for people."""
        errors = f"{self.errors} line error{'s' * (self.errors != 1)} in " if self.errors else ""
        amount = f"{errors}{self.bytes} byte{'s' * (self.bytes != 1)}"
        if self.valid:
            frames = f"{self.valid} of {self.valid + self.damaged} frames valid"
            return f"{self.baud}: {frames}, {amount}" if self.errors else f"{self.baud}: {frames}"
        return f"{self.baud}: none, {amount}" if self.errors else f"{self.baud}: none in {amount}"

    def _keep_symbols(self, data: bytes, marks: Sequence[LineErrorMark]) -> None:
        if len(self._symbols) >= SYMBOLS_COMPARED:
            return
        wrong = {at for at, _ in marks}
        for at, value in enumerate(data):
            symbol = value | 256 * (at in wrong)
            if self._symbols.count(symbol) < SAME_SYMBOL_LIMIT:
                self._symbols.append(symbol)

    def _count(self, items: Iterable[Frame | Noise]) -> None:
        for item in items:
            if isinstance(item, Frame):
                self.valid += 1
            else:
                self._stray += len(item.raw)
                self._heads += sum(item.raw.count(head) for head in _HEADS)
                self.damaged += item.reason is Reason.CRC
