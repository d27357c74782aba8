"""Cut the bytes of a capture at the ends of blocks, without parsing them.

In: the bytes of a capture, in pieces. Out: the same bytes, in pieces of whole blocks, and whether these may be decoded
as a batch: they follow the description of a section, and do not describe it or an interface themselves. Behind a block
that cannot be right, no piece may: the sequential reader finds the error.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from sniffer.formats.pcapng.blocks import BYTE_ORDER_MAGIC, INTERFACE_DESCRIPTION, LONGEST_BLOCK, SECTION_HEADER
from sniffer.formats.pcapng.reader import SHORTEST_BLOCK

_ORDERS = {struct.pack(f"{order}I", BYTE_ORDER_MAGIC): order for order in "<>"}


_DESCRIPTIONS = (SECTION_HEADER, INTERFACE_DESCRIPTION)


class Blocks(NamedTuple):
    """Consecutive bytes of a capture. They are whole blocks, but for what follows damage or ends the capture.

    `order` is the byte order of their section, as in `struct`; empty if they must be read in sequence.
    """

    data: bytes
    order: str


class BlockCutter:
    """Cuts one capture."""

    def __init__(self) -> None:
        self._rest = b""
        self._head = struct.Struct("<II")
        self._order = ""
        self._is_damaged = False

    def feed(self, data: bytes) -> Iterator[Blocks]:
        """Yield the pieces that these bytes complete."""
        data, self._rest = self._rest + data if self._rest else data, b""
        if self._is_damaged:
            yield Blocks(data, "")
            return
        start = at = 0
        size = len(data)
        unpack = self._head.unpack_from
        while at + SHORTEST_BLOCK <= size:
            kind, total = unpack(data, at)
            if kind in _DESCRIPTIONS:
                if start < at:
                    yield Blocks(data[start:at], self._order)
                    start = at
                if kind == SECTION_HEADER:
                    self._begin_section(data[at + 8 : at + 12])
                    unpack = self._head.unpack_from
                    kind, total = unpack(data, at)
            end = at + total + -total % 4
            if not self._order or not SHORTEST_BLOCK <= total <= LONGEST_BLOCK:
                self._is_damaged = True
                yield Blocks(data[start:], "")
                return
            if end > size:
                break
            if kind in _DESCRIPTIONS:
                yield Blocks(data[start:end], "")
                start = end
            at = end
        if start < at:
            yield Blocks(data[start:at], self._order)
        self._rest = data[at:]

    def end(self) -> bytes:
        """Return the bytes that are no whole block at the end of the capture."""
        rest, self._rest = self._rest, b""
        return rest

    def _begin_section(self, magic: bytes) -> None:
        """Begin a section. Its first bytes say in which order its numbers are; without them it is damaged."""
        self._order = _ORDERS.get(magic, "")
        if self._order:
            self._head = struct.Struct(f"{self._order}II")
