"""Two taps on one charger as one session: what each heard is put in order, and where the order is a guess, it is said.

In: what each tap's wire gave, in the order of that tap, with its times. Out: all of it in one order. A time tells when
an adapter handed bytes over; when they were on the wire, it tells only as exactly as the adapter is late. So two
records whose times are closer than that are put in order by what they say: a request comes before its answer. What was
put in order without such evidence is marked (`TapOrdering`), in a live session as well as in one that was saved.
"""

from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple

from sniffer.base.times import MILLISECOND
from sniffer.core.charger.events import Reference
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Noise
from sniffer.core.wire.items import LineErrorMark, Order
from sniffer.core.wire.links import SPECIAL_SEQUENCES

LATE = 16 * MILLISECOND
"""How late an adapter is taken to be that does not say: the most that is common (design.md, latency timer)."""

STALL = 10 * MILLISECOND
"""How long what was read may stay unread because the machine is busy; until then, the other tap's may still come."""


class ArrivedItem(NamedTuple):
    """A frame or a piece of noise of one tap, when it began, and what the receiver found wrong in it."""

    tap: int
    time: int
    item: Message | Noise
    marks: tuple[LineErrorMark, ...] = ()


class TapMerger:
    """Puts what the taps give in one order. Memory is bounded by what the taps give within their lateness.

    `waits_since` tells of a tap when the first of its bytes came that are not resolved yet; None where none wait.
    """

    def __init__(self, waits_since: Callable[[int], int | None]) -> None:
        self._waits_since = waits_since
        self._lates: dict[int, int] = {}
        self._queues: dict[int, deque[ArrivedItem]] = {}

    @property
    def waiting(self) -> int:
        """How many bytes wait for their place."""
        return sum(len(_raw(arrived.item)) for queue in self._queues.values() for arrived in queue)

    def tap(self, tap: int, late: int) -> None:
        """There is such a tap; its adapter is so many nanoseconds late at most."""
        self._lates[tap] = late
        self._queues.setdefault(tap, deque())

    def add(self, arrived: ArrivedItem) -> None:
        """Take what a tap gave, in its order."""
        self._queues[arrived.tap].append(arrived)

    def due(self, now: int) -> Iterator[ArrivedItem]:
        """What nothing can come before any more, at this time."""
        while (first := self._first()) and self._is_due(first, now):
            yield self._take(first)

    def rest(self) -> Iterator[ArrivedItem]:
        """All that waits: the line is silent, or was lost."""
        while first := self._first():
            yield self._take(first)

    def _first(self) -> ArrivedItem | None:
        return min((queue[0] for queue in self._queues.values() if queue), key=_moment, default=None)

    def _is_due(self, first: ArrivedItem, now: int) -> bool:
        for tap, late in self._lates.items():
            if tap == first.tap:
                continue
            since = self._waits_since(tap)
            if now < first.time + late + STALL or (since is not None and since - late <= first.time):
                return False
        return True

    def _take(self, first: ArrivedItem) -> ArrivedItem:
        """The first by time, unless it answers one that may have come before it."""
        for tap, queue in self._queues.items():
            if tap == first.tap:
                continue
            for other in queue:
                if other.time - self._lates[tap] > first.time:
                    break
                if _answers(first.item, other.item):
                    return queue.popleft()
        return self._queues[first.tap].popleft()


class TapOrdering:
    """Says of each record of a session with several taps what its place among the other taps' rests on."""

    def __init__(self) -> None:
        self._lates: dict[int, int] = {}
        self._last: dict[int, tuple[int, int]] = {}

    def tap(self, tap: int, late: int) -> None:
        """As for the `TapMerger`."""
        self._lates[tap] = late

    def of(self, tap: int, number: int, time: int | None, refers: Reference | None) -> Order | None:
        """What tells the place of the next record; None: the times do."""
        if time is None:
            return None
        near = self._near(tap, time)
        self._last[tap] = number, time
        if not near:
            return None
        return Order.EXCHANGE if refers and refers.kind == "answers" and refers.number in near else Order.UNCERTAIN

    def _near(self, tap: int, time: int) -> list[int]:
        """The last records of the other taps, as far as the times do not tell that they came before."""
        earliest = time - self._lates.get(tap, LATE)
        return [number for other, (number, last) in self._last.items() if other != tap and last >= earliest]


def _raw(item: Message | Noise) -> bytes:
    return item.frame.raw if isinstance(item, Message) else item.raw


def _moment(arrived: ArrivedItem) -> tuple[int, int]:
    return arrived.time, arrived.tap


def _answers(item: Message | Noise, other: Message | Noise) -> bool:
    """Whether this is known to be the answer to that (protocol.md, Framing: it repeats the sequence)."""
    if not isinstance(item, Message) or not isinstance(other, Message):
        return False
    answer, request = item.frame, other.frame
    return (
        item.command is not None
        and item.command.answers
        and answer.link is request.link
        and answer.route is not request.route
        and answer.sequence == request.sequence
        and answer.command == request.command
        and answer.sequence not in SPECIAL_SEQUENCES
    )
