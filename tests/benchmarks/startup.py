"""How long the command takes to say what it can do, against an interpreter that does nothing."""

import subprocess
import sys

from tests.benchmarks.measure import Ratio, ratio


def measure() -> list[Ratio]:
    """Whole processes, from start to exit."""

    def ours() -> None:
        subprocess.run([sys.executable, "-m", "sniffer", "--help"], check=True, stdout=subprocess.DEVNULL)

    def nothing() -> None:
        subprocess.run([sys.executable, "-c", "pass"], check=True)

    return [ratio("python -c pass / evse-sniff --help", ours, nothing, at_least=1 / 5, rounds=21)]
