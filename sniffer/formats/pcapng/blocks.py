"""The blocks of pcapng as bytes, for the reader and the writer.

The format is that of the IETF draft "PCAP Next Generation (pcapng) Capture File Format"; block types, options and flags
have the draft's names. All that is written is little-endian; the reader accepts both byte orders.
"""

import struct
from collections.abc import Iterable, Iterator
from typing import NamedTuple

SECTION_HEADER = 0x0A0D0D0A
INTERFACE_DESCRIPTION = 1
OBSOLETE_PACKET = 2
SIMPLE_PACKET = 3
INTERFACE_STATISTICS = 5
ENHANCED_PACKET = 6

BYTE_ORDER_MAGIC = 0x1A2B3C4D
MAGIC = SECTION_HEADER.to_bytes(4, "big")
"""The bytes that every capture begins with, in either byte order."""

RTAC_SERIAL = 250
"""The link type of a capture of a serial line."""

OPT_END, OPT_COMMENT = 0, 1
SHB_USERAPPL = 4
IF_NAME, IF_DESCRIPTION, IF_SPEED, IF_TSRESOL, IF_TSOFFSET = 2, 3, 8, 9, 14
EPB_FLAGS, EPB_DROPCOUNT = 2, 4
ISB_IFDROP, ISB_OSDROP = 5, 7

UNKNOWN_DIRECTION, INBOUND, OUTBOUND = 0, 1, 2
"""The direction in the lowest two bits of a packet's flags."""

CRC_ERROR = 1 << 24
"""The flag of a packet with a wrong checksum."""

LONGEST_BLOCK = 1 << 24
"""The most bytes of a block that is kept whole, so that memory stays bounded. A longer one is passed over."""

LONGEST_PASSED = (1 << 27) + (1 << 17) + 32
"""The most bytes of any block, as in Wireshark. A longer one counts as damage."""

LONGEST_OPTION = 0xFFFF
LONGEST_CHARACTER = 10
"""The most bytes of a character: one that UTF-8 cannot encode is written as an escape."""

_HEAD = struct.Struct("<II")
_OPTION = struct.Struct("<HH")
_PACKET_TIME = struct.Struct("<II")
_TOTAL = struct.Struct("<I")


class Option(NamedTuple):
    """One option of a block."""

    code: int
    value: bytes


def pack_block(kind: int, body: bytes, options: Iterable[Option] = ()) -> bytes:
    """Return a whole block. The body is padded to a multiple of four bytes."""
    packed = b"".join(pack_option(*option) for option in options)
    if packed:
        packed += pack_option(OPT_END, b"")
    body = pad(body) + packed
    size = len(body) + 12
    return _HEAD.pack(kind, size) + body + _TOTAL.pack(size)


def read_block_head(data: bytes, start: int) -> tuple[int, int]:
    """Return the type and the size of the block at this offset, in bytes that this module wrote."""
    kind, size = _HEAD.unpack_from(data, start)
    return kind, size


def read_packet_time(data: bytes, start: int) -> int:
    """Return the time of the enhanced packet at this offset, in the unit of its interface."""
    high, low = _PACKET_TIME.unpack_from(data, start + _HEAD.size + 4)
    return int(high << 32 | low)


def pack_option(code: int, value: bytes) -> bytes:
    """Return an option as it stands in a block."""
    return _OPTION.pack(code, len(value)) + pad(value)


def pad(data: bytes) -> bytes:
    """Return the data with zeros after it, up to a multiple of four bytes."""
    return data + bytes(-len(data) % 4)


def text_option(code: int, text: str) -> Option:
    """Return a text as an option, cut off at the longest size of an option."""
    return Option(code, text.encode("utf-8", "backslashreplace")[:LONGEST_OPTION])


def options_of(data: bytes, start: int, stop: int, order: str) -> Iterator[Option]:
    """Yield the options of a block between two offsets. Raises `ValueError` if an option is longer than its block."""
    head = struct.Struct(f"{order}HH")
    while start + head.size <= stop:
        code, size = head.unpack_from(data, start)
        if code == OPT_END:
            return
        start += head.size
        if start + size > stop:
            raise ValueError("an option is longer than its block")
        yield Option(code, data[start : start + size])
        start += size + -size % 4
