"""The columns of the traffic list: which of them a width has room for, and what a row shows in each.

In: a row of the history. Out: text in cells, safe to show. Colours are the list's; every difference that matters is
told by a mark or a word too.
"""

from collections.abc import Collection
from datetime import tzinfo
from typing import NamedTuple

from sniffer.base import times
from sniffer.base.sanitize import printable
from sniffer.config.settings import TimeMode
from sniffer.core.charger.events import (
    Booted,
    BootLoop,
    BootLoopEnded,
    Contradicted,
    Disagreed,
    Event,
    FaultChanged,
    FaultCleared,
    FaultRaised,
    LatenessKnown,
    Miswired,
    MiswiringEnded,
    RateFound,
    Retransmitted,
    SourceBack,
    SourceLost,
    StatusChanged,
    Unanswered,
)
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.text import describe

ROUTES = {"com>pwr": "com→pwr", "pwr>com": "com←pwr", "ocpp>com": "ocpp→com", "com>ocpp": "ocpp←com"}
"""A route with both ends in the same place, so that only the arrow turns."""

NOISE, LOG, EVENTFUL, UNKNOWN, PLAIN = "~", "#", "!", "?", " "
"""The marks of records: bytes that are no frame, a log line, one that shows an event, one that is not understood."""

MARKS = {
    NOISE: "noise: bytes that are in no valid frame",
    LOG: "a line of the charger's text log",
    EVENTFUL: "shows the event that stands under it",
    UNKNOWN: "unknown command, or a payload of the wrong size",
    "▲": "fault raised",
    "△": "fault changed: its codes say more, or something else",
    "▽": "fault cleared",
    "»": "connector status changed",
    "↻": "the communication processor booted",
    "≠": "a report that contradicts itself, or its relay",
    "∞": "boot loop, or its end",
    "…": "a request that stays without an answer",
    "⇉": "the same frame again",
    "✕": "source lost",
    "✓": "source back, or wiring in order again",
    "⌁": "baud rate found, or undetermined",
    "◷": "by how much times may be late",
    "⚠": "wiring: what is heard tells that it is wrong",
    "↛": "a move that OCPP 1.6 does not allow",
}

EVENT_MARKS: dict[type[Event], str] = {
    FaultRaised: "▲",
    FaultChanged: "△",
    FaultCleared: "▽",
    StatusChanged: "»",
    Contradicted: "≠",
    Disagreed: "≠",
    Booted: "↻",
    BootLoop: "∞",
    BootLoopEnded: "∞",
    Unanswered: "…",
    Retransmitted: "⇉",
    SourceLost: "✕",
    SourceBack: "✓",
    RateFound: "⌁",
    LatenessKnown: "◷",
    Miswired: "⚠",
    MiswiringEnded: "✓",
}


def severity_of(event: Event) -> str:
    """How loud an event is told: as an alarm, a warning, something that is over, or just an event."""
    if isinstance(event, FaultRaised | FaultChanged | BootLoop | SourceLost):
        return "alarm"
    if isinstance(event, FaultCleared | BootLoopEnded | SourceBack | MiswiringEnded):
        return "cleared"
    is_illegal = isinstance(event, StatusChanged) and not event.legal
    is_odd = isinstance(event, Contradicted | Disagreed | Unanswered | Retransmitted | Miswired)
    is_unknown = isinstance(event, RateFound) and event.baud is None
    return "warning" if is_illegal or is_odd or is_unknown else "event"


class Column(NamedTuple):
    """One column that is shown: its width in cells and its side."""

    name: str
    width: int
    right: bool = False


class _Rule(NamedTuple):
    name: str
    needs: int
    width: int
    right: bool = False


_RULES = (
    _Rule("number", 40, 4, right=True),
    _Rule("time", 56, 12),
    _Rule("delta", 100, 8, right=True),
    _Rule("mark", 0, 1),
    _Rule("route", 46, 8),
    _Rule("sequence", 90, 4),
    _Rule("name", 30, 17),
)
"""In the order of the screen; `needs` is the width of list from which a column is shown."""

OPTIONAL_COLUMNS = tuple(rule.name for rule in _RULES if rule.name != "mark")
"""The columns that can be left out: a mark takes one cell, and tells what colours tell."""

_WIDE_FROM, _WIDE_NAME = 110, 25


def choose_columns(width: int, last_number: int, wanted: Collection[str] | None = None) -> tuple[Column, ...]:
    """The columns for a list of this width; the summary, the last, takes what is left.

    Of those that can be left out, only the `wanted` ones are shown; None: all. The number's column grows with the
    last number only, so that nothing jitters.
    """
    shown = []
    for rule in _RULES:
        if width >= rule.needs and (wanted is None or rule.name in wanted or rule.name not in OPTIONAL_COLUMNS):
            size = max(rule.width, len(str(last_number))) if rule.name == "number" else rule.width
            size = _WIDE_NAME if rule.name == "name" and width >= _WIDE_FROM else size
            shown.append(Column(rule.name, size, rule.right))
    left = width - sum(column.width + 1 for column in shown)
    return (*shown, Column("summary", max(0, left)))


def mark_of(record: Record) -> str:
    """The mark of a record."""
    item = record.item
    if record.events:
        return EVENTFUL
    if isinstance(item, Message):
        return UNKNOWN if item.command is None or item.problem else PLAIN
    return LOG if isinstance(item, TextMessage) else NOISE


class TimeFormat(NamedTuple):
    """How times are told: by `mode`. Relative ones count from `began`; `before` is the time of the record before."""

    mode: TimeMode
    zone: tzinfo | None
    began: int | None
    before: int | None


def format_cells(record: Record, when: TimeFormat) -> dict[str, str]:
    """What a record shows, by the names of the columns."""
    row = describe.row_text(record)
    time, delta = record.time, _apart(record.time, when.before)
    texts = {"absolute": times.format_clock(time, when.zone), "relative": _since(time, when.began), "delta": delta}
    return {
        "number": str(record.number),
        "time": texts[when.mode],
        "delta": delta,
        "mark": mark_of(record),
        "route": ROUTES.get(row.direction, row.direction),
        "sequence": row.sequence,
        "name": printable(row.name),
        "summary": row.summary,
    }


def _apart(time: int | None, before: int | None) -> str:
    """How long after the record before."""
    return "" if time is None or before is None else f"+{times.format_span(time - before)}".replace("+-", "-")


def _since(time: int | None, began: int | None) -> str:
    """How long after the session began, to the millisecond."""
    if time is None or began is None:
        return times.UNTIMED
    seconds, millis = divmod(abs(time - began) // 1_000_000, 1000)
    minutes, seconds = divmod(seconds, 60)
    sign = "-" if time < began else "+"
    return f"{sign}{minutes // 60}:{minutes % 60:02}:{seconds:02}.{millis:03}"


def event_indent(shown: tuple[Column, ...]) -> int:
    """How many cells stand before the marks: an event's row begins there."""
    before = 0
    for column in shown:
        if column.name == "mark":
            return before
        before += column.width + 1
    return 0
