"""The index of a capture: how many records it holds and at which offsets they begin, without decoding them.

In: the bytes of the file, in pieces. Out: a `CaptureIndex`, or None if packets and records do not correspond one to
one: in a capture of another program, or a damaged one. Indexing is about ten times as fast as reading, so that the end
of a long capture can be shown long before all of it has been read.
"""

import sys
from bisect import bisect_right
from collections.abc import Iterable

from msgspec import Struct

from sniffer.formats.pcapng import rtac_serial
from sniffer.formats.pcapng.blocks import (
    ENHANCED_PACKET,
    INTERFACE_DESCRIPTION,
    INTERFACE_STATISTICS,
    LONGEST_BLOCK,
    SECTION_HEADER,
)
from sniffer.formats.pcapng.own_packets import is_record
from sniffer.formats.pcapng.reader import SHORTEST_BLOCK, CaptureError, CaptureReader
from sniffer.formats.pcapng.writer import GENERATOR, LOG

RECORDS_BETWEEN_POSITIONS = 1024
"""The number of records between two positions of the index."""

_HEADER_WORDS = 6
_DATA_AT = 28


class RecordPosition(Struct, frozen=True):
    """The offset in the file at which a record begins.

    `before` holds the blocks that have to be read first, as bytes: the section and its interfaces.
    """

    offset: int
    number: int
    before: bytes


class CaptureIndex(Struct, frozen=True):
    """The number of records in a capture, and the positions of some of them in ascending order."""

    count: int
    positions: tuple[RecordPosition, ...]

    def position_of(self, number: int) -> RecordPosition:
        """Return the last position of the index that is at or before a record."""
        return self.positions[max(0, bisect_right(self.positions, number, key=lambda position: position.number) - 1)]


def index_of(pieces: Iterable[bytes]) -> CaptureIndex | None:
    """Return the index of a capture without an incomplete block at its end, or None if it cannot have an index."""
    if sys.byteorder != "little":
        return None
    builder = _IndexBuilder()
    try:
        for piece in pieces:
            builder.feed(piece)
    except CaptureError:
        return None
    return builder.build()


class _IndexBuilder:
    """Walks over the blocks of a capture. The reader parses the interfaces, so that both agree on them."""

    def __init__(self) -> None:
        self._rest = b""
        self._passed = 0
        self._before = b""
        self._count = 0
        self._positions: list[RecordPosition] = []
        self._logs: list[bool] = []
        self._next_position = 1

    def feed(self, piece: bytes) -> None:
        """Take the next bytes of the file. Raises `CaptureError` if the capture cannot have an index."""
        data = self._rest + piece
        # Blocks are whole 32-bit words. Reading single words is three times as fast as unpacking block headers.
        words = memoryview(data)[: len(data) // 4 * 4].cast("I")
        at, size, count, due = 0, len(words), self._count, self._next_position
        while at + _HEADER_WORDS <= size:
            kind, total = words[at], words[at + 1]
            end = at + (total >> 2)
            if not SHORTEST_BLOCK <= total <= LONGEST_BLOCK or total & 3:
                raise CaptureError("damaged")
            if end > size:
                break
            if kind == ENHANCED_PACKET:
                if words[at + 5] > rtac_serial.HEADER_SIZE or self._is_record(data[4 * at : 4 * end], words[at + 2]):
                    count += 1
                    if count == due:
                        self._positions.append(RecordPosition(self._passed + 4 * at, count, self._before))
                        due += RECORDS_BETWEEN_POSITIONS
            elif kind in (SECTION_HEADER, INTERFACE_DESCRIPTION):
                self._describe(kind, data[4 * at : 4 * end])
            elif kind == INTERFACE_STATISTICS:
                raise CaptureError("statistics may be the record of a loss")
            at = end
        self._count, self._next_position = count, due
        self._passed += 4 * at
        self._rest = data[4 * at :]

    def build(self) -> CaptureIndex | None:
        """Return the index, or None if there are no records."""
        return CaptureIndex(self._count, tuple(self._positions)) if self._count else None

    def _is_record(self, block: bytes, number: int) -> bool:
        """Return True if a packet without bytes is a record: a gap or a log line, and not a late note."""
        if number >= len(self._logs):
            raise CaptureError("damaged")
        return self._logs[number] or all(map(is_record, CaptureReader().feed(self._before + block)))

    def _describe(self, kind: int, block: bytes) -> None:
        """Keep a block that describes what follows. Raises `CaptureError` if another program wrote the file."""
        if kind == SECTION_HEADER:
            self._before, self._logs = block, []
            return
        self._before += block
        reader = CaptureReader()
        for _ in reader.feed(self._before):
            pass
        interface = reader.interfaces[-1]
        if not interface.description.startswith(GENERATOR):
            raise CaptureError("not ours")
        self._logs.append(interface.description.startswith(LOG))
