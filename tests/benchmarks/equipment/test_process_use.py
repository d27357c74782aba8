"""The memory of a process is its own, however large the one is that starts it."""

import subprocess
import sys

import pytest

from tests.benchmarks.equipment.process_use import run_measured


def test_the_memory_of_a_small_process_is_small_beside_that_of_this_one() -> None:
    large = b"x" * 300_000_000
    assert run_measured([sys.executable, "-c", "pass"]).memory < len(large) / 2


def test_what_a_process_uses_is_counted() -> None:
    used = run_measured([sys.executable, "-c", "x = b'x' * 200_000_000; sum(range(1_000_000))"])
    assert used.memory > 200_000_000
    assert used.seconds > 0
    assert used.elapsed > 0


def test_a_command_that_fails_is_an_error() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        run_measured([sys.executable, "-c", "raise SystemExit(3)"])
