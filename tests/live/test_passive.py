"""The system calls on a tapped pseudo-terminal. `tests/kernel/` checks the same ones on a real adapter."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.known_frames import STATUS_REPORT
from tests.live.helpers import PATIENCE, Line
from tests.live.system_calls import check_calls, was_read
from tests.tools import need


def test_nothing_is_written_and_only_intended_requests_are_made(tmp_path: Path) -> None:
    traced = tmp_path / "strace"
    with Line() as line:
        words = [need("strace"), "-f", "-o", str(traced), sys.executable, "-m", "sniffer", "dump", line.port]
        quiet = subprocess.DEVNULL
        running = subprocess.Popen([*words, "--baud", "9600"], stdout=quiet, stderr=quiet, start_new_session=True)
        try:
            for _ in range(PATIENCE * 10):
                line.write(STATUS_REPORT.raw)
                time.sleep(0.1)
                if traced.exists() and was_read(traced.read_text(), line.port):
                    break
        finally:
            os.killpg(running.pid, signal.SIGINT)
            running.wait(PATIENCE)
        check_calls(traced.read_text(), line.port)
