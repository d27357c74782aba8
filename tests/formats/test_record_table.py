"""The tables: a row for each record, columns that are known from the definition, and texts that do no harm."""

import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Chunk, Segments, TapGap
from sniffer.formats import csv_table, parquet_table
from sniffer.formats.charger_log import parse_line
from sniffer.formats.entry import Origin, RecordEntry
from sniffer.formats.record_table import ColumnType, RecordTable, TableColumn
from tests.commands.convert.helpers import DEFINITION, HOSTILE, ITEMS, records_of
from tests.tui.helpers import captured, status_report

pyarrow_parquet = pytest.importorskip("pyarrow.parquet")

GOLDEN = Path(__file__).parent / "golden" / "undervoltage.csv"
ORIGIN = Origin(DEFINITION, UTC)
AT = 1_701_302_449_123_456_789


def as_csv(*items: Chunk | LogLine | TapGap, note: str = "", origin: Origin = ORIGIN) -> str:
    return b"".join(
        csv_table.encode_table((RecordEntry(record, None, note) for record in records_of(items)), origin)
    ).decode()


def rows(*items: Chunk | LogLine | TapGap, note: str = "") -> list[dict[str, str]]:
    return [*csv.DictReader(StringIO(as_csv(*items, note=note)))]


def as_parquet(*items: Chunk | LogLine | TapGap, note: str = "") -> Any:
    given = (RecordEntry(record, None, note) for record in records_of(items))
    return pyarrow_parquet.read_table(BytesIO(b"".join(parquet_table.encode_table(given, ORIGIN))))


def test_csv_of_the_capture_is_the_golden_one() -> None:
    assert as_csv(*captured()) == GOLDEN.read_text("utf-8")


def test_fields_of_commands_and_lines_are_columns_in_the_definition_s_order() -> None:
    names = [column.name for column in RecordTable(DEFINITION).columns]
    assert names[:8] == ["number", "time", "type", "link", "direction", "seq", "command", "name"]
    assert names[-8:] == ["problem", "reason", "raw", "line", "process", "text", "summary", "note"]
    fields = names[8:-8]
    assert len(set(names)) == len(names)
    wanted = [*(field.name for command in DEFINITION.commands for field in command.fields)]
    wanted += [field.name for line in DEFINITION.lines for field in line.fields]
    assert fields == [*dict.fromkeys(wanted), "undefined"]


def test_own_definition_adds_its_fields_and_steps_aside_for_the_other_columns() -> None:
    mine = """
        [[command]]
        link = "pwrboard"
        direction = "com>pwr"
        code = 0x7E
        name = "mine"
        summary = "wind {wind}"
        fields = [
            { name = "text", size = 1 },
            { name = "text_", size = 1 },
            { name = "wind", size = 1, unit = "m/s", divisor = 10 },
        ]
    """
    definition = load(packaged_files(), [("mine.toml", mine)])
    columns = RecordTable(definition).columns
    assert TableColumn("wind", ColumnType.REAL) in columns
    assert TableColumn("text__", ColumnType.INTEGER) in columns
    assert len({column.name for column in columns}) == len(columns)


def test_gap_is_a_row_with_its_reason_and_noise_one_with_its_bytes() -> None:
    noise, gap = rows(Segments(((b"\1\2", AT),)), TapGap(AT, "unplugged"), note="n")
    assert (noise["type"], noise["raw"], noise["reason"], noise["note"]) == ("noise", "0102", "garbage", "n")
    assert (gap["type"], gap["time"], gap["reason"]) == ("gap", "2023-11-30T00:00:49.123456+00:00", "unplugged")


@pytest.mark.parametrize("first", ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "=cmd|' /C calc'!A0"])
def test_csv_text_is_no_formula_and_can_be_had_back(first: str) -> None:
    (row,) = rows(LogLine(AT, first, first), note=first)
    for cell in (row["process"], row["text"], row["note"]):
        assert cell == f"'{first}"


def test_negative_number_stays_a_number() -> None:
    (row,) = rows(parse_line("2023-11-30T00:00:49+0000 [comproc] pwrCom error Code vol:4,8,-12"))
    assert row["cp_voltage"] == "-12"


@settings(deadline=None)
@given(ITEMS, st.text(max_size=9) | st.just(HOSTILE))
def test_csv_has_one_harmless_line_for_each_record(items: list, note: str) -> None:
    lines = as_csv(*items, note=note).split("\n")
    assert lines.pop() == ""
    assert len(lines) == 1 + len(records_of(items))
    assert all(line.isprintable() for line in lines)
    widths = {len(row) for row in csv.reader(lines)}
    assert widths == {len(RecordTable(DEFINITION).columns)}


def test_parquet_has_the_types_that_are_written_down() -> None:
    told = {column.name: str(column.type) for column in as_parquet(*captured()).schema}
    kinds = {
        ColumnType.INTEGER: "int64",
        ColumnType.REAL: "double",
        ColumnType.TEXT: "string",
        ColumnType.BYTES: "binary",
        ColumnType.TIME: "timestamp[ns, tz=UTC]",
    }
    assert told == {column.name: kinds[column.kind] for column in RecordTable(DEFINITION).columns}
    assert (told["connector"], told["l1_voltage"], told["status"]) == ("int64", "double", "string")


def test_parquet_holds_what_the_csv_holds() -> None:
    cells, lines = as_parquet(*captured()).to_pylist(), rows(*captured())
    assert len(cells) == len(lines) == 27
    for row, line in zip(cells, lines, strict=True):
        assert row.pop("time") == datetime.fromisoformat(line.pop("time"))
        assert {
            name: "" if cell is None else cell.hex() if name == "raw" else str(cell) for name, cell in row.items()
        } == line


def test_parquet_keeps_nanoseconds_bytes_and_any_text() -> None:
    report = status_report("Faulted")
    table = as_parquet(Chunk(report, AT), LogLine(AT, HOSTILE, "half \udc9b"), note=HOSTILE)
    assert [moment.value for moment in table["time"]] == [AT, AT]
    assert table["raw"].to_pylist() == [report, None]
    assert (table["process"][1].as_py(), table["text"][1].as_py()) == (HOSTILE, r"half \udc9b")
    assert table["note"].to_pylist() == [HOSTILE, HOSTILE]


def test_parquet_has_no_room_for_a_number_above_its_column() -> None:
    fine, large = (f"icomCode = {number},index=3" for number in (2**63 - 1, 2**63))
    table = as_parquet(LogLine(AT, "comproc", fine), LogLine(AT, "comproc", large))
    assert table["m4_error"].to_pylist() == [2**63 - 1, None]
    assert table["text"].to_pylist() == [fine, large]


def test_parquet_is_written_in_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_table, "ROWS_IN_A_BATCH", 5)
    monkeypatch.setattr(parquet_table, "BATCHES_IN_A_GROUP", 2)
    given = (RecordEntry(record) for record in records_of(captured()))
    pieces = [piece for piece in parquet_table.encode_table(given, ORIGIN) if piece]
    file = pyarrow_parquet.ParquetFile(BytesIO(b"".join(pieces)))
    assert [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)] == [10, 10, 7]
    assert len(pieces) == 4
    assert file.read()["number"].to_pylist() == [*range(1, 28)]


def test_parquet_without_a_record_has_its_columns() -> None:
    table = as_parquet()
    assert table.num_rows == 0
    assert table.column_names == [column.name for column in RecordTable(DEFINITION).columns]
