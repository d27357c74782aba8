"""Captures for Wireshark: a packet for each record, of link type 250 in pcapng (contract.md, Captures)."""

import struct

from sniffer.formats.pcapng.reader import Reader
from sniffer.formats.pcapng.rtac import EVENT_AT, SIZE
from sniffer.formats.pcapng.writer import Writer
from sniffer.pipeline import Record

INBOUND, OUTBOUND = 1, 2


def capture(records: list[Record]) -> bytes:
    """The capture of a session, as we write it."""
    writer = Writer("/dev/ttyUSB0", 115200)
    return writer.head() + b"".join(map(writer.record, records))


def capture_of(packets) -> bytes:
    """A capture of packets: flags, event and bytes of each."""
    blocks = [_block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)), _block(1, struct.pack("<HHI", 250, 0, 0))]
    for number, (flags, event, raw) in enumerate(packets):
        data = struct.pack(">IIBBH", number, 0, event, 0, 0) + raw
        options = struct.pack("<HHIHH", 2, 4, flags, 0, 0)
        head = struct.pack("<IIIII", 0, 0, number, len(data), len(data))
        blocks.append(_block(6, head + data + bytes(-len(data) % 4) + options))
    return b"".join(blocks)


def packet(record: Record) -> tuple[int, int, bytes]:
    """Flags, event and bytes of a record's packet, as our writer gives them to a reader."""
    (found,) = Reader().feed(capture([record]))
    return found.flags, found.data[EVENT_AT], found.data[SIZE:]


def _block(kind: int, body: bytes) -> bytes:
    size = len(body) + 12
    return struct.pack("<II", kind, size) + body + struct.pack("<I", size)
