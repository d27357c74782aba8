"""The exchanges in lines of a panel: who is heard and since when silent, and what each command's traffic is like.

In: the exchanges of a snapshot and a width. Out: lines. Where there is room, a command is a row of a table; else its
facts stand under it. What a technician must not miss, unanswered requests and retransmissions, is loud wherever it is.
"""

from textual.content import Content

from sniffer.charger.exchanges import Exchanges, Side
from sniffer.charger.tallies import CommandTally, Latency, Period
from sniffer.printable import printable
from sniffer.times import short
from sniffer.tui.columns import ROUTES
from sniffer.tui.fit import fit
from sniffer.tui.panel import Line
from sniffer.tui.view import counted, lasting, since

TABLE_FROM = 104
"""From this width on, the commands are a table."""

SILENT = 10_000_000_000
"""From how many nanoseconds on a side is told to be silent."""

_TITLES = f"{'command':<35}{'frames':>8}{'answered':>10}{'p50':>10}{'p95':>10}{'max':>10}  {'every':<18}"


def lines(exchanges: Exchanges, now: int | None, width: int) -> list[Line]:
    """Sides first, then commands, those with something wrong marked."""
    if not exchanges.sides:
        return []
    found: list[Line] = ["", *(_side(side, now) for side in exchanges.sides)]
    if exchanges.waiting:
        found.append(Content.assemble((f"{counted(exchanges.waiting, 'request')} waiting for an answer", "$quiet")))
    found.append("")
    if width >= TABLE_FROM:
        found.append(Content.assemble((_TITLES, "$quiet")))
        for command in exchanges.commands:
            found += _row(command)
    else:
        for command in exchanges.commands:
            found += _pair(command, width)
    if exchanges.is_coarse:
        found.append(Content.assemble(("times are too coarse for latencies", "$quiet")))
    return found


def _side(side: Side, now: int | None) -> Content:
    direction = side.route.direction or side.route.link.name
    silence = since(side.last, now)
    told: tuple[str, str] = ("", "")
    if silence is not None:
        told = (f"  silent for {lasting(silence)}", "bold $warning") if silence >= SILENT else ("  alive", "$success")
    return Content.assemble(
        (f"{ROUTES.get(direction, direction):<9}", ""), (counted(side.frames, "frame"), "$quiet"), told
    )


def _name(command: CommandTally) -> str:
    direction = command.route.direction or command.route.link.name
    return f"{ROUTES.get(direction, direction):<9} {printable(command.name)}"


def _row(command: CommandTally) -> list[Line]:
    latency = "".join(f"{value:>10}" for value in _latencies(command.latency))
    answered = f"{command.answered:,}" if command.answered else ""
    facts = f"{command.count:>8,}{answered:>10}{latency}  {_every(command.period):<18}"
    return [Content.assemble(fit(_name(command), 35), facts), *_wrong(command)]


def _pair(command: CommandTally, width: int) -> list[Line]:
    count = f" {command.count:,}"
    head = Content.assemble(fit(_name(command), max(8, width - len(count))), (count, "bold"))
    facts = []
    if command.latency:
        p50, p95, longest = _latencies(command.latency)
        facts.append(f"answered in {p50}, p95 {p95}, max {longest}")
    elif command.answered:
        facts.append(f"{command.answered:,} answered")
    if command.period:
        facts.append(f"every {_every(command.period)}")
    return [head, *(Content.assemble((f"  {fact}", "$quiet")) for fact in facts), *_wrong(command)]


def _wrong(command: CommandTally) -> list[Line]:
    """What must not be missed, on a line of its own."""
    counts = [
        (f"{command.unanswered:,} unanswered", command.unanswered),
        (f"{command.retransmissions:,} sent again", command.retransmissions),
        (f"{command.unasked:,} without a request", command.unasked),
    ]
    told = [(f"  ▲ {text}", "bold $warning") for text, count in counts if count]
    return [Content.assemble(*told)] if told else []


def _latencies(latency: Latency | None) -> tuple[str, str, str]:
    if latency is None:
        return "", "", ""
    return short(latency.p50), short(latency.p95), short(latency.longest)


def _every(period: Period | None) -> str:
    if period is None:
        return ""
    return short(period.median) + ("" if period.jitter is None else f" ±{short(period.jitter)}")
