"""The report on a lake as one self-contained HTML page, in the style of the session report.

In: a report. Out: the page, in ASCII. Texts from the wire become text on the page, never markup, and its content
security policy lets a browser run and load nothing.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sniffer.base.phrasing import format_count
from sniffer.commands.report.charts.markup import HtmlCell, Markup, build_table, element, fold_list, join_markup
from sniffer.commands.report.html import build_section, fill_template
from sniffer.text.ranks import Rank

if TYPE_CHECKING:
    from sniffer.fleet.lake.queries.report import LakeReport, LakeReportTable


def format_page(report: "LakeReport") -> str:
    """Return the whole page, in ASCII and without the last line end."""
    return fill_template(f"Report on {report.lake}", join_markup(_build_sections(report)))


def _build_sections(report: "LakeReport") -> Iterator[Markup]:
    yield _build_header(report)
    yield _build_figures(report)
    for table in report.tables:
        yield build_section(table.title, *_build_table(table))


def _build_header(report: "LakeReport") -> Markup:
    """Return the header of the page: the lake, and which sessions the report is on."""
    totals, chosen = report.totals, report.chosen
    when = [f"{totals.began} to {totals.ended} UTC" if totals.began else "without times"]
    if chosen.benches:
        when.append(f"only {', '.join(chosen.benches)}")
    if chosen.since:
        when.append(f"since {chosen.since.isoformat(sep=' ')}")
    return element(
        "header",
        element("p", "report on a lake", class_="over"),
        element("h1", report.lake),
        element("p", ". ".join(when), class_="when"),
    )


def _build_figures(report: "LakeReport") -> Markup:
    """Return the totals."""
    totals = report.totals
    figures = {
        "sessions": totals.sessions,
        "benches": totals.benches,
        "units": totals.units,
        "frames": totals.frames,
        "sessions without a frame": totals.mute,
        "read in part": totals.incomplete,
    }
    items = (element("div", element("dt", name), element("dd", f"{value:,}")) for name, value in figures.items())
    return element("dl", *items, class_="figures")


def _build_table(table: "LakeReportTable") -> Iterator[Markup]:
    """Yield a table with the remark on it, or the text that stands in place of an empty one."""
    if not table.rows:
        yield element("p", table.empty, class_="soft")
        return
    if table.about:
        yield element("p", table.about, class_="soft")
    numbers = [name for at, name in enumerate(table.columns) if _is_numeric(table, at)]
    rows = [[*map(_format_cell, row)] for row in table.rows]
    for at in table.marked:
        rows[at][0] = element("span", rows[at][0], class_=f"tag {Rank.WARNING}")
    shown = build_table(table.columns, rows, numbers)
    yield fold_list(f"all {format_count(len(rows), 'row')}", len(rows), shown)


def _is_numeric(table: "LakeReportTable", at: int) -> bool:
    return all(row[at] is None or isinstance(row[at], int | float) for row in table.rows)


def _format_cell(value: object) -> HtmlCell:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int | float) else str(value)
