"""The Parquet files, as pyarrow reads them."""

from pathlib import Path

import pytest

from sniffer.fleet.lake.schema import SCHEMA_VERSION, TABLES, TABLES_BY_NAME
from sniffer.fleet.lake.tables import table_file
from sniffer.fleet.lake.tables.table_file import VERSION_KEY, TableFiles, build_schema
from tests.fleet.lake.helpers import list_rows, pyarrow

BEGAN = 1_700_000_000_123_456_789
EVENT = (1, BEGAN, "boot", None, "{}")


def read(path: Path):
    return pyarrow.parquet.ParquetFile(path)


def test_nanoseconds_bytes_and_texts_are_kept_exactly(tmp_path: Path) -> None:
    files = TableFiles(tmp_path, "s")
    raw = bytes(range(256))
    row = (1, BEGAN, None, "pwrboard", None, 7, 1, "\x1b[31m\u202ename", '{"a":"\x00"}', None, raw)
    files.extend("frames", [row])
    files.close()
    (got,) = list_rows(read(files.paths["frames"]).read())
    assert (got["session"], got["raw"], got["name"]) == ("s", raw, "\x1b[31m\u202ename")
    assert got["time"] == BEGAN


def test_each_column_has_its_place_as_field_id_and_the_file_its_version(tmp_path: Path) -> None:
    files = TableFiles(tmp_path, "s")
    files.extend("events", [EVENT])
    files.close()
    file = read(files.paths["events"])
    ids = [field.metadata[b"PARQUET:field_id"] for field in file.schema_arrow]
    assert ids == [str(place + 1).encode() for place in range(len(TABLES_BY_NAME["events"].columns))]
    assert file.metadata.metadata[VERSION_KEY] == str(SCHEMA_VERSION).encode()
    assert {file.metadata.row_group(0).column(at).compression for at in range(len(ids))} == {"ZSTD"}


def test_rows_are_written_in_groups_of_bounded_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_file, "ROWS_IN_A_BATCH", 10)
    monkeypatch.setattr(table_file, "ROWS_IN_A_GROUP", 20)
    files = TableFiles(tmp_path, "s")
    for number in range(65):
        files.extend("events", [(number, *EVENT[1:])])
    files.close()
    file = read(files.paths["events"])
    assert [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)] == [20, 20, 20, 5]
    assert file.read()["number"].to_pylist() == [*range(65)]


def test_what_no_column_can_hold_is_escaped_or_null(tmp_path: Path) -> None:
    files = TableFiles(tmp_path, "s")
    files.extend("events", [(1 << 70, BEGAN, "a\udc80", None, 5)])
    files.extend("measures", [(1, None, None, "x", 1 << 70, *[None] * 13)])
    files.close()
    (event,), (measure,) = (list_rows(read(files.paths[name]).read()) for name in ("events", "measures"))
    assert (event["number"], event["event"], event["detail"]) == (None, "a\\udc80", "5")
    assert measure["l1_voltage"] == float(1 << 70)


def test_only_tables_with_rows_have_a_file(tmp_path: Path) -> None:
    files = TableFiles(tmp_path, "s")
    files.extend("events", [EVENT])
    files.close()
    assert [*files.paths] == ["events"]
    assert [path.name for path in tmp_path.iterdir()] == ["events.parquet"]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_schema_has_all_columns(table) -> None:
    assert build_schema(table).names == [column.name for column in table.columns]
