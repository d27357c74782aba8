"""Collect evidence of one rate: frames, line errors, and the likelihood of all that for any rate of the line.

In: the bytes and line errors of each read, and the end of each burst. Out: counts for people, `believed` (the frames
cannot be there by chance) and `likelihood` of any rate.

The odds of the charger's links; those of others follow from their heads and checks. In random bytes, one position in
128 holds a head, and its CRC is valid once in 65536 cases, whatever its length. If `heads` positions were tried, k
valid frames by chance have the odds (heads / 65536) ** k / k!. These must be below `CHANCE_LIMIT`, two in a thousand
million. Two frames are therefore enough if at most two other heads stood in between, three with up to 166 heads, four
with some thousand.

A single frame is enough only if it was all that was received from one silence to the next. Its first byte is a head (1
in 128), its length ends with the burst (1 in 256) and its CRC is valid: together one burst in two thousand million. A
short frame among noise is never enough by itself. Uninterrupted random noise without line errors at 921600 baud would
be accepted about once a month, and rejected again within seconds.

Frames count even if their bytes have line errors: wrong parity marks half the bytes of a valid frame.
"""

from collections.abc import Iterable, Sequence
from math import factorial

from sniffer.core.line.baud_likelihood import expect_symbols
from sniffer.core.line.expected_traffic import PACKAGED_TRAFFIC, ExpectedTraffic
from sniffer.core.line.uart_model import begins_inverted
from sniffer.core.wire.frame import Frame, Noise, Reason
from sniffer.core.wire.framer import Framer
from sniffer.core.wire.items import LineErrorMark

CHANCE_LIMIT = 2e-9
"""The largest accepted probability that the valid frames of a trial are there by chance."""

SYMBOLS_COMPARED = 64
"""The number of bytes whose values are compared with the expectation for a rate. They suffice, and memory stays
bounded.
"""

SAME_SYMBOL_LIMIT = 6
"""The largest number of equal bytes among them: traffic that repeats itself adds no information."""

SHORT_BURST_PENALTY = 2.3
"""The evidence against a rate from a burst that is shorter than any frame at that rate: ten to one as a natural
logarithm. A burst below half of the shortest frame counts twice.
"""
SHORT_BURSTS_KEPT = 3
"""The number of the last bursts whose sizes are kept."""

BURST_START_KEPT = 4
"""The number of bytes at the start of a burst that are kept, to recognise inverted frames."""


class BaudTrial:
    """The bytes received while the port was set to `baud`.

    `bytes`, `errors` and `bursts` count what was received, `valid` and `damaged` count frames with a valid and a wrong
    CRC. `traffic` is what is expected on the line.
    """

    def __init__(self, baud: int, traffic: ExpectedTraffic = PACKAGED_TRAFFIC) -> None:
        self.baud = baud
        self._traffic = traffic
        self._framer = Framer(traffic.routes)
        self.clear()

    def clear(self) -> None:
        """Forget the received bytes, but keep an incomplete frame."""
        self.bytes = self.errors = self.bursts = 0
        self.valid = self.damaged = 0
        self._stray = self._heads = self._burst = 0
        self._inverted = 0
        self._burst_start = b""
        self._short: list[int] = []
        self._symbols: list[int] = []
        self._after_silence = False

    def restart_framing(self) -> None:
        """Forget an incomplete frame, because bytes after it were not examined."""
        self._framer = Framer(self._traffic.routes)

    def feed(self, data: bytes, marks: Sequence[LineErrorMark], *, after_silence: bool) -> None:
        """Add the bytes and line errors of one read.

        `after_silence` is True if the line was silent before the read.
        """
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
        """End the burst, and count the bytes that the framer still holds as frames or as bytes outside of frames.

        Bytes outside of frames are forgotten if the reception began in the middle of this burst.
        """
        self._count(self._framer.flush())
        if self._after_silence or self.bursts:
            self._short.append(self._burst)
            del self._short[:-SHORT_BURSTS_KEPT]
        else:
            # The reception began in the middle of this burst, so bytes outside frames are no evidence.
            self._stray = self._heads = 0
        self._inverted += self._traffic is PACKAGED_TRAFFIC and begins_inverted(self._burst_start)
        self.bursts += 1
        self._burst, self._burst_start = 0, b""

    @property
    def believed(self) -> bool:
        """True if the valid frames cannot be there by chance.

        A single valid frame is enough only if nothing else was received and its burst has ended.
        """
        if self.valid < 2:
            is_alone = bool(self.valid and self.bursts and not self._burst and not self._stray)
            return is_alone and self._traffic.is_single_frame_enough
        tried = (self.valid + self._heads) / self._traffic.check_values
        return tried**self.valid / factorial(min(self.valid, 20)) < CHANCE_LIMIT

    @property
    def plausible(self) -> bool:
        """True if there is some evidence for the rate: a valid frame, or bursts that begin like inverted frames."""
        return self.valid > 0 or 2 * self._inverted > self.bursts

    def likelihood(self, baud: int, *, marked: bool) -> float:
        """Return the natural logarithm of the probability of these bytes if the line runs at `baud`.

        `marked` is True if the source reports line errors.
        """
        expected = expect_symbols(self.baud, baud, self._traffic.frames)
        if marked:
            total = sum(expected.marked[symbol] for symbol in self._symbols)
        else:
            total = sum(expected.plain[symbol & 255] for symbol in self._symbols)
        short = sum((size < expected.fewest) + (2 * size < expected.fewest) for size in self._short)
        return total - SHORT_BURST_PENALTY * short

    def describe(self) -> str:
        """Return one line for people: the frames, line errors and bytes received at this rate."""
        errors = f"{self.errors} line error{'s' * (self.errors != 1)} in " if self.errors else ""
        amount = f"{errors}{self.bytes} byte{'s' * (self.bytes != 1)}"
        if self.valid:
            frames = f"{self.valid} of {self.valid + self.damaged} frames valid"
            return f"{self.baud}: {frames}, {amount}" if self.errors else f"{self.baud}: {frames}"
        return f"{self.baud}: none, {amount}" if self.errors else f"{self.baud}: none in {amount}"

    def _keep_symbols(self, data: bytes, marks: Sequence[LineErrorMark]) -> None:
        """Keep the first bytes of a trial, to compare them with what is expected.

        Each has 256 added if it has a line error. At most `SAME_SYMBOL_LIMIT` equal ones are kept.
        """
        if len(self._symbols) >= SYMBOLS_COMPARED:
            return
        wrong = {at for at, _ in marks}
        for at, value in enumerate(data):
            symbol = value | 256 * (at in wrong)
            if self._symbols.count(symbol) < SAME_SYMBOL_LIMIT:
                self._symbols.append(symbol)

    def _count(self, items: Iterable[Frame | Noise]) -> None:
        """Count valid and damaged frames, and the bytes and heads outside of valid frames."""
        for item in items:
            if isinstance(item, Frame):
                self.valid += 1
            else:
                self._stray += len(item.raw)
                self._heads += sum(item.raw.count(head) for head in self._traffic.heads)
                self.damaged += item.reason is Reason.CRC
