"""Monitor the health of the link, and report each change of the verdict.

In: frames that may change the verdict, noise, the passing of time, and what happens to the taps. Out: an event for each
change. While frames of both sides are received, or one side is the only one, frames cost nothing here: the counters of
the commands (`sniffer.core.charger.exchanges.command_stats`) show when each side sent last, and are looked at once a
second.

A verdict that follows from silence alone needs the passing of time (`sniffer.core.wire.items.Idle`), which a recording
keeps where it had an event. So a replay reports the same changes. A source without times reports none.
"""

from collections.abc import Iterable, Mapping

from sniffer.base.times import HOUR, SECOND
from sniffer.core.charger.byte_ledger import ByteLedgerCounter
from sniffer.core.charger.exchanges.command_stats import CommandCounter
from sniffer.core.charger.exchanges.exchange_book import ExchangeBook
from sniffer.core.charger.exchanges.periods import SHORTEST, PeriodMonitor, compute_wait
from sniffer.core.charger.health.link_health import (
    MISSED_AFTER,
    SILENT_AFTER,
    Health,
    LinkActivity,
    LinkHealth,
    LinkHealthChanged,
    LostTap,
    SideActivity,
    assess_link,
    is_silent,
)
from sniffer.core.charger.health.noise_meter import NoiseMeter
from sniffer.core.charger.tap_events import RateFound, SourceBack, SourceLost
from sniffer.core.wire.items import LineError
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM, PWRBOARD

CHECK_EVERY = SECOND
"""The time between two checks of a link that is alive, in nanoseconds."""

SETTLE = 2 * SECOND
"""The time for which one side must be the only one before it is reported: its first frame may get an answer yet.

In a text log, which prints few of the frames, it is `MISSED_AFTER`.
"""

SHORTEST_WAIT = compute_wait(SHORTEST)
"""The time in nanoseconds for which each side may be silent, whatever periods are learnt."""

NOISE_EVERY = SECOND // 10
"""The least time between two checks for noise, in nanoseconds: damage may come in thousands of pieces a second."""

LONGEST_PAUSE = 80 * SECOND
"""The longest pause in nanoseconds after which a side that has no period may be silent for longer than others."""

LONGEST_KEPT = HOUR
"""The longest time for which the periods in a text log are used before they are computed again, in nanoseconds."""

Events = tuple[LinkHealthChanged, ...]


class LinkMonitor:
    """The monitor of the link of one session.

    `due` is the time of the source at which `advance_time` has to be called next.
    """

    def __init__(self, book: ExchangeBook, periods: PeriodMonitor, ledger: ByteLedgerCounter) -> None:
        self.due = 0
        self._book = book
        self._periods = periods
        self._ledger = ledger
        self._reported: LinkHealth | None = None
        self._opened: int | None = None
        self._latest = self._began = self._waits_due = 0
        self._received: dict[Route, tuple[int | None, int | None]] = {}
        self._resumed: int | None = None
        self._returned: int | None = None
        self._noise = NoiseMeter()
        self._unfit: dict[int, str] = {}
        self._lost: dict[int, LostTap] = {}
        self._waits: dict[Route, int] = {}
        self._pauses: dict[Route, int] = {}
        self._noise_at = 0
        self._is_doubtful = False
        self._assessed = assess_link(self.snapshot(), None)

    def needs_frames(self, route: Route) -> bool:
        """Return True if each frame of this route has to be added: it may change the verdict.

        While one side is the only one, its own frames change nothing that the passing of time does not.
        """
        health = self._assessed.health
        return health is not Health.ALIVE and not (health is Health.ONE_SIDE and route is self._assessed.route)

    def add_frame(self, route: Route, time: int | None) -> Events:
        """Add a frame that is needed, before its command counts it."""
        self._noise.note_frame()
        first, _ = self._received.get(route, (time, None))
        if time is not None:
            self._resume(time, route)
        self._received[route] = first, time
        return self._assess(time)

    def add_noise(self, time: int | None, size: int) -> Events:
        """Add a piece of noise of `size` bytes."""
        self._noise.add(time, size)
        is_calm = self._assessed.health is Health.ALIVE and not self._is_doubtful
        if is_calm or time is None or 0 <= time - self._noise_at < NOISE_EVERY:
            return ()
        self._noise_at, self._is_doubtful = time, False
        return self._assess(time)

    def count_line_error(self, error: LineError) -> None:
        """Count a line error in the bytes that are added next, if it is a framing error."""
        self._noise.misframed += error is LineError.FRAMING

    def advance_time(self, time: int, route: Route | None) -> Events:
        """Return the change that this time shows, before a frame of this route, or no frame, is counted."""
        if self._latest - time > CHECK_EVERY:
            self._restart(time)
        self._latest = time
        self._began = self._began or time
        if time < self.due:
            return ()
        self.due = time + CHECK_EVERY
        self._is_doubtful = not self._are_both_recent(time)
        if self._assessed.health is Health.ALIVE and not self._is_doubtful:
            self._noise.note_frame()
            return ()
        if time >= self._waits_due:
            self._waits = self._find_waits()
            # A long log has to be read quickly: the longer it is, the less do its periods change.
            elapsed = time - self._began if self._periods.is_text_log else 0
            self._waits_due = time + min(elapsed // 16, LONGEST_KEPT)
        return () if route is None else self.add_frame(route, time)

    def check(self, time: int | None, *, is_settled: bool) -> Events:
        """Return the change that shows at this time while the line is silent.

        `is_settled`: the time is from a recording, which keeps only those that showed a change.
        """
        if time is None:
            return ()
        if self._opened is None:
            self._opened = time
        return self._find_change(time, assess_link(self.snapshot(), time), is_settled=is_settled)

    def apply_events(self, events: Iterable[object]) -> None:
        """Apply what happened to the taps, and, in a session that is applied again, the changes that were found."""
        for event in events:
            match event:
                case SourceLost():
                    self._lost.setdefault(event.tap, LostTap(event.tap, event.time, event.reason))
                case SourceBack():
                    self._end_absence(event)
                case RateFound(baud=None):
                    self._unfit[event.tap] = event.evidence
                case RateFound():
                    self._unfit.pop(event.tap, None)
                case LinkHealthChanged():
                    self._report(event.link)

    def end_loss(self, tap: int) -> None:
        """Note that a tap of which data was lost delivers again."""
        self._lost.pop(tap, None)

    def snapshot(self) -> LinkActivity:
        """Return the activity on the link so far."""
        return self._build_activity(self._list_sides(self._find_waits()))

    def _end_absence(self, event: SourceBack) -> None:
        """Note that a lost tap is back. If no other tap delivered meanwhile, the line is silent until bytes arrive."""
        lost = self._lost.pop(event.tap, None)
        self._resumed = event.time
        last = self._build_activity(self._list_sides(self._waits)).last
        if lost and (last is None or lost.time is None or last <= lost.time):
            self._returned = event.time

    def _build_activity(self, sides: tuple[SideActivity, ...]) -> LinkActivity:
        """Return the activity so far, with that of these sides."""
        times = [side.last for side in sides if side.last is not None]
        noise = self._noise
        if noise.last is not None:
            times.append(noise.last)
        return LinkActivity(
            sides,
            max(times, default=None),
            noise.first,
            noise.last,
            self._resumed,
            self._returned,
            noise.size,
            noise.misframed,
            "; ".join(self._unfit.values()),
            tuple(self._lost.values()),
            noise.recent,
            self._periods.is_text_log,
            self._ledger.lines,
        )

    def _resume(self, time: int, route: Route) -> None:
        """Count the silence of the sides from this time on if all were silent before.

        Each must have been received before that. The longest pause of this side, or of all, is kept: so a line with
        irregular traffic is not silent again and again.
        """
        sides = self._list_sides(self._waits)
        # A text log is never silent.
        is_all = not self._periods.is_text_log and is_silent(self._build_activity(sides), time)
        for side in sides:
            pause = time - max(time if side.last is None else side.last, self._resumed or 0)
            if (is_all or side.route is route) and SILENT_AFTER <= pause <= LONGEST_PAUSE:
                self._pauses[side.route] = max(pause, self._pauses.get(side.route, 0))
        if is_all and all((side.last or 0) >= (self._resumed or 0) for side in sides):
            self._resumed = time

    def _restart(self, time: int) -> None:
        """Count all silences from this time on: the clock of the source was set back."""
        self.due = self._noise_at = self._waits_due = self._began = 0
        self._resumed = self._returned = None
        self._received = dict.fromkeys(self._received, (time, time))
        self._noise.forget_times()

    def _are_both_recent(self, time: int) -> bool:
        """Return True if both boards were received so recently that no period can show them to be silent.

        No side of a text log is ever missed, so there it is enough that both were received.
        """
        if self._periods.is_text_log:
            received = self._book.counters.of_routes
            return COM_TO_PWR in received and PWR_TO_COM in received
        return self._is_recent(COM_TO_PWR, time) and self._is_recent(PWR_TO_COM, time)

    def _is_recent(self, route: Route, time: int) -> bool:
        """Return True if a frame of this route was received shortly before this time."""
        for counter in self._book.counters.of_routes.get(route, ()):
            times = counter.times
            if times and 0 <= time - (times[-1] or 0) < SHORTEST_WAIT:
                return True
        return False

    def _list_sides(self, waits: Mapping[Route, int]) -> tuple[SideActivity, ...]:
        """Return the sides of the link between the boards; if no frame of it was received, those of the other link.

        `waits` are the times for which each side may be silent, in nanoseconds.
        """
        counters = self._book.counters.of_routes
        routes = dict.fromkeys((*self._received, *counters))
        between_boards = [route for route in routes if route.link is PWRBOARD]
        sides = [self._find_side(route, counters.get(route, ()), waits) for route in between_boards or routes]
        return tuple(side for side in sides if side)

    def _find_side(
        self, route: Route, counters: Iterable[CommandCounter], waits: Mapping[Route, int]
    ) -> SideActivity | None:
        """Return the activity of one side by the counters of its commands; None if no frame of it was received yet."""
        known = self._received.get(route)
        latest = self._latest + CHECK_EVERY
        for counter in counters:
            last = counter.times[-1] if counter.times else None
            # A later time than frames can have by now is from before a step of the clock.
            if last is not None and last > latest:
                continue
            if known is None:
                known = counter.first, last
            elif known[1] is None or (last is not None and last > known[1]):
                known = known[0], last
        return SideActivity(route, *known, waits.get(route)) if known else None

    def _find_waits(self) -> dict[Route, int]:
        """Return the longest allowed silence of each side with a learnt period or an earlier pause."""
        waits: dict[Route, int] = {}
        for one in self._periods.snapshot():
            if one.period >= SHORTEST:
                wait = compute_wait(one.period)
                waits[one.route] = min(wait, waits.get(one.route, wait))
        return {route: pause * 3 // 2 for route, pause in self._pauses.items()} | waits

    def _assess(self, time: int | None) -> Events:
        """Assess the link after a record, and return the change."""
        self._assessed = assess_link(self._build_activity(self._list_sides(self._waits)), time)
        return () if time is None else self._find_change(time, self._assessed)

    def _find_change(self, time: int, health: LinkHealth, *, is_settled: bool = False) -> Events:
        """Return the event of a verdict other than the one reported last.

        Unless it `is_settled`, a verdict that the next frames may correct at once is not reported yet.
        """
        if self._reported and health.health is self._reported.health and health.route is self._reported.route:
            return ()
        if not is_settled and time < self._find_settled_time(health, time):
            return ()
        self._report(health)
        return (LinkHealthChanged(time, health),)

    def _report(self, health: LinkHealth) -> None:
        self._reported = self._assessed = health

    def _find_settled_time(self, health: LinkHealth, time: int) -> int:
        """Return when a verdict of this time is settled. Until then, the next frames may correct it at once."""
        since = time if health.since is None else health.since
        if health.health is Health.ONE_SIDE:
            return since + (MISSED_AFTER if self._periods.is_text_log else SETTLE)
        if health.health in (Health.NOISE_ONLY, Health.WRONG_RATE):
            return since + SETTLE
        return (self._opened or time) + SILENT_AFTER if health.health is Health.NOTHING_HEARD else time
