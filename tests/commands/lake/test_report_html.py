"""The page of the report."""

from sniffer.commands.lake.report_html import format_page
from sniffer.fleet.lake.queries.report import LakeFilter, LakeReport, LakeReportTable, LakeTotals
from tests.commands.lake.test_report import TOTALS

HOSTILE = "<script>alert(1)</script>\x1b[31m\u202e"


def page_of(*tables: LakeReportTable, totals: LakeTotals = TOTALS, lake: str = "lake") -> str:
    return format_page(LakeReport(lake, LakeFilter((HOSTILE,)), totals, tables))


def test_text_of_the_wire_becomes_no_markup() -> None:
    table = LakeReportTable(HOSTILE, HOSTILE, (HOSTILE, "n"), ((HOSTILE, 1),), "none", frozenset({0}))
    page = page_of(table, lake=HOSTILE)
    assert "<script" not in page
    assert "default-src 'none'; style-src 'sha256-" in page
    assert page.isascii()
    assert all(char.isprintable() or char == "\n" for char in page)


def test_tables_have_their_rows_and_empty_ones_say_so() -> None:
    full = LakeReportTable("Faults", "", ("fault", "times"), (("Under voltage", 1234), (None, 2)), "none")
    page = page_of(full, LakeReportTable("Loops", "", ("unit",), (), "no boot loop"))
    assert "<h2>Faults</h2>" in page
    assert ">1,234<" in page
    assert "no boot loop" in page


def test_a_lake_without_times_says_so() -> None:
    assert "without times" in page_of(totals=LakeTotals(1, 1, 1, 0, None, None, 1, 0))
