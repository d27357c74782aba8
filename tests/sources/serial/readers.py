"""A program that reads a port beside a tap."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def reader_of(port: str | int) -> Iterator[str]:
    """Run a program that has this port open, or inherits this descriptor; give its name and number."""
    opened = os.open(port, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK) if isinstance(port, str) else port
    try:
        running = subprocess.Popen(["sleep", "60"], stdin=opened)
    finally:
        if isinstance(port, str):
            os.close(opened)
    try:
        yield f"sleep ({running.pid})"
    finally:
        running.kill()
        running.wait()
