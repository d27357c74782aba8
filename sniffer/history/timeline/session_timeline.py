"""Follow the statuses, faults, gaps and other events of a session over time. No I/O, no clock.

In: records; the timeline is a sink of the session. Out: entries on the session's axis, which hold events and not words:
the caller that draws them makes the text. The axis is the time of the source, from the first known time on. A record
without a time gets the moment of the record before it, and so does a record after the clock was set back, because
moments never go back. If the source has no times at all, the axis is the record number.

What is a gap, `sniffer.history.timeline.silences` decides.

Memory is bounded: there is one track for each kind of mark and for each of `LANES` connectors
(`sniffer.history.timeline.tracks`), and one series (`sniffer.history.timeline.buckets`). With `until`, every result
leaves out what later records brought.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import chain
from typing import Any, Literal, TypeVar

from sniffer.base.times import MILLISECOND
from sniffer.core.charger import events
from sniffer.core.charger.measurements.measurement import (
    MEASURING_ROLES,
    MeasurementReader,
    Owner,
    has_varying_quantities,
)
from sniffer.core.charger.recent_events import FAULT_EVENTS
from sniffer.core.protocol.conversions import RawValues
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.frame import Noise, Reason
from sniffer.history.timeline.buckets import Bucket, Series
from sniffer.history.timeline.measured_ranges import SERIES_KEPT, SeriesKey, ValueRange
from sniffer.history.timeline.silences import SilenceTracker
from sniffer.history.timeline.tracks import Track, TrackEntry

ConnectorKey = TypeVar("ConnectorKey", int, int | None)
Value = TypeVar("Value")

MarkKind = type[events.Event] | Literal["noise"]
"""The kind of a mark: a class of events, or noise."""

MARKED: tuple[type[events.Event], ...] = (
    events.FaultRaised,
    events.FaultChanged,
    events.FaultCleared,
    events.Booted,
    events.RegistrationChanged,
    events.Restarted,
    events.BootLoop,
    events.BootLoopEnded,
    events.Contradicted,
    events.Warned,
    events.Disagreed,
    events.ImplausibleMeasurement,
    events.CardReaderFault,
    events.CardReaderFaultEnded,
    events.Overdue,
    events.OcppFailed,
    events.ClockOffset,
    events.SourceLost,
    events.SourceBack,
)
"""The events that are marks. A status change is a mark only if OCPP does not allow it."""

KINDS: tuple[MarkKind, ...] = (*MARKED, events.StatusChanged, "noise")

MarkValue = events.Event | Reason
"""The value of a mark: the event, or the reason why bytes are noise. A fault has neither its evidence nor its
circumstances, as the axis shows that anyway.
"""

Meanings = tuple[str, ...]
"""The meanings of the codes of a fault; empty if no row of the error table has them."""

_ValuePlace = tuple[SeriesKey, int, Any]
"""The series of a raw value, its position and its conversion."""

LANES = 16
"""The number of connectors that are followed: more than a screen has rows for."""


class SessionTimeline:
    """The timeline of one session.

    `count` is the number of the last record, `latest` its moment. `statuses` are the statuses by connector. `faults`
    are the meanings of the active faults by connector, with None as the value while there is no fault; a fault that
    only log lines reported has the connector None until a report names one. `left_out` are the connectors beyond
    `LANES`. `definition` names the commands in the events.
    """

    latest: int
    series: Series
    _bucket: Bucket
    _due: int

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.is_timed = False
        self.count = 0
        self.statuses: dict[int, Track[str]] = {}
        self.faults: dict[int | None, Track[Meanings | None]] = {}
        self._silences = SilenceTracker()
        self.gaps = self._silences.gaps
        self.marks: dict[MarkKind, Track[MarkValue]] = {kind: Track() for kind in KINDS}
        self.left_out: set[int] = set()
        self._reader = MeasurementReader()
        self._reported: dict[Owner, tuple[Bucket, RawValues]] = {}
        self._voltages: dict[Owner, Sequence[_ValuePlace]] = {}
        self._series: dict[SeriesKey, bool] = {}
        """The series, and for each whether it ever had another value than 0."""
        self._begin(Series(origin=1, width=1, number=1))

    @property
    def began(self) -> int:
        """The first moment of the axis."""
        return self.series.grid.origin

    @property
    def present(self) -> Set[SeriesKey]:
        """The series of measured values that ever had another value than 0."""
        self._note_present(self._bucket)
        return {key for key, is_present in self._series.items() if is_present}

    def receive(self, records: Sequence[Record]) -> None:
        """Take the next records of the session."""
        # A saturated line is thousands of frames a second, and most show nothing: they pass without further calls.
        latest, due, bucket, is_timed = self.latest, self._due, self._bucket, self.is_timed
        for record in records:
            item, before = record.item, latest
            if type(item) is Message:
                time = item.frame.time
            elif type(item) is TextMessage:
                time = item.line.time
            else:
                time = record.time
            if time is None:
                time = latest if is_timed else record.number
            elif not is_timed:
                latest = self._begin_time_axis(time)
                due, bucket, is_timed = self._due, self._bucket, True
            if time >= due:
                self._advance(latest, time, record)
                latest, due, bucket = time, self._due, self._bucket
            elif time > latest:
                latest = time
            if type(item) is Message:
                bucket.frames += 1
                command = item.command
                if command is not None and command.role is not None and command.role in MEASURING_ROLES:
                    self._add_measured(item, command, record.number)
            elif isinstance(item, Noise):
                bucket.noise += len(item.raw)
                self._add_mark("noise", TrackEntry(latest, record.number, item.reason))
            elif isinstance(item, TextMessage) and item.meaning and item.meaning.role in MEASURING_ROLES:
                self._add_measured(item, item.meaning, record.number)
            if record.events:
                for event in record.events:
                    self._add_event(event, latest, record.number)
                self._add_silence(record, before, latest)
                due = self._due
        if records:
            self.latest, self.count = latest, record.number

    def number_at(self, moment: int, until: int | None = None) -> int:
        """Return the number of the record nearest to a moment, but not above `until`."""
        number = self.series.number_at(moment, self.latest, self.count)
        return number if until is None else min(number, until)

    def moment_of(self, number: int) -> int:
        """Return the moment of a record, as exact as the bucket that holds it."""
        return self.series.moment_of(number, self.latest, self.count)

    def slice_columns(self, edges: Sequence[int], until: int | None = None) -> list[Sequence[Bucket]]:
        """Return the buckets between each two of `edges` that were full at `until`. Buckets must begin at the edges."""
        return self.series.slice_columns(edges, until, self.count)

    def _begin(self, series: Series) -> None:
        """Begin the axis with a new series."""
        self.series = series
        self.latest = series.grid.origin
        self._bucket = series.newest
        self._due = series.closes

    def _advance(self, before: int, moment: int, record: Record) -> None:
        """Open the next bucket if the newest one has ended, and end a gap if the record has an item."""
        if record.item is not None and self._silences.is_waiting:
            self._silences.end(moment, record.number, self.series.grid)
        if moment >= self.series.closes:
            self._note_present(self._bucket)
            self._bucket = self.series.open_bucket(moment, record.number, before)
        self._due = moment if self._silences.is_waiting else self.series.closes

    def _add_silence(self, record: Record, before: int, moment: int) -> None:
        """Begin a gap if the events of a record show one; `before` is the moment of the record before it."""
        if not self.is_timed:
            return
        self._silences.add_events(record.events, before, moment, record.number, self.series.grid)
        if self._silences.is_waiting:
            if record.item is None:
                self._due = moment
            else:
                self._silences.end(moment, record.number, self.series.grid)

    def _begin_time_axis(self, time: int) -> int:
        """Begin an axis of time, put everything that came before at its beginning, and return that moment: `time`."""
        before = self.series.full_buckets(None, self.count)
        self.is_timed = True
        self._begin(Series(time, MILLISECOND, number=1))
        for bucket in before:
            self._bucket.merge(bucket)
        tracks: Iterable[Track[Any]] = chain(self.statuses.values(), self.faults.values(), self.marks.values())
        for track in tracks:
            track.move_all(time)
        return time

    def _add_measured(self, item: Message | TextMessage, owner: Owner, number: int) -> None:
        """Add the measured values of an item.

        A report that equals the one before in the same bucket adds nothing, but for the mean of the phase voltages.
        """
        bucket, raws = self._bucket, item.values
        if owner.role == "voltages" and not has_varying_quantities(owner):
            places = self._voltages.get(owner) or self._find_places(owner)
            ranges: Mapping[SeriesKey, ValueRange] = bucket.ranges
            for key, position, conversion in places:
                if position < len(raws) and (raw := raws[position]) is not None:
                    value: Any = conversion.value(raw)
                    if known := ranges.get(key):
                        known.add(value, number)
                    else:
                        self._add_value(bucket, key, value, number)
            return
        before = self._reported.get(owner)
        if before is not None and before[0] is bucket and before[1] == raws:
            return
        self._reported[owner] = bucket, raws
        if reading := self._reader.read(item):
            for name, value in reading.values.items():
                self._add_value(bucket, (reading.connector, name), value, number)

    def _add_value(self, bucket: Bucket, key: SeriesKey, value: Any, number: int) -> None:
        """Add a number to its series, if the series is kept."""
        known = bucket.ranges.get(key)
        if known is not None:
            known.add(value, number)
        elif key in self._series or len(self._series) < SERIES_KEPT:
            self._series.setdefault(key, False)
            bucket.ranges[key] = ValueRange(value, number)

    def _find_places(self, owner: Owner) -> Sequence[_ValuePlace]:
        """Return the places of the phase voltages in the raw values of an owner."""
        plan = self._reader.plan_of(owner, ())
        quantities = plan.quantities if plan else ()
        places = self._voltages[owner] = [
            ((None, name), position, conversion) for name, position, conversion in quantities
        ]
        return places

    def _note_present(self, bucket: Bucket) -> None:
        """Note the series of a bucket that have another value than 0."""
        for key, measured in bucket.ranges.items():
            if measured.low or measured.high:
                self._series[key] = True

    def _add_event(self, event: events.Event, moment: int, number: int) -> None:
        """Add an event to the statuses, the faults and the marks, as far as it belongs there."""
        if isinstance(event, events.StatusChanged):
            self._add_state(self.statuses, event.connector, TrackEntry(moment, number, event.after))
        elif isinstance(event, FAULT_EVENTS):
            fault = event.fault
            meanings = None if isinstance(event, events.FaultCleared) else fault.diagnosis.meanings
            self._add_fault(fault.connector, TrackEntry(moment, number, meanings))
            event = type(event)(event.time, _summarize(fault))
        if isinstance(event, MARKED) or (isinstance(event, events.StatusChanged) and event.legal is False):
            self._add_mark(type(event), TrackEntry(moment, number, event))

    def _add_fault(self, connector: int | None, entry: TrackEntry[Meanings | None]) -> None:
        """Add the fault of a connector, or its end. A fault of no connector ends when a connector is named."""
        unnamed = self.faults.get(None)
        if connector is not None and unnamed and unnamed.latest_value is not None:
            self._add(unnamed, entry._replace(value=None))
        if entry.value is not None or connector in self.faults:
            self._add_state(self.faults, connector, entry)

    def _add_state(
        self, tracks: dict[ConnectorKey, Track[Value]], connector: ConnectorKey, entry: TrackEntry[Value]
    ) -> None:
        """Add an entry to the track of a connector. A connector beyond `LANES` is added to `left_out` instead."""
        if connector in tracks or len(tracks) < LANES:
            self._add(tracks.setdefault(connector, Track()), entry)
        elif connector is not None:
            self.left_out.add(connector)

    def _add_mark(self, kind: MarkKind, entry: TrackEntry[MarkValue]) -> None:
        self._add(self.marks[kind], entry)

    def _add(self, track: Track[Value], entry: TrackEntry[Value]) -> None:
        track.add(entry, self.series.grid)


def _summarize(fault: events.Fault) -> events.Fault:
    """Return the part of the fault that a line about it needs. The rest would take most of the memory."""
    return events.Fault(
        connector=fault.connector,
        codes=fault.codes,
        diagnosis=fault.diagnosis,
        since=fault.since,
        last=fault.last,
        cleared=fault.cleared,
        earlier=fault.earlier,
    )
