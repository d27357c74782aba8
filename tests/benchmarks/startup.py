"""Measure how long the command takes to print its help and to explain a code, compared to an interpreter that does
nothing.
"""

import subprocess
import sys
from collections.abc import Sequence
from resource import RUSAGE_CHILDREN, getrusage

from tests.benchmarks.measure import Ratio, ratio

HELP, EXPLAIN = ("--help",), ("explain", "14,2097672")
MOST_OF_HELP, MOST_OF_EXPLAIN = 2.5, 7.0
"""The most that they may take, as a multiple of the time of that interpreter."""


def measure() -> list[Ratio]:
    """Return the ratios of the processor times of whole processes, from start to exit."""
    return [_compare(HELP, MOST_OF_HELP), _compare(EXPLAIN, MOST_OF_EXPLAIN)]


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
