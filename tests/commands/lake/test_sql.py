"""The forms of an answer."""

import csv
import json
from pathlib import Path

import pytest

from sniffer.base.errors import SnifferError
from sniffer.commands.lake import sql
from sniffer.commands.lake.sql import ask, format_table
from tests.fleet.lake.helpers import FAULT, add

pytest.importorskip("duckdb")

HOSTILE = "chr(27) || '[31m' || chr(8238)"
"""A text that colours a terminal and reverses its lines."""


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a lake of one session."""
    place = tmp_path_factory.mktemp("lake") / "lake"
    add(place, FAULT)
    return str(place)


def test_a_table_aligns_numbers_and_shows_nothing_as_a_dash(lake: str) -> None:
    question = "select * from (values (1, 'a', null), (1000, 'bcd', true)) as t(number, text, flag)"
    assert [*ask(lake, question, "table", is_shown=True)] == [
        "number  text  flag",
        "------  ----  ----",
        "     1  a     -",
        "  1000  bcd   true",
    ]


def test_a_long_table_goes_on_with_the_same_widths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql, "MEASURED_ROWS", 2)
    assert [*format_table(["n"], iter([(1,), (22,), (3,), (4444,)]))] == [" n", "--", " 1", "22", " 3", "4444"]


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_text_of_the_wire_can_do_nothing_to_a_terminal(lake: str, form: sql.AnswerForm) -> None:
    lines = [*ask(lake, f"select {HOSTILE} as text", form, is_shown=True)]
    assert lines
    assert all(line.isprintable() for line in lines)


def test_csv_for_a_file_is_exact(lake: str) -> None:
    lines = [*ask(lake, f"select {HOSTILE} as text, 'a,\"b' as q, null as n", "csv", is_shown=False)]
    assert [*csv.reader(lines)] == [["text", "q", "n"], ["\x1b[31m\u202e", 'a,"b', ""]]


def test_json_has_an_object_for_each_row_with_bytes_in_hexadecimal(lake: str) -> None:
    question = "select raw, number, time from frames order by number limit 2"
    found = [json.loads(line) for line in ask(lake, question, "json", is_shown=False)]
    assert [row["number"] for row in found] == sorted(row["number"] for row in found)
    assert all(bytes.fromhex(row["raw"]) for row in found)
    assert found[0]["time"].endswith(".000000000")


def test_the_packages_that_are_missing_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sniffer.fleet.lake.packages.find_spec", lambda name: None)
    with pytest.raises(SnifferError, match=r"needs duckdb and pyarrow and fsspec: `pip install 'evse-sniff\[fleet\]'`"):
        next(ask("nowhere", "select 1", "table", is_shown=False))


def test_the_answer_is_printed_by_the_command(lake: str, capsys: pytest.CaptureFixture[str]) -> None:
    from sniffer.cli.fleet import lake as command

    assert command.run(["sql", lake, "--csv", "select kind, count(*) as count from faults group by kind"]) == 0
    assert capsys.readouterr().out == "kind,count\nUnder voltage,1\n"
    assert Path(lake).is_dir()
