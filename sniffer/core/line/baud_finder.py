"""Find the baud rate of a line from the received bytes, and notice when the rate changes.

In: the bytes, line errors and time of each read. Out: the rate to set the port to now (`baud`), the rate that is
accepted (`found`) and the reason (`evidence`). No I/O and no clock.

While searching. The finder stays at one rate until the received bytes favour another. Only frames with a valid CRC make
it accept a rate (`sniffer.core.line.baud_trial` has the odds). Without such frames, `sniffer.core.line.baud_likelihood`
computes which rates would produce the received bytes, so that the next try is mostly the right one. Bytes read at a
rate below the line's carry little information: then a higher rate is tried, up to eight times as high, from where the
right one can be recognised. Every failure counts against a rate (`sniffer.core.line.baud_belief`), so each rate gets
its turn again and again. The tries get longer while no rate fits. Silence is no evidence, and noise is never accepted
as a rate.

After a rate is found. About two kilobytes per second are examined. The rate is given up when the line carries bytes,
but has had no valid frame for several times as long as is usual on this line, counted in time and in bytes or bursts.
Silence does not count, and a bad line raises what is usual. The search then starts at the old rate, with the bytes
received since the last valid frame.
"""

from collections.abc import Sequence
from enum import Enum, auto

from sniffer.base.times import MILLISECOND, SECOND
from sniffer.core.line.baud_belief import BaudBelief
from sniffer.core.line.baud_monitor import BaudMonitor
from sniffer.core.line.baud_trial import BaudTrial
from sniffer.core.line.expected_traffic import PACKAGED_TRAFFIC, ExpectedTraffic
from sniffer.core.wire.items import LineErrorMark

CANDIDATES: tuple[int, ...] = (
    115200, 9600, 57600, 19200, 38400, 230400, 460800, 921600, 250000, 500000, 1000000, 14400, 28800, 576000, 1500000,
    2000000, 3000000,
)  # fmt: skip
"""The rates that are tried, the more likely first: 115200 is assumed (protocol.md), then the usual ones.

A microcontroller divides 250000, 500000, 1000000 and higher rates from its own clock; no UART crystal gives them. They
are last in the list, so they cost nothing unless the received bytes indicate them. A line within three per cent of a
candidate is read at that candidate without errors.
"""

BURST_GAP = 50 * MILLISECOND
"""The silence that ends a burst. It is longer than the latency timer of an adapter (16 ms) and shorter than the usual
pause between two messages.
"""

SETTLING_TIME = 30 * MILLISECOND
"""After a change of rate, bytes that were received at the old rate may still come for this long. They are ignored."""

SHORTEST_TRY = 100 * MILLISECOND
LONGEST_TRY = 2 * SECOND
"""The least duration of a try: the shortest in the first round over all candidates, doubled each round up to the
longest.
"""

SILENT_TRY = 3 * SECOND
"""The time after which the finder returns from a rate that receives nothing to the previous one, which did."""

FEWEST_BYTES = 4
"""A try with a single burst of fewer bytes allows no conclusion."""
DOUBTFUL_MARGIN = 5.0
"""The least lead of another rate that makes the finder give up a rate that it has found."""


class BaudFinderState(Enum):
    """The progress of the search for the rate."""

    SEARCHING = auto()
    EXHAUSTED = auto()
    """Every candidate was tried without a valid frame. The search goes on."""
    FOUND = auto()


class BaudFinder:
    """The baud rate finder of one tap. The first of the `candidates` is the most likely rate.

    `baud` is the rate to set the port to. `found` is the accepted rate, or None while searching. `evidence` is one line
    for people. `traffic` is what is expected on the line.
    """

    def __init__(self, candidates: Sequence[int] = CANDIDATES, traffic: ExpectedTraffic = PACKAGED_TRAFFIC) -> None:
        self._belief = BaudBelief(candidates)
        self.baud = self._belief.candidates[0]
        self.found: int | None = None
        self.state = BaudFinderState.SEARCHING
        self.evidence = f"undetermined: no frame yet, listening at {self.baud}"
        self._last: int | None = None
        self._in_burst = False
        self._traffic = traffic
        self._trial = BaudTrial(self.baud, traffic)
        self._set_at: int | None = None
        self._came_from: int | None = None
        self._tried_since: int | None = None
        self._monitor = BaudMonitor()

    def read(self, data: bytes, marks: Sequence[LineErrorMark], time: int) -> bool:
        """Take the bytes and line errors of one read. Return True if `baud`, `found` or `evidence` has changed.

        `time` is in nanoseconds.
        """
        if self.found is not None and self._monitor.idle_until > time:
            self._last = time
            return False
        before = self._list_results()
        if not data:
            return self.tick(time)
        after_silence = self._end_burst_after(time)
        self._examine(data, marks, time, after_silence=after_silence)
        self._last = time
        self._in_burst = True
        return self._list_results() != before

    def tick(self, time: int) -> bool:
        """Note that nothing was received up to `time`. Return True if `baud`, `found` or `evidence` has changed.

        A long enough silence ends the burst, and the trial is judged. A new rate that has received nothing for
        `SILENT_TRY` is given up for the previous one.
        """
        before = self._list_results()
        self._end_burst_after(time)
        if self._last is None:
            self._last = time
        if self._came_from is not None and self._set_at is not None and time - self._set_at >= SILENT_TRY:
            # A receiver far below the line's rate may read nothing. The previous rate did receive bytes.
            self._belief.add_failure(self._trial)
            baud, self._came_from = self._came_from, None
            self._try(baud, time)
        return self._list_results() != before

    def exclude(self, baud: int) -> bool:
        """Stop trying a rate that the adapter cannot be set to, unless it is the only candidate.

        If it is the current rate, another one is tried. Return True if `baud`, `found` or `evidence` has changed.
        """
        before = self._list_results()
        if self._belief.exclude(baud) and self.baud == baud:
            self.found = None
            self._try(self._belief.choose_other_rate(self._trial), self._last)
        return self._list_results() != before

    def _list_results(self) -> tuple[int, int | None, str]:
        """Return `baud`, `found` and `evidence`, to notice when one of them changes."""
        return self.baud, self.found, self.evidence

    def _end_burst_after(self, time: int) -> bool:
        """End the burst if the line was silent for at least `BURST_GAP` before `time`. Return True if it was silent.

        The trial is judged at the end of a burst, which can change the rate.
        """
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
        """Add the read to the current trial, and judge the trial, which can change the rate.

        Bytes within `SETTLING_TIME` after a change of rate are ignored. After a rate is found, only as many bytes are
        added as the monitor wants to examine. `after_silence` is True if the line was silent before the read.
        """
        if marks:
            self._belief.note_marks()
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
        """Accept, keep or change the rate after new bytes.

        `valid_before` is the trial's number of valid frames before them.
        """
        trial, monitor = self._trial, self._monitor
        if self.found is not None:
            if trial.valid > valid_before:
                monitor.register_frame(trial, time)
                trial.clear()
            elif monitor.is_doubtful(trial, time):
                other_is_likelier = self._belief.compute_lead(trial) > DOUBTFUL_MARGIN
                if other_is_likelier or monitor.is_hopeless(trial, time):
                    self._give_up(time)
        elif trial.believed:
            self._accept_rate(time)
        else:
            since = self._tried_since or 0
            enough = trial.bytes >= FEWEST_BYTES or trial.bursts >= 2
            if enough and time - since >= self._compute_shortest_try():
                baud = self._belief.choose_rate(trial)
                if baud != self.baud:
                    self._came_from = self.baud
                    self._belief.add_failure(trial)
                    self._try(baud, time)

    def _compute_shortest_try(self) -> int:
        """Return the least duration of the current try, in nanoseconds.

        It is 0 in the first round over all candidates, once a burst has ended.
        """
        rounds = self._belief.rounds
        if not rounds and self._trial.bursts:
            return 0
        return min(SHORTEST_TRY << min(rounds, 10), LONGEST_TRY)

    def _try(self, baud: int, time: int | None) -> None:
        """Start a try at this rate with an empty trial. `time` is None if nothing was received yet."""
        self.baud = baud
        self._trial = BaudTrial(baud, self._traffic)
        self._set_at = time
        self._tried_since = None
        if not self._belief.is_exhausted:
            self.state = BaudFinderState.SEARCHING
            self.evidence = "; ".join(filter(None, (f"undetermined: trying {baud}", self._belief.format_failures())))
        else:
            self.state = BaudFinderState.EXHAUSTED
            self.evidence = (
                f"undetermined: no valid frames at any of {len(self._belief.candidates)} rates, still trying"
            )

    def _accept_rate(self, time: int) -> None:
        """Accept the current rate, and begin to watch it with an empty trial."""
        self.found = self.baud
        self.state = BaudFinderState.FOUND
        self._belief.forget_failure(self.baud)
        self.evidence = "; ".join(filter(None, (self._trial.describe(), self._belief.format_failures())))
        self._monitor = BaudMonitor()
        self._monitor.register_frame(self._trial, time)
        self._trial.clear()

    def _give_up(self, time: int) -> None:
        """Start the search anew at the old rate, with the bytes received since its last valid frame."""
        self.found = None
        self.state = BaudFinderState.SEARCHING
        self._belief.clear()
        self._tried_since = time - SHORTEST_TRY
        self.evidence = f"undetermined: no more valid frames at {self.baud}; since then {self._trial.describe()}"
