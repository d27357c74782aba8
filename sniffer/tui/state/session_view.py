"""The session behind the screen: which of its records are read, which are shown, and how far.

In: the session's records, and the user's commands: pause, play, step, seek, filter. Out: a `Window`, a `View` and a
`Status` (`current_state`), as often as the screen is refreshed. The display never changes what is read: a paused screen
and a replay show the session up to a record, and a filter selects among those records.
"""

import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence

from sniffer.config.settings import TimeMode
from sniffer.core.charger.charger import Charger
from sniffer.core.charger.health.link_health import LinkHealth, assess_link
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.protocol.definition import Definition
from sniffer.core.record import Record
from sniffer.fleet.mqtt.delivery.publish_state import PublishState
from sniffer.history.checkpoints import Checkpoints
from sniffer.history.records.record_store import RecordStore
from sniffer.history.timeline.session_timeline import SessionTimeline
from sniffer.history.timeline.silences import SILENT
from sniffer.session import Session, Sink
from sniffer.tui.state.filter_scan import ActiveFilter, FilterScan
from sniffer.tui.state.frame_rate import FrameRate
from sniffer.tui.state.playback import Playback
from sniffer.tui.state.problems import (
    describe_detached_view,
    describe_left_records,
    describe_lost_taps,
    list_advice,
    offer_search,
)
from sniffer.tui.state.rows import AllRows, Rows, RowSelection, Window, make_window
from sniffer.tui.state.tail_preview import RECORDS, SavedSession, TailPreview
from sniffer.tui.state.view_state import EMPTY_SNAPSHOT, FilterProgress, SourceState, Status, View

SLICE = 0.004
"""Seconds of work on records after which keys and bytes are handled."""


class SessionView:
    """One session and the part of it that is shown. `notify` is called when records arrived.

    `saved` is set for a file whose end can be shown before the rest is read. `edited_notes` are the numbers of the
    records whose notes the user changed here. `complete` is set when the source has ended; `lost` is the reason if it
    was lost, and `warning` says if a saved session is cut off; both are empty otherwise.
    """

    def __init__(
        self,
        session_for: Callable[[Sink], Session],
        definition: Definition,
        notify: Callable[[], None],
        saved: SavedSession | None = None,
    ) -> None:
        self._notify = notify
        self._definition = definition
        self._saved = saved
        self._preview: TailPreview | None = None
        self._is_preview_requested = False
        self.store = RecordStore(definition)
        self.rows = Rows(self.store)
        self.timeline = SessionTimeline(definition)
        self.session = session_for(self)
        self.playback = None if self.session.source.is_live else Playback(self.store)
        self.edited_notes: set[int] = set()
        self.complete = False
        self.lost = ""
        self.warning = ""
        self._checkpoints = Checkpoints(self.store, lambda: Charger(definition), self.session.charger)
        self._meter = FrameRate()
        self._all_rows = AllRows(self.rows)
        self._scan: FilterScan | None = None
        self.filter = ""
        self.time_mode: TimeMode = "absolute"
        self._paused_at: int | None = None
        self._snapshot_until = -1
        self._snapshot = EMPTY_SNAPSHOT
        self._now: int | None = None
        self._per_second: float | None = None

    def receive(self, records: Sequence[Record]) -> None:
        """Store these records of the session, and report that records arrived."""
        self.rows.receive(records)
        self.timeline.receive(records)
        if self.playback:
            self._checkpoints.receive(records)
        self._notify()

    @property
    def paused(self) -> bool:
        """True while the screen of a live session is paused."""
        return self._paused_at is not None

    @property
    def until(self) -> int:
        """The number of the last record shown."""
        if self.playback and self.playback.moment is not None:
            return self.playback.moment
        return len(self.store) if self._paused_at is None else self._paused_at

    @property
    def is_filtering(self) -> bool:
        """True while the filter has records to examine."""
        return self._scan is not None and not self._scan.is_done

    @property
    def filter_scan(self) -> FilterScan | None:
        """The scan of the active filter; None if there is no filter."""
        return self._scan

    @property
    def filter_progress(self) -> FilterProgress | None:
        """The progress of the active filter; None if there is no filter."""
        return FilterProgress(self.filter, self._scan.match_count, self._scan.share) if self._scan else None

    @property
    def is_previewing(self) -> bool:
        """True if the end of a session that is still being read is shown, or requested."""
        return self._is_preview_requested

    async def preview_end(self) -> None:
        """Show the end of a saved session while the rest is being read, until `end_preview` is called."""
        self._is_preview_requested = True
        if self._saved is None or self.complete or self._preview:
            return
        found = await self._saved.read_tail(RECORDS)
        if found and self._is_preview_requested and not self.complete:
            self._preview = TailPreview(*found, self._definition)

    def end_preview(self) -> None:
        """Show the records that were read in place of the preview of the end."""
        self._is_preview_requested = False
        self._preview = None

    def toggle_pause(self) -> None:
        """Pause the screen of a live session, or catch up at once."""
        if self._paused_at is None:
            self.current_state()
            self._paused_at = len(self.store)
        else:
            self._paused_at = None

    @property
    def notes(self) -> Mapping[int, str]:
        """The notes by the numbers of their records."""
        return self.session.notes

    def set_note(self, number: int, text: str) -> None:
        """Set the note of a record; an empty text removes it."""
        self.edited_notes.add(number)
        self.session.set_note(number, text)

    def find_landmark(self, name: str, number: int, step: int) -> int | None:
        """Return the number of the next record with this landmark after record `number`, or before it if `step` is -1.

        Returns None if there is none. `name` is "gap", "note", or a landmark of the rows.
        """
        if name == "gap":
            return self.timeline.gaps.find(SILENT, number, step)
        if name == "note":
            noted = sorted(self.notes)
            place = bisect_right(noted, number) if step > 0 else bisect_left(noted, number) - 1
            return noted[place] if 0 <= place < len(noted) else None
        return self.rows.find_landmark(name, number, step)

    def set_filter(self, text: str, active_filter: ActiveFilter | None) -> None:
        """Show only the records that match this filter; None shows all of them. `text` is shown as its name."""
        self.filter = text
        self._scan = FilterScan(self.rows, active_filter) if active_filter else None

    def continue_filter(self, seconds: float) -> None:
        """Let the filter examine records for about this many seconds."""
        if self._scan and not self._scan.is_done:
            self._scan.run_for(seconds)

    def advance(self) -> None:
        """Play the records of a replay that are due, measure the frame rate, and continue the filter."""
        now = time.monotonic()
        if self.playback:
            self.playback.advance(now, complete=self.complete)
        if self.session.source.is_live:
            self._meter.sample(now, self.store.frames)
        self.continue_filter(SLICE)

    def current_state(self, *, list_only: bool = False) -> tuple[Window, View, Status]:
        """Return the state to show now; with `list_only`, the charger's state is that of the last full call.

        To compute the state of the charger takes time, and the list does not show it.
        """
        until, source = self.until, self.session.source
        if self._paused_at is None:
            self._now, self._per_second = self._time_at(until), self._frame_rate()
            if until != self._snapshot_until and not list_only:
                self._snapshot_until, self._snapshot = until, self._snapshot_at(until)
            if not source.is_live and until >= len(self.store) and self._snapshot.link.last is not None:
                # As in reports and `status`: that a file ends in silence makes nothing in it old.
                self._now = self._snapshot.link.last
        selection: RowSelection = self._scan or self._all_rows
        view = View(
            until=until,
            snapshot=self._snapshot,
            now=self._now,
            began=self.store.began,
            zone=source.zone,
            rate=self._per_second,
            taps=source.taps,
            health=self._assess_link(self._snapshot, self._now),
            time_mode=self.time_mode,
        )
        if self._preview and (self.complete or self._scan):
            self._preview = None
        shown = self._preview.window() if self._preview else make_window(self.rows, selection, until)
        return shown, view, self._build_status(until)

    def _frame_rate(self) -> float | None:
        """Return the frame rate of a live session, or None if the session is not live or has ended."""
        return self._meter.per_second if self.session.source.is_live and not self.complete else None

    def _snapshot_at(self, until: int) -> Snapshot:
        """Return the state of the charger at this record."""
        return self.session.snapshot() if until >= len(self.store) else self._checkpoints.at(until)

    def _time_at(self, until: int) -> int | None:
        """Return the time on the source's clock when this record was the last, in nanoseconds; None if unknown."""
        if until >= len(self.store):
            return self.session.source.now()
        return self.store.time(until)

    def _build_status(self, until: int) -> Status:
        source = self.session.source
        total = len(self.store)
        return Status(
            name=source.name,
            rates=[tap.baud for tap in source.taps] or [source.baud],
            state=self._get_state(),
            records=total,
            waiting=total - until,
            paused=self.paused,
            complete=self.complete,
            lost=self.lost or describe_lost_taps(source.taps),
            warning=(
                describe_detached_view(self.session.view_error)
                or describe_left_records(self.store)
                or self.warning
                or list_advice(source.taps)
                or offer_search(self._snapshot, source.baud)
            ),
            progress=self.playback.progress(complete=self.complete) if self.playback else None,
            filter_progress=self.filter_progress,
            recording=self.session.recorder.state if self.session.recorder else None,
            publishing=_find_publishing(self.session),
            share=self._saved.progress if self._saved and not self.complete else None,
            is_previewing=self._preview is not None,
            health=self._assess_link(
                self.session.snapshot() if self.paused else self._snapshot,
                source.now() if source.is_live else self._now,
            ),
        )

    def _assess_link(self, snapshot: Snapshot, now: int | None) -> LinkHealth:
        """Return the verdict on the link at this time; that at the last bytes of the snapshot if the session has ended.

        Within a file, where a replay stands, it is that of this moment.
        """
        is_live = self.session.source.is_live
        is_going_on = not self.complete if is_live else self.until < len(self.store)
        return assess_link(snapshot.link, now if is_going_on else snapshot.link.last)

    def _get_state(self) -> SourceState:
        """Return the state of the source, for the header."""
        if self.lost:
            return SourceState.LOST
        if self.playback:
            return SourceState.REPLAY if self.playback.is_replaying else SourceState.FILE
        if self.complete:
            return SourceState.ENDED
        return SourceState.AWAY if describe_lost_taps(self.session.source.taps) else SourceState.LIVE


def _find_publishing(session: Session) -> PublishState | None:
    """Return the state of the observer that publishes the session; None if none does."""
    states = (getattr(observer, "state", None) for observer in session.observers)
    return next((state for state in states if isinstance(state, PublishState)), None)
