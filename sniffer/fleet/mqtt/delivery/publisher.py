"""The publisher: a thread that brings the sessions of an outbox to a broker, and keeps on until all is confirmed.

In: an outbox, and the present status of the bench. Out: messages with quality of service 1, in order, and cursors that
say what was confirmed. A failure is reported once, and the connection is tried again after a growing time. Nothing here
runs on the loop that reads the line, and memory is bounded: the outbox is read only as fast as the broker confirms.
"""

import random
import time
from collections.abc import Callable
from threading import Event, Thread

from msgspec.structs import replace

from sniffer.base.errors import PublishError
from sniffer.core.protocol.definition import Definition
from sniffer.fleet.mqtt.broker.connection import BrokerConnection
from sniffer.fleet.mqtt.delivery.cursor_saver import SAVE_INTERVAL, CursorSaver
from sniffer.fleet.mqtt.delivery.latest_statuses import LatestStatuses
from sniffer.fleet.mqtt.delivery.outbox import Outbox
from sniffer.fleet.mqtt.delivery.publish_state import PublishState
from sniffer.fleet.mqtt.delivery.session_feed import SessionFeed
from sniffer.fleet.mqtt.delivery.waiting_messages import WaitingMessages
from sniffer.fleet.mqtt.messages.message import OutboxMessage
from sniffer.fleet.mqtt.publish_target import PublishTarget

FIRST_RETRY, LAST_RETRY = 1.0, 60.0
"""Seconds before the second attempt to connect, and the most between two. Each one doubles the time."""

POLL_INTERVAL = 0.2
"""Seconds between two looks at a recording that has nothing new."""

REST = 0.004
"""The least seconds that the thread rests after each piece of a live session, so that the loop that reads the line does
not wait for the interpreter."""

REST_PER_WORK = 3.0
"""The thread rests this many times as long as it worked: what is missing is sent with a quarter of a processor.

Only its own work counts: on a busy machine it would fall behind a live line."""


class Publisher:
    """The publisher of one bench.

    `report` is called in the thread, with each new failure and other lines for people. `will` is what the broker
    publishes if the bench is gone, and `farewell` what is published at an orderly end, or None. With `is_live`
    the thread leaves most of the time to others.
    """

    def __init__(
        self,
        target: PublishTarget,
        outbox: Outbox,
        definition: Definition,
        report: Callable[[str], object],
        *,
        will: OutboxMessage | None = None,
        farewell: OutboxMessage | None = None,
        is_live: bool = False,
        first_retry: float = FIRST_RETRY,
    ) -> None:
        self.state = PublishState()
        self._bench = bench = target.bench
        self._outbox = outbox
        self._cursors = CursorSaver(target.cursors)
        self._report = report
        self._will = will
        self._farewell = farewell
        self._is_live = is_live
        self._first_retry = first_retry
        self._waiting = WaitingMessages()
        self._feed = SessionFeed(outbox, self._waiting, bench.name, definition, report, has_frames=target.has_frames)
        self._statuses = LatestStatuses()
        self._has_progress = False
        self._is_confirmed = False
        self._stop_at: float | None = None
        self._stopping = Event()
        self._done = Event()
        self._thread = Thread(target=self._run, name="publisher", daemon=True)

    def start(self) -> None:
        """Begin to publish."""
        self._thread.start()

    def set_status(self, message: OutboxMessage) -> None:
        """Publish this status at once, and again after each new connection, until there is another one of its topic."""
        self._statuses.set(message)

    def stop(self, seconds: float) -> None:
        """Publish waiting messages for at most `seconds` if there is a connection, then end. Returns at once."""
        self._stop_at = time.monotonic() + seconds
        self._stopping.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the publisher has ended. Return False if that takes more than `seconds`; None is no limit."""
        return self._done.wait(seconds)

    def _run(self) -> None:
        """Connect and publish, until all is done or the publisher is stopped."""
        delay = self._first_retry
        try:
            while not self._is_over():
                connection = BrokerConnection(self._bench, self._will)
                self._has_progress = False
                try:
                    connection.open()
                    self._publish(connection)
                    connection.close()
                    return
                except PublishError as error:
                    connection.drop()
                    delay = self._first_retry if self._has_progress else delay
                    self._fail(str(error))
                if self._rest(delay * random.uniform(0.5, 1)):
                    return
                delay = min(2 * delay, LAST_RETRY)
        except Exception as error:
            # This thread has no caller: nobody would hear of an error that was not thought of.
            self._fail(f"{type(error).__name__}: {error}", "publishing has ended, the recording goes on")
        finally:
            self._cursors.save()
            self._update(is_connected=False)
            self._done.set()

    def _rest(self, seconds: float) -> bool:
        """Wait before the next attempt, and keep cursors meanwhile. Return True if the publisher was stopped."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._stopping.wait(min(left, SAVE_INTERVAL)):
                return True
            self._outbox.save_new_cursors()
        return False

    def _publish(self, connection: BrokerConnection) -> None:
        """Publish on this connection until all is done. Raises `PublishError` when it fails."""
        self._waiting.begin_again()
        self._statuses.begin_again()
        self._is_confirmed = False
        while not self._is_over():
            began = time.thread_time()
            has_read = self._fill(connection)
            is_idle = not has_read and not self._waiting.unsent
            self._send(connection)
            for number in connection.poll(POLL_INTERVAL if is_idle else 0.0 if has_read else 0.05):
                self._statuses.confirm(number)
                self._waiting.confirm(number)
                self._succeed()
            self._take_cursors()
            if self._is_live and has_read:
                time.sleep(max(REST, REST_PER_WORK * (time.thread_time() - began)))
        self._end(connection)

    def _fill(self, connection: BrokerConnection) -> bool:
        """Read the next piece of the outbox if there is room for its messages. Return True if there was something."""
        if self._waiting.unsent >= connection.most_unconfirmed:
            return False
        has_read = self._feed.read()
        if has_read:
            self._update(records=self._feed.records)
        return has_read

    def _send(self, connection: BrokerConnection) -> None:
        """Send new statuses, and the next messages as far as the broker takes them.

        The first message of a connection is sent alone. Some brokers close the connection when they refuse a message,
        and the reason is lost if others are on their way then.
        """
        most = connection.most_unconfirmed if self._is_confirmed else 1
        for status in self._statuses.list_unsent():
            if self._statuses.unconfirmed < most:
                self._statuses.mark_sent(status, connection.send(status))
        while self._waiting.unsent and self._waiting.unconfirmed + self._statuses.unconfirmed < most:
            message = self._waiting.peek()
            if connection.largest is not None and len(message.payload) > connection.largest:
                self._waiting.skip()
                self._skip(message, connection.largest)
            else:
                self._waiting.sent(connection.send(message))

    def _skip(self, message: OutboxMessage, largest: int) -> None:
        """Report a message that the broker can never take."""
        about = ", ".join(f"{name} {value}" for name, value in message.properties if name != "bench")
        self._report(f"not published, as the broker takes at most {largest:,} bytes: {message.topic} of {about}")
        self._update(oversized=self.state.oversized + 1)

    def _end(self, connection: BrokerConnection) -> None:
        """Publish the farewell, and wait a moment for its confirmation."""
        if self._farewell:
            number = connection.send(self._farewell)
            deadline = time.monotonic() + 1
            while number not in connection.poll(0.05) and time.monotonic() < deadline:
                continue
        self._take_cursors()

    def _is_over(self) -> bool:
        """Return True if all is published, or if the time after `stop` has passed."""
        if self._feed.has_ended and self._waiting.is_empty:
            self._update(is_done=True)
            return True
        return self._stop_at is not None and time.monotonic() >= self._stop_at

    def _take_cursors(self) -> None:
        """Keep the cursors that hold now, and save them from time to time."""
        for cursor in self._waiting.take_cursors():
            self._cursors.keep(cursor)
        self._update(waiting=self._waiting.unsent + self._waiting.unconfirmed)
        if self._cursors.is_due:
            self._outbox.save_new_cursors()
            self._cursors.save()

    def _succeed(self) -> None:
        """Note a confirmation, and report that publishing works again if it had failed."""
        self._has_progress = self._is_confirmed = True
        if self.state.failure:
            self._report("published again")
        self._update(is_connected=True, failure="", messages=self.state.messages + 1)

    def _fail(self, reason: str, what_next: str = "tried again until it succeeds") -> None:
        """Report a failure, once for each reason, and keep it in the state."""
        if self.state.failure != reason:
            self._report(f"NOT PUBLISHED: {reason} ({what_next})")
        self._update(is_connected=False, failure=reason)

    def _update(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)
