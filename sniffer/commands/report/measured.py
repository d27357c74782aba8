"""The measured values of a report: each series over the whole session, and over each column of its charts.

In: the buckets of the session's timeline. Out: the series that are there, and their spans.
"""

from collections.abc import Collection, Iterable, Sequence

from sniffer.commands.report.model import MeasuredSeries, MeasuredSpan, VoltageSpan
from sniffer.core.charger.measurements.measurement import QUANTITIES
from sniffer.core.protocol.phases import PHASES
from sniffer.history.timeline.buckets import Bucket
from sniffer.history.timeline.measured_ranges import (
    SeriesKey,
    SeriesRanges,
    ValueRange,
    find_connectors,
    fold_connectors,
    merge_ranges,
    select_series,
)

NO_VOLTAGE = VoltageSpan(0.0, 0.0, 0.0)


class MeasuredColumns:
    """The measured values of a session, from all of its buckets, and those of any of its columns."""

    def __init__(self, buckets: Sequence[Bucket], present: Collection[SeriesKey]) -> None:
        merged = _merge(buckets)
        self._connectors = find_connectors(merged)
        self._series = select_series(merged, present)
        self._phases = {phase for _, name in merged for phase in PHASES if name == f"{phase}_voltage"}
        self.voltages = _find_voltages(merged, self._phases)

    @property
    def series(self) -> tuple[MeasuredSeries, ...]:
        """The series that are there, over the whole session."""
        return tuple(
            MeasuredSeries(connector, name, QUANTITIES[name], _build_span(measured))
            for (connector, name), measured in self._series.items()
        )

    def measured(self, column: Sequence[Bucket]) -> tuple[MeasuredSpan | None, ...]:
        """Return the spans of all series in a column; None for a series without a value."""
        ranges = fold_connectors(_merge(column), self._connectors)
        return tuple(_build_span(ranges[key]) if key in ranges else None for key in self._series)

    def voltages_of(self, column: Sequence[Bucket]) -> tuple[VoltageSpan, ...]:
        """Return the voltages of the phases in a column; empty if a phase that the session has is missing."""
        return _find_voltages(_merge(column), self._phases)


def _merge(buckets: Iterable[Bucket]) -> SeriesRanges:
    return merge_ranges(bucket.ranges for bucket in buckets if bucket.ranges)


def _build_span(measured: ValueRange) -> MeasuredSpan:
    return MeasuredSpan(measured.first, measured.last, measured.low, measured.mean, measured.high)


def _find_voltages(ranges: SeriesRanges, phases: Collection[str]) -> tuple[VoltageSpan, ...]:
    """Return the voltages of the three phases over all connectors; a phase that never had any has 0 V.

    Empty unless exactly these phases were measured.
    """
    found = [[measured for (_, name), measured in ranges.items() if name == f"{phase}_voltage"] for phase in PHASES]
    named = {phase for phase, measured in zip(PHASES, found, strict=True) if measured}
    if not named or named != phases:
        return ()
    return tuple(_merge_voltages(measured) if measured else NO_VOLTAGE for measured in found)


def _merge_voltages(ranges: Sequence[ValueRange]) -> VoltageSpan:
    mean = sum(volts.total for volts in ranges) / sum(volts.count for volts in ranges)
    return VoltageSpan(min(volts.low for volts in ranges), mean, max(volts.high for volts in ranges))
