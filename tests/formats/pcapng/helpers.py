"""Captures of records, for the tests of the reader and the writer."""

from collections.abc import Iterable
from datetime import UTC, tzinfo

from sniffer.base.times import SECOND
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk
from sniffer.formats.pcapng.packet import Interface, Packet
from sniffer.formats.pcapng.rtac_serial import RtacEvent, pack_header
from sniffer.formats.pcapng.writer import LOG, TAP, CaptureWriter
from tests.records import records_of

DEFINITION = packaged_definition()
OURS = Interface(250, "tap", TAP)
OTHER = Interface(250, "com1", "another program")
LOG_PACKETS = Interface(250, "log", LOG)


def packet(
    raw: bytes = b"",
    *comments: str,
    interface: Interface = OURS,
    event: RtacEvent = RtacEvent.RECEIVED,
    time: int | None = 5,
    flags: int = 0,
    lost: int = 0,
) -> Packet:
    """Return a packet of RTAC serial with these bytes and comments."""
    return Packet(interface, time, pack_header(event, 0) + raw, flags, comments, lost)


def write_capture(records: Iterable[Record], notes: dict[int, str] | None = None, zone: tzinfo | None = UTC) -> bytes:
    """Return a capture of records, with notes by the numbers of the records."""
    writer = CaptureWriter("tap", 9600, zone)
    return writer.encode_header() + b"".join(
        writer.encode_record(record, (notes or {}).get(record.number, "")) for record in records
    )


def pipeline_of(data: bytes) -> list[Record]:
    """Return the records of bytes that were read at once."""
    return records_of(Chunk(data, SECOND))
