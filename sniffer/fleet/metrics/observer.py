"""The observer that samples a session for its metrics, on the session's loop.

In: the records, of which only events and latencies are counted, and each second a snapshot of the charger. Out:
`sample`, which another thread may read at any time. Nothing here waits, and memory is bounded. An error ends the
sampling and nothing else; `failure` says why.
"""

import asyncio
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from time import time
from typing import Protocol, runtime_checkable

from sniffer.base.times import SECOND
from sniffer.core.charger.events import EVENT_NAMES, FaultRaised
from sniffer.core.protocol.definition import Command, Definition
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.fleet.metrics.labels import choose_meaning, command_key, other_key
from sniffer.fleet.metrics.sample import (
    LATENCY_EDGES,
    CommandKey,
    GaugeSample,
    LatencyCounts,
    MetricGauge,
    MetricsSample,
    RecordingSample,
)
from sniffer.session import Session
from sniffer.text.describe import format_meaning

SAMPLE_INTERVAL = 1.0
"""Seconds between two samples."""


@runtime_checkable
class GaugeOwner(Protocol):
    """An observer of the same session that has figures of its own, such as how far publishing is behind."""

    @property
    def gauges(self) -> Sequence[MetricGauge]:
        """The figures, read at each sample."""
        ...


class MetricsObserver:
    """The observer of one session. `report` is called once if it fails, with a line for people."""

    def __init__(self, definition: Definition, report: Callable[[str], None] = lambda _: None) -> None:
        self.sample: MetricsSample | None = None
        self.failure = ""
        self._definition = definition
        self._report = report
        self._timer: asyncio.TimerHandle | None = None
        self._events: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()
        self._latencies: dict[CommandKey, list[float]] = {}
        self._counts_of: dict[Command, list[float]] = {}
        self._gauges: list[MetricGauge] = []

    def start(self, session: Session) -> None:
        """Take the first sample, and one each second from now on. Other observers may have gauges of their own."""
        self._gauges = [gauge for one in session.observers if isinstance(one, GaugeOwner) for gauge in one.gauges]
        self._sample_on_time(session)

    def receive(self, records: Sequence[Record]) -> None:
        """Count the events and the latencies of these records."""
        for record in records:
            refers = record.refers
            if refers is not None and refers.kind == "answers" and refers.after is not None:
                message = record.item
                if type(message) is Message:
                    self._count_latency(message, refers.after / SECOND)
            for event in record.events:
                self._events[EVENT_NAMES[type(event)]] += 1
                if type(event) is FaultRaised:
                    self._faults[choose_meaning(format_meaning(event.fault), self._faults)] += 1

    def detach(self, error: Exception) -> None:
        """Stop sampling: the counts are no longer whole."""
        self.failure = f"{type(error).__name__}: {error}"
        self.sample = None
        self._stop()
        self._report(f"the metrics failed and are no longer counted ({self.failure}); reading and recording go on")

    async def close(self) -> None:
        """End the sampling."""
        self._stop()

    def _count_latency(self, message: Message, seconds: float) -> None:
        """Count the latency of an answer: in the bucket of its length, and in the sum, which stands last."""
        command = message.command
        counts = self._counts_of.get(command) if command else None
        if counts is None:
            key = command_key(command) if command else other_key(message.frame.route)
            counts = self._latencies.setdefault(key, [0] * (len(LATENCY_EDGES) + 1) + [0.0])
            if command:
                self._counts_of[command] = counts
        counts[bisect_left(LATENCY_EDGES, seconds)] += 1
        counts[-1] += seconds

    def _sample_on_time(self, session: Session) -> None:
        """Take a sample, and plan the next one."""
        try:
            self.take_sample(session)
        except Exception as error:
            self.detach(error)
            return
        self._timer = asyncio.get_running_loop().call_later(SAMPLE_INTERVAL, self._sample_on_time, session)

    def take_sample(self, session: Session) -> None:
        """Keep the state of the session as it is now."""
        now = session.source.now()
        values = [(gauge, gauge.read()) for gauge in self._gauges]
        self.sample = MetricsSample(
            name=session.source.name,
            taken=time(),
            now=now,
            snapshot=session.snapshot(),
            events=dict(self._events),
            faults=dict(self._faults),
            latencies={
                key: LatencyCounts(tuple(map(int, counts[:-1])), counts[-1]) for key, counts in self._latencies.items()
            },
            recording=_sample_recording(session, now),
            gauges=tuple(GaugeSample(one.name, one.about, value) for one, value in values if value is not None),
        )

    def _stop(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None


def _sample_recording(session: Session, now: int | None) -> RecordingSample | None:
    """Return the state of the recording; None if nothing is recorded."""
    recorder = session.recorder
    if recorder is None:
        return None
    since = recorder.waiting_since
    lag = 0.0 if since is None or now is None else max(0, now - since) / SECOND
    return RecordingSample(recorder.state, recorder.waiting, lag)
