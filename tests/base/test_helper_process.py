"""A process that helps ends with the one that started it."""

import os
import signal
import subprocess
import sys

import pytest

from sniffer.base.platform import IS_POSIX

PARENT = """
import time
from multiprocessing import get_context

from sniffer.base.helper_process import end_with_parent


def help() -> None:
    end_with_parent()
    print("started", flush=True)
    time.sleep(600)


if __name__ == "__main__":
    get_context("fork").Process(target=help).start()
"""


@pytest.mark.skipif(not IS_POSIX, reason="needs fork and SIGKILL")
def test_it_ends_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE)
    assert parent.stdout
    assert parent.stdout.readline() == b"started\n"
    os.kill(parent.pid, signal.SIGKILL)
    # The end of the output is that of all processes that write it.
    assert parent.communicate(timeout=30)[0] == b""
