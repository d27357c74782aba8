"""The header of a packet of link type 250, RTAC serial, which stands before the bytes of the line.

It has twelve bytes, big-endian: seconds and microseconds (4 bytes each), the event, the control lines (1 byte each),
and two bytes that are zero (LINKTYPE_RTAC_SERIAL in tcpdump.org's list of link types).
"""

import struct
from enum import IntEnum

from sniffer.base.times import SECOND

_HEADER = struct.Struct(">IIBBH")
HEADER_SIZE = _HEADER.size
EVENT_OFFSET = 8
"""The offset of the event in the header."""

_LATEST = 0xFFFF_FFFF


class RtacEvent(IntEnum):
    """The event of a packet, with the numbers of the link type."""

    STATUS = 0
    SENT = 1
    RECEIVED = 2
    LOST = 5


def pack_header(event: RtacEvent, time: int) -> bytes:
    """Return the header for a time in nanoseconds. A time out of range becomes the nearest in range."""
    seconds, rest = divmod(max(0, time), SECOND)
    return _HEADER.pack(min(seconds, _LATEST), rest // 1000, event, 0, 0)
