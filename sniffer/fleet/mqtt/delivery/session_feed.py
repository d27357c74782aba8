"""The sessions of an outbox as messages: one session after the other, read only as fast as the broker takes them.

In: an outbox. Out: messages and marks, appended piece by piece to the list of waiting messages. Frames of a live
session wait up to a second, so that several share one message.
"""

import time
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from sniffer.base.errors import SourceError
from sniffer.core.protocol.definition import Definition
from sniffer.fleet.mqtt.delivery.cursor import Cursor
from sniffer.fleet.mqtt.delivery.outbox import OpenSession, Outbox
from sniffer.fleet.mqtt.delivery.waiting_messages import WaitingMessages, move_cursor
from sniffer.fleet.mqtt.messages.message import OutboxMessage
from sniffer.fleet.mqtt.messages.session_messages import SessionMessages

FRAMES_WAIT = 1.0
"""Seconds that frames wait for others."""


class SessionFeed:
    """The messages of the sessions of one bench. `report` is called with one line when a session cannot be read."""

    def __init__(
        self,
        outbox: Outbox,
        waiting: WaitingMessages,
        bench: str,
        definition: Definition,
        report: Callable[[str], object],
        *,
        has_frames: bool,
    ) -> None:
        self.records = 0
        """The number of records read that had not been confirmed earlier."""
        self._outbox = outbox
        self._waiting = waiting
        self._bench = bench
        self._definition = definition
        self._report = report
        self._has_frames = has_frames
        self._open: OpenSession | None = None
        self._messages: SessionMessages | None = None
        self._flush_at: float | None = None

    @property
    def has_ended(self) -> bool:
        """True if all sessions were read to their ends, and no other will come."""
        return self._open is None and self._outbox.has_ended

    def read(self) -> bool:
        """Add the messages of the next piece of a session. Return False if there is nothing to read at present."""
        if self._open is None:
            self._open = self._outbox.next()
            if self._open is None:
                return False
            self._messages = self._begin(self._open)
        session, messages = self._open, self._messages
        assert messages
        try:
            items = session.reader.read()
        except SourceError as error:
            self._report(f"{error}: what follows there is not published")
            self._end(session, messages, str(error))
            return True
        if items is None:
            self._end(session, messages)
            return True
        before = max(session.cursor.confirmed, messages.last_number)
        found = messages.add(items, session.reader.zone)
        self.records += max(0, messages.last_number - before)
        if session.cursor.is_saved and not _is_of(session.cursor, messages):
            # The file was written anew since it was published, and whoever names it wants it to be sent.
            new = replace(session.cursor, session="", confirmed=0, is_complete=False)
            session = self._open = replace(session, cursor=new)
            messages = self._messages = self._begin(session)
            found = messages.add(items, session.reader.zone)
        elif not self._is_the_same(session, messages):
            return True
        self._add(session, messages, found)
        return bool(items)

    def _begin(self, session: OpenSession) -> SessionMessages:
        """Return the messages of a session after what was confirmed."""
        return SessionMessages(
            self._bench,
            self._definition,
            confirmed=session.cursor.confirmed,
            has_frames=self._has_frames,
            read_digest=session.read_digest,
        )

    def _is_the_same(self, session: OpenSession, messages: SessionMessages) -> bool:
        """Return True if the file holds the session of its cursor; else close it and report that."""
        cursor = session.cursor
        if _is_of(cursor, messages):
            return True
        self._report(f"{cursor.capture}: it holds another session now: what it held before is not published")
        self._close(session)
        self._waiting.mark(replace(cursor, is_complete=True, lost="another session is in its file"))
        return False

    def _add(self, session: OpenSession, messages: SessionMessages, found: Sequence[OutboxMessage]) -> None:
        """Add messages, those of frames that waited long enough among them, and mark how far the session is."""
        now = time.monotonic()
        if not messages.is_waiting:
            self._flush_at = None
        elif self._flush_at is None:
            self._flush_at = now + FRAMES_WAIT
        elif now >= self._flush_at:
            found = [*found, *messages.flush()]
            self._flush_at = None
        for message in found:
            self._waiting.add(message)
        if messages.session:
            self._waiting.mark(move_cursor(session.cursor, messages.session, messages.complete_up_to))

    def _end(self, session: OpenSession, messages: SessionMessages, lost: str = "") -> None:
        """Add the last messages of a session and mark it as complete. `lost` is why its rest cannot be read."""
        for message in messages.end(session.reader.zone):
            self._waiting.add(message)
        cursor = move_cursor(session.cursor, messages.session, messages.last_number, is_complete=True)
        self._waiting.mark(replace(cursor, lost=lost))
        self._close(session)

    def _close(self, session: OpenSession) -> None:
        session.reader.close()
        self._open = self._messages = self._flush_at = None


def _is_of(cursor: Cursor, messages: SessionMessages) -> bool:
    """Return True if a cursor may be that of the session that is read, as far as their names are known."""
    return not messages.session or not cursor.session or cursor.session == messages.session
