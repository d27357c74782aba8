"""A simulated line with a tap whose rate is set by a `BaudFinder`: traffic in, the changes of the finder out.

The tap reads every 10 ms of line time, like an adapter, and ticks the finder if nothing was received. A change of rate
takes effect between two reads, possibly in the middle of a character.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sniffer.base import times
from sniffer.core.line.baud_finder import BaudFinder
from sniffer.core.line.uart_model import TICKS_PER_SECOND, Parity, Receiver, Waveform
from sniffer.core.wire.items import LineErrorMark
from sniffer.simulator.line_timing import Step

READ_EVERY = 10_000_000
START = 1_700_000_000 * times.SECOND


def ticks(nanoseconds: int) -> int:
    return nanoseconds * TICKS_PER_SECOND // times.SECOND


@dataclass
class LineBench:
    """A tap on a line. `changes` holds the time of each change, in seconds from the start, and the new rates."""

    finder: BaudFinder = field(default_factory=BaudFinder)
    marked: bool = True
    changes: list[tuple[float, int, int | None, str]] = field(default_factory=list)
    data: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self.line = Waveform()
        self.receiver = Receiver(self.line.edges, self.finder.baud)
        self.time = 0

    @property
    def found(self) -> int | None:
        return self.finder.found

    def send(self, steps: Iterable[Step], baud: int, seconds: float, parity: Parity = "N") -> None:
        """Send traffic with its silences for `seconds`, and let the tap read during that time."""
        end = self.time + round(seconds * times.SECOND)
        for step in steps:
            at = self.line.end + ticks(step.silence)
            if at >= ticks(end):
                break
            self.line.send(step.data, baud, at=max(at, ticks(self.time)), parity=parity)
        self.listen(end)

    def listen(self, until: int) -> None:
        """Let the tap read the line until this time, in nanoseconds from the start."""
        while self.time < until:
            self.time = min(self.time + READ_EVERY, until)
            data, marks = self.receiver.read(ticks(self.time))
            self.hand_on(data, marks if self.marked else ())

    def hand_on(self, data: bytes, marks: tuple[LineErrorMark, ...]) -> None:
        self.data += data
        finder = self.finder
        now = START + self.time
        changed = finder.read(data, marks, now) if data else finder.tick(now)
        if changed:
            self.changes.append((self.time / times.SECOND, finder.baud, finder.found, finder.evidence))
        if finder.baud != self.receiver.baud:
            self.receiver.tune(finder.baud, ticks(self.time))

    def found_after(self) -> float:
        """Return when the current rate was found, in seconds from the start."""
        return next(at for at, _, found, _ in reversed(self.changes) if found)
