"""Helpers for the tests of recordings: records and their reading back, and a disk that fails on demand."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from sniffer.base.errors import RecordingError
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk, Note
from sniffer.formats.pcapng.items import items_of
from sniffer.formats.pcapng.reader import CaptureReader
from sniffer.recording.append_file import AppendFile
from sniffer.recording.recorder import Recorder
from tests.tui.helpers import status_report

DEFINITION = packaged_definition()


def records(count: int, first: int = 1) -> list[Record]:
    pipeline = Pipeline(DEFINITION)
    found = pipeline.feed(Chunk(status_report("Available") * (first - 1 + count), 1_700_000_000_000_000_000))
    return found[first - 1 :]


def read(path: Path) -> tuple[list[Record], dict[int, str]]:
    """Return the records and the notes of a capture."""
    pipeline, found, notes = Pipeline(DEFINITION), [], {}
    for item in items_of(CaptureReader().feed(path.read_bytes())):
        if isinstance(item, Note):
            notes[item.number or pipeline.next_number] = item.text
        else:
            found += pipeline.feed(item)
    return found, {number: text for number, text in notes.items() if text}


class Disk:
    """A destination whose disk fails on demand. Files after the first have longer names."""

    limit: int | None = None

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fails = False

    def new_file(self) -> AppendFile:
        disk = self
        while self.limit and self.path.exists():
            self.path = self.path.with_name(f"a{self.path.name}")

        class File(AppendFile):
            def write(self, data: bytes) -> None:
                if disk.fails:
                    raise RecordingError(self.path, "no room")
                super().write(data)

        return File(self.path)


def has_written(recorder: Recorder, packets: int) -> bool:
    return recorder.state.packets == packets


async def give(recorder: Recorder, incoming: Iterable[Record], at_once: int = 3) -> None:
    incoming = list(incoming)
    for start in range(0, len(incoming), at_once):
        recorder.receive(incoming[start : start + at_once])
        await asyncio.sleep(0)
