"""The exchanges as lines of a panel: which board sends, since when it is silent, and the traffic of each command.

In: the exchanges of a snapshot and a width. Out: lines. If the panel is wide enough, each command is a row of a table;
else its facts stand below it. The exchanges across both links follow, with the time of each hop. Unanswered requests
and retransmissions are highlighted in both forms.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from textual.content import Content

from sniffer.base.phrasing import format_count
from sniffer.base.sanitize import printable
from sniffer.base.times import format_duration, format_seconds
from sniffer.core.charger.exchanges.command_stats import CommandStats
from sniffer.core.charger.exchanges.exchange_book import DirectionActivity
from sniffer.core.charger.exchanges.exchange_chains import ExchangeStats, HopStats
from sniffer.core.charger.exchanges.periods import SHORTEST, LearntPeriod
from sniffer.core.charger.health.link_health import SILENT_AFTER
from sniffer.core.charger.snapshot import Snapshot
from sniffer.text.exchange_text import format_hop_time
from sniffer.tui.content import fit, flow
from sniffer.tui.panels.panel import Line
from sniffer.tui.state.time_formatter import TimeFormatter
from sniffer.tui.state.view_state import elapsed_since

NAME_LEAST, NAME_MOST = 26, 44
"""The smallest and the largest width of the first column of the table, in cells."""


class _TableColumn(NamedTuple):
    name: str
    width: int


_FACTS = tuple(_TableColumn(name, 9) for name in ("count", "answered", "p50", "p95", "max"))
_FURTHER = (
    _TableColumn("period", 11),
    _TableColumn("jitter", 11),
    _TableColumn("retries", 9),
    _TableColumn("unanswered", 12),
)


def format_chains(chains: Iterable[ExchangeStats], width: int) -> list[Line]:
    """Return the exchanges across both links: how many, how many were whole, and the median time of each hop."""
    found: list[Line] = []
    for chain in chains:
        count = f"{chain.chains:,}" if chain.whole == chain.chains else f"{chain.whole:,} of {chain.chains:,} whole"
        found.append(Content.assemble(printable(chain.name), (f"  {count}", "bold")))
        found += flow([*map(_format_hop, chain.hops)], width)
    return ["", Content.assemble(("exchanges across both links", "$quiet")), *found] if found else []


def _format_hop(hop: HopStats) -> tuple[str, str]:
    direction = hop.route.direction or hop.route.link.name
    parts = (direction, hop.route.link.code_text(hop.code), format_hop_time(hop.after))
    return " ".join(filter(None, parts)), "$quiet" if hop.count else "$faint"


def format_exchanges(
    snapshot: Snapshot, now: int | None, width: int, clock: TimeFormatter, *, is_live: bool
) -> list[Line]:
    """Return the lines of the sides, then those of the commands; what is wrong is marked."""
    exchanges = snapshot.exchanges
    if not exchanges.sides:
        return []
    found: list[Line] = [""]
    for side in exchanges.sides:
        quiet = measure_silence(side, snapshot, now, is_live=is_live)
        found += flow(_format_side(side, quiet, now, clock), width, "")
    for period in snapshot.periods:
        if period.is_overdue:
            found += flow(_format_overdue(period, now), width, "")
    if exchanges.waiting:
        found.append(
            Content.assemble((f"{format_count(exchanges.waiting, 'request')} waiting for an answer", "$quiet"))
        )
    found.append("")
    table = _choose_columns(width)
    if table:
        found.append(_format_titles(table, width))
    for command in exchanges.commands:
        found += [*_format_row(command, table, width)] if table else [*_format_pair(command, width)]
    if exchanges.is_coarse:
        found.append(Content.assemble(("times are too coarse for latencies", "$quiet")))
    return found


def measure_silence(side: DirectionActivity, snapshot: Snapshot, now: int | None, *, is_live: bool) -> int | None:
    """Return for how many nanoseconds a side has been silent, or None if it is not, or that is not known.

    A side is silent if one of its commands has become overdue since its last frame. A text log may lack pieces, so no
    side of it is silent.
    """
    quiet = elapsed_since(side.last, now)
    if quiet is None or now is None or side.last is None or snapshot.is_text_log:
        return None
    deadlines = [
        period.deadline for period in snapshot.periods if period.route is side.route and period.period >= SHORTEST
    ]
    if deadlines:
        return quiet if any(side.last < deadline <= now for deadline in deadlines) else None
    return quiet if is_live and quiet >= SILENT_AFTER else None


def format_route(activity: DirectionActivity | CommandStats) -> str:
    """Return the route as the traffic list shows it."""
    return activity.route.direction or activity.route.link.name


def _format_overdue(period: LearntPeriod, now: int | None) -> list[str | tuple[str, str]]:
    late = elapsed_since(period.last + period.period, now)
    return [
        ("◌ overdue", "bold $warning"),
        printable(period.name),
        (f"every {format_duration(period.period)}", "$quiet"),
        *([] if late is None else [(f"{format_seconds(late)} late", "$warning")]),
    ]


def _format_side(
    side: DirectionActivity, quiet: int | None, now: int | None, clock: TimeFormatter
) -> list[str | tuple[str, str]]:
    """Return the line on one direction: its frames, and since when it is silent.

    `quiet` is None if it is not silent.
    """
    parts: list[str | tuple[str, str]] = [format_route(side), (format_count(side.frames, "frame"), "$quiet")]
    if quiet is not None:
        return [
            *parts,
            (f"silent for {format_seconds(quiet)}", "bold $warning"),
            (f"since {clock.format(side.last)}", "$quiet"),
        ]
    return parts if elapsed_since(side.last, now) is None else [*parts, ("alive", "$good")]


def _choose_columns(width: int) -> tuple[_TableColumn, ...]:
    """Return the columns of the table that fit this width; empty if no table fits."""
    left = width - NAME_LEAST - sum(column.width for column in _FACTS)
    if left < 0:
        return ()
    return _FACTS + (_FURTHER if left >= sum(column.width for column in _FURTHER) else ())


def _compute_name_width(table: tuple[_TableColumn, ...], width: int) -> int:
    """Return the width of the names beside the columns of a table, in cells."""
    return min(NAME_MOST, width - sum(column.width for column in table))


def _format_titles(table: tuple[_TableColumn, ...], width: int) -> Content:
    titles = "".join(f"{column.name:>{column.width}}" for column in table)
    return Content.assemble((f"{'command':<{_compute_name_width(table, width)}}{titles}", "$quiet"))


def _format_row(command: CommandStats, table: tuple[_TableColumn, ...], width: int) -> Iterator[Line]:
    """Yield the lines of one command in the table; facts without a column stand below it."""
    facts = _list_facts(command)
    cells = [(f"{facts[column.name]:>{column.width}}", _get_cell_style(column.name)) for column in table]
    yield Content.assemble(fit(_format_name(command), _compute_name_width(table, width)), *cells)
    columns = {column.name for column in table}
    yield from flow([*_format_period(facts, columns), *_list_problems(command, columns)], width)


def _format_pair(command: CommandStats, width: int) -> Iterator[Line]:
    """Yield the lines of one command with its facts below it."""
    count = f" {command.count:,}"
    yield Content.assemble(fit(_format_name(command), max(8, width - len(count))), (count, "bold"))
    facts = _list_facts(command)
    labels = [("answered", "answered"), ("p50", ""), ("p95", ""), ("max", "")]
    parts = [f"{facts[name]} {label}" if label else f"{name} {facts[name]}" for name, label in labels if facts[name]]
    yield from flow([*((part, "$quiet") for part in parts), *_format_period(facts, set())], width)
    yield from flow(_list_problems(command, set()), width)


def _list_facts(command: CommandStats) -> dict[str, str]:
    """Return the facts about a command by the names of the columns; a fact that is zero or unknown is empty."""
    latency, period = command.latency, command.period
    return {
        "count": f"{command.count:,}",
        "answered": _format_amount(command.answered),
        "p50": format_duration(latency.p50) if latency else "",
        "p95": format_duration(latency.p95) if latency else "",
        "max": format_duration(latency.longest) if latency else "",
        "period": format_duration(period.median) if period else "",
        "jitter": format_duration(period.jitter) if period and period.jitter is not None else "",
        "retries": _format_amount(command.retransmissions, "▲ "),
        "unanswered": _format_amount(command.unanswered, "▲ "),
    }


def _format_period(facts: dict[str, str], shown: set[str]) -> list[tuple[str, str]]:
    """Return the period of the command, unless a column shows it."""
    if not facts["period"] or "period" in shown:
        return []
    jitter = f" ±{facts['jitter']}" if facts["jitter"] else ""
    return [(f"every {facts['period']}{jitter}", "$quiet")]


def _format_amount(count: int, mark: str = "") -> str:
    return f"{mark}{count:,}" if count else ""


def _get_cell_style(column: str) -> str:
    return "bold $warning" if column in ("retries", "unanswered") else ""


def _list_problems(command: CommandStats, shown: set[str]) -> list[tuple[str, str]]:
    """Return the counts that must not be missed, unless a column shows them."""
    counts = [
        ("unanswered", command.unanswered, "unanswered"),
        ("retries", command.retransmissions, "sent again"),
        ("unasked", command.unasked, "without a request"),
    ]
    return [(f"▲ {count:,} {label}", "bold $warning") for name, count, label in counts if count and name not in shown]


def _format_name(command: CommandStats) -> str:
    return f"{format_route(command):<9} {printable(command.name)}"
