"""Captures of records, for the tests of the reader and the writer."""

from collections.abc import Iterable
from datetime import UTC, tzinfo

from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk
from sniffer.formats.pcapng.writer import CaptureWriter
from tests.tui.helpers import SECOND

DEFINITION = packaged_definition()


def write_capture(records: Iterable[Record], notes: dict[int, str] | None = None, zone: tzinfo | None = UTC) -> bytes:
    """Return a capture of records, with notes by the numbers of the records."""
    writer = CaptureWriter("tap", 9600, zone)
    return writer.encode_header() + b"".join(
        writer.encode_record(record, (notes or {}).get(record.number, "")) for record in records
    )


def pipeline_of(data: bytes) -> list[Record]:
    """Return the records of bytes that were read at once."""
    pipeline = Pipeline(DEFINITION)
    return [*pipeline.feed(Chunk(data, SECOND)), *pipeline.flush()]
