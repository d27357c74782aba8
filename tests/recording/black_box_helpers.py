"""Helpers for the tests of the black box: records at chosen times, their batches, and a model of what must be kept."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sniffer.base.times import SECOND
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise
from sniffer.core.wire.items import Chunk
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.recording.capture_files import Batch
from tests.recording.helpers import DEFINITION, read
from tests.tui.helpers import parameter

START = 1_700_000_000 * SECOND


def timed_records(seconds: Iterable[float]) -> list[Record]:
    """Return a frame at each of these seconds after the start, each with a sequence of its own."""
    pipeline = Pipeline(DEFINITION)
    return [
        record
        for sequence, second in enumerate(seconds)
        for record in pipeline.feed(Chunk(parameter(sequence & 0xFFFF), START + round(second * SECOND)))
    ]


def batches_of(writer: CaptureWriter, records: Sequence[Record], sizes: Iterator[int]) -> Iterator[Batch]:
    """Yield the batches that a recorder makes of these records."""
    at = 0
    while at < len(records):
        some = records[at : at + next(sizes)]
        preamble = writer.encode_preamble()
        data = b"".join([writer.encode_record(record) for record in some])
        described = len(writer.encode_preamble()) - len(preamble)
        yield Batch(preamble, data, len(some), described, some[0].number, some[-1].time)
        at += len(some)


def expected_files(
    records: Sequence[Record], hits: Sequence[Record], before: float, after: float, *, again: bool
) -> list[list[Record]]:
    """Return the records that belong into each file, by their times alone."""
    windows: list[tuple[int, int]] = []
    for hit in hits:
        time = hit.time or 0
        if windows and again and time - round(before * SECOND) <= windows[-1][1]:
            windows[-1] = (windows[-1][0], max(windows[-1][1], time + round(after * SECOND)))
        elif again or not windows:
            windows.append((time - round(before * SECOND), time + round(after * SECOND)))
    return [[record for record in records if start <= (record.time or 0) <= end] for start, end in windows]


def contents(records: Iterable[Record]) -> list[tuple[int | None, bytes]]:
    """Return the time and the bytes of each frame and each piece of noise."""
    found: list[tuple[int | None, bytes]] = []
    for record in records:
        if isinstance(record.item, Message):
            found.append((record.time, record.item.frame.raw))
        elif isinstance(record.item, Noise):
            found.append((record.time, record.item.raw))
    return found


def kept(path: Path) -> list[tuple[int | None, bytes]]:
    """Return the time and the bytes of each frame and each piece of noise in a capture."""
    return contents(read(path)[0])
