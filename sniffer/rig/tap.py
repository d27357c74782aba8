"""`sniffer.tap`: the source is opened before the block, read in a task beside it, and closed after it.

If several things fail, no error hides another. An error of the block is raised, with a note about a failure of the
session. If the block raises nothing, the failure of the session is raised after it. A failure of the session does not
interrupt the block: calls that wait for the session raise at once, and other code in the block finishes its work with
the charger.
"""

import asyncio
import warnings
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from sniffer.base.errors import RecordingError, SourceError
from sniffer.base.phrasing import format_count
from sniffer.config.definition_choice import choose_definition
from sniffer.core.protocol.definition import Definition
from sniffer.recording.destination import SingleFile
from sniffer.recording.recorder import Recorder, RecordingState
from sniffer.rig.broadcast import Broadcast
from sniffer.rig.live_session import LiveSession
from sniffer.session import IDLE_SECONDS, Attachments, Session, live_limits
from sniffer.sources.file_options import FileOptions
from sniffer.sources.open import LineOptions, open_sources, pipeline_for
from sniffer.sources.source import Source

PathName = str | Path
Result = TypeVar("Result")


@asynccontextmanager
async def tap(
    *sources: str,
    baud: int | None = None,
    definition: PathName | Sequence[PathName] = (),
    record: PathName | None = None,
    idle: float = IDLE_SECONDS,
) -> AsyncIterator[LiveSession]:
    """Read a charger for as long as the block lasts. Nothing is ever sent to it.

    `sources` are the same as on the command line: a port, or two, one on each wire; `demo`; `socket://host:port`; a
    saved session. With `baud` None the rate is found. `definition` names files that extend the protocol. `record` is
    the path of a new capture, which gets all bytes that are read. `idle` is the silence in seconds that ends an
    unfinished frame.

    Reading begins with the first `await` in the block, so a reader that is made before it gets the first record too.
    Raises `SourceError`, `DefinitionError` or `RecordingError` before the block if it cannot begin, and after it if the
    source or the recording failed meanwhile. Connecting to another machine blocks the loop.
    """
    if not sources:
        raise SourceError("no source: name a port, such as /dev/ttyUSB0, a saved session, or demo")
    words = [str(path) for path in ((definition,) if isinstance(definition, PathName) else definition)]
    # Between this and the script are `choose_definition`, this function and `contextlib`.
    loaded = choose_definition(words, sources, lambda text: warnings.warn(text, stacklevel=5))
    line_options = LineOptions(baud, routes=loaded.links.routes_in_bytes)
    source = open_sources(sources, line_options=line_options, file_options=FileOptions(definition=loaded))
    recorder = None if record is None else await _open_recorder(Path(record), source, loaded)
    broadcast = Broadcast()
    pipeline = pipeline_for(source, loaded, live_limits(idle))
    session = Session(source, pipeline, [broadcast], attachments=Attachments(recorder), idle=idle)
    live = LiveSession(session, loaded, broadcast)
    reading = asyncio.create_task(_read(session, live), name=f"sniffer.tap {source.name}")
    try:
        yield live
    except BaseException as error:
        failure = await _stop(reading)
        if failure and failure not in (error, error.__cause__):
            error.add_note(f"the session of {source.name} had failed as well: {failure}")
        raise
    failure = await _stop(reading)
    if failure:
        raise failure
    if recorder:
        _check_recording(recorder.state)


async def _open_recorder(path: Path, source: Source, definition: Definition) -> Recorder:
    """Return the open recorder of a session. If its file cannot be written, the source is closed."""
    recorder = Recorder(SingleFile(path), source.name, source.baud, lambda: source.zone, origins=definition.origins)
    try:
        await recorder.open()
    except BaseException:
        source.close()
        raise
    return recorder


def _check_recording(state: RecordingState) -> None:
    """Raise `RecordingError` if the capture is not the whole session."""
    if state.path and (state.lost or state.failure):
        lost, reason = format_count(state.lost, "packet"), state.failure or "the disk failed"
        raise RecordingError(state.path, f"{lost} not recorded: {reason}")


async def _read(session: Session, live: LiveSession) -> Exception | None:
    """Read to the end, and end all waiting calls then. Return the failure, or None if reading did not fail."""
    name = session.source.name
    try:
        await session.run()
    except asyncio.CancelledError:
        live.end(f"reading {name} was stopped, as the block of sniffer.tap was left")
        raise
    except Exception as error:
        # Whatever it is, the calls that wait raise it in the script; here nobody would see it.
        live.end(f"reading {name} failed: {error}", error)
        return error
    live.end("")
    return None


async def _stop(reading: "asyncio.Task[Result]") -> Result | None:
    """Cancel a task and wait for its end; return its result, None if it was cancelled.

    If the caller is cancelled meanwhile, it still waits, so that nothing stays open, and raises `CancelledError` then.
    """
    # A task that has not begun would close nothing. The loop starts it in the turn before this call.
    asyncio.get_running_loop().call_soon(reading.cancel)
    cancelled: asyncio.CancelledError | None = None
    while not reading.done():
        try:
            await asyncio.wait([reading])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled:
        raise cancelled
    return None if reading.cancelled() else reading.result()
