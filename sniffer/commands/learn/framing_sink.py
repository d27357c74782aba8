"""The bytes of a session in which the framing of an unknown protocol is looked for.

In: the records of a session. Out: candidates. The bytes of all records, frames and noise, are joined in their order,
those of each tap apart: what they were taken for does not matter.
"""

from collections.abc import Iterable, Mapping, Sequence

from sniffer.core.discovery.board_match import BoardMatch, match_boards
from sniffer.core.discovery.framing_candidate import FramingCandidate
from sniffer.core.discovery.framing_finder import BYTES_SEARCHED, find_framings
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise
from sniffer.core.wire.link import Route


class FramingSink:
    """The sink that keeps the bytes of a session in which frames are looked for. `read` counts all bytes."""

    def __init__(self) -> None:
        self.read = 0
        self._kept = 0
        self._by_tap: dict[int, bytearray] = {}

    def receive(self, records: Sequence[Record]) -> None:
        """Add records to the bytes that are kept, up to `BYTES_SEARCHED`."""
        for record in records:
            item = record.item
            raw = item.frame.raw if isinstance(item, Message) else item.raw if isinstance(item, Noise) else b""
            self.read += len(raw)
            if self._kept < BYTES_SEARCHED:
                self._kept += len(raw)
                self._by_tap.setdefault(record.tap, bytearray()).extend(raw)

    def find(self) -> list[FramingCandidate]:
        """Return the framings that explain the bytes, the best first."""
        return find_framings(self._join())

    def find_boards(self, boards: Mapping[str, Iterable[Route]]) -> list[BoardMatch]:
        """Return the boards that the bytes fit, the best first. `boards` are the routes of each by name."""
        return match_boards(self._join(), boards)

    def _join(self) -> bytes:
        return b"".join(self._by_tap.values())
