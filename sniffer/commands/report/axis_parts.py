"""The parts of a report that stand on its axis: lanes, marks, gaps and the columns of its charts.

In: the timeline of the session, the definition, and the losses of the source. Out: values of
`sniffer.commands.report.model`, made once, after the last record.
"""

from collections.abc import Callable, Container, Iterator, Sequence
from itertools import pairwise, zip_longest

from msgspec.structs import replace

from sniffer.commands.report.measured import MeasuredColumns
from sniffer.commands.report.model import ChartColumn, Lane, Loss, QuietSpan, Span, TimelineMark
from sniffer.core.charger.events import (
    EVENT_NAMES,
    Contradicted,
    Disagreed,
    Event,
    Overdue,
    StatusChanged,
    Warned,
)
from sniffer.core.charger.measurements.measurement import ImplausibleMeasurement
from sniffer.core.charger.ocpp.events import ClockOffset, OcppFailed
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.protocol.definition import Definition
from sniffer.core.wire.frame import Reason
from sniffer.history.timeline.session_timeline import Meanings, SessionTimeline
from sniffer.history.timeline.silences import SILENT
from sniffer.history.timeline.tracks import Track, TrackEntry, Value
from sniffer.text.describe import format_meanings
from sniffer.text.event_text import describe_event

MOST_COLUMNS = 256
"""The largest number of equal parts into which the axis is divided for its charts."""

MARKED_EVENTS: tuple[type[Event], ...] = (
    StatusChanged,
    Contradicted,
    Warned,
    Disagreed,
    ImplausibleMeasurement,
    Overdue,
    OcppFailed,
    ClockOffset,
)
"""The events that get a mark, beside faults and boots. A status change gets one if OCPP does not allow it."""


class AxisParts:
    """The parts on the axis of one session. `measured` are its measured values."""

    def __init__(self, timeline: SessionTimeline, definition: Definition) -> None:
        self._timeline = timeline
        self._definition = definition
        whole = timeline.began, timeline.latest + timeline.series.grid.width
        self.measured = MeasuredColumns([*timeline.slice_columns(whole)[0]], timeline.present)

    def build_lanes(self, snapshot: Snapshot) -> Iterator[Lane]:
        """Yield the lane of each connector that reported a status, by number."""
        illegal = {entry.number for entry in self._list_entries(self._timeline.marks[StatusChanged])}
        connectors = {connector.number: connector for connector in snapshot.connectors}
        for connector, track in sorted(self._timeline.statuses.items()):
            spans = tuple(self._judge_spans([*self._build_spans(track, str, illegal)]))
            now = connectors.get(connector)
            yield Lane(connector, spans, now.reports if now else 0, reports_faults=bool(now and now.reports_faults))

    def build_fault_lanes(self) -> Iterator[Lane]:
        """Yield the lane of faults of each connector that had one, in the order of their first faults."""
        for connector, track in self._timeline.faults.items():
            yield Lane(connector, tuple(self._build_spans(track, _format_fault)), 0)

    def build_marks(self, kind: type[Event]) -> tuple[TimelineMark, ...]:
        """Return the marks of this kind of event with their texts."""
        return tuple(
            TimelineMark(entry.moment, entry.number, describe_event(entry.value, self._definition))
            for entry in self._list_entries(self._timeline.marks[kind])
            if not isinstance(entry.value, Reason)
        )

    def list_marks(self) -> dict[str, tuple[TimelineMark, ...]]:
        """Return the marks beside those of faults and starts, by the name of their event; none without marks."""
        return {EVENT_NAMES[kind]: marks for kind in MARKED_EVENTS if (marks := self.build_marks(kind))}

    def build_gaps(self, losses: Sequence[Loss]) -> Iterator[QuietSpan]:
        """Yield the gaps, the last of which may not have ended.

        A loss of the source is no gap: what was sent meanwhile could not be read.
        """
        lost = [loss.begins for loss in losses if loss.begins is not None]
        entries = self._list_entries(self._timeline.gaps)
        last = TrackEntry(self._timeline.latest, self._timeline.count, "")
        for before, after in pairwise((*entries, last)):
            is_lost = any(before.moment <= begins <= after.moment for begins in lost)
            if before.value == SILENT and not is_lost:
                yield QuietSpan(before.moment, after.moment, after.number)

    def build_columns(self) -> Iterator[ChartColumn]:
        """Yield the columns of the charts: equal parts of the axis, each a whole number of the timeline's buckets."""
        timeline, measured = self._timeline, self.measured
        grid, ended = timeline.series.grid, timeline.latest
        width = -(-(grid.bucket(ended) + 1) // MOST_COLUMNS) * grid.width
        edges = [*range(grid.origin, ended + 1, width), ended + width]
        for begins, buckets in zip(edges, timeline.slice_columns(edges), strict=False):
            frames, noise = sum(bucket.frames for bucket in buckets), sum(bucket.noise for bucket in buckets)
            voltages, values = measured.voltages_of(buckets), measured.measured(buckets)
            yield ChartColumn(begins, min(begins + width, ended), frames, noise, voltages, values)

    def _judge_spans(self, spans: Sequence[Span]) -> Iterator[Span]:
        """Yield the spans; a move from or to a status without a name is neither legal nor illegal."""
        names = (None, *self._list_state_names())
        for before, span in zip((None, *spans), spans, strict=False):
            is_named = span.state in names and (before is None or before.state in names)
            move = self._definition.name_of_move(before.state if before else None, span.state)
            yield replace(span, is_legal=span.is_legal if is_named else None, move=move)

    def _list_state_names(self) -> Iterator[str]:
        """Yield the names of the states whose moves are known: of OCPP, or those of the board of another maker."""
        machines = self._definition.list_machines()
        for states in machines or (self._definition.statuses,):
            if states.moves or not machines:
                yield from states.names.values()

    def _build_spans(
        self, track: Track[Value], format_value: Callable[[Value], str], illegal: Container[int] = ()
    ) -> Iterator[Span]:
        """Yield spans that cover the whole axis. A new span begins at each entry of the track.

        `format_value` returns the state of an entry, empty for none. `illegal` are the records with a move that OCPP
        does not allow.
        """
        entries, began, ended = self._list_entries(track), self._timeline.began, self._timeline.latest
        if entries[0].moment > began:
            yield Span(None, began, entries[0].moment, 1)
        for entry, after in zip_longest(entries, entries[1:]):
            ends = after.moment if after else ended
            yield Span(format_value(entry.value) or None, entry.moment, ends, entry.number, entry.number not in illegal)

    def _list_entries(self, track: Track[Value]) -> Sequence[TrackEntry[Value]]:
        """Return all entries of a track."""
        return track.between(self._timeline.began, self._timeline.latest + 1)


def _format_fault(meanings: Meanings | None) -> str:
    """Return the meanings of a fault, or an empty text if there is no fault."""
    return "" if meanings is None else format_meanings(meanings)
