"""A report as lines for a terminal, at most `WIDTH` columns wide unless a single word is longer.

In: a report. Out: lines that are safe to show. A long list ends with the number of entries left out: the other forms
have more of them. The text of a comparison is built from the same parts (`comparison.text`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import wrap

from sniffer.base.phrasing import format_count
from sniffer.base.sanitize import printable
from sniffer.base.times import UNTIMED, format_duration
from sniffer.commands.report.faults.fault_kinds import format_fault_kind, list_fault_kinds
from sniffer.commands.report.findings import ReportFinding, format_fault, format_since, list_findings
from sniffer.commands.report.model import Episode, Exchange, Lane, SessionReport, Span
from sniffer.commands.report.phrases import (
    CHAIN_TITLES,
    MEASURED_TITLES,
    OCPP_TITLES,
    REGISTRATION_TITLES,
    RESTART_TITLES,
    format_chain_rows,
    format_ending,
    format_exchange_cells,
    format_expected,
    format_gap_rows,
    format_headline,
    format_link_rows,
    format_measured_rows,
    format_move,
    format_ocpp_rows,
    format_registration_rows,
    format_restart_rows,
    format_stay_share,
)
from sniffer.commands.report.symbols import LEVEL_SIGNS, OTHER_STATE, StateSymbol, find_state_symbols
from sniffer.text.faults.advice import load_handbook
from sniffer.text.registration_text import format_announcement

WIDTH = 100
MOST_ROWS = 24
"""The largest number of entries of a list."""

MOST_CARDS = 4
"""The largest number of kinds of faults that are written with advice."""

STRIP_WIDTH = 60
"""The width in columns of the strip that shows a connector's states over time."""


def format_lines(report: SessionReport) -> Iterator[str]:
    """Yield the lines of the whole report."""
    yield printable(report.name)
    yield from (f"  {line}" for line in format_headline(report))
    yield ""
    yield from format_findings(list_findings(report))
    yield from format_section("faults", _format_faults(report))
    for lane in report.lanes:
        yield from format_section(f"connector {lane.connector}", _format_lane(report, lane))
    yield from format_section("registration", _format_registrations(report))
    yield from format_section("restarts", _format_restarts(report))
    table = format_table([_EXCHANGE_TITLES, *map(_format_exchange_row, report.exchanges)])
    yield from format_section("exchanges", [*table, *map(printable, format_expected(report))])
    yield from format_section("exchanges across both links", format_table([CHAIN_TITLES, *format_chain_rows(report)]))
    yield from format_section("OCPP", format_table([OCPP_TITLES, *format_ocpp_rows(report)]))
    yield from format_section("link", _format_link(report))
    yield from format_section("measured values", format_table([MEASURED_TITLES, *format_measured_rows(report)]))
    yield from format_section("worth a look", _format_marks(report))


def format_findings(found: Iterable[ReportFinding]) -> Iterator[str]:
    """Yield the findings, each with the sign of its level."""
    for finding in found:
        yield from wrap_text(f"{LEVEL_SIGNS[finding.level]} {finding.text}", hanging="  ")


def format_section(title: str, content: Iterable[str]) -> Iterator[str]:
    """Yield a title and its indented content; nothing if there is no content."""
    inside = [*content]
    if inside:
        yield ""
        yield title
        yield from (f"  {line}".rstrip() for line in inside)


def format_table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows in columns; those of numbers are aligned to the right.

    The result is empty if there is only a title row.
    """
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


def wrap_text(text: str, *, hanging: str) -> list[str]:
    """Return a sentence in lines of at most `WIDTH` - 2 columns. Lines after the first begin with `hanging`."""
    return wrap(printable(text), WIDTH - 2, subsequent_indent=hanging, break_on_hyphens=False)


def format_long_table(rows: Sequence[Sequence[str]], noun: str) -> Iterator[str]:
    """Yield a table with a title row and at most `MOST_ROWS` others, then the number of rows left out."""
    yield from format_table(rows[: MOST_ROWS + 1])
    if len(rows) > MOST_ROWS + 1:
        yield f"… and {format_count(len(rows) - MOST_ROWS - 1, f'more {noun}')}"


def _format_faults(report: SessionReport) -> Iterator[str]:
    """Yield the table of the faults, and a card on each kind."""
    rows = [("fault", "since", "lasted", "")]
    rows += [
        (
            format_fault(episode),
            format_since(report, episode),
            _format_duration(episode),
            format_ending(report, episode),
        )
        for episode in report.faults
    ]
    yield from format_long_table(rows, "fault")
    kinds = list_fault_kinds(report)
    for kind in kinds[:MOST_CARDS]:
        yield ""
        yield from format_fault_kind(kind, report.definition, WIDTH - 2)
    if len(kinds) > MOST_CARDS:
        yield ""
        yield f"… and {format_count(len(kinds) - MOST_CARDS, 'more kind')} of faults: see `evse-sniff explain CODES`"


def _format_duration(episode: Episode) -> str:
    """Return the duration of a fault; `UNTIMED` if it is not known."""
    return UNTIMED if episode.duration is None else format_duration(episode.duration)


def _format_lane(report: SessionReport, lane: Lane) -> Iterator[str]:
    """Yield the strip of a connector in time, and how long it was in each state."""
    symbols = find_state_symbols(report.definition)
    yield format_strip(report, lane, symbols)
    rows = [("state", "times", "in all", "")]
    rows += [
        (
            f"{symbols.get(state, OTHER_STATE).letter} {state}",
            f"{stay.times:,}",
            report.format_length(stay.total),
            format_stay_share(lane, stay),
        )
        for state, stay in lane.stays_by_state().items()
    ]
    yield from format_table(rows)
    yield ""
    yield from format_long_table(
        [("at", "for", "state", ""), *(_format_span_row(report, span) for span in lane.known_spans)], "move"
    )


def format_strip(report: SessionReport, lane: Lane, symbols: Mapping[str, StateSymbol]) -> str:
    """Return a connector's states over time: a letter for each of `STRIP_WIDTH` equal parts.

    A part in which the connector was Faulted for any time shows that.
    """
    letters = [" "] * STRIP_WIDTH
    length = report.ended - report.began or 1
    for span in lane.known_spans:
        letter = symbols.get(span.state or "", OTHER_STATE).letter
        first = min(STRIP_WIDTH - 1, (span.begins - report.began) * STRIP_WIDTH // length)
        last = max(first + 1, -(-(span.ends - report.began) * STRIP_WIDTH // length))
        for place in range(first, min(last, STRIP_WIDTH)):
            letters[place] = "!" if letters[place] == "!" and span.begins > report.began else letter
    return f"{report.format_moment(report.began)} {''.join(letters)} {report.format_moment(report.ended)}"


def _format_span_row(report: SessionReport, span: Span) -> tuple[str, str, str, str]:
    length = report.format_length(span.ends - span.begins)
    return report.format_moment(span.begins), length, span.state or "", format_move(report, span)


def _format_registrations(report: SessionReport) -> Iterator[str]:
    if about := format_announcement(report.registration.announcement):
        yield from wrap_text(about, hanging="  ")
    yield from format_long_table([REGISTRATION_TITLES, *format_registration_rows(report)], "registration")
    if report.registration.state == "pending":
        yield "what to check:"
        for step in load_handbook().registration:
            yield from wrap_text(f"- {step}", hanging="  ")


def _format_restarts(report: SessionReport) -> Iterator[str]:
    yield from format_long_table([RESTART_TITLES, *format_restart_rows(report)], "restart")


_EXCHANGE_TITLES = ("direction", "command", "count", "answered", "no answer", "again", "p50", "p95", "max", "every")


def _format_exchange_row(exchange: Exchange) -> tuple[str, ...]:
    return exchange.direction, exchange.stats.name, *format_exchange_cells(exchange)


def _format_link(report: SessionReport) -> Iterator[str]:
    yield from format_table([("", "pieces", "bytes", "share"), *format_link_rows(report)])
    yield from format_long_table([("silent from", "to", "for"), *format_gap_rows(report)], "gap")


def _format_marks(report: SessionReport) -> Iterator[str]:
    marks = sorted((mark for of_kind in report.marks.values() for mark in of_kind), key=lambda mark: mark.number)
    yield from (f"{report.format_moment(mark.moment)}  {mark.text}" for mark in marks[:MOST_ROWS])
    if len(marks) > MOST_ROWS:
        yield f"… and {format_count(len(marks) - MOST_ROWS, 'more')}"
