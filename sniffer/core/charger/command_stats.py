"""What is counted of each command: how often, how fast answered, how regular.

Counts and the longest latency are of the whole session; percentiles and the period are of the last ones, so that memory
does not grow and what is shown is how it is now. Times are nanoseconds. Where a source's times are whole seconds they
tell no latency and no jitter, but still the period of what is seconds apart.
"""

from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low

from sniffer.core.protocol.message import Message
from sniffer.core.wire.links import SEQUENCE_SIZE, Route

LATENCIES_KEPT = 1000
TIMES_KEPT = 64

LEAST_INTERVALS = 4
"""From how many intervals on something can be called regular."""

OTHERS = "other commands"
"""The name of those that are counted together."""

REGULAR = 5
"""It is regular where the intervals' median deviation from their median is at most one such part of it."""


@dataclass(frozen=True, slots=True)
class Latency:
    """How long answers took: `p50` and `p95` of the last thousand, `longest` of all."""

    p50: int
    p95: int
    longest: int


@dataclass(frozen=True, slots=True)
class Period:
    """How far apart the same command comes: the median, and how far 95 of 100 are from it at most.

    `jitter` is None where the source's times are too coarse for it.
    """

    median: int
    jitter: int | None


@dataclass(frozen=True, slots=True)
class CommandStats:
    """One command in one direction. `name` is the definition's, or says that it has none; of others `code` is None.

    `count` and `bytes` are of all its frames. `answered` and `unanswered` count requests, `retransmissions` frames that
    were sent again; `unasked` counts answers whose request was not seen, `unsolicited` messages that ask for nothing by
    their sequence.
    """

    route: Route
    code: int | None
    name: str
    count: int
    bytes: int
    first: int | None
    last: int | None
    answered: int = 0
    unanswered: int = 0
    retransmissions: int = 0
    unsolicited: int = 0
    unasked: int = 0
    latency: Latency | None = None
    period: Period | None = None


Seen = tuple[bytes, int, int | None, int | None]
"""A frame as it is kept: its bytes, its record's number, the line in a text log, and its time."""

Request = tuple[bytes, int, int | None, int | None, int | None, int]
"""A request: its bytes, number and line, when it was sent first and last, and how often."""


class CommandCounter:
    """Counts one command in one direction; without a `message`, all that are not counted by themselves.

    It also holds what a frame of it needs to be paired: where its `sequence` stands; the requests of this command by
    sequence, the `young` ones and the `old`, and what answered them; and the other side's tally of the same command,
    which may be `asking`. `forgotten` counts the requests that are not at hand any more.
    """

    __slots__ = (
        "answered",
        "answers",
        "asking",
        "bytes",
        "expects_answer",
        "first",
        "forgotten",
        "is_answer",
        "latencies",
        "longest",
        "message",
        "old",
        "old_answers",
        "retransmissions",
        "route",
        "sequence",
        "times",
        "unanswered",
        "unasked",
        "unsolicited",
        "young",
    )

    def __init__(self, route: Route, message: Message | None) -> None:
        link = route.link
        self.route = route
        self.message = message
        self.sequence = slice(link.sequence_at, link.sequence_at + SEQUENCE_SIZE)
        self.young: dict[bytes, Request] = {}
        self.old: dict[bytes, Request] = {}
        self.answers: dict[bytes, Seen] = {}
        self.old_answers: dict[bytes, Seen] = {}
        self.asking: CommandCounter | None = None
        self.is_answer = bool(message and message.command and message.command.answers)
        self.expects_answer = False
        self.bytes = self.answered = self.unanswered = self.forgotten = 0
        self.retransmissions = self.unsolicited = self.unasked = 0
        self.first = message.frame.time if message else None
        self.times: deque[int | None] = deque(maxlen=TIMES_KEPT)
        self.longest = 0
        self.latencies: deque[int] = deque(maxlen=LATENCIES_KEPT)

    @property
    def count(self) -> int:
        """How many frames there were: each is of one of these kinds."""
        requests = self.forgotten + len(self.old) + len(self.young)
        asking = self.asking if self.route.direction else self
        answers = asking.answered if asking else 0
        return requests + answers + self.unasked + self.unsolicited + self.retransmissions

    @property
    def waiting(self) -> int:
        """How many requests are at hand that nothing has answered yet."""
        return len(self.young) + len(self.old) - len(self.answers) - len(self.old_answers)

    def now(self, *, is_coarse: bool) -> CommandStats:
        """The counts as they are."""
        times = [time for time in self.times if time is not None]
        return CommandStats(
            route=self.route,
            code=self.message.frame.command if self.message else None,
            name=self.message.name if self.message else OTHERS,
            count=self.count,
            bytes=self.bytes,
            first=self.first,
            last=times[-1] if times else None,
            answered=self.answered,
            unanswered=self.unanswered,
            retransmissions=self.retransmissions,
            unsolicited=self.unsolicited,
            unasked=self.unasked,
            latency=self._latency(),
            period=self._period(times, is_coarse=is_coarse),
        )

    def _latency(self) -> Latency | None:
        if not self.latencies:
            return None
        latencies = sorted(self.latencies)
        return Latency(_percentile(latencies, 50), _percentile(latencies, 95), self.longest)

    def _period(self, times: list[int], *, is_coarse: bool) -> Period | None:
        intervals = [after - before for before, after in pairwise(times)]
        if len(intervals) < LEAST_INTERVALS:
            return None
        median = median_low(intervals)
        deviations = sorted(abs(interval - median) for interval in intervals)
        if median <= 0 or median_low(deviations) * REGULAR > median:
            return None
        return Period(median, None if is_coarse else _percentile(deviations, 95))


def _percentile(ordered: list[int], percent: int) -> int:
    """The nearest rank: the least value that so many of a hundred do not exceed."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
