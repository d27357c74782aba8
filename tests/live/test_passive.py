"""The system calls on a tapped port, as strace shows them: nothing is written."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.known_frames import STATUS_REPORT
from tests.live.helpers import Line
from tests.tools import need

MEANT = {
    "TIOCEXCL",
    "TIOCNXCL",
    "TIOCMBIC",
    "TIOCMGET",
    "TCGETS",
    "TCSETS",
    "TCGETS2",
    "TCSETS2",
    "TCFLSH",
    "TIOCGICOUNT",
}
"""The ioctls on a port without an adapter: exclusive use, DTR and RTS low, reading the settings, writing them."""

CHANGES = {"TIOCEXCL", "TIOCNXCL", "TIOCMBIC", "TCSETS", "TCSETS2"}
"""Those that change something. TCSETS2 writes back the settings that TCGETS2 read before the first TCSETS."""

LATENCY = {"TIOCGSERIAL", "TIOCSSERIAL"}
"""The ioctls that lower the latency timer of an adapter. They do not change its control lines."""


def test_nothing_is_written_and_only_intended_requests_are_made(tmp_path: Path) -> None:
    traced = tmp_path / "strace"
    with Line() as line:
        words = [need("strace"), "-f", "-o", str(traced), sys.executable, "-m", "sniffer", "dump", line.port]
        quiet = subprocess.DEVNULL
        running = subprocess.Popen([*words, "--baud", "9600"], stdout=quiet, stderr=quiet, start_new_session=True)
        try:
            for _ in range(300):
                line.write(STATUS_REPORT.raw)
                time.sleep(0.1)
                if traced.exists() and _was_read(traced.read_text(), line.port):
                    break
        finally:
            os.killpg(running.pid, signal.SIGINT)
            running.wait(30)
        calls = traced.read_text()
    ((flags, descriptor),) = _opened(calls, line.port)
    assert flags.split("|")[0] == "O_RDONLY"
    after = _after_open(calls, line.port)
    assert _was_read(calls, line.port)
    assert not re.search(rf"\b(write|writev|pwrite64|sendto|sendmsg)\({descriptor}[,)]", after)
    # strace names all that a number can mean: "SNDCTL_TMR_START or TCSETS".
    requests = {names.split()[-1] for names in re.findall(rf"ioctl\({descriptor}, ([A-Z0-9_ or]+)", after)}
    assert requests <= MEANT | LATENCY
    assert {"TIOCEXCL", "TIOCMBIC", "TCSETS"} <= requests
    # The settings that were found are given back before the port is closed, and the lines are touched at opening only.
    requested = [name.split()[-1] for name in re.findall(rf"ioctl\({descriptor}, ([A-Z0-9_ or]+)", after)]
    assert requested.index("TIOCMBIC") < requested.index("TCGETS2") < requested.index("TCSETS")
    assert [name for name in requested if name in CHANGES][-2:] == ["TCSETS2", "TIOCNXCL"]
    assert re.search(rf"TIOCNXCL.*\n(?:.*\n)*?.*close\({descriptor}\)", after)


def _opened(calls: str, port: str) -> list[tuple[str, str]]:
    """Return the flags and the descriptor of each opening of the port."""
    return re.findall(rf'openat\([^"]*"{re.escape(port)}", ([A-Z_|]+)[^)]*\) = (\d+)', calls)


def _after_open(calls: str, port: str) -> str:
    """Return the calls after the port was opened."""
    return calls.partition(f'openat(AT_FDCWD, "{port}"')[2]


def _was_read(calls: str, port: str) -> bool:
    """Return True if bytes were read from the port."""
    after = _after_open(calls, port)
    return any(re.search(rf'read\({descriptor}, "', after) for _, descriptor in _opened(calls, port))
