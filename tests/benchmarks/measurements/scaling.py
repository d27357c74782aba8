"""Measure how time and memory grow with a session: reports, dumps, filters, proposals, exports and finding, on captures
of ten thousand frames and of ten and a hundred times as many.

Out: for each, the slope of the line through its times, both axes in powers of ten. 1 is linear: ten times as many
frames take ten times as long. Commands are whole processes on one core, by their processor time without that of a
start. Of the largest capture also: the time until its first rows are on the screen.
"""

import os
import tempfile
from collections.abc import Mapping, Sequence
from itertools import islice
from math import log10
from pathlib import Path
from statistics import linear_regression, median
from time import monotonic, process_time

from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.items import Chunk
from sniffer.history.records.record_store import RecordStore
from sniffer.tui.state.rows import AllRows, Rows, Window
from sniffer.tui.state.search import Needle, Search
from tests.benchmarks.equipment.capture_shapes import write
from tests.benchmarks.equipment.process_use import Use, run_measured
from tests.benchmarks.equipment.terminal import Terminal
from tests.benchmarks.measure import Figure
from tests.benchmarks.measurements.memory import BATCH, FRAME_TIME, TRAFFIC
from tests.tools import EVSE_SNIFF

SMALLEST, LARGEST = 10_000, 1_000_000
SHAPE = "own.pcapng"
START = 1
"""The frames of a capture that takes as long as a start."""

LINEAR = 1.1
"""The steepest slope that counts as linear on a machine that is busy with other work."""

MOST_GROWTH = 20.0
"""Megabytes by which the memory of a report may grow from the smallest to the largest session."""

COMMANDS: Mapping[str, Sequence[str]] = {
    "report": ("report",),
    "dump": ("dump", "--json"),
    "filter": ("dump", "--filter", "size > 9"),
    "learn": ("learn",),
    "export": ("convert", "--force"),
}
"""The commands that are measured. The file follows these words."""

FIRST_SCREEN = 1.0
"""The most seconds from the command to the first rows of a capture, however large it is."""

OPENINGS = 5

IN_A_ROW = "status report"
"""A text that rows of the capture show."""

ABSENT = "no row has this text"


def list_sizes(most: int = LARGEST) -> list[int]:
    """Return the numbers of frames that are measured: ten times as many each time, up to `most`."""
    sizes = [SMALLEST]
    while 10 * sizes[-1] <= most:
        sizes.append(10 * sizes[-1])
    return sizes


def find_slope(times: Mapping[int, float]) -> float:
    """Return the slope of the line through these seconds by numbers of frames, both in powers of ten."""
    return linear_regression([log10(size) for size in times], [log10(taken) for taken in times.values()]).slope


def measure(most: int = LARGEST) -> list[Figure]:
    """Return the slopes, and how the memory of a report grows, on sessions of up to `most` frames."""
    sizes = list_sizes(most)
    used: dict[str, dict[int, Use]] = {what: {} for what in COMMANDS}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        starts = {what: _run(what, write(folder, SHAPE, START)) for what in COMMANDS}
        for size in sizes:
            path = write(folder, SHAPE, size)
            for what in COMMANDS:
                used[what][size] = _run(what, path)
            opened = median(_open(path) for _ in range(OPENINGS))
            path.unlink()
    times = {
        what: {size: use.seconds - starts[what].seconds for size, use in uses.items()} for what, uses in used.items()
    }
    times["find"] = {size: _find(size) for size in sizes}
    figures = [_slope(what, of_sizes) for what, of_sizes in times.items()]
    memory = {size: use.memory / 1e6 for size, use in used["report"].items()}
    grown = max(memory.values()) - memory[sizes[0]]
    note = ", ".join(f"{at:.0f} MB at {size:,}" for size, at in memory.items())
    return [
        *figures,
        Figure(f"report, {_span(sizes)}: growth of memory", grown, "MB", MOST_GROWTH, note),
        Figure(f"first screen of a capture of {sizes[-1]:,} frames", opened, "s", FIRST_SCREEN),
    ]


def _slope(what: str, times: Mapping[int, float]) -> Figure:
    """Return the slope of one row, with the time of a frame at each size."""
    note = ", ".join(f"{1e6 * taken / size:.1f} us at {size:,}" for size, taken in times.items())
    return Figure(f"{what}, {_span([*times])}: slope", find_slope(times), "", LINEAR, note)


def _span(sizes: Sequence[int]) -> str:
    return f"{sizes[0]:,} to {sizes[-1]:,} frames"


def _run(what: str, path: Path) -> Use:
    """Return what a command used on a capture. Raises `CalledProcessError` if it fails."""
    words = [*EVSE_SNIFF, *COMMANDS[what], str(path)]
    if what == "export":
        words.append(str(path.with_suffix(".csv")))
    core = min(os.sched_getaffinity(0))
    return run_measured(["taskset", "--cpu-list", str(core), *words])


def _open(path: Path) -> float:
    """Return the seconds from the command until the screen shows rows of the capture."""
    began = monotonic()
    with Terminal(*EVSE_SNIFF, str(path)) as terminal:
        taken = terminal.until(lambda text: IN_A_ROW in text) - began
        terminal.quit()
    return taken


def _find(frames: int) -> float:
    """Return the seconds of the processor in which a text that is in no row is looked for in all of them."""
    definition, traffic, count = packaged_definition(), TRAFFIC["calm traffic"](), 0
    pipeline, store = Pipeline(definition), RecordStore(definition)
    while count < frames:
        for data in islice(traffic, min(BATCH, frames - count)):
            store.receive(pipeline.feed(Chunk(data, count * FRAME_TIME)))
            count += 1
    rows = Rows(store)
    window = Window(rows, AllRows(rows), rows.first, len(rows))
    search = Search(window, Needle(ABSENT, definition), {}, 0, 1)
    began = process_time()
    while not search.is_over:
        if search.run_for(1.0) is not None:
            raise RuntimeError(f"{ABSENT!r} was found")
    return process_time() - began
