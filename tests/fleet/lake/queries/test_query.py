"""Questions to a lake: what they can read, and that they can do nothing else."""

from pathlib import Path

import pytest

from tests.fleet.lake.helpers import CHARGING, FAULT, add, copy_captures, pyarrow, rows

pytest.importorskip("duckdb")

from sniffer.base.errors import LakeError
from sniffer.fleet.lake.additions.content_name import read_content_name
from sniffer.fleet.lake.queries.query import LakeConnection
from sniffer.fleet.lake.schema import PARTITIONS, SCHEMA_VERSION, TABLES
from sniffer.fleet.lake.store import LakeStore, Partition
from sniffer.fleet.lake.tables.table_file import TableFiles


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a lake of two benches, one with a name that no folder can have as it is."""
    place = tmp_path_factory.mktemp("lake")
    add(place / "lake", copy_captures(place / "0042", FAULT))
    add(place / "lake", copy_captures(place / "in", CHARGING), bench="hall b/7 'x'")
    return place / "lake"


def test_the_tables_have_all_rows_with_bench_and_date(made: Path) -> None:
    with LakeConnection(str(made)) as connection:
        for table in TABLES:
            answer = connection.ask(f"select * from {table.name}")
            assert answer.names == (*(column.name for column in table.columns), *PARTITIONS)
            assert sum(map(len, answer.batches())) == len(rows(made, table.name))
        found = connection.list_rows("select bench, date, source from sessions order by bench")
    assert [row[:2] for row in found] == [("0042", "2023-11-30"), ("hall b/7 'x'", "2026-01-15")]


def test_nanoseconds_and_bytes_come_through(made: Path) -> None:
    with LakeConnection(str(made)) as connection:
        found = connection.list_rows("select time, raw, number from frames where bench like 'hall%' order by number")
    stored = [row for row in rows(made, "frames") if row["session"] == read_content_name(CHARGING).name]
    assert [row[1] for row in found] == [row["raw"] for row in stored]
    assert [int(row[0].rpartition(".")[2]) for row in found] == [row["time"] % 1_000_000_000 for row in stored]
    assert any(row["time"] % 1000 for row in stored)


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("select * from read_text('/etc/passwd')", "reads the tables of the lake and nothing else"),
        ("select * from read_parquet('/tmp/*.parquet')", "reads the tables of the lake and nothing else"),
        ("select * from '/etc/passwd'", "there is no table /etc/passwd: choose one of sessions, frames"),
        ("copy (select 1) to '/tmp/x.csv'", "one SELECT at a time"),
        ("explain analyze copy (select 1) to '/tmp/x.csv'", "one SELECT at a time"),
        ("attach '/tmp/x.db'", "one SELECT at a time"),
        ("install httpfs", "one SELECT at a time"),
        ("set threads=1", "one SELECT at a time"),
        ("drop view frames", "one SELECT at a time"),
        ("select 1; select 2", "one SELECT at a time"),
        ("", "one SELECT at a time"),
        ("select * from secret", "there is no table secret"),
        ("selec 1", "syntax error"),
        ("select nosuch from frames", 'Referenced column "nosuch" not found'),
        ("select 'a'::int", "Could not convert"),
    ],
)
def test_a_question_that_is_none_is_refused_in_one_line(made: Path, question: str, why: str) -> None:
    with LakeConnection(str(made)) as connection, pytest.raises(LakeError) as caught:
        connection.list_rows(question)
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


def test_nothing_can_be_written_into_the_lake(made: Path) -> None:
    before = sorted(made.rglob("*"))
    with LakeConnection(str(made)) as connection, pytest.raises(LakeError):
        connection.list_rows(f"copy (select 1) to '{made}/x.parquet'")
    assert sorted(made.rglob("*")) == before


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("1.50::decimal(4,2)", 1.5),
        ("sum(3::bigint)", 3),
        ("date '2026-01-15'", "2026-01-15"),
        ("timestamp '2026-01-15 08:00:00'", "2026-01-15T08:00:00.000000"),
        ("time '10:00'", "10:00:00.000000"),
        ("[1, 2]", [1, 2]),
        ("{'a': 1.5::decimal(2,1), 'b': null}", {"a": 1.5, "b": None}),
        ("true", True),
        ("interval 1 day", "MonthDayNano(months=0, days=1, nanoseconds=0)"),
    ],
)
def test_values_are_those_of_json(made: Path, what: str, value: object) -> None:
    with LakeConnection(str(made)) as connection:
        ((found,),) = connection.list_rows(f"select {what}")
    assert found == value
    assert type(found) is type(value)


def test_values_stand_for_question_marks(made: Path) -> None:
    with LakeConnection(str(made)) as connection:
        assert connection.list_rows("select count(*) from sessions where bench = ?", ["0042"]) == [(1,)]


def test_files_of_an_older_schema_have_null_in_new_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(tmp_path / "lake", FAULT)
    store = LakeStore(str(tmp_path / "lake"))
    older = tmp_path / "older.parquet"
    (path,) = store.list_files().files["sessions"]
    table = pyarrow.parquet.ParquetFile(path).read()
    pyarrow.parquet.write_table(table.drop_columns(["schema", "decoder"]), older)
    store.commit("0" * 48, Partition("old", None), {"sessions": older}, {})
    with LakeConnection(str(tmp_path / "lake")) as connection:
        found = connection.list_rows("select bench, date is null, schema from sessions order by bench")
    assert found == [("captures", False, SCHEMA_VERSION), ("old", True, None)]


def test_a_table_without_files_is_empty(tmp_path: Path) -> None:
    store = LakeStore(str(tmp_path / "lake"))
    with store.stage() as folder:
        files = TableFiles(folder, "s")
        files.extend("sessions", [(None,) * (len(TABLES[0].columns) - 1)])
        files.close()
        store.commit("s", Partition("b", None), files.paths, {})
    with LakeConnection(str(tmp_path / "lake")) as connection:
        assert connection.list_rows("select count(*), count(bench), max(time) from faults") == [(0, 0, None)]
