"""The learnt periods of commands, and commands that are overdue.

In: the counters of commands (`sniffer.core.charger.exchanges.command_stats`) and the time of the source. Out: an event
when 2.5 learnt periods have passed since a command was received last, once until it is received again.

A command has a period if at least three of its intervals are alike and make up half of its time or more. Extra reports
on a change do not spoil it, as they are short. What has no period, or one below `SHORTEST`, is never overdue. Nor are
commands that end on purpose (`ENDING_ROLES`), commands of a text log, which may lack pieces, and commands of a source
whose times are whole seconds. After a loss of the source or a step of its clock, learning begins anew.

An event depends on the received frames and the time of the check alone. A check that finds nothing leaves no trace, so
a replay without the checks of a silent line (`sniffer.core.wire.items.Idle`) finds the same events.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from statistics import median_low

from msgspec import Struct

from sniffer.base.times import SECOND
from sniffer.core.charger.events import Event, Overdue
from sniffer.core.charger.exchanges.command_stats import ENDING_ROLES, CommandCounter
from sniffer.core.charger.exchanges.exchange_book import ExchangeBook
from sniffer.core.charger.exchanges.log_periods import find_log_period
from sniffer.core.charger.exchanges.turns import find_turns, sum_turns
from sniffer.core.charger.tap_events import SourceLost
from sniffer.core.wire.link import Route

LEAST_INTERVALS = 3
"""The lowest number of intervals that make a period."""

SHORTEST = SECOND // 5
"""The shortest period that is watched, in nanoseconds: below it, a busy machine could delay a frame for too long."""

CHECK_EVERY = SECOND
"""The longest time between two calls of `advance_time`, in nanoseconds."""

LOOK_EVERY = 10 * SECOND
"""The longest time in nanoseconds between two checks of a command that is rare, or too fast to be watched."""


def find_period(intervals: Iterable[int]) -> int | None:
    """Return the period behind these intervals, in nanoseconds; None if they are not regular.

    Intervals are alike if the longest is at most a quarter longer than the shortest. The intervals that are alike and
    take the most time make the period. Intervals of more than 2.5 periods are outages. There may be one outage for
    each three regular intervals.
    """
    ordered = sorted(interval for interval in intervals if interval > 0)
    alike = _find_alike(ordered)
    if not alike:
        return None
    period = median_low(alike)
    between = [interval for interval in ordered if interval <= compute_wait(period)]
    outages = len(ordered) - len(between)
    return period if 2 * sum(alike) >= sum(between) and outages * LEAST_INTERVALS <= len(alike) else None


def _find_alike(ordered: Sequence[int]) -> Sequence[int]:
    """Return the run of alike intervals with the greatest total; empty if there is none."""
    if len(ordered) >= LEAST_INTERVALS and ordered[0] * 5 >= ordered[-1] * 4:
        return ordered
    best: Sequence[int] = ()
    most = start = total = 0
    for end, longest in enumerate(ordered, 1):
        total += longest
        while ordered[start] * 5 < longest * 4:
            total -= ordered[start]
            start += 1
        if end - start >= LEAST_INTERVALS and total > most:
            best, most = ordered[start:end], total
    return best


def compute_wait(period: int) -> int:
    """Return the time for which a command is waited for: 2.5 periods."""
    return period * 5 // 2


class LearntPeriod(Struct, frozen=True):
    """The learnt period of one command, in nanoseconds. `last` is when the command was received last.

    `is_overdue` is true from its event on until it is received again. `turns` is the number of frames in each period.
    """

    route: Route
    command: int
    name: str
    period: int
    last: int
    is_overdue: bool
    turns: int = 1

    @property
    def deadline(self) -> int:
        """The time from which on the command is overdue."""
        return self.last + compute_wait(self.period)


class _Watch:
    """The watch over one command.

    `due` is when to check the command again. `wait` is the wait when the period was learnt last, 0 if there was none,
    and `learnt` the last frame by then; both only say when to check again. `reported` is the time of the frame after
    which the command was reported as overdue. `fresh` are the time of the last frame and the period up to it.
    """

    __slots__ = ("counter", "due", "fresh", "learnt", "reported", "turns", "wait")

    def __init__(self, counter: CommandCounter) -> None:
        self.counter = counter
        self.restart()

    def restart(self) -> None:
        """Begin as if the command was never received."""
        self.due = self.wait = self.learnt = 0
        self.reported: int | None = None
        self.fresh: tuple[int | None, int | None] = (None, None)
        self.turns = 1


class PeriodMonitor:
    """The monitor of all commands of one session.

    `due` is the time, by the source's clock, at which a command may be overdue. `is_text_log` is to be set if the
    frames were printed by a text log.
    """

    def __init__(self, book: ExchangeBook) -> None:
        self.due = 0
        self.is_text_log = False
        self._book = book
        self._watches: list[_Watch] = []
        self._known = 0
        self._since = -1
        self._latest = 0

    def restart(self, time: int | None) -> None:
        """Forget all periods, and all frames up to this time: the source was lost, or its clock was set back."""
        self._since = self._latest if time is None else time
        self.due = 0
        for watch in self._watches:
            watch.restart()

    def advance_time(self, time: int) -> Sequence[Overdue]:
        """Return the events of the commands that are overdue at the time of the next frame.

        The call comes at `due`, and at least once in `CHECK_EVERY`.
        """
        if self._latest - time > CHECK_EVERY:
            self.restart(time - 1)
        self._latest = time
        if time < self.due and len(self._book.counters.all) == self._known:
            return ()
        if self.is_text_log or self._book.is_coarse:
            self.due = time + LOOK_EVERY
            return ()
        found = list[Overdue]()
        due = time + LOOK_EVERY
        for watch in self._list_watches():
            times = watch.counter.times
            if time >= watch.due or (watch.wait and (times[0] or 0) >= watch.learnt):
                if event := self._check(watch, time):
                    found.append(event)
            elif watch.wait:
                # Frames received since then put the deadline off. So most deadlines never come.
                watch.due = max(watch.due, (times[-1] or 0) + watch.wait)
            if watch.due < due:
                due = watch.due
        self.due = due
        return found

    def _check(self, watch: _Watch, time: int) -> Overdue | None:
        """Return the event of a command that is overdue, or None; set when to check again."""
        last = self._find_last(watch)
        if last is None or not self._learn(watch, last):
            watch.due = time + self._choose_pause(watch, last, time)
            return None
        if time < last + watch.wait:
            watch.due = last + watch.wait
            return None
        event = self._find_overdue(watch, last, time)
        if event is None and watch.reported != last:
            watch.wait = 0
        watch.due = time + (watch.wait or CHECK_EVERY)
        return event

    def _choose_pause(self, watch: _Watch, last: int | None, time: int) -> int:
        """Return the time after which a command without a period is checked again: the check must stay cheap."""
        times = watch.counter.times
        if last is None:
            return LOOK_EVERY
        if len(times) <= LEAST_INTERVALS:
            return min(LOOK_EVERY, max(CHECK_EVERY, (time - last) // 4))
        period = watch.fresh[1]
        return LOOK_EVERY if period and period < SHORTEST else max(CHECK_EVERY, last - (times[len(times) // 2] or 0))

    def check(self, time: int) -> list[Overdue]:
        """Return the events of the commands that are overdue at this time, while the line is silent."""
        if self.is_text_log or self._book.is_coarse:
            return []
        watches = ((watch, self._find_last(watch)) for watch in self._list_watches())
        events = (self._find_overdue(watch, last, time) for watch, last in watches if last is not None)
        return [event for event in events if event]

    def repeat_events(self, events: Iterable[Event]) -> None:
        """Apply events of a session that is applied again: a loss of the source, and what was found to be overdue."""
        for event in events:
            if isinstance(event, SourceLost):
                self.restart(event.time)
            elif isinstance(event, Overdue):
                self._mark(event)

    def snapshot(self) -> tuple[LearntPeriod, ...]:
        """Return all learnt periods. In a text log, a period may be learnt although pieces are missing."""
        return tuple(self._list_periods())

    def _list_periods(self) -> Iterator[LearntPeriod]:
        """Yield the learnt period of each command that has one now."""
        for watch in self._list_watches():
            message, last = watch.counter.message, self._find_last(watch)
            if message is None or last is None:
                continue
            if period := self._find_period(watch, last):
                is_overdue = watch.reported == last
                route, command = watch.counter.route, message.frame.command
                yield LearntPeriod(route, command, message.name, period, last, is_overdue, watch.turns)

    def _list_watches(self) -> Sequence[_Watch]:
        """Return the watches over all commands that do not end on purpose."""
        counters = self._book.counters.all
        if len(counters) != self._known:
            for counter in islice(counters, self._known, None):
                message = counter.message
                if message and not (message.command and message.command.role in ENDING_ROLES):
                    self._watches.append(_Watch(counter))
            self._known = len(counters)
        return self._watches

    def _find_last(self, watch: _Watch) -> int | None:
        """Return when a command was received last; None if that is not known, or was before the restart."""
        times = watch.counter.times
        last = times[-1] if times else None
        # A later time than frames can have by now is from before a step of the clock.
        return last if last is not None and self._since < last <= self._latest + CHECK_EVERY else None

    def _mark(self, event: Overdue) -> None:
        """Note that a command was reported as overdue."""
        for watch in self._list_watches():
            message = watch.counter.message
            if message and watch.counter.route is event.route and message.frame.command == event.command:
                watch.reported = self._find_last(watch)

    def _learn(self, watch: _Watch, last: int) -> bool:
        """Learn the period if it is not known or may have become shorter; return True if it is known now."""
        times = watch.counter.times
        oldest, intervals = times[0] or 0, len(times) - 1
        if watch.wait and oldest >= watch.learnt:
            # The mean interval is cheap, and says enough if all kept frames came after the period was learnt.
            is_shorter = compute_wait(last - oldest) * 10 * watch.turns < watch.wait * intervals * 9
            watch.wait, watch.learnt = 0 if is_shorter else watch.wait, last
        if intervals >= LEAST_INTERVALS and not watch.wait:
            period = self._find_period(watch, last)
            watch.wait = 0 if period is None or period < SHORTEST else compute_wait(period)
            # A mix of a slow and a fast period is learnt again as soon as half of the kept frames are new.
            watch.learnt = times[len(times) // 2] or 0
        return watch.wait > 0

    def _find_overdue(self, watch: _Watch, last: int, time: int) -> Overdue | None:
        """Return the event of a command that is overdue and was not reported since its last frame, or None."""
        if watch.reported == last or time < last + compute_wait(SHORTEST):
            return None
        period, message = self._find_period(watch, last), watch.counter.message
        if message is None or period is None or period < SHORTEST or time < last + compute_wait(period):
            return None
        watch.reported = last
        route, command = watch.counter.route, message.frame.command
        return Overdue(time, route, command, message.name, period, time - last - period)

    def _find_period(self, watch: _Watch, last: int) -> int | None:
        """Return the period by the frames that the counter keeps, or None."""
        if watch.fresh[0] != last:
            find = find_log_period if self.is_text_log else find_period
            intervals = [*self._list_intervals(watch)]
            watch.turns = find_turns(intervals)
            watch.fresh = last, find(sum_turns(intervals, watch.turns))
        return watch.fresh[1]

    def _list_intervals(self, watch: _Watch) -> Iterator[int]:
        """Yield the intervals since the restart, the last one first; those before a step of the clock are left out."""
        for later, earlier in pairwise(reversed(watch.counter.times)):
            if later is None or earlier is None or not self._since < earlier <= later:
                return
            yield later - earlier
