"""Measure the time and the memory that a process uses."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

_RUN = """
import subprocess, sys
from resource import RUSAGE_CHILDREN, getrusage
from time import monotonic
began = monotonic()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
used = getrusage(RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, monotonic() - began, 1024 * used.ru_maxrss)
"""
"""A small program that starts another: Linux counts the memory of the process that starts one as its own."""


@dataclass(frozen=True, slots=True)
class Use:
    """The use of a process: seconds of the processor, seconds from start to end, and bytes of memory at most."""

    seconds: float
    elapsed: float
    memory: float


def run_measured(words: Sequence[str]) -> Use:
    """Run a command to its end and return what it used. Raises `CalledProcessError` if it fails."""
    process = [sys.executable, "-c", _RUN, *words]
    return Use(*map(float, subprocess.run(process, check=True, capture_output=True, text=True).stdout.split()))
