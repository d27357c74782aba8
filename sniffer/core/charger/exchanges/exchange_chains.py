"""Exchange chains: frames of both links that belong to one exchange, such as a report, its relay and both answers.

The definition lists the hops of each kind of exchange. Frames of one chain share the sequence. Sequences that many
messages share tie only frames that follow each other closely. The order of the frames of a chain does not matter: in a
text log, lines of different processes have no fixed order within one second (protocol.md, The charger's text log).

A session of the power board link alone has no chains: the charger adds frames only when both links are expected. Memory
is bounded: `CHAINS_KEPT` open chains, `INTERVALS_KEPT` intervals for each hop.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median_low

from msgspec import Struct

from sniffer.base.times import SECOND
from sniffer.core.charger.events import Reference
from sniffer.core.protocol.definition import Command, Definition, ExchangePattern
from sniffer.core.protocol.message import Message
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import SPECIAL_SEQUENCES

HOPS_WITHIN = 2 * SECOND
"""The frames of one chain follow each other within this time, in nanoseconds. All that were seen do within one second
(protocol.md, Commands on `pwrboard`).
"""

CHAINS_KEPT = 64
INTERVALS_KEPT = 256


class HopFrame(Struct, frozen=True, gc=False):
    """One frame of a chain: the place of its hop, its record's number, its line in a text log, and its time."""

    place: int
    number: int
    line: int | None
    time: int | None


@dataclass(slots=True)
class _Chain:
    """One open chain: its frames by hop."""

    frames: dict[int, HopFrame] = field(default_factory=dict)

    def accepts(self, frame: HopFrame) -> bool:
        """Return True if the frame can belong to this chain."""
        if frame.place in self.frames:
            return False
        time = frame.time
        for other in self.frames.values():
            if time is not None and other.time is not None and abs(time - other.time) > HOPS_WITHIN:
                return False
        return True


class HopStats(Struct, frozen=True):
    """One hop of a kind of exchange: how often it was seen, and the median time since the hop before it.

    `after` is in nanoseconds; None for the first hop, and if the source's times are too coarse.
    """

    route: Route
    code: int
    count: int
    after: int | None


class ExchangeStats(Struct, frozen=True):
    """All chains of one kind: how many were begun, how many were whole, and their hops."""

    name: str
    chains: int
    whole: int
    hops: tuple[HopStats, ...]


class _ExchangeCounter:
    """The counts of one kind of exchange."""

    def __init__(self, exchange: ExchangePattern) -> None:
        self.exchange = exchange
        self.chains = self.whole = 0
        self.counts = [0] * len(exchange.hops)
        self.intervals = [deque[int](maxlen=INTERVALS_KEPT) for _ in exchange.hops]

    def snapshot(self) -> ExchangeStats:
        """Return the counts as they are now, with the median interval before each hop."""
        hops = zip(self.exchange.hops, self.counts, self.intervals, strict=True)
        return ExchangeStats(
            self.exchange.name,
            self.chains,
            self.whole,
            tuple(
                HopStats(route, code, count, median_low(intervals) if intervals else None)
                for (route, code), count, intervals in hops
            ),
        )


Hop = tuple[ExchangePattern, int]
"""A kind of exchange, and the index of a hop in it."""


def hops_by_command(definition: Definition) -> Mapping[Command, Hop]:
    """Return the hop of each command that belongs to an exchange."""
    places = {
        (route, code): (exchange, index)
        for exchange in definition.exchanges
        for index, (route, code) in enumerate(exchange.hops)
    }
    found = ((command, places.get((command.route, command.code))) for command in definition.commands)
    return {command: place for command, place in found if place}


class ChainTracker:
    """The exchange chains of one session."""

    def __init__(self, definition: Definition) -> None:
        self._hops = hops_by_command(definition)
        self._counters = {exchange.name: _ExchangeCounter(exchange) for exchange in definition.exchanges}
        self._open: dict[tuple[str, int], _Chain] = {}

    def find_hop(self, command: Command) -> Hop | None:
        """Return the hop of this command; None if it belongs to no exchange."""
        return self._hops.get(command)

    def add(self, hop: Hop, message: Message, number: int, line: int | None) -> Reference | None:
        """Add a frame of this hop; return the frame of the other link that it relays, or that relayed it before.

        Returns None if there is no such frame, or if many messages share its sequence and this command does not.
        """
        frame = message.frame
        sequence = frame.route.link.read_sequence(frame.raw)
        if sequence in SPECIAL_SEQUENCES and not has_sequence(message):
            return None
        exchange, place = hop
        added = HopFrame(place, number, line, frame.time)
        counter = self._counters[exchange.name]
        frames = self._find_chain(counter, sequence, added).frames
        frames[place] = added
        counter.counts[place] += 1
        counter.whole += len(frames) == len(exchange.hops)
        if len(frames) == 1:
            return None
        before, after = frames.get(place - 1), frames.get(place + 1)
        since = measure_interval(before, added) if before else None
        until = measure_interval(added, after) if after else None
        if since is not None:
            counter.intervals[place].append(since)
        if until is not None:
            counter.intervals[place + 1].append(until)
        link = exchange.hops[place][0].link
        if before and exchange.hops[place - 1][0].link is not link:
            return Reference("relays", before.number, before.line, since)
        if after and exchange.hops[place + 1][0].link is not link:
            return Reference("relayed_by", after.number, after.line, until)
        return None

    def snapshot(self) -> tuple[ExchangeStats, ...]:
        """Return the statistics of each kind of exchange that was seen."""
        return tuple(counter.snapshot() for counter in self._counters.values() if counter.chains)

    def _find_chain(self, counter: _ExchangeCounter, sequence: int, frame: HopFrame) -> _Chain:
        """Return the open chain that a frame belongs to, or a new one."""
        key = counter.exchange.name, sequence
        chain = self._open.pop(key, None)
        if chain is None or not chain.accepts(frame):
            chain = _Chain()
            counter.chains += 1
        # The last chain that a frame was added to stands last.
        self._open[key] = chain
        if len(self._open) > CHAINS_KEPT:
            del self._open[next(iter(self._open))]
        return chain


def has_sequence(message: Message) -> bool:
    """Return True if the command of a message always has the sequence that the message has."""
    return message.command is not None and f"{message.frame.sequence:04X}" in message.command.sequences


def measure_interval(before: HopFrame, after: HopFrame) -> int | None:
    """Return the time between two hops, in nanoseconds; None if both times are whole seconds or one is missing."""
    if before.time is None or after.time is None or not (before.time % SECOND or after.time % SECOND):
        return None
    return after.time - before.time


def find_chain(
    message: Message, number: int, near: Iterable[tuple[Message, int, int | None]], definition: Definition
) -> tuple[ExchangePattern, tuple[HopFrame, ...]] | None:
    """Return the exchange of a message and the frames of its chain by hop, found among the messages near it.

    `near` are messages, each with the number of its record and its line in a text log. Of several frames of one
    hop, the one closest to the message is taken. Returns None if the command belongs to no exchange.
    """
    hops = hops_by_command(definition)
    hop = hops.get(message.command) if message.command else None
    if hop is None:
        return None
    exchange, sequence = hop[0], message.frame.sequence
    found: dict[int, HopFrame] = {}
    for other, other_number, line in near:
        place = hops.get(other.command) if other.command else None
        if place is None or place[0] is not exchange or other.frame.sequence != sequence:
            continue
        time, other_time = message.frame.time, other.frame.time
        if time is not None and other_time is not None and abs(time - other_time) > HOPS_WITHIN:
            continue
        frame = HopFrame(place[1], other_number, line, other_time)
        known = found.get(frame.place)
        if known is None or abs(frame.number - number) < abs(known.number - number):
            found[frame.place] = frame
    return exchange, tuple(found[index] for index in sorted(found))
