"""Measure how long the command takes to print its help and to explain a code, compared to an interpreter that does
nothing, and to draw the first screen of a port.
"""

import subprocess
import sys
from collections.abc import Sequence
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from time import monotonic

from tests.benchmarks.equipment.line import Line
from tests.benchmarks.equipment.terminal import Terminal
from tests.benchmarks.measure import Figure, Ratio, ratio

HELP, EXPLAIN = ("--help",), ("explain", "14,2097672")
MOST_OF_HELP, MOST_OF_EXPLAIN = 2.5, 7.0
"""The most that they may take, as a multiple of the time of that interpreter."""

FIRST_SCREEN = 0.5
"""The most seconds from the command to the first screen of a port."""

STARTS = 9

RECORDING = "REC "
"""What the header shows as soon as the screen is complete and the port is read."""


def measure() -> list[Figure | Ratio]:
    """Return the ratios of the processor times of whole processes, from start to exit, and the time of a screen."""
    first_screen = Figure("the first screen of a port", median(_open_port() for _ in range(STARTS)), "s", FIRST_SCREEN)
    return [_compare(HELP, MOST_OF_HELP), _compare(EXPLAIN, MOST_OF_EXPLAIN), first_screen]


def _open_port() -> float:
    """Return the seconds from the command until the screen of a port is complete."""
    began = monotonic()
    with Line() as line, Terminal(sys.executable, "-m", "sniffer", line.port) as terminal:
        taken = terminal.until(lambda text: RECORDING in text) - began
        terminal.quit()
    return taken


def _compare(words: Sequence[str], most: float) -> Ratio:
    """Return the ratio of an interpreter that does nothing to the program with these words."""

    def ours() -> None:
        subprocess.run([sys.executable, "-m", "sniffer", *words], check=True, stdout=subprocess.DEVNULL)

    def nothing() -> None:
        subprocess.run([sys.executable, "-c", "pass"], check=True)

    what = f"python -c pass / evse-sniff {' '.join(words)}"
    return ratio(what, ours, nothing, at_least=1 / most, rounds=21, clock=_read_children)


def _read_children() -> float:
    """Return the seconds of the processor that all ended child processes took."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
