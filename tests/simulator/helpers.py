"""A tap on the simulated charger: its first minutes through the whole core, without waiting for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

from sniffer.base.times import SECOND
from sniffer.core.charger.events import Event, FaultCleared, FaultRaised, StatusChanged
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.charger.startup.registration_events import Booted, Restarted
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise
from sniffer.core.wire.items import Chunk
from sniffer.simulator.traffic import generate_reads

BAUD = 115200
CYCLE = 60 * SECOND
"""Every scenario begins again within this time."""


@dataclass(frozen=True, slots=True)
class Tapped:
    """The records of the core for these chunks."""

    chunks: list[Chunk]
    records: list[Record]
    snapshot: Snapshot

    @property
    def messages(self) -> list[Message]:
        return [record.item for record in self.records if isinstance(record.item, Message)]

    @property
    def noise(self) -> list[Noise]:
        return [record.item for record in self.records if isinstance(record.item, Noise)]

    @property
    def events(self) -> list[Event]:
        return [event for record in self.records for event in record.events]

    @property
    def moves(self) -> list[StatusChanged]:
        return [event for event in self.events if isinstance(event, StatusChanged)]

    @property
    def boots(self) -> list[Booted]:
        return [event for event in self.events if isinstance(event, Booted)]

    @property
    def restarts(self) -> list[Restarted]:
        return [event for event in self.events if isinstance(event, Restarted)]

    @property
    def faults(self) -> list[FaultRaised | FaultCleared]:
        return [event for event in self.events if isinstance(event, FaultRaised | FaultCleared)]

    def named(self, name: str) -> list[Message]:
        return [message for message in self.messages if message.name == name]


def first(nanoseconds: int, scenario: str, *, baud: int = BAUD, seed: int = 1) -> list[Chunk]:
    """Return the chunks that a tap reads in the first nanoseconds of a scenario, dated from zero."""
    endless = generate_reads(scenario, baud=baud, seed=seed)
    return list(takewhile(lambda chunk: (chunk.time or 0) < nanoseconds, endless))


def tapped(chunks: Iterable[Chunk], *, baud: int = BAUD) -> Tapped:
    pipeline = Pipeline(packaged_definition(), baud=baud)
    chunks = list(chunks)
    records = [record for chunk in chunks for record in pipeline.feed(chunk)]
    return Tapped(chunks, records + pipeline.flush(), pipeline.snapshot())


def joined(chunks: Iterable[Chunk]) -> bytes:
    return b"".join(chunk.data for chunk in chunks)
