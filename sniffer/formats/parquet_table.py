"""The table of a session as Parquet, by pyarrow, which is an extra (`evse-sniff[parquet]`).

Rows are written in groups, so that memory is bounded however long a session is. Times are in nanoseconds in UTC, and
bytes are bytes. A number that is too large for its column becomes null; the row still has it in its text or bytes.
"""

from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any

from sniffer.formats.entry import Origin, RecordEntry
from sniffer.formats.losses import is_in_column
from sniffer.formats.record_table import Cell, ColumnType, RecordTable

MAGIC = b"PAR1"
"""The bytes that each of these files begins with."""

ROWS_IN_A_BATCH = 1000
"""The number of rows that become columns at once: few, so that the event loop is not held up."""

BATCHES_IN_A_GROUP = 20
"""The number of batches that are written together as a row group of the file."""


def encode_table(entries: Iterable[RecordEntry], origin: Origin) -> Iterator[bytes]:
    """Yield the file in pieces. Most of them are empty, because the rows of a group are written together."""
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    table, buffer = RecordTable(origin.definition), _Buffer()
    schema = arrow.schema([(column.name, _get_arrow_type(arrow, column.kind)) for column in table.columns])
    rows: list[list[Cell]] = []
    batches: list[Any] = []
    with parquet.ParquetWriter(buffer, schema, compression="zstd") as writer:
        for entry in entries:
            rows.append(table.build_row(entry))
            if len(rows) == ROWS_IN_A_BATCH:
                batches.append(_build_batch(arrow, schema, table, rows))
                rows = []
            if len(batches) == BATCHES_IN_A_GROUP:
                writer.write_table(arrow.Table.from_batches(batches))
                batches = []
            yield buffer.take()
        if rows:
            batches.append(_build_batch(arrow, schema, table, rows))
        if batches:
            writer.write_table(arrow.Table.from_batches(batches))
    yield buffer.take()


def _get_arrow_type(arrow: Any, kind: ColumnType) -> Any:
    types = {
        ColumnType.INTEGER: arrow.int64(),
        ColumnType.REAL: arrow.float64(),
        ColumnType.TEXT: arrow.string(),
        ColumnType.BYTES: arrow.binary(),
        ColumnType.TIME: arrow.timestamp("ns", "UTC"),
    }
    return types[kind]


def _build_batch(arrow: Any, schema: Any, table: RecordTable, rows: list[list[Cell]]) -> Any:
    columns = zip(zip(*rows, strict=True), table.columns, schema, strict=True)
    arrays = [_build_array(arrow, cells, column.kind, entry.type) for cells, column, entry in columns]
    return arrow.record_batch(arrays, schema=schema)


def _build_array(arrow: Any, cells: Sequence[Cell], kind: ColumnType, arrow_type: Any) -> Any:
    try:
        return arrow.array(cells, arrow_type)
    except (OverflowError, UnicodeEncodeError, arrow.ArrowInvalid):
        return arrow.array([_fit(cell, kind) for cell in cells], arrow_type)


def _fit(cell: Cell, kind: ColumnType) -> Cell:
    """Return the cell in a form that the column can hold, or None if there is none."""
    if isinstance(cell, int):
        return float(cell) if kind is ColumnType.REAL else cell if is_in_column(cell) else None
    # UTF-8 cannot encode a lone surrogate, which JSON can contain.
    return cell.encode("utf-8", "backslashreplace").decode() if isinstance(cell, str) else cell


class _Buffer:
    """The file that pyarrow writes to: it keeps the bytes until they are taken."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._written = 0

    def write(self, data: Any) -> int:
        """Keep more bytes, and return how many."""
        piece = bytes(data)
        self._pieces.append(piece)
        self._written += len(piece)
        return len(piece)

    def tell(self) -> int:
        """Return the number of bytes written in all."""
        return self._written

    def flush(self) -> None:
        """Do nothing: all bytes can be taken at once."""

    def close(self) -> None:
        """Mark the file as closed."""
        self.closed = True

    def take(self) -> bytes:
        """Return the bytes that were written since the last call."""
        data, self._pieces = b"".join(self._pieces), []
        return data
