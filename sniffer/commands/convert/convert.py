"""Convert a saved session into another format.

The format of the input is found by its content, the format of the output by the ending of its name. Records run
through the whole pipeline again, as with every command that reads, and are written as they come, so memory does not
grow with the session. The new file exists as a whole or not at all. A session that ends too early is converted up to
that point.

A session pushes its records, while a file format pulls them. `SessionReading` joins the two: its event loop runs until
there are records, and stops while they are taken, so no more records are held than one turn of the source yields.
"""

import asyncio
import os
from asyncio import AbstractEventLoop
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TextIO

from msgspec import Struct

from sniffer.base.atomic_file import NewFile
from sniffer.base.errors import OutputError, SourceError
from sniffer.commands.convert.losses import Losses
from sniffer.commands.convert.progress import ConversionProgress
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.definition import Definition
from sniffer.core.record import Record
from sniffer.formats.entry import Origin, RecordEntry
from sniffer.formats.registry import format_of, size_of_nothing
from sniffer.session import Session
from sniffer.sources.file_options import DEFAULT, FileOptions
from sniffer.sources.open import open_sources, share_out
from sniffer.sources.probe import FileProbe, probe_source
from sniffer.sources.saved_file import SavedSource
from sniffer.sources.source import Source


class SessionReading:
    """The records of one session as an iterator.

    `notes` are the notes read so far, by record number. `error` is the reason why the session ended too early, None if
    it did not. `has_read` is True as soon as one record held data.
    """

    def __init__(self, source: Source, pipeline: Pipeline) -> None:
        self.error: SourceError | None = None
        self.has_read = False
        self._session = Session(source, pipeline, [self])
        self._held: list[Record] = []
        self._loop: AbstractEventLoop | None = None

    @property
    def notes(self) -> Mapping[int, str]:
        """The notes read so far, by record number."""
        return self._session.notes

    def receive(self, records: Sequence[Record]) -> None:
        """Hold the records of the session, and stop its loop until they are taken."""
        self._held += records
        self.has_read = self.has_read or any(record.item is not None for record in records)
        self._stop()

    def records(self) -> Iterator[Record]:
        """Run the session, and yield all its records. Call it once.

        A `SourceError` of the session ends the records, and is kept as `error`.
        """
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


MOST_READ_AHEAD = 100
"""Records of a pipe in which its time zone is looked for."""


class ConversionResult(Struct, frozen=True):
    """The result of a conversion.

    `records` is how many records were converted. `lost` is one line on what the format cannot hold, empty if nothing
    was lost. `error` is the reason why the session ended too early, None if it did not. `is_mendable`: misread lines
    could be mended, but were not to be.
    """

    records: int
    lost: str
    error: SourceError | None
    is_mendable: bool = False


def convert(
    names: Sequence[str],
    path: Path,
    definition: Definition,
    *,
    replace: bool = False,
    mending: bool = False,
    terminal: TextIO | None = None,
    file_options: FileOptions = DEFAULT,
) -> ConversionResult:
    """Write a session into the file `path`, and show progress on `terminal`, on none if it is None.

    `names` is its name, or those of its files if `file_options` join them.

    With `mending`, misread lines of a text log are mended.

    Raises `SourceError` if nothing can be read, or if nothing of it would be left in this format, and `OutputError` if
    the file cannot be written, or exists already and `replace` is False.
    """
    target, packing = format_of(path)
    if os.path.lexists(path) and not replace:
        raise OutputError(f"{path}: the file exists already: name another one, or replace it with --force")
    source = _open_saved(names, file_options)
    probe = probe_source(source)
    pipeline = Pipeline(definition, mending=mending)
    share_out(source, definition)
    reading = SessionReading(source, pipeline)
    records = _read_to_first_time(reading, source)
    origin = Origin(
        definition, probe.zone or source.zone, probe.name or source.name, probe.speed or source.baud, probe.taps
    )
    losses = Losses(target, origin)
    file = NewFile(path, packing=packing, replace=replace)
    try:
        file.open()
        with ConversionProgress(terminal, _find_size(names[0])) as progress:
            pieces = target.encode(_build_entries(records, reading, probe, losses), origin)
            written = _write(pieces, file, source, progress)
        if (reading.error and not reading.has_read) or written <= size_of_nothing(target, origin):
            raise SourceError(_describe_nothing(names[0], reading.error, losses))
        file.keep()
    except BaseException:
        file.give_up()
        raise
    return ConversionResult(losses.records, losses.format(), reading.error, pipeline.is_mendable)


def _open_saved(names: Sequence[str], file_options: FileOptions) -> Source:
    """Return the open source of these names. Raises `SourceError` if it cannot be opened, or is no saved session."""
    source = open_sources(names, file_options=file_options)
    if source.is_live:
        source.close()
        raise SourceError(f"{names[0]}: convert reads saved sessions, not a port or the demo: record it first")
    return source


def _write(pieces: Iterable[bytes], file: NewFile, source: Source, progress: ConversionProgress) -> int:
    """Write the pieces of the new file, and show how far the source is read; return the size of all in bytes."""
    written = 0
    for piece in pieces:
        file.write(piece)
        written += len(piece)
        progress.update(source.bytes_read if isinstance(source, SavedSource) else 0)
    return written


def _read_to_first_time(reading: SessionReading, source: Source) -> Iterator[Record]:
    """Return an iterator over all records, of which some may be read already: a pipe shows its zone only then."""
    records = reading.records()
    read: list[Record] = []
    while source.zone is None and len(read) < MOST_READ_AHEAD and (record := next(records, None)):
        read.append(record)
    return chain(read, records)


def _build_entries(
    records: Iterator[Record], reading: SessionReading, probe: FileProbe, losses: Losses
) -> Iterator[RecordEntry]:
    """Yield each record with the last known time before it and its note, and add what the format drops to `losses`."""
    before = None
    for record in records:
        number = record.number
        entry = RecordEntry(record, before, probe.notes.get(number, reading.notes.get(number, "")))
        losses.add(entry)
        yield entry
        before = before if record.time is None else record.time


def _describe_nothing(name: str, error: SourceError | None, losses: Losses) -> str:
    """Return why the new file would hold nothing of the session, and what to do."""
    why = f"{error}; nothing was written" if error else f"{name}: nothing was written"
    if lost := losses.format():
        return f"{why}, as nothing of it would be left ({lost}): name a file in .pcapng"
    return why if error else f"{why}: there is no record in it"


def _find_size(name: str) -> int:
    """Return the size of the input in bytes, 0 if it is no file."""
    return os.path.getsize(name) if os.path.isfile(name) else 0
