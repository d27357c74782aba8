"""Ask a lake in SQL, by DuckDB.

In: a lake, and a question. Out: rows in batches. The tables are views of the Parquet files of the sessions that were
present when the lake was opened. A question can read these and nothing else: no file, no network, no extension, no
setting, and it can write nothing. Columns are found by their field ids, so files of any version of the schema are read.
"""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Self

import duckdb
import pyarrow

from sniffer.base.errors import LakeError
from sniffer.base.late_pattern import compile_late
from sniffer.fleet.lake.schema import PARTITIONS, TABLES, LakeTable
from sniffer.fleet.lake.store import LakeStore, open_store

LINES_IN_A_MESSAGE = 2
"""The lines of a message of DuckDB that are shown: the error, and what may be meant."""

_KIND = compile_late(r"^[\w ]+ Error: ")
_NO_TABLE = compile_late(r"Table with name (.*) does not exist!")

AnswerValue = Any
"""A value of a row: None, bool, int, float, str, bytes, or a list or an object of these."""


class LakeConnection:
    """A lake that can be asked. Raises `LakeError` if it cannot be read. It is a context manager."""

    def __init__(self, url: str) -> None:
        store, listing = open_store(url)
        self.store = store
        settings: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        self._connection = duckdb.connect(config=settings)
        # DuckDB lets a question read the folder of its own temporary files, so nothing else may be in it.
        self._temporary = tempfile.TemporaryDirectory(prefix="evse-sniff-")
        try:
            if not store.is_local:
                self._connection.register_filesystem(store.fs)
            for table in TABLES:
                files = [_locate(store, path) for path in listing.files[table.name]]
                self._connection.execute(_format_view(table, files))
            for setting in _list_settings(_locate(store, store.root), self._temporary.name):
                self._connection.execute(setting)
        except duckdb.Error as error:
            self.close()
            raise LakeError(f"{url}: {_describe(error)}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close it, and remove its temporary files."""
        self._connection.close()
        self._temporary.cleanup()

    def ask(self, question: str, values: Sequence[object] = ()) -> "LakeAnswer":
        """Return the answer to one question. `values` stand for the `?` in it.

        Raises `LakeError` if it cannot be answered, or if it is no question.
        """
        try:
            statements = duckdb.extract_statements(question)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise LakeError("a lake answers one SELECT at a time, such as `select count(*) from frames`")
            return LakeAnswer(self._connection.sql(question, params=[*values] or None))
        except duckdb.Error as error:
            raise LakeError(_describe(error)) from error

    def list_rows(self, question: str, values: Sequence[object] = ()) -> list[tuple[AnswerValue, ...]]:
        """Return all rows of the answer to a question. Raises `LakeError`."""
        return [row for batch in self.ask(question, values).batches() for row in batch]


class LakeAnswer:
    """The answer to one question. `names` are those of its columns."""

    def __init__(self, result: duckdb.DuckDBPyRelation) -> None:
        self.names: tuple[str, ...] = tuple(result.columns)
        self._result = result

    def batches(self) -> Iterator[list[tuple[AnswerValue, ...]]]:
        """Yield the rows, some at a time. Raises `LakeError` if the answer cannot be found."""
        try:
            for batch in pyarrow.RecordBatchReader.from_stream(self._result):
                columns = [_list_values(column) for column in batch.columns]
                yield [*zip(*columns, strict=True)]
        except (duckdb.Error, pyarrow.ArrowException) as error:
            raise LakeError(_describe(error)) from error


def _format_view(table: LakeTable, files: Sequence[str]) -> str:
    """Return the statement that makes the view of a table."""
    partitions = ", ".join(f"'{name}': {kind}" for name, kind in PARTITIONS.items())
    if files:
        ids = ", ".join(
            f"{place}: {{name: '{column.name}', type: '{column.kind}', default_value: NULL}}"
            for place, column in enumerate(table.columns, start=1)
        )
        source = (
            f"select * from read_parquet([{', '.join(map(_quote, files))}], schema=map {{{ids}}}, "
            f"hive_partitioning=true, hive_types={{{partitions}}})"
        )
    else:
        columns = [(column.name, column.kind) for column in table.columns]
        cells = (f"null::{kind} as {name}" for name, kind in (*columns, *PARTITIONS.items()))
        source = f"select {', '.join(cells)} where false"
    return f"create view {table.name} as {source}"


def _list_settings(root: str, temporary: str) -> list[str]:
    """Return the statements after which a question can read the files of the lake, and change nothing."""
    return [
        "set python_enable_replacements=false",
        f"set temp_directory={_quote(temporary)}",
        f"set allowed_directories=[{_quote(f'{root}/')}]",
        "set enable_external_access=false",
        "set lock_configuration=true",
    ]


def _locate(store: LakeStore, path: str) -> str:
    """Return a path as DuckDB opens it."""
    return path if store.is_local else str(store.fs.unstrip_protocol(path))


def _quote(text: str) -> str:
    escaped = text.replace("'", "''")
    return f"'{escaped}'"


def _list_values(column: pyarrow.Array) -> list[AnswerValue]:
    """Return the values of a column. Times and dates are text by ISO 8601, times with nanoseconds as the column has."""
    if pyarrow.types.is_timestamp(column.type):
        return [text and text.replace(" ", "T") for text in column.cast(pyarrow.string()).to_pylist()]
    if pyarrow.types.is_temporal(column.type):
        return column.cast(pyarrow.string()).to_pylist() if _is_castable(column.type) else _list_texts(column)
    return [_simplify(value) for value in column.to_pylist()]


def _is_castable(kind: pyarrow.DataType) -> bool:
    return bool(pyarrow.types.is_date(kind) or pyarrow.types.is_time(kind))


def _list_texts(column: pyarrow.Array) -> list[AnswerValue]:
    return [None if value is None else str(value) for value in column.to_pylist()]


def _simplify(value: AnswerValue) -> AnswerValue:
    """Return a value that JSON and CSV know, except bytes."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list | tuple):
        return [_simplify(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _simplify(one) for key, one in value.items()}
    if value is None or isinstance(value, bool | int | float | str | bytes):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def _describe(error: Exception) -> str:
    """Return the message of DuckDB as one line, without the place in the question that it draws below."""
    if isinstance(error, duckdb.PermissionException):
        return "a question reads the tables of the lake and nothing else: no files, no extensions"
    text = _KIND.sub("", str(error).partition("\n\nLINE ")[0])
    if found := _NO_TABLE.match(text):
        return f"there is no table {found[1]}: choose one of {', '.join(table.name for table in TABLES)}"
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " ".join(lines[:LINES_IN_A_MESSAGE]) or type(error).__name__
