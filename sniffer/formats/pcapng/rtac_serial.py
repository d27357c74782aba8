"""The head of a packet of link type 250: what a serial line's tap writes before the line's bytes.

Twelve bytes, big-endian: seconds and microseconds, what happened, the control lines, and two bytes that are zero
(LINKTYPE_RTAC_SERIAL of tcpdump.org's list of link types, and design.md).
"""

import struct
from enum import IntEnum

_HEAD = struct.Struct(">IIBBH")
HEADER_SIZE = _HEAD.size
EVENT_OFFSET = 8
"""Where in the head the event stands."""

_LATEST = 0xFFFF_FFFF


class RtacEvent(IntEnum):
    """What a packet tells."""

    STATUS = 0
    SENT = 1
    RECEIVED = 2
    LOST = 5


def pack_header(happened: RtacEvent, time: int) -> bytes:
    """The head of a packet at a time in nanoseconds; one that it cannot hold is the nearest that it can."""
    seconds, rest = divmod(max(0, time), 1_000_000_000)
    return _HEAD.pack(min(seconds, _LATEST), rest // 1000, happened, 0, 0)
