"""Helpers for the tests of the lake: a small lake of the packaged captures, and its rows as pyarrow reads them."""

import shutil
from pathlib import Path
from typing import Any

import pytest

pyarrow = pytest.importorskip("pyarrow")
pytest.importorskip("pyarrow.parquet")
pytest.importorskip("fsspec")

from sniffer.fleet.lake.additions.add import AddSummary, add_captures  # noqa: E402
from sniffer.fleet.lake.additions.capture_list import list_captures  # noqa: E402
from sniffer.fleet.lake.additions.workers import LocalWorkers  # noqa: E402
from sniffer.fleet.lake.store import LakeStore  # noqa: E402
from tests.paths import CAPTURES  # noqa: E402

FAULT = CAPTURES / "undervoltage.log"
SAG = CAPTURES / "mains-sag.pcapng"
CHARGING = CAPTURES / "charging.pcapng"


def copy_captures(folder: Path, *captures: Path) -> Path:
    """Copy captures into a new folder and return it."""
    folder.mkdir(parents=True)
    for capture in captures:
        shutil.copy(capture, folder)
    return folder


def add(lake: Path | str, *words: Path, **options: Any) -> AddSummary:
    """Add what these words name, in this process."""
    captures = list_captures([*map(str, words)]).captures
    return add_captures(str(lake), captures, LocalWorkers(1), **options)


def rows(lake: Path | str, table: str) -> list[dict[str, Any]]:
    """Return the rows of the sessions that are present, in the order of their sessions."""
    store = LakeStore(str(lake))
    found: list[dict[str, Any]] = []
    for path in store.list_files().files[table]:
        with store.fs.open(path, "rb") as file:
            found += list_rows(pyarrow.parquet.ParquetFile(file).read())
    return found


def list_rows(table: Any) -> list[dict[str, Any]]:
    """Return the rows of a table of pyarrow. Times are whole nanoseconds, as Python has no others so fine."""
    columns = {
        name: column.cast("int64") if pyarrow.types.is_timestamp(column.type) else column
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
    rows: list[dict[str, Any]] = pyarrow.table(columns).to_pylist()
    return rows


def content(lake: Path) -> dict[str, bytes]:
    """Return all files of a lake in a folder, by their paths."""
    files = (path for path in sorted(lake.rglob("*")) if path.is_file())
    return {str(path.relative_to(lake)): path.read_bytes() for path in files}
