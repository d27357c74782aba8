"""Exchanges: pairs of request and answer, retransmissions, requests without an answer, and silent directions.

A request and its answer share link, command and sequence and come from opposite sides (protocol.md, Framing). On other
boards the answer may have a command of its own, and may repeat an address instead. Sequences that many messages share,
such as `EEEE`, pair only commands that always have them, such as a meter request and its answer. The first frame of a
command and sequence is a request, unless its command is known to be an answer. The same bytes again from the same side
are a retransmission, or without a sequence the next poll. A frame from the other side is the answer.

A request can stay unanswered only if an answer is expected: the definition has one, or this session had one before, and
the side that would send it was received. An announcement expects none: it is sent again until the charger is accepted
(protocol.md, What a boot is). Requests are kept in two generations. The older one is dropped every `GENERATION`
of the source's time, or when the younger one is full. So a request waits for one to two seconds before it counts as
unanswered. If times are whole seconds or missing, as in a text log, the order decides as well: once a later request of
the same command is answered, earlier ones will not be.

Memory is bounded: a generation holds a limited number of requests of one command, and a limited number of commands is
counted separately. Most of this code runs for every frame, so requests are plain tuples, and the usual case makes
no further calls.
"""

from dataclasses import dataclass

from sniffer.base.native import mypyc_attr
from sniffer.base.times import SECOND
from sniffer.core.charger.events import Event, Reference, Retransmitted, Unanswered
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.exchanges.answer_pairing import find_latest
from sniffer.core.charger.exchanges.command_counters import CommandCounters
from sniffer.core.charger.exchanges.command_stats import CommandCounter, CommandStats
from sniffer.core.charger.exchanges.kept_requests import KeptFrame
from sniffer.core.protocol.definition import Definition
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.link import Route

GENERATION = SECOND
"""The life of a generation of requests, in nanoseconds. It is `assumed`, as no source says how long the boards wait."""

COARSE_GENERATION = 2 * SECOND
"""The same if times are whole seconds: two of them can be little more than one second apart."""

REQUESTS_KEPT = 256
"""The highest number of requests of one command in a generation, if times show their age."""

COARSE_REQUESTS_KEPT = 32
"""The same if times do not show their age."""


@dataclass(frozen=True, slots=True)
class DirectionActivity:
    """The traffic of one route. `last` is the time of the last frame: the route has been silent since then."""

    route: Route
    frames: int
    bytes: int
    last: int | None


@dataclass(frozen=True, slots=True)
class Exchanges:
    """All exchanges at one moment.

    `waiting` counts requests that have no answer yet and may still get one. `is_coarse`: the source's times are whole
    seconds, or it has none.
    """

    commands: tuple[CommandStats, ...] = ()
    sides: tuple[DirectionActivity, ...] = ()
    waiting: int = 0
    is_coarse: bool = True


@mypyc_attr(allow_interpreted_subclasses=True)
class ExchangeBook:
    """The requests and answers of one session. What is found is appended to `events`.

    `counters` are those of all commands. `due` is the time, by the source's clock, at which `advance_time` has to be
    called next. `is_coarse` is true if the source's times are whole seconds so far, or if it has none.
    """

    def __init__(self, definition: Definition, events: list[Event]) -> None:
        self._events = events
        self.counters = CommandCounters(definition)
        self.is_coarse = True
        self._most = COARSE_REQUESTS_KEPT
        self._ages_at = 0
        self.due = 0

    def advance_time(self, time: int) -> None:
        """Drop the requests that have waited for too long by this time of the source, in nanoseconds."""
        if self.is_coarse and time % SECOND:
            self.is_coarse, self._most, self._ages_at = False, REQUESTS_KEPT, time
        lasts = COARSE_GENERATION if self.is_coarse else GENERATION
        if time >= self._ages_at:
            self._age_all(time)
            if time - self._ages_at >= lasts:
                # After a long silence both generations are old.
                self._age_all(time)
            self._ages_at = time + lasts
        elif self._ages_at - time > lasts:
            # The clock of the source was set back: requests go on waiting from here.
            self._ages_at = time + lasts
        if not self.is_coarse:
            self.due = self._ages_at

    def add_frame(self, counter: CommandCounter, frame: Frame, number: int, line: int | None) -> Reference | None:
        """Add a frame of this counter's command; return the earlier frame that it refers to, or None."""
        raw, time = frame.raw, frame.time
        counter.bytes += len(raw)
        counter.times.append(time)
        start, end = counter.sequence
        sequence = (frame.content if counter.is_escaped else raw)[start:end]
        if sequence in counter.shared:
            if sequence not in counter.paired_sequences:
                counter.unsolicited += 1
                return None
            if sequence in counter.requests.answers or sequence in counter.requests.old_answers:
                # A request of the same sequence that was answered is over.
                self._drop(counter, sequence, time)
        requesters = counter.requesters
        if requesters:
            requester = requesters[0] if len(requesters) == 1 else find_latest(requesters, sequence)
            asked = requester.requests
            if sequence in asked.young or sequence in asked.old:
                return self._add_answer(requester, counter, sequence, (raw, number, line, time))
        requests = counter.requests
        young = requests.young
        if sequence in young or sequence in requests.old:
            return self._add_repeat(counter, sequence, (raw, number, line, time))
        if counter.is_answer:
            counter.unasked += 1
            return None
        young[sequence] = raw, number, line, time, time, 1
        if len(young) > self._most:
            self._age(counter, time)
        return None

    def elapsed(self, before: int | None, after: int | None) -> int | None:
        """Return the time between two moments, in nanoseconds; None if the source's times are too coarse."""
        return None if self.is_coarse or before is None or after is None else after - before

    def snapshot(self) -> Exchanges:
        """Return all exchanges as they are now."""
        commands = tuple(counter.snapshot(is_coarse=self.is_coarse) for counter in self.counters.all)
        sides = []
        for route in self.counters.routes:
            stats = [command for command in commands if command.route is route]
            times = [command.last for command in stats if command.last is not None]
            if stats:
                frames, size = (sum(counts) for counts in zip(*((one.count, one.bytes) for one in stats), strict=True))
                sides.append(DirectionActivity(route, frames, size, max(times, default=None)))
        waiting = sum(counter.requests.waiting for counter in self.counters.all if counter.expects_answer)
        return Exchanges(commands, tuple(sides), waiting, self.is_coarse)

    def _add_answer(
        self, requester: CommandCounter, answerer: CommandCounter, sequence: bytes, answer: KeptFrame
    ) -> Reference | None:
        """Add a frame with the sequence of a request of the other side; return the reference to that request.

        If the request has an answer already, the result is that of `_add_second_answer`, which may be None.
        """
        requests = requester.requests
        request, answers = requests.young.get(sequence), requests.answers
        if request is None:
            request, answers = requests.old[sequence], requests.old_answers
        if sequence in answers:
            return self._add_second_answer(answerer, answers[sequence], answer)
        answers[sequence] = answer
        _, number, line, first, _, _ = request
        requester.answered += 1
        answerer.given += 1
        requester.expects_answer = not requester.is_optional
        time = answer[-1]
        if self.is_coarse or first is None or time is None:
            # Answers come in order, so the requests before an answered one will get none.
            for earlier in requests.list_waiting_before(sequence):
                self._drop(requester, earlier, time)
            return Reference("answers", number, line, None)
        after = time - first
        requester.latencies.append(after)
        if after > requester.longest:
            requester.longest = after
        return Reference("answers", number, line, after)

    def _add_second_answer(self, answerer: CommandCounter, known: KeptFrame, answer: KeptFrame) -> Reference | None:
        """Add a frame that answers a request which has the answer `known` already.

        Returns the reference to the first answer if this one repeats it byte by byte. Otherwise the frame counts as an
        answer without a request, and None is returned.
        """
        raw, number, line, time = answer
        content, at, at_line, first = known
        if raw == content:
            return self._add_retransmission(
                answerer, Evidence(at, at_line, first), 2, raw, Evidence(number, line, time)
            )
        answerer.unasked += 1
        return None

    def _add_repeat(self, counter: CommandCounter, sequence: bytes, frame: KeptFrame) -> Reference | None:
        """Add a frame with the sequence of a request of its own side.

        The same bytes again are a retransmission; the reference to the first of them is returned. Other bytes are a new
        request in place of the old one, and None is returned. If the direction is not known, they are the answer.
        Without a sequence, nothing tells a retransmission from the next poll: the same bytes are a new request as well.
        """
        requests = counter.requests
        generation = requests.young if sequence in requests.young else requests.old
        raw, number, line, first, _, tries = generation[sequence]
        content, at, at_line, time = frame
        has_direction = counter.route.direction is not None
        if content == raw and not (has_direction and counter.route.link.sequence is None):
            generation[sequence] = raw, number, line, first, time, tries + 1
            return self._add_retransmission(
                counter, Evidence(number, line, first), tries + 1, raw, Evidence(at, at_line, time)
            )
        if not has_direction:
            return self._add_answer(counter, counter, sequence, frame)
        self._drop(counter, sequence, time)
        requests.young[sequence] = content, at, at_line, time, time, 1
        return None

    def _add_retransmission(
        self, counter: CommandCounter, first: Evidence, tries: int, raw: bytes, seen: Evidence
    ) -> Reference:
        """Count a retransmission and collect its event; return the reference to the first frame. `tries`
        counts both.
        """
        counter.retransmissions += 1
        self._events.append(Retransmitted(seen.time, *_describe_frame(counter, raw), first, tries))
        return Reference("repeats", first.number, first.line, self.elapsed(first.time, seen.time))

    def _age_all(self, time: int) -> None:
        """Drop the older generation of all requests, in the order of the counters."""
        for counter in self.counters.all:
            requests = counter.requests
            if requests.old:
                self._age(counter, time)
            elif requests.young:
                requests.age()

    def _age(self, counter: CommandCounter, time: int | None) -> None:
        """Drop the older generation of a command's requests."""
        requests = counter.requests
        if counter.expects_answer:
            for sequence in requests.list_old_waiting():
                self._drop(counter, sequence, time)
        requests.age()

    def _drop(self, counter: CommandCounter, sequence: bytes, time: int | None) -> None:
        """Drop a request. It is reported as unanswered if an answer was expected and none came."""
        request = counter.requests.forget(sequence)
        if request is None or not counter.expects_answer:
            return
        if self.counters.has_opposite(counter.route):
            counter.unanswered += 1
            raw, number, line, _, last, tries = request
            self._events.append(Unanswered(time, *_describe_frame(counter, raw), Evidence(number, line, last), tries))


def _describe_frame(counter: CommandCounter, raw: bytes) -> tuple[Route, str, int, int]:
    """Return route, name, sequence and command of a frame, as events carry them."""
    frame = Frame(counter.route, None, raw)
    return counter.route, counter.name, frame.sequence, frame.command
