"""A report as lines for a terminal, at most `WIDTH` columns where the words allow it.

In: a report. Out: lines that are safe to show. Long lists end with how many more there are: the other forms have all.

MERGED:
A comparison as lines for a terminal.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from textwrap import wrap

from sniffer.base.phrasing import format_count, format_times
from sniffer.base.sanitize import printable
from sniffer.base.times import UNTIMED, format_duration
from sniffer.commands.report.alignment import Stretch, repeats
from sniffer.commands.report.compare import Alignment, Difference, SessionComparison
from sniffer.commands.report.findings import ReportFinding, fault_name, findings, since
from sniffer.commands.report.model import PHASE_NAMES, Episode, Exchange, Lane, SessionReport, Span
from sniffer.commands.report.phrases import (
    LEFT,
    RIGHT,
    answers_text,
    ending,
    headline,
    link_rows,
    period_text,
    same_or_not,
    states_text,
    stay_share,
)
from sniffer.commands.report.symbols import LEVELS, OTHER_STATE, STATES
from sniffer.text.describe import codes_text, doubts_text

WIDTH = 100
MOST = 24
"""How many entries of one list are told."""

STRIP = 60
"""Columns of the line that shows a connector's states in time."""


def lines(report: SessionReport) -> Iterator[str]:
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


def told(found: Iterable[ReportFinding]) -> Iterator[str]:
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
        yield f"… and {format_count(len(rows) - MOST - 1, f'more {what}')}"


def _faults(report: SessionReport) -> Iterator[str]:
    rows = [("fault", "since", "lasted", "")]
    rows += [(fault_name(told), since(report, told), _lasted(told), ending(report, told)) for told in report.faults]
    yield from cut(rows, "fault")
    told = dict.fromkeys(
        f"{fault_name(episode)}: {line}" for episode in report.faults for line in _codes(report, episode)
    )
    for line in told:
        yield from wrapped(line, hanging="  ")


def _lasted(episode: Episode) -> str:
    return UNTIMED if episode.lasted is None else format_duration(episode.lasted)


def _codes(report: SessionReport, episode: Episode) -> Iterator[str]:
    """The codes of a fault, and what does not fit."""
    diagnosis, known = episode.fault.diagnosis, report.definition
    yield codes_text(episode.fault.codes, known) or "no code"
    if implied := codes_text(diagnosis.implied, known):
        yield f"by the error table also {implied}"
    yield from doubts_text(diagnosis, known)


def _lane(report: SessionReport, lane: Lane) -> Iterator[str]:
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


def strip(report: SessionReport, lane: Lane) -> str:
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


def _span(report: SessionReport, span: Span) -> tuple[str, str, str, str]:
    remark = "" if span.is_legal else "not a move that OCPP allows"
    return report.at(span.begins), report.lasted(span.ends - span.begins), span.state or "", remark


def _boots(report: SessionReport) -> Iterator[str]:
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


def _link(report: SessionReport) -> Iterator[str]:
    yield from table([("", "pieces", "bytes", "share"), *link_rows(report)])
    gaps = [("silent from", "to", "for")]
    gaps += [(report.at(gap.begins), report.at(gap.ends), report.lasted(gap.ends - gap.begins)) for gap in report.gaps]
    yield from cut(gaps, "gap")


def _voltages(report: SessionReport) -> Iterator[str]:
    rows: list[Sequence[str]] = [("", "lowest", "mean", "highest")]
    rows += [
        (name, *(f"{volts:.2f} V" for volts in told)) for name, told in zip(PHASE_NAMES, report.volts, strict=False)
    ]
    yield from table(rows)


def _marks(report: SessionReport) -> Iterator[str]:
    marks = sorted((mark for told in report.marks.values() for mark in told), key=lambda mark: mark.number)
    yield from (f"{report.at(mark.moment)}  {mark.text}" for mark in marks[:MOST])
    if len(marks) > MOST:
        yield f"… and {format_count(len(marks) - MOST, 'more')}"


SIGNS = {"left": "-", "right": "+", None: "≠"}
"""What only the left side has, what only the right one has, and what both have in another way."""


def comparison_lines(comparison: SessionComparison) -> Iterator[str]:
    """The whole comparison."""
    for side, report in ((LEFT, comparison.left), (RIGHT, comparison.right)):
        yield f"{side}  {printable(report.name)}"
        yield from (f"   {line}" for line in headline(report))
    yield ""
    yield same_or_not(comparison)
    for topic, found in groupby(comparison.differences, key=attrgetter("topic")):
        yield from section(topic.value, table([("", "", LEFT, RIGHT), *map(_difference_row, found)]))
    for alignment in comparison.alignments:
        yield from section(f"states of connector {alignment.connector}, in order", _alignment(alignment))


def _difference_row(difference: Difference) -> tuple[str, str, str, str]:
    return SIGNS[difference.only], difference.what, difference.left.text, difference.right.text


def _alignment(alignment: Alignment) -> Iterator[str]:
    for stretches, rounds in repeats(alignment.stretches):
        for stretch in stretches:
            yield from _stretch(stretch)
        if rounds > 1:
            yield f"  ({format_count(len(stretches), 'line')}, {format_times(rounds)})"
    if alignment.cut:
        yield "… there are more, which were not aligned"


def _stretch(stretch: Stretch) -> Iterator[str]:
    sides = {"=": stretch.left} if stretch.is_same else {"-": stretch.left, "+": stretch.right}
    for sign, states in sides.items():
        if states:
            yield from wrapped(f"{sign} {states_text(states)}", hanging="  ")
