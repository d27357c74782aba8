"""The packets of a capture, the interfaces that they were captured at, and how the bytes of the line stand in them."""

from typing import NamedTuple

from msgspec import Struct

from sniffer.base.times import EARLIEST, LATEST, SECOND
from sniffer.formats.pcapng import rtac_serial
from sniffer.formats.pcapng.blocks import INBOUND, OUTBOUND
from sniffer.formats.pcapng.rtac_serial import RtacEvent

TOO_LATE = LATEST >> 32
"""The upper half of the time stamps in nanoseconds that may be too late to be right."""

PLAIN_EVENTS = tuple(bytes([event, 0, 0, 0]) for event in (RtacEvent.SENT, RtacEvent.RECEIVED))
"""The header of a packet of this program after the time, if the packet holds nothing but bytes."""

DIRECTIONS = {
    bytes([event]): OUTBOUND if event in rtac_serial.OF_SENT_BYTES else INBOUND
    for event in (RtacEvent.SENT, RtacEvent.RECEIVED, RtacEvent.SENDING_ENDED, RtacEvent.RECEIVING_ENDED)
}
"""The directions of the events that say nothing but the direction."""

_EVENT = rtac_serial.EVENT_OFFSET


class Interface(Struct, frozen=True):
    """The description of an interface.

    `speed` is in bits per second, 0 if it is unknown. `ticks` are the clock's ticks per second, and `offset` is added
    to its times, in seconds. `longest` is the largest number of bytes kept of a packet, 0 for all. `comment` is the
    last comment of the description. `section_comments` are those of the section that it is in.
    """

    link_type: int
    name: str = ""
    description: str = ""
    speed: int = 0
    ticks: int = 1_000_000
    offset: int = 0
    longest: int = 0
    comment: str = ""
    section_comments: tuple[str, ...] = ()

    def time_of(self, high: int, low: int) -> int | None:
        """Return the time of a time stamp in nanoseconds, or None if it is so far off that only damage explains it."""
        time = (high << 32 | low) * SECOND // self.ticks + self.offset * SECOND
        return time if EARLIEST <= time < LATEST else None


class Packet(NamedTuple):
    """One packet. `time` is in nanoseconds, or None; `lost` is the number of bytes that were not kept.

    `dropped` is the number of packets that were lost before this one. A packet without data, not even that of a header,
    only reports them, from the statistics of its interface.
    """

    interface: Interface
    time: int | None
    data: bytes
    flags: int = 0
    comments: tuple[str, ...] = ()
    lost: int = 0
    dropped: int = 0


class PacketShape(NamedTuple):
    """The layout of the packets of one interface: bytes of the line after a header of `header_size` bytes.

    `is_ours` is True if this program wrote the packets, one for each frame. `has_times` is False if their times
    mean nothing.
    """

    is_ours: bool
    is_rtac: bool
    header_size: int
    has_times: bool = True

    def find_direction(self, packet: Packet) -> int:
        """Return the direction of a packet that holds nothing but bytes of the line; -1 if it says more."""
        _, _, data, flags, comments, lost, dropped = packet
        if comments or lost or dropped:
            return -1
        if self.is_rtac:
            return DIRECTIONS.get(data[_EVENT : _EVENT + 1], -1)
        return flags & (INBOUND | OUTBOUND)
