"""What was so in one column of the timeline, in words.

In: the chronicle, a `Sight` and the column under its cursor. Out: one line: when, what happened there, which status
each connector had, the rate and the voltages. Of several marks the first of `MARKS` leads, as in the lane of marks.
"""

from textual.content import Content

from sniffer.base import times
from sniffer.base.sanitize import printable
from sniffer.core.charger.consistency_rules import STATION
from sniffer.history.session_timeline import SessionTimeline
from sniffer.tui.state.view_state import counted
from sniffer.tui.timeline.lanes import Sight, silences
from sniffer.tui.timeline.legend import GAP, MARKS, QUIET, STATUSES, UNKNOWN
from sniffer.tui.timeline.scale import SECOND

Part = tuple[str, str]
"""Words and their style."""


def readout(chronicle: SessionTimeline, sight: Sight) -> Content:
    """One line on the cursor's column."""
    column = sight.scale.column(sight.cursor)
    start = sight.scale.moment(column)
    if not chronicle.count:
        return Content.assemble(("nothing was read yet", QUIET))
    if start > sight.ends:
        return Content.assemble((f"{_when(chronicle, sight)}  ", "bold"), ("not known yet", QUIET))
    parts: list[Part] = [(_when(chronicle, sight), "bold")]
    marks = _marks(chronicle, sight, start)
    parts += marks or _active(chronicle, sight, start)
    parts += _statuses(chronicle, sight, start)
    if silences(chronicle, sight)[column]:
        parts.append((f"{GAP} gap", QUIET))
    parts += _figures(chronicle, sight, start)
    return Content("  ").join(Content.assemble(part) for part in parts)


def _when(chronicle: SessionTimeline, sight: Sight) -> str:
    """The moment under the cursor, and its record."""
    return (
        f"{times.format_clock(sight.cursor, sight.zone)} #{sight.number}" if chronicle.is_timed else f"#{sight.number}"
    )


def _marks(chronicle: SessionTimeline, sight: Sight, start: int) -> list[Part]:
    """Every kind of mark in the column, by what the first of its kind says."""
    parts = []
    for look in MARKS:
        if entries := chronicle.marks[look.kind].between(start, start + sight.scale.step, sight.until):
            more = len(entries) - 1
            text = f"noise ({entries[0].text})" if look.kind == "noise" else entries[0].text
            parts.append((f"{look.char} {printable(text)}{f' +{more:,} more' if more else ''}", look.style))
    return parts


def _active(chronicle: SessionTimeline, sight: Sight, start: int) -> list[Part]:
    """The faults that went on, where nothing happened."""
    found = [track.at(start, sight.until) for track in chronicle.faults.values()]
    return [(f"fault: {printable(fault.text)}", "bold $error") for fault in found if fault and fault.text]


def _statuses(chronicle: SessionTimeline, sight: Sight, start: int) -> list[Part]:
    """What each connector was at the end of the column."""
    parts = []
    for number, track in sorted(chronicle.statuses.items()):
        if state := track.at(start + sight.scale.step - 1, sight.until):
            name = "station" if number == STATION else f"conn {number}"
            style = STATUSES.get(state.text, UNKNOWN).style.partition(" on ")[0]
            parts.append((f"{name} {printable(state.text)}", style))
    return parts


def _figures(chronicle: SessionTimeline, sight: Sight, start: int) -> list[Part]:
    """Frames, bytes of noise and voltages."""
    scale = sight.scale
    (buckets,) = chronicle.columns((start, start + scale.step), sight.until)
    if not buckets:
        return []
    noise = sum(bucket.noise for bucket in buckets)
    told = [counted(sum(bucket.frames for bucket in buckets), "frame")]
    if chronicle.is_timed:
        told.append(
            f"in {times.format_duration(scale.step)}"
            if scale.step < SECOND * 3600
            else f"in {times.format_span(scale.step)}"
        )
    if noise:
        told.append(f"and {counted(noise, 'byte')} of noise")
    parts = [(" ".join(told), "$secondary")]
    if phases := next((bucket.phases for bucket in reversed(buckets) if bucket.phases), ()):
        parts.append((f"{' '.join(f'{phase.mean:.1f}' for phase in phases)} V", "$secondary"))
    return parts
