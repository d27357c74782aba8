"""Measure how long it takes from the command to the first screen: of a port, and of a large capture.

A screen of a port is complete once its header says that the session is recorded; that of a capture once it has rows.
"""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import monotonic

from tests.benchmarks.capture_shapes import write
from tests.benchmarks.line import Line
from tests.benchmarks.measure import Figure
from tests.benchmarks.terminal import Terminal
from tests.tools import EVSE_SNIFF

FRAMES = 1_000_000
ROUNDS = 7
OF_A_PORT, OF_A_CAPTURE = 0.5, 1.0
"""The most seconds that each may take."""

RECORDING = "REC "
ROW = "status report"


def measure(frames: int = FRAMES) -> list[Figure]:
    """Return the medians of several starts, of a capture with so many frames."""
    of_port, of_capture = [], []
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), "own.pcapng", frames)
        for _ in range(ROUNDS):
            with Line() as line:
                of_port.append(_start([line.port], RECORDING))
            of_capture.append(_start([os.fspath(path)], ROW))
    return [
        Figure("the first screen of a port", median(of_port), "s", OF_A_PORT),
        Figure(f"the first screen of a capture of {frames:,} frames", median(of_capture), "s", OF_A_CAPTURE),
    ]


def _start(words: Sequence[str], drawn: str) -> float:
    """Return the seconds until the program with these words has drawn a text."""
    began = monotonic()
    with Terminal(*EVSE_SNIFF, *words) as terminal:
        taken = terminal.until(lambda text: drawn in text) - began
        terminal.quit()
    return taken
