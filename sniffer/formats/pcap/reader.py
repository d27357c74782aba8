"""The reader of classic pcap: bytes of a capture in, packets out as they are complete.

It does no I/O, and needs no more memory than one packet. It accepts both byte orders, and times in microseconds and
nanoseconds. The format has one link type for all packets, no directions, no comments and no names; the packets are
those of one interface. A packet of impossible size raises `CaptureError` with its offset, after all packets before it.
"""

import struct
from collections.abc import Iterator

from sniffer.base.times import SECOND
from sniffer.formats.pcapng.packet import Interface, Packet
from sniffer.formats.pcapng.reader import CaptureError

_CLOCKS = {0xA1B2C3D4: 1_000_000, 0xA1B23C4D: SECOND}
"""The ticks per second of the clock, by the first word of the file."""

MAGICS = tuple(struct.pack(f"{order}I", word) for order in "<>" for word in _CLOCKS)
"""The bytes that a classic capture may begin with."""

VARIANTS = tuple(struct.pack(f"{order}I", word) for order in "<>" for word in (0xA1B2CD34, 0x1C0001AC, 0xA1E2CB12))
"""The bytes that captures in variants of the format begin with, which this reader does not know."""

LONGEST_PACKET = 1 << 24
"""A longer packet counts as damage, so that memory stays bounded."""

HEADER_SIZE = 24
_LINK_TYPE_AT = 20
_LINK_TYPE_MASK = 0xFFFF
"""The part of the last word of the header that is the link type; the rest is about check sequences."""

_PACKET_HEADER_SIZE = 16


class PcapReader:
    """Reads one capture. `consumed` is the number of bytes that were parsed. `interfaces` holds the only one."""

    def __init__(self) -> None:
        self.consumed = 0
        self.interfaces: list[Interface] = []
        self._data = b""
        self._head = struct.Struct("<IIII")
        self._tick = 0

    @property
    def waiting(self) -> int:
        """The number of bytes that wait for the rest of their packet."""
        return len(self._data)

    def feed(self, data: bytes) -> Iterator[Packet]:
        """Yield the packets that these bytes complete. Raises `CaptureError` after the last good one."""
        self._data = data = self._data + data if self._data else data
        at, size = 0, len(data)
        if not self.interfaces:
            if size < HEADER_SIZE:
                return
            self._read_header(data)
            at = HEADER_SIZE
        (interface,), unpack, tick = self.interfaces, self._head.unpack_from, self._tick
        while at + _PACKET_HEADER_SIZE <= size:
            seconds, fraction, kept, length = unpack(data, at)
            if kept > LONGEST_PACKET:
                raise CaptureError(f"damaged at byte {self.consumed + at}: a packet cannot have {kept} bytes")
            start = at + _PACKET_HEADER_SIZE
            end = start + kept
            if end > size:
                break
            lost = length - kept if length > kept else 0
            yield Packet(interface, seconds * SECOND + fraction * tick, data[start:end], 0, (), lost)
            at = end
        self.consumed += at
        self._data = data[at:]

    def _read_header(self, data: bytes) -> None:
        """Read byte order, clock and link type."""
        order = "<" if int.from_bytes(data[:4], "little") in _CLOCKS else ">"
        self._head = struct.Struct(f"{order}IIII")
        (word,) = struct.unpack_from(f"{order}I", data)
        ticks = _CLOCKS[word]
        self._tick = SECOND // ticks
        self.interfaces = [Interface(read_link_type(data), ticks=ticks)]


def read_link_type(header: bytes) -> int:
    """Return the link type from the whole header of a capture."""
    order = "<" if int.from_bytes(header[:4], "little") in _CLOCKS else ">"
    (word,) = struct.unpack_from(f"{order}I", header, _LINK_TYPE_AT)
    return int(word & _LINK_TYPE_MASK)
