"""A live line of the two boards, with times in seconds, and the changes of the link's health on it."""

from collections.abc import Iterable
from itertools import chain

from sniffer.base.times import SECOND
from sniffer.core.charger.health.link_health import Health, LinkHealthChanged, assess_link
from sniffer.core.pipeline import Pipeline, SourceItem
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk, Idle, LineErrorMark
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM, PWRBOARD
from tests.core.protocol.helpers import DEFINITION

AT = 1_700_000_000 * SECOND
GARBAGE = bytes(range(1, 33))


def frame(side: str, sequence: int = 0x1234) -> bytes:
    route = {"com": COM_TO_PWR, "pwr": PWR_TO_COM}[side]
    return PWRBOARD.build(route.head, sequence, 0x77, bytes(4))


class Line:
    """A live line whose times are in seconds from its start."""

    def __init__(self) -> None:
        self.pipeline = Pipeline(DEFINITION)
        self.sequence = 0

    def hear(self, seconds: float, *sides: str) -> list[str]:
        """Receive a frame of each side at this moment; return the verdicts that follow."""
        self.sequence += 1
        data = b"".join(frame(side, self.sequence) for side in sides)
        return self.feed(Chunk(data, at(seconds)))

    def garble(self, seconds: float, marks: tuple[LineErrorMark, ...] = ()) -> list[str]:
        """Receive noise at this moment."""
        return self.feed(Chunk(GARBAGE, at(seconds), marks))

    def wait(self, seconds: float) -> list[str]:
        """Let the line be silent up to this moment."""
        return self.feed(Idle(at(seconds)))

    def feed(self, item: SourceItem) -> list[str]:
        return verdicts([*self.pipeline.feed(item), *self.pipeline.flush()])

    def now(self, seconds: float) -> Health:
        return assess_link(self.pipeline.snapshot().link, at(seconds)).health


def joined(found: Iterable[list[str]]) -> list[str]:
    return list(chain.from_iterable(found))


def at(seconds: float) -> int:
    return AT + round(seconds * SECOND)


def verdicts(records: Iterable[Record]) -> list[str]:
    return [event.link.health for record in records for event in record.events if isinstance(event, LinkHealthChanged)]
