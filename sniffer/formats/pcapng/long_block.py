"""A block of pcapng that is longer than `LONGEST_BLOCK`, passed over without being kept.

In: its length, and the bytes from it on, however they are cut. Out: where it ends. As every block, it has its length
at its beginning and at its end.
"""

from struct import Struct

from sniffer.formats.pcapng.blocks import (
    ENHANCED_PACKET,
    INTERFACE_DESCRIPTION,
    LONGEST_BLOCK,
    LONGEST_PASSED,
    OBSOLETE_PACKET,
    SECTION_HEADER,
    SIMPLE_PACKET,
)

_PACKETS = (ENHANCED_PACKET, OBSOLETE_PACKET, SIMPLE_PACKET)
_DESCRIPTIONS = (SECTION_HEADER, INTERFACE_DESCRIPTION)


class LongBlock:
    """A block that is passed over. `is_packet` is True if it holds a packet, and `has_ended` once all of it passed."""

    def __init__(self, kind: int, total: int, length: Struct) -> None:
        self.is_packet = kind in _PACKETS
        self.has_ended = False
        self._total = total
        self._padding = -total % 4
        self._length = length
        self._left = total + self._padding - length.size
        """The bytes before the length at its end."""

    def feed(self, data: bytes, at: int) -> int:
        """Return up to where these bytes belong to the block. Raises `ValueError` if it ends with another length."""
        passed = min(self._left, len(data) - at)
        at, self._left = at + passed, self._left - passed
        if self._left or at + self._length.size > len(data):
            return at
        if self._length.unpack_from(data, at)[0] not in (self._total, self._total + self._padding):
            raise ValueError("a block's two lengths differ")
        self.has_ended = True
        return at + self._length.size


def may_be_passed(kind: int, total: int) -> bool:
    """Return True if a block of this type and length is passed over, and is neither kept nor damaged."""
    return LONGEST_BLOCK < total <= LONGEST_PASSED and kind not in _DESCRIPTIONS
