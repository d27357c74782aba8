"""The byte ledger: every byte read is in a frame, in noise, or still waiting (design.md).

It answers a technician's first question, whether it is the bus or the tool, and so must always add up. Bytes read are
counted where they come in; frames and noise where they go out; the sum is checked, not assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sniffer.core.wire.frame import Reason
from sniffer.core.wire.items import LineError


@dataclass(frozen=True, slots=True)
class ByteLedger:
    """The counts at one moment. `noise` and `noise_bytes` are by reason, `marked` bytes by what is wrong with them."""

    read: int = 0
    frames: int = 0
    frame_bytes: int = 0
    noise: Mapping[Reason, int] = field(default_factory=lambda: dict.fromkeys(Reason, 0))
    noise_bytes: Mapping[Reason, int] = field(default_factory=lambda: dict.fromkeys(Reason, 0))
    lines: int = 0
    marked: Mapping[LineError, int] = field(default_factory=lambda: dict.fromkeys(LineError, 0))

    @property
    def waiting(self) -> int:
        """Bytes that were read and are neither in a frame nor in noise yet."""
        return self.read - self.frame_bytes - sum(self.noise_bytes.values())


class ByteLedgerCounter:
    """Counts for one session; frames are counted with their commands (`sniffer.core.charger.command_stats`)."""

    __slots__ = ("_lines", "_marked", "_noise", "_noise_bytes", "_read")

    def __init__(self) -> None:
        self._read = self._lines = 0
        self._noise = dict.fromkeys(Reason, 0)
        self._noise_bytes = dict.fromkeys(Reason, 0)
        self._marked = dict.fromkeys(LineError, 0)

    def read(self, count: int) -> None:
        self._read += count

    def noise(self, reason: Reason, size: int) -> None:
        self._noise[reason] += 1
        self._noise_bytes[reason] += size

    def line(self) -> None:
        self._lines += 1

    def mark(self, error: LineError) -> None:
        self._marked[error] += 1

    def balance(self, frames: int, frame_bytes: int) -> ByteLedger:
        return ByteLedger(
            self._read, frames, frame_bytes, dict(self._noise), dict(self._noise_bytes), self._lines, dict(self._marked)
        )
