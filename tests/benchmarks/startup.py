"""Measure how long the command takes to print its help, compared to an interpreter that does nothing."""

import subprocess
import sys
from time import perf_counter

from tests.benchmarks.measure import Ratio, ratio


def measure() -> list[Ratio]:
    """Return the ratio of whole processes, from start to exit."""

    def ours() -> None:
        subprocess.run([sys.executable, "-m", "sniffer", "--help"], check=True, stdout=subprocess.DEVNULL)

    def nothing() -> None:
        subprocess.run([sys.executable, "-c", "pass"], check=True)

    return [ratio("python -c pass / evse-sniff --help", ours, nothing, at_least=1 / 5, rounds=21, clock=perf_counter)]
