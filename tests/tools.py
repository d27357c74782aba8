"""Programs that we did not write and test against: missing on a desk they are skipped, missing in CI they fail."""

import os
import shutil
import sys

import pytest

EVSE_SNIFF = [sys.executable, "-m", "sniffer"]
"""The command under test, in the interpreter that runs the tests."""


def need(tool: str) -> str:
    """Return the path of `tool`."""
    path = shutil.which(tool)
    if path is None:
        message = f"{tool} is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return path
