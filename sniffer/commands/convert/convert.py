"""One conversion: a saved session in, the same session in another format out.

What the file is, its content tells; what it is to be, the ending of the new one. Records are concluded again on the
way, as by every command that reads, and written as they come, so memory does not grow with the session. The new file
is there as a whole or not at all. A session that ends before its time is converted as far as it goes.

MERGED:
A session's records as an iterator, for whoever takes them when it is ready for more.

A session pushes; a file is written by pulling. So its loop runs until there are records, and stands still while they
are taken: no more is held than what one turn of the source brings.
"""

import asyncio
import os
from asyncio import AbstractEventLoop
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from sniffer.base.atomic_file import NewFile
from sniffer.base.errors import OutputError, SourceError
from sniffer.commands.convert.losses import Losses
from sniffer.commands.convert.progress import ConversionProgress
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.definition import Definition
from sniffer.core.record import Record
from sniffer.formats.entry import Origin, RecordEntry
from sniffer.formats.registry import format_of
from sniffer.session import Session
from sniffer.sources.open import open_source
from sniffer.sources.probe import FileProbe, probe_file
from sniffer.sources.saved_file import SavedSource
from sniffer.sources.source import Source


class SessionReading:
    """One session. `notes` are what it has noted so far, by number; `error` is why it ended too early.

    `has_read`: there was more than that.
    """

    def __init__(self, source: Source, pipeline: Pipeline) -> None:
        self.error: SourceError | None = None
        self.has_read = False
        self._session = Session(source, pipeline, [self])
        self._held: list[Record] = []
        self._loop: AbstractEventLoop | None = None

    @property
    def notes(self) -> Mapping[int, str]:
        return self._session.notes

    def receive(self, records: Sequence[Record]) -> None:
        """Take what the session gives, and have it wait."""
        self._held += records
        self.has_read = self.has_read or any(record.item is not None for record in records)
        self._stop()

    def records(self) -> Iterator[Record]:
        """All records, once."""
        with asyncio.Runner() as runner:
            self._loop = loop = runner.get_loop()
            task = loop.create_task(self._session.run())
            task.add_done_callback(lambda _: self._stop())
            try:
                while not task.done():
                    loop.run_forever()
                    held, self._held = self._held, []
                    yield from held
                task.result()
            except SourceError as error:
                self.error = error
            finally:
                self._loop = None

    def _stop(self) -> None:
        if self._loop:
            self._loop.stop()


NO_RATE = 1
"""Stands for the rate of a line, which no saved session needs."""


@dataclass(frozen=True, slots=True)
class Converted:
    """How it went: what is lost, in one line, and why the session ended before its time; empty and None if nothing."""

    lost: str
    error: SourceError | None


def convert(
    name: str, path: Path, definition: Definition, *, replace: bool = False, terminal: TextIO | None = None
) -> Converted:
    """Write the session of this name as this file; a bar on `terminal` shows how far it is.

    Raises `SourceError` where nothing can be read of it, `OutputError` where it cannot be written.
    """
    target, packing = format_of(path)
    if os.path.lexists(path) and not replace:
        raise OutputError(f"{path}: it is there already: name another file, or replace it with --force")
    source = open_source(name, baud=NO_RATE)
    if source.is_live:
        source.close()
        raise SourceError(f"{name}: convert reads saved sessions, not what a port or the demo says")
    known = probe_file(Path(name)) if isinstance(source, SavedSource) else FileProbe()
    origin = Origin(definition, known.zone, known.name or source.name, known.speed, known.taps)
    reading, losses = SessionReading(source, Pipeline(definition)), Losses(target, origin)
    file = NewFile(path, packing=packing, replace=replace)
    try:
        file.open()
        with ConversionProgress(terminal, _size(name)) as progress:
            for piece in target.encode(_entries(reading, known, losses), origin):
                file.write(piece)
                progress.at(source.bytes_read if isinstance(source, SavedSource) else 0)
        if reading.error and not reading.has_read:
            raise reading.error
        file.keep()
    except BaseException:
        file.give_up()
        raise
    return Converted(losses.told(), reading.error)


def _entries(reading: SessionReading, known: FileProbe, losses: Losses) -> Iterator[RecordEntry]:
    before = None
    for record in reading.records():
        number = record.number
        entry = RecordEntry(record, before, known.notes.get(number, reading.notes.get(number, "")))
        losses.look_at(entry)
        yield entry
        before = before if record.time is None else record.time


def _size(name: str) -> int:
    return os.path.getsize(name) if os.path.isfile(name) else 0
