"""The work on one capture file: read what its sessions are named, then add those that are not yet in the lake.

In: a `CaptureFile`. Out: plain values, so that the work can be done by any process on any machine. What was done before
a process was killed is done again, with the same result: a session has the same place and the same content each time.
"""

import asyncio
from collections.abc import Mapping
from functools import cache

from msgspec import Struct, field
from msgspec.structs import replace

from sniffer.base.compression import ReadableFile
from sniffer.base.errors import OutputError, SourceError, describe_write_failure
from sniffer.base.times import as_datetime
from sniffer.config.definition_choice import choose_definition_of
from sniffer.config.definition_files import load_definition
from sniffer.core.protocol.definition import Definition
from sniffer.fleet.lake.additions.capture_list import CaptureFile
from sniffer.fleet.lake.additions.content_name import ContentName, read_content_name
from sniffer.fleet.lake.store import LakeStore, Partition
from sniffer.fleet.lake.tables.session_tables import SessionTables
from sniffer.fleet.lake.tables.table_file import TableFiles
from sniffer.session import Session
from sniffer.sources.file_options import DEFAULT, FileOptions
from sniffer.sources.open import pipeline_for
from sniffer.sources.stored.recorded_definitions import read_recorded
from sniffer.sources.stored.session_file import open_file


class CaptureFailure(Struct, frozen=True):
    """A session that could not be read, and why."""

    name: str
    why: str


class FoundSession(Struct, frozen=True):
    """A session in a capture file: its path within an archive, else empty, and its content."""

    member: str
    content: ContentName


class FoundSessions(Struct, frozen=True):
    """The sessions in one capture file, and what could not be read."""

    capture: CaptureFile
    sessions: tuple[FoundSession, ...] = ()
    failures: tuple[CaptureFailure, ...] = ()


class AddRequest(Struct, frozen=True):
    """A capture file, and the sessions in it that are to be added, by their paths in it.

    `definition` are the words that select the definition; without, it is that which each session was recorded with.
    `bench` is the name of the bench, None to find it. `replaces` are the sessions of the lake that a session has
    outgrown.
    """

    lake: str
    capture: CaptureFile
    sessions: Mapping[str, ContentName]
    definition: tuple[str, ...] = ()
    bench: str | None = None
    options: FileOptions = DEFAULT
    replaces: Mapping[str, Mapping[str, Partition]] = field(default_factory=dict)


class AddResult(Struct, frozen=True):
    """The result for a capture file: sessions and frames that were added, those read in part, and failures."""

    size: int
    sessions: int = 0
    frames: int = 0
    incomplete: tuple[CaptureFailure, ...] = ()
    failures: tuple[CaptureFailure, ...] = ()


def find_sessions(capture: CaptureFile) -> FoundSessions:
    """Return the sessions in a capture file with their names."""
    found, failures = [], []
    try:
        files = capture.list_files()
        if not files:
            failures.append(CaptureFailure(capture.path, "no capture and no log in it"))
        for member, file in files:
            try:
                found.append(FoundSession(member, read_content_name(file)))
            except (SourceError, OSError) as error:
                failures.append(_describe_failure(capture, member, error))
    except (SourceError, OSError) as error:
        failures.append(_describe_failure(capture, "", error))
    return FoundSessions(capture, tuple(found), tuple(failures))


def add_sessions(request: AddRequest) -> AddResult:
    """Add sessions of a capture file to the lake. Raises `OutputError` if they cannot be written."""
    store, capture = LakeStore(request.lake), request.capture
    added = frames = 0
    incomplete, failures = [], []
    try:
        for member, file in capture.list_files():
            content = request.sessions.get(member)
            if content is None:
                continue
            bench = request.bench or capture.name_bench(member)
            replaces = request.replaces.get(member, {})
            try:
                count, why = _add_session(store, file, content, bench, request, replaces)
            except SourceError as error:
                failures.append(_describe_failure(capture, member, error))
                continue
            added, frames = added + 1, frames + count
            if why:
                incomplete.append(_describe_failure(capture, member, why))
    except SourceError as error:
        failures.append(_describe_failure(capture, "", error))
    return AddResult(capture.size, added, frames, tuple(incomplete), tuple(failures))


def _add_session(
    store: LakeStore,
    file: ReadableFile,
    content: ContentName,
    bench: str,
    request: AddRequest,
    replaces: Mapping[str, Partition],
) -> tuple[int, SourceError | None]:
    """Add one session. Return its frames, and why it ended too early; None if it did not.

    Raises `SourceError` if nothing of it can be read, and `OutputError` if its rows cannot be written.
    """
    definition = choose_definition_of(request.definition, read_recorded(file), _load_definition)
    source = open_file(file, replace(request.options, definition=definition))
    stopped: SourceError | None = None
    with store.stage() as folder:
        files = TableFiles(folder, content.name)
        tables = SessionTables(definition, files)
        session = Session(source, pipeline_for(source, definition), [tables])
        try:
            try:
                asyncio.run(session.run())
            except SourceError as error:
                if not tables.has_read:
                    raise
                stopped = error
            snapshot = session.snapshot()
            tables.finish(snapshot, str(file), content.size, str(stopped) if stopped else None)
            files.close()
        except OSError as error:
            raise OutputError(f"{folder}: {describe_write_failure(error)}") from error
        partition = Partition(bench, _format_date(tables.began))
        store.commit(content.name, partition, files.paths, replaces)
    return snapshot.ledger.frames, stopped


def _format_date(began: int | None) -> str | None:
    """Return the day in UTC; None without times."""
    from datetime import UTC

    return None if began is None else as_datetime(began, UTC).date().isoformat()


def _describe_failure(capture: CaptureFile, member: str, error: Exception) -> CaptureFailure:
    name = f"{capture.path}/{member}" if member else capture.path
    why = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
    return CaptureFailure(name, why.removeprefix(f"{name}: "))


@cache
def _load_definition(words: tuple[str, ...]) -> Definition:
    """Return the definition, which is loaded once in each process."""
    return load_definition(words)
