"""Helpers for the tests of the metrics: a live source that a test plays to an observer, and the figures of a page."""

import asyncio
from collections.abc import Iterable

from prometheus_client.metrics_core import Metric

from sniffer.base.times import SECOND
from sniffer.core.pipeline import Pipeline
from sniffer.core.wire.items import Chunk, TapGap
from sniffer.fleet.metrics.observer import MetricsObserver
from sniffer.fleet.metrics.sample import MetricsSample
from sniffer.session import Attachments, Session, live_limits
from tests.core.protocol.helpers import CODEC, DEFINITION

T0 = 1_800_000_000 * SECOND


class Played:
    """A live source that hands over these items; `clock` is its time in the end, that of the last item if None."""

    name = "played \x1b[31m\n"
    is_live = True
    baud = None
    zone = None
    taps = ()
    times_are_first_bytes = False
    about = "a made-up session"
    needs_merging = False

    def __init__(self, items, clock=None):
        self._items = items
        self._clock = clock
        self._now = T0

    def now(self):
        return self._now

    def close(self):
        """Nothing is open."""

    async def run(self, take):
        for item in self._items:
            self._now = item.time or self._now
            take(item)
            await asyncio.sleep(0)
        self._now = self._clock or self._now


def frame(name: str, sequence: int, seconds: float, **values) -> Chunk:
    """Return a frame of this command, that many seconds after `T0`."""
    raw = CODEC.encode(DEFINITION.command(name), sequence, values)
    return Chunk(raw, T0 + round(seconds * SECOND))


def report(status: str, seconds: float, connector: int = 1, error: str = "NoError", m4: int = 0) -> Chunk:
    """Return a status report of the power board."""
    values = {"connector": connector, "status": status, "ocpp_error": error, "m4_error": m4, "cp_voltage": 9}
    return frame("status report", 0x1000 + round(seconds * 10), seconds, **values)


def voltages(seconds: float, l1: float = 230.0) -> Chunk:
    """Return the phase voltages."""
    return frame("phase voltages", 0x0659, seconds, l1_voltage=l1, l2_voltage=230.0, l3_voltage=230.0)


def gap(seconds: float) -> TapGap:
    """Return the loss of the source."""
    return TapGap(T0 + round(seconds * SECOND), "pulled out")


def last_sample(observer: MetricsObserver) -> MetricsSample:
    """Return the last sample, which there must be."""
    assert observer.sample is not None
    return observer.sample


async def observe(observer, items, clock=None, recorder=None):
    """Play these items to an observer, and return the session after a last sample."""
    source = Played(items, clock)
    pipeline = Pipeline(DEFINITION, live=live_limits())
    session = Session(source, pipeline, attachments=Attachments(recorder, observers=[observer]))
    await session.run()
    return session


def values_of(families: Iterable[Metric]) -> dict[str, float]:
    """Return the values of all samples, by name and labels: `evse_frames_total direction=pwr>com ...`."""
    found = {}
    for family in families:
        for sample in family.samples:
            labels = "".join(f" {name}={value}" for name, value in sorted(sample.labels.items()) if name != "link")
            assert sample.name + labels not in found
            found[sample.name + labels] = sample.value
    return found
