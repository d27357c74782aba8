"""Measure a capture of a million frames: how fast it is printed compared to tshark with our dissector, with how much
memory, and how soon the screen shows its beginning and its end.

Both sides are whole processes on the same frames, in one run. tshark takes minutes for a million of them, so it gets
`TSHARK_FRAMES` only, and times are compared by the frame.
"""

import os
import re
import sys
import tempfile
from pathlib import Path
from time import monotonic

from sniffer.commands.wireshark.dissector import format_dissector
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.items import Chunk
from sniffer.formats.pcapng.writer import CaptureWriter
from tests.benchmarks.equipment.process_use import run_measured
from tests.benchmarks.equipment.terminal import Terminal
from tests.benchmarks.equipment.traffic import charging_frames
from tests.benchmarks.measure import Figure, Ratio, ratio
from tests.tools import EVSE_SNIFF

FRAMES = 1_000_000
TSHARK_FRAMES = 100_000
ROUND = 10_000
BEGAN = 1_700_000_000_000_000_000
APART = 2_000_000
ASKED = (
    "frame.number",
    "frame.time_epoch",
    *("evse.direction", "evse.sequence", "evse.command", "evse.name", "evse.crc.status", "evse.connector"),
    *("evse.status", "evse.ocpp_error", "evse.m4_error", "evse.cp_voltage"),
    *("evse.l1_voltage", "evse.l2_voltage", "evse.l3_voltage"),
)
"""The fields that a report consists of."""

PROCESSES = 2
"""The processes that share a report out: one decodes, the other follows the state of the charger."""

SHARING_ROUNDS = 3

SOON = 1000.0
"""Milliseconds within which the screen shows the first rows, and the last ones."""


def measure(frames: int = FRAMES, tshark_frames: int = TSHARK_FRAMES) -> list[Figure | Ratio]:
    """Return all figures, measured on one capture."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        long, short = folder / "long.pcapng", folder / "short.pcapng"
        write(long, frames)
        write(short, tshark_frames)
        return [
            *_printing(folder, long, frames, short, tshark_frames),
            *_sharing(long, frames),
            *_showing(long, frames),
        ]


def write(path: Path, frames: int) -> None:
    """Write a capture of `frames` frames."""
    given, pipeline, writer, time = (
        charging_frames(ROUND),
        Pipeline(packaged_definition()),
        CaptureWriter("tap", 115200),
        BEGAN,
    )
    with path.open("wb") as file:
        file.write(writer.encode_header())
        for _ in range(frames // ROUND):
            for data in given:
                time += APART
                file.writelines(map(writer.encode_record, pipeline.feed(Chunk(data, time))))


def _printing(folder: Path, long: Path, frames: int, short: Path, tshark_frames: int) -> list[Figure | Ratio]:
    script = folder / "evse.lua"
    script.write_text(format_dissector(packaged_definition()))
    tshark = ["tshark", "-X", f"lua_script:{script}", "-r", str(short), "-T"]
    asked = [word for name in ASKED for word in ("-e", name)]
    fields = run_measured([*tshark, "fields", *asked]).elapsed / tshark_frames
    reporting = run_measured([*EVSE_SNIFF, "report", str(long)])
    report = reporting.elapsed / frames
    theirs = run_measured([*tshark, "json"]).elapsed / tshark_frames
    small = run_measured([*EVSE_SNIFF, "dump", "--json", str(short)]).memory
    dump = run_measured([*EVSE_SNIFF, "dump", "--json", str(long)])
    ours = dump.elapsed / frames
    what = f"{frames:,} frames, a thousand of them"
    return [
        Ratio(f"{what}: tshark -T fields / report", fields / report, 4.0, 1000 * report, 1000 * fields),
        Figure(f"{frames:,} frames: memory of report", reporting.memory / 1e6, "MB"),
        Ratio(f"{what}: tshark -T json / dump --json", theirs / ours, 5.0, 1000 * ours, 1000 * theirs),
        Figure(
            f"{frames:,} frames: memory of dump --json",
            dump.memory / 1e6,
            "MB",
            1.5 * small / 1e6,
            f"{small / 1e6:.0f} MB with {tshark_frames:,}",
        ),
    ]


def _sharing(path: Path, frames: int) -> list[Ratio]:
    """Return how much faster a report is on two cores than on one; nothing where there is only one."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < PROCESSES:
        return []

    def report(number: int) -> None:
        run_measured(["taskset", "--cpu-list", ",".join(map(str, cores[:number])), *EVSE_SNIFF, "report", str(path)])

    what = f"{frames:,} frames: report on one core / on two"
    one, two = (lambda: report(1)), (lambda: report(PROCESSES))
    return [ratio(what, two, one, at_least=1.3, rounds=SHARING_ROUNDS, clock=monotonic)]


def _showing(path: Path, frames: int) -> list[Figure]:
    last = re.compile(rf"▌ *{frames} ")
    began = monotonic()
    with Terminal(sys.executable, "-m", "sniffer", os.fspath(path)) as terminal:
        first = terminal.until(lambda text: "com>pwr" in text or "pwr>com" in text) - began
        pressed = terminal.press("G")
        end = terminal.until(lambda text: last.search(text) is not None) - pressed
        terminal.quit()
    return [
        Figure(f"{frames:,} frames: the first rows of a capture on the screen", 1000 * first, "ms", SOON),
        Figure(f"{frames:,} frames: its last row after G", 1000 * end, "ms", SOON),
    ]
