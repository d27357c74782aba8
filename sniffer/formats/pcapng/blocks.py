"""The blocks of pcapng, as bytes: what both the reader and the writer need to know of the format.

The format is that of the IETF draft "PCAP Next Generation (pcapng) Capture File Format"; the names of types, options
and flags are the draft's. Everything that is written is little-endian; the reader takes both orders.
"""

import struct
from collections.abc import Iterable, Iterator
from typing import NamedTuple

SECTION_HEADER = 0x0A0D0D0A
INTERFACE_DESCRIPTION = 1
OBSOLETE_PACKET = 2
SIMPLE_PACKET = 3
ENHANCED_PACKET = 6

BYTE_ORDER_MAGIC = 0x1A2B3C4D
MAGIC = SECTION_HEADER.to_bytes(4, "big")
"""How every capture begins, in either byte order."""

RTAC_SERIAL = 250
"""The link type of a capture of a serial line."""

OPT_END, OPT_COMMENT = 0, 1
SHB_USERAPPL = 4
IF_NAME, IF_DESCRIPTION, IF_SPEED, IF_TSRESOL, IF_TSOFFSET = 2, 3, 8, 9, 14
EPB_FLAGS = 2

UNKNOWN_DIRECTION, INBOUND, OUTBOUND = 0, 1, 2
"""The direction in the lowest two bits of a packet's flags."""

CRC_ERROR = 1 << 24
"""The packet's flag for a checksum that is wrong."""

LONGEST_OPTION = 0xFFFF
LONGEST_CHARACTER = 10
"""Bytes that one character of a text needs at most, as what UTF-8 cannot hold is written as an escape."""

_HEAD = struct.Struct("<II")
_OPTION = struct.Struct("<HH")
_TOTAL = struct.Struct("<I")


class Option(NamedTuple):
    """One option of a block."""

    code: int
    value: bytes


def pack_block(kind: int, body: bytes, options_of: Iterable[Option] = ()) -> bytes:
    """A whole block; `body` is padded to four bytes as the format asks for."""
    told = b"".join(pack_option(*given) for given in options_of)
    if told:
        told += pack_option(OPT_END, b"")
    body = pad(body) + told
    size = len(body) + 12
    return _HEAD.pack(kind, size) + body + _TOTAL.pack(size)


def pack_option(code: int, value: bytes) -> bytes:
    """One option as it stands in a block."""
    return _OPTION.pack(code, len(value)) + pad(value)


def pad(data: bytes) -> bytes:
    """The same with zeros behind it, up to a multiple of four bytes."""
    return data + bytes(-len(data) % 4)


def text_option(code: int, text: str) -> Option:
    """A text as an option; what is longer than an option can be is cut off."""
    return Option(code, text.encode("utf-8", "backslashreplace")[:LONGEST_OPTION])


def options_of(data: bytes, start: int, stop: int, order: str) -> Iterator[Option]:
    """The options that stand in a block from `start` on. Raises `ValueError` where one is longer than its block."""
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
