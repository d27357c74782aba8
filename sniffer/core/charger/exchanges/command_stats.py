"""Statistics of each command: how often it came, how fast it was answered, how regular it is.

Counts and the longest latency cover the whole session. Percentiles and the period cover the last frames only, so memory
does not grow and the figures show the present. Times are in nanoseconds. Times in whole seconds, as in a text log, give
no latency and no jitter, but still the period of frames that are seconds apart.
"""

from collections import deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low

from sniffer.base.native import mypyc_attr
from sniffer.core.charger.exchanges.kept_requests import KeptRequests
from sniffer.core.charger.exchanges.turns import find_turns, sum_turns
from sniffer.core.protocol.definition import Command
from sniffer.core.protocol.message import Message
from sniffer.core.wire.link import Route

LATENCIES_KEPT = 1000
TIMES_KEPT = 64

LEAST_INTERVALS = 4
"""The lowest number of intervals from which a command can be called regular."""

NAMES_KEPT = 4
"""The number of names of commands with one code that are kept."""

OTHERS = "other commands"
"""The name of the commands that are counted together."""

ENDING_ROLES = ("boot", "boot answer", "handshake", "handshake answer", "card reader fault")
"""The roles of the commands that are repeated until something has happened, and then end."""

REGULAR = 5
"""A command is regular if the median deviation of its intervals is at most this part of their median."""


@dataclass(frozen=True, slots=True)
class Latency:
    """The latencies of the answers to a command: `p50` and `p95` of the last thousand, `longest` of all."""

    p50: int
    p95: int
    longest: int


@dataclass(frozen=True, slots=True)
class Period:
    """The period of a command: the median interval, and the deviation that 95 of 100 intervals do not exceed.

    Where several frames come in each period, as of two connectors in turn, intervals are those over that many frames.
    `jitter` is None if the source's times are too coarse.
    """

    median: int
    jitter: int | None


@dataclass(frozen=True, slots=True)
class CommandStats:
    """The statistics of one command in one direction.

    `code` is None for the commands that are counted together. `count` and `bytes` cover all frames. `answered` and
    `unanswered` count requests, `retransmissions` repeated frames, `unasked` answers whose request was not seen, and
    `unsolicited` frames whose sequence asks for no answer.
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


@mypyc_attr(allow_interpreted_subclasses=True)
class CommandCounter:
    """The counter of the commands of one code in one direction; without a `message`, of all that are counted together.

    Several `commands` of the definition can have one code, each with another size; `names` are those of the ones that
    came.
    It also holds what is needed to pair frames: `sequence` is the place of the sequence, or of the address that an
    answer repeats in its place. `is_escaped`: places are counted in the content of a frame, not in its bytes.
    `request_codes` are the codes of the requests that these frames answer. `requests` are those of this command,
    `requesters` the counters of the commands of the other side whose requests this command answers. `paired_sequences`
    are sequences that many messages share and that pair here nevertheless. `is_optional`: a missing answer means
    nothing. `given` counts the answers among these frames.
    """

    __slots__ = (
        "answered",
        "bytes",
        "expects_answer",
        "first",
        "given",
        "is_answer",
        "is_escaped",
        "is_optional",
        "latencies",
        "longest",
        "message",
        "names",
        "paired_sequences",
        "request_codes",
        "requesters",
        "requests",
        "retransmissions",
        "route",
        "sequence",
        "shared",
        "times",
        "unanswered",
        "unasked",
        "unsolicited",
    )

    def __init__(self, route: Route, message: Message | None, commands: Sequence[Command] = ()) -> None:
        link = route.link
        self.route = route
        self.message = message
        self.names: tuple[str, ...] = ()
        self.sequence = route.key_place
        self.is_escaped = link.delimiter is not None
        self.shared = link.shared_keys
        self.requests = KeptRequests()
        self.requesters: tuple[CommandCounter, ...] = ()
        self.is_answer = any(command.answers for command in commands)
        self.request_codes = _find_request_codes(message, commands) if message else frozenset()
        self.expects_answer = self.is_optional = False
        self.paired_sequences: Collection[bytes] = frozenset()
        self.bytes = self.answered = self.unanswered = self.given = 0
        self.retransmissions = self.unsolicited = self.unasked = 0
        self.first = message.frame.time if message else None
        self.times: deque[int | None] = deque(maxlen=TIMES_KEPT)
        self.longest = 0
        self.latencies: deque[int] = deque(maxlen=LATENCIES_KEPT)

    @property
    def name(self) -> str:
        """The names of the commands that came, or the code if no command is known."""
        if self.message is None:
            return OTHERS
        return " / ".join(self.names) or self.message.name

    def add_name(self, command: Command) -> None:
        """Add the name of a command that came. Those beyond `NAMES_KEPT` are left out."""
        if command.name not in self.names and len(self.names) < NAMES_KEPT:
            self.names += (command.name,)

    @property
    def count(self) -> int:
        """The number of frames: requests, answers, answers without a request, unsolicited ones and retransmissions."""
        return self.requests.count + self.given + self.unasked + self.unsolicited + self.retransmissions

    def snapshot(self, *, is_coarse: bool) -> CommandStats:
        """Return the statistics as they are now. `is_coarse`: the source's times are too coarse for a jitter."""
        times = [time for time in self.times if time is not None]
        return CommandStats(
            route=self.route,
            code=self.message.frame.command if self.message else None,
            name=self.name,
            count=self.count,
            bytes=self.bytes,
            first=self.first,
            last=times[-1] if times else None,
            answered=self.answered,
            unanswered=self.unanswered,
            retransmissions=self.retransmissions,
            unsolicited=self.unsolicited,
            unasked=self.unasked,
            latency=self._compute_latency(),
            period=self._compute_period(times, is_coarse=is_coarse),
        )

    def _compute_latency(self) -> Latency | None:
        """Return the percentiles of the latencies kept; None if there are none."""
        if not self.latencies:
            return None
        latencies = sorted(self.latencies)
        return Latency(_percentile(latencies, 50), _percentile(latencies, 95), self.longest)

    def _compute_period(self, times: list[int], *, is_coarse: bool) -> Period | None:
        """Return the median interval between these times, all in nanoseconds, and its spread.

        Returns None if there are too few intervals or if they are irregular. `is_coarse` is True if times are whole
        seconds: then no spread is given.
        """
        intervals = [after - before for before, after in pairwise(times)]
        if len(intervals) < LEAST_INTERVALS:
            return None
        command = self.message.command if self.message else None
        # The announcements of a part that restarts regularly come in series, which are no turns.
        turns = 1 if command and command.role in ENDING_ROLES else find_turns(intervals)
        intervals = sum_turns(intervals, turns) if turns > 1 else intervals
        median = median_low(intervals)
        deviations = sorted(abs(interval - median) for interval in intervals)
        if median <= 0 or median_low(deviations) * REGULAR > median:
            return None
        return Period(median, None if is_coarse else _percentile(deviations, 95))


def _find_request_codes(message: Message, commands: Iterable[Command]) -> frozenset[bytes]:
    """Return the command codes of the requests that a message answers if it does: mostly its own."""
    answered = [code for command in commands if command.answers for code in command.request_codes]
    return frozenset(map(message.route.link.code_bytes, answered or (message.frame.command,)))


def _percentile(ordered: list[int], percent: int) -> int:
    """Return the percentile by nearest rank: the least value that `percent` of a hundred do not exceed."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
