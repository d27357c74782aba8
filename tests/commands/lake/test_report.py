"""The report as text, and as the command prints it."""

from pathlib import Path

import pytest

from sniffer.base.errors import SnifferError
from sniffer.cli.fleet import lake as command
from sniffer.commands.lake import report as work
from sniffer.commands.lake.report import format_lines
from sniffer.fleet.lake.queries.report import LakeFilter, LakeReport, LakeReportTable, LakeTotals
from tests.fleet.lake.helpers import SAG, add

pytest.importorskip("duckdb")

TOTALS = LakeTotals(2, 1, 1, 1234, "2026-01-12 08:00", "2026-01-13 08:00", 1, 1)


def test_a_row_that_stands_out_is_marked_and_a_long_table_is_cut() -> None:
    rows = tuple((f"u{number}", number) for number in range(25))
    table = LakeReportTable("Title", "About it.", ("unit", "n"), rows, "none", frozenset({1}))
    empty = LakeReportTable("Other", "Not shown.", ("unit",), (), "no row in it")
    lines = [*format_lines(LakeReport("lake", LakeFilter(("b",)), TOTALS, (table, empty)))]
    assert lines[:6] == [
        "lake: 2 sessions, 1 bench, 1 unit, 1,234 frames",
        "from 2026-01-12 08:00 to 2026-01-13 08:00 UTC",
        "only b",
        "1 session without a frame: they say nothing of faults",
        "1 session read in part",
        "",
    ]
    assert lines[6:12] == ["TITLE", "  About it.", "  unit   n", "  ----  --", "  u0     0", "! u1     1"]
    assert lines[-4:] == ["  and 5 more: --html has them", "", "OTHER", "  no row in it"]


def test_the_command_prints_it_and_writes_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place, page = str(tmp_path / "lake"), tmp_path / "page.html"
    add(place, SAG)
    assert command.run(["report", place, "--since", "2026-01-01"]) == 0
    text = capsys.readouterr().out
    assert "  Under voltage      1      1        1" in text
    assert command.run(["report", place, "--html", "-o", str(page)]) == 0
    assert page.read_text("ascii").startswith("<!DOCTYPE html>")


def test_a_date_that_is_none_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.run(["report", "lake", "--since", "yesterday"])
    assert ended.value.code == 2
    assert "yesterday is not a date: write one such as 2026-01-31" in capsys.readouterr().err


def test_the_packages_that_are_missing_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sniffer.fleet.lake.packages.find_spec", lambda name: None)
    with pytest.raises(SnifferError, match="needs duckdb and pyarrow and fsspec"):
        work.make_report("nowhere", (), None, "text")
