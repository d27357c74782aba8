"""The columns of the traffic list: which columns fit a width, and what a row shows in each.

In: a record. Out: a text for each column, safe to show. The list adds colours; every difference that matters is also
shown by a mark or a word.
"""

from collections.abc import Collection, Mapping
from datetime import tzinfo
from typing import NamedTuple

from sniffer.base import times
from sniffer.base.sanitize import printable
from sniffer.config.settings import TimeMode
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.text import describe
from sniffer.text.marks import EVENTFUL, LOG, NOISE, PLAIN, UNKNOWN
from sniffer.text.ranks import Rank, rank_of_events, rank_of_record
from sniffer.tui.state.time_formatter import format_since_beginning


class Column(NamedTuple):
    """One visible column: its width in cells, and True if its text is aligned to the right."""

    name: str
    width: int
    right: bool = False


class _ColumnRule(NamedTuple):
    name: str
    needs: int
    width: int
    right: bool = False


_RULES = (
    _ColumnRule("number", 40, 4, right=True),
    _ColumnRule("time", 56, 12),
    _ColumnRule("delta", 100, 8, right=True),
    _ColumnRule("mark", 0, 1),
    _ColumnRule("route", 46, 8),
    _ColumnRule("sequence", 90, 4),
    _ColumnRule("name", 30, 17),
)
"""All columns, in the order of the screen. `needs` is the smallest width of the list with this column."""

OPTIONAL_COLUMNS = tuple(rule.name for rule in _RULES if rule.name != "mark")
"""The columns that the user can hide. The mark is not one: it takes one cell and shows what colours show."""

_WIDE_FROM, _WIDE_NAME = 110, 25
_OCPP_ROUTE = len("ocpp>csms")
_WIDEST = {"route": 12, "sequence": 8}


def measure_columns(definition: Definition) -> dict[str, int]:
    """Return the widths that the frames of boards of other makers need in columns; 0 for a column that stays empty.

    It is empty where frames of the charger are looked for.
    """
    if definition.is_charger:
        return {}
    links = [one for name, one in definition.links.links.items() if name in definition.links.framed]
    routes = (str(route.direction) for route in definition.links.routes if route.link in links)
    digits = (2 * number.size for link in links for number in (link.sequence, link.address) if number)
    needed = {"route": max(map(len, routes), default=0), "sequence": max(digits, default=0)}
    return {name: min(size, _WIDEST[name]) for name, size in needed.items()}


def choose_columns(
    width: int,
    last_number: int,
    wanted: Collection[str] | None = None,
    needed: Mapping[str, int] | None = None,
    *,
    has_ocpp: bool = False,
) -> tuple[Column, ...]:
    """Return the columns for a list of this width in cells; the summary, the last one, takes the rest.

    Of the columns that the user can hide, only the `wanted` ones are shown, all if that is None. The column of numbers
    grows with `last_number` only, so that nothing jitters. `needed` are the widths of columns that need another one
    than for a charger; a column that needs none is left out. With `has_ocpp` the directions of OCPP messages, which are
    longer, fit as well.
    """
    shown = []
    for rule in _RULES:
        own = rule.width if needed is None else needed.get(rule.name, rule.width)
        is_wanted = wanted is None or rule.name in wanted or rule.name not in OPTIONAL_COLUMNS
        if width >= rule.needs and is_wanted and own:
            size = max(own, len(str(last_number))) if rule.name == "number" else own
            size = _OCPP_ROUTE if rule.name == "route" and has_ocpp else size
            size = _WIDE_NAME if rule.name == "name" and width >= _WIDE_FROM else size
            shown.append(Column(rule.name, size, rule.right))
    left = width - sum(column.width + 1 for column in shown)
    return (*shown, Column("summary", max(0, left)))


def mark_of(record: Record) -> str:
    """Return the mark of a record."""
    item = record.item
    if record.events:
        return EVENTFUL
    if isinstance(item, Message):
        return UNKNOWN if item.command is None or item.problem else PLAIN
    return LOG if isinstance(item, TextMessage) else NOISE


def mark_rank_of(record: Record) -> Rank:
    """Return the rank of the mark of a record: the most urgent rank of its item and its events."""
    if record.events:
        return rank_of_events(record.events)
    return Rank.WARNING if mark_of(record) == UNKNOWN else rank_of_record(record)


class TimeFormat(NamedTuple):
    """The form of times on the screen. `began` and `before`, the time of the record before, are in nanoseconds.

    `mode` says whether a time is shown as the time of day, since `began`, or since `before`.
    """

    mode: TimeMode
    zone: tzinfo | None
    began: int | None
    before: int | None


def format_cells(record: Record, when: TimeFormat) -> dict[str, str]:
    """Return the texts of a record, by the names of the columns."""
    row = describe.format_row(record)
    time, delta = record.time, _format_delta(record.time, when.before)
    texts = {
        "absolute": times.format_clock(time, when.zone),
        "relative": format_since_beginning(time, when.began),
        "delta": delta,
    }
    return {
        "number": str(record.number),
        "time": texts[when.mode],
        "delta": delta,
        "mark": mark_of(record),
        "route": row.direction,
        "sequence": row.sequence,
        "name": printable(row.name),
        "summary": row.summary,
    }


def _format_delta(time: int | None, before: int | None) -> str:
    """Return the time since the record before, or an empty text if either has no time."""
    return "" if time is None or before is None else f"+{times.format_delta(time - before)}".replace("+-", "-")


def event_indent(shown: tuple[Column, ...]) -> int:
    """Return the width of the columns before the marks in cells; the row of an event begins there."""
    before = 0
    for column in shown:
        if column.name == "mark":
            return before
        before += column.width + 1
    return 0
