"""Make a bundle: read a saved session twice, replace what identifies somebody, and write what is left into a zip.

In: a saved session. Out: a `Bundle` in a temporary folder, whose list of replacements can be shown before it is
written. No file of it holds an identifier that was replaced: that is checked, and a bundle that fails the check is not
made.
"""

import os
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from sniffer.base.atomic_file import NewFile
from sniffer.base.errors import OutputError, SourceError, describe_write_failure
from sniffer.base.late_pattern import compile_late
from sniffer.commands.bundle.contents import CAPTURE, build_contents
from sniffer.commands.bundle.identifier_kinds import IdentifierKind
from sniffer.commands.bundle.pseudonyms import Pseudonym, Pseudonyms
from sniffer.commands.bundle.redactor import Redactor
from sniffer.commands.convert.convert import SessionReading
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.definition_origin import DefinitionOrigin
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.sources.file_options import DEFAULT, FileOptions
from sniffer.sources.open import is_demo, open_sources
from sniffer.sources.probe import FileProbe, probe_source
from sniffer.sources.source import Source

PIECE_SIZE = 1 << 20
"""Bytes that are packed at once."""

_PLAIN_PORT = compile_late(r"/dev/(?:tty[A-Za-z]{0,4}\d*|pts/\d+|evse-com|evse-pwr)|COM\d+|demo(?::\w+)?|tap(?: \d+)?")
"""The names of ports that say nothing about a machine or a person."""


class _NotedRecord(NamedTuple):
    """A record with its note."""

    record: Record
    note: str


class Bundle(Struct, frozen=True):
    """A bundle that is ready to be written.

    `replaced` is what was replaced, `counts` how often, by the identifier in lower case. `records` and `frames` count
    the session, `changed` the frames that were encoded anew, `notes` the notes of the user. `incomplete` is why the
    session could not be read to its end, empty if it could.
    """

    replaced: Sequence[Pseudonym]
    counts: Counter[str]
    records: int
    frames: int
    changed: int
    notes: int
    incomplete: str
    files: Sequence[Path]

    def write(self, path: Path) -> None:
        """Write the zip file, which appears once it is complete. Raises `OutputError`, also if it exists already."""
        file = NewFile(path)
        try:
            file.open()
            with zipfile.ZipFile(_Stream(file), "w", zipfile.ZIP_DEFLATED) as packed:  # type: ignore[call-overload]
                for part in self.files:
                    with part.open("rb") as content, packed.open(part.name, "w") as entry:
                        while data := content.read(PIECE_SIZE):
                            entry.write(data)
            file.keep()
        except BaseException:
            file.give_up()
            raise


class _Stream:
    """A new file as `zipfile` writes to it: from its beginning to its end."""

    def __init__(self, file: NewFile) -> None:
        self._file = file

    def write(self, data: bytes) -> int:
        """Append bytes, and return how many."""
        self._file.write(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: the file is flushed when it is complete."""


class _Session:
    """A saved session that is read twice."""

    def __init__(self, names: Sequence[str], definition: Definition, options: FileOptions) -> None:
        self.incomplete = ""
        self._names = names
        self._options = options
        self._definition = definition
        # A port or a pipe is not opened to find out what it is: that has effects, or would wait.
        for name in names:
            is_other = os.path.exists(name) and not os.path.isfile(name) and not os.path.isdir(name)
            if is_other or name == "-" or is_demo(name) or "://" in name:
                raise SourceError(
                    f"{name}: a bundle is made of a saved session: save it with `evse-sniff record` first"
                )
        self.probe: FileProbe = probe_source(self._open())

    def read(self) -> Iterator[_NotedRecord]:
        """Yield all records with their notes.

        A session that ends too early is read up to there, and `incomplete` says why. Raises the `SourceError` of a
        session of which nothing could be read.
        """
        reading = SessionReading(self._open(), Pipeline(self._definition))
        for record in reading.records():
            note = self.probe.notes.get(record.number, reading.notes.get(record.number, ""))
            yield _NotedRecord(record, note)
        if reading.error:
            self.incomplete = str(reading.error)
            if not reading.has_read:
                raise reading.error

    def _open(self) -> Source:
        """Return the session as a source. Raises `SourceError` if it cannot be opened."""
        return open_sources(self._names, file_options=self._options)


def make_bundle(
    names: Sequence[str],
    folder: Path,
    definition: Definition,
    also: Sequence[str],
    file_options: FileOptions = DEFAULT,
) -> Bundle:
    """Make a bundle of a saved session in an empty folder. `also` are further texts to replace.

    `names` is the name of the session, or those of its files if `file_options` join them.

    Raises `SourceError` if the session cannot be read, and `OutputError` if the folder cannot be written or if an
    identifier would be left.
    """
    session = _Session(names, definition, file_options)
    pseudonyms = _name_outside_records(session.probe, also)
    redactor = Redactor(definition, pseudonyms)
    for entry in session.read():
        redactor.collect(*entry)
    pseudonyms.assign()
    files = [folder / CAPTURE]
    try:
        tally = _write_capture(files[0], session, redactor, pseudonyms, definition.origins)
        replaced = pseudonyms.list_all()
        for file_name, content in build_contents(files[0], definition, replaced, pseudonyms.counts, tally["changed"]):
            files.append(folder / file_name)
            files[-1].write_bytes(content)
    except OSError as error:
        raise OutputError(f"{folder}: {describe_write_failure(error)}") from error
    for part in files:
        if left := pseudonyms.find_left(part.read_bytes()):
            raise OutputError(f"not written: {', '.join(left)} would still stand in {part.name}")
    return Bundle(
        replaced, pseudonyms.counts, tally["records"], tally["frames"], tally["changed"], tally["notes"],
        session.incomplete, files,
    )  # fmt: skip


def _name_outside_records(probe: FileProbe, also: Sequence[str]) -> Pseudonyms:
    """Return pseudonyms for what no record shows: further texts, and ports whose names say more than that they are."""
    pseudonyms = Pseudonyms()
    for text in also:
        pseudonyms.add(text, IdentifierKind.NAMED)
    for port in (probe.name, *(tap.name for tap in probe.taps)):
        if port and not _PLAIN_PORT.fullmatch(port):
            pseudonyms.add(port, IdentifierKind.PORT)
    return pseudonyms


def _write_capture(
    path: Path,
    session: _Session,
    redactor: Redactor,
    pseudonyms: Pseudonyms,
    origins: Iterable[DefinitionOrigin],
) -> Counter[str]:
    """Write the session without identifiers, and return the numbers of its records, frames and notes.

    `changed` counts the frames that were encoded anew.
    """
    probe, tally = session.probe, Counter[str]()
    named = [replace(origin, name=pseudonyms.replace(origin.name)) for origin in origins]
    writer = CaptureWriter(pseudonyms.replace(probe.name or "tap"), probe.speed, probe.zone, named)
    with path.open("wb") as file:
        file.write(writer.encode_header())
        for tap in probe.taps:
            file.write(writer.encode_tap(replace(tap, name=pseudonyms.replace(tap.name))))
        for record, note in session.read():
            redacted = redactor.redact(record)
            file.write(writer.encode_record(redacted, redactor.redact_text(note)))
            is_frame = isinstance(record.item, Message)
            tally.update(records=1, frames=is_frame, changed=is_frame and redacted.item is not record.item)
            tally["notes"] += bool(note)
    return tally
