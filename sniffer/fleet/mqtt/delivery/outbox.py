"""The sessions that wait for a broker, one after the other: those that earlier runs left, then those of this run.

In: the cursors, and the files of the recording that runs. Out: open sessions, each with its reader and its cursor.
What can never be published, because its recording is gone, is reported and marked in its cursor.
"""

import time
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from sniffer.base.errors import ConfigFileError
from sniffer.core.protocol.definition import Definition
from sniffer.fleet.mqtt.delivery.cursor import Cursor, CursorFolder
from sniffer.fleet.mqtt.delivery.recording_reader import RecordingReader, SessionReader, find_size_on_disk
from sniffer.fleet.mqtt.delivery.watched_destination import WatchedDestination
from sniffer.recording.destination import Destination


class OpenSession(Struct, frozen=True):
    """One session to publish. `read_digest` returns the SHA-256 of a complete one; None if it cannot be read whole."""

    cursor: Cursor
    reader: SessionReader
    read_digest: Callable[[], str] | None = None


class Outbox(Protocol):
    """Sessions to publish, in order."""

    def next(self) -> OpenSession | None:
        """Return the next session; None if there is none at present."""
        ...

    @property
    def has_ended(self) -> bool:
        """True if no further session will come."""
        ...

    def save_new_cursors(self) -> None:
        """Try again to keep the cursors of new files that could not be kept."""
        ...


class SavedOutbox:
    """The one session of `publish FILE`."""

    def __init__(self, session: OpenSession) -> None:
        self._sessions = [session]

    def next(self) -> OpenSession | None:
        """Return the session the first time, and None after that."""
        return self._sessions.pop() if self._sessions else None

    @property
    def has_ended(self) -> bool:
        """True if the session was taken."""
        return not self._sessions

    def save_new_cursors(self) -> None:
        """Do nothing: a saved session has one cursor, and without it is sent again."""


class RecordingOutbox:
    """The sessions that earlier runs left, and the recording of this run.

    `report` is called with one line about each recording that cannot be published. `wrap` makes the destination of the
    recording one whose files are published. The cursors that are not complete are listed at once.
    """

    def __init__(self, cursors: CursorFolder, definition: Definition, report: Callable[[str], object]) -> None:
        self._cursors = cursors
        self._definition = definition
        self._report = report
        self._damaged = cursors.set_damaged_aside()
        self._left = deque(cursors.list_unfinished())
        self._watched: WatchedDestination | None = None
        self._place = 0
        self._unsaved: dict[str, Cursor] = {}
        self._lock = Lock()

    def wrap(self, destination: Destination) -> WatchedDestination:
        """Return a destination whose files are published, after what earlier runs left."""
        self._watched = WatchedDestination(destination, self._add_file)
        return self._watched

    def _add_file(self, path: Path) -> None:
        """Keep a cursor for a new file, so that another run continues it if this one is killed."""
        cursor = self._create_cursor(path)
        with self._lock:
            # On a full disk, which the recording reports, the cursor is tried again.
            self._unsaved[cursor.capture] = cursor
        self.save_new_cursors()

    def _create_cursor(self, path: Path) -> Cursor:
        return Cursor(self._cursors.to, self._cursors.bench, str(path.absolute()), time.time_ns())

    @property
    def has_ended(self) -> bool:
        """True if no further session will come."""
        watched = self._watched
        is_done = watched is None or (watched.has_ended and watched.path_at(self._place) is None)
        return is_done and not self._left

    def save_new_cursors(self) -> None:
        """Try again to keep the cursors of new files that could not be kept."""
        with self._lock:
            for capture, cursor in [*self._unsaved.items()]:
                try:
                    self._cursors.save(cursor)
                except ConfigFileError:
                    return
                del self._unsaved[capture]

    def next(self) -> OpenSession | None:
        """Return the next session; None if there is none at present."""
        while self._damaged:
            damaged = self._damaged.pop()
            self._report(f"{damaged}: this cursor is damaged: `evse-sniff publish FILE` sends its recording")
        while self._left:
            cursor = self._left.popleft()
            path = Path(cursor.capture)
            if path.is_file():
                return OpenSession(cursor, RecordingReader(path, self._definition, partial(find_size_on_disk, path)))
            self._give_up(cursor, "the recording is gone")
        watched, place = self._watched, self._place
        path_now = watched.path_at(place) if watched else None
        if watched is None or path_now is None:
            return None
        self._place += 1
        reader = RecordingReader(path_now, self._definition, partial(watched.find_settled, place))
        return OpenSession(self._create_cursor(path_now), reader)

    def _give_up(self, cursor: Cursor, why: str) -> None:
        """Report that a session can never be published to its end, and note it in its cursor."""
        if cursor.session or cursor.confirmed:
            self._report(f"{cursor.capture}: {why}: what it held after record {cursor.confirmed:,} was never published")
        mark = replace(cursor, is_complete=True, lost=why)
        try:
            self._cursors.save(mark)
        except ConfigFileError as error:
            self._report(str(error))
