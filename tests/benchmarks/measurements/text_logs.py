"""Measure how fast texts are reported, compared to reading and splitting their lines in Python, and the memory of that.

The charger's log is the public one, again and again with its times moved on; hex text are the frames of a charging
session as `xxd` prints them, and one frame a line after a time and a direction. Both sides are whole processes on the
same file, in one run. `python -m tests.benchmarks.measurements.text_logs 100` measures files of 100 MB.
"""

import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import count, cycle
from pathlib import Path

from tests.benchmarks.equipment.process_use import run_measured
from tests.benchmarks.equipment.traffic import charging_frames
from tests.benchmarks.measure import Figure, Ratio
from tests.paths import CAPTURES
from tests.tools import EVSE_SNIFF

MEGABYTES = 10
"""The size of each file."""

SMALL = 0.2
"""The size of the file that shows the memory which does not depend on the size, as a share."""

ROUND = 10_000
LOG_RATIO, HEX_RATIO = 0.05, 0.08
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\+\d{4} )")
_SPLIT = "import sys\nfor line in open(sys.argv[1]): line.split()"
_ROW = 16


def measure(megabytes: float = MEGABYTES) -> list[Figure | Ratio]:
    """Return all figures, on files of this size."""
    found: list[Figure | Ratio] = []
    with tempfile.TemporaryDirectory() as name:
        for title, at_least, lines in (
            ("the charger's log", LOG_RATIO, log_lines),
            ("xxd", HEX_RATIO, dump_lines),
            ("timed hex", HEX_RATIO, timed_lines),
        ):
            large, small = Path(name) / "large.txt", Path(name) / "small.txt"
            write(large, lines(), megabytes * 1e6)
            write(small, lines(), SMALL * megabytes * 1e6)
            found += _compare(title, megabytes, at_least, large, small)
    return found


def write(path: Path, lines: Iterable[str], size: float) -> None:
    """Write these lines up to a size in bytes."""
    written = 0
    with path.open("w") as file:
        for line in lines:
            if written >= size:
                return
            written += file.write(line)


def log_lines() -> Iterator[str]:
    """Yield the lines of the public log without end, with times that go on."""
    lines = (CAPTURES / "starcharge-idle.log").read_text().splitlines(keepends=True)
    found = [_TIME.match(line) for line in lines]
    times = [datetime.fromisoformat(one[1]) for one in found if one]
    span = max(times) - min(times) + timedelta(seconds=10)
    for turn in count():
        for line, match in zip(lines, found, strict=True):
            if match:
                moved = datetime.fromisoformat(match[1]) + turn * span
                yield f"{moved:%Y-%m-%dT%H:%M:%S}{line[match.end(1) :]}"
            else:
                yield line


def dump_lines() -> Iterator[str]:
    """Yield the rows of a dump of a charging session without end."""
    data = b"".join(charging_frames(ROUND))
    data = data[: len(data) // _ROW * _ROW]
    rows = [data[at : at + _ROW] for at in range(0, len(data), _ROW)]
    texts = [f"{row.hex(' ', -2)}  {''.join(chr(byte) if 32 <= byte < 127 else '.' for byte in row)}\n" for row in rows]
    for at, text in enumerate(cycle(texts)):
        yield f"{_ROW * at:08x}: {text}"


def timed_lines() -> Iterator[str]:
    """Yield the frames of a charging session without end, each after a time."""
    moment = datetime(2023, 11, 30)
    for frame in cycle(charging_frames(ROUND)):
        moment += timedelta(milliseconds=20)
        yield f"[{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03}] {frame.hex(' ').upper()}\n"


def _compare(title: str, megabytes: float, at_least: float, large: Path, small: Path) -> Iterator[Figure | Ratio]:
    """Yield the speed and the memory of a report on a text."""
    what = f"{megabytes:g} MB of {title}"
    start = run_measured([*EVSE_SNIFF, "--version"]).seconds
    python = run_measured([sys.executable, "-c", ""]).seconds
    little = run_measured([*EVSE_SNIFF, "report", str(small)]).memory
    report = run_measured([*EVSE_SNIFF, "report", str(large)])
    splitting = run_measured([sys.executable, "-c", _SPLIT, str(large)])
    ours, theirs = report.seconds - start, splitting.seconds - python
    yield Ratio(f"{what}: splitting its lines / report", theirs / ours, at_least, ours, theirs)
    yield Figure(f"{what}: speed of report", megabytes / ours, "MB/s")
    note = f"{little / 1e6:.0f} MB with a part"
    yield Figure(f"{what}: memory of report", report.memory / 1e6, "MB", 1.5 * little / 1e6, note)


if __name__ == "__main__":
    for figure in measure(float(sys.argv[1]) if len(sys.argv) > 1 else MEGABYTES):
        print(figure, flush=True)
