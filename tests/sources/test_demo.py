"""The simulated charger as a source of a session, in real time and briefly."""

import asyncio

import pytest

from sniffer.base.errors import SourceError
from sniffer.core.charger.health.link_health import LinkHealthChanged
from sniffer.core.charger.startup.registration_events import Booted, RegistrationChanged
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk
from sniffer.session import Session
from sniffer.simulator.traffic import generate_reads
from sniffer.sources.demo import DemoSource
from sniffer.sources.source import Item, Source

BAUD = 115200


async def taken_from(source: Source, wanted: int) -> list[Chunk]:
    """Return the first chunks of this source, which is then cancelled."""
    enough = asyncio.Event()
    taken: list[Chunk] = []

    def take(item: Item) -> None:
        assert isinstance(item, Chunk)
        taken.append(item)
        if len(taken) >= wanted:
            enough.set()

    running = asyncio.create_task(source.run(take))
    await enough.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    return taken


def test_it_is_a_live_source() -> None:
    source: Source = DemoSource("noisy", baud=BAUD)
    assert (source.name, source.is_live, source.baud, source.zone) == ("demo:noisy", True, BAUD, None)


def test_the_plain_demo_is_charging() -> None:
    assert DemoSource(baud=BAUD).name == DemoSource("charging", baud=BAUD).name == "demo"


def test_an_unknown_scenario_is_refused_at_once() -> None:
    with pytest.raises(SourceError, match="choose one of charging, undervoltage, pending, restarts, noisy"):
        DemoSource("storm", baud=BAUD)


def test_its_times_are_those_of_reads_of_one_wire() -> None:
    source = DemoSource(baud=BAUD)
    assert not source.times_are_first_bytes
    assert not source.needs_merging
    assert source.taps == ()


async def test_chunks_come_as_far_apart_as_the_scenario_says() -> None:
    taken = await taken_from(DemoSource(baud=BAUD, seed=5), 3)
    played = [chunk for chunk, _ in zip(generate_reads("charging", baud=BAUD, seed=5), taken, strict=False)]
    times = [chunk.time or 0 for chunk in taken]
    expected = [chunk.time or 0 for chunk in played]
    assert times[-1] - times[0] >= expected[-1] - expected[0] > 0


async def test_it_gives_the_bytes_of_its_seed() -> None:
    taken = await taken_from(DemoSource(baud=BAUD, seed=5), 4)
    played = generate_reads("charging", baud=BAUD, seed=5)
    assert [chunk.data for chunk in taken] == [next(played).data for _ in taken]


async def test_chunks_are_dated_by_its_own_clock_and_never_ahead_of_it() -> None:
    source = DemoSource(baud=9600, seed=5)
    begun = source.now()
    taken = await taken_from(source, 20)
    ended = source.now()
    assert begun is not None
    assert ended is not None
    times = [chunk.time or 0 for chunk in taken]
    assert [begun, *times, ended] == sorted([begun, *times, ended])


async def test_a_session_understands_it() -> None:
    class Sink:
        def __init__(self) -> None:
            self.records: list[Record] = []
            self.enough = asyncio.Event()

        def receive(self, records: object) -> None:
            assert isinstance(records, list)
            self.records += records
            if len(self.records) >= 3:
                self.enough.set()

    sink = Sink()
    session = Session(DemoSource(baud=BAUD, seed=1), Pipeline(packaged_definition(), baud=BAUD), [sink])
    running = asyncio.create_task(session.run())
    await sink.enough.wait()
    running.cancel()
    await asyncio.wait([running])

    events = [event for record in sink.records for event in record.events]
    assert [type(event) for event in events] == [Booted, RegistrationChanged, LinkHealthChanged]
    assert session.snapshot().charge_point_id == "10427240"
