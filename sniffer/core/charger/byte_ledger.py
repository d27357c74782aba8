"""The byte ledger: every byte read is in a frame, in noise, or still waiting for more.

It answers a technician's first question, whether the fault is on the bus or in the tool, so it must always add up.
Bytes read are counted where they come in, frames and noise where they go out: the sum is checked, not assumed.
"""

from collections.abc import Mapping

from msgspec import Struct, field

from sniffer.core.wire.frame import Reason
from sniffer.core.wire.items import LineError


class ByteLedger(Struct, frozen=True):
    """The counts at one moment. `noise` (pieces) and `noise_bytes` are by reason, `marked` (bytes) by line error."""

    read: int = 0
    frames: int = 0
    frame_bytes: int = 0
    noise: Mapping[Reason, int] = field(default_factory=lambda: dict.fromkeys(Reason, 0))
    noise_bytes: Mapping[Reason, int] = field(default_factory=lambda: dict.fromkeys(Reason, 0))
    lines: int = 0
    marked: Mapping[LineError, int] = field(default_factory=lambda: dict.fromkeys(LineError, 0))

    @property
    def waiting(self) -> int:
        """The number of bytes that were read and are not yet in a frame or in noise."""
        return self.read - self.frame_bytes - sum(self.noise_bytes.values())


class ByteLedgerCounter:
    """The byte counter of one session. Frames are counted with their commands (`command_stats`).

    `lines` counts the lines of a text log that carry no frame.
    """

    __slots__ = ("_marked", "_noise", "_noise_bytes", "_read", "lines")

    def __init__(self) -> None:
        self._read = self.lines = 0
        self._noise = dict.fromkeys(Reason, 0)
        self._noise_bytes = dict.fromkeys(Reason, 0)
        self._marked = dict.fromkeys(LineError, 0)

    def count_read(self, count: int) -> None:
        """Count bytes that the source read."""
        self._read += count

    def count_noise(self, reason: Reason, size: int) -> None:
        """Count a piece of noise of `size` bytes."""
        self._noise[reason] += 1
        self._noise_bytes[reason] += size

    def count_line_error(self, error: LineError) -> None:
        """Count a byte with this line error."""
        self._marked[error] += 1

    def balance(self, frames: int, frame_bytes: int) -> ByteLedger:
        """Return the ledger, with the frames and their bytes as counted elsewhere."""
        return ByteLedger(
            self._read, frames, frame_bytes, dict(self._noise), dict(self._noise_bytes), self.lines, dict(self._marked)
        )
