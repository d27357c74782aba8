"""Merge the frames and noise of several taps on one charger into one order.

In: the frames and noise of each tap, in the order and with the times of that tap. Out: all of them in one order.

A time is when an adapter delivered the bytes. The bytes were on the wire up to the adapter's lateness earlier. If the
times of two items are closer than that, the content decides: a request comes before its answer. `TapOrdering` marks
the records whose place rests on such evidence or on none, in a live session and in a replayed one.
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

DEFAULT_LATENESS = 16 * MILLISECOND
"""The lateness assumed for an adapter that does not report one: the usual latency timer of FTDI adapters."""

READ_DELAY = 10 * MILLISECOND
"""The longest time for which a busy machine leaves received bytes unread.

Until then, earlier items of another tap may still come.
"""


class ArrivedItem(NamedTuple):
    """A frame or a piece of noise of one tap, the time of its first byte, and its line errors."""

    tap: int
    time: int
    item: Message | Noise
    marks: tuple[LineErrorMark, ...] = ()


class TapMerger:
    """Merges the items of all taps into one order. Memory is bounded by what arrives within the lateness of the taps.

    `pending_since(tap)` returns when the first byte that the framer of this tap still holds arrived, or None if the
    framer holds nothing.
    """

    def __init__(self, pending_since: Callable[[int], int | None]) -> None:
        self._pending_since = pending_since
        self._lateness: dict[int, int] = {}
        self._queues: dict[int, deque[ArrivedItem]] = {}

    @property
    def waiting(self) -> int:
        """The number of bytes that wait for their place."""
        return sum(len(_get_bytes(arrived.item)) for queue in self._queues.values() for arrived in queue)

    def set_lateness(self, tap: int, late: int) -> None:
        """Add a tap, or change its lateness. `late` is in nanoseconds."""
        self._lateness[tap] = late
        self._queues.setdefault(tap, deque())

    def add(self, arrived: ArrivedItem) -> None:
        """Add the next item of a tap."""
        self._queues[arrived.tap].append(arrived)

    def take_due(self, now: int) -> Iterator[ArrivedItem]:
        """Remove and return, in order, the items that nothing can precede any more at this time."""
        while (first := self._find_first()) and self._is_due(first, now):
            yield self._pop(first)

    def take_all(self) -> Iterator[ArrivedItem]:
        """Remove and return all items in order: the line is silent, or a tap was lost."""
        while first := self._find_first():
            yield self._pop(first)

    def _find_first(self) -> ArrivedItem | None:
        """Return the waiting item that arrived first; None if none waits."""
        return min((queue[0] for queue in self._queues.values() if queue), key=_sort_key, default=None)

    def _is_due(self, first: ArrivedItem, now: int) -> bool:
        """Return True if no other tap can still hand over an item that arrived before this one.

        `now` is in nanoseconds.
        """
        for tap, late in self._lateness.items():
            if tap == first.tap:
                continue
            since = self._pending_since(tap)
            if now < first.time + late + READ_DELAY or (since is not None and since - late <= first.time):
                return False
        return True

    def _pop(self, first: ArrivedItem) -> ArrivedItem:
        """Remove the item that comes next: the first by time, unless it answers one that may have been sent before."""
        for tap, queue in self._queues.items():
            if tap == first.tap:
                continue
            for other in queue:
                if other.time - self._lateness[tap] > first.time:
                    break
                if _is_answer(first.item, other.item):
                    return queue.popleft()
        return self._queues[first.tap].popleft()


class TapOrdering:
    """Determines on what the place of each record among those of the other taps rests."""

    def __init__(self) -> None:
        self._lateness: dict[int, int] = {}
        self._last: dict[int, tuple[int, int]] = {}

    def set_lateness(self, tap: int, late: int) -> None:
        """Add a tap, or change its lateness. `late` is in nanoseconds."""
        self._lateness[tap] = late

    def find_order(self, tap: int, number: int, time: int | None, refers: Reference | None) -> Order | None:
        """Return on what the place of the next record rests; None if the times decide, or if it has no time."""
        if time is None:
            return None
        order = None
        earliest = time - self._lateness.get(tap, DEFAULT_LATENESS)
        for other, (last_number, last_time) in self._last.items():
            # By their times, the last record of the other tap may have come after this one.
            if last_time >= earliest and other != tap:
                if refers and refers.number == last_number and refers.kind == "answers":
                    order = Order.EXCHANGE
                elif order is None:
                    order = Order.UNCERTAIN
        self._last[tap] = number, time
        return order


def _get_bytes(item: Message | Noise) -> bytes:
    return item.frame.raw if isinstance(item, Message) else item.raw


def _sort_key(arrived: ArrivedItem) -> tuple[int, int]:
    return arrived.time, arrived.tap


def _is_answer(item: Message | Noise, other: Message | Noise) -> bool:
    """Return True if the item is a known answer to the other: it repeats the sequence (protocol.md, Framing)."""
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
