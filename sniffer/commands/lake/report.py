"""The work of `evse-sniff lake report`: ask a lake, and write the report as text or as one HTML page."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from sniffer.base.phrasing import format_count
from sniffer.commands.lake.report_html import format_page
from sniffer.commands.lake.sql import format_table
from sniffer.fleet.lake.packages import QUERY_PACKAGES, require_packages

if TYPE_CHECKING:
    from sniffer.fleet.lake.queries.report import LakeReport, LakeReportTable

ReportForm = Literal["text", "html"]

MOST_ROWS = 20
"""The largest number of rows of a table in the text; the page has more."""

MARK = "!"
"""Stands before a row that stands out."""


def make_report(lake: str, benches: tuple[str, ...], since: datetime | None, form: ReportForm) -> str:
    """Return the report on the sessions of these benches, all if none is named, without the last line end.

    Raises `SnifferError` if a package is missing, or if the lake cannot be read.
    """
    require_packages(QUERY_PACKAGES, "fleet")
    from sniffer.fleet.lake.queries.query import LakeConnection
    from sniffer.fleet.lake.queries.report import LakeFilter, build_report

    with LakeConnection(lake) as connection:
        report = build_report(connection, LakeFilter(benches, since))
    return format_page(report) if form == "html" else "\n".join(format_lines(report))


def format_lines(report: "LakeReport") -> Iterator[str]:
    """Yield the lines of the report."""
    yield from format_headline(report)
    for table in report.tables:
        yield ""
        yield from _format_table(table)


def format_headline(report: "LakeReport") -> Iterator[str]:
    """Yield the extent of the report, in lines for people."""
    totals = report.totals
    counts = [
        format_count(totals.sessions, "session"),
        format_count(totals.benches, "bench", "benches"),
        format_count(totals.units, "unit"),
        format_count(totals.frames, "frame"),
    ]
    yield f"{report.lake}: {', '.join(counts)}"
    if totals.began:
        yield f"from {totals.began} to {totals.ended} UTC"
    if report.chosen.benches:
        yield f"only {', '.join(report.chosen.benches)}"
    if report.chosen.since:
        yield f"since {report.chosen.since.isoformat(sep=' ')}"
    if totals.mute:
        yield f"{format_count(totals.mute, 'session')} without a frame: they say nothing of faults"
    if totals.incomplete:
        yield f"{format_count(totals.incomplete, 'session')} read in part"


def _format_table(table: "LakeReportTable") -> Iterator[str]:
    """Yield the lines of a table, its marked rows with `MARK`."""
    yield table.title.upper()
    if not table.rows:
        yield f"  {table.empty}"
        return
    if table.about:
        yield f"  {table.about}"
    head, rule, *lines = format_table(table.columns, iter(table.rows[:MOST_ROWS]))
    yield f"  {head}"
    yield f"  {rule}"
    for at, line in enumerate(lines):
        yield f"{MARK if at in table.marked else ' '} {line}"
    if len(table.rows) > MOST_ROWS:
        yield f"  and {len(table.rows) - MOST_ROWS:,} more: --html has them"
