"""The Parquet files of one session, written by pyarrow into a local folder.

In: rows. Out: one file for each table that has rows, named by the table. Rows are written in groups, so memory is
bounded however long the session is. A text that UTF-8 cannot encode is escaped; a number that is too large is null.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow
from pyarrow import parquet

from sniffer.fleet.lake.schema import SCHEMA_VERSION, TABLES_BY_NAME, LakeTable, SqlType
from sniffer.fleet.lake.tables.frame_rows import Row
from sniffer.formats.losses import is_in_column

ROWS_IN_A_BATCH = 4096
"""The number of rows that become columns at once."""

ROWS_IN_A_GROUP = 122_880
"""The number of rows that are written together. DuckDB reads groups of this size, each by one thread."""

LEVEL = 3
"""The level of zstd."""

VERSION_KEY = b"evse-sniff.lake.schema"

_RISING = ("number", "time", "request")
"""Columns whose values mostly rise, so that their differences are small."""

_VARIED = ("raw", "seq", "latency")
"""Columns whose values are seldom the same."""

_LONG = ("raw", "fields", "detail")

_TYPES: dict[SqlType, pyarrow.DataType] = {
    "VARCHAR": pyarrow.string(),
    "BIGINT": pyarrow.int64(),
    "DOUBLE": pyarrow.float64(),
    "BOOLEAN": pyarrow.bool_(),
    "BLOB": pyarrow.binary(),
    "TIMESTAMP_NS": pyarrow.timestamp("ns"),
}


def build_schema(table: LakeTable) -> pyarrow.Schema:
    """Return the Arrow schema of a table. The place of a column is its field id."""
    fields = [
        pyarrow.field(column.name, _TYPES[column.kind], metadata={b"PARQUET:field_id": str(place).encode()})
        for place, column in enumerate(table.columns, start=1)
    ]
    return pyarrow.schema(fields)


class TableFiles:
    """The files of one session in `folder`, by the names of their tables."""

    def __init__(self, folder: Path, session: str) -> None:
        self._folder = folder
        self._session = session
        self._files: dict[str, _TableFile] = {}

    @property
    def paths(self) -> dict[str, Path]:
        """The paths of the files, by table."""
        return {name: file.path for name, file in self._files.items()}

    def extend(self, table: str, rows: Sequence[Row]) -> None:
        """Add rows to a table. Raises `OSError` if they cannot be written."""
        file = self._files.get(table)
        if file is None:
            path = self._folder / f"{table}.parquet"
            file = self._files[table] = _TableFile(TABLES_BY_NAME[table], path, self._session)
        file.extend(rows)

    def close(self) -> None:
        """Write what is left, and end all files. Raises `OSError`."""
        for file in self._files.values():
            file.close()


class _TableFile:
    """One file."""

    def __init__(self, table: LakeTable, path: Path, session: str) -> None:
        self.path = path
        self._schema = build_schema(table)
        self._session = pyarrow.scalar(session, pyarrow.string())
        self._rows: list[Row] = []
        self._batches: list[pyarrow.RecordBatch] = []
        self._waiting = 0
        names = [column.name for column in table.columns]
        rising = [name for name in names if name in _RISING]
        self._writer = parquet.ParquetWriter(
            path,
            self._schema,
            compression="zstd",
            compression_level=LEVEL,
            use_dictionary=[name for name in names if name not in (*_RISING, *_VARIED)],
            column_encoding=dict.fromkeys(rising, "DELTA_BINARY_PACKED"),
            # Statistics of bytes and of long texts help no query, and make small files large.
            write_statistics=[name for name in names if name not in _LONG],
            store_schema=False,
        )

    def extend(self, rows: Sequence[Row]) -> None:
        self._rows += rows
        if len(self._rows) >= ROWS_IN_A_BATCH:
            self._end_batch()
            if self._waiting >= ROWS_IN_A_GROUP:
                self._end_group()

    def close(self) -> None:
        self._end_batch()
        self._end_group()
        self._writer.add_key_value_metadata({VERSION_KEY: str(SCHEMA_VERSION).encode()})
        self._writer.close()

    def _end_batch(self) -> None:
        if not self._rows:
            return
        sessions = pyarrow.repeat(self._session, len(self._rows))
        columns = zip(zip(*self._rows, strict=True), list(self._schema)[1:], strict=True)
        arrays = [_build_array(cells, field.type) for cells, field in columns]
        self._batches.append(pyarrow.record_batch([sessions, *arrays], schema=self._schema))
        self._waiting += len(self._rows)
        self._rows = []

    def _end_group(self) -> None:
        if self._batches:
            self._writer.write_table(pyarrow.Table.from_batches(self._batches), row_group_size=ROWS_IN_A_GROUP)
        self._batches, self._waiting = [], 0


def _build_array(cells: Sequence[Any], kind: pyarrow.DataType) -> pyarrow.Array:
    try:
        return pyarrow.array(cells, kind)
    except (OverflowError, UnicodeEncodeError, pyarrow.ArrowInvalid, pyarrow.ArrowTypeError):
        return pyarrow.array([_fit(cell, kind) for cell in cells], kind)


def _fit(cell: Any, kind: pyarrow.DataType) -> Any:
    """Return the cell in a form that the column can hold, or None if there is none."""
    if pyarrow.types.is_string(kind):
        return None if cell is None else str(cell).encode("utf-8", "backslashreplace").decode()
    if pyarrow.types.is_floating(kind):
        return float(cell) if isinstance(cell, int | float) else None
    if isinstance(cell, int) and not is_in_column(cell):
        return None
    return cell
