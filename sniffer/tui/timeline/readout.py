"""The readout of the timeline: what is known of the column under the cursor, in one line.

In: the session's timeline and a `Viewport`. Out: one line: the time, the events, the status of each connector, the
rate and the measured values. Of several marks, the first one in `MARK_STYLES` comes first, as in the lane of marks.
"""

from collections.abc import Iterator, Mapping, Sequence

from textual.content import Content

from sniffer.base import times
from sniffer.base.phrasing import format_count
from sniffer.base.sanitize import printable
from sniffer.core.charger.consistency_rules import STATION
from sniffer.core.wire.frame import Reason
from sniffer.history.timeline.measured_ranges import SeriesKey, ValueRange, merge_ranges, select_series
from sniffer.history.timeline.session_timeline import SessionTimeline
from sniffer.text.describe import format_meanings
from sniffer.text.event_text import describe_event
from sniffer.text.quantities import format_number
from sniffer.text.ranks import Rank
from sniffer.tui.theme import RANK_STYLES
from sniffer.tui.timeline.lanes import Viewport, find_silences
from sniffer.tui.timeline.legend import GAP, GAP_STYLE, MARK_STYLES, UNKNOWN_STATUS, find_state_styles
from sniffer.tui.timeline.plots import KINDS, PlotKind, list_kinds

StyledText = tuple[str, str]
"""A text and its style."""


def format_readout(timeline: SessionTimeline, viewport: Viewport) -> Content:
    """Return the line about the column under the cursor."""
    column = viewport.scale.column(viewport.cursor)
    start = viewport.scale.moment(column)
    if not timeline.count:
        return Content.assemble(("nothing was read yet", GAP_STYLE))
    if start > viewport.ends:
        return Content.assemble((f"{_format_moment(timeline, viewport)}  ", "bold"), ("not known yet", GAP_STYLE))
    parts: list[StyledText] = [(_format_moment(timeline, viewport), "bold")]
    marks = _format_marks(timeline, viewport, start)
    parts += marks or _format_active_faults(timeline, viewport, start)
    parts += _format_statuses(timeline, viewport, start)
    if find_silences(timeline, viewport)[column]:
        parts.append((f"{GAP} gap", GAP_STYLE))
    parts += _format_figures(timeline, viewport, start)
    return Content("  ").join(Content.assemble(part) for part in parts)


def _format_moment(timeline: SessionTimeline, viewport: Viewport) -> str:
    """Return the time under the cursor and its record number; only the number in a session without times."""
    return (
        f"{viewport.clock.format(viewport.cursor)} #{viewport.number}" if timeline.is_timed else f"#{viewport.number}"
    )


def _format_marks(timeline: SessionTimeline, viewport: Viewport, start: int) -> list[StyledText]:
    """Return each kind of mark in the column, with the text of the first one and the number of others."""
    parts = []
    for mark in MARK_STYLES:
        if entries := timeline.marks[mark.kind].between(start, start + viewport.scale.step, viewport.until):
            more = len(entries) - 1
            value = entries[0].value
            text = f"noise ({value.value})" if isinstance(value, Reason) else describe_event(value, timeline.definition)
            parts.append((f"{mark.char} {printable(text)}{f' +{more:,} more' if more else ''}", mark.style))
    return parts


def _format_active_faults(timeline: SessionTimeline, viewport: Viewport, start: int) -> list[StyledText]:
    """Return the faults that are active at the beginning of the column."""
    found = [track.at(start, viewport.until) for track in timeline.faults.values()]
    faults = [entry.value for entry in found if entry and entry.value is not None]
    return [(f"fault: {printable(format_meanings(fault))}", RANK_STYLES[Rank.FAULT]) for fault in faults]


def _format_statuses(timeline: SessionTimeline, viewport: Viewport, start: int) -> list[StyledText]:
    """Return the status of each connector at the end of the column."""
    parts, styles = [], find_state_styles(timeline.definition)
    for number, track in sorted(timeline.statuses.items()):
        if state := track.at(start + viewport.scale.step - 1, viewport.until):
            name = "station" if number == STATION else f"C{number}"
            style = styles.get(state.value, UNKNOWN_STATUS).style.partition(" on ")[0]
            parts.append((f"{name} {printable(state.value)}", style))
    return parts


def _format_figures(timeline: SessionTimeline, viewport: Viewport, start: int) -> list[StyledText]:
    """Return the numbers of frames and of bytes of noise, and the measured values."""
    scale = viewport.scale
    (buckets,) = timeline.slice_columns((start, start + scale.step), viewport.until)
    if not buckets:
        return []
    noise = sum(bucket.noise for bucket in buckets)
    counts = [format_count(sum(bucket.frames for bucket in buckets), "frame")]
    if timeline.is_timed:
        counts.append(f"in {times.format_duration(scale.step)}")
    if noise:
        counts.append(f"and {format_count(noise, 'byte')} of noise")
    parts = [(" ".join(counts), "$secondary")]
    ranges = select_series(merge_ranges(bucket.ranges for bucket in buckets), timeline.present)
    parts += [(text, "$secondary") for text in _format_measured(ranges, list_kinds(timeline.definition))]
    return parts


def _format_measured(ranges: Mapping[SeriesKey, ValueRange], kinds: Sequence[PlotKind]) -> Iterator[str]:
    """Yield the last values of each kind: those of the phases together."""
    connectors = [*dict.fromkeys(connector for connector, _ in ranges)]
    for connector in connectors:
        place = "" if connector is None else f"C{connector}: "
        for kind in kinds:
            if values := [ranges[connector, name].last for name in kind.quantities if (connector, name) in ranges]:
                name = f"{kind.name} " if kind.unit == "°C" or (kinds is not KINDS and len(values) == 1) else ""
                shown = [f"{value:.1f}" if kind.unit == "V" else format_number(value) for value in values]
                yield f"{place}{name}{' '.join(shown)} {kind.unit}"
