"""Find the baud rate of a line by what is heard, and notice when it becomes another.

In: what each read gave, its line errors where the source tells them, and the time. Out: the rate that the line must
be set to now (`baud`), the one that is believed (`found`) and why (`evidence`). No I/O and no clock.

While it looks. Each rate is tried until what is heard speaks for another. A rate is believed by its frames with a
valid CRC alone (`sniffer.core.line.baud_trial` has the odds); where there are none, `sniffer.core.line.baud_likelihood` tells which
rates would look like what was heard, so that the next try is mostly the right one. Only a rate that is too low tells
little: then a higher one is tried, up to eight times as high, from where the right one can be seen. Each failure counts
against a rate, so every one gets its turn again and again, and the more slowly the longer nothing fits. Silence is no
evidence, and noise never becomes a rate.

When it is found. About two kilobytes each second are looked at. The rate is given up where no valid frame came for
several times as long, in bytes or bursts and in time, as is usual on this line, while something is heard; silence does
not count, and a bad line raises what is usual. The search then begins at the old rate, with what was heard since.
"""

from collections.abc import Sequence
from enum import Enum, auto

from sniffer.base.times import MILLISECOND, SECOND
from sniffer.core.line.baud_monitor import BaudMonitor
from sniffer.core.line.baud_trial import BaudTrial
from sniffer.core.wire.items import LineErrorMark

CANDIDATES: tuple[int, ...] = (
    115200,
    9600,
    57600,
    19200,
    38400,
    230400,
    460800,
    921600,
    250000,
    500000,
    1000000,
    14400,
    28800,
    576000,
    1500000,
    2000000,
    3000000,
)
"""The rates that are tried, the likelier first: 115200 is what is assumed (protocol.md), then the usual ones.

Those that no crystal for UARTs gives (250000, 500000, 1000000 and up) are what a microcontroller divides from its own
clock. A rate that is never indicated by what is heard costs nothing, as it is tried last. Rates closer than three in a
hundred to one of these are read at it all the same.
"""


BURST_GAP = 50 * MILLISECOND
"""What ends a burst: more than an adapter's latency timer (16 ms), less than what lies between two messages."""

SETTLING_TIME = 30 * MILLISECOND
"""After a change of rate, bytes come for so long that were received before it."""

SHORTEST_TRY = 100 * MILLISECOND
LONGEST_TRY = 2 * SECOND
"""How long a rate is tried at least: from the first round over all rates to the last, doubled each round."""

SILENT_TRY = 3 * SECOND
"""For how long nothing may be heard at a rate that was changed to while something was."""

PRIOR_STEP = 0.15
"""By how much a rate is less likely than the one before it in the list; as all evidence, a natural logarithm."""
FAILURE_PENALTY = 4.0
"""What a failed try tells against a rate, beyond what was heard in it."""
PENALTY_PER_BYTE = 0.1
PENALTY_PER_BURST = 1.0
"""What each byte or each burst, whichever is more, tells against the rate it is read at, while no frame is valid."""
PLAUSIBLE_BONUS = 7.0
"""What one valid frame tells for a rate: wait for the second. The same for bursts that begin as inverted frames."""
MARGIN = 2.0
"""How much likelier another rate must be."""
EVIDENCE_LIMIT = 15.0
"""Evidence is bounded, so that it can be overcome when the line changes."""
DECAY = 0.8
"""What is left of older evidence after each try."""
FEWEST_BYTES = 4
"""With fewer in one burst nothing is concluded."""
HIGHEST_STEP = 8.5
"""How many times as high the next rate may be, where it is only known to be higher: beyond, all looks like breaks."""

DOUBTFUL_MARGIN = 5.0
"""How much likelier another rate must be before one that was found is given up."""

FAILURES_SHOWN = 3
"""How many of the rates that failed are told of."""


class BaudFinderState(Enum):
    """How far the search for the rate is."""

    SEARCHING = auto()
    EXHAUSTED = auto()
    """Every candidate was tried without a valid frame. The search goes on."""
    FOUND = auto()


class BaudFinder:
    """The finder of one line's rate, which is one of the `candidates`, the first of them being the likeliest."""

    def __init__(self, candidates: Sequence[int] = CANDIDATES) -> None:
        self._candidates = tuple(dict.fromkeys(candidates))
        self.baud = self._candidates[0]
        self.found: int | None = None
        self.state = BaudFinderState.SEARCHING
        self.evidence = f"undetermined: no frame yet, listening at {self.baud}"
        self._has_marks = False
        self._last: int | None = None
        self._in_burst = False
        self._belief = self._initial_belief()
        self._failed = dict.fromkeys(self._candidates, 0)
        self._failures: dict[int, str] = {}
        self._tries = 0
        self._trial = BaudTrial(self.baud)
        self._set_at: int | None = None
        self._came_from: int | None = None
        self._tried_since: int | None = None
        self._monitor = BaudMonitor()

    def read(self, data: bytes, marks: Sequence[LineErrorMark], time: int) -> bool:
        """Take one read at its time in nanoseconds. True: `baud`, `found` or `evidence` is another now."""
        if self.found is not None and self._monitor.idle_until > time:
            self._last = time
            return False
        before = self._current()
        if not data:
            return self.tick(time)
        after_silence = self._end_burst_after(time)
        self._examine(data, marks, time, after_silence=after_silence)
        self._last = time
        self._in_burst = True
        return self._current() != before

    def tick(self, time: int) -> bool:
        """Time goes by with nothing read. True as `read`."""
        before = self._current()
        self._end_burst_after(time)
        if self._last is None:
            self._last = time
        if self._came_from is not None and self._set_at is not None and time - self._set_at >= SILENT_TRY:
            # Far below the line's rate a receiver may read nothing. Where something was heard, it will be again.
            self._fail()
            baud, self._came_from = self._came_from, None
            self._try(baud, time)
        return self._current() != before

    def exclude(self, baud: int) -> bool:
        """The adapter cannot be set to this rate: it is not tried again, unless it is the only one. True as `read`."""
        before = self._current()
        others = tuple(rate for rate in self._candidates if rate != baud)
        if others:
            self._candidates = others
            if self.baud == baud:
                self.found = None
                self._try(self._next_rate(), self._last)
        return self._current() != before

    def _current(self) -> tuple[int, int | None, str]:
        return self.baud, self.found, self.evidence

    def _initial_belief(self) -> dict[int, float]:
        return {baud: -PRIOR_STEP * place for place, baud in enumerate(self._candidates)}

    def _end_burst_after(self, time: int) -> bool:
        """End the burst if the line has been silent for long enough."""
        if self._last is None or time - self._last < BURST_GAP:
            return False
        if self._in_burst:
            self._in_burst = False
            if self._trial.bytes:
                valid = self._trial.valid
                self._trial.end_burst()
                self._judge(time, valid)
        return True

    def _examine(self, data: bytes, marks: Sequence[LineErrorMark], time: int, *, after_silence: bool) -> None:
        self._has_marks = self._has_marks or bool(marks)
        if self._set_at is not None and time - self._set_at < SETTLING_TIME:
            return
        self._came_from = None
        if self.found is not None:
            if self._monitor.begin_sample(time):
                self._trial.restart_framing()
            room = self._monitor.room
            if len(data) > room:
                data, marks = data[:room], [mark for mark in marks if mark.at < room]
        if self._tried_since is None:
            self._tried_since = time
        valid = self._trial.valid
        self._trial.feed(data, marks, after_silence=after_silence)
        self._judge(time, valid)
        self._monitor.count_examined(len(data))

    def _judge(self, time: int, valid_before: int) -> None:
        """Draw the conclusion of what was just heard."""
        trial, monitor = self._trial, self._monitor
        if self.found is not None:
            if trial.valid > valid_before:
                monitor.register_frame(trial, time)
                trial.clear()
            elif monitor.is_doubtful(trial, time):
                likelihoods = self._likelihoods()
                other_is_likelier = max(likelihoods.values()) - likelihoods[self.baud] > DOUBTFUL_MARGIN
                if other_is_likelier or monitor.is_hopeless(trial, time):
                    self._give_up(time)
        elif trial.believed:
            self._believe(time)
        else:
            since = self._tried_since or 0
            enough = trial.bytes >= FEWEST_BYTES or trial.bursts >= 2
            if enough and time - since >= self._shortest_try():
                baud = self._choose_rate()
                if baud != self.baud:
                    self._came_from = self.baud
                    self._fail()
                    self._try(baud, time)

    # The search

    def _shortest_try(self) -> int:
        """How long this try must last at least."""
        rounds = self._tries // len(self._candidates)
        if not rounds and self._trial.bursts:
            return 0
        return min(SHORTEST_TRY << min(rounds, 10), LONGEST_TRY)

    def _likelihoods(self) -> dict[int, float]:
        """How well each rate explains what was heard in this try."""
        return {baud: self._trial.likelihood(baud, marked=self._has_marks) for baud in self._candidates}

    def _scores(self) -> dict[int, float]:
        """How well each rate fits what was heard, at this rate and before."""
        trial, likelihoods = self._trial, self._likelihoods()
        best = max(likelihoods.values())
        scores = {
            baud: self._belief[baud] + max(likely - best, -EVIDENCE_LIMIT) - FAILURE_PENALTY * self._failed[baud]
            for baud, likely in likelihoods.items()
        }
        if trial.baud in scores:
            against = max(PENALTY_PER_BYTE * trial.bytes, PENALTY_PER_BURST * trial.bursts)
            scores[trial.baud] += PLAUSIBLE_BONUS if trial.plausible else -against
        return scores

    def _choose_rate(self) -> int:
        """The rate to try after what was heard; the one that is set, unless another is much likelier."""
        scores = self._scores()
        if max(scores.values()) - scores[self.baud] < MARGIN:
            return self.baud
        return self._next_rate(scores)

    def _next_rate(self, scores: dict[int, float] | None = None) -> int:
        scores = dict(scores or self._scores())
        if len(scores) > 1:
            scores.pop(self.baud, None)
        best = max(scores, key=scores.__getitem__)
        likely = [baud for baud, score in scores.items() if score > scores[best] - 2 * MARGIN]
        if len(likely) > 1:
            reached = [baud for baud in likely if self.baud < baud <= HIGHEST_STEP * self.baud]
            if best > self.baud and reached:
                return max(reached)
        return best

    def _fail(self) -> None:
        trial, likelihoods = self._trial, self._likelihoods()
        best = max(likelihoods.values())
        for baud, likely in likelihoods.items():
            self._belief[baud] = max(DECAY * self._belief[baud] + likely - best, -EVIDENCE_LIMIT)
        top = max(self._belief.values())
        self._belief = {baud: max(belief - top, -EVIDENCE_LIMIT) for baud, belief in self._belief.items()}
        self._failed[trial.baud] += 1
        self._failures.pop(trial.baud, None)
        self._failures[trial.baud] = trial.describe()
        self._tries += 1

    def _try(self, baud: int, time: int | None) -> None:
        self.baud = baud
        self._trial = BaudTrial(baud)
        self._set_at = time
        self._tried_since = None
        if not self._failures.keys() >= set(self._candidates):
            self.state = BaudFinderState.SEARCHING
            self.evidence = "; ".join(filter(None, (f"undetermined: trying {baud}", self._format_failures())))
        else:
            self.state = BaudFinderState.EXHAUSTED
            self.evidence = f"undetermined: no valid frames at any of {len(self._candidates)} rates, still trying"

    def _believe(self, time: int) -> None:
        self.found = self.baud
        self.state = BaudFinderState.FOUND
        self._failures.pop(self.baud, None)
        self.evidence = "; ".join(filter(None, (self._trial.describe(), self._format_failures())))
        self._monitor = BaudMonitor()
        self._monitor.register_frame(self._trial, time)
        self._trial.clear()

    def _format_failures(self) -> str:
        return "; ".join([*self._failures.values()][: -FAILURES_SHOWN - 1 : -1])

    def _give_up(self, time: int) -> None:
        """The rate has become another, it seems: search anew, at the old rate first, knowing what was just heard."""
        self.found = None
        self.state = BaudFinderState.SEARCHING
        self._belief = self._initial_belief()
        self._failed = dict.fromkeys(self._candidates, 0)
        self._failures = {}
        self._tries = 0
        self._tried_since = time - SHORTEST_TRY
        self.evidence = f"undetermined: no more valid frames at {self.baud}; since then {self._trial.describe()}"
