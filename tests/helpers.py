"""Helpers for the tests of a session: a source that follows a script, and a sink that keeps its records."""

import asyncio

from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.message import Message
from sniffer.core.wire.items import Chunk
from sniffer.session import Session
from tests.known_frames import STATUS_REPORT

FRAME = STATUS_REPORT.raw
SILENCE = "silence"


class Script:
    """A source that hands over these steps; `SILENCE` waits until the session has resolved the waiting bytes."""

    name = "script"
    baud: int | None = None
    zone = None
    taps = ()
    times_are_first_bytes = False
    about = "a made-up session"
    needs_merging = False

    def __init__(self, *steps, is_live=True, ends=None):
        self.is_live = is_live
        self._steps = steps
        self._ends = ends
        self.pipeline = Pipeline(packaged_definition())

    def now(self):
        return 7

    def close(self):
        """Nothing is open."""

    async def run(self, take):
        for step in self._steps:
            if step is SILENCE:
                while self.pipeline.waiting:
                    await asyncio.sleep(0.001)
            else:
                take(Chunk(step))
        if self._ends:
            raise self._ends


class Collector:
    """A sink that keeps all records."""

    def __init__(self):
        self.records = []

    def receive(self, records):
        self.records += records

    @property
    def raws(self):
        return [seen.frame.raw if isinstance(seen, Message) else seen.raw for seen in self.items]

    @property
    def items(self):
        return [record.item for record in self.records if record.item]


def session_of(script, *sinks, idle=0.001):
    return Session(script, script.pipeline, sinks, idle=idle)
