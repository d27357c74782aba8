"""The latest status of each topic, and which of these statuses the broker got on this connection.

In: statuses, from any thread, and the numbers under which they were sent. Out: the statuses that are still to be sent.
A status that was replaced before it was sent is never sent.
"""

from sniffer.fleet.mqtt.messages.message import OutboxMessage


class LatestStatuses:
    """The statuses of one bench."""

    def __init__(self) -> None:
        self._latest: dict[str, OutboxMessage] = {}
        self._sent: dict[str, OutboxMessage] = {}
        self._unconfirmed: set[int] = set()

    @property
    def unconfirmed(self) -> int:
        """The number of statuses that were sent on this connection and not confirmed."""
        return len(self._unconfirmed)

    def set(self, message: OutboxMessage) -> None:
        """Replace the status of the same topic. May be called in any thread."""
        # The dictionary is replaced, not changed: the thread of the publisher may be reading it.
        self._latest = self._latest | {message.topic: message}

    def begin_again(self) -> None:
        """Note that a new connection begins: everything is to be sent again."""
        self._sent = {}
        self._unconfirmed = set()

    def list_unsent(self) -> list[OutboxMessage]:
        """Return the statuses that this connection has not sent yet."""
        return [message for topic, message in self._latest.items() if self._sent.get(topic) is not message]

    def mark_sent(self, message: OutboxMessage, number: int) -> None:
        """Note that a status was sent under this number."""
        self._sent[message.topic] = message
        self._unconfirmed.add(number)

    def confirm(self, number: int) -> None:
        """Note that the broker has confirmed the message with this number, which may be no status."""
        self._unconfirmed.discard(number)
