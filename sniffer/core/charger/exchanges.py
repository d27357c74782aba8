"""Exchanges: which frame answers which, what was sent again, what stays without an answer, and who is silent.

A request and its answer share link, command and sequence and come from opposite sides (protocol.md, Framing); `DDDD`
and `FFFF` tie nothing. The first frame of such a kind is a request, unless its command is known to be an answer; the
same bytes again from the same side are a retransmission; a frame from the other side is the answer.

Only a request to which an answer is known to come can stay unanswered: the definition has one, or this session had one
before, and the side that would send it was heard. Requests are kept in two generations, of which the older one is
dropped every `TURN` of the source's time, or when the younger one is full: so a request waits for one to two seconds,
and is unanswered then. Where times are whole seconds or missing, as in a text log, order tells as well: once a later
request of the same command is answered, the earlier ones are not going to be.

Memory is bounded: a generation has so many requests of one command at most, and at most `COMMANDS_KEPT` commands are
counted each by itself. Most of what is here runs for every frame, so requests are plain tuples, and what is usual is
done without further calls.
"""

from collections.abc import Container
from dataclasses import dataclass
from itertools import takewhile

from sniffer.base.times import SECOND
from sniffer.core.charger.command_stats import OTHERS, CommandCounter, CommandStats, Seen
from sniffer.core.charger.events import Event, Evidence, Reference, Retransmitted, Unanswered
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.links import DBUS_EITHER_WAY, ROUTES, SPECIAL_SEQUENCES, Route

TURN = SECOND
"""How long a generation of requests lasts, in nanoseconds; `assumed`, as no source tells how long the boards wait."""

TURN_BY_ORDER = 2 * SECOND
"""How long where times are whole seconds: two of them can be little more than one."""

REQUESTS_KEPT = 256
"""How many requests of one command a generation has at most where times tell their age."""

REQUESTS_KEPT_BY_ORDER = 32
"""How many where they do not."""

COMMANDS_KEPT = 512
"""How many commands are counted each by itself; all others share one tally for each way."""

_NO_TIES = frozenset(sequence.to_bytes(2, "big") for sequence in SPECIAL_SEQUENCES)


@dataclass(frozen=True, slots=True)
class DirectionActivity:
    """What was heard on one way of one link. `last` is when: it is silent since then."""

    route: Route
    frames: int
    bytes: int
    last: int | None


@dataclass(frozen=True, slots=True)
class Exchanges:
    """All exchanges at one moment. `waiting` requests have no answer yet and may still get one.

    `is_coarse`: the source's times are whole seconds, or it has none.
    """

    commands: tuple[CommandStats, ...] = ()
    sides: tuple[DirectionActivity, ...] = ()
    waiting: int = 0
    is_coarse: bool = True


class ExchangeBook:
    """Pairs and counts the frames of one session; `events` is where it tells what it finds."""

    def __init__(self, definition: Definition, events: list[Event]) -> None:
        self._events = events
        self._answers = {(command.route, command.code) for command in definition.commands if command.answers}
        self._tallies: dict[tuple[Route, bytes], CommandCounter] = {}
        self._is_coarse = True
        self._most = REQUESTS_KEPT_BY_ORDER
        self._turns_at = 0
        self.due = 0
        """When, by the source's time, `passes` wants to be called next."""

    def passes(self, time: int) -> None:
        """The source's time goes on: what has waited for too long is given up and forgotten."""
        if self._is_coarse and time % SECOND:
            self._is_coarse, self._most, self._turns_at = False, REQUESTS_KEPT, time
        lasts = TURN_BY_ORDER if self._is_coarse else TURN
        if time >= self._turns_at:
            # After a long silence both generations are old.
            for _ in range(2 if time - self._turns_at >= lasts else 1):
                for tally in self._tallies.values():
                    self._turn(tally, time)
            self._turns_at = time + lasts
        elif self._turns_at - time > lasts:
            # The clock of the source was set back: what waits goes on waiting from here.
            self._turns_at = time + lasts
        if not self._is_coarse:
            self.due = self._turns_at

    def frame(self, tally: CommandCounter, frame: Frame, number: int, line: int | None) -> Reference | None:
        """Take one frame of the command of this tally; return what it refers to."""
        raw, time = frame.raw, frame.time
        tally.bytes += len(raw)
        tally.times.append(time)
        sequence = raw[tally.sequence]
        if sequence in _NO_TIES:
            tally.unsolicited += 1
            return None
        asking = tally.asking
        if asking and (sequence in asking.young or sequence in asking.old):
            return self._answer(asking, tally, sequence, (raw, number, line, time))
        young = tally.young
        if sequence in young or sequence in tally.old:
            return self._again(tally, sequence, (raw, number, line, time))
        if tally.is_answer:
            tally.unasked += 1
            return None
        young[sequence] = raw, number, line, time, time, 1
        if len(young) > self._most:
            self._turn(tally, time)
        return None

    def starts_anew(self, tally: CommandCounter, frame: Frame) -> None:
        """The sender of this frame has started anew: the frame repeats nothing."""
        self._drop(tally, frame.raw[tally.sequence], frame.time)

    def between(self, before: int | None, after: int | None) -> int | None:
        """The time between two moments; None where the source's times are too coarse to tell."""
        return None if self._is_coarse or before is None or after is None else after - before

    def now(self) -> Exchanges:
        """All of it as it is."""
        commands = tuple(tally.now(is_coarse=self._is_coarse) for tally in self._tallies.values())
        sides = []
        for route in (*ROUTES, DBUS_EITHER_WAY):
            heard = [command for command in commands if command.route is route]
            times = [command.last for command in heard if command.last is not None]
            if heard:
                frames, size = (sum(counts) for counts in zip(*((one.count, one.bytes) for one in heard), strict=True))
                sides.append(DirectionActivity(route, frames, size, max(times, default=None)))
        waiting = sum(tally.waiting for tally in self._tallies.values() if tally.expects_answer)
        return Exchanges(commands, tuple(sides), waiting, self._is_coarse)

    def _answer(
        self, asking: CommandCounter, answering: CommandCounter, sequence: bytes, answer: Seen
    ) -> Reference | None:
        """A frame with the sequence of a request of the other side."""
        if sequence in asking.answers or sequence in asking.old_answers:
            return self._answer_again(asking, answering, sequence, answer)
        if sequence in asking.young:
            _, number, line, first, _, _ = asking.young[sequence]
            asking.answers[sequence] = answer
        else:
            _, number, line, first, _, _ = asking.old[sequence]
            asking.old_answers[sequence] = answer
        asking.answered += 1
        asking.expects_answer = True
        time = answer[-1]
        if self._is_coarse or first is None or time is None:
            self._skip(asking, sequence, time)
            return Reference("answers", number, line, None)
        after = time - first
        asking.latencies.append(after)
        if after > asking.longest:
            asking.longest = after
        return Reference("answers", number, line, after)

    def _answer_again(
        self, asking: CommandCounter, answering: CommandCounter, sequence: bytes, answer: Seen
    ) -> Reference | None:
        raw, number, line, time = answer
        content, at, at_line, first = asking.answers.get(sequence) or asking.old_answers[sequence]
        if raw == content:
            return self._repeat(answering, Evidence(at, at_line, first), 2, raw, Evidence(number, line, time))
        answering.unasked += 1
        return None

    def _again(self, tally: CommandCounter, sequence: bytes, frame: Seen) -> Reference | None:
        """A frame with the sequence of a request of its own side."""
        generation = tally.young if sequence in tally.young else tally.old
        raw, number, line, first, _, tries = generation[sequence]
        content, at, at_line, time = frame
        if content == raw:
            generation[sequence] = raw, number, line, first, time, tries + 1
            return self._repeat(tally, Evidence(number, line, first), tries + 1, raw, Evidence(at, at_line, time))
        if tally.route.direction is None:
            return self._answer(tally, tally, sequence, frame)
        self._drop(tally, sequence, time)
        tally.young[sequence] = content, at, at_line, time, time, 1
        return None

    def _repeat(self, tally: CommandCounter, first: Evidence, tries: int, raw: bytes, seen: Evidence) -> Reference:
        tally.retransmissions += 1
        self._events.append(Retransmitted(seen.time, *_told(tally, raw), first, tries))
        return Reference("repeats", first.number, first.line, self.between(first.time, seen.time))

    def _turn(self, tally: CommandCounter, time: int | None) -> None:
        """Forget the older generation of a command's requests."""
        if tally.expects_answer and len(tally.old) > len(tally.old_answers):
            for sequence in [sequence for sequence in tally.old if sequence not in tally.old_answers]:
                self._drop(tally, sequence, time)
        tally.forgotten += len(tally.old)
        tally.old, tally.young = tally.young, {}
        tally.old_answers, tally.answers = tally.answers, {}

    def _skip(self, tally: CommandCounter, answered: bytes, time: int | None) -> None:
        """Answers come in order: what was asked before the answered one is not going to get one."""
        if tally.waiting:
            asked = [*takewhile(lambda sequence: sequence != answered, (*tally.old, *tally.young))]
            for sequence in asked:
                if sequence not in tally.old_answers and sequence not in tally.answers:
                    self._drop(tally, sequence, time)

    def _drop(self, tally: CommandCounter, sequence: bytes, time: int | None) -> None:
        """Forget a request; it stays without an answer where one was to come, and none came."""
        request = tally.young.pop(sequence, None) or tally.old.pop(sequence, None)
        if request is None:
            return
        tally.forgotten += 1
        answer = tally.answers.pop(sequence, None) or tally.old_answers.pop(sequence, None)
        if answer or not tally.expects_answer:
            return
        if any(_is_opposite(route, tally.route) for route, _ in self._tallies):
            tally.unanswered += 1
            raw, number, line, _, last, tries = request
            self._events.append(Unanswered(time, *_told(tally, raw), Evidence(number, line, last), tries))

    def tally(self, message: Message) -> CommandCounter:
        """The tally of a message's command."""
        frame, command = message.frame, message.command
        route = command.route if command else frame.route
        at = route.link.command_at
        code = frame.raw[at : at + route.link.command_size]
        return self._tallies.get((route, code)) or self._new_tally(route, code, message)

    def said(self, routes: Container[Route], but: Container[str]) -> int:
        """How many frames were said on these routes by commands that do not tell one of these things."""
        return sum(
            tally.count
            for (route, _), tally in self._tallies.items()
            if route in routes
            and (tally.message.command.role if tally.message and tally.message.command else None) not in but
        )

    def _new_tally(self, route: Route, code: bytes, message: Message) -> CommandCounter:
        if len(self._tallies) >= COMMANDS_KEPT:
            return self._tallies.setdefault((route, b""), CommandCounter(route, None))
        number = message.frame.command
        tally = CommandCounter(route, message)
        for way in ROUTES:
            if _is_opposite(way, route) and route.direction:
                tally.expects_answer |= (way, number) in self._answers
                if other := self._tallies.get((way, code)):
                    tally.asking = None if other.is_answer else other
                    other.asking = None if tally.is_answer else tally
        self._tallies[route, code] = tally
        return tally


def _is_opposite(route: Route, other: Route) -> bool:
    return route.link is other.link and route is not other


def _told(tally: CommandCounter, raw: bytes) -> tuple[Route, str, int, int]:
    """Route, name, sequence and command of a frame, as events tell them."""
    frame = Frame(tally.route, None, raw)
    name = tally.message.name if tally.message else OTHERS
    return tally.route, name, frame.sequence, frame.command
