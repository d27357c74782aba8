"""Measure every source format and shape of a capture: how fast its report is, compared to that of our own pcapng.

Each file holds the same frames. All sides are whole processes in one run, by their processor time without that of a
start, and the medians count. The worst of our own capture, another tool's and one without times is also compared with
tshark and our dissector in it, where tshark is installed.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from sniffer.commands.wireshark.dissector import format_dissector
from sniffer.core.protocol.loader import packaged_definition
from tests.benchmarks.equipment.capture_shapes import SHAPES, write
from tests.benchmarks.measure import Ratio
from tests.benchmarks.measurements.captures import ASKED
from tests.tools import EVSE_SNIFF

FRAMES = 100_000
ROUNDS = 5
REFERENCE = "own.pcapng"
START = "start.pcapng"
"""A capture of one frame, whose report takes as long as a start."""

COMPARED = (REFERENCE, "foreign.pcapng", "without-times.pcapng")
"""The shapes of which the worst is compared with tshark."""

CAPTURE_RATIO, JSON_RATIO = 1 / 1.3, 1 / 2
FIELDS_RATIO, DUMP_RATIO = 7.0, 10.0


def measure(frames: int = FRAMES, rounds: int = ROUNDS) -> list[Ratio]:
    """Return all ratios, on files of so many frames."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, REFERENCE, 1).rename(folder / START)
        files = {shape: write(folder, shape, frames) for shape in SHAPES}
        reports = _time_all(["report"], folder, files, rounds)
        ours = reports[REFERENCE]
        found = [
            Ratio(
                f"{frames:,} frames: report of {REFERENCE} / of {shape}",
                ours / seconds,
                JSON_RATIO if ".jsonl" in shape else CAPTURE_RATIO,
                seconds,
                ours,
            )
            for shape, seconds in reports.items()
            if shape != REFERENCE
        ]
        if shutil.which("tshark"):
            found += _compare_tshark(folder, {shape: files[shape] for shape in COMPARED}, reports, rounds)
        return found


def _compare_tshark(folder: Path, files: Mapping[str, Path], reports: Mapping[str, float], rounds: int) -> list[Ratio]:
    """Return how many times as long as the worst of our reports and dumps tshark takes, on the same file."""
    script = folder / "evse.lua"
    script.write_text(format_dissector(packaged_definition()))
    tshark = ["tshark", "-X", f"lua_script:{script}", "-r"]
    fields = ["-T", "fields", *(word for name in ASKED for word in ("-e", name))]
    dumps = _time_all(["dump", "--json"], folder, files, rounds)
    found = []
    for what, given, words, at_least in (
        ("tshark -T fields / report", reports, fields, FIELDS_RATIO),
        ("tshark -T json / dump --json", dumps, ["-T", "json"], DUMP_RATIO),
    ):
        worst = max(files, key=lambda shape: given[shape])
        theirs = _run([*tshark, str(files[worst]), *words])
        found.append(Ratio(f"{what} of the worst, {worst}", theirs / given[worst], at_least, given[worst], theirs))
    return found


def _time_all(words: Sequence[str], folder: Path, files: Mapping[str, Path], rounds: int) -> dict[str, float]:
    """Return the seconds that a command takes for each file, without those of a start. The files take turns."""
    times: dict[str, list[float]] = {name: [] for name in files}
    starts = [_run([*EVSE_SNIFF, *words, str(folder / START)]) for _ in range(rounds)]
    for _ in range(rounds):
        for name, path in files.items():
            times[name].append(_run([*EVSE_SNIFF, *words, str(path)]))
    return {name: statistics.median(taken) - statistics.median(starts) for name, taken in times.items()}


def _run(words: Sequence[str]) -> float:
    """Return how many seconds of the processor a process took."""
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{words} failed")
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    for ratio in measure(int(sys.argv[1]) if len(sys.argv) > 1 else FRAMES):
        print(ratio, flush=True)
