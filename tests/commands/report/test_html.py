"""The page: bound in one file, with every finding, and nothing from a log as markup; `golden/` pins all of it."""

import re
from dataclasses import replace

from sniffer.commands.report import html
from sniffer.commands.report.compare import compare
from sniffer.commands.report.findings import Level, ReportFinding
from tests.commands.report.helpers import plain_report, report_of

HOSTILE = "<script>alert(1)</script>"


def test_a_page_is_one_document_with_its_style() -> None:
    page = html.format_page(report_of("charging.pcapng"))
    assert page.startswith("<!doctype html>") or page.lower().startswith("<!doctype html>")
    assert page.count("<style>") == page.count("</html>") == 1


def test_names_are_text() -> None:
    page = html.format_page(plain_report(name=HOSTILE, charge_point_id=HOSTILE))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_findings_have_their_level() -> None:
    shown = html.build_finding_list([ReportFinding(Level.FAULT, "bad"), ReportFinding(Level.FINE, "good")])
    assert re.findall(r'class="([^"]*)"', shown)[0].find("fault") >= 0 or "fault" in shown
    assert shown.index("bad") < shown.index("good")


def test_tables_have_their_titles_and_cells() -> None:
    shown = html.build_table(("name", "count"), [("frames", "1"), (HOSTILE, "2")], numbers=("count",))
    assert shown.count("<tr") == 3
    assert "<script" not in shown


def test_a_comparison_shows_both_sides() -> None:
    one, other = replace(report_of("charging.pcapng"), name="one"), replace(report_of("mains-sag.pcapng"), name="other")
    page = html.format_comparison_page(compare(one, other))
    assert "one" in page
    assert "other" in page
    assert "Under voltage" in page
