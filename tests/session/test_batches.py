"""Records that are delivered in batches: nothing is late, lost or out of order."""

import asyncio

import pytest

from sniffer.base.errors import SourceError
from sniffer.core.charger.tap_events import SourceLost
from sniffer.core.wire.items import Chunk, Note
from sniffer.session import Session
from sniffer.session.session import MOST_BATCHED
from tests.helpers import FRAME, Collector, Script


class Bursts(Collector):
    """A sink that counts the records of each delivery."""

    def __init__(self):
        super().__init__()
        self.counts = []

    def receive(self, records):
        super().receive(records)
        self.counts.append(len(records))


class Paced(Script):
    """A source of one frame per millisecond."""

    def __init__(self, count):
        super().__init__()
        self._count = count

    async def run(self, take):
        for _ in range(self._count):
            take(Chunk(FRAME))
            await asyncio.sleep(0.001)


async def test_records_of_a_short_time_may_be_delivered_together():
    sink, script = Bursts(), Paced(40)
    await Session(script, script.pipeline, [sink], batch_seconds=0.01).run()
    assert sink.raws == [FRAME] * 40
    assert sink.counts[0] == 1
    assert len(sink.counts) < 20


async def test_no_silence_cuts_a_frame_whose_rest_waits_in_a_batch():
    class Halves(Script):
        async def run(self, take):
            take(Chunk(FRAME[:5]))
            take(Chunk(FRAME[5:]))
            await asyncio.sleep(0.05)

    script, sink = Halves(), Collector()
    await Session(script, script.pipeline, [sink], idle=0.01, batch_seconds=10.0).run()
    assert sink.raws == [FRAME]


async def test_notes_within_a_batch_stay_at_their_records():
    class Noted(Script):
        async def run(self, take):
            take(Chunk(FRAME))
            take(Chunk(FRAME))
            take(Note("at the third"))
            take(Chunk(FRAME))

    script, sink = Noted(), Collector()
    session = Session(script, script.pipeline, [sink], batch_seconds=10.0)
    await session.run()
    assert [record.number for record in sink.records if record.item] == [1, 2, 3]
    assert session.notes == {3: "at the third"}


async def test_an_error_of_a_sink_in_a_batch_ends_the_session():
    class Breaking(Collector):
        def receive(self, records):
            super().receive(records)
            if len(self.records) > 1:
                raise RuntimeError("broken")

    script = Paced(1000)
    with pytest.raises(RuntimeError, match="broken"):
        await Session(script, script.pipeline, [Breaking()], batch_seconds=0.005).run()


async def test_a_batch_is_delivered_before_the_source_is_lost():
    sink = Collector()
    script = Script(FRAME, FRAME, ends=SourceError("gone"))
    with pytest.raises(SourceError):
        await Session(script, script.pipeline, [sink], batch_seconds=10.0).run()
    assert sink.raws == [FRAME, FRAME]
    assert isinstance(sink.records[-1].events[0], SourceLost)


async def test_the_records_of_a_saved_session_are_delivered_when_its_source_gives_the_loop_a_turn():
    class Saved(Script):
        async def run(self, take):
            for count in (3, 2):
                for _ in range(count):
                    take(Chunk(FRAME))
                await asyncio.sleep(0)

    script, sink = Saved(is_live=False), Bursts()
    await Session(script, script.pipeline, [sink]).run()
    assert sink.raws == [FRAME] * 5
    assert sink.counts == [3, 2]


async def test_a_saved_session_without_turns_of_the_loop_is_delivered_in_parts():
    class Saved(Script):
        async def run(self, take):
            for _ in range(2 * MOST_BATCHED + 1):
                take(Chunk(FRAME))

    script, sink = Saved(is_live=False), Bursts()
    await Session(script, script.pipeline, [sink]).run()
    assert sink.counts == [MOST_BATCHED, MOST_BATCHED, 1]
