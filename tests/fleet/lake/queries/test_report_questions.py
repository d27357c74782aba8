"""The questions of the report: each is one statement that a lake answers."""

import pytest

from tests.fleet.lake.helpers import SAG, add

pytest.importorskip("duckdb")

from sniffer.fleet.lake.queries.query import LakeConnection
from sniffer.fleet.lake.queries.report import LakeFilter, build_report
from sniffer.fleet.lake.queries.report_questions import QUESTIONS


def test_each_question_has_a_table_of_its_own_name(tmp_path) -> None:
    add(tmp_path / "lake", SAG)
    with LakeConnection(str(tmp_path / "lake")) as connection:
        tables = build_report(connection, LakeFilter()).tables
    titles = [question.title for question in QUESTIONS]
    assert [table.title for table in tables] == [*titles, "Answer times by unit", "Benches that went silent"]
    assert len({*titles}) == len(titles)
