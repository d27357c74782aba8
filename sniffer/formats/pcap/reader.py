"""The reader of classic pcap: bytes of a capture in, packets out as they are complete.

It does no I/O, and needs no more memory than one packet. It accepts both byte orders, and times in microseconds and
nanoseconds. The format has one link type for all packets, no directions, no comments and no names; the packets are
those of one interface. A packet of impossible size raises `CaptureError` with its offset, after all packets before it.
"""

import struct
from collections.abc import Iterator
from typing import overload

from sniffer.base.times import SECOND
from sniffer.formats.pcap.plain_run import LONGEST_PACKET, PACKET_HEADER_SIZE, PcapClock, PcapRunParser
from sniffer.formats.pcapng.packet import Interface, Packet
from sniffer.formats.pcapng.plain_run import PlainRun
from sniffer.formats.pcapng.reader import CaptureError

_CLOCKS = {0xA1B2C3D4: 1_000_000, 0xA1B23C4D: SECOND}
"""The ticks per second of the clock, by the first word of the file."""

MAGICS = tuple(struct.pack(f"{order}I", word) for order in "<>" for word in _CLOCKS)
"""The bytes that a classic capture may begin with."""

VARIANTS = tuple(struct.pack(f"{order}I", word) for order in "<>" for word in (0xA1B2CD34, 0x1C0001AC, 0xA1E2CB12))
"""The bytes that captures in variants of the format begin with, which this reader does not know."""

HEADER_SIZE = 24
_LINK_TYPE_AT = 20
_LINK_TYPE_MASK = 0xFFFF
"""The part of the last word of the header that is the link type; the rest is about check sequences."""


class PcapReader:
    """Reads one capture. `consumed` is the number of bytes that were parsed. `interfaces` holds the only one."""

    def __init__(self) -> None:
        self.consumed = 0
        self.interfaces: list[Interface] = []
        self._data = b""
        self._clock = PcapClock("<", 1)

    @property
    def waiting(self) -> int:
        """The number of bytes that wait for the rest of their packet."""
        return len(self._data)

    @overload
    def feed(self, data: bytes) -> Iterator[Packet]: ...

    @overload
    def feed(self, data: bytes, runs: PcapRunParser) -> Iterator[Packet | PlainRun]: ...

    def feed(self, data: bytes, runs: PcapRunParser | None = None) -> Iterator[Packet | PlainRun]:
        """Yield the packets that these bytes complete. Raises `CaptureError` after the last good one.

        With `runs`, plain packets are yielded as runs. The packets of a run that were not taken follow one by one.
        """
        self._data = data = self._data + data if self._data else data
        at, size, refused_until = 0, len(data), 0
        if not self.interfaces:
            if size < HEADER_SIZE:
                return
            self._read_header(data)
            at = HEADER_SIZE
        (interface,), clock = self.interfaces, self._clock
        unpack = struct.Struct(f"{clock.order}IIII").unpack_from
        while at + PACKET_HEADER_SIZE <= size:
            if runs and at >= refused_until and (run := runs.parse(data, at, clock, interface)):
                yield run
                refused_until = run.end
                if run.taken == len(run.pieces):
                    at = run.end
                    continue
                for _ in range(run.taken):
                    at += PACKET_HEADER_SIZE + unpack(data, at)[2]
            seconds, fraction, kept, length = unpack(data, at)
            if kept > LONGEST_PACKET:
                raise CaptureError(f"damaged at byte {self.consumed + at}: a packet cannot have {kept} bytes")
            start = at + PACKET_HEADER_SIZE
            end = start + kept
            if end > size:
                break
            lost = length - kept if length > kept else 0
            yield Packet(interface, seconds * SECOND + fraction * clock.tick, data[start:end], 0, (), lost)
            at = end
        self.consumed += at
        self._data = data[at:]

    def _read_header(self, data: bytes) -> None:
        """Read byte order, clock and link type."""
        order = "<" if int.from_bytes(data[:4], "little") in _CLOCKS else ">"
        (word,) = struct.unpack_from(f"{order}I", data)
        ticks = _CLOCKS[word]
        self._clock = PcapClock(order, SECOND // ticks)
        self.interfaces = [Interface(read_link_type(data), ticks=ticks)]


def read_link_type(header: bytes) -> int:
    """Return the link type from the whole header of a capture."""
    order = "<" if int.from_bytes(header[:4], "little") in _CLOCKS else ">"
    (word,) = struct.unpack_from(f"{order}I", header, _LINK_TYPE_AT)
    return int(word & _LINK_TYPE_MASK)
