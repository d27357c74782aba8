"""A block in which a charger is listened to: opened before it, read beside it, closed behind it.

Of several things that go wrong, none hides another: what the block raises is raised, with a note on what had become of
the session; where the block raises nothing, what went wrong with the session is. The session's failure does not break
into the block: whoever waits for the session is told at once, and all others finish what they do to the charger.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from sniffer.base.errors import RecordingError, SourceError
from sniffer.config.definition_files import load_definition
from sniffer.recording.destination import SingleFile
from sniffer.recording.recorder import Recorder
from sniffer.rig.broadcast import Broadcast
from sniffer.rig.live_session import LiveSession
from sniffer.session import IDLE_SECONDS, Session
from sniffer.sources.open import open_sources, pipeline_for

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
    """Listen to a charger for as long as the block lasts; nothing is ever sent to it.

    `sources` are what the command line takes: a port, or two, one on each wire; `demo`; `socket://host:port`; a saved
    session. `baud` None finds the rate. `definition` adds to what is known of the protocol. `record` is a new capture,
    which then holds all that was read. `idle` is the silence in seconds that ends an unfinished frame.

    Reading begins with the first `await` in the block, so who asks for records before that gets the first one too.
    Raises `SourceError`, `DefinitionError` or `RecordingError` before the block where it cannot begin, and after it
    where the source or the recording failed meanwhile. To connect to another machine holds up the loop.
    """
    if not sources:
        raise SourceError("no source: name a port, such as /dev/ttyUSB0, a saved session, or demo")
    if isinstance(definition, PathName):
        definition = (definition,)
    known = load_definition([str(path) for path in definition])
    source = open_sources(sources, baud=baud)
    recorder = None
    if record is not None:
        recorder = Recorder(SingleFile(Path(record)), source.name, source.baud, lambda: source.zone)
        try:
            await recorder.open()
        except BaseException:
            source.close()
            raise
    broadcast = Broadcast()
    session = Session(source, pipeline_for(source, known), [broadcast], idle=idle, recorder=recorder)
    live = LiveSession(session, known, broadcast)
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
    if recorder and recorder.state.path and (recorder.state.lost or recorder.state.failure):
        lost, why = recorder.state.lost, recorder.state.failure
        raise RecordingError(recorder.state.path, f"{lost:,} packets were not recorded: {why or 'the disk failed'}")


async def _read(session: Session, live: LiveSession) -> Exception | None:
    """Read to the end; what went wrong is returned, and told to whoever waits."""
    name = session.source.name
    try:
        await session.run()
    except asyncio.CancelledError:
        live.end(f"reading {name} was stopped, as the block of sniffer.tap was left")
        raise
    except Exception as error:
        live.end(f"reading {name} failed: {error}", error)
        return error
    live.end("")
    return None


async def _stop(reading: "asyncio.Task[Result]") -> Result | None:
    """End a task; return what it had come to before. To be cancelled meanwhile leaves nothing open."""
    # What has not begun cannot close anything: it begins with the turn before this one.
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
