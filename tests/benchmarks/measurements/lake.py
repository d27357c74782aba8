"""Measure the lake: how fast captures get into it compared with decoding alone, with how much memory, and how soon a
question is answered. `python -m tests.benchmarks.measurements.lake CAPTURES FRAMES EVENTS` does the same at any size.

The events are rows of the real schema in files of a million each; their content repeats, their times go on.
"""

import sys
import tempfile
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter

import pyarrow
from pyarrow import compute, parquet

from sniffer.base.times import SECOND
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.fleet.lake.additions.capture_list import CaptureFile
from sniffer.fleet.lake.additions.content_name import read_content_name
from sniffer.fleet.lake.additions.ingest import AddRequest, add_sessions
from sniffer.fleet.lake.queries.query import LakeConnection
from sniffer.fleet.lake.schema import TABLES_BY_NAME
from sniffer.fleet.lake.store import LakeStore, Partition
from sniffer.fleet.lake.tables.table_file import ROWS_IN_A_GROUP, TableFiles, build_schema
from sniffer.session import Session
from sniffer.sources.stored.session_file import open_file
from tests.benchmarks.equipment.fleet_captures import BEGAN, write_fleet
from tests.benchmarks.equipment.process_use import Use, run_measured
from tests.benchmarks.measure import Figure, Ratio, ratio
from tests.tools import EVSE_SNIFF

CAPTURES, FRAMES, EVENTS = 50, 10_000, 10_000_000
ROUNDS = 5
LEAST_RATIO = 0.5
"""The least speed at which a capture gets into the lake, compared with decoding alone."""

LONG, LONGER = 600_000, 1_200_000
"""Frames of the two captures whose memory is compared: both fill the group of rows of each large table."""

MOST_GROWTH = 20.0
ROWS_IN_A_FILE = 1_000_000
BY_WEEK = "select date_trunc('week', time) as week, {kind}, count(*) from {table} group by all order by all"


class _EmptySink:
    """A sink that takes records and does nothing."""

    def receive(self, records: object) -> None:
        """Do nothing."""


def measure(captures: int = CAPTURES, frames: int = FRAMES, events: int = EVENTS) -> list[Figure | Ratio]:
    """Return all figures, on so many captures of so many frames, and so many rows of events."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_fleet(folder / "fleet", captures, frames)
        return [
            _compare_with_decoding(folder, frames),
            *_measure_memory(folder),
            *_measure_fleet(folder, captures, frames),
            _measure_events(folder, events),
        ]


def _compare_with_decoding(folder: Path, frames: int) -> Ratio:
    """Return how the time of one capture into the lake compares with that of decoding it, both on one processor."""
    import asyncio

    path = next((folder / "fleet").rglob("*.pcapng"))
    capture, definition, number = CaptureFile(str(path), 1), packaged_definition(), count()

    def decode() -> None:
        asyncio.run(Session(open_file(path), Pipeline(definition), [_EmptySink()]).run())

    def add() -> None:
        lake = folder / f"one-{next(number)}"
        assert add_sessions(AddRequest(str(lake), capture, {"": read_content_name(path)})).frames == frames

    what = f"{frames:,} frames: decoding alone / into the lake"
    return ratio(what, add, decode, at_least=LEAST_RATIO, rounds=ROUNDS)


def _measure_memory(folder: Path) -> list[Figure]:
    """Return the memory of two long captures, each added by a process of its own, and by how much they differ."""
    sizes = []
    for frames in (LONG, LONGER):
        write_fleet(folder / f"long-{frames}", 1, frames)
        words = ["lake", "add", str(folder / f"long-{frames}"), "--to", str(folder / f"lake-{frames}"), "--jobs", "1"]
        sizes.append(_run(*words).memory / 1e6)
    small, large = sizes
    return [
        Figure(f"memory to add a capture of {LONGER:,} frames", large, "MB", None),
        Figure(f"more than for one of {LONG:,} frames", max(0.0, large - small), "MB", MOST_GROWTH),
    ]


def _measure_fleet(folder: Path, captures: int, frames: int) -> list[Figure]:
    """Return how many frames a second one process adds, the bytes of a frame, and how soon the lake answers."""
    lake = folder / "lake"
    seconds = _run("lake", "add", str(folder / "fleet"), "--to", str(lake), "--jobs", "1").seconds
    again = _run("lake", "add", str(folder / "fleet"), "--to", str(lake), "--jobs", "1").seconds
    size = sum(path.stat().st_size for path in lake.rglob("*.parquet"))
    total = captures * frames
    what = f"{captures:,} captures, {total:,} frames"
    return [
        Figure(f"{what}: into the lake", total / seconds, "frames/s", None, "of one processor"),
        Figure(f"{what}: the same again", 1000 * again / captures, "ms", None, "for each capture"),
        Figure(f"{what}: size", size / total, "bytes", None, "for each frame"),
        Figure(f"{what}: faults by week", _time(lake, BY_WEEK.format(kind="kind", table="faults")), "ms", 1000),
    ]


def _measure_events(folder: Path, rows: int) -> Figure:
    """Return how soon events by week are known, of so many rows."""
    lake = folder / "events"
    write_events(lake, rows)
    return Figure(f"{rows:,} rows: events by week", _time(lake, BY_WEEK.format(kind="event", table="events")), "ms")


def write_events(lake: Path, rows: int) -> None:
    """Write a lake with so many rows of events."""
    names = ["status", "fault_raised", "fault_cleared", "boot", "unanswered", "retransmission", "measure", "overdue"]
    store, schema = LakeStore(str(lake)), build_schema(TABLES_BY_NAME["events"])
    session_row = (None,) * (len(TABLES_BY_NAME["sessions"].columns) - 1)
    places = range(ROWS_IN_A_GROUP)
    events = pyarrow.array([names[at * 7919 % 8] for at in places])
    details = pyarrow.array([f'{{"from":"Available","to":"Preparing","dwell":{at % 977 / 10}}}' for at in places])
    numbers = pyarrow.array(places, pyarrow.int64())
    connectors = pyarrow.repeat(pyarrow.scalar(1, pyarrow.int64()), len(places))
    seconds, time = pyarrow.array(range(0, len(places) * SECOND, SECOND), pyarrow.int64()), BEGAN
    for number in range(-(-rows // ROWS_IN_A_FILE)):
        session, left = f"{number:048}", min(ROWS_IN_A_FILE, rows - number * ROWS_IN_A_FILE)
        with store.stage() as folder:
            files = TableFiles(folder, session)
            files.extend("sessions", [session_row])
            files.close()
            path = folder / "events.parquet"
            with parquet.ParquetWriter(path, schema, compression="zstd", store_schema=False) as writer:
                while left:
                    size = min(left, ROWS_IN_A_GROUP)
                    times = compute.add(seconds.slice(0, size), pyarrow.scalar(time)).cast(pyarrow.timestamp("ns"))
                    columns = [
                        pyarrow.repeat(session, size),
                        numbers.slice(0, size),
                        times,
                        events.slice(0, size),
                        connectors.slice(0, size),
                        details.slice(0, size),
                    ]
                    writer.write_table(pyarrow.table(columns, schema=schema), row_group_size=ROWS_IN_A_GROUP)
                    time, left = time + size * SECOND, left - size
            partition = Partition(f"bench-{number % 50}", "2026-01-15")
            store.commit(session, partition, {**files.paths, "events": path}, {})


def _time(lake: Path, question: str) -> float:
    """Return the median time of a question in milliseconds, in a lake that is open."""
    times = []
    with LakeConnection(str(lake)) as connection:
        for _ in range(ROUNDS):
            began = perf_counter()
            connection.list_rows(question)
            times.append(1000 * (perf_counter() - began))
    return median(times)


def _run(*words: str) -> Use:
    """Return what a command used. Raises `CalledProcessError` if it fails."""
    return run_measured([*EVSE_SNIFF, *words])


if __name__ == "__main__":
    for figure in measure(*map(int, sys.argv[1:])):
        print(figure, flush=True)
