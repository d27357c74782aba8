"""A report as lines for a terminal, at most `WIDTH` columns where the words allow it.

In: a report. Out: lines that are safe to show. Long lists end with how many more there are: the other forms have all.
"""

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from sniffer.printable import printable
from sniffer.report.findings import Finding, fault_name, findings, since
from sniffer.report.looks import LEVELS, OTHER_STATE, STATES
from sniffer.report.model import PHASE_NAMES, Episode, Exchange, Lane, Report, Span, counted
from sniffer.report.words import answers_text, ending, headline, link_rows, period_text, stay_share
from sniffer.times import UNTIMED, short
from sniffer.wording import codes_text, doubts_text

WIDTH = 100
MOST = 24
"""How many entries of one list are told."""

STRIP = 60
"""Columns of the line that shows a connector's states in time."""


def lines(report: Report) -> Iterator[str]:
    """The whole report."""
    yield printable(report.name)
    yield from (f"  {line}" for line in headline(report))
    yield ""
    yield from told(findings(report))
    yield from section("faults", _faults(report))
    for lane in report.lanes:
        yield from section(f"connector {lane.connector}", _lane(report, lane))
    yield from section("boots", _boots(report))
    yield from section("exchanges", table([_EXCHANGES, *map(_exchange, report.exchanges)]))
    yield from section("link", _link(report))
    yield from section("voltages", _voltages(report))
    yield from section("worth a look", _marks(report))


def told(found: Iterable[Finding]) -> Iterator[str]:
    """Findings, each with the mark of its level."""
    for finding in found:
        yield from wrapped(f"{LEVELS[finding.level]} {finding.text}", hanging="  ")


def section(title: str, content: Iterable[str]) -> Iterator[str]:
    """A title and what stands under it; nothing where nothing does."""
    inside = [*content]
    if inside:
        yield ""
        yield title
        yield from (f"  {line}".rstrip() for line in inside)


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows in columns, of which those of numbers stand to the right; only a title means nothing to tell."""
    if len(rows) < 2:
        return []
    safe = [[*map(printable, row)] for row in rows]
    widths = [max(map(len, column)) for column in zip(*safe, strict=True)]
    to_the_right = [all(not row[at] or row[at][0].isdigit() for row in safe[1:]) for at in range(len(widths))]
    return [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, to_the_right, strict=True)
        ).rstrip()
        for row in safe
    ]


def wrapped(text: str, *, hanging: str) -> list[str]:
    """A sentence in lines; those after the first begin with `hanging`."""
    return wrap(printable(text), WIDTH - 2, subsequent_indent=hanging, break_on_hyphens=False)


def cut(rows: Sequence[Sequence[str]], what: str) -> Iterator[str]:
    """A table with a title row whose list may be too long."""
    yield from table(rows[: MOST + 1])
    if len(rows) > MOST + 1:
        yield f"… and {counted(len(rows) - MOST - 1, f'more {what}')}"


def _faults(report: Report) -> Iterator[str]:
    rows = [("fault", "since", "lasted", "")]
    rows += [(fault_name(told), since(report, told), _lasted(told), ending(report, told)) for told in report.faults]
    yield from cut(rows, "fault")
    told = dict.fromkeys(
        f"{fault_name(episode)}: {line}" for episode in report.faults for line in _codes(report, episode)
    )
    for line in told:
        yield from wrapped(line, hanging="  ")


def _lasted(episode: Episode) -> str:
    return UNTIMED if episode.lasted is None else short(episode.lasted)


def _codes(report: Report, episode: Episode) -> Iterator[str]:
    """The codes of a fault, and what does not fit."""
    diagnosis, known = episode.fault.diagnosis, report.definition
    yield codes_text(episode.fault.codes, known) or "no code"
    if implied := codes_text(diagnosis.implied, known):
        yield f"by the error table also {implied}"
    yield from doubts_text(diagnosis, known)


def _lane(report: Report, lane: Lane) -> Iterator[str]:
    yield strip(report, lane)
    rows = [("state", "times", "in all", "")]
    rows += [
        (
            f"{STATES.get(state, OTHER_STATE).letter} {state}",
            f"{stay.times:,}",
            report.lasted(stay.total),
            stay_share(lane, stay),
        )
        for state, stay in lane.stays().items()
    ]
    yield from table(rows)
    yield ""
    yield from cut([("at", "for", "state", ""), *(_span(report, span) for span in lane.told)], "move")


def strip(report: Report, lane: Lane) -> str:
    """A connector's states in time, a letter for each of `STRIP` equal parts: Faulted where it was that in between."""
    letters = [" "] * STRIP
    length = report.ended - report.began or 1
    for span in lane.told:
        letter = STATES.get(span.state or "", OTHER_STATE).letter
        first = min(STRIP - 1, (span.begins - report.began) * STRIP // length)
        last = max(first + 1, -(-(span.ends - report.began) * STRIP // length))
        for place in range(first, min(last, STRIP)):
            letters[place] = "!" if letters[place] == "!" and span.begins > report.began else letter
    return f"{report.at(report.began)} {''.join(letters)} {report.at(report.ended)}"


def _span(report: Report, span: Span) -> tuple[str, str, str, str]:
    remark = "" if span.is_legal else "not a move that OCPP allows"
    return report.at(span.begins), report.lasted(span.ends - span.begins), span.state or "", remark


def _boots(report: Report) -> Iterator[str]:
    rows = [("at", "since the boot before")]
    before = None
    for boot in report.booted:
        apart = UNTIMED if before is None else report.lasted(boot.moment - before)
        rows.append((report.at(boot.moment), apart))
        before = boot.moment
    yield from cut(rows, "boot")


_EXCHANGES = ("way", "command", "count", "answered", "no answer", "again", "p50", "p95", "max", "every")


def _exchange(exchange: Exchange) -> tuple[str, ...]:
    tally = exchange.tally
    counts = (tally.answered, tally.unanswered, tally.retransmissions)
    return (
        exchange.way,
        tally.name,
        f"{tally.count:,}",
        *(f"{count:,}" if count else "" for count in counts),
        *answers_text(exchange.answers),
        period_text(tally),
    )


def _link(report: Report) -> Iterator[str]:
    yield from table([("", "pieces", "bytes", "share"), *link_rows(report)])
    gaps = [("silent from", "to", "for")]
    gaps += [(report.at(gap.begins), report.at(gap.ends), report.lasted(gap.ends - gap.begins)) for gap in report.gaps]
    yield from cut(gaps, "gap")


def _voltages(report: Report) -> Iterator[str]:
    rows: list[Sequence[str]] = [("", "lowest", "mean", "highest")]
    rows += [
        (name, *(f"{volts:.2f} V" for volts in told)) for name, told in zip(PHASE_NAMES, report.volts, strict=False)
    ]
    yield from table(rows)


def _marks(report: Report) -> Iterator[str]:
    marks = sorted((mark for told in report.marks.values() for mark in told), key=lambda mark: mark.number)
    yield from (f"{report.at(mark.moment)}  {mark.text}" for mark in marks[:MOST])
    if len(marks) > MOST:
        yield f"… and {counted(len(marks) - MOST, 'more')}"
