"""The session behind the screen: what was read, which of it is shown, and how far.

In: the session's records, as its sink, and what the keys want: pause, play, step, seek, filter. Out: a `Window`, a
`View` and a `Status`, as often as the screen looks (`look`). Showing less never changes what is read: a paused screen
and a replay show the session up to a record, and a filter chooses among those.

MERGED:
Frames a second over the last seconds. In: readings of a clock and of a counter. Out: a rate. It reads no clock.
"""

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence

from sniffer.base.sanitize import printable
from sniffer.core.charger.charger import Charger
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.protocol.definition import Definition
from sniffer.core.record import Record
from sniffer.core.wire.items import TapState
from sniffer.history.checkpoints import Checkpoints
from sniffer.history.record_store import RecordStore
from sniffer.history.session_timeline import SessionTimeline
from sniffer.session import Session, Sink
from sniffer.tui.state.filter_scan import ActiveFilter, FilterScan
from sniffer.tui.state.playback import Playback
from sniffer.tui.state.rows import AllRows, Rows, RowSelection, Window, make_window
from sniffer.tui.state.tail_preview import RECORDS, SavedSession, TailPreview
from sniffer.tui.state.view_state import EMPTY_SNAPSHOT, FilterProgress, SourceState, Status, View

SLICE = 0.004
"""For how many seconds at a time records are looked at, before keys and bytes have their turn."""


class SessionView:
    """One session, watched; `news` is called when something came. `saved` can show the end before all is read.

    `edited_notes` are the numbers of the records that the user noted something at here, and not in the file that is read.
    It is `complete` when its source has ended; `lost` says why it was lost, `warning` that it was cut off.
    """

    def __init__(
        self,
        session_for: Callable[[Sink], Session],
        definition: Definition,
        news: Callable[[], None],
        saved: SavedSession | None = None,
    ) -> None:
        self._news = news
        self._definition = definition
        self._saved = saved
        self._ahead: TailPreview | None = None
        self._wants_end = False
        self.store = RecordStore(definition)
        self.rows = Rows(self.store)
        self.timeline = SessionTimeline(definition)
        self.session = session_for(self)
        self.playback = None if self.session.source.is_live else Playback(self.store)
        self.edited_notes: set[int] = set()
        self.complete = False
        self.lost = ""
        self.warning = ""
        self._replay = Checkpoints(self.store, lambda: Charger(definition), self.session.charger)
        self._rate = FrameRate()
        self._everything = AllRows(self.rows)
        self._scan: FilterScan | None = None
        self.filter = ""
        self._paused_at: int | None = None
        self._seen = -1
        self._snapshot = EMPTY_SNAPSHOT
        self._now: int | None = None
        self._per_second: float | None = None

    def receive(self, records: Sequence[Record]) -> None:
        """Take what the session gives."""
        self.rows.receive(records)
        self.timeline.receive(records)
        if self.playback:
            self._replay.receive(records)
        self._news()

    @property
    def paused(self) -> bool:
        """Whether a live session's screen stands still."""
        return self._paused_at is not None

    @property
    def until(self) -> int:
        """The number of the last record that is shown."""
        if self.playback and self.playback.moment is not None:
            return self.playback.moment
        return len(self.store) if self._paused_at is None else self._paused_at

    @property
    def is_filtering(self) -> bool:
        """Whether a filter still has records to look at."""
        return self._scan is not None and not self._scan.is_done

    @property
    def filter_scan(self) -> FilterScan | None:
        """The filter's choice; None where none is on."""
        return self._scan

    @property
    def filter_progress(self) -> FilterProgress | None:
        """How far the filter is; None where none is on."""
        return FilterProgress(self.filter, self._scan.records, self._scan.share) if self._scan else None

    @property
    def is_previewing(self) -> bool:
        """Whether the end of a session that is still being read is shown, or was asked for."""
        return self._wants_end

    async def preview_end(self) -> None:
        """Show the end of a saved session that is still being read, until something else is asked for."""
        self._wants_end = True
        if self._saved is None or self.complete or self._ahead:
            return
        found = await self._saved.read_tail(RECORDS)
        if found and self._wants_end and not self.complete:
            self._ahead = TailPreview(*found, self._definition)

    def end_preview(self) -> None:
        """Show what was read, and not the end of what was not."""
        self._wants_end = False
        self._ahead = None

    def toggle_pause(self) -> None:
        """Let the screen of a live session stand still, or catch up at once."""
        if self._paused_at is None:
            self.current_state()
            self._paused_at = len(self.store)
        else:
            self._paused_at = None

    @property
    def notes(self) -> Mapping[int, str]:
        """What is noted at records, by their numbers."""
        return self.session.notes

    def set_note(self, number: int, text: str) -> None:
        """Keep a note at a record; an empty one takes it away."""
        self.edited_notes.add(number)
        self.session.set_note(number, text)

    def set_filter(self, text: str, wanted: ActiveFilter | None) -> None:
        """Show only what this filter lets through; None shows everything."""
        self.filter = text
        self._scan = FilterScan(self.rows, wanted) if wanted else None

    def continue_filter(self, seconds: float) -> None:
        """Go on filtering for about so long."""
        if self._scan and not self._scan.is_done:
            self._scan.work(seconds)

    def advance(self) -> None:
        """Time goes on: play what is due, and count."""
        now = time.monotonic()
        if self.playback:
            self.playback.advance(now, complete=self.complete)
        if self.session.source.is_live:
            self._rate.sample(now, self.store.frames)
        self.continue_filter(SLICE)

    def current_state(self, *, list_only: bool = False) -> tuple[Window, View, Status]:
        """The session as it is shown now; with `list_only`, the charger is the one that was looked at before."""
        until, source = self.until, self.session.source
        if self._paused_at is None:
            self._now, self._per_second = self._clock(until), self._frames_a_second()
            if until != self._seen and not list_only:
                self._seen, self._snapshot = until, self._known(until)
        choice: RowSelection = self._scan or self._everything
        view = View(
            until=until,
            snapshot=self._snapshot,
            now=self._now,
            began=self.store.began,
            zone=source.zone,
            rate=self._per_second,
            taps=source.taps,
        )
        if self._ahead and (self.complete or self._scan):
            self._ahead = None
        shown = self._ahead.window() if self._ahead else make_window(self.rows, choice, until)
        return shown, view, self._status(until)

    def _frames_a_second(self) -> float | None:
        """The rate of a live line."""
        return self._rate.per_second if self.session.source.is_live and not self.complete else None

    def _known(self, until: int) -> Snapshot:
        """The charger as it was known with this record."""
        return self.session.snapshot() if until >= len(self.store) else self._replay.at(until)

    def _clock(self, until: int) -> int | None:
        """The time on the source's clock when this record was the last."""
        if until >= len(self.store):
            return self.session.source.now()
        return self.store.time(until)

    def _status(self, until: int) -> Status:
        source = self.session.source
        total = len(self.store)
        return Status(
            name=source.name,
            rates=[tap.baud for tap in source.taps] or [source.baud],
            state=self._state(),
            records=until if self.playback else total,
            waiting=total - until,
            paused=self.paused,
            complete=self.complete,
            lost=self.lost or _away(source.taps),
            warning=_detached_warning(self.session.view_error) or self.warning,
            progress=self.playback.progress(complete=self.complete) if self.playback else None,
            filter_progress=self.filter_progress,
            recording=self.session.recorder.state if self.session.recorder else None,
            share=self._saved.progress if self._saved and not self.complete else None,
            is_previewing=self._ahead is not None,
        )

    def _state(self) -> SourceState:
        if self.lost:
            return SourceState.LOST
        if not self.session.source.is_live:
            return SourceState.REPLAY
        if self.complete:
            return SourceState.ENDED
        return SourceState.AWAY if _away(self.session.source.taps) else SourceState.LIVE


def _away(taps: Sequence[TapState]) -> str:
    """Which taps are away, and why, as far as they are waited for."""
    return "; ".join(f"{tap.name}: {tap.lost}" for tap in taps if tap.lost)


SPAN_SECONDS = 5.0
"""Over how long the rate is taken: long enough to be read, short enough to notice silence."""

STEP_SECONDS = 0.5
"""How often it changes at most."""


class FrameRate:
    """A rate that follows a counter."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int]] = deque()
        self.per_second: float | None = None

    def sample(self, now: float, count: int) -> None:
        """The counter stands at `count` at `now`, in seconds of a clock that never steps back."""
        if self._samples and now - self._samples[-1][0] < STEP_SECONDS:
            return
        self._samples.append((now, count))
        while len(self._samples) > 2 and now - self._samples[1][0] >= SPAN_SECONDS:
            self._samples.popleft()
        then, before = self._samples[0]
        self.per_second = (count - before) / (now - then) if now > then else None


def _detached_warning(error: Exception | None) -> str:
    """Return the warning of a view that failed and was detached; empty while it is attached."""
    if error is None:
        return ""
    reason = printable(f"{type(error).__name__}: {error}")
    return f"this screen failed and shows no new records ({reason}); reading and recording go on"
