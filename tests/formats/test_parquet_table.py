"""Parquet tables: typed columns, what the CSV holds as well, and groups of rows."""

from datetime import datetime
from io import BytesIO
from typing import Any

import pytest

from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Chunk
from sniffer.formats import parquet_table
from sniffer.formats.entry import RecordEntry
from sniffer.formats.record_table import ColumnType, RecordTable
from tests.commands.convert.helpers import DEFINITION, HOSTILE
from tests.formats.test_csv_table import AT, ORIGIN, rows
from tests.records import records_of
from tests.tui.helpers import captured, status_report

pyarrow_parquet = pytest.importorskip("pyarrow.parquet")


def as_parquet(*items: Chunk | LogLine, note: str = "") -> Any:
    """Return the table of a session of these items."""
    entries = (RecordEntry(record, None, note) for record in records_of(*items))
    return pyarrow_parquet.read_table(BytesIO(b"".join(parquet_table.encode_table(entries, ORIGIN))))


def test_columns_have_their_types() -> None:
    types = {column.name: str(column.type) for column in as_parquet(*captured()).schema}
    kinds = {
        ColumnType.INTEGER: "int64",
        ColumnType.REAL: "double",
        ColumnType.TEXT: "string",
        ColumnType.BYTES: "binary",
        ColumnType.TIME: "timestamp[ns, tz=UTC]",
    }
    assert types == {column.name: kinds[column.kind] for column in RecordTable(DEFINITION).columns}
    assert (types["connector"], types["l1_voltage"], types["status"]) == ("int64", "double", "string")
    assert (types["energy"], types["current"], types["board_temperature"]) == ("int64", "double", "int64")


def test_the_table_holds_what_the_csv_holds() -> None:
    cells, lines = as_parquet(*captured()).to_pylist(), rows(*captured())
    assert len(cells) == len(lines) == 27
    for row, line in zip(cells, lines, strict=True):
        assert row.pop("time") == datetime.fromisoformat(line.pop("time"))
        assert {
            name: "" if cell is None else cell.hex() if name == "raw" else str(cell) for name, cell in row.items()
        } == line


def test_nanoseconds_bytes_and_any_text_are_kept() -> None:
    report = status_report("Faulted")
    table = as_parquet(Chunk(report, AT), LogLine(AT, HOSTILE, "half \udc9b"), note=HOSTILE)
    assert [moment.value for moment in table["time"]] == [AT, AT]
    assert table["raw"].to_pylist() == [report, None]
    assert (table["process"][1].as_py(), table["text"][1].as_py()) == (HOSTILE, r"half \udc9b")
    assert table["note"].to_pylist() == [HOSTILE, HOSTILE]


def test_a_number_too_large_for_its_column_is_null() -> None:
    fine, large = (f"icomCode = {number},index=3" for number in (2**63 - 1, 2**63))
    table = as_parquet(LogLine(AT, "comproc", fine), LogLine(AT, "comproc", large))
    assert table["m4_error"].to_pylist() == [2**63 - 1, None]
    assert table["text"].to_pylist() == [fine, large]


def test_rows_are_written_in_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_table, "ROWS_IN_A_BATCH", 5)
    monkeypatch.setattr(parquet_table, "BATCHES_IN_A_GROUP", 2)
    entries = (RecordEntry(record) for record in records_of(*captured()))
    pieces = [piece for piece in parquet_table.encode_table(entries, ORIGIN) if piece]
    file = pyarrow_parquet.ParquetFile(BytesIO(b"".join(pieces)))
    assert [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)] == [10, 10, 7]
    assert len(pieces) == 4
    assert file.read()["number"].to_pylist() == [*range(1, 28)]


def test_a_table_without_records_has_its_columns() -> None:
    table = as_parquet()
    assert table.num_rows == 0
    assert table.column_names == [column.name for column in RecordTable(DEFINITION).columns]


def test_a_large_integer_fits_a_column_of_real_numbers() -> None:
    assert parquet_table._fit(2**63, ColumnType.REAL) == float(2**63)
    assert parquet_table._fit(2**63 - 1, ColumnType.INTEGER) == 2**63 - 1
    assert parquet_table._fit(2**63, ColumnType.INTEGER) is None
    assert parquet_table._fit(-(2**63), ColumnType.INTEGER) == -(2**63)
    assert parquet_table._fit(-(2**63) - 1, ColumnType.INTEGER) is None
    assert parquet_table._fit(b"x", ColumnType.BYTES) == b"x"
