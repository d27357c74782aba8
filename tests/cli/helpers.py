"""Run the command as scripts run it: as a process, with its words, its streams and its exit status."""

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.fork_server import fork_server
from tests.known_frames import KNOWN_FRAMES
from tests.paths import CAPTURES
from tests.tools import EVSE_SNIFF

PATIENCE = 60
"""The seconds that a command may take."""

CAPTURE = CAPTURES / "undervoltage.log"
STREAM = b"\x00\x01" + b"".join(known.raw for known in KNOWN_FRAMES) + b"\xaa\x01"
"""The known frames as raw bytes, with garbage before them and a truncated frame after them."""


def run(*words: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run `evse-sniff` with these words to its end, as a process of its own."""
    server = fork_server()
    if server.is_usable:
        return server.run([*map(str, words)], stdin, PATIENCE)
    return start_and_run(*words, stdin=stdin)


def start_and_run(*words: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run `evse-sniff` to its end in an interpreter of its own, as people start it."""
    words = (*EVSE_SNIFF, *map(str, words))
    return subprocess.run(words, input=stdin, capture_output=True, timeout=PATIENCE, check=False)


def objects(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    """Return the JSON objects that the command printed."""
    return [json.loads(line) for line in done.stdout.splitlines()]


def read_up_to_a_cut(*words: str | Path) -> str:
    """Return the notice of a command that reads a file which was cut off: one line on standard error, status 0."""
    done = run(*words)
    assert done.returncode == 0
    text = done.stderr.decode()
    assert text.startswith("evse-sniff: ")
    assert text.count("\n") == 1
    return text


def refused(*words: str | Path) -> str:
    """Return the error message of a command that must fail: one line on standard error, status 1, no traceback."""
    done = run(*words)
    assert done.returncode == 1
    text = done.stderr.decode()
    assert text.startswith("evse-sniff: ")
    assert text.count("\n") == 1
    assert "Traceback" not in text
    return text
