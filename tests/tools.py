"""Programs that we did not write and test against: tests that need a missing one are skipped, or fail in CI."""

import os
import shutil
import sys
from typing import NoReturn

import pytest

EVSE_SNIFF = [sys.executable, "-m", "sniffer"]
"""The command under test, in the interpreter that runs the tests."""


def need(tool: str) -> str:
    """Return the path of `tool`."""
    path = shutil.which(tool)
    if path is None:
        skip_or_fail(f"{tool} is not installed")
    return path


def skip_or_fail(message: str) -> NoReturn:
    """End the test: what it needs is missing."""
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)
