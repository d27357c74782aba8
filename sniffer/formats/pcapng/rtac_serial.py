"""The header of a packet of link type 250, RTAC serial, which stands before the bytes of the line.

It has twelve bytes, big-endian: seconds and microseconds (4 bytes each), the event, the control lines (1 byte each),
and two bytes that are zero (LINKTYPE_RTAC_SERIAL in tcpdump.org's list of link types).
"""

import struct
from enum import IntEnum

from sniffer.base.times import SECOND
from sniffer.core.wire.items import LineError

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
    SENDING_ENDED = 3
    RECEIVING_ENDED = 4
    LOST = 5
    CAPTURE_ENDED = 6
    FRAMING_ERROR = 7
    PARITY_ERROR = 8
    BREAK = 9
    OVERFLOW = 10


LINE_ERRORS: dict[int, LineError] = {
    RtacEvent.FRAMING_ERROR: LineError.FRAMING,
    RtacEvent.PARITY_ERROR: LineError.PARITY,
    RtacEvent.BREAK: LineError.BREAK,
}
"""The events that are errors of the line."""

EVENTS_OF_ERRORS = {error: RtacEvent(event) for event, error in LINE_ERRORS.items()}

LOSSES: dict[int, str] = {
    RtacEvent.LOST: "data lost",
    RtacEvent.OVERFLOW: "data lost: the buffer of the serial port was full when it was captured",
}
"""The events that are losses of data, with the reasons."""

OF_SENT_BYTES = (RtacEvent.SENT, RtacEvent.SENDING_ENDED)
"""The events whose bytes the capturing device sent itself; those of all others it received."""


def pack_header(event: RtacEvent, time: int) -> bytes:
    """Return the header for a time in nanoseconds. A time out of range becomes the nearest in range."""
    seconds, rest = divmod(max(0, time), SECOND)
    return _HEADER.pack(min(seconds, _LATEST), rest // 1000, event, 0, 0)


def unpack_header(data: bytes) -> tuple[int, int, int, int, int]:
    """Return seconds, microseconds, event, control lines and footer, from at least `HEADER_SIZE` bytes."""
    seconds, microseconds, event, lines, footer = _HEADER.unpack_from(data)
    return seconds, microseconds, event, lines, footer
