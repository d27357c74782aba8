"""Publishing beside a session that is recorded: its recording is the outbox, its present state the status.

In: the recording that a session writes, and a tick of its loop once a second. Out: a publisher in a thread of its own.
The loop only takes a snapshot; it never waits for the broker, except at the end, for a bounded time.
"""

import asyncio
from collections.abc import Callable, Sequence
from time import monotonic

from sniffer.base.blocking import run_detached
from sniffer.base.phrasing import format_count
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.protocol.definition import Definition
from sniffer.core.record import Record
from sniffer.fleet.metrics.sample import MetricGauge
from sniffer.fleet.mqtt.delivery.outbox import RecordingOutbox
from sniffer.fleet.mqtt.delivery.publish_state import PublishState
from sniffer.fleet.mqtt.delivery.publisher import Publisher
from sniffer.fleet.mqtt.delivery.watched_destination import WatchedDestination
from sniffer.fleet.mqtt.messages.bench_status import ENDED, LOST, BenchStatus, build_absence
from sniffer.fleet.mqtt.messages.home_assistant import build_discovery
from sniffer.fleet.mqtt.messages.message import OutboxMessage
from sniffer.fleet.mqtt.publish_target import PublishTarget
from sniffer.recording.destination import Destination
from sniffer.session import Session

TICK = 1.0
"""Seconds between two looks at the state of the session."""

DRAIN = 5.0
"""Seconds at the end of a session in which the last messages may be published, if there is a connection."""

GRACE = 1.0
"""Seconds after that in which the publisher saves its cursors."""


class LivePublishing:
    """The publishing of one session, as an observer of it.

    `report` is called with lines for people, in another thread. Raises `PublishError` if another program publishes as
    this bench.
    """

    def __init__(self, target: PublishTarget, definition: Definition, report: Callable[[str], object]) -> None:
        target.cursors.lock()
        bench = target.bench.name
        self._target = target
        self._definition = definition
        self._report = report
        self._outbox = RecordingOutbox(target.cursors, definition, report)
        self._publisher = Publisher(
            target,
            self._outbox,
            definition,
            report,
            will=build_absence(bench, LOST),
            farewell=build_absence(bench, ENDED),
            is_live=True,
        )
        self._watched: WatchedDestination | None = None
        self._session: Session | None = None
        self._status: BenchStatus | None = None
        self._discovery: OutboxMessage | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._caught_up = monotonic()

    @property
    def state(self) -> PublishState:
        """The state of publishing."""
        return self._publisher.state

    @property
    def place(self) -> str:
        """The broker and the topics of this bench, for people."""
        return f"{self._target.bench.address}/{self._target.bench.name}"

    @property
    def gauges(self) -> tuple[MetricGauge, ...]:
        """The figures of publishing for metrics."""
        return (
            MetricGauge("publish_lag_seconds", "Seconds since all was with the broker; 0 while it is.", self._find_lag),
            MetricGauge("publish_waiting", "Messages that the broker has not confirmed.", lambda: self.state.waiting),
            MetricGauge("publish_connected", "1 while there is a connection.", lambda: self.state.is_connected),
        )

    def _find_lag(self) -> float:
        """Return the seconds since nothing waited for the broker. Without a connection, more is waiting unseen."""
        now, state = monotonic(), self.state
        if state.is_connected and not state.waiting:
            self._caught_up = now
        return now - self._caught_up

    def wrap(self, destination: Destination) -> Destination:
        """Return the destination of the recording, with its files published."""
        self._watched = self._outbox.wrap(destination)
        return self._watched

    def start(self, session: Session) -> None:
        """Begin to publish this session. Its recorder must write to the destination that `wrap` returned."""
        self._session = session
        self._status = BenchStatus(self._target.bench.name, session.source, self._definition)
        self._publisher.start()
        self._tick()

    def receive(self, records: Sequence[Record]) -> None:
        """Leave these records alone: they are published when they are in the recording."""

    def detach(self, error: Exception) -> None:
        """Report that the status is not published any more. The recording goes on, and is published."""
        self._report(f"the status of the bench is not published any more: {type(error).__name__}: {error}")
        if self._timer:
            self._timer.cancel()

    async def close(self) -> None:
        """Publish what is left, if there is a connection, within a bounded time."""
        if self._timer:
            self._timer.cancel()
        if self._watched:
            self._watched.end()
        self._publisher.stop(DRAIN)
        try:
            await run_detached(lambda: self._publisher.wait(DRAIN + GRACE))
        finally:
            self._target.cursors.release()

    @property
    def summary(self) -> str:
        """One line on what was published, at the end."""
        state = self.state
        if state.is_done:
            return f"published {format_count(state.messages, 'message')} to {self.place}"
        why = f" ({state.failure})" if state.failure else ""
        return f"NOT all PUBLISHED{why}: the rest is in the recording, and is sent when this bench publishes again"

    def _tick(self) -> None:
        """Publish the status if it has changed, and look again later."""
        self._timer = asyncio.get_running_loop().call_later(TICK, self._tick)
        assert self._session
        assert self._status
        recorder = self._session.recorder
        try:
            snapshot = self._session.snapshot()
            message = self._status.update(snapshot, recorder.state if recorder else None)
            discovery = self._update_discovery(snapshot)
        except Exception as error:
            # On the loop nobody would hear of it.
            self.detach(error)
            return
        for one in filter(None, (discovery, message)):
            self._publisher.set_status(one)

    def _update_discovery(self, snapshot: Snapshot) -> OutboxMessage | None:
        """Return the discovery message if there are other values than before.

        Returns None if there are not, or if none is wanted.
        """
        target = self._target
        if not target.home_assistant:
            return None
        topics = f"{target.bench.address.prefix}/{target.bench.name}"
        found = build_discovery(target.bench.name, topics, target.home_assistant, snapshot)
        before, self._discovery = self._discovery, found
        return found if found != before else None
