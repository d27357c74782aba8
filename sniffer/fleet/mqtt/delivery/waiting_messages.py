"""The messages on their way to a broker, in order, and how far each session is confirmed by what came back.

In: messages, marks of how far a session is in them, and confirmations in any order. Out: cursors that have moved. The
cursor of a session moves only over messages that were confirmed without a gap. What is not confirmed stays here, to be
sent again in the same order on the next connection. The number of messages is bounded by whoever adds them.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from sniffer.fleet.mqtt.delivery.cursor import Cursor
from sniffer.fleet.mqtt.messages.message import OutboxMessage


@dataclass(slots=True)
class _WaitingMessage:
    """A message, or the mark of a cursor after the messages before it. `number` is None until it is sent."""

    message: OutboxMessage | None
    cursor: Cursor | None = None
    number: int | None = None
    is_confirmed: bool = False


class WaitingMessages:
    """The messages that were not confirmed yet."""

    def __init__(self) -> None:
        self._entries: deque[_WaitingMessage] = deque()
        self._by_number: dict[int, _WaitingMessage] = {}
        self._unsent: deque[_WaitingMessage] = deque()

    @property
    def unsent(self) -> int:
        """The number of messages that are to be sent on this connection."""
        return len(self._unsent)

    @property
    def unconfirmed(self) -> int:
        """The number of messages that were sent on this connection and not confirmed."""
        return len(self._by_number)

    @property
    def is_empty(self) -> bool:
        """True if every message was confirmed and every cursor was returned."""
        return not self._entries

    def add(self, message: OutboxMessage) -> None:
        """Add a message after all others."""
        entry = _WaitingMessage(message)
        self._entries.append(entry)
        self._unsent.append(entry)

    def mark(self, cursor: Cursor) -> None:
        """Note that this cursor holds once all messages before it are confirmed."""
        last = self._entries[-1] if self._entries else None
        if last and (last.cursor is None or last.cursor.capture == cursor.capture):
            last.cursor = cursor
        else:
            self._entries.append(_WaitingMessage(None, cursor, is_confirmed=True))

    def peek(self) -> OutboxMessage:
        """Return the next message to send. There must be one."""
        message = self._unsent[0].message
        assert message
        return message

    def sent(self, number: int) -> None:
        """Note that the next message was sent, and will be confirmed by this number."""
        entry = self._unsent.popleft()
        entry.number = number
        self._by_number[number] = entry

    def skip(self) -> None:
        """Leave the next message out: it can never be sent."""
        self._unsent.popleft().is_confirmed = True

    def confirm(self, number: int) -> None:
        """Take a confirmation. One of a message that is not in this list is left alone."""
        if entry := self._by_number.pop(number, None):
            entry.is_confirmed = True

    def take_cursors(self) -> Iterator[Cursor]:
        """Yield the cursors that hold now, and forget the confirmed messages before them."""
        while self._entries and self._entries[0].is_confirmed:
            entry = self._entries.popleft()
            if entry.cursor:
                yield entry.cursor

    def begin_again(self) -> None:
        """Let everything that was not confirmed be sent again, as the connection has failed."""
        self._by_number.clear()
        self._unsent = deque(one for one in self._entries if not one.is_confirmed)


def move_cursor(cursor: Cursor, session: str, confirmed: int, *, is_complete: bool = False) -> Cursor:
    """Return the cursor further on in its session."""
    return replace(cursor, session=session, confirmed=max(cursor.confirmed, confirmed), is_complete=is_complete)
