"""`publish`: bring a saved session to a broker, or one that is read and recorded now.

In: a source and a target. Out: messages at the broker. A saved session is published to its end, however long the broker
is away; Ctrl-C ends that earlier, and the next `publish` of the same file goes on after what was confirmed.
"""

import asyncio
import hashlib
import queue
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import tzinfo
from pathlib import Path

from sniffer.base.errors import CutOffError, SourceError
from sniffer.base.stop_signals import run_until_stopped
from sniffer.core.protocol.definition import Definition
from sniffer.core.record import Record
from sniffer.core.wire.items import Note
from sniffer.fleet.mqtt.delivery.cursor import Cursor
from sniffer.fleet.mqtt.delivery.outbox import OpenSession, SavedOutbox
from sniffer.fleet.mqtt.delivery.publish_state import PublishState
from sniffer.fleet.mqtt.delivery.publisher import Publisher
from sniffer.fleet.mqtt.messages.session_messages import SessionItem
from sniffer.fleet.mqtt.publish_target import PublishTarget
from sniffer.session import Session
from sniffer.sources.source import Source

MOST_WAITING = 8
"""The most pieces of a saved session that wait to be published."""

PIECE_SIZE = 1 << 20
"""Bytes of a file that are read at once for its digest."""

STOP_SECONDS = 2.0
"""Seconds that the last messages have after Ctrl-C."""


class _StoppedError(Exception):
    """Ends a session that is not published to its end."""


class SavedSessionFeed:
    """The records of a saved session on their way from the loop that reads it to the thread that publishes them.

    It is a sink of the session, and the reader of the publisher. The loop of the session waits while the broker takes
    nothing: there is no line to be late for.
    """

    def __init__(self, source: Source, notes: dict[int, str]) -> None:
        self._source = source
        self._notes = notes
        self._pieces: queue.Queue[list[SessionItem] | None] = queue.Queue(MOST_WAITING)
        self._is_closed = False

    @property
    def zone(self) -> tzinfo | None:
        """The zone of a text log; None if it has none."""
        return self._source.zone

    def receive(self, records: Sequence[Record]) -> None:
        """Take the next records of the session, and wait until there is room for them."""
        items: list[SessionItem] = []
        for record in records:
            if note := self._notes.get(record.number):
                items.append(Note(note, record.number))
            items.append(record)
        self._put(items)

    def add_late_note(self, number: int, text: str) -> None:
        """Take a note on a record that was taken before."""
        self._put([Note(text, number)])

    def end(self) -> None:
        """Note that the session has ended."""
        self._put(None)

    def read(self) -> Sequence[SessionItem] | None:
        """Return the next records; empty if there are none at present, None at the end of the session."""
        try:
            return self._pieces.get(timeout=0.05)
        except queue.Empty:
            return ()

    def close(self) -> None:
        """Let the session end, also while it waits for room."""
        self._is_closed = True

    def _put(self, items: list[SessionItem] | None) -> None:
        """Add a piece as soon as there is room. Raises `_StoppedError` after `close`."""
        while not self._is_closed:
            with suppress(queue.Full):
                self._pieces.put(items, timeout=0.1)
                return
        raise _StoppedError


def digest_files(names: Sequence[str]) -> str:
    """Return the SHA-256 of the content of files, and of all files in folders."""
    digest = hashlib.sha256()
    for path in map(Path, names):
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                with file.open("rb") as content:
                    while data := content.read(PIECE_SIZE):
                        digest.update(data)
    return digest.hexdigest()


class SavedPublishing:
    """The publishing of one saved session. `names` are those of its files. With `again`, it is sent from its start."""

    def __init__(
        self,
        target: PublishTarget,
        names: Sequence[str],
        source: Source,
        definition: Definition,
        report: Callable[[str], None],
        *,
        again: bool,
    ) -> None:
        capture = "\n".join(str(Path(name).absolute()) for name in names)
        cursors = target.cursors
        # What comes from a pipe, or is a member of an archive, cannot be known by its name.
        are_files = all(Path(name).exists() for name in names)
        found = cursors.find(capture) if are_files and not again else None
        self.notes: dict[int, str] = {}
        self.feed = SavedSessionFeed(source, self.notes)
        new = Cursor(cursors.to, cursors.bench, capture, time.time_ns(), is_saved=True)
        opened = OpenSession(found or new, self.feed, (lambda: digest_files(names)) if are_files else None)
        self.confirmed_before = opened.cursor.confirmed
        self._publisher = Publisher(target, SavedOutbox(opened), definition, report)

    @property
    def state(self) -> PublishState:
        """The state of publishing."""
        return self._publisher.state

    async def run(self, session: Session) -> CutOffError | None:
        """Publish the session until all is confirmed, or a signal arrives. Return how the file was cut off, or None.

        Raises `SourceError` if the file cannot be read on, after everything before that was published.
        """
        self._publisher.start()
        # The session has a loop of its own, as it waits for the broker; this one stays free for signals.
        reading = asyncio.ensure_future(asyncio.to_thread(self._read, session))
        await run_until_stopped(self._wait())
        self.feed.close()
        self._publisher.stop(STOP_SECONDS)
        await asyncio.to_thread(self._publisher.wait, 2 * STOP_SECONDS)
        ended = await reading
        if ended is not None and not isinstance(ended, CutOffError):
            raise ended
        return ended

    def _read(self, session: Session) -> SourceError | None:
        """Read the session to its end. Return what ended it too early; None if nothing did."""
        ended: SourceError | None = None
        with suppress(_StoppedError):
            try:
                asyncio.run(session.run())
            except SourceError as error:
                ended = error
            self.feed.end()
        return ended

    async def _wait(self) -> None:
        """Wait until the publisher has ended."""
        while not await asyncio.to_thread(self._publisher.wait, 0.2):
            continue
