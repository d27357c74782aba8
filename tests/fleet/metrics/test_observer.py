"""The observer of the metrics: it samples on time, and a failure of it stops nothing."""

import asyncio
from pathlib import Path

from sniffer.fleet.metrics import observer as observing
from sniffer.fleet.metrics.families import build_families
from sniffer.fleet.metrics.observer import MetricsObserver
from sniffer.fleet.metrics.sample import MetricGauge
from sniffer.recording.destination import SingleFile
from sniffer.recording.recorder import Recorder
from sniffer.session import Attachments, Session, live_limits
from sniffer.sources.open import open_sources, pipeline_for
from tests.core.protocol.helpers import DEFINITION
from tests.fleet.metrics.helpers import T0, Played, last_sample, report, values_of, voltages
from tests.helpers import Collector
from tests.paths import CAPTURES


async def test_a_sample_is_taken_at_the_start_and_on_time(monkeypatch):
    monkeypatch.setattr(observing, "SAMPLE_INTERVAL", 0.001)
    observer, taken = MetricsObserver(DEFINITION), []

    class Waiting(Played):
        async def run(self, take):
            for item in (voltages(0), voltages(1)):
                taken.append(last_sample(observer).snapshot.ledger.frames)
                take(item)
                while last_sample(observer).snapshot.ledger.frames == taken[-1]:
                    await asyncio.sleep(0.001)

    source = Waiting([])
    attachments = Attachments(observers=[observer])
    session = Session(source, pipeline_for(source, DEFINITION, live_limits()), attachments=attachments)
    await session.run()
    assert taken == [0, 1]
    last = observer.sample
    await asyncio.sleep(0.01)
    assert observer.sample is last


class Owning(Collector):
    """An observer with a figure of its own, which `values` are of."""

    def __init__(self, *values):
        super().__init__()
        self.values = list(values)

    @property
    def gauges(self):
        return (MetricGauge("publish_lag_seconds", "Age of the oldest record.", self.read),)

    def read(self):
        value = self.values.pop(0)
        if isinstance(value, Exception):
            raise value
        return value

    def start(self, session):
        """Nothing begins."""

    def detach(self, error):
        """Nothing ends."""

    async def close(self):
        """Nothing is open."""


async def observe_with(owner, observer, *sinks):
    source = Played([voltages(0), voltages(1)])
    pipeline = pipeline_for(source, DEFINITION, live_limits())
    session = Session(source, pipeline, sinks, attachments=Attachments(observers=[owner, observer]))
    await session.run()
    return session


async def test_gauges_of_other_observers_are_read_and_none_is_left_out():
    observer = MetricsObserver(DEFINITION)
    session = await observe_with(Owning(None, 2.5), observer)
    assert last_sample(observer).gauges == ()
    observer.take_sample(session)
    assert [(one.name, one.value) for one in last_sample(observer).gauges] == [("publish_lag_seconds", 2.5)]


async def test_an_error_in_a_gauge_ends_the_sampling_and_nothing_else():
    said: list[str] = []
    observer, sink = MetricsObserver(DEFINITION, said.append), Collector()
    await observe_with(Owning(ZeroDivisionError("division by zero")), observer, sink)
    assert len(sink.items) == 2
    assert observer.sample is None
    assert said == [
        "the metrics failed and are no longer counted (ZeroDivisionError: division by zero); "
        "reading and recording go on"
    ]


async def test_the_recording_shows_what_is_not_written_yet(tmp_path: Path):
    recorder = Recorder(SingleFile(tmp_path / "a.pcapng"), "played", None)
    observer, seen = MetricsObserver(DEFINITION), []

    class Looking(Collector):
        def receive(self, records):
            super().receive(records)
            seen.append((recorder.waiting, recorder.waiting_since))

    source = Played([report("Available", 0), voltages(1)])
    pipeline = pipeline_for(source, DEFINITION, live_limits())
    session = Session(source, pipeline, [Looking()], attachments=Attachments(recorder, observers=[observer]))
    await session.run()
    assert seen == [(1, T0), (2, T0)]
    assert (recorder.waiting, recorder.waiting_since, recorder.state.packets) == (0, None, 2)
    observer.take_sample(session)
    recording = last_sample(observer).recording
    assert recording is not None
    assert (recording.lag, recording.waiting) == (0, 0)


async def test_no_counter_ever_falls():
    """Prometheus takes a fall for a restart, and would invent traffic."""
    source = open_sources([str(CAPTURES / "bad-line.pcapng")])
    pipeline = pipeline_for(source, DEFINITION)
    observer = MetricsObserver(DEFINITION)
    before: dict[str, float] = {}
    falls: list[str] = []
    session = Session(source, pipeline, attachments=Attachments(observers=[observer]))
    inner = session.source.run

    async def run(take):
        def step(item):
            nonlocal before
            take(item)
            session._process()
            observer.take_sample(session)
            found = values_of(
                family for family in build_families(last_sample(observer), DEFINITION) if family.type != "gauge"
            )
            falls.extend(name for name, value in before.items() if found.get(name, 0) < value)
            before = found

        await inner(step)

    source.run = run  # type: ignore[method-assign]
    await session.run()
    assert falls == []
    assert before["evse_bytes_read_total"] > 1000
