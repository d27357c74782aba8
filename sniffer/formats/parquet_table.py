"""The table of a session as Parquet, by pyarrow, which is an extra (`evse-sniff[parquet]`).

Rows are written in groups, so that memory is bounded however long a session is. Times are nanoseconds in UTC, bytes
are bytes; a number for which its column has no room is null, and stands in the row's text or bytes all the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any

from sniffer.formats.entry import Origin, RecordEntry
from sniffer.formats.losses import LARGEST_NUMBER
from sniffer.formats.record_table import Cell, ColumnType, RecordTable

MAGIC = b"PAR1"
"""How each of these files begins."""

ROWS_IN_A_BATCH = 1000
"""Rows that are made columns of in one go: so few that nothing waits for it."""

BATCHES_IN_A_GROUP = 20


def encode_table(given: Iterable[RecordEntry], origin: Origin) -> Iterator[bytes]:
    """The file, in pieces: most of them empty, as a group's rows are written together."""
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    table, out = RecordTable(origin.definition), _Out()
    schema = arrow.schema([(column.name, _type(arrow, column.kind)) for column in table.columns])
    rows: list[list[Cell]] = []
    batches: list[Any] = []
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for entry in given:
            rows.append(table.row(entry))
            if len(rows) == ROWS_IN_A_BATCH:
                batches.append(_batch(arrow, schema, table, rows))
                rows = []
            if len(batches) == BATCHES_IN_A_GROUP:
                writer.write_table(arrow.Table.from_batches(batches))
                batches = []
            yield out.taken()
        if rows:
            batches.append(_batch(arrow, schema, table, rows))
        if batches:
            writer.write_table(arrow.Table.from_batches(batches))
    yield out.taken()


def _type(arrow: Any, kind: ColumnType) -> Any:
    types = {
        ColumnType.INTEGER: arrow.int64(),
        ColumnType.REAL: arrow.float64(),
        ColumnType.TEXT: arrow.string(),
        ColumnType.BYTES: arrow.binary(),
        ColumnType.TIME: arrow.timestamp("ns", "UTC"),
    }
    return types[kind]


def _batch(arrow: Any, schema: Any, table: RecordTable, rows: list[list[Cell]]) -> Any:
    columns = zip(zip(*rows, strict=True), table.columns, schema, strict=True)
    arrays = [_array(arrow, cells, column.kind, wanted.type) for cells, column, wanted in columns]
    return arrow.record_batch(arrays, schema=schema)


def _array(arrow: Any, cells: Sequence[Cell], kind: ColumnType, wanted: Any) -> Any:
    try:
        return arrow.array(cells, wanted)
    except (OverflowError, UnicodeEncodeError, arrow.ArrowInvalid):
        return arrow.array([_fitting(cell, kind) for cell in cells], wanted)


def _fitting(cell: Cell, kind: ColumnType) -> Cell:
    """What the column has room for, where it has none for all of its cells as they are."""
    if isinstance(cell, int):
        return float(cell) if kind is ColumnType.REAL else cell if cell <= LARGEST_NUMBER else None
    # UTF-8 has no room for half a pair of surrogates, which JSON can name.
    return cell.encode("utf-8", "backslashreplace").decode() if isinstance(cell, str) else cell


class _Out:
    """The file that pyarrow writes to: it holds what was written until that is taken."""

    closed = False

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._written = 0

    def write(self, data: Any) -> int:
        """Take more bytes."""
        held = bytes(data)
        self._held.append(held)
        self._written += len(held)
        return len(held)

    def tell(self) -> int:
        """How many bytes were written."""
        return self._written

    def flush(self) -> None:
        """All that was written can be taken at once."""

    def close(self) -> None:
        """Nothing more will be written."""
        self.closed = True

    def taken(self) -> bytes:
        """What was written since this was asked for last."""
        held, self._held = b"".join(self._held), []
        return held
