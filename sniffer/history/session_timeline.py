"""The timeline: records in, and what each moment of the session was like out. No I/O, no clock.

It is a sink of the session. Its axis is the source's time from the first one that is known; a record without a time is
at the moment of the record before it, and so is one from a clock that was set back, as moments never step back. Where
the source has no times at all, the axis is the record's number.

A gap is a span in which a source with times said nothing for longer than `GAP`, and for longer than `GAP_FACTOR` times
the mean distance between the records before it, gaps left out: a log with a line a minute has no gap after each. What
is typical is not known before `TYPICAL_FROM` records, so no gap is data among those.

Memory is bounded: a track for each kind of mark and for each of `LANES` connectors (`sniffer.history.tracks`), and
one series (`sniffer.history.buckets`). What a record up to `until` did not show is not data: see there.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, Literal, TypeVar

from sniffer.base.times import MILLISECOND
from sniffer.core.charger.events import (
    Booted,
    BootLoop,
    BootLoopEnded,
    Contradicted,
    Disagreed,
    Event,
    Fault,
    FaultChanged,
    FaultCleared,
    FaultRaised,
    SourceBack,
    SourceLost,
    StatusChanged,
)
from sniffer.core.charger.snapshot import phase_voltages
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise, Reason
from sniffer.history.buckets import Bucket, Series
from sniffer.history.tracks import Track, TrackEntry

Connector = TypeVar("Connector", int, int | None)
Value = TypeVar("Value")

Kind = type[Event] | Literal["noise"]
"""What a mark tells: an event, or noise."""

MARKED: tuple[type[Event], ...] = (
    FaultRaised,
    FaultChanged,
    FaultCleared,
    Booted,
    BootLoop,
    BootLoopEnded,
    Contradicted,
    Disagreed,
    SourceLost,
    SourceBack,
)
"""The events that are marks. A status change is one only where OCPP does not allow it."""

KINDS: tuple[Kind, ...] = (*MARKED, StatusChanged, "noise")

MarkValue = Event | Reason
"""What a mark holds: the event, or why bytes are noise."""

LANES = 16
"""How many connectors are followed: more than a screen has rows for."""

GAP = 5_000_000_000
"""Silence that is no gap, in nanoseconds."""

GAP_FACTOR = 20
TYPICAL_FROM = 10

SILENT = "silent"
"""The state of the gaps' track in a gap; it is empty elsewhere, as is a connector's in the track of its faults."""


class SessionTimeline:
    """One session.

    `count` is the number of the last record, `latest` its moment. `statuses` are states by connector, `faults` what the
    fault of each means; one that only log lines data of has connector None until a report names one. `left_out` are the
    connectors that were heard of beyond `LANES`.
    """

    latest: int
    series: Series
    _bucket: Bucket
    _due: int

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._silent = 0
        self.is_timed = False
        self.count = 0
        self.statuses: dict[int, Track[str]] = {}
        self.faults: dict[int | None, Track[Fault | None]] = {}
        self.gaps: Track[str] = Track()
        self.marks: dict[Kind, Track[MarkValue]] = {kind: Track() for kind in KINDS}
        self.left_out: set[int] = set()
        self._begin(Series(origin=1, width=1, number=1))

    @property
    def began(self) -> int:
        """The first moment of the axis."""
        return self.series.grid.origin

    @property
    def gap_after(self) -> int | None:
        """How long a silence that begins now has to last to be a gap; None where that is not known."""
        return self._gap_after(self.latest, self.count)

    def receive(self, records: Sequence[Record]) -> None:
        """Take what the session gives."""
        # A saturated line is thousands of frames a second, and most show nothing: they pass without further calls.
        latest, due, bucket, is_timed = self.latest, self._due, self._bucket, self.is_timed
        for record in records:
            item = record.item
            time = item.frame.time if type(item) is Message else record.time
            if time is None:
                time = latest if is_timed else record.number
            elif not is_timed:
                latest = self._begin_time_axis(time)
                due, bucket, is_timed = self._due, self._bucket, True
            if time >= due:
                self._advance(latest, time, record.number)
                latest, due, bucket = time, self._due, self._bucket
            elif time > latest:
                latest = time
            if type(item) is Message:
                bucket.frames += 1
                command = item.command
                if command is not None and command.role is not None and command.role == "voltages":
                    self._add_voltages(item)
            elif isinstance(item, Noise):
                bucket.noise += len(item.raw)
                self._add_mark("noise", TrackEntry(latest, record.number, item.reason))
            if record.events:
                for event in record.events:
                    self._add_event(event, latest, record.number)
        if records:
            self.latest, self.count = latest, record.number

    def number_at(self, moment: int, until: int | None = None) -> int:
        """The number of the record nearest to a moment, up to `until`."""
        number = self.series.number_at(moment, self.latest, self.count)
        return number if until is None else min(number, until)

    def moment_of(self, number: int) -> int:
        """The moment of a record, as exact as the bucket that it is in."""
        return self.series.moment_of(number, self.latest, self.count)

    def slice_columns(self, edges: Sequence[int], until: int | None = None) -> list[Sequence[Bucket]]:
        """The buckets between each two of `edges`, which stand where buckets begin; those that were full at `until`."""
        return self.series.slice_columns(edges, until, self.count)

    def _begin(self, series: Series) -> None:
        """Begin the axis."""
        self.series = series
        self.latest = series.grid.origin
        self._bucket = series.newest
        self._due = series.closes

    def _advance(self, before: int, moment: int, number: int) -> None:
        """The newest bucket is over, or there was a gap since the record at `before`."""
        gap_after = self._gap_after(before, number - 1)
        if gap_after is not None and moment - before > gap_after:
            self._add(self.gaps, TrackEntry(before, number, SILENT))
            self._add(self.gaps, TrackEntry(moment, number, ""))
            self._silent += moment - before
        if moment >= self.series.closes:
            self._bucket = self.series.open_bucket(moment, number, before)
        self._due = min(self.series.closes, moment + GAP)

    def _gap_after(self, latest: int, count: int) -> int | None:
        if not self.is_timed or count < TYPICAL_FROM:
            return None
        return max(GAP, GAP_FACTOR * (latest - self.began - self._silent) // (count - 1))

    def _begin_time_axis(self, time: int) -> int:
        """The axis is time from here on; what came before is at its beginning."""
        before = self.series.full_buckets(None, self.count)
        self.is_timed = True
        self._begin(Series(time, MILLISECOND, number=1))
        for bucket in before:
            self._bucket.merge(bucket)
        tracks: Iterable[Track[Any]] = chain(self.statuses.values(), self.faults.values(), self.marks.values())
        for track in tracks:
            track.move_all(time)
        return time

    def _add_voltages(self, message: Message) -> None:
        if voltages := phase_voltages(message):
            self._bucket.add_voltages(voltages)

    def _add_event(self, event: Event, moment: int, number: int) -> None:
        if isinstance(event, StatusChanged):
            self._add_state(self.statuses, event.connector, TrackEntry(moment, number, event.after))
        elif isinstance(event, FaultRaised | FaultChanged | FaultCleared):
            fault = None if isinstance(event, FaultCleared) else event.fault
            self._add_fault(event.fault.connector, TrackEntry(moment, number, fault))
        if isinstance(event, MARKED) or (isinstance(event, StatusChanged) and not event.legal):
            self._add_mark(type(event), TrackEntry(moment, number, event))

    def _add_fault(self, connector: int | None, entry: TrackEntry[Fault | None]) -> None:
        """A connector has a fault or none. A fault whose connector nobody named yet is this one's."""
        unnamed = self.faults.get(None)
        if connector is not None and unnamed and unnamed.latest_value:
            self._add(unnamed, entry._replace(value=None))
        if entry.value or connector in self.faults:
            self._add_state(self.faults, connector, entry)

    def _add_state(self, tracks: dict[Connector, Track[Value]], connector: Connector, entry: TrackEntry[Value]) -> None:
        if connector in tracks or len(tracks) < LANES:
            self._add(tracks.setdefault(connector, Track()), entry)
        elif connector is not None:
            self.left_out.add(connector)

    def _add_mark(self, kind: Kind, entry: TrackEntry[MarkValue]) -> None:
        self._add(self.marks[kind], entry)

    def _add(self, track: Track[Value], entry: TrackEntry[Value]) -> None:
        track.add(entry, self.series.grid)
