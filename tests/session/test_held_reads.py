"""A source that can hold its reads does so while its line is busy: nothing is late, lost or resolved too early."""

import asyncio
from math import inf

import pytest

from sniffer.core.wire.items import Chunk
from sniffer.session import Session
from sniffer.session.batch_timer import BATCHES_UNTIL_BUSY
from tests.helpers import FRAME, Collector, Script
from tests.waiting import until

PIECE = 4


class Holding(Script):
    """A source that receives a piece of a frame each 2 ms while `is_busy`, and holds it when it is told to.

    `holds` are the changes between holding and not holding.
    """

    def __init__(self, can_hold=True):
        super().__init__()
        self._can_hold = can_hold
        self._held = None
        self._last = 0.0
        self.is_busy = True
        self.on_full = lambda: None
        self.fed = b""
        self.holds = []

    async def run(self, take):
        self._take = take
        try:
            while True:
                if self.is_busy:
                    self.feed()
                await asyncio.sleep(0.002)
        finally:
            self.release()

    def feed(self):
        self.receive(FRAME[len(self.fed) % len(FRAME) :][:PIECE])

    def receive(self, data):
        self.fed += data
        self._last = asyncio.get_running_loop().time()
        if self._held is None:
            self._take(Chunk(data))
        else:
            self._held.append(data)

    def receive_nothing(self):
        """Make a read that completes no byte."""
        self._last = asyncio.get_running_loop().time()

    def hold(self, on_full):
        if not self._can_hold:
            return False
        if self._held is None:
            self.holds.append(True)
            self._held = []
        self.on_full = on_full
        return True

    def collect(self):
        if self._held is None:
            return inf
        held, self._held = self._held, []
        for data in held:
            self._take(Chunk(data))
        return asyncio.get_running_loop().time() - self._last

    def release(self):
        if self._held is not None:
            self.collect()
            self._held = None
            self.holds.append(False)


class Running:
    """A session of a source in a task."""

    def __init__(self, source, idle=0.05, batch_seconds=0.005):
        self.sink = Collector()
        self._session = Session(source, source.pipeline, [self.sink], idle=idle, batch_seconds=batch_seconds)

    async def __aenter__(self):
        self._task = asyncio.create_task(self._session.run())
        return self.sink

    async def __aexit__(self, *_):
        self._task.cancel()
        await asyncio.wait([self._task])


async def test_the_reads_of_a_busy_line_are_held_and_all_of_them_are_delivered():
    source = Holding()
    async with Running(source) as sink:
        await until(lambda: bool(source.holds))
        held_from = len(sink.raws)
        await until(lambda: len(sink.raws) > held_from + 20)
        assert source.holds == [True]
    assert b"".join(sink.raws) == source.fed
    assert {*sink.raws[:-1]} == {FRAME}


@pytest.mark.parametrize("rest", [0, 7])
async def test_a_line_that_becomes_silent_is_held_no_more_and_its_bytes_are_resolved(rest):
    source = Holding()
    async with Running(source) as sink:
        await until(lambda: bool(source.holds))
        await until(lambda: len(source.fed) % len(FRAME) == 0)
        source.is_busy = False
        source.receive(FRAME[:rest])
        await until(lambda: b"".join(sink.raws) == source.fed)
        await until(lambda: source.holds == [True, False])
        source.receive(FRAME)
        await until(lambda: sink.raws[-1] == FRAME)
        await until(lambda: b"".join(sink.raws) == source.fed)


async def test_no_silence_cuts_a_frame_whose_rest_is_held():
    source = Holding()
    async with Running(source, idle=0.01) as sink:
        await until(lambda: bool(source.holds))
        begun = len(sink.raws)
        await until(lambda: len(sink.raws) > begun + 10)
    assert {*sink.raws[:-1]} == {FRAME}


async def test_a_source_that_is_full_is_collected_at_once():
    source = Holding()
    async with Running(source) as sink:
        await until(lambda: bool(source.holds))
        await until(lambda: len(source.fed) % len(FRAME) == 0)
        source.is_busy = False
        seen = len(sink.raws)
        source.receive(FRAME * 5)
        source.on_full()
        assert len(sink.raws) >= seen + 5


async def test_reads_that_complete_no_byte_do_not_end_the_collecting():
    """A port gives a byte that begins the mark of a line error alone: no chunk follows from that read."""
    source = Holding()
    async with Running(source) as sink:
        await until(lambda: bool(source.holds))
        await until(lambda: len(source.fed) % len(FRAME) == 0)
        source.is_busy = False
        for _ in range(30):
            source.receive_nothing()
            await asyncio.sleep(0.01)
        source.receive(FRAME)
        await until(lambda: b"".join(sink.raws) == source.fed)
        assert source.holds == [True, False]


async def test_a_source_that_cannot_hold_now_is_read_as_before():
    source = Holding(can_hold=False)
    async with Running(source) as sink:
        await until(lambda: len(source.fed) > 40 * BATCHES_UNTIL_BUSY)
    assert b"".join(sink.raws) == source.fed


async def test_without_batches_nothing_is_held():
    source = Holding()
    async with Running(source, batch_seconds=0.0) as sink:
        await until(lambda: len(sink.raws) > 40)
    assert source.holds == []
