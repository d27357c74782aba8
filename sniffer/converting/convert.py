"""One conversion: a saved session in, the same session in another format out.

What the file is, its content tells; what it is to be, the ending of the new one. Records are concluded again on the
way, as by every command that reads, and written as they come, so memory does not grow with the session. The new file
is there as a whole or not at all. A session that ends before its time is converted as far as it goes.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from sniffer.converting.losses import Losses
from sniffer.converting.progress import Progress
from sniffer.converting.reading import Reading
from sniffer.errors import OutputError, SourceError
from sniffer.formats.entry import Entry, Origin
from sniffer.formats.export import format_of
from sniffer.newfile import NewFile
from sniffer.pipeline import Pipeline
from sniffer.protocol.definition import Definition
from sniffer.sources.opening import open_source
from sniffer.sources.saved import SavedSource
from sniffer.sources.stream import StreamSource
from sniffer.sources.survey import Survey, survey

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
    if not isinstance(source, SavedSource | StreamSource):
        raise SourceError(f"{name}: convert reads saved sessions, not what a port or the demo says")
    known = survey(Path(name)) if isinstance(source, SavedSource) else Survey()
    origin = Origin(definition, known.zone, known.name or source.name, known.speed, known.taps)
    reading, losses = Reading(source, Pipeline(definition)), Losses(target, origin)
    file = NewFile(path, packing=packing, replace=replace)
    try:
        file.open()
        with Progress(terminal, _size(name)) as progress:
            for piece in target.pieces(_entries(reading, known, losses), origin):
                file.write(piece)
                progress.at(source.place if isinstance(source, SavedSource) else 0)
        if reading.error and not reading.has_read:
            raise reading.error
        file.keep()
    except BaseException:
        file.give_up()
        raise
    return Converted(losses.told(), reading.error)


def _entries(reading: Reading, known: Survey, losses: Losses) -> Iterator[Entry]:
    before = None
    for record in reading.records():
        number = record.number
        entry = Entry(record, before, known.notes.get(number, reading.notes.get(number, "")))
        losses.look_at(entry)
        yield entry
        before = before if record.time is None else record.time


def _size(name: str) -> int:
    return os.path.getsize(name) if os.path.isfile(name) else 0
