"""Measure how long the command takes to print its help, compared to an interpreter that does nothing."""

import subprocess
import sys
from resource import RUSAGE_CHILDREN, getrusage

from tests.benchmarks.measure import Ratio, ratio


def measure() -> list[Ratio]:
    """Return the ratio of the processor times of whole processes, from start to exit."""

    def ours() -> None:
        subprocess.run([sys.executable, "-m", "sniffer", "--help"], check=True, stdout=subprocess.DEVNULL)

    def nothing() -> None:
        subprocess.run([sys.executable, "-c", "pass"], check=True)

    what = "python -c pass / evse-sniff --help"
    return [ratio(what, ours, nothing, at_least=1 / 2.9, rounds=21, clock=_read_children)]


def _read_children() -> float:
    """Return the seconds of the processor that all ended child processes took."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
